"""The house of all sessions: which there are, who holds a key to what, and how one comes in."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from sim.classroom import access_tokens
from sim.classroom.live_session import LiveSession, NewParticipant
from sim.classroom.log_store import LogStore, SessionRow, StoredKey
from sim.classroom.throttle import Throttle
from sim.errors import UsageError
from sim.game.session.log import LogEntry
from sim.game.session.session import Session
from sim.game.session.settings import SessionSettings
from sim.web.background_jobs import BackgroundJobs
from sim.web.catalogue import Catalogue

TEACHER, SEAT, PROJECTOR = "teacher", "seat", "projector"
LINK_SECONDS = 600.0
"""For which a link to another device of the teacher's holds."""
SESSIONS_MOST = 200
"""In one file; a teacher deletes what is not needed."""


@dataclass(frozen=True)
class ServerAddress:
    """Where the server is reached: its port, and the addresses of this machine in the room (none without ``--lan``)."""

    port: int
    lan: tuple[str, ...] = ()

    @property
    def own(self) -> str:
        """From this machine."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def room(self) -> str:
        """From a phone in the room; from this machine, if no other can reach it."""
        return f"http://{self.lan[0]}:{self.port}" if self.lan else self.own


class SessionRegistry:
    """All sessions of a file.

    Parameters
    ----------
    store : the file
    catalogue : what sessions can be made of
    address : where it is served
    program : the version of this program
    clock : seconds since the epoch

    Attributes
    ----------
    slow, quick : what takes seconds, and what takes less; the one does not keep the other waiting
    first_link : the secret of the teacher's link, which holds as long as this server runs
    """

    def __init__(
        self,
        store: LogStore,
        catalogue: Catalogue,
        address: ServerAddress,
        program: str,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.store, self.catalogue, self.address, self.program = store, catalogue, address, program
        self.throttle, self.slow, self.quick = Throttle(), BackgroundJobs(), BackgroundJobs()
        self._clock = clock
        self._keys = {key.hash: key for key in store.all_keys()}
        self._codes = store.all_codes()
        self._session_rows = {one.id: one for one in store.sessions()}
        self._live_sessions: dict[str, LiveSession] = {}
        self._opening: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._making = asyncio.Lock()
        self.first_link = access_tokens.token()
        self._links: dict[str, tuple[StoredKey, float]] = {}

    # -- sessions ----------------------------------------------------------------------------------------------------

    @property
    def sessions(self) -> list[SessionRow]:
        """All sessions, the newest first."""
        return sorted(self._session_rows.values(), key=lambda one: -one.made)

    async def room(self, session: str) -> LiveSession | None:
        """The room of a session, opened by the replay of its log if it is not open yet; None if there is none.

        Raises
        ------
        ParleyError
            if its log cannot be replayed
        """
        if session not in self._session_rows:
            return None
        async with self._opening[session]:
            if session not in self._live_sessions and session in self._session_rows:
                state = await asyncio.to_thread(self.replay_log, session)
                self._live_sessions[session] = LiveSession(self._session_rows[session], self.store, state)
        return self._live_sessions.get(session)

    def replay_log(self, session: str) -> Session:
        """A session as its log has it, by itself: whoever computes with it for long disturbs nobody."""
        return Session.replay(map(LogEntry.from_json, self.store.entries(session)))

    async def create(self, settings: SessionSettings, title: str, action: str) -> str:
        """Make a session, and return its id; the same action makes none twice.

        Raises
        ------
        UsageError
            if there are too many
        CaseError
            if its scenario does not make sense
        StorageError
            if the disk does not take it
        """
        async with self._making:
            if done := self.store.done(action):
                return done.session
            if len(self._session_rows) >= SESSIONS_MOST:
                raise UsageError(f"this file holds {SESSIONS_MOST} sessions; delete one that is over.")
            now = self._clock()
            state, entry = await asyncio.to_thread(Session.begin, settings, now)
            taken = {one.code for one in self._session_rows.values()}
            code = next(code for code in iter(access_tokens.room_code, "") if code not in taken)
            filed = SessionRow(access_tokens.new_id(), code, title, now, entry.n)
            await asyncio.to_thread(self.store.begin, filed, action, entry.to_json())
            self._session_rows[filed.id] = filed
            self._live_sessions[filed.id] = LiveSession(filed, self.store, state)
            return filed.id

    async def delete(self, session: str) -> None:
        """Delete a session, so that nothing of it is left in the file."""
        room = self._live_sessions.pop(session, None)
        self._session_rows.pop(session, None)
        self._keys = {hash_: key for hash_, key in self._keys.items() if key.session != session}
        self._codes = {code: whose for code, whose in self._codes.items() if whose[0] != session}
        if room is not None:
            await room.close()
        self.slow.forget(session)
        self.quick.forget(session)
        await asyncio.to_thread(self.store.delete, session)

    async def wake(self) -> None:
        """Open all sessions, one after the other, so that their clocks go on."""
        for session in list(self._session_rows):
            try:
                await self.room(session)
            except Exception:  # one that cannot be replayed says so on its own page
                continue
            await asyncio.sleep(0)

    async def close(self) -> None:
        """Close all rooms and the file."""
        for room in list(self._live_sessions.values()):
            await room.close()
        self.slow.close()
        self.quick.close()
        self.store.close()

    def end_streams(self) -> None:
        """End all streams, so that the server can end."""
        for room in self._live_sessions.values():
            room.hub.close()

    # -- coming in ---------------------------------------------------------------------------------------------------

    def key(self, token: str | None, kind: str) -> StoredKey | None:
        """What a token opens, if it is of this kind."""
        key = self._keys.get(access_tokens.hashed(token)) if token else None
        return key if key is not None and key.kind == kind else None

    def session_of(self, code: str) -> str | None:
        """The session of a room's code; None if there is none."""
        typed = access_tokens.typed(code)
        return next((one.id for one in self._session_rows.values() if access_tokens.same(one.code, typed)), None)

    async def join(self, session: str, name: str, action: str) -> str:
        """Take a person in, and return its token.

        Raises
        ------
        RefusedError
            if the room does not take it
        StorageError
            if the disk does not
        """
        room = await self.room(session)
        if room is None:
            raise UsageError("there is no such session.")
        # Who sends the same form again is the same person; nobody else knows the id of the action.
        person = hashlib.sha256(b"person:" + action.encode()).hexdigest()[:16]
        token, code = (
            access_tokens.token(),
            next(code for code in iter(access_tokens.own_code, "") if code not in self._codes),
        )
        key = StoredKey(access_tokens.hashed(token), SEAT, session, person)
        entry = await room.act(
            person, "join", {"person": person, "name": name}, action, NewParticipant(key, access_tokens.typed(code))
        )
        if entry is None:
            await asyncio.to_thread(self.store.add_key, key)
        else:
            self._codes[access_tokens.typed(code)] = (session, person)
        self._keys[key.hash] = key
        return token

    def own_code(self, session: str, person: str) -> str:
        """The code by which a person comes back on another device."""
        found = next((code for code, whose in self._codes.items() if whose == (session, person)), "")
        return f"{found[: access_tokens.GROUP]}-{found[access_tokens.GROUP :]}" if found else ""

    async def resume(self, code: str) -> str | None:
        """The token of whoever has this code; None if nobody has."""
        whose = self._codes.get(access_tokens.typed(code))
        if whose is None:
            return None
        return await self._issue(SEAT, *whose)

    # -- the teacher's links -----------------------------------------------------------------------------------------

    def link(self, kind: str, session: str | None = None) -> str:
        """A secret for a link that opens the console, or a session's projector page, on another device."""
        secret = access_tokens.token()
        now = self._clock()
        self._links = {one: link for one, link in self._links.items() if link[1] > now}
        self._links[access_tokens.hashed(secret)] = (
            StoredKey(access_tokens.hashed(secret), kind, session),
            now + LINK_SECONDS,
        )
        return secret

    async def enter(self, secret: str) -> tuple[str, StoredKey] | None:
        """What a link opens, with a token for it; None if it opens nothing (any more)."""
        if access_tokens.same(secret, self.first_link):
            return await self._issue(TEACHER), StoredKey("", TEACHER)
        found = self._links.get(access_tokens.hashed(secret))
        if found is None or found[1] <= self._clock():
            return None
        return await self._issue(found[0].kind, found[0].session), found[0]

    async def _issue(self, kind: str, session: str | None = None, person: str | None = None) -> str:
        token = access_tokens.token()
        key = StoredKey(access_tokens.hashed(token), kind, session, person)
        await asyncio.to_thread(self.store.add_key, key)
        self._keys[key.hash] = key
        return token

    async def leave(self, token: str) -> None:
        """Forget a token."""
        if self._keys.pop(access_tokens.hashed(token), None):
            await asyncio.to_thread(self.store.drop_keys, [access_tokens.hashed(token)])
