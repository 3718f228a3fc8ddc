"""Whose acceptance a text needs: each kind of consent rule, by every combination of answers."""

from __future__ import annotations

import copy
import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.case.models import Case
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.rule_matrix import CompiledRules
from sim.engine.verdict_rules import Assessment, Verdict
from sim.engine.voting.consent import Consent, consent
from sim.engine.voting.needed_actors import required_actors
from sim.negotiation.scenario_loader import build_scenario
from tests.engine.villages import WHY, rule, scenario

NOUGHT = np.zeros((1, 1))


def vote(verdict: Verdict) -> Assessment:
    return Assessment(NOUGHT, NOUGHT, NOUGHT > 0, NOUGHT, NOUGHT, given=np.array([[verdict]], dtype=np.uint8))


def case_with(asked: dict[str, Any]) -> Case:
    source = scenario({"price": 20, "guard": "small", "men": 5}, {"name": "one_shot"})
    source["case"]["consent"] = [rule("asked", **asked)]
    return build_scenario(source).case


def apply_consent_rules(asked: dict[str, Any], **verdicts: Verdict) -> Consent:
    case = case_with(asked)
    text = OutcomeSpace(case).encode({"price": 20, "guard": "small", "men": 5})
    votes = {name: vote(verdicts.get(name, Verdict.ACCEPT)) for name in case.actors}
    pledged = {"guards": {"mayor": np.array([[6.0]])}}
    return consent(case, CompiledRules(case).read(text[None]), votes, pledged)


def agreed(asked: dict[str, Any], **verdicts: Verdict) -> bool:
    return bool(apply_consent_rules(asked, **verdicts).agreed[0, 0])


def test_a_quorum_counts_answers_that_differ_from_text_to_text_and_answers_that_do_not() -> None:
    case = case_with({"quorum": {"of": ["upper", "lower", "mayor"], "at_least": 2}})
    texts = np.stack([OutcomeSpace(case).encode({"price": price, "guard": "none", "men": 0}) for price in (0, 20)])
    votes = {name: vote(Verdict.ACCEPT if name == "mayor" else Verdict.HOLDING_OUT) for name in case.actors}
    votes["upper"] = Assessment(*[NOUGHT] * 2, NOUGHT > 0, *[NOUGHT] * 2, given=np.array([[0, 3]], dtype=np.uint8))
    assert consent(case, CompiledRules(case).read(texts), votes, {}).agreed.tolist() == [[False, True]]


def blockers(asked: dict[str, Any], **verdicts: Verdict) -> list[str]:
    return [name for name, blocks in apply_consent_rules(asked, **verdicts).blockers.items() if blocks[0, 0]]


@pytest.mark.parametrize(("upper", "lower"), list(itertools.product(Verdict, Verdict)))
def test_needs_are_met_by_acceptance_alone(upper: Verdict, lower: Verdict) -> None:
    both = {"needs": ["upper", "lower"]}
    assert agreed(both, upper=upper, lower=lower) == (upper == lower == Verdict.ACCEPT)
    withheld = [name for name, verdict in (("lower", lower), ("upper", upper)) if verdict != Verdict.ACCEPT]
    assert blockers(both, upper=upper, lower=lower) == withheld


@pytest.mark.parametrize("upper", list(Verdict))
def test_a_veto_is_a_refusal_and_holding_out_is_an_abstention(upper: Verdict) -> None:
    refused = upper in (Verdict.RED_LINE, Verdict.WORSE_THAN_NO_DEAL)
    assert agreed({"veto": ["upper", "lower"]}, upper=upper) is not refused


@pytest.mark.parametrize("accepting", range(4))
def test_a_quorum_counts_acceptances(accepting: int) -> None:
    names = ["lower", "upper", "mayor"]
    votes = {name: Verdict.ACCEPT if at < accepting else Verdict.HOLDING_OUT for at, name in enumerate(names)}
    asked = {"quorum": {"of": names, "at_least": 2}}
    assert agreed(asked, **votes) == (accepting >= 2)
    withheld = [name for name in ("lower", "upper", "mayor") if votes[name] != Verdict.ACCEPT]
    assert blockers(asked, **votes) == ([] if accepting >= 2 else withheld)


def test_pledges_cover_the_number_of_the_option() -> None:
    asked = {"pledges": {"of": "guards", "from": ["mayor"], "cover": "men"}}
    assert agreed(asked)
    assert blockers(asked, mayor=Verdict.HOLDING_OUT) == ["mayor"]


def test_sending_may_differ_from_world_to_world_where_no_verdict_does() -> None:
    case = case_with({"pledges": {"of": "guards", "from": ["mayor"], "cover": "men"}})
    text = OutcomeSpace(case).encode({"price": 20, "guard": "small", "men": 5})
    votes = {name: Assessment(NOUGHT, NOUGHT, NOUGHT > 0, NOUGHT, NOUGHT) for name in case.actors}
    votes["mayor"] = replace(votes["mayor"], sending={"guards": np.array([[-1.0], [0.0]])})
    weighed = consent(case, CompiledRules(case).read(text[None]), votes, {"guards": {"mayor": np.array([[6.0]])}})
    assert weighed.agreed.tolist() == [[False], [True]]
    assert weighed.blockers["mayor"].tolist() == [[True], [False]]


def test_a_rule_that_does_not_apply_asks_for_nothing() -> None:
    assert agreed({"needs": ["upper"], "when": {"guard": "large"}}, upper=Verdict.RED_LINE)


def test_one_rule_may_ask_for_several_things() -> None:
    asked = {"needs": ["upper"], "veto": ["lower"]}
    assert agreed(asked, lower=Verdict.HOLDING_OUT)
    assert not agreed(asked, lower=Verdict.RED_LINE)
    assert not agreed(asked, upper=Verdict.HOLDING_OUT)


@pytest.mark.parametrize(
    ("asked", "indispensable"),
    [
        ({"needs": ["upper"]}, ["upper"]),
        ({"veto": ["lower"]}, ["lower"]),
        ({"quorum": {"of": ["upper", "lower", "mayor"], "at_least": 2}}, []),
        ({"quorum": {"of": ["upper", "lower"], "at_least": 2}}, ["lower", "upper"]),
        ({"pledges": {"of": "guards", "from": ["mayor"], "cover": "men"}}, ["mayor"]),
    ],
)
def test_needed_is_who_cannot_be_done_without(asked: dict[str, Any], indispensable: list[str]) -> None:
    case = case_with(asked)
    matrix = CompiledRules(case).read(OutcomeSpace(case).encode({"price": 20, "guard": "small", "men": 5})[None])
    who = required_actors(case, matrix, {"guards": {"mayor": np.array([[6.0]])}})
    assert [name for name, one in who.items() if one[0, 0]] == indispensable


@pytest.mark.parametrize(
    ("own", "other", "men", "indispensable"),
    [
        (6, 5, 5, False),  # the other covers all of it, to the last man
        (6, 4, 5, True),
        (0, 6, 5, False),
        (3, 3, 10, True),  # too little even together: without either it is less
    ],
)
def test_of_those_who_pledge_one_is_needed_without_whom_the_rest_fall_short(
    own: float, other: float, men: int, indispensable: bool
) -> None:
    source = scenario({"price": 20, "guard": "small", "men": 5}, {"name": "one_shot"})
    source["case"]["actors"]["upper"]["capacities"] = {"guards": {"amount": other, **WHY}}
    source["case"]["consent"] = [rule("asked", pledges={"of": "guards", "from": ["mayor", "upper"], "cover": "men"})]
    case = build_scenario(source).case
    matrix = CompiledRules(case).read(OutcomeSpace(case).encode({"price": 20, "guard": "small", "men": men})[None])
    amounts = {"mayor": np.array([[float(own)]]), "upper": np.array([[float(other)]])}
    assert bool(required_actors(case, matrix, {"guards": amounts})["mayor"][0, 0]) == indispensable


@pytest.mark.parametrize(
    ("amount", "mayor", "stuck"),
    [
        (6.0, Verdict.ACCEPT, 0),
        (4.0, Verdict.ACCEPT, 1),  # nobody withholds anything: it is the rule itself that is not met
        (6.0, Verdict.HOLDING_OUT, 0),
        (4.0, Verdict.HOLDING_OUT, 0),  # the Mayor stands in the way, and is counted as a blocker already
    ],
)
def test_a_rule_is_stuck_only_where_nobody_withholds_what_it_asks(amount: float, mayor: Verdict, stuck: int) -> None:
    case = case_with({"pledges": {"of": "guards", "from": ["mayor"], "cover": "men"}})
    text = OutcomeSpace(case).encode({"price": 20, "guard": "small", "men": 5})
    votes = {name: vote(mayor if name == "mayor" else Verdict.ACCEPT) for name in case.actors}
    weighed = consent(case, CompiledRules(case).read(text[None]), votes, {"guards": {"mayor": np.array([[amount]])}})
    assert weighed.stuck.tolist() == [[stuck]]
    assert weighed.agreed.tolist() == [[(amount, mayor) == (6.0, Verdict.ACCEPT)]]


def test_answers_of_unlike_shapes_are_taken_together() -> None:
    """One rule is the same in all worlds and for all texts, another is not."""
    alike, unlike = np.zeros((1, 1), dtype=bool), np.array([[True, False, False], [False, False, True]])
    found = Consent({"same": alike, "other": unlike}, {}, {}, np.zeros((2, 3), dtype=np.uint8))
    assert found.agreed.tolist() == (~unlike).tolist()


def test_pledges_of_unlike_shapes_are_added_up() -> None:
    source = scenario({"price": 20, "guard": "small", "men": 5}, {"name": "one_shot"})
    pledge = {"of": "guards", "from": ["mayor", "upper"], "cover": "men"}
    source["case"]["consent"] = [rule("asked", pledges=pledge)]
    actors = source["case"]["actors"]
    actors["upper"]["capacities"] = copy.deepcopy(actors["mayor"]["capacities"])
    case = build_scenario(source).case
    text = OutcomeSpace(case).encode({"price": 20, "guard": "small", "men": 5})
    pledged = {"guards": {"mayor": np.array([[3.0]]), "upper": np.array([[1.0], [3.0], [6.0]])}}
    needed = required_actors(case, CompiledRules(case).read(text[None]), pledged)
    assert needed["mayor"][:, 0].tolist() == [True, True, False]
    assert np.broadcast_to(needed["upper"], (3, 1))[:, 0].tolist() == [True, True, True]


PLEDGES = {"pledges": {"of": "guards", "from": ["mayor"], "cover": "men"}}


@pytest.mark.parametrize(
    ("quorum", "accepting", "met"),
    [
        ({"of": {"upper": 0.1, "lower": 0.2, "mayor": 1}, "at_least": 0.3}, ["upper", "lower"], True),
        ({"of": {"upper": 0.1, "lower": 0.2, "mayor": 1}, "more_than": 0.3}, ["upper", "lower"], False),
        ({"of": {"upper": 4, "lower": 2, "mayor": 3}, "at_least": "2/3"}, ["upper", "lower"], True),
        ({"of": {"upper": 4, "lower": 2, "mayor": 3}, "more_than": "2/3"}, ["upper", "lower"], False),
        ({"of": {"upper": 4, "lower": 2, "mayor": 3}, "at_least": "55%"}, ["lower", "mayor"], True),
        ({"of": ["upper", "lower", "mayor"], "at_least": "66.7%"}, ["upper", "lower"], False),
    ],
)
def test_votes_and_shares_are_counted_exactly(quorum: dict[str, Any], accepting: list[str], met: bool) -> None:
    refusing = {name: Verdict.RED_LINE for name in ("upper", "lower", "mayor") if name not in accepting}
    assert agreed({"quorum": quorum}, **refusing) == met


def test_two_majorities_are_counted_together() -> None:
    """55% of the states with 65% of the people, as in the Council of the European Union."""
    states = {"quorum": {"of": ["upper", "lower", "mayor"], "at_least": "55%"}}
    people = {"quorum": {"of": {"upper": 60, "lower": 30, "mayor": 10}, "at_least": "65%"}}
    both = {"all": [states, people]}
    assert agreed(both, mayor=Verdict.RED_LINE)
    assert blockers(both, upper=Verdict.RED_LINE) == ["upper"]
    assert blockers(both, lower=Verdict.RED_LINE) == []
    assert blockers(both, lower=Verdict.RED_LINE, mayor=Verdict.RED_LINE) == ["lower", "mayor"]


def test_an_alternative_that_is_met_leaves_nobody_in_the_way() -> None:
    either = {"any": [PLEDGES, {"needs": ["upper", "lower"]}]}
    assert blockers(either, mayor=Verdict.RED_LINE) == blockers(either, upper=Verdict.RED_LINE) == []
    assert sorted(blockers(either, upper=Verdict.RED_LINE, mayor=Verdict.RED_LINE)) == ["mayor", "upper"]


def test_pledges_of_an_alternative_that_fall_short_are_stuck_unless_somebody_withholds_the_other() -> None:
    case = case_with({"any": [PLEDGES, {"needs": ["upper"]}]})
    matrix = CompiledRules(case).read(OutcomeSpace(case).encode({"price": 20, "guard": "small", "men": 5})[None])
    few = {"guards": {"mayor": np.array([[4.0]])}}
    needed = required_actors(case, matrix, few)
    assert [name for name, where in needed.items() if where.any()] == ["upper"]
    refused = consent(
        case, matrix, {**dict.fromkeys(case.actors, vote(Verdict.ACCEPT)), "upper": vote(Verdict.RED_LINE)}, few
    )
    assert (refused.stuck[0, 0], refused.blockers["upper"][0, 0], refused.blockers["mayor"][0, 0]) == (0, True, False)
    case = case_with({"any": [PLEDGES, {"all": [PLEDGES, {"needs": ["upper"]}]}]})
    short = consent(case, matrix, dict.fromkeys(case.actors, vote(Verdict.ACCEPT)), few)
    assert (short.stuck[0, 0], any(blocks.any() for blocks in short.blockers.values())) == (1, False)
