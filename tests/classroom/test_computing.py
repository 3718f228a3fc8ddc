"""What is computed beside the pages: once, one at a time, and told to whoever asked."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from threading import Event
from typing import Any

import pytest

from sim.errors import UsageError
from sim.web.background_jobs import MAX_KEPT, MAX_WAITING, BackgroundJobs

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
