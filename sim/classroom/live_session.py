"""A session that is open: its state, its log, its clock, and the pages that look at it.

One thing happens at a time (a lock), and it happens in a thread, so that the server goes on answering others. An
action is checked, written to the disk, applied, told, answered, in this order.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from fastapi.responses import StreamingResponse

from sim.classroom import access_tokens, event_stream, updates
from sim.classroom.event_stream import Hub
from sim.classroom.log_store import LogStore, SessionRow, StorageError, StoredKey
from sim.game.session import actions
from sim.game.session.log import LogEntry
from sim.game.session.rejections import RejectedActionError
from sim.game.session.session import Session

AGAIN = 2.0
"""Seconds after which the clock tries again to write what the disk did not take."""
log = logging.getLogger(__name__)
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class NewParticipant:
    """What a person who joins is given, stored with the entry or not at all: the key of its token, and its code."""

    key: StoredKey
    code: str


class LiveSession:
    """A session and whoever is in it; made within a running loop.

    Parameters
    ----------
    filed : how the store lists it
    store : where its log is
    session : its state

    Attributes
    ----------
    hub : the pages that are open
    giving : held while somebody is given a chair
    """

    def __init__(self, filed: SessionRow, store: LogStore, session: Session) -> None:
        self.filed, self.session, self.hub = filed, session, Hub()
        self._store = store
        self._lock, self._changed = asyncio.Lock(), asyncio.Event()
        self._shown: dict[int, str] = {}
        self.giving = asyncio.Lock()
        self._ticking = asyncio.create_task(self._tick())

    async def close(self) -> None:
        """Stop the clock and end all streams."""
        self.hub.close()
        self._ticking.cancel()
        with suppress(asyncio.CancelledError):
            await self._ticking

    async def act(
        self, by: str, kind: str, data: Mapping[str, Any], action: str, joining: NewParticipant | None = None
    ) -> LogEntry | None:
        """Let something happen.

        Parameters
        ----------
        action : the id of this action; one that stands in the log already is acknowledged, and not done again

        Returns
        -------
        its entry; None if it was there already

        Raises
        ------
        RefusedError
            if the game does not allow it
        StorageError
            if the disk does not take it; nothing has changed then
        """
        # Shielded: whoever goes away in the middle must not leave an entry that is written and not applied.
        return await asyncio.shield(asyncio.ensure_future(self._act(by, kind, data, action, joining)))

    async def _act(
        self, by: str, kind: str, data: Mapping[str, Any], action: str, joining: NewParticipant | None
    ) -> LogEntry | None:
        async with self._lock:
            entry, found = await asyncio.to_thread(self._do, by, kind, data, action, joining)
            for one in found:
                self.hub.publish(one.topic, one.name, one.text)
            self._changed.set()
        return entry

    async def read(self, question: Callable[[Session], Answer]) -> Answer:
        """Ask something of the state, while nothing happens."""
        return await asyncio.shield(asyncio.ensure_future(self._read(question)))

    async def _read(self, question: Callable[[Session], Answer]) -> Answer:
        async with self._lock:
            return await asyncio.to_thread(question, self.session)

    def _do(
        self, by: str, kind: str, data: Mapping[str, Any], action: str, joining: NewParticipant | None
    ) -> tuple[LogEntry | None, list[updates.PageUpdate]]:
        if done := self._store.done(action):
            if (done.session, done.by) != (self.filed.id, by):
                raise RejectedActionError("forbidden", "not_you")
            return None, []
        entry = self.session.entry(by, kind, data, max(time.time(), self.session.at))
        key, code = (joining.key, joining.code) if joining else (None, None)
        self._store.append(self.filed.id, action, entry.to_json(), key=key, code=code)
        told = updates.tell(self.session, by, data)
        try:
            self.session.apply(entry)
            return entry, [one for one in told(entry) if self._is_new(one)]
        except Exception:
            # A mistake of ours. Nobody was told that it happened, so it did not: neither here nor in the log.
            self._store.retract(self.filed.id, entry.n)
            self.session, self._shown = Session.replay(self.session.entries[: entry.n - 1]), {}
            raise

    def _is_new(self, one: updates.PageUpdate) -> bool:
        """Whether pages that show a table have not been sent this before."""
        if one.table is None:
            return True
        before, self._shown[one.table] = self._shown.get(one.table), one.text
        return one.text != before

    def shown(self, table: int) -> str:
        """The public part of the pages about a table; to be asked from within `read`."""
        if table not in self._shown:
            self._shown[table] = updates.public(self.session, table)
        return self._shown[table]

    @property
    def n(self) -> int:
        """The number of the last entry."""
        return self.session.entries[-1].n

    def stream(self, reader: str, topics: Iterable[str], table: int | None = None) -> StreamingResponse:
        """The stream of a page: first what there is, then what changes; the teacher sees it come and go.

        Parameters
        ----------
        reader : who looks
        topics : what the page follows
        table : the table whose public part it shows
        """

        async def sent() -> AsyncIterator[bytes]:
            one = self.hub.join(reader, topics)
            try:
                one.push("hello", event_stream.event("hello", str(self.n)))
                if table is not None:
                    one.push(
                        updates.PUBLIC, event_stream.event(updates.PUBLIC, await self.read(lambda _: self.shown(table)))
                    )
                self.hub.publish(updates.TEACHER, updates.PRIVATE)
                async for chunk in event_stream.stream(one):
                    yield chunk
            finally:
                self.hub.leave(one)
                self.hub.publish(updates.TEACHER, updates.PRIVATE)

        return StreamingResponse(sent(), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})

    async def _tick(self) -> None:
        """Close phases when their time is over."""
        while True:
            self._changed.clear()
            due = min(self._ends(), default=None)
            try:
                wait = None if due is None else max(0.0, due[0] - time.time())
                await asyncio.wait_for(self._changed.wait(), wait)
            except TimeoutError:
                await self._timeout(due[1] if due else 0)

    def _ends(self) -> list[tuple[float, int]]:
        """When the phases that have an end are over, with their tables."""
        ends = ((table.clock.ends_at, table.number) for table in self.session.tables if not table.over)
        return [(at, number) for at, number in ends if at is not None]

    async def _timeout(self, table: int) -> None:
        try:
            await self.act(actions.CLOCK, "timeout", {"table": table}, access_tokens.new_id())
        except RejectedActionError:
            await asyncio.sleep(AGAIN / 10)
        except StorageError as error:
            log.error("the end of a phase at table %s could not be written: %s", table, error)
            await asyncio.sleep(AGAIN)
