"""What is computed beside the pages: once, one at a time, and told to whoever asked."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Iterator
from threading import Event
from typing import Any

import pytest

from sim.classroom.routes import disputing, rehearsals
from sim.errors import UsageError
from sim.web.background_jobs import MAX_KEPT, MAX_WAITING, BackgroundJobs
from tests.classroom.clients import School

PATIENCE = 20
"""Seconds; what is waited for here takes none."""


@pytest.fixture
def slow() -> Iterator[BackgroundJobs]:
    one = BackgroundJobs()
    yield one
    one.close()


def test_what_was_found_is_kept(slow: BackgroundJobs) -> None:
    calls: list[int] = []

    async def twice() -> tuple[Any, Any]:
        first = await slow.get("key", lambda: calls.append(1) or len(calls), PATIENCE)
        return first, await slow.get("key", lambda: calls.append(1) or len(calls))

    assert asyncio.run(twice()) == (1, 1)


def test_what_takes_long_is_told_later(slow: BackgroundJobs) -> None:
    go = Event()

    async def asked_again() -> tuple[Any, Any]:
        first = await slow.get("key", lambda: go.wait() and "found", 0.01)
        go.set()
        return first, await slow.get("key", lambda: "never", PATIENCE)

    assert asyncio.run(asked_again()) == (None, "found")


@pytest.mark.parametrize("patience", [0, 0.01, PATIENCE])
def test_what_goes_wrong_is_told_to_who_asks_and_to_no_log(slow: BackgroundJobs, patience: float) -> None:
    go, left = Event(), list[str]()
    if patience == PATIENCE:
        go.set()

    def wrong() -> None:
        go.wait()
        raise UsageError("'lots' is no word of the codebook")

    async def told() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: left.append(context["message"]))
        if not go.is_set():
            assert await slow.get("key", wrong, patience) is None
            go.set()
        with pytest.raises(UsageError, match="'lots'"):
            await slow.get("key", wrong, PATIENCE)
        assert await slow.get("key", lambda: "tried again", PATIENCE) == "tried again"
        gc.collect()  # an error that nobody took would be told now
        await asyncio.sleep(0)

    asyncio.run(told())
    assert not left


def test_too_many_are_asked_to_come_again(slow: BackgroundJobs) -> None:
    go = Event()

    async def crowd() -> None:
        for one in range(MAX_WAITING):
            assert await slow.get(one, go.wait) is None
        with pytest.raises(UsageError, match="computing for others"):
            await slow.get("late", go.wait)
        go.set()
        assert await slow.get(MAX_WAITING - 1, go.wait, PATIENCE)
        assert await slow.get("late", lambda: "found", PATIENCE) == "found"

    asyncio.run(crowd())


def test_a_session_that_is_gone_leaves_nothing(slow: BackgroundJobs) -> None:
    async def forgotten() -> list[Any]:
        for key in (("mine", 1), ("yours", 1)):
            await slow.get(key, lambda: "found", PATIENCE)
        slow.forget("mine")
        return [await slow.get((whose, 1), lambda: "again", PATIENCE) for whose in ("mine", "yours")]

    assert asyncio.run(forgotten()) == ["again", "found"]


def test_only_the_last_are_kept(slow: BackgroundJobs) -> None:
    async def many() -> list[Any]:
        for one in range(MAX_KEPT + 1):
            await slow.get(one, lambda: "found", PATIENCE)
        return [await slow.get(one, lambda: "again", PATIENCE) for one in (0, MAX_KEPT)]

    assert asyncio.run(many()) == ["again", "found"]


def test_a_guest_has_one_request_waiting_and_everybody_else_goes_first(slow: BackgroundJobs) -> None:
    go, done = Event(), list[str]()

    async def asked() -> None:
        await slow.get("running", lambda: go.wait() and done.append("running"), guest="Ann")
        for one in range(3 * MAX_WAITING):
            await slow.get(f"Ann {one}", lambda one=one: done.append(f"Ann {one}"), guest="Ann")
        await slow.get("Ulf", lambda: done.append("Ulf"), guest="Ulf")
        await slow.get("export", lambda: done.append("export"))
        go.set()
        await slow.get("Ulf", lambda: done.append("again"), PATIENCE)

    asyncio.run(asked())
    assert done == ["running", "export", f"Ann {3 * MAX_WAITING - 1}", "Ulf"]


def test_a_request_that_was_replaced_can_be_made_again(slow: BackgroundJobs) -> None:
    go = Event()

    async def asked() -> Any:
        await slow.get("running", go.wait)
        await slow.get("one", lambda: "found", guest="Ann")
        await slow.get("other", lambda: "found", guest="Ann")
        go.set()
        return await slow.get("one", lambda: "found later", PATIENCE, guest="Ann")

    assert asyncio.run(asked()) == "found later"


def test_requests_of_guests_turn_nobody_else_away(slow: BackgroundJobs) -> None:
    go = Event()

    async def crowd() -> Any:
        for one in range(MAX_WAITING):
            assert await slow.get(one, go.wait, guest=one) is None
        with pytest.raises(UsageError, match="computing for others"):
            await slow.get("late", go.wait, guest="late")
        assert await slow.get("export", lambda: "found") is None
        go.set()
        return await slow.get("export", lambda: "again", PATIENCE)

    assert asyncio.run(crowd()) == "found"


def test_disputes_of_one_student_leave_the_way_free_for_the_teacher(
    one: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one student asks about many numbers, one request of the student waits, and the teacher's goes first."""
    go, done = Event(), list[str]()

    def dispute(_: object, __: str, value: object, ___: object) -> dict[str, Any]:
        go.wait()
        done.append(f"dispute {value:g}")
        return {}

    monkeypatch.setattr(disputing, "dispute", dispute)
    monkeypatch.setattr(disputing, "PATIENCE", 0.0)
    monkeypatch.setattr(rehearsals, "PATIENCE", 0.0)
    monkeypatch.setattr(rehearsals, "rehearse", lambda *_: done.append("rehearsal"))
    ann = one.student("Ann", "russia")
    for what in ("start", "finish", "debrief"):
        one.do(what)
    for value in range(1, 3 * MAX_WAITING):
        query = {"path": "actors.russia.reservation.base", "value": value}
        assert ann.client.get("/seat/dispute", params=query).status_code == 202
    assert one.teacher.client.get(f"/teacher/{one.session}/rehearsal").status_code == 202
    go.set()
    until = time.monotonic() + PATIENCE
    while len(done) < 3 and time.monotonic() < until:
        time.sleep(0.01)
    assert done == ["dispute 1", "rehearsal", f"dispute {3 * MAX_WAITING - 1}"]
