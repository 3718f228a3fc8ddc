"""The page for the wall, the slides and the search for a number: what they show to whom, and when."""

from __future__ import annotations

import re
import time

import pytest

from sim.classroom.routes.disputing import Match, search
from sim.classroom.wall_data import NOW, UNCHANGED, wall_table
from sim.game.session import views
from tests.classroom.clients import Browser, School


def shown(one: School) -> dict[str, object]:
    [room] = one.registry._live_sessions.values()
    table = room.session.table(1)
    return dict(wall_table(views.public(room.session, table), table.story()))


def play_a_month(one: School) -> dict[str, Browser]:
    """Three students answer, and France puts a text with two changes on the table."""
    seats = {
        actor: one.student(name, actor) for actor, name in (("russia", "Ann"), ("ukraine", "Ulf"), ("france", "Fay"))
    }
    one.do("start")
    for actor, verdict in (("russia", "red_line"), ("ukraine", "accept"), ("france", "accept")):
        seats[actor].get("/seat")
        seats[actor].post("/seat/vote", verdict=verdict, says=f"So says {actor}.")
    seats["france"].get("/seat")
    seats["france"].post("/seat/draft", what="amend", **{"term.force_size": "30000", "term.nato_path": "renounced"})
    return seats


def test_what_changed_this_month_comes_first_and_last_answers_stay(one: School) -> None:
    play_a_month(one)
    table = shown(one)
    terms = table["shown"]
    assert isinstance(terms, list)
    assert [(term.says, term.before, term.after, term.when) for term in terms[:2]] == [
        ("Troops", "50,000 troops", "30,000 troops", NOW),
        ("Path to NATO", "put off without a date", "given up for good", NOW),
    ]
    assert {term.when for term in terms[2:]} == {UNCHANGED}
    stands = table["stands"]
    assert isinstance(stands, dict)
    assert (stands["russia"].verdict, stands["russia"].earlier) == ("red_line", True)
    one.teacher.get(f"/teacher/{one.session}/wall")
    assert "Russia last month: crosses a red line" in one.teacher.words
    assert "Troops 50,000 troops → 30,000 troops" in one.teacher.words


@pytest.mark.slow
def test_the_end_is_announced_and_the_slides_wait_for_the_debrief(one: School) -> None:
    seats, here = play_a_month(one), f"/teacher/{one.session}"
    wall = one.browser()
    wall.get("/t/" + one.registry.link("projector", one.session))
    one.do("finish")
    wall.get("/wall")
    assert "No agreement" in wall.words
    assert "Blocked by Russia" in wall.words
    assert "slides" not in wall.page.replace("slides.", "")
    for browser, path in (
        (wall, "/wall/slides"),
        (one.teacher, f"{here}/wall/slides"),
        (seats["russia"], "/seat/debrief/slides"),
    ):
        browser.get(path, 423)
    one.do("debrief")
    assert 'href="/wall/slides"' in wall.get("/wall")
    for browser, path in (
        (wall, "/wall/slides"),
        (one.teacher, f"{here}/debrief/slides"),
        (seats["russia"], "/seat/debrief/slides"),
    ):
        assert browser.client.get(path).status_code in (200, 202)
    assert one.browser().client.get("/wall/slides").status_code == 403
    one.do("close_debrief")
    wall.get("/wall/slides", 423)


@pytest.mark.slow
def test_each_slide_is_a_page_that_leads_to_the_next(one: School) -> None:
    play_a_month(one)
    one.do("finish")
    here = f"/teacher/{one.session}/debrief/slides"
    until = time.monotonic() + 120
    while "The debrief is being computed" in (page := one.teacher.client.get(here).text) and time.monotonic() < until:
        time.sleep(0.2)
    count = int(re.findall(r"Slide 1 of (\d+)", page)[0])
    assert 'rel="prev"' not in page
    for number in range(1, count + 1):
        page = one.teacher.get(f"{here}?n={number}")
        assert f"Slide {number} of " in page
        assert (f"?n={number + 1}" in page) == (number < int(re.findall(rf"Slide {number} of (\d+)", page)[0]))
        assert page.count("<h2") == 1
    assert "Slide" in one.teacher.get(f"{here}?n=99")  # a number too high is the last slide
    one.teacher.get(f"{here}?n=0", 422)


def test_a_number_is_found_by_actor_and_words_and_shows_its_value(one: School) -> None:
    one.student("Ann", "russia")
    one.do("start")
    one.do("finish")
    here = f"/teacher/{one.session}/dispute"
    one.teacher.get(here)
    assert "The number now" not in one.teacher.page
    assert "No number has all these words" not in one.teacher.page
    page = one.teacher.get(f"{here}?actor=russia&words=TROOPS+price")
    assert "Russia: No NATO troops in Ukraine: price of this red line, never (60 to never)" in one.teacher.words
    assert "Ukraine: Any force" not in one.teacher.words
    [path] = set(re.findall(r'href="(/teacher/\w+/dispute\?[^"]*nato_troops[^"]*)"', page))
    one.teacher.get(path.replace("&amp;", "&").partition("#")[0])
    assert (
        "The number now Russia: No NATO troops in Ukraine: price of this red line, never (60 to never)"
        in one.teacher.words
    )
    one.teacher.get(f"{here}?words=xyzzy")
    assert "No number has all these words" in one.teacher.page


def test_a_search_needs_all_words_and_takes_any_owner() -> None:
    known = [Match("a.b", "us", "United States", "Aid costs: points, 5"), Match("c.d", "uk", "United Kingdom", "Aid")]
    assert search(known, "", "aid UNITED") == known
    assert search(known, "uk", "aid") == known[1:]
    assert search(known, "", "aid points c.d") == []
