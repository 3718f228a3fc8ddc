"""All sessions of a server: which there are, who has a key to which, and how people join."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from sim.classroom import access_tokens
from sim.classroom.live_session import LiveSession
from sim.classroom.log_store import LogStore, NewParticipant, SessionRow, StoredKey
from sim.classroom.throttle import JoinLimit, Throttle
from sim.errors import UsageError
from sim.game.session.log import LogEntry
from sim.game.session.session import Session
from sim.game.session.settings import SessionSettings
from sim.strings import spoken
from sim.web.background_jobs import BackgroundJobs
from sim.web.catalogue import Catalogue

TEACHER, SEAT, PROJECTOR = "teacher", "seat", "projector"
LINK_SECONDS = 600.0
"""Seconds for which a link to another device of the teacher is valid."""
MAX_SESSIONS = 200
"""Sessions in one file; the teacher deletes those that are no longer needed."""


@dataclass(frozen=True)
class ServerAddress:
    """The port of the server, and the addresses of this machine on the network (none without ``--lan``)."""

    port: int
    lan: tuple[str, ...] = ()

    @property
    def own(self) -> str:
        """The address for a browser on this machine."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def room(self) -> str:
        """The address for other devices on the network; for this machine if no other device can connect."""
        return f"http://{self.lan[0]}:{self.port}" if self.lan else self.own


class SessionRegistry:
    """All sessions of a file; `clock` gives the seconds since the epoch.

    `slow` are background jobs that take seconds, and `quick` shorter ones, which do not wait for the slow ones.
    `first_link` is the secret of the teacher's link, valid as long as this server runs.
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
        self.join_limit = JoinLimit()
        self._clock = clock
        self._keys = {key.hash: key for key in store.all_keys()}
        if expired := [key.hash for key in self._keys.values() if not self._is_valid(key)]:
            store.delete_keys(expired)
        self._codes = store.all_codes()
        self._own_codes = {owner: code for code, owner in self._codes.items()}
        self._session_rows = {row.id: row for row in store.sessions()}
        self._live_sessions: dict[str, LiveSession] = {}
        self._opening: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._creating = asyncio.Lock()
        self.first_link = access_tokens.token()
        self._links: dict[str, tuple[StoredKey, float]] = {}

    # -- sessions ----------------------------------------------------------------------------------------------------

    @property
    def sessions(self) -> list[SessionRow]:
        """All sessions, newest first."""
        return sorted(self._session_rows.values(), key=lambda row: -row.made)

    async def open(self, session: str | None) -> LiveSession | None:
        """Return an open session; None if there is no such session.

        A session that is not open yet is opened by replaying its log. Raises `ParleyError` if its log cannot be
        replayed.
        """
        if session is None or session not in self._session_rows:
            return None
        async with self._opening[session]:
            if session not in self._live_sessions and session in self._session_rows:
                state = await asyncio.to_thread(self.replay_log, session)
                self._live_sessions[session] = LiveSession(self._session_rows[session], self.store, state)
        return self._live_sessions.get(session)

    def replay_log(self, session: str) -> Session:
        """Return a copy of a session, replayed from its log; long computations with it do not block anybody."""
        return Session.replay(map(LogEntry.from_json, self.store.entries(session)))

    async def create(self, settings: SessionSettings, title: str, action: str) -> str:
        """Create a session and return its id; repeating the action returns the same session.

        Raises `UsageError` if there are `MAX_SESSIONS` already, `CaseError` if the scenario is not valid, and
        `StorageError` if it cannot be written to the disk.
        """
        async with self._creating:
            if logged := self.store.find_action(action):
                return logged.session
            if len(self._session_rows) >= MAX_SESSIONS:
                raise UsageError(spoken()("class.error.too_many", most=MAX_SESSIONS))
            now = self._clock()
            state, entry = await asyncio.to_thread(Session.begin, settings, now)
            code = access_tokens.new_code(access_tokens.ROOM_LETTERS, {row.code for row in self._session_rows.values()})
            row = SessionRow(access_tokens.new_id(), code, title, now, entry.n)
            await asyncio.to_thread(self.store.begin, row, action, entry.to_json())
            self._session_rows[row.id] = row
            self._live_sessions[row.id] = LiveSession(row, self.store, state)
            return row.id

    async def delete(self, session: str) -> None:
        """Delete a session, so that none of it remains in the file."""
        live = self._live_sessions.pop(session, None)
        self._session_rows.pop(session, None)
        self._keys = {hash_: key for hash_, key in self._keys.items() if key.session != session}
        self._codes = {code: owner for code, owner in self._codes.items() if owner[0] != session}
        self._own_codes = {owner: code for code, owner in self._codes.items()}
        if live is not None:
            await live.close()
        self.slow.forget(session)
        self.quick.forget(session)
        await asyncio.to_thread(self.store.delete, session)

    async def open_all(self) -> None:
        """Open all sessions, one after the other, so that their clocks run."""
        for session in list(self._session_rows):
            try:
                await self.open(session)
            except Exception:  # the page of a session that cannot be replayed shows the error
                continue
            await asyncio.sleep(0)

    async def close(self) -> None:
        """Close all sessions and the file."""
        for live in list(self._live_sessions.values()):
            await live.close()
        self.slow.close()
        self.quick.close()
        self.store.close()

    def end_streams(self) -> None:
        """End all event streams, so that the server can stop."""
        for live in self._live_sessions.values():
            live.hub.close()

    # -- joining ----------------------------------------------------------------------------------------------------

    def stored_key(self, token: str | None, kind: str) -> StoredKey | None:
        """Return what a token opens; None unless it is of this kind."""
        key = self._keys.get(access_tokens.hashed(token)) if token else None
        return key if key is not None and key.kind == kind and self._is_valid(key) else None

    def _is_valid(self, key: StoredKey) -> bool:
        return self._clock() < key.made + access_tokens.KEY_SECONDS

    def find_by_code(self, code: str) -> str | None:
        """Return the id of the session with a code; None if there is none."""
        normalized = access_tokens.normalized(code)
        return next((row.id for row in self._session_rows.values() if access_tokens.equal(row.code, normalized)), None)

    async def join(self, session: str, name: str, action: str) -> str:
        """Add a person to a session and return the person's token. Raises `RejectedActionError` if the game does not
        allow it, and `StorageError` if it cannot be written to the disk.
        """
        live = await self.open(session)
        if live is None:
            raise UsageError(spoken()("class.error.session"))
        # A form that is sent twice adds one person: nobody else knows the id of the action.
        person = hashlib.sha256(b"person:" + action.encode()).hexdigest()[:16]
        token = access_tokens.token()
        code = access_tokens.new_code(access_tokens.OWN_LETTERS, self._codes)
        key = StoredKey(access_tokens.hashed(token), SEAT, session, person, self._clock())
        self._codes[code] = (session, person)  # taken at once, so that nobody who joins meanwhile gets the same
        entry = None
        try:
            entry = await live.act(person, "join", {"person": person, "name": name}, action, NewParticipant(key, code))
        finally:
            if entry is None:
                del self._codes[code]
        if entry is None:
            await self._add_key(key)
        else:
            self._own_codes[session, person] = code
        self._keys[key.hash] = key
        return token

    async def join_refusal(self, session: str, device: str) -> str:
        """Count a join; return why it is refused, as a key below ``class.join`` in the strings, or an empty text."""
        live = await self.open(session)
        seats = 0 if live is None else sum(len(table.chairs) for table in live.session.tables)
        if not self.join_limit.device_may(access_tokens.hashed(device)):
            return "often"
        return "" if self.join_limit.room_may(session, seats) else "crowd"

    def own_code(self, session: str, person: str) -> str:
        """Return the code with which a person returns on another device; empty if there is none."""
        return access_tokens.grouped(self._own_codes.get((session, person), ""))

    async def resume(self, code: str) -> str | None:
        """Return a new token for the person with a code; None if nobody has it."""
        owner = self._codes.get(access_tokens.normalized(code))
        return None if owner is None else await self._issue(SEAT, *owner)

    # -- the teacher's links -----------------------------------------------------------------------------------------

    def link(self, kind: str, session: str | None = None) -> str:
        """Return a new secret for a link that opens the console, or a session's projector page, on another device."""
        secret = access_tokens.token()
        now = self._clock()
        self._links = {hash_: link for hash_, link in self._links.items() if link[1] > now}
        key = StoredKey(access_tokens.hashed(secret), kind, session)
        self._links[key.hash] = (key, now + LINK_SECONDS)
        return secret

    async def follow_link(self, secret: str) -> tuple[str, StoredKey] | None:
        """Return a new token for what a link opens, and what that is; None if the link is not valid (any more)."""
        if access_tokens.equal(secret, self.first_link):
            return await self._issue(TEACHER), StoredKey("", TEACHER)
        key, valid_until = self._links.get(access_tokens.hashed(secret), (None, 0.0))
        if key is None or valid_until <= self._clock():
            return None
        return await self._issue(key.kind, key.session), key

    async def _issue(self, kind: str, session: str | None = None, person: str | None = None) -> str:
        token = access_tokens.token()
        await self._add_key(StoredKey(access_tokens.hashed(token), kind, session, person, self._clock()))
        return token

    async def _add_key(self, key: StoredKey) -> None:
        """Store a key, and delete its holder's oldest ones and all that have expired."""
        holder = (key.kind, key.session, key.person)
        same = [other for other in self._keys.values() if (other.kind, other.session, other.person) == holder]
        oldest = sorted(same, key=lambda other: -other.made)[access_tokens.KEYS_KEPT - 1 :]
        expired = [other for other in self._keys.values() if not self._is_valid(other)]
        forget = list({other.hash for other in (*oldest, *expired)})
        await asyncio.to_thread(self.store.add_key, key, forget)
        self._keys[key.hash] = key
        for hash_ in forget:
            self._keys.pop(hash_, None)

    async def forget_token(self, token: str) -> None:
        """Delete a token."""
        if self._keys.pop(access_tokens.hashed(token), None):
            await asyncio.to_thread(self.store.delete_keys, [access_tokens.hashed(token)])
