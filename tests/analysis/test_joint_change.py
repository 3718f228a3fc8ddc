"""The smallest joint change: closed forms, brute force, another formulation, and the same answer from the files."""

from __future__ import annotations

import copy
import itertools
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from sim import case_paths
from sim.analysis.counterfactuals.flip import flip
from sim.analysis.judging.verdicts import verdicts
from sim.case.loader import build_case
from sim.case.models import Case
from sim.negotiation.record.history import Outcome
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import load_scenario
from tests.analysis.test_thresholds import case_of
from tests.engine import villages
from tests.engine.villages import WHY, rule

SAID = {"source": ["V1"]}
CLAIMS = {"V1": {"paragraph": 1, "kind": "fact", "about": ["upper"], "voice": "upper", "text": "x"}}
ROUNDED = 0.02
"""Points by which values on the thousandths, and factors on their grid, may miss."""
NEAR = 5e-3
"""Ranges: values are reported on thousandths, rounded so that they do no less."""


def joint(case: Any, propose: dict[str, Any] | None = None, only: str | None = None) -> dict[str, Any]:
    found: dict[str, Any] = flip(case, propose, by="numbers", only=only)["joint"]
    return found


def two(wants: dict[str, list[tuple[float, float, float]]], lacks: dict[str, float], **keys: Any) -> Case:
    """Some actors with sourced wishes that always hold, and so much that each lacks; nothing else is sourced."""
    actors = {}
    for name, spreads in wants.items():
        wishes = [
            {**rule(f"w{at}"), "points": {"low": low, "mode": mode, "high": high}, "assumption": None, **SAID}
            for at, (low, mode, high) in enumerate(spreads)
        ]
        base = lacks[name] + sum(mode for _, mode, _ in spreads)
        actors[name] = villages.actor(name, base=base, preferences=wishes)
    every = {**copy.deepcopy(villages.CASE), "actors": actors, "claims": CLAIMS}
    return build_case({**every, "consent": [rule("all", needs=list(actors))], **keys})


SPREADS = st.lists(
    st.tuples(st.integers(1, 8), st.integers(1, 8), st.integers(-9, 9)).map(
        lambda one: (one[2] - one[0], one[2], one[2] + one[1])
    ),
    min_size=1,
    max_size=4,
)


def cheapest(spreads: list[tuple[float, float, float]], lack: float) -> float:
    """A point costs a number 1 / its width: fill the widest first, to its end."""
    size = 0.0
    for low, mode, high in sorted(spreads, key=lambda one: one[0] - one[2]):
        taken = min(max(lack, 0), high - mode)
        size, lack = size + taken / (high - low), lack - taken
    return size if lack <= 0 else math.inf


@pytest.mark.slow
@settings(max_examples=25)
@given(SPREADS, SPREADS, st.integers(1, 12), st.integers(0, 12))
def test_the_widest_numbers_are_moved_first(
    upper: list[tuple[float, float, float]], lower: list[tuple[float, float, float]], first: int, second: int
) -> None:
    found = joint(two({"upper": upper, "lower": lower}, {"upper": first, "lower": second}), only="sourced")
    expected = cheapest(upper, first) + cheapest(lower, second)
    assert found["size"] == (None if math.isinf(expected) else pytest.approx(expected, abs=NEAR))


@pytest.mark.slow
@settings(max_examples=20)
@given(st.data())
def test_it_is_the_optimum_of_another_formulation(data: st.DataObject) -> None:
    """Three measures, of which three actors care differently: one vector of moves, and bounds t on their sizes."""
    widths = np.array(data.draw(st.lists(st.integers(2, 10), min_size=3, max_size=3)), dtype=float)
    weights = np.array([data.draw(st.lists(st.integers(-8, 8), min_size=3, max_size=3)) for _ in range(3)], dtype=float)
    weights /= 8  # as files and the grid of factors hold it exactly
    lacks = np.array(data.draw(st.lists(st.integers(-5, 9), min_size=3, max_size=3)), dtype=float)
    names = ["upper", "lower", "mayor"]
    measures = {
        f"m{at}": {
            "says": "x",
            "base": 40,
            "rules": [
                {"rule": "r", "says": "x", "points": {"low": -w, "mode": 0, "high": w}, **SAID},
            ],
            **WHY,
        }
        for at, w in enumerate(widths.tolist())
    }
    actors = {
        name: villages.actor(
            name,
            base=40 * float(row.sum()) + float(lack),
            weighs=[{"measure": f"m{at}", "weight": float(one), **WHY} for at, one in enumerate(row)],
        )
        for name, row, lack in zip(names, weights, lacks, strict=True)
    }
    source = {**copy.deepcopy(villages.CASE), "measures": measures, "actors": actors, "claims": CLAIMS}
    case = build_case({**source, "consent": [rule("all", needs=names)]})
    if (lacks <= 0).all():
        return  # agreed as it is

    def least(spare: float) -> float:
        found = linprog(
            [0, 0, 0, *(1 / (2 * widths))],
            A_ub=np.block([[np.eye(3), -np.eye(3)], [-np.eye(3), -np.eye(3)], [-weights, np.zeros((3, 3))]]),
            b_ub=[0] * 6 + list(-lacks - spare),
            bounds=[*((-w, w) for w in widths), *((0, None),) * 3],
        )
        return math.inf if found.status else float(found.fun)

    size = joint(case, only="sourced")["size"]
    # Where two want opposite things, what is rounded counts for more than a thousandth.
    assert least(0) - NEAR <= (math.inf if size is None else size) <= least(ROUNDED) + NEAR


@pytest.mark.parametrize("base", [20, 30, 40])
def test_a_product_of_two_numbers_is_the_least_on_a_fine_grid(base: float) -> None:
    """Weight times measure is to reach the base: on that curve, the sum of both moves is least at 10 times its root."""
    weighs = [{"measure": "walls", "weight": {"low": 0.2, "mode": 0.4, "high": 1.0}, **SAID}]
    walls = {"says": "x", "base": {"low": 0, "mode": 20, "high": 80}, **SAID}
    case = case_of(
        upper={"weighs": weighs, "reservation": {"base": base, **WHY}},
        measures={"walls": walls},
        consent=[rule("one", needs=["upper"])],
        claims=CLAIMS,
    )
    heights = np.linspace(20, 80, 60_001)
    weight = np.maximum(base / heights, 0.4)
    sizes = (weight - 0.4) / 0.8 + (heights - 20) / 80
    best = sizes[weight <= 1].min()
    found = joint(case, only="sourced")
    assert found["size"] == pytest.approx(best, abs=NEAR)
    assert found["programmes"] > 1


def test_of_a_quorum_the_cheapest_are_won() -> None:
    wants = {name: [(0.0, 10.0, 20.0)] for name in ("upper", "lower", "mayor")}
    quorum = [rule("two", quorum={"of": ["upper", "lower", "mayor"], "at_least": 2})]
    found = joint(two(wants, {"upper": 2, "lower": 8, "mayor": 5}, consent=quorum), only="sourced")
    assert {one["path"].split(".")[1] for one in found["changes"]} == {"upper", "mayor"}
    assert found["size"] == pytest.approx(7 / 20, abs=NEAR)
    assert (found["ways"], found["all_ways"]) == (3, True)
    assert {one["path"].split(".")[1]: sorted(one["without"]) for one in found["changes"]} == {
        "upper": ["lower", "upper"],
        "mayor": ["lower", "mayor"],
    }


@pytest.mark.slow
def test_too_many_ways_are_tried_from_those_nearest_to_what_is_answered_now() -> None:
    names = [f"a{at:02}" for at in range(11)]
    lacks = {name: float(at - 2) for at, name in enumerate(names)}  # three accept; two more are needed
    quorum = [rule("most", quorum={"of": names, "at_least": 5})]
    found = joint(two({name: [(0.0, 10.0, 20.0)] for name in names}, lacks, consent=quorum), only="sourced")
    assert found["size"] == pytest.approx((1 + 2) / 20, abs=NEAR)
    assert (found["ways"], found["all_ways"]) == (256, False)


@pytest.mark.parametrize(
    ("lack", "expected"),
    [
        (1, 1 / 20 + 2 / 10),  # the mayor is won, and gives two more
        (9, 5 / 8),  # the mayor is dear: Lower alone gives five more
    ],
)
def test_pledges_are_won_or_made_larger_whichever_is_less(lack: float, expected: float) -> None:
    source = copy.deepcopy(villages.CASE)
    source["actors"] = {
        "upper": villages.actor("upper"),
        "lower": villages.actor("lower", capacities={"guards": {"amount": {"low": 3, "mode": 5, "high": 11}, **SAID}}),
        "mayor": villages.actor(
            "mayor",
            base=10 + lack,
            preferences=[{**rule("w"), "assumption": None, "points": {"low": 0, "mode": 10, "high": 20}, **SAID}],
            capacities={"guards": {"amount": {"low": 1, "mode": 3, "high": 11}, **SAID}},
        ),
    }
    pledges = {"of": "guards", "from": ["lower", "mayor"], "cover": "men"}
    source |= {"claims": CLAIMS, "consent": [rule("cover", when={"men": ">0"}, pledges=pledges)]}
    found = joint(build_case(source), {"guard": "small", "men": 10}, only="sourced")
    assert found["size"] == pytest.approx(expected, abs=NEAR)
    assert found["at"]["agreed"]


SENDERS = ("lower", "mayor", "upper")


def sending(costs: list[int], amounts: list[int]) -> Case:
    """Three who accept all with 4 to spare, and may send guards; what sending costs each is sourced, and moves."""
    actors = {}
    for name, cost, amount in zip(SENDERS, costs, amounts, strict=True):
        points = {"low": -cost - 10, "mode": -cost, "high": -cost + 10}
        guards = {"amount": amount, "when_sent": [{**rule("at_home"), "points": points, "assumption": None, **SAID}]}
        actors[name] = villages.actor(name, role="contributor", base=-4, capacities={"guards": {**guards, **WHY}})
    pledges = {"of": "guards", "from": list(SENDERS), "cover": "men"}
    every = {**copy.deepcopy(villages.CASE), "actors": actors, "claims": CLAIMS}
    return build_case({**every, "consent": [rule("cover", when={"men": ">0"}, pledges=pledges)]})


@pytest.mark.slow
@settings(max_examples=40)
@given(
    st.lists(st.integers(0, 12), min_size=3, max_size=3),
    st.lists(st.sampled_from([0, 2, 4, 7]), min_size=3, max_size=3),
)
def test_the_cheapest_coalition_of_senders_is_won_or_lost(costs: list[int], amounts: list[int]) -> None:
    """To move what sending costs by a point takes a twentieth of its range; who has 0 to spare for sending sends."""
    found = joint(sending(costs, amounts), {"guard": "small", "men": 5}, only="sourced")
    spare = [4 - cost for cost in costs]
    sends = [one >= 0 for one in spare]
    agreed = sum(amount for amount, one in zip(amounts, sends, strict=True) if one) >= 5
    sizes = [math.inf]
    for turned in itertools.product((False, True), repeat=3):
        now = [one != turn for one, turn in zip(sends, turned, strict=True)]
        if (sum(amount for amount, one in zip(amounts, now, strict=True) if one) >= 5) != agreed:
            sizes.append(sum(abs(one) for one, turn in zip(spare, turned, strict=True) if turn) / 20)
    if math.isinf(min(sizes)):
        assert found["size"] is None
    else:
        assert found["size"] == pytest.approx(min(sizes), abs=NEAR)
        assert found["at"]["agreed"] != agreed


def test_a_line_that_is_never_sold_costs_a_range_before_its_price_does() -> None:
    """At a price of 20 Upper has 5 to spare for its pride, of a range of 40."""
    line = {**rule("pride", when={"price": 20}), "price": {"choices": {"never": 0.8, 40: 0.2}}, "assumption": None}
    case = case_of(upper={"red_lines": [{**line, **SAID}]}, claims=CLAIMS)
    found = joint(case, {"price": 20}, only="sourced")
    assert [(one["now"], one["to"], one["ranges"]) for one in found["changes"]] == [("never", 5.0, 1.875)]
    assert found["size"] == 1.875
    assert found["nearly"]["blocked_by"] == ["upper"]


def test_a_line_that_is_never_sold_and_nothing_else_cannot_be_bought() -> None:
    line = {**rule("pride", when={"price": 20}), "price": "never"}
    found = joint(case_of(upper={"red_lines": [line]}), {"price": 20})
    assert (found["size"], found["changes"], found["ways"], found["at"]) == (None, [], 0, None)


def test_what_is_agreed_is_lost_by_the_least_that_anybody_minds() -> None:
    """At 20 each has 5 to spare; Upper's base ranges over 30, Lower's over 50, what one pays the other over 40."""
    found = joint(case_of(), {"price": 20})
    [change] = found["changes"]
    assert (change["path"], change["to"]) == ("actors.lower.reservation.base", -19.999)
    assert found["size"] == pytest.approx(5 / 50, abs=NEAR)
    assert change["without"] == []
    assert found["at"]["blocked_by"] == ["lower"]


def test_pledges_that_cover_are_lost_by_who_withholds_least() -> None:
    source = copy.deepcopy(villages.CASE)
    source["actors"]["mayor"]["capacities"]["guards"]["amount"] = {"low": 0, "mode": 7, "high": 10}
    pledges = {"of": "guards", "from": ["mayor"], "cover": "men"}
    source["consent"] = [rule("cover", when={"men": ">0"}, pledges=pledges)]
    found = joint(build_case(source), {"guard": "small", "men": 5})
    assert [(one["path"], one["to"]) for one in found["changes"]] in (
        [("actors.mayor.reservation.base", 0.001)],  # it has nothing to spare: a hair turns it
        [("actors.mayor.capacities.guards.amount", 4.999)],
    )
    assert found["size"] < 0.01


def test_a_price_may_become_never() -> None:
    line = {**rule("pride", when={"price": 20}), "price": {"choices": {1: 0.8, "never": 0.2}}, "assumption": None}
    found = joint(case_of(upper={"red_lines": [{**line, **SAID}]}, claims=CLAIMS), {"price": 20}, only="sourced")
    assert [(one["now"], one["to"], one["ranges"]) for one in found["changes"]] == [(1.0, "never", 1.0)]


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    ["european_force", "bare_ceasefire", "force_with_concessions", "un_peacekeepers", "warm_flat", "house_rules"],
)
def test_it_comes_out_as_told_when_the_files_say_it(name: str) -> None:
    found = flip(load_scenario(case_paths.find(name)), by="numbers")
    joint = found["joint"]
    every = {one["path"]: one["to"] for one in joint["changes"]}
    scenario = load_scenario(case_paths.find(name), every)
    judged, run = verdicts(scenario), play(scenario)
    assert judged["agreed"]
    assert joint["at"]["agreed"]
    assert (joint["at"]["outcome"], joint["at"]["months"]) == (
        Outcome(int(run.outcome[0])).word,
        int(run.ended[0]),
    )
    assert not joint["nearly"]["agreed"]
    assert joint["size"] == pytest.approx(sum(one["ranges"] for one in joint["changes"]), abs=NEAR)
    for one in joint["changes"]:
        assert one["to"] == "never" or one["low"] <= one["to"] <= one["high"]
        without = {path: to for path, to in every.items() if path != one["path"]}
        blocked = verdicts(load_scenario(case_paths.find(name), without))["blocked_by"]
        assert one["without"] == blocked != []
    alone = [turn["ranges"] for turn in found["numbers"]["turns"] if turn["within"]]
    assert joint["size"] <= min([*alone, math.inf])


@pytest.mark.slow
def test_fewer_numbers_never_do_it_for_less() -> None:
    for name in ("bare_ceasefire", "house_rules"):
        scenario = load_scenario(case_paths.find(name))
        every, *some = (joint(scenario, only=only)["size"] or math.inf for only in (None, "assumed", "sourced"))
        assert every <= min(some) + NEAR
