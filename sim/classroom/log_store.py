"""The log on the disk: one SQLite file, to which entries are only ever added.

An entry is there when `append` returns: SQLite writes ahead (WAL) and waits for the disk (synchronous=FULL). Each
carries a checksum over itself and the one before it, and a session's head says how many there are, so that what is
damaged or missing is found at the next start (`sim.classroom.store_repair`). The file is locked for as long as it is
open, by the operating system, so that a killed server leaves no lock behind.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.errors import ParleyError, UsageError

APPLICATION = 0x50524C59
"""Marks the file as ours: PRLY."""
VERSION = 2
"""Of what the file holds; it rises when older classes would not come out the same."""
SCHEMA = f"""PRAGMA application_id={APPLICATION}; PRAGMA user_version={VERSION};
CREATE TABLE sessions (id TEXT PRIMARY KEY, code TEXT UNIQUE NOT NULL, title TEXT NOT NULL, made REAL NOT NULL,
    n INTEGER NOT NULL, checksum TEXT NOT NULL);
CREATE TABLE log (session TEXT NOT NULL, n INTEGER NOT NULL, action TEXT UNIQUE NOT NULL, entry TEXT NOT NULL,
    checksum TEXT NOT NULL, PRIMARY KEY (session, n)) WITHOUT ROWID;
CREATE TABLE keys (hash TEXT PRIMARY KEY, kind TEXT NOT NULL, session TEXT, person TEXT) WITHOUT ROWID;
CREATE TABLE codes (code TEXT PRIMARY KEY, session TEXT NOT NULL, person TEXT NOT NULL) WITHOUT ROWID;
"""


class StorageError(ParleyError):
    """An action could not be written to the disk, and did not happen."""


@dataclass(frozen=True)
class SessionRow:
    """A session as the file lists it: its name, the code of its room, what it plays, when it was made, its length."""

    id: str
    code: str
    title: str
    made: float
    n: int


@dataclass(frozen=True)
class StoredKey:
    """What a token opens: `kind` is "teacher", "seat" or "projector"; a seat's names session and person."""

    hash: str
    kind: str
    session: str | None = None
    person: str | None = None


@dataclass(frozen=True)
class LoggedAction:
    """An action that stands in the log already: in which session, and by whom."""

    session: str
    by: str


def entry_checksum(before: str, action: str, entry: str) -> str:
    """The checksum of an entry: SHA-256 over the one before it, the id of the action, and the entry."""
    return hashlib.sha256("\n".join((before, action, entry)).encode()).hexdigest()


def connect(path: Path) -> sqlite3.Connection:
    """Open a file for good and for this process alone.

    Raises
    ------
    UsageError
        if another process has it open, it cannot be written, or it is some other program's
    sqlite3.DatabaseError
        if it is damaged
    """
    connection = None
    try:
        connection = sqlite3.connect(path, timeout=0, check_same_thread=False, isolation_level=None)
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        connection.execute("BEGIN EXCLUSIVE")
        [(mark,)] = connection.execute("PRAGMA application_id")
        [(tables,)] = connection.execute("SELECT count(*) FROM sqlite_master")
        if tables and mark != APPLICATION:
            raise UsageError(f"--data {path}: this is the file of another program; name one that is new.")
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA secure_delete=ON")
        if not tables:
            connection.executescript(f"BEGIN; {SCHEMA} COMMIT;")
    except BaseException as error:
        if connection is not None:
            connection.close()
        if not isinstance(error, sqlite3.OperationalError):
            raise
        if "lock" in str(error):
            raise UsageError(
                f"--data {path}: another server has this file open; stop it, or give this one a file of its own."
            ) from None
        if any(word in str(error) for word in ("readonly", "unable to open", "full", "disk I/O")):
            raise UsageError(f"--data {path}: cannot be written ({error}); name a file in another folder.") from None
        raise
    return connection


class LogStore:
    """The file of a server.

    Parameters
    ----------
    connection : as `connect` gives it; `sim.classroom.store_repair.open_store` checks the file first
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._lock = threading.Lock()

    def close(self) -> None:
        """Write everything into one file, and let it go."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException as error:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                if isinstance(error, sqlite3.OperationalError):
                    raise StorageError(str(error)) from error
                raise

    def _rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._connection.execute(query, values).fetchall()

    # -- sessions and their logs -----------------------------------------------------------------------------------

    def sessions(self) -> list[SessionRow]:
        """All sessions, the newest first."""
        rows = self._rows("SELECT id, code, title, made, n FROM sessions ORDER BY made DESC")
        return [SessionRow(*row) for row in rows]

    def begin(self, filed: SessionRow, action: str, entry: Mapping[str, Any]) -> None:
        """Add a session with its first entry.

        Raises
        ------
        StorageError
            if the disk does not take it
        """
        with self._transaction() as connection:
            values = (filed.id, filed.code, filed.title, filed.made, 0, filed.id)
            connection.execute("INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?)", values)
            self._add(connection, filed.id, action, entry)

    def append(
        self,
        session: str,
        action: str,
        entry: Mapping[str, Any],
        *,
        key: StoredKey | None = None,
        code: str | None = None,
    ) -> None:
        """Add an entry; it is on the disk when this returns.

        Parameters
        ----------
        action : the id of the action, which no other entry has
        entry : plain data with `n`, which goes on from the last
        key, code : what a person who joins is given, stored with the entry or not at all

        Raises
        ------
        StorageError
            if the disk does not take it; nothing is written then
        """
        with self._transaction() as connection:
            self._add(connection, session, action, entry)
            if key is not None:
                self._insert_key(connection, key)
            if key is not None and code is not None:
                connection.execute("INSERT INTO codes VALUES (?, ?, ?)", (code, key.session, key.person))

    def _add(self, connection: sqlite3.Connection, session: str, action: str, entry: Mapping[str, Any]) -> None:
        found = connection.execute("SELECT n, checksum FROM sessions WHERE id = ?", (session,)).fetchone()
        if found is None or found[0] + 1 != entry["n"]:
            raise StorageError(f"entry {entry['n']} does not follow the log of session {session}")
        text = json.dumps(entry, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        checksum = entry_checksum(found[1], action, text)
        connection.execute("INSERT INTO log VALUES (?, ?, ?, ?, ?)", (session, entry["n"], action, text, checksum))
        connection.execute("UPDATE sessions SET n = ?, checksum = ? WHERE id = ?", (entry["n"], checksum, session))

    def retract(self, session: str, n: int) -> None:
        """Take the last entry out again, of which nobody has been told."""
        with self._transaction() as connection:
            last = connection.execute("SELECT n FROM sessions WHERE id = ?", (session,)).fetchone()
            if last != (n,):
                raise StorageError(f"entry {n} is not the last of session {session}")
            connection.execute("DELETE FROM log WHERE session = ? AND n = ?", (session, n))
            query = "SELECT checksum FROM log WHERE session = ? AND n = ?"
            [(checksum,)] = connection.execute(query, (session, n - 1)).fetchall() or [(session,)]
            connection.execute("UPDATE sessions SET n = ?, checksum = ? WHERE id = ?", (n - 1, checksum, session))

    def entries(self, session: str) -> list[dict[str, Any]]:
        """The whole log of a session, in its order."""
        rows = self._rows("SELECT entry FROM log WHERE session = ? ORDER BY n", session)
        return [json.loads(text) for (text,) in rows]

    def find_action(self, action: str) -> LoggedAction | None:
        """Where an action stands in the log; None if it is new."""
        found = self._rows("SELECT session, entry FROM log WHERE action = ?", action)
        return LoggedAction(found[0][0], json.loads(found[0][1])["by"]) if found else None

    def delete(self, session: str) -> None:
        """Take a session out of the file, so that none of its bytes is left in it.

        Raises
        ------
        StorageError
            if the disk has no room for the file to be written anew; the rows are gone from it all the same
        """
        with self._transaction() as connection:
            for table in ("log", "keys", "codes"):
                connection.execute(f"DELETE FROM {table} WHERE session = ?", (session,))
            connection.execute("DELETE FROM sessions WHERE id = ?", (session,))
        with self._lock:
            try:
                self._connection.execute("VACUUM")
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            except sqlite3.OperationalError as error:
                raise StorageError(str(error)) from error

    # -- keys and codes ----------------------------------------------------------------------------------------------

    def add_key(self, key: StoredKey) -> None:
        """Keep what a token opens, by the token's hash."""
        with self._transaction() as connection:
            self._insert_key(connection, key)

    @staticmethod
    def _insert_key(connection: sqlite3.Connection, key: StoredKey) -> None:
        connection.execute("INSERT INTO keys VALUES (?, ?, ?, ?)", (key.hash, key.kind, key.session, key.person))

    def drop_keys(self, hashes: Sequence[str]) -> None:
        """Forget tokens."""
        with self._transaction() as connection:
            connection.executemany("DELETE FROM keys WHERE hash = ?", [(one,) for one in hashes])

    def all_keys(self) -> list[StoredKey]:
        """All keys."""
        return [StoredKey(*row) for row in self._rows("SELECT hash, kind, session, person FROM keys")]

    def all_codes(self) -> dict[str, tuple[str, str]]:
        """Every person's own code, with session and person."""
        return {row[0]: (row[1], row[2]) for row in self._rows("SELECT code, session, person FROM codes")}
