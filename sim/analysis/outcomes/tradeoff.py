"""The outcome space in the plane of two actors: how much the one can have while the other has so much."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.outcomes.enumeration import Enumeration
from sim.analysis.outcomes.pareto import frontier
from sim.case.models import Case
from sim.engine.rule_matrix import Floats
from sim.negotiation.evaluation import number

AXES = 2


def plane(case: Case, walked: Enumeration) -> dict[str, Any] | None:
    """The frontier between two actors, of every possible package, and of those that are agreed.

    The two are the first two belligerents, or, where there are fewer, the first two whose consent some package cannot
    do without. A package that crosses a line of either that is never sold lies nowhere in their plane.

    Parameters
    ----------
    walked : every possible package, judged

    Returns
    -------
    plain data (`docs/reference/json.md`); None if the case has one actor alone
    """
    if len(case.actors) < AXES:
        return None
    axes = _axes(case, walked)
    points = walked.surplus[:, [list(case.actors).index(name) for name in axes]]
    return {
        "axes": axes,
        "accepted_by_both": int((points >= 0).all(axis=1).sum()),
        "frontier": _line(points),
        "agreed_frontier": _line(points[walked.agreed]),
    }


def _axes(case: Case, walked: Enumeration) -> list[str]:
    fighting = [name for name, actor in case.actors.items() if actor.role == "belligerent"]
    others = [*walked.required_actors, *case.actors]
    return (fighting if len(fighting) >= AXES else list(dict.fromkeys([*fighting, *others])))[:AXES]


def _line(points: Floats) -> list[list[float | int]]:
    """The points that no other dominates, from the left to the right."""
    kept: NDArray[np.float64] = points[np.isfinite(points).all(axis=1)]
    if not len(kept):
        return []
    best = kept[frontier(kept)[0]]
    return [[number(value) for value in one] for one in best[np.argsort(best[:, 0])]]
