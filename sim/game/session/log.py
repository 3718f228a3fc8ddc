"""The log: everything that happened, one entry a line, in the order in which it counts.

State is the replay of the log (`sim.game.session.session`), so an action is answered only after its entry is on the
disk.
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

FORMAT = "parley.game/2"
BEGIN = "begin"
KEYS = ("n", "at", "by", "kind", "data")


@dataclass(frozen=True)
class LogEntry:
    """One thing that happened.

    Parameters
    ----------
    n : int, 1, 2, 3 and so on, without gaps
    at : float, seconds since the epoch, never going back
    by : "teacher", "clock", or a person's id
    kind : what was done (`sim.game.session.actions`)
    data : the rest, as plain data of JSON
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
        """Read what `to_json` wrote.

        Raises
        ------
        RecordError
            if it is something else
        """
        if not isinstance(data, dict) or set(data) != set(KEYS):
            raise RecordError(f"an entry of a game has the keys {', '.join(KEYS)}.")
        n, at, by, kind, rest = (data[key] for key in KEYS)
        whole = isinstance(n, int) and not isinstance(n, bool) and isinstance(by, str) and isinstance(kind, str)
        timed = isinstance(at, int | float) and not isinstance(at, bool) and math.isfinite(at)
        if not (whole and timed and isinstance(rest, dict)):
            raise RecordError("an entry of a game has a number, a time, who did what, and its data.")
        return cls(n, float(at), by, kind, rest)


def line(entry: LogEntry) -> bytes:
    """An entry as a line of the file: JSON in ASCII, and a newline, without which it was not written whole."""
    return json.dumps(entry.to_json(), allow_nan=False).encode("ascii") + b"\n"


@dataclass(frozen=True)
class LogContents:
    """What a file holds: its entries, and whether its last line was torn (cut short as it was written)."""

    entries: tuple[LogEntry, ...]
    torn: bool
    size: int


def read(path: Path) -> LogContents:
    """Read the file of a game.

    A last line without its end was cut off while it was written: its action was never answered, so it did not happen.

    Parameters
    ----------
    path : the file

    Raises
    ------
    UsageError
        if it cannot be read
    RecordError
        if it is not the file of a game, is one of another version, or a line before the last is damaged
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}).") from None
    whole, _, rest = raw.rpartition(b"\n")
    lines = whole.split(b"\n") if whole else []
    entries = tuple(_entry(path, at, one) for at, one in enumerate(lines, 1))
    if entries and (refusal := unreadable(entries[0])):
        raise RecordError(f"{path}: {refusal}")
    if not entries:
        raise RecordError(f"{path}: this is not a saved game ({FORMAT}).")
    return LogContents(entries, bool(rest), len(raw) - len(rest))


def unreadable(first: LogEntry) -> str:
    """Say why a game that begins with an entry cannot be gone on with; empty if it can."""
    found, settings = first.data.get("format"), first.data.get("settings")
    program = settings.get("program") if isinstance(settings, Mapping) else None
    if first.kind == BEGIN and (other := version_mismatch(found, FORMAT, program)):
        return f"this game cannot be continued: {other}"
    return "" if first.kind == BEGIN and found == FORMAT else f"this is not a saved game ({FORMAT})."


def _entry(path: Path, number: int, text: bytes) -> LogEntry:
    try:
        entry = LogEntry.from_json(json.loads(text))
        if entry.n != number:
            raise RecordError(f"entry {entry.n} stands where entry {number} belongs.")
    except (ValueError, RecordError, RecursionError) as error:
        told = error if isinstance(error, RecordError) else "this is not JSON."
        raise RecordError(
            f"{path}:{number}: {told} The file was damaged or edited; nothing was changed in it."
        ) from None
    return entry


class GameLog:
    """An open file of a game, to which entries are added, each on the disk before `add` returns.

    Parameters
    ----------
    path : the file; it must not be there yet, unless `kept` says what is in it
    kept : what `read` found there; a torn last line is cut off

    Raises
    ------
    UsageError
        if it cannot be written, or is there already
    """

    def __init__(self, path: Path, kept: LogContents | None = None) -> None:
        self.path = path
        try:
            self._file: BinaryIO = path.open("xb" if kept is None else "r+b", buffering=0)
            if kept is not None:
                self._file.truncate(kept.size)
                self._file.seek(kept.size)
        except FileExistsError:
            raise UsageError(f"{path} is there already; nothing is overwritten. Name another file.") from None
        except OSError as error:
            raise UsageError(f"{path}: cannot be written ({error.strerror}).") from None

    def add(self, entry: LogEntry) -> None:
        """Write an entry, and wait until the disk has it; what could not be written whole is taken back.

        Raises
        ------
        UsageError
            if it cannot be written; the file is as before
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
