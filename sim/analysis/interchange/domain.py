"""A negotiation domain as other programs describe it: issues with values, and utilities that are sums.

This is the common ground of Genius, NegMAS and a case. A utility is a constant plus one number for each of some
conjunctions of values, added where an outcome has these values. If each conjunction has one issue, the utility is
linear additive; if some have several, it is a sum over hyper-rectangles (Ito, Hattori and Klein 2007).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sim.case.conditions import Option


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

    @property
    def additive(self) -> bool:
        """Whether each part is about one issue at most."""
        return all(len(part.where) <= 1 for part in self.parts)

    def summed(self) -> list[UtilityPart]:
        """Return the parts with those of the same condition added up, without conditions that never hold."""
        worths = dict[tuple[tuple[int, tuple[int, ...]], ...], list[float]]()
        for part in self.parts:
            if all(part.where.values()):
                worths.setdefault(tuple(part.where.items()), []).append(part.worth)
        return [UtilityPart(dict(where), math.fsum(added)) for where, added in worths.items()]

    def bounds(self, issues: Sequence[DomainIssue]) -> tuple[float, float]:
        """Return a lower and an upper bound of the utility; exact if no part is about several issues."""
        others = [part for part in self.parts if len(part.where) != 1 and all(part.where.values())]
        worths = self.worths(issues)

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
    """Issues, and the parties' utilities.

    `left_out` is what its files say that a case cannot; `notes` say how they were read where that leaves a choice.
    """

    program: str
    name: str
    file: str
    issues: tuple[DomainIssue, ...]
    profiles: tuple[Profile, ...]
    left_out: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
