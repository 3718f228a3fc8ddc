"""Seats for all who wait, roles from a list, links of students, live numbers, and the breakout."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from sim.classroom.teaching import seating
from sim.classroom.teaching.live_numbers import live_numbers
from sim.errors import UsageError
from sim.game.session.scoring import score
from sim.game.session.session import Session
from tests.classroom.clients import School


def session(one: School) -> Session:
    return one.registry._live_sessions[one.session].session


def people(one: School, count: int) -> None:
    for number in range(count):
        one.student(f"Student {number}")


def crowds(one: School) -> list[int]:
    return [sum(map(len, table.chairs.values())) for table in session(one).tables]


@pytest.mark.parametrize("how", ["evenly", "random"])
@pytest.mark.parametrize(("tables", "waiting"), [(1, 5), (3, 11), (2, 17)])
def test_seats_are_filled_evenly(one: School, tables: int, waiting: int, how: str) -> None:
    one.make(tables=tables, months=3)
    people(one, waiting)
    one.teacher.get(f"/teacher/{one.session}")
    one.teacher.post(f"/teacher/{one.session}/fill", how=how)
    assert session(one).waiting_people == []
    assert max(crowds(one)) - min(crowds(one)) <= 1
    for table in session(one).tables:
        shared = [len(persons) for persons in table.chairs.values()]
        assert max(shared) - min(shared) <= 1


def test_people_who_sit_already_stay_and_count(one: School) -> None:
    one.make(tables=2, months=3)
    for actor in ("russia", "ukraine", "us"):
        one.student(actor, actor, table=1)
    people(one, 3)
    one.teacher.get(f"/teacher/{one.session}")
    one.teacher.post(f"/teacher/{one.session}/fill")
    assert crowds(one) == [3, 3]
    # Those who answer first or draft are seated before contributors.
    assert {name for name, persons in session(one).tables[1].chairs.items() if persons} == {"russia", "ukraine", "us"}


def test_those_for_whom_there_is_no_seat_go_on_waiting(one: School) -> None:
    one.make(scenario="flatmates/warm_flat", months=3)
    people(one, 7)
    one.teacher.get(f"/teacher/{one.session}")
    one.teacher.post(f"/teacher/{one.session}/fill")
    assert crowds(one) == [6]
    assert len(session(one).waiting_people) == 1


def test_a_list_gives_roles_and_lets_new_names_in(one: School) -> None:
    one.make(tables=2, months=3)
    one.student("Anna")
    one.teacher.get(f"/teacher/{one.session}/roster")
    page = one.teacher.post(
        f"/teacher/{one.session}/roster",
        names="Anna; Russia; 2\nBen, ukraine\n\nCleo\tUnited States\t2\nDora; observer\nEmil",
    )
    found = session(one)
    places = {found.people[name].name: found.place(name) for name in found.people}
    seats = {name: None if place is None else (place[0].number, place[1]) for name, place in places.items()}
    assert seats["Anna"] == (2, "russia")
    assert seats["Ben"] == (1, "ukraine")
    assert seats["Cleo"] == (2, "us")
    assert seats["Dora"] == (1, "observer")
    assert seats["Emil"] == (1, "russia")  # the least crowded table, and its most needed empty seat
    links = re.findall(r'href="http://[^"]+(/o/[0-9A-Z-]+)"', page)
    assert len(links) == len(set(links)) == 5


def test_each_student_comes_in_by_an_own_link(one: School) -> None:
    one.teacher.get(f"/teacher/{one.session}/roster")
    page = one.teacher.post(f"/teacher/{one.session}/roster", names="Ben; Ukraine")
    [link] = re.findall(r'href="http://[^"]+(/o/[0-9A-Z-]+)"', page)
    ben = one.browser()
    assert "Your own link" in ben.get(link)
    ben.post("/resume", code=link.rpartition("/")[2])
    assert "Your role: Ukraine" in ben.words


def test_every_mistake_in_a_list_is_named_and_nothing_happens(one: School) -> None:
    one.teacher.get(f"/teacher/{one.session}/roster")
    before = len(session(one).entries)
    names = "Anna; Rusia\nBen; Ukraine; 7\nCleo\ncleo\nDora; Russia; Ukraine\n" + "x" * 41
    page = one.teacher.post(f"/teacher/{one.session}/roster", 422, names=names)
    for number, words in (
        (1, "there is no seat &#39;Rusia&#39;"),
        (2, "there is no table 7. This class has 1."),
        (4, "the name &#39;cleo&#39; is in the list twice"),
        (5, "a line has one seat and the number of one table"),
        (6, "a line begins with a name of at most 40 characters"),
    ):
        assert f"Line {number}: {words}" in page
    assert "Did you mean &#39;Russia&#39;?" in page
    assert "Anna; Rusia" in page  # what was typed stays
    assert len(session(one).entries) == before
    with pytest.raises(UsageError, match="The list is empty"):
        seating.read_list(session(one), "\n \n")


def test_only_the_teacher_sees_the_list(one: School) -> None:
    ann = one.student("Ann", "russia")
    for who in (ann, one.browser()):
        for path in (f"/teacher/{one.session}/roster", f"/teacher/{one.session}?numbers=1"):
            assert who.client.get(path).status_code == 403


def test_live_numbers_are_those_of_each_seat_and_are_shown_only_when_asked_for(one: School) -> None:
    one.student("Ann", "russia")
    one.do("start")
    table = session(one).tables[0]
    numbers = live_numbers(table)
    assert {name: own["surplus"] for name, own in numbers.items()} == {
        name: score(table, name)["surplus"] for name in table.chairs
    }
    here = f"/teacher/{one.session}"
    assert '<table class="numbers">' not in one.teacher.get(here)
    page = one.teacher.get(f"{here}?numbers=1")
    rows = re.findall(r'<th scope="row">([^<]+)</th><td class="num \w+">([^<]+)</td>', page)
    assert len(rows) == len(table.chairs)
    assert Counter("red line" in shown for _, shown in rows)[True] == sum(own["never"] for own in numbers.values())
    assert '<table class="numbers">' not in one.teacher.get(f"{here}?numbers=9")
    assert f'data-parts="{here}/parts?numbers=1"' in page
    assert '<table class="numbers">' in one.teacher.get(f"{here}/parts?numbers=1")


def test_a_breakout_is_counted_down_on_every_page_until_it_is_ended(one: School) -> None:
    ann, here = one.student("Ann", "russia"), f"/teacher/{one.session}"
    one.do("start")
    one.do("breakout", minutes=5)
    ends = session(one).lesson.breakout
    assert ends == session(one).entries[-1].at + 300
    for page in (ann.get("/seat"), one.teacher.get(here), one.teacher.get(f"{here}/wall")):
        assert f'data-ends="{ends}"' in page
        assert "Breakout:" in page
    assert Session.replay(session(one).entries).lesson.breakout == ends
    one.do("breakout_stop")
    assert session(one).lesson.breakout is None
    assert "Breakout:" not in ann.get("/seat")


def test_a_clock_says_when_it_will_warn(one: School) -> None:
    one.make(months=3, minutes=4)
    ann = one.student("Ann", "russia")
    one.do("start")
    for page in (ann.get("/seat"), one.teacher.get(f"/teacher/{one.session}/wall")):
        assert 'data-soon="Less than a minute left." data-last="15 seconds left."' in page
