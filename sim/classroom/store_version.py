"""Finds out which version of the program saved a class's file, and adds what files of older programs lack.

SQLite stores the application id and the version in the header of the first page (sqlite.org/fileformat2.html, 1.3).
After a server was killed, the newest copy of that page may still be in the write-ahead log.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

from sim.classroom.log_store import APPLICATION, VERSION
from sim.errors import UsageError

MAGIC = b"SQLite format 3\x00"
HEADER = 100
"""Bytes of the header of a database."""
USER_VERSION, APPLICATION_ID = slice(60, 64), slice(68, 72)
WAL_HEADER, FRAME_HEADER = 32, 24
"""Bytes before the first frame of a write-ahead log, and before the page in a frame (fileformat2.html, 4.1)."""
SALTS_OF_LOG, SALTS_OF_FRAME = slice(16, 24), slice(8, 16)
PAGE_SIZE = slice(8, 12)
PAGE_OF_FRAME = slice(0, 4)


def log_of(path: Path) -> Path:
    """Return the path of the write-ahead log of a file."""
    return path.with_name(f"{path.name}-wal")


def frames(path: Path) -> Iterator[bytes]:
    """Yield the frames of a file's write-ahead log that were written since it was last restarted."""
    log = log_of(path)
    data = log.read_bytes() if log.is_file() else b""
    if len(data) < WAL_HEADER:
        return
    step = FRAME_HEADER + int.from_bytes(data[PAGE_SIZE], "big")
    for start in range(WAL_HEADER, len(data), step):
        frame = data[start : start + step]
        if frame[SALTS_OF_FRAME] != data[SALTS_OF_LOG]:
            return
        yield frame


def refuse_other_versions(path: Path) -> None:
    """Raise `UsageError` if another version of the program saved a file; it says which one, and what to do."""
    try:
        header = _header(path)
    except OSError:
        return  # `connect` reports what is wrong
    mark, version = (int.from_bytes(header[part], "big") for part in (APPLICATION_ID, USER_VERSION))
    if header[: len(MAGIC)] != MAGIC or mark != APPLICATION or version == VERSION:
        return
    program = _program(path)
    saved_by = f"version {program}" if program else "a later version" if version > VERSION else "an earlier version"
    raise UsageError(
        f"--data {path}: {saved_by} of the program saved these classes. The rules of the talks have changed, so this "
        "version cannot continue them. Open the file with the version that saved it, or name a new file. The file was "
        "not changed."
    )


def add_times_of_keys(connection: sqlite3.Connection) -> None:
    """Add when each key was made to a file that does not say so; the keys in it count as made now."""
    columns = {name for _, name, *_ in connection.execute("PRAGMA table_info(keys)")}
    connection.execute("BEGIN")
    if "made" not in columns:
        connection.execute("ALTER TABLE keys ADD COLUMN made REAL NOT NULL DEFAULT 0")
    connection.execute("UPDATE keys SET made = ? WHERE made = 0", (time.time(),))
    connection.execute("COMMIT")


def _header(path: Path) -> bytes:
    """Return the newest header of a database; empty if there is none."""
    if not path.is_file():
        return b""
    with path.open("rb") as file:
        header = file.read(HEADER)
    for frame in frames(path):
        if int.from_bytes(frame[PAGE_OF_FRAME], "big") == 1:
            header = frame[FRAME_HEADER : FRAME_HEADER + HEADER]
    return header


def _program(path: Path) -> str:
    """Return the version of the program that saved the newest session; empty if only the write-ahead log knows it."""
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            query = "SELECT entry FROM log JOIN sessions ON session = id WHERE log.n = 1 ORDER BY made DESC LIMIT 1"
            [(entry,)] = connection.execute(query).fetchall()
        finally:
            connection.close()
        return str(json.loads(entry)["data"]["settings"]["program"])
    except (sqlite3.DatabaseError, ValueError, KeyError, TypeError):
        return ""
