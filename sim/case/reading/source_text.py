"""Reads the text of a file, or says why it cannot: missing, a folder, binary, too large, not UTF-8."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TypeAlias

from sim.errors import CaseError, Problem, did_you_mean

Place: TypeAlias = tuple[int, int]
"""Line and column, from 1; (0, 0) means no place in the file."""
BYTES_MOST = 2**20
"""The largest size of a file, in bytes."""


def read_text(path: Path, most: int | None = None) -> str:
    """Read a file as UTF-8 text.

    Raises CaseError if the file is missing, unreadable or not text, or larger than `most` bytes, by default
    `BYTES_MOST`, which holds for the files of a case (then it is not read).
    """
    file = path.as_posix()
    return _text(file, _bytes(path, file, most or BYTES_MOST))


def file_error(file: str, message: str, place: Place = (0, 0)) -> CaseError:
    """Return the error of one problem with a whole file, or with one place in it."""
    return CaseError([Problem(file, *place, "", message)])


def _bytes(path: Path, file: str, most: int) -> bytes:
    try:
        with path.open("rb") as stream:
            size = os.fstat(stream.fileno()).st_size
            content = b"" if size > most else stream.read(most + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise file_error(file, f"there is no such file.{did_you_mean(path.name, _siblings(path))}") from None
    except IsADirectoryError:
        raise file_error(file, "this is a folder, not a file.") from None
    except PermissionError:
        raise file_error(file, "you have no permission to read this file; change its permissions.") from None
    except (OSError, ValueError) as error:
        raise file_error(file, f"the file cannot be read ({getattr(error, 'strerror', None) or error}).") from None
    size = max(size, len(content))
    if size > most:
        kind = "a case file" if most == BYTES_MOST else "such a file"
        message = f"the file is {size / 2**20:.1f} MiB; {kind} may be at most {most / 2**20:.0f} MiB."
        raise file_error(file, message)
    return content


def _siblings(path: Path) -> list[str]:
    try:
        return sorted(sibling.name for sibling in path.parent.iterdir() if sibling.name != path.name)
    except OSError:
        return []


def _text(file: str, content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise file_error(file, "the file is UTF-16; save it as UTF-8.")
    if b"\0" in content:
        raise file_error(file, "this is a binary file; a case file is text (YAML, UTF-8).")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        reason = f"byte 0x{content[error.start]:02x} is not UTF-8 (the file may be Latin-1 or Windows-1252)"
        raise file_error(file, f"{reason}; save it as UTF-8.", (line, column)) from None
