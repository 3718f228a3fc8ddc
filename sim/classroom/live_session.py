"""An open session: its state, its log, its clock, and the pages that show it.

Actions happen one at a time (a lock) and in a thread, so that the server can answer other requests meanwhile. Each
action is checked, written to the disk, applied, published to open pages, and answered, in this order.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

from fastapi.responses import StreamingResponse

from sim.classroom import access_tokens, event_stream, updates
from sim.classroom.event_stream import Hub
from sim.classroom.log_store import LogStore, NewParticipant, SessionRow, StorageError
from sim.classroom.parts.free_chairs import FreeChairs
from sim.classroom.parts.role_briefs import RoleBriefs
from sim.classroom.parts.seat_parts import SeatParts
from sim.classroom.parts.table_cards import TableCards
from sim.game.session import actions
from sim.game.session.log import LogEntry
from sim.game.session.rejections import RejectedActionError
from sim.game.session.session import Session
from sim.strings import speaking

RETRY_SECONDS = 2.0
"""Seconds after which the clock tries again to write an entry that the disk did not take."""
log = logging.getLogger(__name__)
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class KeptAnswer:
    """An answer that somebody has begun and not sent, to one version of the text and phase.

    `pledge` maps resources to what was typed.
    """

    version: int
    verdict: str
    says: str
    withdraw: bool
    pledge: Mapping[str, str]


class LiveSession:
    """A session and the people in it; create it within a running event loop.

    `hub` holds the open pages; `seating_lock` is held while the next free chair is assigned. `kept` maps a table and an
    actor to the answer that was begun there; it is in memory only, not in the log, and nobody else sees it.
    `readers` holds who has read the brief of a seat: person, table and actor, in memory too. `briefs`, `chairs`,
    `parts` and `cards` hold parts of pages that readers see alike, or that seldom change.
    """

    def __init__(
        self, row: SessionRow, store: LogStore, session: Session, steady: Callable[[], float] = time.monotonic
    ) -> None:
        self.row, self.session, self.hub = row, session, Hub()
        self._store = store
        self._lock, self._changed = asyncio.Lock(), asyncio.Event()
        # The machine's clock may jump. The session's clock continues evenly from the end of its log.
        self._steady, self._ahead = steady, max(time.time(), session.at) - steady()
        self._public_parts: dict[int, str] = {}
        self.briefs, self.chairs, self.parts = RoleBriefs(), FreeChairs(), SeatParts(session.settings.language)
        self.cards = TableCards(row.id)
        self.seating_lock = asyncio.Lock()
        self.kept: dict[tuple[int, str], KeptAnswer] = {}
        self.readers: set[tuple[str, int, str]] = set()
        self._clock_task = asyncio.create_task(self._run_clock())

    async def close(self) -> None:
        """Stop the clock and end all streams."""
        self.hub.close()
        self._clock_task.cancel()
        with suppress(asyncio.CancelledError):
            await self._clock_task

    async def act(
        self, by: str, kind: str, data: Mapping[str, Any], action: str, joining: NewParticipant | None = None
    ) -> LogEntry | None:
        """Carry out an action of `sim.game.session.actions`, and return its log entry; None if the log has this action
        id already.

        The key and the code in `joining` are stored with it. Raises `RejectedActionError` if the game does not allow
        it, and `StorageError` if it cannot be written to the disk; nothing has changed then.
        """
        # Shielded, so that a client that disconnects cannot leave an entry that is written but not applied.
        do = partial(self._do, by, kind, data, action, joining)
        return await asyncio.shield(asyncio.ensure_future(self._act(do)))

    async def _act(self, do: Callable[[], tuple[LogEntry | None, list[updates.PageUpdate]]]) -> LogEntry | None:
        async with self._lock:
            with speaking(self.session.strings):
                entry, page_updates = await asyncio.to_thread(do)
            for update in page_updates:
                self.hub.publish(update.topic, update.name, update.text)
            self._changed.set()
        return entry

    async def read(self, question: Callable[[Session], Answer]) -> Answer:
        """Return the answer to a question about the state; no action happens meanwhile."""
        return await asyncio.shield(asyncio.ensure_future(self._read(question)))

    async def _read(self, question: Callable[[Session], Answer]) -> Answer:
        async with self._lock:
            with speaking(self.session.strings):
                return await asyncio.to_thread(question, self.session)

    def _do(
        self, by: str, kind: str, data: Mapping[str, Any], action: str, joining: NewParticipant | None
    ) -> tuple[LogEntry | None, list[updates.PageUpdate]]:
        if logged := self._store.find_action(action):
            if (logged.session, logged.by) != (self.row.id, by):
                raise RejectedActionError("forbidden", "not_you")
            return None, []
        entry = self.session.entry(by, kind, data, max(self.now, self.session.at))
        self._store.append(self.row.id, action, entry.to_json(), joining)
        updates_for = updates.updates_after(self.session, by, kind, data)
        try:
            self.session.apply(entry)
            return entry, [shown for update in updates_for(entry) if (shown := self._shown(update))]
        except Exception:
            # A bug. Nobody has seen the action yet, so it is removed from the state and from the log.
            self._store.retract(self.row.id, entry.n)
            self.session, self._public_parts = Session.replay(self.session.entries[: entry.n - 1]), {}
            raise

    def _shown(self, update: updates.PageUpdate) -> updates.PageUpdate | None:
        """Return an update with its text; None if nobody follows the table, or its public part is the same as before.

        A page that is opened later renders the part itself (`public_part`).
        """
        if update.table is None:
            return update
        before = self._public_parts.pop(update.table, None)
        if not self.hub.is_followed(update.topic):
            return None
        text = self.public_part(update.table)
        return None if text == before else replace(update, text=text)

    def public_part(self, table: int) -> str:
        """Return the public part of the pages about a table; call it from within `read`."""
        if table not in self._public_parts:
            self._public_parts[table] = updates.public_part(self.session, table, self.parts)
        return self._public_parts[table]

    @property
    def now(self) -> float:
        """The time of the session, in seconds since the epoch; it never jumps while the server runs."""
        return self._steady() + self._ahead

    @property
    def n(self) -> int:
        """The number of the last log entry."""
        return self.session.entries[-1].n

    def stream(self, reader: str, topics: Iterable[str], table: int | None = None) -> StreamingResponse:
        """Return the event stream of a reader's page: first the current state, with the public part of `table`, then
        all changes.

        The teacher's page is told when a reader connects or leaves.
        """

        async def sent() -> AsyncIterator[bytes]:
            subscriber = self.hub.join(reader, topics)
            try:
                subscriber.push("hello", event_stream.event("hello", str(self.n)))
                if table is not None:
                    text = await self.read(lambda _: self.public_part(table))
                    subscriber.push(updates.PUBLIC, event_stream.event(updates.PUBLIC, text))
                self.hub.publish(updates.TEACHER, updates.PRIVATE)
                async for chunk in event_stream.stream(subscriber):
                    yield chunk
            finally:
                self.hub.leave(subscriber)
                self.hub.publish(updates.TEACHER, updates.PRIVATE)

        return StreamingResponse(sent(), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})

    async def _run_clock(self) -> None:
        """Close each phase when its time is over."""
        while True:
            self._changed.clear()
            deadline = min(self._deadlines(), default=None)
            try:
                wait = None if deadline is None else max(0.0, deadline[0] - self.now)
                await asyncio.wait_for(self._changed.wait(), wait)
            except TimeoutError:
                await self._timeout(deadline[1] if deadline else 0)

    def _deadlines(self) -> list[tuple[float, int]]:
        """Return when each timed phase ends (seconds since the epoch), with its table."""
        if not self.session.settings.clock_closes:
            return []
        ends = ((table.clock.ends_at, table.number) for table in self.session.tables if not table.over)
        return [(time_, number) for time_, number in ends if time_ is not None]

    async def _timeout(self, table: int) -> None:
        try:
            await self.act(actions.CLOCK, "timeout", {"table": table}, access_tokens.new_id())
        except RejectedActionError:
            await asyncio.sleep(RETRY_SECONDS / 10)
        except StorageError as error:
            log.error("the end of a phase at table %s could not be written: %s", table, error)
            await asyncio.sleep(RETRY_SECONDS)
