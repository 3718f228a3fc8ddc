"""The tradeoff between two actors: how much one can have, given how much the other has."""

from __future__ import annotations

from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from sim.analysis.outcomes.enumeration import Enumeration
from sim.analysis.outcomes.pareto import frontier
from sim.case.models import Case
from sim.engine.rule_matrix import Floats
from sim.negotiation.answers.evaluation import number

AXES = 2


class Tradeoff(TypedDict):
    """The result of `tradeoff`; points of a frontier are the surpluses of the two actors."""

    axes: list[str]
    accepted_by_both: int
    frontier: list[list[float]]
    agreed_frontier: list[list[float]]


def tradeoff(case: Case, enumeration: Enumeration) -> Tradeoff | None:
    """Find the frontier between two actors, over all possible packages and over those that are agreed.

    The two are the first two belligerents, or, where there are fewer, the first two whose consent some package cannot
    do without. Packages that cross a red line without a price of either actor are left out. Returns None if the case
    has only one actor.
    """
    if len(case.actors) < AXES:
        return None
    axes = _axes(case, enumeration)
    points = enumeration.surplus_of(axes)
    if axes != [name for name in case.actors if name in axes]:
        points = points[:, ::-1]
    return {
        "axes": axes,
        "accepted_by_both": int((points >= 0).all(axis=1).sum()),
        "frontier": _frontier(points),
        "agreed_frontier": _frontier(points[enumeration.agreed]),
    }


def _axes(case: Case, enumeration: Enumeration) -> list[str]:
    belligerents = [name for name, actor in case.actors.items() if actor.role == "belligerent"]
    return list(dict.fromkeys([*belligerents, *enumeration.required_actors, *case.actors]))[:AXES]


def _frontier(points: Floats) -> list[list[float]]:
    """The points that no other dominates, sorted by the surplus of the first actor."""
    finite: NDArray[np.float64] = points[np.isfinite(points).all(axis=1)]
    if not len(finite):
        return []
    best = finite[frontier(finite)[0]]
    return [[number(value) for value in point] for point in best[np.argsort(best[:, 0])]]
