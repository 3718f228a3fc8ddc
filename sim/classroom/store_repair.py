"""What is checked of the file at a start: a damaged end is said, kept aside, and the good part is used."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from sim.classroom.log_store import SCHEMA, LogStore, entry_checksum, connect
from sim.classroom.store_version import MAGIC, frames, log_of, refuse_other_versions
from sim.errors import UsageError


def open_store(path: Path) -> tuple[LogStore, list[str]]:
    """Open the file of a server, or make it.

    Returns
    -------
    the store, and what had to be mended, in sentences; none if all is well

    Raises
    ------
    UsageError
        if another server has it open, it cannot be written, or it is no file of ours or of this version
    """
    refuse_other_versions(path)
    aside = _copied(path)
    written = sum(1 for _ in frames(path))
    try:
        connection, said = _sound(path, written)
    except BaseException:
        _forget(aside)
        raise
    if not said:
        _forget(aside)
        return LogStore(connection), []
    kept = _kept(path, aside)
    return LogStore(connection), [*said, f"The file as it was found is kept: {', '.join(str(one) for one in kept)}"]


def _sound(path: Path, written: int) -> tuple[sqlite3.Connection, list[str]]:
    connection = None
    try:
        connection = connect(path)
        said = _of_the_tail(connection, written)
        [found] = connection.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise sqlite3.DatabaseError(found.strip().splitlines()[-1])
        return connection, [*said, *_mended(connection)]
    except sqlite3.DatabaseError as error:
        if connection is not None:
            connection.close()
        said = [f"{path} is damaged ({error}); what can be read of it is used."]
        connection = _salvaged(path)
        return connection, [*said, *_mended(connection)]


def _copied(path: Path) -> list[Path]:
    """Copy a file and its write-ahead log, as they are before anything touches them."""
    copies = []
    try:
        if path.is_file() and path.stat().st_size and not _is_ours(path):
            raise UsageError(f"--data {path}: this is no file of a class server; name one that is new.")
        for one in (path, log_of(path)):
            if one.is_file() and one.stat().st_size:
                copies.append(shutil.copyfile(one, one.with_name(f".{one.name}.as-found-{time.time_ns()}")))
    except OSError as error:
        _forget(copies)
        raise UsageError(f"--data {path}: cannot be written ({error.strerror}).") from None
    return copies


def _is_ours(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def _forget(copies: list[Path]) -> None:
    for one in copies:
        one.unlink(missing_ok=True)


def _kept(path: Path, copies: list[Path]) -> list[Path]:
    stamp = f"damaged-{time.strftime('%Y%m%d-%H%M%S')}-{time.time_ns() % 1_000_000_000:09d}"
    name = path.with_name(f"{path.name}.{stamp}")
    return [
        one.rename(name if at == 0 and log_of(path).name not in one.name else log_of(name))
        for at, one in enumerate(copies)
    ]


def _of_the_tail(connection: sqlite3.Connection, written: int) -> list[str]:
    """What to say if SQLite could not read the end of the write-ahead log: it leaves it out without a word."""
    _, read, _ = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    if read >= written:
        return []
    return [
        f"The last {written - max(read, 0)} of {written} pages of the write-ahead log hold no whole action: the "
        "machine stopped in the middle of one, which nobody was told had happened, or the end of the file is damaged."
    ]


def _mended(connection: sqlite3.Connection) -> list[str]:
    """Check every session's chain, and cut it where it breaks."""
    said = []
    # A text that is no text any more is to be found, not to raise: its checksum will not fit.
    connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
    for session, title, n, head in connection.execute("SELECT id, title, n, checksum FROM sessions").fetchall():
        good, checksum, found = 0, session, 0
        for number, action, entry, given in connection.execute(
            "SELECT n, action, entry, checksum FROM log WHERE session = ? ORDER BY n", (session,)
        ):
            found += 1
            if good == found - 1 and number == found and entry_checksum(checksum, action, entry) == given:
                good, checksum = number, given
        if (good, checksum) == (n, head) and found == good:
            continue
        said.append(
            f"Session '{title}': of {max(n, found)} entries the first {good} are sound and are used; "
            "the rest is left out."
        )
        connection.execute("BEGIN")
        connection.execute("DELETE FROM log WHERE session = ? AND n > ?", (session, good))
        connection.execute("UPDATE sessions SET n = ?, checksum = ? WHERE id = ?", (good, checksum, session))
        if not good:
            connection.execute("DELETE FROM sessions WHERE id = ?", (session,))
        connection.execute("COMMIT")
    [(lost,)] = connection.execute("SELECT count(*) FROM log WHERE session NOT IN (SELECT id FROM sessions)")
    if lost:
        said.append(f"{lost} entries belong to sessions whose beginning cannot be read; they are left out.")
        connection.execute("DELETE FROM log WHERE session NOT IN (SELECT id FROM sessions)")
    connection.text_factory = str
    return said


def _salvaged(path: Path) -> sqlite3.Connection:
    """Write what can still be read of a damaged file into a new one, and put it in its place."""
    draft = path.with_name(f".{path.name}.mended-{time.time_ns()}")
    with (
        closing(sqlite3.connect(draft, isolation_level=None)) as new,
        closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as old,
    ):
        new.executescript(SCHEMA)
        new.execute("BEGIN")
        for table, key in (("sessions", "rowid"), ("log", "session, n"), ("keys", "hash"), ("codes", "code")):
            for row in _readable(old, f"SELECT * FROM {table} ORDER BY {key}"):
                new.execute(f"INSERT OR IGNORE INTO {table} VALUES ({', '.join('?' * len(row))})", row)
        new.execute("COMMIT")
    log_of(path).unlink(missing_ok=True)
    draft.replace(path)
    return connect(path)


def _readable(connection: sqlite3.Connection, query: str) -> Iterator[tuple[Any, ...]]:
    """The rows of a query up to the first that cannot be read."""
    try:
        yield from connection.execute(query)
    except sqlite3.DatabaseError:
        return
