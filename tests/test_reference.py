"""The engine against the slow reading of the model in `tests.reference`."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from sim.analysis.verdicts import sitting_on, verdicts
from sim.case.loader import load_case
from sim.deliberation.scenarios import load_scenario
from sim.case.shapes import Case, Package
from sim.rules.space import Space
from sim.rules.worlds import Central, Streams, Uniforms, Worlds
from tests import reference

SCENARIOS = Path(__file__).parent.parent / "scenarios"
FILES = sorted(
    path.relative_to(SCENARIOS).as_posix()
    for path in SCENARIOS.glob("*/*.yaml")
    if path.name not in ("case.yaml", "claims.yaml")
)
CLOSE = 0.01
"""The reference does not round to the engine's grid: durability and sums differ by less than this many points."""


def on_the_grid(path: str, value: float) -> float:
    """Round a number as the engine does (`sim.rules.grain`)."""
    factor = path.startswith("context.") or ".slopes." in path or path.endswith(".weight")
    grain = 2.0 ** (-10 if factor else -20)
    return value if math.isinf(value) else round(value / grain) * grain


def numbers(case: Case, uniforms: Uniforms, world: int) -> dict[str, float]:
    """Every number of the case in one world, as the engine draws it."""
    drawn = Worlds(case, uniforms)
    columns = {path: drawn.number(path) for path in case.numbers}
    return {path: on_the_grid(path, float(one[world if len(one) > 1 else 0])) for path, one in columns.items()}


def random_packages(case: Case, how_many: int) -> list[Package]:
    """Draw possible packages, a force in most of them."""
    draw = random.Random(7)
    found: list[Package] = []
    while len(found) < how_many:
        one = {name: draw.choice(issue.options) for name, issue in case.issues.items()}
        if reference.possible(case, one):
            found.append(one)
    return found


def compare(fast: Mapping[str, Any], slow: reference.Outcome, close: float = CLOSE) -> None:
    """Hold what the engine says of one package in one world against the reference."""
    actors = fast["actors"]
    assert {name: actors[name]["verdict"] for name in slow.answers} == {
        name: one.verdict for name, one in slow.answers.items()
    }
    for name, one in slow.answers.items():
        for what in ("surplus", "utility", "reservation", "price", "aspiration"):
            assert actors[name][what] == pytest.approx(getattr(one, what), abs=close), (name, what)
        assert actors[name]["pledge"] == pytest.approx(one.pledge, abs=close)
        assert actors[name]["never"] == one.never
    assert set(fast["blocked_by"]) == slow.blocked_by
    assert fast["agreed"] == slow.agreed
    assert fast["measures"] == pytest.approx(slow.measures, abs=close)


def test_the_flatmates_by_hand() -> None:
    case = load_case(SCENARIOS / "flatmates")
    as_it_is = reference.evaluate(case, case.default, reference.central(case))
    # Ana: nothing changes, 0. Ben: bills of 40 at -0.1, less the 5 of another flat. Cleo: bills of 40 at -0.4, and 17.
    assert {name: round(one.surplus, 9) for name, one in as_it_is.answers.items()} == {"ana": 0, "ben": -9, "cleo": 1}
    assert as_it_is.blocked_by == {"ben"}

    asking = reference.evaluate(case, {**case.default, "guests": "ask"}, reference.central(case))
    assert asking.answers["cleo"].verdict == "red_line"  # 1 - 15, and 1 without the line
    assert asking.answers["cleo"].price == 15


def test_durability_by_hand() -> None:
    case = load_case(SCENARIOS / "ukraine_2025")
    bare = reference.evaluate(case, case.default, reference.central(case))
    # Temptation 5 + 20 x 0.6 - 10 x 0.6 = 11, deterrence 10 + 10 = 20, scale 12.
    hazard = 1 / (1 + math.exp((20 - 11) / 12))
    assert bare.durability == pytest.approx((1 - hazard) ** 5)


@pytest.mark.parametrize("file", FILES)
def test_every_bundled_proposal_gets_the_same_verdicts(file: str) -> None:
    scenario = load_scenario(SCENARIOS / file)
    slow = reference.evaluate(scenario.case, scenario.proposal, numbers(scenario.case, Central(), 0))
    compare(verdicts(scenario), slow)


def test_random_packages_in_drawn_worlds_get_the_same_verdicts() -> None:
    case = load_case(SCENARIOS / "ukraine_2025")
    worlds = Streams(seed=3, count=8)
    drawn = [numbers(case, worlds, world) for world in range(worlds.count)]
    for one in random_packages(case, 40):
        sitting = sitting_on(case, Space(case).encode(one)[None], worlds)
        for world, known in enumerate(drawn):
            compare(sitting.one(world).describe(), reference.evaluate(case, one, known))


@pytest.mark.parametrize("month", [1, 4, 6])
def test_aspirations_fall_as_the_months_go_by(month: int) -> None:
    scenario = load_scenario(SCENARIOS / "ukraine_2025/bare_ceasefire.yaml")
    fast = verdicts(scenario, month=month)
    known = numbers(scenario.case, Central(), 0)
    slow = reference.evaluate(
        scenario.case, scenario.proposal, known, fast["context"], (month, scenario.protocol.months)
    )
    compare(fast, slow, close=0.1)  # the context is told to three decimals
