"""How an answer is turned: who would have to refuse, and by how little pledges fall short."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from sim.analysis.counterfactuals.coalitions import Coalition, Coalitions
from sim.analysis.counterfactuals.flip import flip
from sim.analysis.counterfactuals.joint_change import _JointSearch
from sim.analysis.counterfactuals.linear_program import LinearProgram
from sim.analysis.counterfactuals.parameters import STEP, parameters_of
from sim.analysis.counterfactuals.probe import Probe
from sim.analysis.counterfactuals.talks_probe import TalksProbe
from sim.analysis.counterfactuals.thresholds import ThresholdQuestion
from sim.case.loader import build_case
from sim.case.models import Case, Package
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.worlds import GivenValues
from sim.negotiation.scenario_loader import build_scenario
from tests.engine import villages
from tests.engine.villages import WHY, rule


def case_of(actors: dict[str, Any], *consent: dict[str, Any]) -> Case:
    return build_case({**copy.deepcopy(villages.CASE), "actors": actors, "consent": list(consent)})


def ways(case: Case, package: Package) -> tuple[Probe, Coalitions]:
    """The ways to turn the answer to a package by any number of the case."""
    probe = Probe(case, OutcomeSpace(case).encode({**case.default, **package}))
    return probe, Coalitions(probe, parameters_of(case), list(parameters_of(case).values()))


@pytest.mark.parametrize(("at_least", "refusers"), [(1, 4), (2, 3), (3, 2), (4, 1)])
def test_a_quorum_is_broken_by_so_many_that_too_few_are_left(at_least: int, refusers: int) -> None:
    names = ["upper", "lower", "mayor", "smith"]
    case = case_of(
        {name: villages.actor(name, base=-5) for name in names},
        rule("some", quorum={"of": names, "at_least": at_least}),
    )
    turning = ways(case, {})[1].turning(agreed=True)
    assert {len(way.refusing) for way in turning} == {refusers}
    assert frozenset().union(*(way.refusing for way in turning)) == set(names)


def test_an_agreement_by_a_quorum_is_lost_by_the_cheapest_who_leave_too_few() -> None:
    """Of three who accept, two are needed. The two with least to spare refuse; each base has a range of 40 points."""
    spare = {"upper": 2, "lower": 8, "mayor": 5}
    actors = {name: villages.actor(name, base={"low": -20, "mode": -one, "high": 20}) for name, one in spare.items()}
    found = flip(case_of(actors, rule("two", quorum={"of": list(spare), "at_least": 2})), by="numbers")
    joint = found["joint"]
    assert {one["path"]: one["to"] for one in joint["changes"]} == {
        "actors.upper.reservation.base": STEP,
        "actors.mayor.reservation.base": STEP,
    }
    assert joint["size"] == pytest.approx((2 + 5) / 40, abs=1e-3)
    assert not joint["at"]["agreed"]
    assert joint["nearly"]["agreed"]


def test_pledges_that_fall_short_are_a_step_below_what_they_are_to_cover() -> None:
    """The Mayor sends 8 and 5 men are to be covered: 5 is still enough, so that the programme looks for less."""
    mayor = villages.actor("mayor", role="contributor", base=-5, capacities={"guards": {"amount": 8, **WHY}})
    actors = {"upper": villages.actor("upper"), "lower": villages.actor("lower"), "mayor": mayor}
    pledges = {"of": "guards", "from": ["mayor"], "cover": "men"}
    case = case_of(actors, rule("cover", when={"men": ">0"}, pledges=pledges))
    probe, every = ways(case, {"guard": "small", "men": 5})
    [way] = [
        one for one in every.turning(agreed=True) if one == Coalition(short=frozenset(case.consent[0].pledges_asked))
    ]
    amount = parameters_of(case)["actors.mayor.capacities.guards.amount"]
    solution = LinearProgram(probe, every, way, [amount]).solve(np.array([8.0]), margin=0, reach=2)
    assert solution.feasible
    assert solution.change == {amount.path: pytest.approx(5 - STEP, abs=STEP / 10)}
    assert solution.promise == pytest.approx((3 + STEP) / 16, abs=1e-6)  # from 0 to twice 8


def test_who_withholds_what_it_sends_may_accept_the_text_or_refuse_it() -> None:
    """The Mayor listens to Lower, who may keep its guards either way: both are ways to lose the pledges."""
    guards = {"amount": 8, "when_sent": [rule("own_men", when={"men": ">0"}, points=-1)], **WHY}
    hears = rule("hears", when={"accepted_by": "lower"}, points=1)
    actors = {
        "upper": villages.actor("upper"),
        "lower": villages.actor("lower", base=-5, capacities={"guards": guards}),
        "mayor": villages.actor("mayor", role="contributor", base=-5, preferences=[hears]),
    }
    pledges = {"of": "guards", "from": ["lower"], "cover": "men"}
    case = case_of(actors, rule("cover", when={"men": ">0"}, pledges=pledges), rule("mayor", needs=["mayor"]))
    turning = ways(case, {"guard": "small", "men": 5})[1].turning(agreed=True)
    withholding = [way for way in turning if way.withholding]
    assert {one for way in withholding for one in way.withholding} == {("lower", "guards")}
    answers = {("lower" in way.accepting, "lower" in way.refusing) for way in withholding}
    assert answers == {(True, False), (False, True)}


@pytest.mark.parametrize(("value", "reported"), [(9.0004, 9.001), (6.9996, 6.999), (9.001, 9.001), (20, 16)])
def test_a_change_is_reported_on_the_thousandth_that_does_no_less_within_its_range(
    value: float, reported: float
) -> None:
    """The Mayor sends 8 now, of a range from 0 to 16."""
    mayor = villages.actor("mayor", role="contributor", base=-5, capacities={"guards": {"amount": 8, **WHY}})
    case = case_of({"upper": villages.actor("upper"), "mayor": mayor}, rule("mayor", needs=["mayor"]))
    probe, every = ways(case, {})
    amount = parameters_of(case)["actors.mayor.capacities.guards.amount"]
    linear_program = LinearProgram(probe, every, Coalition(refusing=frozenset(["mayor"])), [amount])
    assert linear_program._change(np.array([value])) == {amount.path: reported}


def test_numbers_that_a_change_can_do_without_are_left_out_of_it() -> None:
    """Upper lacks 5 points; that Lower and the Mayor would ask for less as well turns nothing."""
    actors = {name: villages.actor(name, base=5 if name == "upper" else -5) for name in ("upper", "lower", "mayor")}
    case = case_of(actors, rule("all", needs=list(actors)))
    probe, _ = ways(case, {})
    search = _JointSearch(ThresholdQuestion(probe, parameters_of(case), case))
    base = {name: f"actors.{name}.reservation.base" for name in actors}
    assert not search.consider({base["lower"]: -6.0, base["mayor"]: -6.0})
    assert search.consider({base["upper"]: 0.0, base["lower"]: -6.0, base["mayor"]: -6.0})
    assert search.best == {base["upper"]: 0.0}
    assert search.size == pytest.approx(5 / 10)


def test_a_price_that_keeps_its_present_value_stays_as_it_is_written() -> None:
    """Drafters do not know a price that may be never; only where it is set to another value is it known to them."""
    line = rule("no_army", when={"guard": "large"}, price={"choices": {10: 0.6, "never": 0.4}})
    source = villages.scenario({"price": 20}, {"name": "one_shot"})
    source["case"]["actors"]["lower"]["red_lines"] = [line]
    path = "actors.lower.red_lines.no_army.price"
    worlds = GivenValues({path: np.array([10.0, 4.0, np.inf, 10.0])}, 4)
    groups = TalksProbe(build_scenario(source))._grouped(worlds)
    assert {prices: rows.tolist() for prices, rows in groups.items()} == {
        (): [0, 3],
        ((path, 0.0),): [1],
        ((path, "never"),): [2],
    }
