"""A negotiation domain as other programs describe it: issues with values, and utilities that are sums.

The common ground of Genius, NegMAS and a case: a utility is a number, plus one number for each of some conjunctions of
values that an outcome has. With one issue in each conjunction, it is linear additive; with several, a sum over
hyper-rectangles (Ito, Hattori and Klein 2007).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.case.conditions import Option


@dataclass(frozen=True)
class DomainIssue:
    """An issue: what it is called, and its values."""

    says: str
    values: tuple[Option, ...]


@dataclass(frozen=True)
class UtilityPart:
    """What a utility has more if an outcome has one of these values on each of these issues.

    Parameters
    ----------
    where : index of an issue to the indices of values; empty holds always
    worth : float, in units of the utility
    """

    where: Mapping[int, tuple[int, ...]]
    worth: float


@dataclass(frozen=True)
class Profile:
    """One party's utilities.

    Parameters
    ----------
    says : what the party is called
    file : where it stands
    parts : what its utility is the sum of
    reservation : what no agreement is worth to it; None if that is not said
    """

    says: str
    file: str
    parts: tuple[UtilityPart, ...]
    reservation: float | None


@dataclass(frozen=True)
class Domain:
    """Issues, and the parties' utilities.

    Parameters
    ----------
    form : ``"genius"`` or ``"negmas"``
    says : what it is called
    file : where its issues stand
    left_out : what its files say besides, and a case cannot
    """

    form: str
    says: str
    file: str
    topics: tuple[DomainIssue, ...]
    profiles: tuple[Profile, ...]
    left_out: tuple[str, ...] = ()
