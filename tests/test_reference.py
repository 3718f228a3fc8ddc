"""The engine against the slow reading of the model in `tests.reference`."""

from __future__ import annotations

import copy
import math
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from sim.analysis.judging.judged_text import context_of
from sim.analysis.judging.verdicts import verdicts
from sim.case.loader import build_case, load_case
from sim.case.models import Case, Package
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.worlds import Central, Streams
from sim.negotiation.scenario_loader import load_scenario
from tests import reference
from tests.drawn import numbers
from tests.engine import villages

SCENARIOS = Path(__file__).parent.parent / "scenarios"
FILES = sorted(
    path.relative_to(SCENARIOS).as_posix()
    for path in SCENARIOS.glob("*/*.yaml")
    if path.name not in ("case.yaml", "claims.yaml")
)
CLOSE = 0.001
"""What is told is rounded to three decimals."""


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
        assert {what: sending["sends"] for what, sending in actors[name]["sends"].items()} == one.sends
        assert actors[name]["blocks"] == (name in slow.blocking)
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


def test_a_contributor_hears_who_accepts_and_decides_apart_what_it_sends() -> None:
    """At 20 both accept, at 30 Upper alone, at 10 Lower alone."""
    source = copy.deepcopy(villages.CASE)
    mayor = source["actors"]["mayor"]
    mayor["preferences"] = [villages.rule("not_without_lower", when={"accepted_by": "lower"}, points=4)]
    alone = villages.rule("alone", when={"not": {"accepted_by": "upper"}}, points=-9)
    mayor["capacities"]["guards"]["when_sent"] = [alone]
    case = build_case(source)
    answers = {
        price: reference.evaluate(case, {**case.default, "price": price}, reference.central(case)).answers["mayor"]
        for price in (10, 20, 30)
    }
    assert {price: one.surplus for price, one in answers.items()} == {10: 4, 20: 4, 30: 0}
    assert {price: one.sending["guards"] for price, one in answers.items()} == {10: -5, 20: 4, 30: 0}
    assert {price: one.pledge["guards"] for price, one in answers.items()} == {10: 0, 20: 6, 30: 6}
    assert {one.verdict for one in answers.values()} == {"accept"}


def test_a_declared_line_stands_for_a_contributor_until_its_owner_accepts() -> None:
    source = copy.deepcopy(villages.CASE)
    line = villages.rule("no_guard", when={"guard": "small"}, price=10, declared=True)
    source["actors"]["lower"]["red_lines"] = [line]
    source["actors"]["mayor"]["preferences"] = [
        villages.rule("not_against", when={"declared_red_line": "lower"}, points=-1)
    ]
    case = build_case(source)
    for price, says in ((10, "accept"), (20, "worse_than_no_deal")):  # Lower gains 25 - price, less 10
        package = {**case.default, "price": price, "guard": "small", "men": 5}
        assert reference.evaluate(case, package, reference.central(case)).answers["mayor"].verdict == says


def test_a_rule_that_falls_short_although_nobody_withholds_is_stuck() -> None:
    source = copy.deepcopy(villages.CASE)
    pledges = {"of": "guards", "from": ["mayor"], "cover": "men"}
    source["consent"] = [villages.rule("guarded", when={"men": ">0"}, pledges=pledges)]
    case = build_case(source)
    ten = reference.evaluate(case, {**case.default, "guard": "large", "men": 10}, reference.central(case))
    assert (ten.blocking, ten.stuck, ten.agreed) == ((), ("guarded",), False)


@pytest.mark.parametrize("file", FILES)
def test_every_bundled_proposal_gets_the_same_verdicts(file: str) -> None:
    scenario = load_scenario(SCENARIOS / file)
    slow = reference.evaluate(scenario.case, scenario.proposal, numbers(scenario.case, Central()))
    compare(verdicts(scenario), slow)


@pytest.mark.slow
def test_random_packages_in_drawn_worlds_get_the_same_verdicts() -> None:
    case = load_case(SCENARIOS / "ukraine_2025")
    worlds = Streams(seed=3, count=8)
    drawn = [numbers(case, worlds, world) for world in range(worlds.count)]
    for one in random_packages(case, 40):
        evaluation = context_of(case, worlds).evaluate(OutcomeSpace(case).encode(one)[None])
        for world, known in enumerate(drawn):
            compare(evaluation.one(world).describe(), reference.evaluate(case, one, known))


@pytest.mark.parametrize("month", [1, 4, 6])
def test_aspirations_fall_as_the_months_go_by(month: int) -> None:
    scenario = load_scenario(SCENARIOS / "ukraine_2025/bare_ceasefire.yaml")
    fast = verdicts(scenario, month=month)
    known = numbers(scenario.case, Central())
    slow = reference.evaluate(scenario.case, fast["package"], known, fast["context"], (month, scenario.protocol.months))
    compare(fast, slow, close=0.1)  # the context is told to three decimals
