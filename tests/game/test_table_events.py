"""An event in the middle of a phase: which answers stand, and which are asked for again."""

from __future__ import annotations

import pytest

from sim.case.loader import add_event
from sim.errors import CaseError
from sim.game.session import views
from sim.game.session.table import GameTable
from sim.negotiation.scenario_loader import build_scenario
from tests.game.hall import Hall


def begun() -> Hall:
    """A game of the headline with Ukraine and the US, who answer first, and France and the UK, who follow."""
    registry = Hall()
    registry.seat("ukraine", "us", "france", "uk")
    registry.teach("start")
    return registry


def stands(table: GameTable) -> tuple[str, tuple[str, ...], list[str]]:
    """The phase, who is waited for, and whose moves stand."""
    return table.stage, table.waiting, sorted(table.pending)


def test_first_answers_are_asked_for_again_after_an_event() -> None:
    """The event happens at once, so what was said of the text before it counts no more."""
    registry = begun()
    table = registry.table()
    registry.vote("ukraine", "red_line")
    assert stands(table) == ("reactions", ("us",), ["ukraine"])
    version = table.version
    registry.teach("inject", id="us_halts_aid")
    assert stands(table) == ("reactions", ("ukraine", "us"), [])
    assert table.version > version
    registry.vote("us")
    assert table.stage == "reactions"  # Ukraine has not answered the text as it is now
    registry.vote("ukraine", "accept")
    assert table.stage == "pledges"
    assert table.history()[0]["answers"]["ukraine"]["verdict"] == "accept"


def test_who_does_not_answer_again_is_left_to_its_rules() -> None:
    """The vote given before the event is gone for good: it does not count when the teacher closes the phase."""
    registry, without = begun(), begun()
    registry.vote("ukraine", "red_line")
    for one in (registry, without):
        one.teach("inject", id="us_halts_aid")
        one.vote("us")
        one.teach("next")
    answers = [one.table().history()[0]["answers"]["ukraine"]["verdict"] for one in (registry, without)]
    assert answers[0] == answers[1] != "red_line"


def test_later_answers_are_asked_for_again_too() -> None:
    """The event counts from the next text on, but whoever has answered did not know of it."""
    registry = begun()
    table = registry.table()
    registry.vote("ukraine")
    registry.vote("us")
    registry.vote("france", "holding_out")
    version = table.version
    registry.teach("inject", id="us_halts_aid")
    assert stands(table) == ("pledges", ("france", "uk"), [])
    assert table.version > version
    asked = views.seat(registry.session, "france")["you"]["asked_again"]
    assert (asked["why"], asked["move"]["verdict"]) == ("event", "holding_out")
    assert views.seat(registry.session, "uk")["you"]["asked_again"] is None
    registry.vote("uk", "holding_out")
    assert table.stage == "pledges"
    registry.vote("france", "accept")
    assert table.stage == "amendment"
    assert views.seat(registry.session, "france")["you"]["asked_again"] is None


def test_an_event_of_month_1_is_labelled_month_1() -> None:
    registry = begun()
    registry.vote("ukraine")
    registry.vote("us")
    registry.teach("inject", id="us_halts_aid")
    view = views.public(registry.session, registry.table())
    [event] = view["events"]
    assert (event["month"], event["counts_from"]) == (1, 2)
    assert view["history"][0]["events"] == [event["says"]]
    registry.teach("undo")
    assert views.public(registry.session, registry.table())["events"] == []


def test_undo_says_whose_answers_it_takes_back_and_tells_them() -> None:
    registry = begun()
    registry.vote("ukraine", "red_line", says="Never.")
    registry.vote("us")
    registry.vote("france")
    [table] = views.teacher(registry.session)["tables"]
    assert table["undoes"] == ["ukraine", "us", "france"]
    registry.teach("undo")
    asked = {name: views.seat(registry.session, name)["you"]["asked_again"] for name in ("ukraine", "france", "uk")}
    assert asked["ukraine"]["why"] == "undo"
    assert asked["ukraine"]["move"]["says"] == "Never."
    assert asked["france"] == {"why": "undo", "move": None}  # its phase is not open now
    assert asked["uk"] is None


def test_an_event_is_checked_as_in_a_file_without_reading_the_case_again() -> None:
    scenario = Hall().session.scenario
    event = {"month": 2, "set": {"us_aid": 0.5}, "says": "Aid is halved", "announced": False}
    grown = add_event(add_event(scenario, event), {**event, "month": 3})
    built = build_scenario({**scenario.source, "events": [event, {**event, "month": 3}]})
    assert (grown.events, grown.source) == (built.events, built.source)
    assert grown.case is scenario.case
    for wrong in ({**event, "month": 99}, {**event, "set": {"us_aid": 9, "rain": 1}}, {**event, "set": {}}, {}):
        with pytest.raises(CaseError) as said:
            add_event(scenario, wrong)
        with pytest.raises(CaseError) as in_a_file:
            build_scenario({**scenario.source, "events": [wrong]})
        assert said.value.problems == in_a_file.value.problems
