"""The log: everything that happened, one entry per line, in the order that counts.

A session's state is the replay of its log (`sim.game.session.session`), so an action is answered only once its entry
is on the disk.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from sim.errors import RecordError, UsageError
from sim.negotiation.record.file_formats import version_mismatch

FORMAT = "parley.game/3"
BEGIN = "begin"
KEYS = ("n", "at", "by", "kind", "data")


@dataclass(frozen=True)
class LogEntry:
    """One thing that happened.

    `n` counts from 1 without gaps; `at`, in seconds since the epoch, never decreases; `by` is "teacher", "clock" or a
    person's id; `kind` is that of an action (`sim.game.session.actions`), with its other values as plain JSON data.
    """

    n: int
    at: float
    by: str
    kind: str
    data: Mapping[str, Any]

    def to_json(self) -> dict[str, Any]:
        """Return plain data, from which `from_json` makes an equal entry."""
        return {"n": self.n, "at": self.at, "by": self.by, "kind": self.kind, "data": dict(self.data)}

    @classmethod
    def from_json(cls, data: Any) -> LogEntry:
        """Read what `to_json` wrote. Raises `RecordError` if the data is anything else."""
        if not isinstance(data, dict) or set(data) != set(KEYS):
            raise RecordError(f"a game entry has the keys {', '.join(KEYS)}.")
        n, at, by, kind, rest = (data[key] for key in KEYS)
        named = isinstance(n, int) and not isinstance(n, bool) and isinstance(by, str) and isinstance(kind, str)
        timed = isinstance(at, int | float) and not isinstance(at, bool) and math.isfinite(at)
        if not (named and timed and isinstance(rest, dict)):
            raise RecordError("a game entry has a whole number, a time, an author, a kind, and data.")
        return cls(n, float(at), by, kind, rest)


def line(entry: LogEntry) -> bytes:
    """Return an entry as a line of the file: ASCII JSON and a newline, which marks the line as complete."""
    return json.dumps(entry.to_json(), allow_nan=False).encode("ascii") + b"\n"


@dataclass(frozen=True)
class LogContents:
    """The complete entries of a file, with their size in bytes; `torn` if its last line was cut off in writing."""

    entries: tuple[LogEntry, ...]
    torn: bool
    size: int


def read(path: Path) -> LogContents:
    """Read the file of a game.

    A last line without its newline was cut off while it was being written. Its action was never answered, so it did not
    happen. Raises `UsageError` if the file cannot be read, and `RecordError` if it is not a saved game, is one of
    another version, or a line before the last is damaged.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}).") from None
    complete, _, rest = raw.rpartition(b"\n")
    lines = complete.split(b"\n") if complete else []
    entries = tuple(_entry(path, number, text) for number, text in enumerate(lines, 1))
    if not entries:
        raise RecordError(f"{path}: this is not a saved game ({FORMAT}).")
    if problem := unreadable(entries[0]):
        raise RecordError(f"{path}: {problem}")
    return LogContents(entries, bool(rest), len(raw) - len(rest))


def unreadable(first: LogEntry) -> str:
    """Say why a game with this first entry cannot be continued; empty if it can."""
    version, settings = first.data.get("format"), first.data.get("settings")
    program = settings.get("program") if isinstance(settings, Mapping) else None
    if first.kind == BEGIN and (other := version_mismatch(version, FORMAT, program)):
        return f"this game cannot be continued: {other}"
    return "" if first.kind == BEGIN and version == FORMAT else f"this is not a saved game ({FORMAT})."


def _entry(path: Path, number: int, text: bytes) -> LogEntry:
    try:
        entry = LogEntry.from_json(json.loads(text))
        if entry.n != number:
            raise RecordError(f"expected entry {number}, found entry {entry.n}.")
    except (ValueError, RecordError, RecursionError) as error:
        problem = error if isinstance(error, RecordError) else "this is not JSON."
        raise RecordError(
            f"{path}:{number}: {problem} The file was damaged or edited; nothing in it was changed."
        ) from None
    return entry


class GameLog:
    """An open game file. Each added entry is on the disk before `add` returns.

    A new file must not exist yet. `kept` is what `read` returned for a file that is continued; a torn last line is cut
    off. Raises `UsageError` if the file cannot be written, or already exists.
    """

    def __init__(self, path: Path, kept: LogContents | None = None) -> None:
        self.path = path
        try:
            self._file: BinaryIO = path.open("xb" if kept is None else "r+b", buffering=0)
            if kept is not None:
                self._file.truncate(kept.size)
                self._file.seek(kept.size)
        except FileExistsError:
            raise UsageError(f"{path} already exists and is not overwritten. Name another file.") from None
        except OSError as error:
            raise UsageError(f"{path}: cannot be written ({error.strerror}).") from None

    def add(self, entry: LogEntry) -> None:
        """Write an entry, and wait until it is on the disk. An entry that cannot be written whole is removed. Raises
        `UsageError` if the entry cannot be written; the file is as before.
        """
        before = self._file.tell()
        try:
            text = line(entry)
            if self._file.write(text) != len(text):
                raise OSError(0, "the disk is full")
            os.fsync(self._file.fileno())
        except OSError as error:
            self._file.truncate(before)
            self._file.seek(before)
            raise UsageError(f"{self.path}: cannot be written ({error.strerror}). Nothing was done.") from None

    def close(self) -> None:
        """Close the file."""
        self._file.close()
