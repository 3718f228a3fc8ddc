"""The errors that a user can fix, and how their messages are worded.

The tree::

    ParleyError                 anything that a user can fix
    ├── CaseError               a case or scenario file is wrong; carries every `Problem`
    ├── UsageError              an argument of a command or a call is wrong
    └── RecordError             a record cannot be read or does not replay

Every error carries data, so that a page can show what a terminal prints.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from math import inf, isfinite

LONG_TEXT = 60
"""The most characters of a value that a message shows."""


class ParleyError(Exception):
    """Base of all errors that a user can fix; never raised itself."""


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake in one file.

    Parameters
    ----------
    file : str, as the user wrote it, or "<memory>"
    line, column : int, from 1; 0 where the mistake has no place in the file (a missing file)
    path : str, dotted path in the file, "" for the whole file
    message : str, what is wrong, what is expected, how to fix it
    """

    file: str
    line: int
    column: int
    path: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{place} {self.path}: {self.message}" if self.path else f"{place}: {self.message}"


class CaseError(ParleyError):
    """One or more files are wrong. `problems`, at least one, are kept sorted by place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


class UsageError(ParleyError):
    """An argument is wrong; the message says which one, and what is expected."""


class RecordError(ParleyError):
    """A record cannot be read, or its replay differs from it."""


def did_you_mean(name: object, known: Sequence[object]) -> str:
    """Return ``" Did you mean 'x'?"`` for the name in `known` that is most like `name`, or the empty string."""
    near = get_close_matches(str(name), list(map(str, known)), n=1)
    return f" Did you mean '{near[0]}'?" if near else ""


def quoted(value: object) -> str:
    """Return a value of a file as a message shows it: ``'5'``, ``the truth value 'true'``, ``a list``, ``nothing``."""
    match value:
        case None:
            return "nothing"
        case bool():
            return f"the truth value '{str(value).lower()}'"
        case Mapping():
            return "a mapping"
        case float() if not isfinite(value):
            text = {inf: ".inf", -inf: "-.inf"}.get(value, ".nan")
        case str() | float():
            text = str(value)
        case int():
            text = str(value) if abs(value) < 10**LONG_TEXT else "an integer of many digits"
        case _:
            return "a list" if isinstance(value, Sequence) else f"a {type(value).__name__}"
    return f"'{text}'" if len(text) <= LONG_TEXT else f"'{text[:LONG_TEXT]}…'"


def missing(what: str, module: str, extra: str) -> UsageError:
    """Return the error for a package that is not installed: what needs it, and how to install it with its extra."""
    return UsageError(
        f"{what} needs {module}, which is not installed. "
        f'In the folder of Parley, run: python -m pip install ".[{extra}]"'
    )
