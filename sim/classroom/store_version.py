"""Which version of the program a class's file is of, read without touching the file.

SQLite keeps both marks in the header of the first page (sqlite.org/fileformat2.html, 1.3). The newest copy of that page
may still be in the write-ahead log, where a killed server leaves it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from sim.classroom.log_store import APPLICATION, VERSION
from sim.errors import UsageError

MAGIC = b"SQLite format 3\x00"
HEADER = 100
"""Bytes of a database's header."""
USER_VERSION, APPLICATION_ID = slice(60, 64), slice(68, 72)
WAL_HEADER, FRAME_HEADER = 32, 24
"""Bytes before the first frame of a write-ahead log, and before a frame's page (fileformat2.html, 4.1)."""
SALTS_OF_LOG, SALTS_OF_FRAME = slice(16, 24), slice(8, 16)
PAGE_SIZE = slice(8, 12)
PAGE_OF_FRAME = slice(0, 4)


def log_of(path: Path) -> Path:
    """The write-ahead log of a file."""
    return path.with_name(f"{path.name}-wal")


def frames(path: Path) -> Iterator[bytes]:
    """Yield the frames of a file's write-ahead log that were written since it was last begun again."""
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
    """Refuse the file of a class that another version of the program has saved; nothing in it changes.

    Raises
    ------
    UsageError
        which says which version saved it, and what to do
    """
    try:
        header = _header(path)
    except OSError:
        return  # whoever opens it for good says what is wrong
    mark, version = (int.from_bytes(header[part], "big") for part in (APPLICATION_ID, USER_VERSION))
    if header[: len(MAGIC)] != MAGIC or mark != APPLICATION or version == VERSION:
        return
    program = _program(path)
    who = f"version {program}" if program else "a later version" if version > VERSION else "an earlier version"
    raise UsageError(
        f"--data {path}: {who} of the program saved these classes. Talks follow other rules now, so this version "
        "cannot continue them. Open the file with the version that saved it, or name a new file. Nothing in it was "
        "changed."
    )


def _header(path: Path) -> bytes:
    """The newest header of a database; empty if there is none."""
    if not path.is_file():
        return b""
    with path.open("rb") as file:
        header = file.read(HEADER)
    for frame in frames(path):
        if int.from_bytes(frame[PAGE_OF_FRAME], "big") == 1:
            header = frame[FRAME_HEADER : FRAME_HEADER + HEADER]
    return header


def _program(path: Path) -> str:
    """The version of the program that saved the newest class; empty if the file does not tell without its log."""
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
