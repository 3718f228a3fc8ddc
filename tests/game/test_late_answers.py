"""Answers that the rules gave for people: they are marked, the people are told, and may still answer themselves."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sim.game.debrief.debrief import debrief
from sim.game.debrief.table_results import tables_of
from sim.game.session import views
from sim.game.session.log import LogEntry
from sim.game.session.rejections import RejectedActionError
from sim.game.session.session import Session
from sim.report.document.debrief_html import tables
from sim.strings import Strings
from tests.game.hall import Hall, state

HOUSE = "house_rules"


def timed(minutes: float | None = 0.5, **settings: Any) -> Hall:
    """Ben at a table whose first phase has just run out of time."""
    registry = Hall(HOUSE, minutes=minutes, **settings)
    registry.seat("ben")
    registry.teach("start")
    return registry


def run_out(registry: Hall) -> None:
    registry.now += 60
    registry.do("clock", "timeout", table=1)


def heard(registry: Hall, month: int, actor: str = "ben") -> dict[str, Any]:
    history = views.public(registry.session, registry.table())["history"]
    return dict(next(entry["answers"][actor] for entry in history if entry["month"] == month))


def test_an_answer_given_because_time_was_up_says_so_everywhere() -> None:
    registry = timed()
    run_out(registry)
    assert heard(registry, 1)["by_agent"] == "time"
    assert heard(registry, 1, "cleo")["by_agent"] is None  # nobody sits there
    late = views.seat(registry.session, "ben")["you"]["late"]
    assert (late["why"], late["month"], late["open"]) == ("time", 1, True)
    session = registry.session
    report = debrief(session.scenario, tables_of(session))
    [month] = report["tables"][0]["timeline"][:1]
    assert month["reactions"]["ben"]["by_agent"] == "time"
    rows = tables(json.loads(json.dumps(report)), Strings.load())["answers.csv"].splitlines()
    assert "given_by" in rows[0]
    assert any('"agent, time was up"' in row and '"Ben"' in row for row in rows)


@pytest.mark.parametrize(("kind", "why"), [("next", "next"), ("finish", "next")])
def test_so_does_one_given_because_the_teacher_went_on(kind: str, why: str) -> None:
    registry = timed()
    registry.teach(kind)
    assert heard(registry, 1)["by_agent"] == why


def test_so_does_one_given_because_the_last_seat_waited_for_was_handed_over() -> None:
    registry = Hall()
    registry.seat("ukraine", "us", "france")
    registry.teach("start")
    registry.vote("ukraine")
    registry.teach("agent", table=1, actor="us")
    assert registry.table().stage == "pledges"
    assert heard(registry, 1, "us")["by_agent"] == "agent"
    assert not views.seat(registry.session, "us")["you"]["late"]["open"]
    registry.teach("person", table=1, actor="us")
    assert views.seat(registry.session, "us")["you"]["late"]["open"]


def test_a_person_may_answer_until_the_next_text() -> None:
    """The answer takes the place of the rules' answer, and its words are heard."""
    registry = Hall()
    registry.seat("ukraine", "us", "france", "uk")
    registry.teach("start")
    first = registry.table().version
    registry.vote("us")
    registry.teach("next")
    open_phase, clock = registry.table().version, registry.table().clock
    registry.vote("france", "holding_out")
    registry.do("ukraine", "vote", table=1, version=first, verdict="red_line", says="Never!")
    answer = heard(registry, 1, "ukraine")
    assert (answer["verdict"], answer["says"], answer["by_agent"]) == ("red_line", "Never!", None)
    table = registry.table()
    assert (table.version, table.clock, list(table.pending)) == (open_phase, clock, ["france"])
    assert registry.session.table(1).players["ukraine"] == ["ukraine"]
    with pytest.raises(RejectedActionError, match="moved on"):
        registry.do("ukraine", "vote", table=1, version=first, verdict="accept")
    again = Session.replay(LogEntry.from_json(entry.to_json()) for entry in registry.session.entries)
    assert state(again) == state(registry.session)
    registry.teach("undo")
    assert heard(registry, 1, "ukraine")["by_agent"] == "next"


def test_a_text_that_was_agreed_in_somebodys_name_is_open_again_when_they_refuse() -> None:
    registry = Hall("warm_flat")
    registry.seat("ana", "ben", "cleo")
    registry.teach("start")
    while not registry.table().over:
        registry.teach("next")
    assert registry.table().outcome == "agreed"
    late = views.seat(registry.session, "ben")["you"]["late"]
    registry.do("ben", "vote", table=1, version=late["version"], verdict="red_line")
    assert registry.table().outcome != "agreed"


def test_once_people_have_drafted_the_next_text_it_is_too_late() -> None:
    registry = Hall()
    registry.seat("ukraine", "france", "uk")
    registry.teach("start")
    first = registry.table().version
    registry.teach("next")
    registry.pass_on()
    registry.pass_on()
    assert registry.table().model.month == 2
    assert not views.seat(registry.session, "ukraine")["you"]["late"]["open"]
    with pytest.raises(RejectedActionError, match="moved on"):
        registry.do("ukraine", "vote", table=1, version=first, verdict="accept")


def test_the_clock_closes_nothing_where_the_teacher_wants_it_so() -> None:
    registry = timed(clock_closes=False)
    registry.now += 600
    with pytest.raises(RejectedActionError, match="not up"):
        registry.do("clock", "timeout", table=1)
    assert registry.table().waiting == ("ben",)


def test_who_answers_without_words_is_given_none() -> None:
    """The case's record of what an actor has said is not put under the name of whoever plays it."""
    registry = timed(None)
    registry.vote("ben", "worse_than_no_deal")
    assert heard(registry, 1)["record"] == []
    assert heard(registry, 1, "cleo")["record"] != []
