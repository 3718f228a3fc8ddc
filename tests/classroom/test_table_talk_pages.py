"""Suggestions with their buttons, amounts that bind nobody, and headlines, by forms alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.game.session.table import GameTable
from tests.classroom.clients import School, school


@pytest.fixture
def one(tmp_path: Path) -> Iterator[School]:
    with school(tmp_path / "class.db") as made:
        made.make(scenario="house_rules")
        yield made


def table_of(one: School) -> GameTable:
    [live] = one.registry._live_sessions.values()
    return live.session.table(1)


def test_a_suggestion_is_supported_and_adopted_in_one_tap(one: School) -> None:
    ana, ben, cleo = (one.student(name.title(), name) for name in ("ana", "ben", "cleo"))
    one.do("start")
    cleo.get("/seat")
    cleo.post("/seat/draft", what="suggest", **{"term.guests": "weekends"})
    assert "Support it" not in cleo.page
    ana.get("/seat")
    assert "Make it the next text" not in ana.page
    ana.post("/seat/support")
    assert "Take back your support" in ana.page
    assert "Supported by Ana" in cleo.get("/seat")
    for student in (ana, ben, cleo):
        student.get("/seat")
        student.post("/seat/vote", verdict="worse_than_no_deal")
    assert "Make it the next text" not in ana.get("/seat")
    assert "Make it the next text" in ben.get("/seat")
    ben.post("/seat/adopt")
    assert (table_of(one).model.month, table_of(one).text["guests"]) == (2, "weekends")
    assert "It became the text of month 2" in ana.get("/seat")


def test_a_headline_is_text_on_the_wall_and_on_phones_until_the_teacher_removes_it(one: School) -> None:
    press, ana = one.student("Press", "observer"), one.student("Ana", "ana")
    one.do("start")
    press.get("/seat")
    press.post("/seat/headline", text="<script>alert(1)</script> Talks begin")
    wall = f"/teacher/{one.session}/wall"
    for page in (press.page, ana.get("/seat"), one.teacher.get(wall), one.teacher.get(f"/teacher/{one.session}")):
        assert "&lt;script&gt;alert(1)&lt;/script&gt; Talks begin" in page
        assert "<script>alert" not in page
    press.get("/seat")
    assert "Wait 20 seconds" in press.post("/seat/headline", 423, text="Again")
    [said] = table_of(one).statements_of("headline")
    one.do("remove_headline", table=1, headline=said.entry.n)
    assert "Talks begin" not in ana.get("/seat") + one.teacher.get(wall)


def test_a_contributor_says_in_public_what_it_would_send(tmp_path: Path) -> None:
    with school(tmp_path / "class.db") as made:
        made.make()
        france, ukraine = made.student("F", "france"), made.student("U", "ukraine")
        made.do("start")
        assert 'action="/seat/intend"' not in ukraine.get("/seat")
        france.get("/seat")
        france.post("/seat/intend", text="If Kyiv agrees", **{"pledge.troops": "5000"})
        assert "Would send up to 5,000 troops" in ukraine.get("/seat")
        france.post("/seat/intend", 422, text="", **{"pledge.troops": "many"})


def test_an_agent_says_why_and_replies_and_the_page_says_that_it_is_an_agent(one: School) -> None:
    ben = one.student("Ben", "ben")
    one.do("start")
    ben.get("/seat")
    ben.post("/seat/vote", verdict="accept")
    for page in (ben.get("/seat"), one.teacher.get(f"/teacher/{one.session}/wall")):
        assert "I would have to scrub too." in page
    ben.post("/seat/whisper", to="cleo", text="What do you need?")
    assert "The agent of Cleo replies:" in ben.page
    assert "The agent of Cleo replies:" in one.teacher.get(f"/teacher/{one.session}")


def test_somebody_mediates_by_forms_alone(tmp_path: Path) -> None:
    with school(tmp_path / "class.db") as made:
        made.make(scenario="everything_on_the_table")
        mo, russia = made.browser(), made.student("Rita", "russia")
        mo.get("/")
        mo.post("/join", code=made.code, name="Mo")
        assert "Mediate: draft the text" in mo.page
        mo.post("/seat/sit", table=1, actor="mediator")
        assert "You are the mediator" in mo.words
        assert "Your role: Mediator" in mo.words
        assert "You are watching" not in mo.words
        for page in ("", "/roster", "/lesson"):
            made.teacher.get(f"/teacher/{made.session}{page}")
            assert "Mediator" in made.teacher.words, page
        assert ",1,mediator,0," in made.teacher.get(f"/teacher/{made.session}/lesson/parley-participation.csv")
        assert "walk-away value of your own" in mo.words
        assert mo.client.get("/seat/brief").url.path == "/seat"
        made.do("start")
        russia.get("/seat")
        russia.post("/seat/whisper", to="mediator", text="Land is what counts")
        assert "Land is what counts" in mo.get("/seat/whispers")
        assert "Land is what counts" in mo.get("/seat")
        russia.get("/seat")
        russia.post("/seat/vote", verdict="worse_than_no_deal")
        assert "Draft the next text" in mo.get("/seat")
        assert "<title>● Your turn" in mo.page
        mo.post("/seat/draft", what="amend", **{"term.territory": "recognition"})
        [live] = made.registry._live_sessions.values()
        assert live.session.table(1).text["territory"] == "recognition"
        assert "Mediator: Mo" in russia.get("/seat")
        assert "Your turn" not in mo.get("/seat")


@pytest.mark.slow
def test_without_an_agreement_a_phone_says_what_the_last_text_meant_to_its_seat(tmp_path: Path) -> None:
    with school(tmp_path / "class.db") as made:
        for sheets in ("yes", ""):
            made.make(scenario="european_force", months=1, check="yes", sheets=sheets)
            russia, ukraine = (made.student(name.title(), name) for name in ("russia", "ukraine"))
            made.do("start")
            assert "/seat/check" in russia.get("/seat")
            made.do("finish", table=1)
            assert "The talks are over : Expired" in made.teacher.words
            assert "/seat/check" not in russia.get("/seat")
            assert "You leave with what no deal is worth to you." in russia.words
            assert ("crossed a red line that you refuse at any price" in russia.words) == bool(sheets)
            assert ("would have left you better off" in ukraine.get("/seat")) == bool(sheets)
