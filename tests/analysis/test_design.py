"""Designs: their points against their definitions."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import qmc

from sim.analysis.experiments.design import Axis, Design
from sim.analysis.experiments.design_file import read_design, read_vary
from sim.errors import CaseError, UsageError

AXES = (Axis("a", 0, 1), Axis("b", -2, 6), Axis("c", listed=("x", "y", "z", "w")))


def sampled(kind: str, points: int, seed: int = 0) -> Design:
    return Design(kind, AXES, points, seed)


def test_a_grid_has_every_combination_and_the_last_path_varies_fastest() -> None:
    design = read_vary(["a=0:1:3", "b=[never, 5]", "c=2:2:1"])
    values = design.values(0, design.points)
    points = list(zip(values["a"], values["b"], values["c"], strict=True))
    assert points == list(itertools.product([0, 0.5, 1], ["never", 5], [2]))


def test_a_grid_takes_both_ends_and_values_that_can_be_typed() -> None:
    axis = read_vary(["a=0:1:11"]).axes[0]
    assert [axis.level(at) for at in range(11)] == [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]
    assert [type(axis.level(at)) for at in (0, 10)] == [int, int]


@pytest.mark.parametrize("kind", ["latin_hypercube", "sobol"])
def test_every_stratum_of_every_axis_has_one_point(kind: str) -> None:
    # McKay, Beckman and Conover (1979), by definition; a (t, m, s)-net in base 2 has it on each axis alone.
    values = sampled(kind, 64).values(0, 64)
    for axis in AXES[:2]:
        column = np.array(values[axis.path])
        strata = np.floor((column - axis.low) / (axis.high - axis.low) * 64).astype(int)
        assert sorted(strata) == list(range(64))
    assert [values["c"].count(word) for word in "xyzw"] == [16] * 4


def test_a_sobol_design_is_scipys_sequence_on_the_ranges() -> None:
    unit = qmc.Sobol(3, rng=np.random.default_rng(5)).random_base2(5)
    values = sampled("sobol", 32, seed=5).values(0, 32)
    assert values["b"] == pytest.approx(-2 + 8 * unit[:, 1])
    assert values["c"] == ["xyzw"[int(part * 4)] for part in unit[:, 2]]


@pytest.mark.parametrize("kind", ["latin_hypercube", "sobol"])
def test_a_seed_makes_the_design_and_0_is_one(kind: str) -> None:
    first, again, other = (sampled(kind, 16, seed).values(0, 16) for seed in (0, 0, 1))
    assert first == again
    assert first != other


@pytest.mark.parametrize("design", [read_vary(["a=0:1:7", "b=1:4:5"]), sampled("sobol", 32)], ids=["grid", "sobol"])
def test_points_are_the_same_in_whatever_pieces(design: Design) -> None:
    whole = design.values(0, design.points)
    for path, column in whole.items():
        pieces = [design.values(at, min(4, design.points - at))[path] for at in range(0, design.points, 4)]
        assert list(itertools.chain(*pieces)) == column


def test_ten_billion_points_are_counted_and_not_written_out() -> None:
    design = read_vary(["a=0:1:100000", "b=0:1:100000"])
    assert design.points == 10**10
    assert design.values(10**10 - 1, 1) == {"a": [1], "b": [1]}


def test_a_design_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "design.yaml"
    file.write_text(
        "design: sobol\npoints: 8\nvary:\n  a: {low: 0, high: 1}\n  b: {low: -2, high: 6}\n  c: [x, y, z, w]\n"
    )
    assert read_design(file) == Design("sobol", AXES, 8, 0)
    file.write_text("design: grid\nvary:\n  a: {low: 0, high: 1, n: 3}\n  b: [never, 5]\n")
    assert read_design(file) == read_vary(["a=0:1:3", "b=[never, 5]"])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["a"], "--vary a: write PATH=a:b:n, such as context.us_aid.start=0:1:11, or PATH=[a, b, c]."),
        (["a="], "--vary a=: write PATH=a:b:n"),
        (["a=0:1"], "--vary a=0:1: '0:1' is not a range; write PATH=a:b:n"),
        (["a=3"], "--vary a=3: '3' is not a range; write PATH=a:b:n"),
        (["a={low: 1}"], "--vary a={low: 1}: '{low: 1}' is not a range; write PATH=a:b:n"),
        (["a=[1, 2"], "--vary a=[1, 2: the list '[...]' that begins here"),
        (["a=1:0:5"], "--vary a=1:0:5: low 1 is above high 0; swap them."),
        (["a=0:1:0"], "--vary a=0:1:0: n '0' is below 1; a grid needs at least one value."),
        (["a=0:1:-3"], "--vary a=0:1:-3: n '-3' is below 1; a grid needs at least one value."),
        (["a=0:1:2.5"], "--vary a=0:1:2.5: n '2.5' is not a whole number."),
        (["a=0:x:3"], "--vary a=0:x:3: 'x' is not a number."),
        (["a=0:1e9:3"], "--vary a=0:1e9:3: '1000000000.0' is too large;"),
        (["a=[]"], "--vary a=[]: the list of values is empty; write at least one."),
        (["a=[1, 1]"], "--vary a=[1, 1]: '1' is in the list of values twice."),
        (["a=0:1:3", "b=0:1:3", "a=1:2:3"], "--vary names 'a' twice."),
        (
            ["a=0:1:3", "a.high=0:1:3"],
            "--vary a.high: this is a part of 'a', which is varied too; keep only one of them.",
        ),
    ],
)
def test_mistakes_of_vary_are_named(given: list[str], said: str) -> None:
    with pytest.raises((UsageError, CaseError)) as caught:
        read_vary(given)
    assert str(caught.value).startswith(said)
