"""The mediator's seat: it drafts, has no interests, and is measured by the shares of the gaps that it closed."""

from __future__ import annotations

from typing import Any

import pytest

from sim.game.debrief.debrief import debrief
from sim.game.debrief.mediation import mediation
from sim.game.debrief.table_results import tables_of
from sim.game.session import views
from sim.game.session.rejections import RejectedActionError
from sim.game.session.session import Session
from sim.report.document.debrief_html import page
from sim.strings import Strings
from tests.engine.villages import rule
from tests.engine.villages import scenario as villages
from tests.game.hall import Hall, source, state
from tests.test_reference_talks import of


def mediated(**settings: Any) -> Hall:
    """The flatmates' house rules with Ben as mediator; Ana and Cleo are played, and Mo sits in the mediator's seat."""
    hall = Hall(source("house_rules", mediator="ben"), **settings)
    hall.seat("ana", "cleo")
    hall.do("mo", "join", person="mo", name="Mo")
    hall.do("mo", "sit", table=1, actor="mediator")
    hall.teach("start")
    return hall


def refused(hall: Hall, by: str, kind: str, **data: Any) -> str:
    with pytest.raises(RejectedActionError) as found:
        hall.do(by, kind, table=1, **data)
    return found.value.name


def answer(hall: Hall) -> None:
    hall.vote("ana", "accept")
    hall.vote("cleo", "worse_than_no_deal")


def test_the_mediator_drafts_in_place_of_the_actor_that_mediates() -> None:
    hall = mediated()
    answer(hall)
    assert (hall.table().stage, hall.table().waiting) == ("amendment", ("ben",))
    assert views.seat(hall.session, "mo")["you"]["mediator"]["turn"]
    hall.amend("mo", guests="weekends", rent="by_room")
    assert (hall.table().model.month, hall.table().text["rent"]) == (2, "by_room")
    assert hall.table().mediated_by == ["Mo"]
    assert state(Session.replay(hall.session.entries)) == state(hall.session)


def test_the_mediator_has_no_interests_no_number_and_no_answer() -> None:
    hall = mediated()
    you = views.seat(hall.session, "mo")["you"]
    assert you["actor"] is None
    assert you.keys() <= {"person", "name", "actor", "mediator", "announcements", "lesson"}
    assert you["mediator"].keys() == {"drafts_for", "turn", "move", "adoptable", "whispers"}
    assert refused(hall, "mo", "vote", version=hall.table().version, verdict="accept") == "mediator_answers"
    assert refused(hall, "mo", "say", intends={"troops": 1}) == "mediator_sends"
    assert refused(hall, "mo", "headline", text="News") == "not_watching"
    with pytest.raises(RejectedActionError):
        views.draft(hall.session, "mo", {"heating": 22})


def test_parties_and_mediator_write_to_each_other_in_private() -> None:
    hall = mediated()
    hall.do("cleo", "whisper", table=1, to="mediator", text="I need a cheaper room")
    hall.do("mo", "whisper", table=1, to="ana", text="Would you pay more?")
    heard = [whisper["text"] for whisper in views.seat(hall.session, "mo")["you"]["mediator"]["whispers"]]
    assert heard == ["I need a cheaper room", "Would you pay more?"]
    assert [whisper["text"] for whisper in views.seat(hall.session, "ana")["you"]["whispers"]] == heard[1:]
    hall.do("mo", "suggest", table=1, version=hall.table().version, changes={"rent": "by_room"})
    [suggested] = views.public(hall.session, hall.table())["suggestions"]
    assert (suggested["actor"], suggested["person"]) == ("mediator", "Mo")


def test_without_somebody_in_the_seat_the_actor_drafts_itself_and_with_somebody_it_does_not() -> None:
    hall = mediated()
    hall.seat("ben")
    answer(hall)
    hall.vote("ben", "accept")
    assert views.seat(hall.session, "ben")["you"]["turn"] is None
    assert refused(hall, "ben", "amend", version=hall.table().version, changes={}) == "mediator_drafts"
    hall.do("mo", "stand")
    assert views.seat(hall.session, "ben")["you"]["turn"] == "amendment"
    hall.amend("ben", rent="by_room")
    assert hall.table().model.month == 2


def test_there_is_a_mediators_seat_only_where_the_protocol_has_a_mediator() -> None:
    hall = Hall("house_rules")
    hall.do("mo", "join", person="mo", name="Mo")
    assert refused(hall, "mo", "sit", actor="mediator") == "no_mediator"
    hall = mediated()
    assert refused(hall, "ana", "sit", actor="mediator") == "knows_a_brief"


def test_a_mediator_is_measured_by_the_shares_of_gaps_that_its_text_closes() -> None:
    """Lower lacks 15 at a price of 30. A small guard is worth 6 to it, so that text closes 0.4 of its gap."""
    plain = villages({"price": 30}, {"name": "single_text", "months": 2, "amend_terms": 1, "mediator": "mayor"})
    of(plain, "lower")["reservation"]["base"] = -15
    of(plain, "lower")["preferences"].append(rule("protected", when={"guard": "small"}, points=6))
    hall = Hall(plain)
    hall.do("mo", "join", person="mo", name="Mo")
    hall.do("mo", "sit", table=1, actor="mediator")
    hall.teach("start")
    hall.amend("mo", guard="small", men=5)
    while not hall.table().over:
        hall.teach("next", table=1)
    [table] = tables_of(hall.session)
    found = mediation(table)
    assert found is not None
    assert (found["people"], found["mean"]) == (["Mo"], 0.4)
    assert found["texts"] == [{"month": 2, "shares": {"lower": 0.4}, "least": 0.4}]


def test_the_debrief_shows_what_a_mediator_achieved() -> None:
    hall = mediated()
    answer(hall)
    hall.amend("mo", rent="by_room")
    hall.vote("ana", "accept")
    hall.vote("cleo", "accept")
    # Cleo's rules lacked 9.5 points. They would now accept, but she has refused what they would: a gap of a step, 2.
    report = debrief(hall.session.scenario, tables_of(hall.session))
    [table] = report["tables"]
    assert table["mediation"] is not None
    assert table["mediation"]["mean"] == 0.789
    html = page(report, Strings.load(), "Parley")
    assert "What the mediator achieved" in html
    assert "Mo drafted in place of Ben." in html
