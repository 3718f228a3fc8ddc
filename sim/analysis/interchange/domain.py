"""A negotiation domain as other programs describe it: issues with values, and utilities that are sums.

This is the common ground of Genius, NegMAS and a case. A utility is a constant plus one number for each of some
conjunctions of values, added where an outcome has these values. If each conjunction has one issue, the utility is
linear additive; if some have several, it is a sum over hyper-rectangles (Ito, Hattori and Klein 2007).
"""

from __future__ import annotations

from collections.abc import Mapping
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


@dataclass(frozen=True)
class Domain:
    """Issues, and the parties' utilities. `left_out` is what its files say that a case cannot."""

    program: str
    name: str
    file: str
    issues: tuple[DomainIssue, ...]
    profiles: tuple[Profile, ...]
    left_out: tuple[str, ...] = ()
