"""Joining: one device cannot fill the room, nobody is thrown out by a second tab, and no name looks like another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.classroom.throttle import JOINS_AT_ONCE, JOINS_PER_DEVICE
from sim.game.session.rejections import RejectedActionError
from sim.game.session.session_state import seen_as
from tests.classroom.clients import School, school
from tests.game.hall import Hall


@pytest.fixture
def room(tmp_path: Path) -> Iterator[School]:
    with school(tmp_path / "class.db") as one:
        one.make(months=2)
        yield one


def test_a_second_join_asks_first_and_the_front_page_says_who_is_in(room: School) -> None:
    ada = room.student("Ada", "russia")
    assert "This browser has joined as Ada" in ada.get("/")
    ada.post("/join", code=room.code, name="Zoe")
    assert "If you join as Zoe, this browser leaves Ada" in ada.words
    assert "Your role: Russia" in ada.get("/seat")  # nothing has happened
    ada.get("/")
    ada.post("/join", code=room.code, name="Zoe")
    ada.post("/join")  # the button of the page that asks
    assert "Take a seat" in ada.get("/seat")
    assert "This browser has joined as Zoe" in ada.get("/")


def test_one_device_joins_a_few_times_only(room: School) -> None:
    one = room.browser()
    for number in range(JOINS_PER_DEVICE):
        one.get("/")
        one.post("/join", code=room.code, name=f"N{number}", sure="yes")
    one.get("/")
    one.post("/join", 429, code=room.code, name="one more", sure="yes")
    assert "This device has joined many times" in one.page
    room.student("Ada")  # another device


def test_whoever_throws_cookies_away_cannot_fill_the_room(room: School) -> None:
    most = JOINS_AT_ONCE + 2 * 7
    for number in range(most):
        room.student(f"N{number}")
    late = room.browser()
    late.get("/")
    late.post("/join", 429, code=room.code, name="late")
    assert "Many people are joining at this moment" in late.page
    console = room.teacher.get(f"/teacher/{room.session}")
    assert f"Remove all without a seat ({most})" in console
    assert "This removes N0, N1" in room.do("clear", sure="")
    room.do("clear")
    assert "Nobody has joined yet." in room.teacher.get(f"/teacher/{room.session}")


def test_names_that_look_alike_are_the_same_name() -> None:
    hall = Hall()
    hall.do("a", "join", person="a", name="José")
    for number, name in enumerate(("Jose\u0301", "JOSÉ", "Jo\u200bsé", "J\u043esé", "\uff2aosé", "José\u200e")):
        with pytest.raises(RejectedActionError, match="already in the room"):
            hall.do(f"p{number}", "join", person=f"p{number}", name=name)
    with pytest.raises(RejectedActionError, match="turn the direction"):
        hall.do("b", "join", person="b", name="\u202eada")
    for number, name in enumerate(("دانيال", "Zoë Ångström", "Дарья", "Δανάη", "👩‍🔬 Ada")):
        hall.do(f"x{number}", "join", person=f"x{number}", name=name)
    assert seen_as("Дарья") != seen_as("Даша")


def test_clearing_keeps_everybody_who_sits_or_watches() -> None:
    hall = Hall()
    hall.seat("russia")
    for person in ("watcher", "idle"):
        hall.do(person, "join", person=person, name=person)
    hall.do("watcher", "sit", table=1, actor="observer")
    hall.teach("clear")
    assert list(hall.session.people) == ["russia", "watcher"]
    with pytest.raises(RejectedActionError, match="has a seat or watches"):
        hall.teach("clear")
