"""Krippendorff's alpha: his published examples, what follows from its definition, and a slow second reading of it."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sim.analysis.coding.krippendorff import (
    MISSING,
    RESAMPLES,
    Difference,
    Floats,
    agreement,
    alpha,
    bootstrap,
    coincidences,
    jaccard,
    nominal,
    ordinal,
)

Codes = NDArray[np.int64]
# Krippendorff (2011), Computing Krippendorff's Alpha-Reliability: section A, B, and C to E.
TWO_BINARY = ("0100000010", "1110010000")
TWO_NOMINAL = ("aabbdcccedda", "babbbcccedd" + "d")
FOUR = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")


def coded(rows: tuple[str, ...]) -> Codes:
    """What coders gave, a row each, as codes; a dot is missing."""
    values = sorted({one for row in rows for one in row} - {"."})
    return np.array([[MISSING if one == "." else values.index(one) for one in row] for row in rows])


def told(codes: Codes, difference: Difference) -> float | None:
    return alpha(coincidences(codes, int(codes.max()) + 1).sum(axis=0), difference)


def interval(given: Floats) -> Floats:
    values = np.arange(1.0, len(given) + 1)
    return np.square(values[:, None] - values)


def ratio(given: Floats) -> Floats:
    values = np.arange(1.0, len(given) + 1)
    return np.square((values[:, None] - values) / (values[:, None] + values))


@pytest.mark.parametrize(
    ("rows", "difference", "published"),
    [
        (TWO_BINARY, nominal, 0.095),
        (TWO_NOMINAL, nominal, 0.692),
        (FOUR, nominal, 0.743),
        (FOUR, ordinal, 0.815),
        (FOUR, interval, 0.849),
        (FOUR, ratio, 0.797),
    ],
)
def test_the_published_examples(rows: tuple[str, ...], difference: Difference, published: float) -> None:
    assert told(coded(rows), difference) == pytest.approx(published, abs=0.0005)


def test_the_published_coincidences() -> None:
    found = coincidences(coded(FOUR), 5).sum(axis=0)
    third = 1 / 3
    assert found == pytest.approx(
        np.array(
            [
                [7, 4 * third, third, third, 0],
                [4 * third, 10, 4 * third, third, 0],
                [third, 4 * third, 8, third, 0],
                [third, third, third, 4, 0],
                [0, 0, 0, 0, 3],
            ]
        )
    )
    assert found.sum() == pytest.approx(40)  # of 41 values; that of the last unit has no other beside it


def by_hand(codes: Codes, difference: Difference) -> float | None:
    """Alpha by its definition over single pairs of values, without a matrix of coincidences."""
    units = [[one for one in column if one != MISSING] for column in codes.T]
    units = [unit for unit in units if len(unit) > 1]
    pairable = [one for unit in units for one in unit]
    if not pairable:
        return None
    apart = difference(np.bincount(pairable, minlength=int(codes.max()) + 1).astype(float))
    within = sum(apart[a, b] / (len(unit) - 1) for unit in units for a, b in permutations(unit, 2)) / len(pairable)
    across = sum(apart[a, b] for a, b in permutations(pairable, 2)) / (len(pairable) * (len(pairable) - 1))
    return None if across == 0 else 1 - within / across


SHEETS = st.integers(2, 4).flatmap(
    lambda coders: st.lists(st.lists(st.integers(-1, 3), min_size=coders, max_size=coders), min_size=1, max_size=8)
)


@settings(max_examples=60, deadline=None)
@given(sheet=SHEETS, difference=st.sampled_from([nominal, ordinal]))
def test_alpha_is_what_its_definition_says(sheet: list[list[int]], difference: Difference) -> None:
    codes = np.array(sheet).T
    found = alpha(coincidences(codes, 4).sum(axis=0), difference)
    assert found == (None if (slow := by_hand(np.maximum(codes, -1), difference)) is None else pytest.approx(slow))


def test_full_agreement_is_one_and_a_swap_of_two_values_is_worse_than_chance() -> None:
    same = np.array([[0, 1, 2, 1], [0, 1, 2, 1]])
    assert told(same, nominal) == told(same, ordinal) == 1
    swapped = told(np.array([[0, 1, 0, 1], [1, 0, 1, 0]]), nominal)
    assert swapped is not None
    assert swapped < 0


def test_where_nothing_varies_or_nothing_was_coded_twice_alpha_cannot_be_told() -> None:
    assert told(np.array([[1, 1, 1], [1, 1, 1]]), nominal) is None
    alone = coincidences(np.array([[0, 1, MISSING], [MISSING, MISSING, 1]]), 2)
    assert alone.sum() == 0
    assert alpha(alone.sum(axis=0), nominal) is None
    assert agreement(alone.sum(axis=0)) is None
    assert alpha(np.zeros((0, 0)), jaccard([])) is None
    assert bootstrap(alone, nominal) == (None, None, RESAMPLES)
    constant = coincidences(np.array([[0, 0], [0, 0]]), 2)
    assert bootstrap(constant, nominal) == (None, None, RESAMPLES)


def test_a_unit_that_one_coder_coded_changes_nothing() -> None:
    more = np.array([[0, 1, 1, 2], [0, 1, 0, MISSING]])
    assert told(more, nominal) == told(more[:, :3], nominal)


def test_ranks_that_lie_close_differ_less_than_ranks_that_lie_apart() -> None:
    near = told(np.array([[0, 1, 2, 3, 0], [0, 1, 2, 3, 1]]), ordinal)
    far = told(np.array([[0, 1, 2, 3, 0], [0, 1, 2, 3, 3]]), ordinal)
    assert near is not None
    assert far is not None
    assert near > far


def test_sets_differ_by_what_they_do_not_share() -> None:
    apart = jaccard([{"russia"}, {"russia", "ukraine"}, {"us"}])(np.zeros(3))
    assert apart.tolist() == [[0, 0.5, 1], [0.5, 0, 1], [1, 1, 0]]
    codes = np.array([[0, 2], [1, 2]])
    # Of four values, n = (1, 1, 2): observed 2 x 0.5 / 4; expected 2 x (0.5 + 2 + 2) / (4 x 3).
    assert told(codes, jaccard([{"russia"}, {"russia", "ukraine"}, {"us"}])) == pytest.approx(1 - 0.25 / 0.75)


def test_the_share_of_pairs_that_are_the_same() -> None:
    assert agreement(coincidences(coded(TWO_BINARY), 2).sum(axis=0)) == pytest.approx(0.6)
    assert agreement(coincidences(coded(FOUR), 5).sum(axis=0)) == pytest.approx(32 / 40)


def test_an_interval_holds_alpha_and_is_the_same_for_the_same_seed() -> None:
    units = coincidences(coded(FOUR), 5)
    low, high, untold = bootstrap(units, nominal, seed=3)
    assert low is not None
    assert high is not None
    assert low < 0.743 < high <= 1
    assert untold == 0
    assert bootstrap(units, nominal, seed=3) == (low, high, untold)
    assert bootstrap(units, nominal, seed=4) != (low, high, untold)


def test_more_units_of_the_kind_make_a_narrower_interval() -> None:
    few = coincidences(coded(FOUR), 5)
    low, high, _ = bootstrap(few, nominal)
    lower, higher, _ = bootstrap(np.tile(few, (9, 1, 1)), nominal)
    assert None not in (low, high, lower, higher)
    assert (higher or 0) - (lower or 0) < ((high or 0) - (low or 0)) / 2


KEPT = json.loads((Path(__file__).parent / "data" / "alpha.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("level", [nominal, ordinal])
def test_the_package_krippendorff_finds_the_same(level: Difference) -> None:
    """As `benchmarks/against_krippendorff.py` asked it."""
    assert len(KEPT["sheets"]) == 40
    for sheet in KEPT["sheets"]:
        assert told(np.array(sheet["codes"]), level) == pytest.approx(sheet[level.__name__], abs=1e-9)
