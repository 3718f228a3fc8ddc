"""A server that is killed in the middle of a class: what was acknowledged happened, once, and the class goes on."""

from __future__ import annotations

import asyncio
import re
import sqlite3
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

import psutil
import pytest

from sim.game.session.log import LogEntry
from sim.game.session.session import Session
from tests.browser.served import Served, served
from tests.classroom.phones import Book, Phone, Teacher
from tests.classroom.warm import forked
from tests.game.hall import state

KILLS = 100
COLD = {0, KILLS - 1}
"""Kills after which the whole program starts; after the others a server starts that has everything loaded."""
BACK = 10.0
"""Seconds in which the server is to be back."""
LOAD = 6
"""The server is killed after at most so many acknowledged actions,"""
MOMENT = 0.03
"""and at most so many seconds, in which the next ones are under way."""
KINDS = ("/join", "/seat/vote", "/seat/draft", "/seat/say", "/seat/whisper")
HEARD = 10
"""Acknowledged actions of each of these kinds, before the last kill."""
PATIENCE = 300
"""Seconds after which a class that does not get on is given up."""
ACTORS = {"ukraine": "Ukraine", "russia": "Russia", "us": "United States", "france": "France", "poland": "Poland"}


@dataclass(frozen=True)
class Moment:
    """What phones may show after an entry: when the phase ends, and for each actor the versions that can be answered.

    These are the open text and phase, and the one in which the agent answered for people who may still answer.
    """

    ends: set[float]
    versions: dict[str, set[int]]

    @classmethod
    def of(cls, session: Session) -> Moment:
        [table] = session.tables
        ends = table.clock.ends_at
        late = {actor: session.late_answer(table, actor) for actor in ACTORS}
        versions = {actor: {table.version} | ({given.version} if given else set()) for actor, given in late.items()}
        return cls(set() if ends is None else {ends}, versions)


class Mirror:
    """The session as the entries make it that the server shows, one after the other; and how it was after each."""

    def __init__(self) -> None:
        self.session: Session | None = None
        self.was: dict[int, Moment] = {}

    def follow(self, log: list[dict[str, Any]]) -> Session:
        """Take in a longer log; what was in it before has to be in it still."""
        if self.session is None:
            self.session = Session.replay([LogEntry.from_json(log[0])])
        known = self.session.entries
        assert [one.to_json() for one in known] == log[: len(known)]
        for one in log[len(known) :]:
            self.session.apply(LogEntry.from_json(one))
            self.was[one["n"]] = Moment.of(self.session)
        return self.session


class Class:
    """Some phones and a teacher, and the server that they reach."""

    def __init__(self, file: Path, random: Random) -> None:
        self.file, self.random, self.book, self.mirror = file, random, Book(), Mirror()
        self.port, self.open = 0, asyncio.Event()
        self.busy = 0
        self.names = iter(range(10_000))
        self.waits: list[float] = []
        self.longest = 0.0

    def start(self, stack: ExitStack, cold: bool) -> Served:
        start = served if cold else forked
        return stack.enter_context(
            start("serve", "--port", str(self.port), "--data", str(self.file), folder=self.file.parent)
        )

    async def gather(self, server: Served, ends: AsyncExitStack) -> None:
        """Let everybody in, and begin."""
        self.address, self.port = server.address, int(server.address.rpartition(":")[2])
        self.teacher = Teacher(self.address, self.book, self.random)
        await ends.enter_async_context(self.teacher.http)
        _, self.code = await self.teacher.enter(server.link, months=120, minutes=0.1)
        self.phones: dict[str, Phone] = {}
        for actor in ACTORS:
            phone = self.phones[actor] = Phone(self.address, self.book, self.random)
            await ends.enter_async_context(phone.http)
            await phone.join(self.code, actor)
            assert await phone.post("/seat/sit", stubborn=True, table=1, actor=actor)
        assert await self.teacher.do("start")

    # -- load ----------------------------------------------------------------------------------------------------------

    async def endless(self, what: Callable[[], Awaitable[None]], most: float) -> None:
        """Do something again and again, while the doors are open, with at most so many seconds between."""
        while True:
            await self.open.wait()
            self.busy += 1
            await what()
            self.busy -= 1
            await asyncio.sleep(self.random.uniform(0, most))

    def load(self) -> list[Coroutine[Any, Any, None]]:
        def played(actor: str) -> Callable[[], Awaitable[None]]:
            others = [one for one in ACTORS if one != actor]
            return lambda: self.phones[actor].play(others)

        others = [self.endless(self.conduct, 0.4), self.endless(self.late, 0.6)]
        return [*(self.endless(played(one), 0.05) for one in ACTORS), *others]

    async def conduct(self) -> None:
        """The teacher does one thing, and sees to it that the talks go on."""
        await self.teacher.get(self.teacher.here)
        what = self.random.choice(("announce", "extend", "pause", "undo", "next", "agent"))
        if "start" in self.wanting():  # an undo took back the beginning
            what = "start"
        elif "resume" in self.wanting():  # an undo took back the end of a pause
            what = "resume"
        elif "next" not in self.wanting():  # the talks are over
            what = "undo"
        fields = {"announce": {"text": "Five more minutes"}, "agent": {"table": 1, "actor": "france"}}
        await self.teacher.do(what, **fields.get(what, {}))
        if what in ("pause", "agent"):
            back = {"pause": ("resume", {}), "agent": ("person", fields["agent"])}[what]
            while not await self.teacher.do(back[0], **back[1]) and back[0] in self.wanting():
                pass

    def wanting(self) -> set[str]:
        """What the console offers."""
        return set(re.findall(r'name="what" value="(\w+)"', self.teacher.page))

    async def late(self) -> None:
        """Somebody joins, and watches."""
        phone = Phone(self.address, self.book, self.random)
        async with phone.http:
            await phone.join(self.code, f"Late {next(self.names)}")
            await phone.post("/seat/sit", table=1, actor="observer")
            await phone.get("/seat")

    async def heard(self, actions: int, least: int = 0) -> None:
        """Wait until so many more actions have been acknowledged, and of each kind so many in all."""
        actions += len(self.book.acknowledged)
        while len(self.book.acknowledged) < actions or min(self.told[one] for one in KINDS) < least:
            await asyncio.sleep(0.001)

    @property
    def told(self) -> Counter[str]:
        """How many actions of each kind were acknowledged."""
        return Counter(self.book.acknowledged.values())

    async def still(self) -> None:
        """Close the doors, and wait until everybody has been answered."""
        self.open.clear()
        while self.busy:
            await asyncio.sleep(0.01)

    # -- what has to hold ----------------------------------------------------------------------------------------------

    async def look(self) -> None:
        """Everybody sits where they sat, before the text, the version and the clock that the log says."""
        await self.teacher.get(self.teacher.here)
        answer = await self.teacher.http.get(f"{self.teacher.here}/export/parley-log.json")
        for actor, phone in self.phones.items():
            await phone.get("/seat")
            assert f"<h1>Your role: {ACTORS[actor]}</h1>" in phone.page
        later = await self.teacher.http.get(f"{self.teacher.here}/export/parley-log.json")
        assert later.json()[: len(answer.json())] == answer.json()
        self.mirror.follow(later.json())
        for actor, phone in self.phones.items():
            [n] = re.findall(r'<div data-n="(\d+)" hidden>', phone.page)
            then = self.mirror.was[int(n)]
            shown = {*map(int, re.findall(r'name="version" value="(\d+)"', phone.page))}
            assert shown <= then.versions[actor], (actor, n)
            assert {float(one) for one in re.findall(r'data-ends="([\d.]+)"', phone.page)} == then.ends


async def kill_again_and_again(room: Class) -> None:
    async with AsyncExitStack() as ends:
        stack = ends.enter_context(ExitStack())
        server = await asyncio.to_thread(room.start, stack, cold=True)
        await room.gather(server, ends)
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one) for one in room.load()]
            for kill in range(KILLS):
                room.open.set()
                async with asyncio.timeout(PATIENCE):
                    await room.heard(room.random.randint(0, LOAD), least=HEARD if kill == KILLS - 1 else 0)
                await asyncio.sleep(room.random.uniform(0, MOMENT))
                server.process.kill()
                said, _ = await asyncio.to_thread(server.process.communicate)
                assert "Traceback" not in said, said
                begun = time.monotonic()
                server = await asyncio.to_thread(room.start, stack, cold=kill in COLD)
                assert (await room.teacher.http.get(room.teacher.here)).status_code == 200
                room.waits.append(time.monotonic() - begun)
                room.longest = max(room.longest, sum(psutil.Process(server.process.pid).cpu_times()[:2]))
                async with asyncio.timeout(PATIENCE):
                    await room.still()
                    await room.look()
            for one in tasks:
                one.cancel()


@pytest.mark.slow
# A socket whose other end was killed may be left to the garbage collector, which warns at any time.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
def test_a_server_that_is_killed_again_and_again_keeps_every_word(tmp_path: Path) -> None:
    room = Class(tmp_path / "class.db", Random(0))
    asyncio.run(kill_again_and_again(room))
    # Whoever else uses the machine delays a start or two, but not most, and takes no time of the server's own.
    assert median(room.waits) < BACK
    assert room.longest < BACK
    assert [one.name for one in tmp_path.iterdir()] == ["class.db"], "nothing was damaged, so nothing was kept aside"
    with sqlite3.connect(tmp_path / "class.db") as file:
        log = file.execute("SELECT action, json_extract(entry, '$.by'), entry FROM log ORDER BY n").fetchall()
    file.close()
    done = Counter(action for action, by, _ in log if by != "clock")
    assert set(done.values()) == {1}
    lost = room.book.acknowledged.keys() - done
    assert not lost, "acknowledged, and gone"
    assert not room.book.refused & done.keys(), "refused, and done all the same"
    begun = {action for action, _, entry in log if '"kind":"begin"' in entry}
    assert done.keys() <= room.book.acknowledged.keys() | room.book.unheard | begun
    assert room.mirror.session is not None
    assert state(Session.replay(room.mirror.session.entries)) == state(room.mirror.session)
    assert all(room.told[path] >= HEARD for path in KINDS)
