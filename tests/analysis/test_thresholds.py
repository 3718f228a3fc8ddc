"""Where the answer turns as one number moves: closed forms, brute force, and the same answer from the files."""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import case_paths
from sim.analysis.counterfactuals.flip import flip
from sim.analysis.counterfactuals.parameters import Parameter, parameters_of
from sim.analysis.counterfactuals.probe import Probe, with_one_moved, with_values
from sim.analysis.counterfactuals.talks_probe import TalksProbe
from sim.analysis.judging.verdicts import verdicts
from sim.case.loader import build_case, load_case
from sim.case.models import Case
from sim.engine.outcome_space import OutcomeSpace
from sim.errors import UsageError
from sim.negotiation.record.history import Outcome
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import build_scenario, load_scenario
from tests.analysis.test_outcomes import village
from tests.engine import generated, villages
from tests.engine.villages import WHY, rule

PRICE = "actors.upper.red_lines.pride.price"


def case_of(upper: Mapping[str, Any] | None = None, mayor: Mapping[str, Any] | None = None, **keys: Any) -> Case:
    """The villages, with more in two actors' files."""
    actors = copy.deepcopy(villages.CASE["actors"])
    actors["upper"] |= upper or {}
    actors["mayor"] |= mayor or {}
    return village(actors=actors, **keys)


def values(turns: list[dict[str, Any]]) -> dict[str, tuple[str, float | str]]:
    return {turn["path"]: (turn["direction"], turn["value"]) for turn in turns}


def numbers(case: Any, propose: Mapping[str, object] | None = None, **keys: Any) -> dict[str, Any]:
    found: dict[str, Any] = flip(case, propose, by="numbers", **keys)
    return found


def test_upper_turns_where_its_surplus_is_nought() -> None:
    """At a price of 10 it is paid 10 and would have 15 without: it lacks 5, and nobody else lacks anything."""
    found = numbers(village(), {"price": 10})
    assert found["blocked_by"] == ["upper"]
    assert values(found["numbers"]["turns"]) == {
        "actors.upper.reservation.base": ("at_most", 10.0),
        "actors.upper.preferences.price_10.points": ("at_least", 15.0),
    }
    base = found["numbers"]["turns"][0]
    assert (base["now"], base["low"], base["high"], base["range"]) == (15.0, 0.0, 30.0, "declared")
    assert (base["ranges"], base["within"], base["back_at"]) == (pytest.approx(5 / 30, abs=1e-3), True, None)
    assert base["below"] == {"value": 10.0, "agreed": True, "blocked_by": [], "outcome": None, "months": None}
    assert base["above"] == {**base["below"], "value": 10.001, "agreed": False, "blocked_by": ["upper"]}
    assert found["numbers"]["frees"] == {"upper": found["numbers"]["turns"]}


def test_an_agreement_has_two_sides_from_which_it_may_be_lost() -> None:
    """At 20 Upper and Lower have 5 to spare each."""
    found = numbers(village(), {"price": 20})
    assert found["agreed"]
    assert found["numbers"]["frees"] == {}
    assert values(found["numbers"]["turns"]) == {
        "actors.upper.reservation.base": ("at_least", 20.001),
        "actors.upper.preferences.price_20.points": ("at_most", 14.999),
        "actors.lower.reservation.base": ("at_least", -19.999),
        "actors.lower.preferences.price_20.points": ("at_most", -25.001),
    }


@pytest.mark.parametrize(
    ("price", "value", "ranges", "within"),
    [
        # At a price of 20, Upper has 5 to spare for its pride.
        ({"choices": {"never": 0.8, 40: 0.2}}, 5.0, 1 + 35 / 40, True),
        ({"choices": {"never": 0.8, 3: 0.2}}, 5.0, 1.0, True),
        ("never", 5.0, None, False),
        ({"low": 10, "high": 20}, 5.0, 1.0, False),
        ({"low": 4, "high": 20}, 5.0, 7 / 16, True),
    ],
)
def test_a_price_turns_it_from_never_as_from_elsewhere(
    price: Any, value: float, ranges: float | None, within: bool
) -> None:
    line = {**rule("pride", when={"price": 20}), "price": price}
    found = numbers(case_of(upper={"red_lines": [line]}), {"price": 20})
    [turn] = [turn for turn in found["numbers"]["turns"] if turn["path"] == PRICE]
    assert (turn["direction"], turn["value"], turn["within"]) == ("at_most", value, within)
    assert turn["ranges"] == (None if ranges is None else pytest.approx(ranges, abs=1e-3))
    assert turn["above"] == {"value": 5.001, "agreed": False, "blocked_by": ["upper"], "outcome": None, "months": None}


def test_what_might_become_never_turns_it_the_other_way() -> None:
    line = {**rule("pride", when={"price": 20}), "price": {"choices": {4: 0.8, "never": 0.2}}}
    found = numbers(case_of(upper={"red_lines": [line]}), {"price": 20})
    [turn] = [turn for turn in found["numbers"]["turns"] if turn["path"] == PRICE]
    assert (turn["now"], turn["direction"], turn["value"], turn["within"]) == (4.0, "at_least", 5.001, True)


def test_pledges_turn_where_they_cover() -> None:
    consent = [rule("cover", when={"men": ">0"}, pledges={"of": "guards", "from": ["mayor"], "cover": "men"})]
    found = numbers(village(consent=consent), {"guard": "small", "men": 10})
    assert found["blocked_by"] == ["cover"]
    assert values(found["numbers"]["turns"]) == {"actors.mayor.capacities.guards.amount": ("at_least", 10.0)}
    assert found["numbers"]["turns"][0]["unit"] == "guards"


def guarded(sending: float, base: float = -2.0, **mayor: Any) -> Case:
    """The mayor accepts a guard, with 2 to spare, and decides whether to send it: its sending rule has some points."""
    guards = {"amount": 6, "when_sent": [rule("at_home", points=sending)], **WHY}
    consent = [
        rule("both", needs=["upper", "lower"]),
        rule("cover", when={"men": ">0"}, pledges={"of": "guards", "from": ["mayor"], "cover": "men"}),
    ]
    reservation = {"base": base, **WHY}
    return case_of(mayor={"capacities": {"guards": guards}, "reservation": reservation, **mayor}, consent=consent)


GUARD = {"price": 20, "guard": "small", "men": 5}
SENDING = "actors.mayor.capacities.guards.when_sent.at_home.points"


def test_who_accepts_and_withholds_is_turned_by_what_sending_costs() -> None:
    """The mayor has 2 to spare and loses 5 by sending: it lacks 3 for that, and nothing for its verdict."""
    found = numbers(guarded(-5), GUARD)
    assert found["blocked_by"] == ["mayor"]
    assert verdicts(guarded(-5), GUARD)["actors"]["mayor"]["verdict"] == "accept"
    assert values(found["numbers"]["turns"]) == {
        SENDING: ("at_least", -2.0),
        "actors.mayor.reservation.base": ("at_most", -5.0),
    }
    [turn] = [one for one in found["numbers"]["turns"] if one["path"] == SENDING]
    assert (turn["what"], turn["owner"]) == ("what at_home counts in Mayor's decision to send guards", "mayor")
    assert (turn["below"]["agreed"], turn["below"]["blocked_by"]) == (False, ["mayor"])
    assert (turn["above"]["agreed"], turn["above"]["value"]) == (True, -2.0)


def test_who_sends_has_less_to_lose_than_who_only_accepts() -> None:
    """It loses 1 by sending and has 2 to spare: at a base 1 higher it still supports the text, and no longer sends."""
    found = numbers(guarded(-1), GUARD)
    assert found["agreed"]
    turns = values(found["numbers"]["turns"])
    assert turns[SENDING] == ("at_most", -2.001)
    assert turns["actors.mayor.reservation.base"] == ("at_least", -0.999)
    assert turns["actors.mayor.capacities.guards.amount"] == ("at_most", 4.999)
    base = {"actors.mayor.reservation.base": -0.999}
    assert verdicts(guarded(-1, base=-0.999), GUARD)["actors"]["mayor"]["verdict"] == "accept", base


@pytest.mark.parametrize(("points", "turns"), [(-3.0, True), (3.0, False)])
def test_a_sending_rule_may_ask_who_accepts(points: float, turns: bool) -> None:
    """The mayor sends for nothing, and minds, or likes, that Upper accepts."""
    asking = rule("with_upper", when={"accepted_by": "upper"}, points=points)
    guards = {"amount": 6, "when_sent": [asking], **WHY}
    consent = [rule("cover", when={"men": ">0"}, pledges={"of": "guards", "from": ["mayor"], "cover": "men"})]
    case = case_of(mayor={"capacities": {"guards": guards}}, consent=consent)
    found = numbers(case, GUARD)
    upper = {turn["path"] for turn in found["numbers"]["turns"] if turn["owner"] == "upper"}
    assert found["agreed"] != turns
    assert ("actors.upper.reservation.base" in upper) == turns  # where Upper refuses, the mayor sends
    assert upper <= {"actors.upper.reservation.base", "actors.upper.preferences.price_20.points"}


def test_lines_that_share_a_price_turn_it_together() -> None:
    """At a price of 20, Upper has 5 to spare for two prides that cost the same."""
    lines = [
        {**rule("pride", when={"price": 20}), "price": {"choices": {"never": 0.8, 40: 0.2}}},
        {**rule("honour", when={"price": 20}), "price": {"same_as": PRICE}},
    ]
    found = numbers(case_of(upper={"red_lines": lines}), {"price": 20})
    [turn] = [turn for turn in found["numbers"]["turns"] if "red_lines" in turn["path"]]
    assert (turn["path"], turn["direction"], turn["value"]) == (PRICE, "at_most", 2.5)
    assert turn["also"] == ["actors.upper.red_lines.honour.price"]
    assert found["numbers"]["tried"] == len(parameters_of(case_of(upper={"red_lines": lines}))) - 1
    [change] = [one for one in found["joint"]["changes"] if one["path"] == PRICE]
    assert change["also"] == turn["also"]


def lasting(base: float, weighs: list[dict[str, Any]], deterrence: Any = 40) -> Case:
    """Upper alone decides, and weighs what lasts: a hazard of 1 / (1 + exp((deterrence - temptation) / 5)), once."""
    return case_of(
        upper={"weighs": [{**one, **WHY} for one in weighs], "reservation": {"base": base, **WHY}},
        measures={"walls": {"says": "x", "base": deterrence, **WHY}},
        durability={
            "says": "x",
            "horizon": 1,
            "deterrence": "walls",
            "temptation": {"base": 50, **WHY},
            "scale": 5,
            **WHY,
        },
        consent=[rule("one", needs=["upper"])],
    )


def test_durability_turns_where_its_logistic_does() -> None:
    """It wants a chance of 50 in 100: temptation as large as deterrence, whatever the scale."""
    found = numbers(lasting(50, [{"measure": "durability", "weight": 1}]))
    turns = values(found["numbers"]["turns"])
    assert turns["measures.walls.base"] == ("at_least", pytest.approx(50, abs=0.01))
    assert turns["durability.temptation.base"] == ("at_most", pytest.approx(40, abs=0.01))
    chance = 100 / (1 + math.exp((50 - 40) / 5))
    assert turns["actors.upper.reservation.base"] == ("at_most", pytest.approx(chance, abs=0.002))  # kept on a grid
    assert "durability.scale" not in turns  # the odds are even at no scale


@pytest.mark.parametrize("window", [0.5, 0.05, 0.01])
def test_a_window_between_two_values_of_the_sample_is_found(window: float) -> None:
    """Durability less deterrence is largest where 20 p (1 - p) = 1, and nowhere else does Upper accept."""
    peak = (1 + math.sqrt(1 - 1 / 5)) / 2
    best = 100 * peak - (50 + 5 * math.log(peak / (1 - peak)))
    weighs = [{"measure": "durability", "weight": 1}, {"measure": "walls", "weight": -1}]
    case = lasting(best - window, weighs, deterrence={"low": 5, "mode": 10, "high": 95})
    [turn] = [turn for turn in numbers(case)["numbers"]["turns"] if turn["path"] == "measures.walls.base"]
    case_numbers = list(parameters_of(case).values())
    at = [one.path for one in case_numbers].index("measures.walls.base")
    tried = np.arange(5_000, 95_001) / 1000
    blocked = Probe(case, OutcomeSpace(case).encode(case.default)).blocked(
        with_one_moved(case_numbers, np.full(len(tried), at), tried)
    )
    agreed = tried[~blocked.any(axis=1)]
    assert (turn["value"], turn["back_at"]) == (agreed[0], pytest.approx(agreed[-1] + 0.001))
    assert len(agreed) < 10_000


def test_who_heeds_a_line_is_freed_with_its_owner() -> None:
    """The mayor draws back from a line that Upper has declared, unless Upper lets it go."""
    line = {**rule("pride", when={"price": 20}), "price": 9, "declared": True}
    case = case_of(
        upper={"red_lines": [line]},
        mayor={"preferences": [rule("heeds", when={"declared_red_line": "upper"}, points=-4)]},
        consent=[rule("all", needs=["upper", "lower", "mayor"])],
    )
    found = numbers(case, {"price": 20})
    assert found["blocked_by"] == ["upper", "mayor"]
    turns = values(found["numbers"]["turns"])
    assert turns[PRICE] == ("at_most", 5.0)
    assert "actors.mayor.reservation.base" not in turns
    assert {turn["path"]: turn["value"] for turn in found["numbers"]["frees"]["mayor"]} == {
        PRICE: 5.0,
        "actors.upper.reservation.base": 11.0,
        "actors.upper.preferences.price_20.points": 24.0,
        "actors.mayor.reservation.base": -4.0,
        "actors.mayor.preferences.heeds.points": 0.0,
    }


def test_a_plain_nought_is_as_wide_as_the_middle_one_of_its_kind() -> None:
    found = parameters_of(village())  # the bases are 15, -25 and 0
    mayor = found["actors.mayor.reservation.base"]
    assert (mayor.low, mayor.high, mayor.range) == (-20.0, 20.0, "declared")  # between 30 and 50 lies 40


@pytest.mark.parametrize("name", ["ukraine_2025", "flatmates"])
def test_every_number_has_a_name_of_its_own_and_lies_in_its_range(name: str) -> None:
    found = parameters_of(load_case(case_paths.find(name)))
    assert len({one.what for one in found.values()}) == len(found)
    for one in found.values():
        assert one.low <= one.present <= one.high or math.isinf(one.present)
        assert one.least <= one.low
        assert one.high <= one.most


@pytest.mark.slow
def test_only_numbers_of_one_kind_move() -> None:
    scenario = load_scenario(case_paths.find("european_force"))
    every, some = (numbers(scenario, only=only) for only in (None, "sourced"))
    assert {turn["kind"] for free in some["numbers"]["frees"].values() for turn in free} == {"sourced"}
    assert some["numbers"]["tried"] < every["numbers"]["tried"]
    assert some["only"] == "sourced"


def test_what_a_scenario_changed_is_its_assumption() -> None:
    changed = load_scenario(case_paths.find("house_rules"), {"actors.cleo.reservation.base": -20})
    [turn] = [one for one in numbers(changed)["numbers"]["turns"] if one["path"] == "actors.cleo.reservation.base"]
    assert (turn["now"], turn["kind"], turn["assumption"]) == (-20.0, "assumed", "changed by scenario house_rules")


def test_a_case_has_no_talks() -> None:
    with pytest.raises(UsageError) as mistake:
        flip(village(), talks=True)
    assert str(mistake.value).startswith("a case has no talks.")


def confirmed(name: str, turn: Mapping[str, Any], propose: Mapping[str, Any] | None = None) -> None:
    """Both sides of a turn come out as they are told when the number is set in the scenario's file."""
    for side in (turn["below"], turn["above"]):
        moves = {turn["path"]: side["value"]} if side["value"] != turn["now"] else {}
        changes = {**moves, **{f"proposal.{issue}": one for issue, one in (propose or {}).items()}}
        scenario = load_scenario(case_paths.find(name), changes)
        judged, run = verdicts(scenario), play(scenario)
        assert (judged["agreed"], judged["blocked_by"]) == (side["agreed"], side["blocked_by"])
        ended = Outcome(int(run.outcome[0])).word, int(run.ended[0])
        assert ended == (side["outcome"], side["months"])


@pytest.mark.slow
def test_russias_price_turns_the_force_with_concessions() -> None:
    found = numbers(load_scenario(case_paths.find("force_with_concessions")), talks=True)
    [turn] = [one for one in found["numbers"]["turns"] if one["within"]]
    assert turn["path"] == "actors.russia.red_lines.western_troops.price"
    assert (turn["now"], turn["direction"], turn["kind"]) == ("never", "at_most", "assumed")
    assert "C35" in turn["source"]
    # Nothing else is in the way: at that price Russia has next to nothing to spare, and a thousandth more is too much.
    russia = [
        verdicts(load_scenario(case_paths.find("force_with_concessions"), {turn["path"]: turn[side]["value"]}))[
            "actors"
        ]["russia"]
        for side in ("below", "above")
    ]
    assert [one["verdict"] for one in russia] == ["accept", "red_line"]
    assert russia[0]["surplus"] < 0.01
    confirmed("force_with_concessions", turn)
    assert found["talks"]["turns"]
    for one in found["talks"]["turns"]:
        assert (one["below"]["outcome"] == "agreed") != (one["above"]["outcome"] == "agreed")
        confirmed("force_with_concessions", one)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["european_force", "force_with_concessions", "warm_flat"])
def test_what_frees_one_who_blocks_does_so_when_the_files_say_it(name: str) -> None:
    """The nearest number of every kind that frees anybody who blocks."""
    frees = numbers(load_scenario(case_paths.find(name)))["numbers"]["frees"]
    kinds: dict[str, tuple[str, dict[str, Any]]] = {}
    for blocker, found in frees.items():
        for turn in found:
            *_, part, _, _ = ("", *turn["path"].split("."))
            kinds.setdefault(part, (blocker, turn))
    assert kinds
    for blocker, turn in kinds.values():
        assert (blocker in turn["below"]["blocked_by"]) != (blocker in turn["above"]["blocked_by"])
        confirmed(name, turn)


def test_a_price_that_is_set_is_known_to_the_drafters() -> None:
    """Of a price that may be never they expect the highest that it may be; of one that a file sets, that it is so."""
    source = villages.scenario({"price": 20}, {"name": "single_text", "months": 6, "negotiable": ["price"]})
    line = {**rule("pride", when={"price": [10, 20]}), "price": {"choices": {"never": 0.8, 4: 0.2}}}
    source["case"]["actors"]["upper"]["red_lines"] = [line]
    scenario = build_scenario(source)
    every, values_ = parameters_of(scenario), [0.0, 4.0, 5.0, 6.0, math.inf]
    endings = TalksProbe(scenario).endings(with_values(every, [{PRICE: value} for value in values_]))
    for value, end in zip(values_, endings, strict=True):
        changes = {} if math.isinf(value) else {PRICE: value}
        run = play(build_scenario(source, changes))
        assert end == {"outcome": Outcome(int(run.outcome[0])).word, "months": int(run.ended[0])}


def test_a_proposal_of_ones_own_is_judged_and_played() -> None:
    terms = {"cleaning": "rota", "rent": "by_room"}
    found = numbers(load_scenario(case_paths.find("warm_flat")), terms)
    assert found["agreed"]
    within = [one for one in found["numbers"]["turns"] if one["within"]]
    assert within
    for turn in within:
        confirmed("warm_flat", turn, terms)


@pytest.mark.slow
@settings(max_examples=15)
@given(generated.scenarios(), st.integers(0, 99))
def test_each_turn_turns_and_none_is_nearer(data: dict[str, Any], seed: int) -> None:
    random = Random(seed)
    scenario = build_scenario(data | {"proposal": {"land": "half", "troops": 10}})
    found = numbers(scenario)
    joint = found["joint"]
    assert joint["size"] is None or joint["at"]["agreed"] != found["agreed"]
    for turn in random.sample(found["numbers"]["turns"], min(3, len(found["numbers"]["turns"]))):
        assert turn["below"]["agreed"] != turn["above"]["agreed"]
        assert turn["above"]["value"] == "never" or turn["above"]["value"] - turn["below"]["value"] < 0.0011
        for side in (turn["below"], turn["above"]):
            judged = verdicts(build_scenario(data | {"changes": {turn["path"]: side["value"]},
                                                     "proposal": {"land": "half", "troops": 10}}))  # fmt: skip
            assert (judged["agreed"], judged["blocked_by"]) == (side["agreed"], side["blocked_by"])
    case_numbers = list(parameters_of(scenario).values())
    probe = Probe(scenario.case, OutcomeSpace(scenario.case).encode(scenario.proposal))
    for at, one in enumerate(case_numbers):
        if one.path != one.draw:
            continue  # it moves with the number that it copies
        tried = _nearer(one, [turn for turn in found["numbers"]["turns"] if turn["path"] == one.path], random)
        blocked = probe.blocked(with_one_moved(case_numbers, np.full(len(tried), at), tried)).any(axis=1)
        assert set(blocked.tolist()) <= {not found["agreed"]}, one.path


def _nearer(one: Parameter, turns: list[dict[str, Any]], random: Random) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Values of the range that lie between the present one and its turns: an even lot, and some at random."""
    low, high = one.low, max(one.high, one.present if math.isfinite(one.present) else one.high)
    for turn in turns:
        beyond = turn["value"]
        if turn["direction"] == "at_most":
            low = max(low, turn["above"]["value"])
        elif beyond != "never":
            high = min(high, turn["below"]["value"])
    if one.range == "none" or low > high:
        return np.array([one.present])
    lot = [*np.linspace(low, high, 200), *(random.uniform(low, high) for _ in range(50))]
    return np.clip(np.round(lot, 3), low, high)


def test_a_capacity_alone_may_be_uncertain() -> None:
    """Consent is weighed for every world, though all answer the same in all of them."""
    actors = copy.deepcopy(villages.CASE["actors"])
    actors["mayor"]["capacities"]["guards"]["amount"] = {"low": 0, "high": 10}
    consent = [rule("cover", when={"men": ">0"}, pledges={"of": "guards", "from": ["mayor"], "cover": "men"})]
    case = build_case({**copy.deepcopy(villages.CASE), "actors": actors, "consent": consent})
    judged = verdicts(case, {"guard": "small", "men": 5}, worlds=1000)
    assert judged["agreed_share"] == pytest.approx(0.5, abs=0.06)
