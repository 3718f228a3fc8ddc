"""Packages that are exactly as good by a bargaining solution: counted, shown, and named in an order of their own."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.analysis.interchange.import_domain import make_case, read_domain
from sim.analysis.outcomes.outcomes import outcomes
from sim.analysis.outcomes.outcomes_report import OutcomesReport
from sim.analysis.outcomes.pareto import frontier
from sim.case.loader import build_case
from tests.analysis.genius_files import domain, profile

Tables = Mapping[str, Mapping[str, Mapping[str, float]]]
"""Party to issue to value to evaluation."""


def found(folder: Path, tables: Tables, order: int = 0) -> tuple[dict[str, Any], OutcomesReport]:
    """The case of a domain and its outcomes, with issues, options and actors in another order."""
    for party, issues in tables.items():
        profile(folder, party, issues)
    first = next(iter(tables.values()))
    domain(folder, {issue: list(values) for issue, values in first.items()})
    source: Any = make_case(read_domain(folder), "it").case
    rng = random.Random(order)

    def shuffled(mapping: dict[str, Any]) -> dict[str, Any]:
        return dict(rng.sample(list(mapping.items()), len(mapping)))

    if order:
        issues = {
            name: {**issue, "options": rng.sample(issue["options"], len(issue["options"]))}
            for name, issue in source["issues"].items()
        }
        source = {**source, "issues": shuffled(issues), "actors": shuffled(source["actors"])}
    return source, outcomes(build_case(source))


def named(report: OutcomesReport) -> dict[str, Any]:
    """What is said of each solution, in an order that says nothing."""
    return {
        name: {**one, "package": dict(sorted(one["package"].items())), "surplus": dict(sorted(one["surplus"].items()))}
        for name, one in report["solutions"].items()
        if one is not None
    }


TIES: dict[str, tuple[Tables, str, int, dict[str, str], list[float]]] = {
    "two ends of a pie": (
        {"anna": {"site": {"east": 2, "west": 1}}, "bela": {"site": {"east": 1, "west": 2}}},
        "nash",
        2,
        {"site": "east"},
        [100, 50],
    ),
    "the sums of a straight frontier": (
        {
            "anna": {"share": {f"p{at}": at for at in range(5)}},
            "bela": {"share": {f"p{at}": 4 - at for at in range(5)}},
        },
        "utilitarian",
        5,
        {"share": "p4"},
        [100, 0],
    ),
    "a nice one and two harsh ones": (
        {
            "anna": {"deal": {"nice": 5, "mine": 10, "yours": 1}},
            "bela": {"deal": {"nice": 5, "mine": 1, "yours": 10}},
        },
        "utilitarian",
        2,
        {"deal": "mine"},
        [100, 10],
    ),
    "three who each have a favourite": (
        {
            party: {"venue": {place: 2 if place == own else 1 for place in ("hill", "lake", "town")}}
            for party, own in {"x": "hill", "y": "lake", "z": "town"}.items()
        },
        "nash",
        3,
        {"venue": "hill"},
        [100, 50, 50],
    ),
}


@pytest.mark.parametrize("kind", TIES)
@pytest.mark.parametrize("order", range(4))
def test_ties_are_counted_and_named_in_every_order(kind: str, order: int, tmp_path: Path) -> None:
    tables, name, tied, package, gains = TIES[kind]
    _, report = found(tmp_path, tables, order)
    one = report["solutions"][name]
    assert one is not None
    assert (one["tied"], one["tied_packages"], len(one["others"])) == (tied, tied, tied - 1)
    assert one["package"] == package
    assert [one["surplus"][actor] for actor in sorted(one["surplus"])] == gains


def tables_of(seed: int) -> Tables:
    """Few evaluations, so that many outcomes tie and many packages are alike."""
    rng = random.Random(seed)
    sizes = {f"i{at}": rng.randrange(2, 4) for at in range(4)}
    values = {issue: [f"v{at}" for at in rng.sample(range(9), size)] for issue, size in sizes.items()}
    return {
        party: {issue: {value: rng.choice([0, 1, 1, 2]) for value in own} for issue, own in values.items()}
        for party in ("north", "east", "south")[: rng.randrange(2, 4)]
    }


VALUES = {
    "nash": lambda gains, ideal: math.prod(gain for gain, most in zip(gains, ideal, strict=True) if most),
    "kalai_smorodinsky": lambda gains, ideal: min(
        (Fraction(gain, most) for gain, most in zip(gains, ideal, strict=True) if most), default=1
    ),
    "egalitarian": lambda gains, ideal: min((gain for gain, most in zip(gains, ideal, strict=True) if most), default=0),
    "utilitarian": lambda gains, ideal: sum(gains),
}


def _grains(issues: Mapping[str, Mapping[str, float]], package: tuple[str, ...]) -> int:
    """The utility of a package, in millionths of a point; each of the four issues counts for a quarter."""
    chosen = zip(issues.values(), package, strict=True)
    return sum(round(25e6 * table[value] / max(1, *table.values())) for table, value in chosen)


@pytest.mark.parametrize("seed", range(12))
def test_ties_are_those_of_brute_force_in_every_order(seed: int, tmp_path: Path) -> None:
    tables = tables_of(seed)
    _, report = found(tmp_path / "0", tables)
    choices = product(*next(iter(tables.values())).values())
    grains = [tuple(_grains(issues, package) for issues in tables.values()) for package in choices]
    points, counts = frontier(np.array(grains, dtype=float))
    best = [grains[at] for at in points]
    ideal = tuple(map(max, zip(*best, strict=True)))
    for name, value in VALUES.items():
        one, values = report["solutions"][name], [value(point, ideal) for point in best]
        tied = [at for at, of_point in enumerate(values) if of_point == max(values)]
        assert one is not None
        assert (one["tied"], one["tied_packages"]) == (len(tied), counts[tied].sum())
    for order in (1, 2, 3):
        _, other = found(tmp_path / str(order), tables, order)
        assert named(other) == named(report)


def test_at_most_ten_outcomes_are_listed(tmp_path: Path) -> None:
    shares, rest = (
        {f"p{at:02}": worth for at, worth in enumerate(worths)} for worths in (range(25), range(24, -1, -1))
    )
    _, report = found(tmp_path, {"anna": {"share": shares}, "bela": {"share": rest}})
    one = report["solutions"]["utilitarian"]
    assert one is not None
    assert (one["tied"], len(one["others"]), one["package"]) == (25, 10, {"share": "p24"})
