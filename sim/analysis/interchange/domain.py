"""A negotiation domain as other programs describe it: issues with values, and utilities that are sums.

This is the common ground of Genius, NegMAS and a case. A utility is a constant plus one number for each of some
conjunctions of values, added where an outcome has these values. If each conjunction has one issue, the utility is
linear additive; if some have several, it is a sum over hyper-rectangles (Ito, Hattori and Klein 2007).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sim.case.conditions import Option
from sim.case.reading.source_text import file_error

FileT = TypeVar("FileT")


def domain_file(path: Path, domains: Sequence[FileT], profiles: Sequence[object], marks: tuple[str, str]) -> FileT:
    """Return the only file of issues in a folder; raises CaseError unless there is one, with files of utilities.

    `marks` say by what the two kinds of files are known.
    """
    if len(domains) != 1:
        count, hint = (f"{len(domains)} files", " Name one of them.") if domains else ("no file", "")
        raise file_error(path.as_posix(), f"{count} with issues ({marks[0]}) in this folder.{hint}")
    if not profiles:
        raise file_error(path.as_posix(), f"the folder of the domain has no file with utilities ({marks[1]}).")
    return domains[0]


@dataclass(frozen=True)
class DomainIssue:
    """An issue: its name and its values."""

    name: str
    values: tuple[Option, ...]


@dataclass(frozen=True)
class UtilityPart:
    """What a utility gains if an outcome has one of these values on each of these issues.

    `where` maps the index of an issue to the indices of values; without any, the part always counts.
    """

    where: Mapping[int, tuple[int, ...]]
    worth: float


@dataclass(frozen=True)
class Profile:
    """One party's utilities. `reservation` is the utility of no agreement; None if the file does not say."""

    name: str
    file: str
    parts: tuple[UtilityPart, ...]
    reservation: float | None

    def bounds(self, issues: Sequence[DomainIssue]) -> tuple[float, float]:
        """Return a lower and an upper bound of the utility; exact if no part is about several issues."""
        others, worths = [part for part in self.parts if len(part.where) != 1], self.worths(issues)

        def bound(end: Callable[..., float]) -> float:
            return sum(end(part.worth, 0.0) if part.where else part.worth for part in others) + sum(map(end, worths))

        return bound(min), bound(max)

    def worths(self, issues: Sequence[DomainIssue]) -> list[list[float]]:
        """Return what each value of each issue is worth alone."""
        worths = [[0.0] * len(issue.values) for issue in issues]
        for part in self.parts:
            if len(part.where) == 1:
                [(issue, values)] = part.where.items()
                for value in values:
                    worths[issue][value] += part.worth
        return worths


@dataclass(frozen=True)
class Domain:
    """Issues, and the parties' utilities. `left_out` is what its files say that a case cannot."""

    program: str
    name: str
    file: str
    issues: tuple[DomainIssue, ...]
    profiles: tuple[Profile, ...]
    left_out: tuple[str, ...] = ()
