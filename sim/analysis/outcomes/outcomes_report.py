"""The result of `outcomes` (`docs/reference/json.md`)."""

from __future__ import annotations

from typing import TypedDict

from sim.analysis.judging.judged_text import Judged
from sim.analysis.outcomes.judged_packages import JudgedPackage
from sim.analysis.outcomes.tied_solutions import SolutionPackage
from sim.analysis.subject import Subject


class RobustPackage(JudgedPackage):
    """A package, and the share of worlds in which it is agreed."""

    agreed_share: float


class ActorAcceptance(TypedDict):
    """What one actor accepts, and whether agreement depends on it.

    `decisive` is how many of the agreed packages would fail if it refused; None if that was not counted.
    """

    name: str
    accepts: int
    share: float
    needed: bool
    agreed_without: int
    decisive: int | None


class FrontierSummary(TypedDict):
    """The size of the Pareto frontier, and its best packages for the worst-off actor."""

    points: int
    packages: int
    acceptable_points: int
    acceptable_packages: int
    best: list[JudgedPackage]


class AmongActors(TypedDict):
    """The packages that some actors would accept; if they were counted, without a frontier and without solutions."""

    acceptable: int
    frontier: FrontierSummary | None
    solutions: dict[str, SolutionPackage | None]


class OutcomesInWorlds(TypedDict):
    """How often the best packages are agreed in many worlds."""

    judged: int
    any_agreed: float
    best: list[RobustPackage]


class OutcomesReport(Subject, AmongActors):
    """The result of `outcomes` (`docs/reference/json.md`)."""

    format: str
    seed: int
    worlds: int
    nominal: bool
    packages: int
    counted: bool
    parts: list[list[str]]
    actors: dict[str, ActorAcceptance]
    agreed: int
    among: list[str]
    judged: Judged
    nearest: list[JudgedPackage]
    in_worlds: OutcomesInWorlds | None
