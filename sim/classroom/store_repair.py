"""Checks the file of a class when it is opened: damage is reported, a copy is kept, and the sound part is used."""

from __future__ import annotations

import errno
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from sim.classroom.log_store import OWNER_ONLY, SCHEMA, LogStore, connect, delete_copies, entry_checksum
from sim.classroom.store_version import MAGIC, add_times_of_keys, frames, log_of, refuse_other_versions
from sim.errors import UsageError


def open_store(path: Path) -> tuple[LogStore, list[str]]:
    """Open the file of a server; create it if it does not exist. Raises `UsageError` if another server has it open, it
    cannot be written, or it belongs to another program or version.

    Returns
    -------
    the store, and messages about what had to be repaired; none if the file is sound
    """
    refuse_other_versions(path)
    written = sum(1 for _ in frames(path))
    copies = _copy(path, sound=_is_sound(path), written=written)
    try:
        connection, messages = _connect_and_repair(path, written)
    except BaseException:
        _delete(copies)
        raise
    try:
        add_times_of_keys(connection)
    except sqlite3.OperationalError as error:
        connection.close()
        raise UsageError(f"--data {path}: cannot be written ({error}).") from None
    if not messages:
        delete_copies(path)
        return LogStore(connection, path), []
    kept = ", ".join(map(str, _keep(path, copies)))
    delete_copies(path)
    return LogStore(connection, path), [*messages, f"A copy of the damaged file is kept: {kept}"]


def _connect_and_repair(path: Path, written: int) -> tuple[sqlite3.Connection, list[str]]:
    connection = None
    try:
        connection = connect(path)
        messages = _check_write_ahead_log(connection, written)
        [result] = connection.execute("PRAGMA quick_check(1)").fetchone()
        if result != "ok":
            raise sqlite3.DatabaseError(result.strip().splitlines()[-1])
        messages += _cut_broken_chains(connection)
        if messages and _cut_broken_chains(connection):
            raise sqlite3.DatabaseError("its index does not match its content")
        return connection, messages
    except sqlite3.DatabaseError as error:
        if connection is not None:
            connection.close()
        connection = _salvage(path)
        message = f"{path} is damaged ({error}). The part that can be read is used."
        return connection, [message, *_cut_broken_chains(connection)]


def _is_sound(path: Path) -> bool:
    """Whether everything that can be read in a file is sound; the file is not changed."""
    if not path.is_file():
        return True
    closed = not log_of(path).is_file() or not log_of(path).stat().st_size
    how = "mode=ro&immutable=1" if closed else "mode=ro"
    index = path.with_name(f"{path.name}-shm")  # a reader makes one, which no server uses
    had_index = index.exists()
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True, timeout=0)) as connection:
            return connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",) and not list(
                _broken_chains(connection)
            )
    except sqlite3.DatabaseError:
        return False
    finally:
        if not had_index:
            index.unlink(missing_ok=True)


def _copy(path: Path, *, sound: bool, written: int) -> list[Path]:
    """Copy a file and its write-ahead log before anything changes them, unless the file is sound and was closed.

    A sound file that was not closed, because its server was killed, is opened without a copy if the disk is full.
    """
    copies: list[Path] = []
    try:
        if path.is_file() and path.stat().st_size and not _is_sqlite(path):
            raise UsageError(f"--data {path}: this file was not saved by a class server. Name a new file.")
        for file in (path, log_of(path)):
            with suppress(OSError):  # somebody else's file; `connect` says what is wrong
                file.chmod(OWNER_ONLY)
        for file in () if sound and not written else (path, log_of(path)):
            if file.is_file() and file.stat().st_size:
                copies.append(file.with_name(f".{file.name}.as-found-{time.time_ns()}"))
                copies[-1].touch(OWNER_ONLY)
                shutil.copyfile(file, copies[-1])
    except OSError as error:
        _delete(copies)
        if sound and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return []
        raise UsageError(f"--data {path}: cannot be written ({error.strerror}).") from None
    return copies


def _is_sqlite(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def _delete(copies: list[Path]) -> None:
    for copy in copies:
        copy.unlink(missing_ok=True)


def _keep(path: Path, copies: list[Path]) -> list[Path]:
    stamp = f"damaged-{time.strftime('%Y%m%d-%H%M%S')}-{time.time_ns() % 1_000_000_000:09d}"
    name = path.with_name(f"{path.name}.{stamp}")
    return [
        copy.rename(name if index == 0 and log_of(path).name not in copy.name else log_of(name))
        for index, copy in enumerate(copies)
    ]


def _check_write_ahead_log(connection: sqlite3.Connection, written: int) -> list[str]:
    """Return a message if SQLite could not read all `written` frames of the write-ahead log."""
    _, read, _ = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    if read >= written:
        return []
    return [
        f"The last {written - max(read, 0)} of {written} pages of the write-ahead log do not contain a complete "
        "action. Either the machine stopped while writing an action, which was never confirmed to anybody, or the end "
        "of the file is damaged."
    ]


@dataclass(frozen=True)
class _BrokenChain:
    """A session whose log is sound only up to entry `good` of `count`."""

    session: str
    title: str
    good: int
    checksum: str
    count: int


def _broken_chains(connection: sqlite3.Connection) -> Iterator[_BrokenChain]:
    """Check the chain of checksums of every session."""
    # Bytes that are not valid text must not raise here: their checksum will not match.
    connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
    for session, title, n, head in connection.execute("SELECT id, title, n, checksum FROM sessions").fetchall():
        good, checksum, count = 0, session, 0
        for number, action, entry, stored in connection.execute(
            "SELECT n, action, entry, checksum FROM log WHERE session = ? ORDER BY n", (session,)
        ):
            count += 1
            if good == count - 1 and number == count and entry_checksum(checksum, action, entry) == stored:
                good, checksum = number, stored
        if (good, checksum) == (n, head) and count == good:
            continue
        yield _BrokenChain(session, title, good, checksum, max(n, count))
    connection.text_factory = str


def _cut_broken_chains(connection: sqlite3.Connection) -> list[str]:
    """Check the chain of checksums of every session and cut the log where it breaks."""
    messages = []
    for broken in list(_broken_chains(connection)):
        session, good = broken.session, broken.good
        messages.append(
            f"Session '{broken.title}': the first {good} of {broken.count} entries are sound and are used. "
            "The others are left out."
        )
        connection.execute("BEGIN")
        connection.execute("DELETE FROM log WHERE session = ? AND n > ?", (session, good))
        connection.execute("UPDATE sessions SET n = ?, checksum = ? WHERE id = ?", (good, broken.checksum, session))
        if not good:
            connection.execute("DELETE FROM sessions WHERE id = ?", (session,))
        connection.execute("COMMIT")
    [(lost,)] = connection.execute("SELECT count(*) FROM log WHERE session NOT IN (SELECT id FROM sessions)")
    if lost:
        messages.append(f"{lost} entries belong to sessions whose beginning cannot be read. They are left out.")
        connection.execute("DELETE FROM log WHERE session NOT IN (SELECT id FROM sessions)")
    return messages


def _salvage(path: Path) -> sqlite3.Connection:
    """Copy what can be read of a damaged file into a new file, and replace the damaged one by it."""
    draft = path.with_name(f".{path.name}.mended-{time.time_ns()}")
    draft.touch(OWNER_ONLY)
    with (
        closing(sqlite3.connect(draft, isolation_level=None)) as new,
        closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as old,
    ):
        old.row_factory = sqlite3.Row
        new.executescript(SCHEMA)
        new.execute("BEGIN")
        for table, key in (("sessions", "rowid"), ("log", "session, n"), ("keys", "hash"), ("codes", "code")):
            for row in _readable(old, f"SELECT * FROM {table} ORDER BY {key}"):
                columns = ", ".join(row.keys())  # a file of an older program may have fewer
                values = ", ".join("?" * len(row))
                new.execute(f"INSERT OR IGNORE INTO {table} ({columns}) VALUES ({values})", tuple(row))
        new.execute("COMMIT")
    log_of(path).unlink(missing_ok=True)
    draft.replace(path)
    return connect(path)


def _readable(connection: sqlite3.Connection, query: str) -> Iterator[sqlite3.Row]:
    """Yield the rows of a query up to the first that cannot be read."""
    try:
        yield from connection.execute(query)
    except sqlite3.DatabaseError:
        return
