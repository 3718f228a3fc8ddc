"""The patient rule induction method, held equal to the EMA Workbench, and to its own definition."""

from __future__ import annotations

import json
import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.analysis.discovery.boxes import Box, BoxSide, DiscoveryData
from sim.analysis.discovery.prim import ALPHA, MASS, quantile, simplify, trajectory
from tests.analysis import prim_data


@pytest.mark.parametrize("name", prim_data.NAMES)
def test_the_boxes_are_those_of_the_ema_workbench(name: str) -> None:
    kept = json.loads((prim_data.FOLDER / f"prim_{name}.ema.json").read_text(encoding="utf-8"))
    assert kept["ema_workbench"] == "2.5.3"
    data, remaining = prim_data.read(name), None
    for theirs in kept["boxes"]:
        ours = trajectory(data, remaining=remaining)
        assert [told(box, data) for box in ours] == theirs
        remaining = ~ours[-1].inside if remaining is None else remaining & ~ours[-1].inside


def told(box: Box, data: DiscoveryData) -> dict[str, object]:
    """A box as the Workbench tells it: both bounds of every number that it restricts, -1 for no quasi-p value."""
    limits: dict[str, dict[str, list[object]]] = {}
    for side in box.sides:
        if side.values is not None:
            limits[side.name] = {"limits": list(side.values), "quasi_p": [pytest.approx(side.quasi_p), -1]}
            continue
        whole = data.numbers[side.name]
        entry = limits.setdefault(side.name, {"limits": [whole.min(), whole.max()], "quasi_p": [-1, -1]})
        end = 0 if side.low is not None else 1
        entry["limits"][end] = (side.low, side.high)[end]
        entry["quasi_p"][end] = pytest.approx(side.quasi_p)
    return {
        "coverage": box.coverage,
        "density": box.density,
        "mass": box.mass,
        "res_dim": box.dimensions,
        "n": box.count,
        "k": box.hits,
        "limits": limits,
    }


def test_a_planted_box_is_found() -> None:
    rng = np.random.default_rng(1)
    x, y, noise = rng.random((3, 4_000))
    found = trajectory(DiscoveryData({"x": x, "y": y, "noise": noise}, {}, (x > 0.6) & (y < 0.5)))
    best = max(found, key=lambda box: box.coverage + box.density)
    bounds = {side.name: side.low or side.high for side in best.sides}
    assert bounds == {"x": pytest.approx(0.6, abs=0.02), "y": pytest.approx(0.5, abs=0.02)}
    assert best.coverage > 0.95
    assert best.density > 0.95


@settings(max_examples=50)
@given(st.integers(0, 2**32), st.integers(20, 200))
def test_peeling_makes_boxes_smaller_and_denser_and_pasting_larger_and_denser(seed: int, worlds: int) -> None:
    rng = np.random.default_rng(seed)
    data = DiscoveryData(
        {name: np.round(rng.random(worlds), 1 + at) for at, name in enumerate("abc")},
        {"choice": rng.integers(0, 3, worlds)},
        np.append(rng.random(worlds - 1) < 0.3, True),
    )
    boxes = trajectory(data)
    smallest = min(range(len(boxes)), key=lambda at: boxes[at].count)
    assert all(one.density < other.density for one, other in pairwise(boxes))
    assert all(
        one.count > other.count and not (other.inside & ~one.inside).any()
        for one, other in pairwise(boxes[: smallest + 1])
    )
    assert all(one.count < other.count for one, other in pairwise(boxes[smallest:]))
    assert all(box.mass >= MASS for box in boxes)
    assert all(np.array_equal(inside(box, data), box.inside) for box in boxes)


def inside(box: Box, data: DiscoveryData) -> np.ndarray:
    """Who is in a box, by its restrictions alone."""
    kept = np.ones(len(data.hits), dtype=bool)
    for side in box.sides:
        if side.values is not None:
            kept &= np.isin(data.choices[side.name], side.values)
        else:
            values = data.numbers[side.name]
            kept &= (values >= side.low) if side.low is not None else (values <= side.high)
    return kept


def test_simplifying_drops_what_may_be_chance_and_nothing_else() -> None:
    rng = np.random.default_rng(2)
    x, *others = rng.random((12, 2_000))
    hits = (x > 0.7) & (rng.random(2_000) < 0.7)
    data = DiscoveryData({"x": x, **{f"noise_{at}": one for at, one in enumerate(others)}}, {}, hits)
    last = trajectory(data)[-1]
    kept = simplify(data, last, 0.05)
    assert last.dimensions > kept.dimensions
    assert {side.name for side in kept.sides} == {"x"}
    assert all(side.quasi_p <= 0.05 for side in kept.sides)
    assert kept.count >= last.count
    assert np.array_equal(inside(kept, data), kept.inside)
    assert simplify(data, kept, 0.05) is kept


def test_a_quasi_p_value_is_a_binomial_tail() -> None:
    # Of 10 worlds 5 are hits; the box x <= 4 holds 5, all of them hits: (1/2)^5.
    x = np.arange(10.0)
    data = DiscoveryData({"x": x}, {}, x < 5)
    box = trajectory(data, alpha=0.3, mass=0.4)[-1]
    assert (box.count, box.hits) == (5, 5)
    assert box.sides == (BoxSide("x", pytest.approx(0.5**5), high=4.0 + 0.5),)


@given(st.lists(st.integers(0, 6), min_size=1, max_size=40), st.sampled_from([ALPHA, 0.2, 1 - ALPHA, 0.8]))
def test_a_bound_lies_midway_between_neighbours_that_differ(values: list[int], share: float) -> None:
    # Friedman and Fisher's quantile as the Workbench takes it, step by step on the sorted values.
    ranked = sorted(values)
    below, above = math.floor((len(ranked) - 1) * share), math.ceil((len(ranked) - 1) * share)
    while ranked[below] == ranked[above] and below > 0 and share > 0.5:
        below -= 1
    while ranked[below] == ranked[above] and above < len(ranked) - 1 and share < 0.5:
        above += 1
    [bound] = quantile(np.array([values], dtype=float), share)
    assert bound == (ranked[below] + ranked[above]) / 2


def test_only_what_is_left_by_an_earlier_box_is_searched() -> None:
    x = np.linspace(0, 1, 200)
    data = DiscoveryData({"x": x}, {}, (x < 0.2) | (x > 0.7) & (x < 0.9))
    first = trajectory(data)[-1]
    second = trajectory(data, remaining=~first.inside)[-1]
    assert not (first.inside & second.inside).any()
    assert first.coverage + second.coverage > 0.9
    assert trajectory(data, remaining=np.zeros(200, dtype=bool)) == ()
