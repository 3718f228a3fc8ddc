"""What the drafters do with a text that fails, on cases worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from sim.negotiation.model import DeliberationModel
from sim.negotiation.moves import Move, Phase
from sim.negotiation.record.history import Outcome, Run
from sim.negotiation.record.summary import summarise
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import build_scenario
from tests.engine.villages import WHY, rule, scenario

FIXED_MEN = {"name": "single_text", "months": 4, "amend_terms": 1, "negotiable": ["price"], "patience": 0}


def ended(run: Run) -> tuple[str, int]:
    return Outcome(int(run.outcome[0])).word, int(run.ended[0])


@pytest.mark.parametrize(("capacity", "end"), [(10, ("agreed", 2)), (9, ("impasse", 1))])
def test_a_text_stands_for_those_who_hold_out_unless_pledges_fall_short_whatever_they_answer(
    capacity: int, end: tuple[str, int]
) -> None:
    """Lower has 5 points and asks for 6 in month 1 and 4 in month 2; no price suits it better that suits Upper too."""
    source = scenario({"price": 20, "guard": "large", "men": 10}, FIXED_MEN)
    actors = source["case"]["actors"]
    actors["lower"]["aspiration"] = {"opening": 8, "e": 1, **WHY}
    actors["mayor"]["capacities"]["guards"]["amount"] = capacity
    pledges = {"of": "guards", "from": ["mayor"], "cover": "men"}
    source["case"]["consent"].append(rule("guarded", when={"men": ">0"}, pledges=pledges))
    assert ended(play(build_scenario(source))) == end


def texts(source: dict[str, Any], *names: str) -> list[tuple[Any, ...]]:
    """Some terms of the text of each month."""
    told = summarise(play(build_scenario(source)))
    return [tuple(month["text"][name] for name in names) for month in told["timeline"]]


def test_a_known_line_that_is_crossed_already_does_not_bar_a_draft_that_comes_closer() -> None:
    """Lower lacks 17 at 30 and 7 at 20; it had declared its red line, and either text crosses it."""
    source = scenario({"price": 30, "guard": "large", "men": 10}, {**FIXED_MEN, "months": 2})
    line = rule("no_army", when={"guard": "large"}, price=12, declared=True)
    source["case"]["actors"]["lower"]["red_lines"] = [line]
    assert texts(source, "price", "guard") == [(30, "large"), (20, "large")]


def test_a_known_line_is_not_newly_crossed_while_its_owner_would_block() -> None:
    """Guards would bring the Mayor's consent closer, but Lower would defend its declared red line against them."""
    source = scenario({"price": 20}, {**FIXED_MEN, "months": 2, "negotiable": ["guard", "men"]})
    actors, consent = source["case"]["actors"], source["case"]["consent"]
    consent[0]["needs"].append("mayor")
    actors["mayor"]["reservation"]["base"] = 3
    actors["mayor"]["preferences"] = [rule("guards", when={"guard": ["small", "large"]}, points=4)]
    assert texts(source, "guard")[1:] == [("small",)]
    actors["lower"]["red_lines"] = [rule("no_army", when={"guard": ["small", "large"]}, price=12, declared=True)]
    assert texts(source, "guard") == [("none",)]


@pytest.mark.parametrize(("capacity", "tabled"), [(5, ["none", "small"]), (4, ["none"])])
def test_no_more_is_asked_for_than_all_that_there_is(capacity: int, tabled: list[str]) -> None:
    """Lower lacks 2 points, and a small guard is worth 3 to it; five men are the fewest that a guard has."""
    source = scenario({"price": 20}, {**FIXED_MEN, "negotiable": ["guard", "men"]})
    actors = source["case"]["actors"]
    actors["lower"]["reservation"]["base"] = -18
    actors["lower"]["preferences"].append(rule("guards", when={"guard": "small"}, points=3))
    actors["mayor"]["capacities"]["guards"]["amount"] = capacity
    pledges = {"of": "guards", "from": ["mayor"], "cover": "men"}
    source["case"]["consent"].append(rule("guarded", when={"men": ">0"}, pledges=pledges))
    assert [guard for (guard,) in texts(source, "guard")] == tabled


@pytest.mark.parametrize(("amends", "last"), [(False, 3), (True, 4)])
def test_patience_begins_again_when_a_person_changes_the_text(amends: bool, last: int) -> None:
    """A month is waited in vain, then Upper is played by a person for one draft; a pass adds nothing to the wait.

    Patience is for one month: without a draft by anybody the talks end after the second.
    """
    protocol = {"name": "single_text", "months": 9, "negotiable": ["guard", "men"], "patience": 1}
    model = DeliberationModel(build_scenario(scenario({"price": 30}, protocol)), rng=0)
    model.step()
    while (model.month, model.phase) != (2, Phase.AMENDMENT):
        model.advance()
    model.seats = {"upper"}
    model.give("upper", Move(amend={"guard": "small", "men": 5} if amends else {}))
    model.advance()
    model.seats = ()
    model.run_model()
    assert ended(model.result) == ("impasse", last)


@pytest.mark.parametrize("events", [[], [{"month": 3, "says": "It rains", "set": {"drought": 0}}]])
def test_what_can_be_given_up_is_given_up_at_once_whatever_is_announced(events: list[dict[str, Any]]) -> None:
    """Lower never takes an army; without one it agrees in month 2. To wait for the rain would not help."""
    protocol = {**FIXED_MEN, "negotiable": ["guard", "men"]}
    source = scenario({"price": 20, "guard": "large", "men": 10}, protocol, events=events)
    army = rule("no_army", when={"guard": ["small", "large"]}, price="never", declared=True)
    source["case"]["actors"]["lower"]["red_lines"] = [army]
    told = summarise(play(build_scenario(source)))
    _, second = told["timeline"]
    assert (second["move"]["kind"], second["text"]["guard"]) == ("retreat", "none")
    assert (told["outcome"], told["months"]) == ("agreed", 2)


@pytest.mark.parametrize(("events", "end"), [([], ("impasse", 1)), ([3], ("agreed", 3))])
def test_where_nothing_can_be_given_up_the_text_waits_for_what_is_announced(
    events: list[int], end: tuple[str, int]
) -> None:
    """Lower would lose 5 at 30; in month 3 it hears of rain, and pays 30 from then on."""
    happening = [{"month": month, "says": "It rains", "set": {"drought": 1}} for month in events]
    protocol = {**FIXED_MEN, "negotiable": ["guard", "men"], "months": 6}
    source = scenario({"price": 30}, protocol, events=happening)
    source["case"]["context"]["drought"]["drift"] = 0
    reservation = source["case"]["actors"]["lower"]["reservation"]
    reservation["slopes"] = [{"context": "drought", "points": -10, **WHY}]
    assert ended(play(build_scenario(source))) == end
