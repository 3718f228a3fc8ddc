"""Stores the logs of all sessions in one SQLite file.

When `append` returns, the entry is on the disk: SQLite uses a write-ahead log (WAL) and waits for the disk
(synchronous=FULL). Each entry has a checksum over itself and the entry before it, and the row of its session says how
many entries there are. Damaged or missing entries are therefore found at the next start
(`sim.classroom.store_repair`). The operating system locks the file while it is open, so a killed server leaves no lock
behind.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

from sim.errors import ParleyError, UsageError

APPLICATION = 0x50524C59
"""SQLite application id of our files: PRLY."""
VERSION = 3
"""Version of the file's content. Increase it when older sessions would replay differently."""
SCHEMA = f"""PRAGMA application_id={APPLICATION}; PRAGMA user_version={VERSION};
CREATE TABLE sessions (id TEXT PRIMARY KEY, code TEXT UNIQUE NOT NULL, title TEXT NOT NULL, made REAL NOT NULL,
    n INTEGER NOT NULL, checksum TEXT NOT NULL);
CREATE TABLE log (session TEXT NOT NULL, n INTEGER NOT NULL, action TEXT UNIQUE NOT NULL, entry TEXT NOT NULL,
    checksum TEXT NOT NULL, PRIMARY KEY (session, n)) WITHOUT ROWID;
CREATE TABLE keys (hash TEXT PRIMARY KEY, kind TEXT NOT NULL, session TEXT, person TEXT,
    made REAL NOT NULL DEFAULT 0) WITHOUT ROWID;
CREATE TABLE codes (code TEXT PRIMARY KEY, session TEXT NOT NULL, person TEXT NOT NULL) WITHOUT ROWID;
"""


OWNER_ONLY = 0o600
"""Mode of a class's file and its copies: private messages and codes are in them."""


class StorageError(ParleyError):
    """An action could not be written to the disk and did not happen."""


@dataclass(frozen=True)
class SessionRow:
    """A session as listed in the file; `made` is in seconds since the epoch, `n` is the number of log entries."""

    id: str
    code: str
    title: str
    made: float
    n: int


@dataclass(frozen=True)
class StoredKey:
    """What a token opens: `kind` is "teacher", "seat" or "projector"; a seat key has a session and a person.

    `made` is in seconds since the epoch.
    """

    hash: str
    kind: str
    session: str | None = None
    person: str | None = None
    made: float = 0.0


@dataclass(frozen=True)
class NewParticipant:
    """The key and the personal code of a person who joins; both are stored together with the log entry."""

    key: StoredKey
    code: str


@dataclass(frozen=True)
class LoggedAction:
    """The session and the author of an action that is in the log already."""

    session: str
    by: str


def entry_checksum(before: str, action: str, entry: str) -> str:
    """Return the checksum of an entry: SHA-256 over the checksum before it, the id of the action, and the entry."""
    return hashlib.sha256("\n".join((before, action, entry)).encode()).hexdigest()


def delete_copies(path: Path, *, damaged: bool = False) -> None:
    """Delete the copies of a file that starts have left behind; with `damaged`, also the copies of damaged files."""
    begins = [f".{path.name}{log}.{kind}-" for log in ("", "-wal") for kind in ("as-found", "mended")]
    if damaged:
        begins.append(f"{path.name}.damaged-")
    for copy in path.parent.iterdir():
        if copy.name.startswith(tuple(begins)):
            copy.unlink(missing_ok=True)


def connect(path: Path) -> sqlite3.Connection:
    """Open a file for this process alone; create it if it does not exist. Raises `UsageError` if another process has it
    open, it cannot be written, or it belongs to another program, and `sqlite3.DatabaseError` if it is damaged.
    """
    connection = None
    try:
        with suppress(OSError):  # SQLite says what is wrong with the folder
            if not path.exists():
                path.touch(OWNER_ONLY)
        connection = sqlite3.connect(path, timeout=0, check_same_thread=False, isolation_level=None)
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        connection.execute("BEGIN EXCLUSIVE")
        [(mark,)] = connection.execute("PRAGMA application_id")
        [(tables,)] = connection.execute("SELECT count(*) FROM sqlite_master")
        if tables and mark != APPLICATION:
            raise UsageError(f"--data {path}: this file belongs to another program. Name a new file.")
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
                f"--data {path}: another server has this file open. Stop that server, or name another file."
            ) from None
        if any(word in str(error) for word in ("readonly", "unable to open", "full", "disk I/O")):
            raise UsageError(f"--data {path}: cannot be written ({error}). Name a file in another folder.") from None
        raise
    return connection


class LogStore:
    """The file that stores all sessions of a server; `sim.classroom.store_repair.open_store` checks it first."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection, self._path = connection, path
        self._lock = threading.Lock()

    @property
    def path(self) -> Path:
        """The file that holds the sessions."""
        return self._path

    def close(self) -> None:
        """Write everything into one file and close it."""
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
        """Return all sessions, newest first."""
        rows = self._rows("SELECT id, code, title, made, n FROM sessions ORDER BY made DESC")
        return [SessionRow(*row) for row in rows]

    def begin(self, row: SessionRow, action: str, entry: Mapping[str, Any]) -> None:
        """Add a session with its first entry. Raises `StorageError` if it cannot be written to the disk."""
        with self._transaction() as connection:
            values = (row.id, row.code, row.title, row.made, 0, row.id)
            connection.execute("INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?)", values)
            self._add(connection, row.id, action, entry)

    def append(
        self, session: str, action: str, entry: Mapping[str, Any], joining: NewParticipant | None = None
    ) -> None:
        """Add an entry, and the key and code of a person who joins; all is on the disk when this method returns.

        The id of the action is unique in the file. Raises `StorageError` if nothing can be stored.
        """
        with self._transaction() as connection:
            self._add(connection, session, action, entry)
            if joining is not None:
                self._insert_key(connection, joining.key)
                values = (joining.code, joining.key.session, joining.key.person)
                connection.execute("INSERT INTO codes VALUES (?, ?, ?)", values)

    def _add(self, connection: sqlite3.Connection, session: str, action: str, entry: Mapping[str, Any]) -> None:
        last = connection.execute("SELECT n, checksum FROM sessions WHERE id = ?", (session,)).fetchone()
        if last is None or last[0] + 1 != entry["n"]:
            raise StorageError(f"entry {entry['n']} does not follow the log of session {session}")
        text = json.dumps(entry, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        checksum = entry_checksum(last[1], action, text)
        connection.execute("INSERT INTO log VALUES (?, ?, ?, ?, ?)", (session, entry["n"], action, text, checksum))
        connection.execute("UPDATE sessions SET n = ?, checksum = ? WHERE id = ?", (entry["n"], checksum, session))

    def retract(self, session: str, n: int) -> None:
        """Remove the last entry of a session, which nobody has seen yet."""
        with self._transaction() as connection:
            last = connection.execute("SELECT n FROM sessions WHERE id = ?", (session,)).fetchone()
            if last != (n,):
                raise StorageError(f"entry {n} is not the last of session {session}")
            connection.execute("DELETE FROM log WHERE session = ? AND n = ?", (session, n))
            query = "SELECT checksum FROM log WHERE session = ? AND n = ?"
            [(checksum,)] = connection.execute(query, (session, n - 1)).fetchall() or [(session,)]
            connection.execute("UPDATE sessions SET n = ?, checksum = ? WHERE id = ?", (n - 1, checksum, session))

    def entries(self, session: str) -> list[dict[str, Any]]:
        """Return the whole log of a session, in order."""
        rows = self._rows("SELECT entry FROM log WHERE session = ? ORDER BY n", session)
        return [json.loads(text) for (text,) in rows]

    def find_action(self, action: str) -> LoggedAction | None:
        """Return an action that is in the log; None if it is new."""
        rows = self._rows("SELECT session, entry FROM log WHERE action = ?", action)
        return LoggedAction(rows[0][0], json.loads(rows[0][1])["by"]) if rows else None

    def delete(self, session: str) -> None:
        """Delete a session, so that none of its bytes remain in the file, and all copies of the file. Raises
        `StorageError` if the disk is too full to rewrite the file; the rows are deleted all the same.
        """
        delete_copies(self._path, damaged=True)
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

    def add_key(self, key: StoredKey, forget: Sequence[str] = ()) -> None:
        """Store what a token opens, by the hash of the token, and delete keys by their hashes."""
        with self._transaction() as connection:
            self._insert_key(connection, key)
            self._delete_keys(connection, forget)

    @staticmethod
    def _insert_key(connection: sqlite3.Connection, key: StoredKey) -> None:
        connection.execute("INSERT INTO keys VALUES (?, ?, ?, ?, ?)", astuple(key))

    @staticmethod
    def _delete_keys(connection: sqlite3.Connection, hashes: Sequence[str]) -> None:
        connection.executemany("DELETE FROM keys WHERE hash = ?", [(hash_,) for hash_ in hashes])

    def delete_keys(self, hashes: Sequence[str]) -> None:
        """Delete keys by their hashes."""
        with self._transaction() as connection:
            self._delete_keys(connection, hashes)

    def all_keys(self) -> list[StoredKey]:
        """Return all keys."""
        return [StoredKey(*row) for row in self._rows("SELECT hash, kind, session, person, made FROM keys")]

    def all_codes(self) -> dict[str, tuple[str, str]]:
        """Return each personal code with its session and person."""
        return {row[0]: (row[1], row[2]) for row in self._rows("SELECT code, session, person FROM codes")}
