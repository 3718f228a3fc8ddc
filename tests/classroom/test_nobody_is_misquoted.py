"""What a student has begun is kept, an agent's answer for a student says so, and one click gives nothing away."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.classroom.live_session import LiveSession
from tests.classroom.clients import School, school


@pytest.fixture
def room(tmp_path: Path) -> Iterator[School]:
    with school(tmp_path / "class.db") as one:
        yield one


def closed_by_the_clock(one: School, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the session's clock six minutes ahead, and wait until it has closed the first phase, of five minutes."""
    evenly = LiveSession.now
    ahead = property(lambda live: evenly.__get__(live) + 360)
    monkeypatch.setattr(LiveSession, "now", ahead)
    one.do("announce", text="Think about it.")
    deadline = time.monotonic() + 60
    while "timeout" not in one.teacher.get(f"/teacher/{one.session}/export/parley-log.json"):
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_an_answer_that_was_not_sent_is_kept_for_its_seat_alone_and_offered_again(room: School) -> None:
    room.make(scenario="house_rules")
    ben, ana = room.student("Robin", "ben"), room.student("Kim", "ana")
    room.do("start")
    ben.get("/seat")
    ben.page = ben.page.replace('action="/seat/vote"', 'action="/seat/keep"')
    ben.post("/seat/keep", verdict="red_line", says="Never while I live here!")
    assert "You have not sent this answer yet." in ben.get("/seat")
    assert "Never while I live here!" in ben.page
    assert '<input type="radio" name="verdict" value="red_line" required checked>' in ben.page
    assert "Never while I live here!" not in ana.get("/seat")
    assert "Never while I live here!" not in room.teacher.get(f"/teacher/{room.session}")
    assert "Never while I live here!" not in room.teacher.get(f"/teacher/{room.session}/export/parley-log.json")
    ben.post("/seat/vote", verdict="accept")
    assert "Never while I live here!" not in ben.get("/seat")


def test_when_time_is_up_the_student_is_told_and_may_answer_in_place_of_the_agent(
    room: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.make(scenario="house_rules", minutes=5)
    ben = room.student("Robin", "ben")
    room.do("start")
    ben.get("/seat")
    ben.page = ben.page.replace('action="/seat/vote"', 'action="/seat/keep"')
    ben.post("/seat/keep", verdict="red_line", says="Never!")
    closed_by_the_clock(room, monkeypatch)
    ben.get("/seat")
    assert "Time was up. Your agent answered for you in month 1." in ben.words
    assert "until the next text" in ben.words
    room.do("pause")
    ben.get("/seat")
    assert "When the clock runs again you can give your own answer" in ben.words
    assert "by the agent, time was up" in ben.words
    assert "by the agent, time was up" in room.teacher.get(f"/teacher/{room.session}")
    assert "by the agent, time was up" in room.teacher.get(f"/teacher/{room.session}/wall")


def test_next_phase_now_leaves_the_last_word_to_the_student(room: School) -> None:
    room.make(scenario="house_rules")
    ben = room.student("Robin", "ben")
    room.do("start")
    ben.get("/seat")
    ben.page = ben.page.replace('action="/seat/vote"', 'action="/seat/keep"')
    ben.post("/seat/keep", verdict="red_line", says="Never!")
    room.do("next")
    ben.get("/seat")
    assert "Your teacher closed the phase" in ben.words
    start = ben.page.index('name="verdict"')
    assert "Never!" in ben.page[start:]  # what was begun is filled in
    ben.post("/seat/vote", verdict="red_line", says="Never!")
    live = room.teacher.get(f"/teacher/{room.session}/export/parley-log.json")
    assert '"Never!"' in live
    assert "by the agent" not in room.teacher.get(f"/teacher/{room.session}/wall")


def test_opening_the_debrief_asks_first_and_can_be_taken_back(room: School) -> None:
    room.make()
    russia = room.student("Ada", "russia")
    room.do("start")
    page = room.do("debrief", sure="")
    assert "Talks are still open" in page
    assert "Month 1 of" in page
    russia.get("/seat/debrief", 423)
    room.teacher.post(f"/teacher/{room.session}/do")  # the button of the page that asks
    assert "The debrief is open for all." in room.teacher.get(f"/teacher/{room.session}")
    assert "The debrief is open." in russia.get("/seat")
    room.do("close_debrief")
    assert "The debrief is open." not in russia.get("/seat")
    russia.get("/seat/debrief", 423)


def test_undo_and_the_end_say_first_whose_answers_they_concern(room: School) -> None:
    room.make()
    russia = room.student("Ada", "russia")
    room.student("Bo", "poland")
    room.do("start")
    russia.get("/seat")
    russia.post("/seat/vote", verdict="red_line", says="No.")
    assert "takes back the answers of Russia." in room.do("undo", sure="", table=1)
    assert "agents answer for Poland" in room.do("finish", sure="", table=1)
    room.do("undo", table=1)
    russia.get("/seat")
    assert "Your teacher has undone a step." in russia.words
    assert "No." in russia.page


def test_nothing_happens_and_nothing_pauses_after_the_end(room: School) -> None:
    room.make()
    room.student("Ada", "russia")
    room.do("start")
    assert "Make something happen" in room.teacher.get(f"/teacher/{room.session}")
    room.do("finish")
    console = room.teacher.get(f"/teacher/{room.session}")
    assert "Make something happen" not in console
    assert 'value="pause"' not in console


@pytest.mark.slow
def test_much_talk_is_folded_and_paged(room: School) -> None:
    """Seven seats say 2,000 things; a page stays small, and everything can be read."""
    room.make()
    names = ("russia", "ukraine", "us", "baltics", "france", "poland", "uk")
    students = [room.student(name, name) for name in names]
    room.do("start")
    live = asyncio.run(_live(room))
    for number in range(2_000):
        person = next(iter(live.session.table(1).chairs[names[number // 290]]))
        entry = live.session.entry(person, "say", {"table": 1, "text": f"Statement {number} of many."}, 1e10)
        live.session.apply(entry)
    live._public_parts.clear()
    page = students[0].get("/seat")
    assert len(page.encode()) < 45_000
    assert "Statement 1999 of many." in page
    assert "Statement 0 of many." not in page
    assert "Statement 0 of many." in students[0].get("/seat/talk?page=40")
    assert "Page 40 of 40" in students[0].page
    assert len(students[0].page.encode()) < 45_000
    console = room.teacher.get(f"/teacher/{room.session}")
    assert "Statement 0 of many." not in console
    assert "Statement 0 of many." in room.teacher.get(f"/teacher/{room.session}/talk/1?page=40")


async def _live(room: School) -> LiveSession:
    live = await room.registry.open(room.session)
    assert live is not None
    return live


def test_a_jump_of_the_machines_clock_changes_no_phase(room: School, monkeypatch: pytest.MonkeyPatch) -> None:
    room.make(minutes=10)
    live = asyncio.run(_live(room))
    room.student("Ada", "russia")
    real, hour = time.time, 3_600
    monkeypatch.setattr(time, "time", lambda: real() + hour)
    room.do("lock")
    monkeypatch.setattr(time, "time", real)
    room.do("start")
    ends = live.session.table(1).clock.ends_at
    assert ends is not None
    assert 590 < ends - live.now <= 600
    assert abs(live.session.at - real()) < 60
