"""Sobol indices: published and analytic answers, and those of SciPy and SALib on the same matrices."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from SALib.analyze import sobol as salib
from scipy.stats import sobol_indices

from sim.analysis.runner.executors import crew
from sim.analysis.sensitivity import sobol
from sim.analysis.sensitivity.second_order import second_order
from sim.analysis.sensitivity.sobol import (
    Model,
    SaltelliDesign,
    SaltelliOutputs,
    SobolIndices,
    bootstrap,
    indices,
    play_both,
    play_mixed,
)
from sim.analysis.sensitivity.uncertain_inputs import InputGroup
from sim.engine.rule_matrix import Floats
from sim.engine.worlds import UniformMatrix

HERE = crew(1)
G_WEIGHTS = (0, 1, 4.5, 9, 99, 99, 99, 99)


def ishigami(table: UniformMatrix) -> Floats:
    """Ishigami and Homma (1990), with a = 7 and b = 0.1, of three numbers uniform between minus pi and pi."""
    x, y, z = (np.pi * (2 * table.columns[name] - 1) for name in "xyz")
    return np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x)


def g_function(table: UniformMatrix) -> Floats:
    """Sobol's g-function with the weights of Saltelli et al. (2010)."""
    factors = [(abs(4 * table.columns[f"{at}"] - 2) + a) / (1 + a) for at, a in enumerate(G_WEIGHTS)]
    return np.prod(factors, axis=0)


def alone(names: Sequence[str]) -> list[InputGroup]:
    return [InputGroup(name, frozenset([name])) for name in names]


def sampled(
    model: Model, columns: Sequence[str], groups: list[InputGroup], base: int, seed: int = 0
) -> SaltelliOutputs:
    design = SaltelliDesign.draw(columns, base, seed)
    return SaltelliOutputs(*play_both(model, design, HERE), play_mixed(model, design, groups, HERE))


def test_ishigami_has_its_published_indices() -> None:
    # Saltelli et al. (2008), Global Sensitivity Analysis: The Primer; exact from the closed form of the variances.
    groups = [*alone("xyz"), InputGroup("x and z", frozenset("xz"))]
    found = indices(sampled(ishigami, "xyz", groups, 2**13))
    assert found.first == pytest.approx([0.3139, 0.4424, 0, 0.5576], abs=0.005)
    assert found.total == pytest.approx([0.5576, 0.4424, 0.2437, 0.5576], abs=0.005)


def test_what_two_numbers_explain_only_together_is_as_published() -> None:
    """Of the Ishigami function, x and z share 0.2437 of the variance, and no other two share any."""
    design = SaltelliDesign.draw("xyz", 2**13, 0)
    single = SaltelliOutputs(*play_both(ishigami, design, HERE), play_mixed(ishigami, design, alone("xyz"), HERE))
    found = second_order(ishigami, design, single, alone("xyz"), alone("xyz"), 0, HERE, lambda worlds: None)
    assert found[0]["names"] == ["x", "z"]
    assert {tuple(pair["names"]) for pair in found} == {("x", "y"), ("x", "z"), ("y", "z")}
    assert [pair["share"]["value"] for pair in found] == pytest.approx([0.2437, 0, 0], abs=0.01)
    assert all(pair["share"]["low"] <= pair["share"]["value"] <= pair["share"]["high"] for pair in found)


def test_the_g_function_has_its_analytic_indices_group_by_group() -> None:
    parts = np.array([1 / (3 * (1 + a) ** 2) for a in G_WEIGHTS])
    groups = {"first": [0], "middle": [1, 2, 3], "last": [4, 5, 6, 7], "odd": [0, 2, 4, 6]}

    def variance(members: list[int]) -> float:
        return float(np.prod(1 + parts[members]) - 1)

    whole = variance(list(range(8)))
    others = {name: [at for at in range(8) if at not in members] for name, members in groups.items()}
    made = [InputGroup(name, frozenset(map(str, members))) for name, members in groups.items()]
    found = indices(sampled(g_function, [str(at) for at in range(8)], made, 2**13))
    assert found.first == pytest.approx([variance(one) / whole for one in groups.values()], abs=0.01)
    assert found.total == pytest.approx([1 - variance(one) / whole for one in others.values()], abs=0.01)


def test_scipy_finds_the_same_from_the_same_matrices() -> None:
    ours = sampled(ishigami, "xyz", alone("xyz"), 256)
    theirs = sobol_indices(
        func={"f_A": ours.a[None], "f_B": ours.b[None], "f_AB": ours.mixed[:, None]}, n=256, method="saltelli_2010"
    )
    assert indices(ours).first == pytest.approx(theirs.first_order, abs=1e-12)
    assert indices(ours).total == pytest.approx(theirs.total_order, abs=1e-12)


def test_salib_finds_the_same_groups_from_the_same_worlds() -> None:
    groups = [InputGroup("odd", frozenset("xz")), InputGroup("even", frozenset("y"))]
    ours = sampled(ishigami, "xyz", groups, 4_096)
    in_order = np.stack([ours.a, *ours.mixed, ours.b], axis=1).ravel()
    problem = {"num_vars": 3, "names": list("xyz"), "bounds": [[0, 1]] * 3, "groups": ["odd", "even", "odd"]}
    theirs = salib.analyze(problem, in_order, calc_second_order=False, seed=1)
    # SALib takes the mean over all worlds, not over A and B alone, which is the same within its error.
    assert indices(ours).first == pytest.approx(theirs["S1"], abs=1e-3)
    assert indices(ours).total == pytest.approx(theirs["ST"], abs=1e-12)
    lower, upper = np.percentile(bootstrap(ours, 0).first, (2.5, 97.5), axis=0)
    assert (upper - lower) / 2 == pytest.approx(theirs["S1_conf"], rel=0.2)


def test_groups_that_only_add_up_leave_nothing_to_interaction() -> None:
    groups = [InputGroup("a", frozenset("ab")), InputGroup("c", frozenset("c"))]
    found = indices(
        sampled(
            lambda table: 3 * table.columns["a"] - table.columns["b"] + 2 * table.columns["c"], "abc", groups, 1_024
        )
    )
    assert found.first == pytest.approx([10 / 14, 4 / 14], abs=1e-3)
    assert found.total == pytest.approx(found.first, abs=1e-3)


def test_a_single_column_is_all_there_is() -> None:
    found = indices(sampled(lambda table: table.columns["a"] ** 2, "a", alone("a"), 1_024))
    assert found == SobolIndices(pytest.approx([1], abs=0.01), pytest.approx([1], abs=0.01))


def test_what_never_varies_has_no_indices() -> None:
    constant = sampled(lambda table: np.full(table.count, 0.1), "ab", alone("ab"), 64)
    with pytest.raises(ZeroDivisionError, match="never varies"):
        indices(constant)
    assert np.isnan(bootstrap(constant, 0, resamples=3).total).all()


def test_intervals_hold_the_published_values_and_come_from_the_seed() -> None:
    rows = sampled(ishigami, "xyz", alone("xyz"), 512)
    resampled = bootstrap(rows, 5)
    lower, upper = np.percentile(resampled.total, (2.5, 97.5), axis=0)
    assert ((lower < [0.5576, 0.4424, 0.2437]) & (upper > [0.5576, 0.4424, 0.2437])).all()
    assert np.array_equal(resampled.total, bootstrap(rows, 5).total)
    assert not np.array_equal(resampled.total, bootstrap(rows, 6).total)
    assert np.array_equal(bootstrap(rows, 5, resamples=70).first, resampled.first[:70])


@settings(max_examples=20)
@given(st.permutations("abcde"), st.integers(0, 3))
def test_the_order_of_the_columns_changes_nothing(names: list[str], seed: int) -> None:
    ours, other = SaltelliDesign.draw("abcde", 16, seed), SaltelliDesign.draw(names, 16, seed)
    assert ours.columns == other.columns
    assert np.array_equal(ours.a, other.a)
    assert np.array_equal(ours.b, other.b)


def test_each_seed_has_its_own_points_and_nought_is_a_seed() -> None:
    zero, again, one = (SaltelliDesign.draw("abc", 32, seed) for seed in (0, 0, 1))
    assert np.array_equal(zero.a, again.a)
    assert not np.array_equal(zero.a, one.a)
    assert not np.array_equal(zero.a, zero.b)
    assert ((zero.a >= 0) & (zero.a < 1)).all()


@settings(max_examples=30)
@given(st.integers(1, 50), st.booleans(), st.lists(st.sets(st.sampled_from("abc")), min_size=1, max_size=5))
def test_pieces_are_the_matrices_with_columns_exchanged(piece: int, row_by_row: bool, sets: list[set[str]]) -> None:
    design = SaltelliDesign.draw("abc", 8, 3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sobol, "PIECE", piece)
        tables = list(design.tables([frozenset(one) for one in sets], row_by_row=row_by_row))
    assert all(table.count <= piece for table in tables)
    for at, name in enumerate(design.columns):
        rows = np.stack([design.b[at] if name in one else design.a[at] for one in sets], axis=1 if row_by_row else 0)
        assert np.array_equal(np.concatenate([table.columns[name] for table in tables]), rows.ravel())


@settings(max_examples=20)
@given(st.integers(0, 2**32), st.floats(-5, 5))
def test_a_resample_has_the_indices_of_the_rows_that_were_drawn(seed: int, shift: float) -> None:
    """Counting rows several times, or not at all, is the same as a sample in which they stand so often."""
    rows = sampled(lambda table: np.exp(table.columns["a"]) + table.columns["b"] + shift, "ab", alone("ab"), 32)
    drawn = np.random.default_rng(seed).integers(0, 32, 32)
    again = indices(SaltelliOutputs(rows.a[drawn], rows.b[drawn], rows.mixed[:, drawn]))
    counted = sobol._estimate(rows, np.bincount(drawn, minlength=32)[None])
    assert counted.first[0] == pytest.approx(again.first, abs=1e-9)
    assert counted.total[0] == pytest.approx(again.total, abs=1e-9)
