"""The frontier, against the definition worked out point by point."""

from __future__ import annotations

import math
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.outcomes import pareto
from sim.analysis.outcomes.pareto import equal_to_any, frontier
from sim.engine import shared_columns

VALUES = st.sampled_from([-math.inf, -2.0, -0.5, 0.0, 1.0, 1.5, 4.0])
POINTS = st.integers(1, 5).flatmap(
    lambda dimensions: st.lists(st.tuples(*[VALUES] * dimensions), min_size=1, max_size=40)
)


SMALL = {
    "FEW": 5,
    "STRONGEST": 3,
    "SAMPLE": 2,
    "FILTER": 3,
    "RIVALS": 3,
    "BLOCK": 4,
    "PRESORTED": (1, 2),
    "GROWTH": 2,
}
"""Sizes at which a few points go through every reduction, and in many blocks."""


def by_definition(points: list[tuple[float, ...]]) -> tuple[list[int], list[int]]:
    """The first of each set of equal points that no other dominates, and how many there are of it."""

    def dominates(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
        return one != other and all(mine >= its for mine, its in zip(one, other, strict=True))

    alike = Counter(points)
    best = [
        at
        for at, point in enumerate(points)
        if point not in points[:at] and not any(dominates(other, point) for other in points)
    ]
    return best, [alike[points[at]] for at in best]


def found(points: list[tuple[float, ...]]) -> tuple[list[int], list[int]]:
    at, counts = frontier(np.array(points))
    return at.tolist(), counts.tolist()


@given(POINTS)
def test_the_frontier_is_what_no_other_point_dominates(points: list[tuple[float, ...]]) -> None:
    assert found(points) == by_definition(points)


@given(POINTS)
def test_no_reduction_changes_it(points: list[tuple[float, ...]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for name, size in SMALL.items():
            patch.setattr(pareto, name, size)
        patch.setattr(shared_columns, "CODES_MOST", 8)
        assert found(points) == by_definition(points)


@pytest.mark.parametrize("dimensions", [2, 4])
def test_a_sample_strikes_out_only_what_is_dominated(dimensions: int) -> None:
    points = np.random.Generator(np.random.Philox(7)).integers(0, 60, (20_000, dimensions)).astype(float)
    at, counts = frontier(points)
    best = {tuple(point) for point in points[at].tolist()}
    assert len(best) == len(at)
    assert counts.sum() == sum(tuple(point) in best for point in points.tolist())
    for point in points[:: 20_000 // 200]:
        nowhere_worse = (points[at] >= point).all(axis=1)
        assert nowhere_worse.any()
        assert tuple(point.tolist()) in best or (points[at][nowhere_worse] != point).any(axis=1).all()
    for point in points[at]:
        assert not ((points >= point).all(axis=1) & (points > point).any(axis=1)).any()


@pytest.mark.parametrize("never", [0.0, 0.3])
def test_seven_parties_whose_utilities_are_sums(never: float) -> None:
    """All 3^7 packages of a linear additive domain, against every pair; some cross a line that nothing buys off."""
    rng = np.random.Generator(np.random.Philox(11))
    options = np.indices([3] * 7).reshape(7, -1)
    worth = rng.integers(0, 9, (7, 7, 3)).astype(float)
    points = np.stack([sum(worth[party, at][options[at]] for at in range(7)) for party in range(7)], axis=1)
    points[rng.random(points.shape) < never] = -math.inf
    at, counts = frontier(points)
    dominated, alike = np.zeros((2, len(points)), dtype=int)
    for one in points:
        no_worse = (one >= points).all(axis=1)
        equal = (one == points).all(axis=1)
        dominated += no_worse & ~equal
        alike += equal
    first = np.array([int(np.flatnonzero((points == points[one]).all(axis=1))[0]) == one for one in at.tolist()])
    assert first.all()
    assert (dominated[at] == 0).all()
    assert counts.sum() == (dominated == 0).sum()
    assert np.array_equal(counts, alike[at])


def test_a_filter_over_lines_that_are_never_sold() -> None:
    """More points than are compared without a filter, many of them without a finite sum."""
    rng = np.random.Generator(np.random.Philox(12))
    points = rng.integers(0, 40, (pareto.FEW + 2_000, 3)).astype(float)
    points[rng.random(points.shape) < 0.4] = -math.inf
    at, counts = frontier(points)
    for one in points[at]:
        assert not ((points >= one).all(axis=1) & (points > one).any(axis=1)).any()
    assert counts.sum() == sum(
        not ((points[at] >= one).all(axis=1) & (points[at] > one).any(axis=1)).any() for one in points
    )


def test_all_points_of_a_line_that_trades_one_for_one_are_on_it() -> None:
    points = [(float(share), float(100 - share)) for share in range(101)]
    assert found(points) == (list(range(101)), [1] * 101)


def test_logrolling_has_a_known_frontier() -> None:
    """Two issues that two parties value unlike (Raiffa 1982, chapter 11).

    Each part of the first issue is worth 3 to Ann and 1 to Ben, each part of the second 1 and 3. Nothing is wasted only
    where Ann has all of the first issue or none of the second: a part of the second against one of the first loses her
    2 and him 2.
    """
    parts = range(11)
    points = [(3.0 * one + other, (10.0 - one) + 3 * (10 - other)) for one in parts for other in parts]
    at, _ = found(points)
    packages = {(place // 11, place % 11) for place in at}
    assert packages == {(one, other) for one in parts for other in parts if one == 10 or other == 0}
    corner = points.index((30.0, 30.0))
    assert corner in at
    slopes = {(y1 - y0) / (x1 - x0) for (x0, y0), (x1, y1) in pairwise(sorted(points[place] for place in at))}
    assert slopes == {-1 / 3, -3}


@given(POINTS, st.data())
def test_among_finds_equal_rows(points: list[tuple[float, ...]], data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.tuples(*[VALUES] * len(points[0])), min_size=1, max_size=10))
    assert equal_to_any(np.array(points), np.array(rows)).tolist() == [point in rows for point in points]
