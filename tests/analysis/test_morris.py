"""Morris's screening: analytic effects, and the function of his paper."""

from __future__ import annotations

from itertools import combinations
from statistics import fmean, stdev

import numpy as np
import pytest

from sim.analysis.runner.executors import crew
from sim.analysis.sensitivity import morris
from sim.analysis.sensitivity.morris import elementary_effects
from sim.engine.rule_matrix import Floats
from sim.engine.worlds import UniformMatrix

HERE = crew(1)


def test_of_a_sum_the_effects_are_the_coefficients() -> None:
    coefficients = {"a": 3.0, "b": -2.0, "c": 0.0}

    def model(table: UniformMatrix) -> Floats:
        return sum(weight * table.columns[name] for name, weight in coefficients.items()) + table.columns["held"]

    found = elementary_effects(model, list(coefficients), ["held"], 10, 0, HERE)
    assert found.mu == pytest.approx([3, -2, 0], abs=1e-12)
    assert found.mu_star == pytest.approx([3, 2, 0], abs=1e-12)
    assert found.sigma == pytest.approx([0, 0, 0], abs=1e-12)


def test_effects_that_differ_show_in_their_spread_and_opposite_ones_do_not_cancel() -> None:
    # (2a - 1)(2b - 1) on the grid of 1/8 to 7/8 changes with a by 4 (b - 1/2): +-3/2 or +-1/2.
    found = elementary_effects(
        lambda table: (2 * table.columns["a"] - 1) * (2 * table.columns["b"] - 1), "ab", [], 4_000, 0, HERE
    )
    assert found.mu == pytest.approx([0, 0], abs=0.06)
    assert found.mu_star == pytest.approx([1, 1], abs=0.03)
    assert found.sigma == pytest.approx([np.sqrt(5 / 4)] * 2, abs=0.03)


def test_the_screening_of_his_paper_finds_the_ten_numbers_that_matter() -> None:
    # Morris (1991), section 4: of 20 numbers the first 7 have curved or joint effects, 8 to 10 large plain ones.
    rng = np.random.default_rng(0)
    single = np.concatenate([np.full(10, 20.0), rng.normal(size=10)])
    double = {pair: -15.0 if max(pair) < 6 else rng.normal() for pair in combinations(range(20), 2)}

    def model(table: UniformMatrix) -> Floats:
        x = np.stack([table.columns[f"{at:02}"] for at in range(20)])
        w = 2 * (x - 1 / 2)
        for at in (2, 4, 6):
            w[at] = 2 * (1.1 * x[at] / (x[at] + 0.1) - 1 / 2)
        y = single @ w + sum(weight * w[one] * w[other] for (one, other), weight in double.items())
        y -= sum(10 * np.prod(w[list(three)], axis=0) for three in combinations(range(5), 3))
        return y + sum(5 * np.prod(w[list(four)], axis=0) for four in combinations(range(4), 4))

    found = elementary_effects(model, [f"{at:02}" for at in range(20)], [], 50, 0, HERE)
    assert found.mu_star[:10].min() > 3 * found.mu_star[10:].max()
    assert found.sigma[:7].min() > found.sigma[7:10].max()
    assert found.mu_star[7:10] == pytest.approx([40, 40, 40], rel=0.2)


def test_each_trajectory_changes_every_number_once_by_half_and_holds_the_rest() -> None:
    seen: list[UniformMatrix] = []

    def model(table: UniformMatrix) -> Floats:
        seen.append(table)
        return np.zeros(table.count)

    elementary_effects(model, "abc", ["held"], 6, 3, HERE)
    [table] = seen
    worlds = np.stack([table.columns[name] for name in ("a", "b", "c")], axis=1).reshape(6, 4, 3)
    changes = np.diff(worlds, axis=1)
    assert ((changes != 0).sum(axis=1) == 1).all()
    assert set(np.abs(changes[changes != 0])) == {0.5}
    assert set(worlds.ravel()) == {1 / 8, 3 / 8, 5 / 8, 7 / 8}
    held = table.columns["held"].reshape(6, 4)
    assert (held == held[:, :1]).all()
    assert len(np.unique(held)) == 6


def test_neither_pieces_nor_other_numbers_change_an_effect(monkeypatch: pytest.MonkeyPatch) -> None:
    def model(table: UniformMatrix) -> Floats:
        return np.sin(7 * table.columns["a"]) * table.columns["held"]

    whole = elementary_effects(model, ["a"], ["held"], 20, 1, HERE)
    more = elementary_effects(model, ["a", "b", "c"], ["held"], 20, 1, HERE)
    assert more.mu_star[0] == pytest.approx(whole.mu_star[0], abs=1e-12)
    monkeypatch.setattr(morris, "PIECE", 5)
    assert np.array_equal(elementary_effects(model, ["a", "b", "c"], ["held"], 20, 1, HERE), more)
    assert not np.array_equal(elementary_effects(model, ["a"], ["held"], 20, 2, HERE), whole)


@pytest.mark.parametrize("count", [2, 3, 10])
def test_sigma_is_the_standard_deviation_of_a_sample_of_trajectories(count: int) -> None:
    """What `a` adds is its own change times the number held, so the effects are what was held in each trajectory."""
    seen: list[float] = []

    def model(table: UniformMatrix) -> Floats:
        seen.extend(table.columns["held"][::2].tolist())  # each trajectory has two worlds
        return table.columns["a"] * table.columns["held"]

    found = elementary_effects(model, ["a"], ["held"], count, 0, HERE)
    assert len(seen) == count
    assert found.mu_star == pytest.approx([fmean(seen)])
    assert found.sigma == pytest.approx([stdev(seen)])  # divided by one less than the trajectories
