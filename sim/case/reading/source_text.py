"""The text of a file, and why there is none: missing, a folder, binary, too large, not UTF-8."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TypeAlias

from sim.errors import CaseError, Problem, did_you_mean

Place: TypeAlias = tuple[int, int]
"""Line and column, from 1; (0, 0) is nowhere."""
BYTES_MOST = 2**20
"""A file is at most 1 MiB."""


def read_text(path: Path) -> str:
    """Read a file as UTF-8 text.

    Raises
    ------
    CaseError
        if there is no such file, it may not be read, is larger than `BYTES_MOST` (then it is not read), or is no text
    """
    file = path.as_posix()
    return _text(file, _bytes(path, file))


def file_error(file: str, message: str, place: Place = (0, 0)) -> CaseError:
    """A whole file, or one place in it, is not what it should be."""
    return CaseError([Problem(file, *place, "", message)])


def _bytes(path: Path, file: str) -> bytes:
    try:
        with path.open("rb") as stream:
            size = os.fstat(stream.fileno()).st_size
            content = b"" if size > BYTES_MOST else stream.read(BYTES_MOST + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise file_error(file, f"there is no such file.{did_you_mean(path.name, _siblings(path))}") from None
    except IsADirectoryError:
        raise file_error(file, "this is a folder, not a file.") from None
    except PermissionError:
        raise file_error(file, "the file may not be read; check its permissions.") from None
    except (OSError, ValueError) as error:
        raise file_error(file, f"the file cannot be read ({getattr(error, 'strerror', None) or error}).") from None
    size = max(size, len(content))
    if size > BYTES_MOST:
        found = f"the file has {size / 2**20:.1f} MiB"
        raise file_error(file, f"{found}; a file of a case has at most {BYTES_MOST / 2**20:.0f} MiB.")
    return content


def _siblings(path: Path) -> list[str]:
    try:
        return sorted(one.name for one in path.parent.iterdir() if one.name != path.name)
    except OSError:
        return []


def _text(file: str, content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise file_error(file, "the file is UTF-16; save it as UTF-8.")
    if b"\0" in content:
        raise file_error(file, "this is a binary file; a file of a case is text (YAML, UTF-8).")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        found = f"byte 0x{content[error.start]:02x} is not UTF-8 (the file may be Latin-1 or Windows-1252)"
        raise file_error(file, f"{found}; save it as UTF-8.", (line, column)) from None
