"""The outcome space: what could be agreed at all, by whom, and what comes nearest to it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.outcomes.bargaining_solutions import SOLUTIONS
from sim.analysis.outcomes.enumeration import Enumeration, Progress, walk
from sim.analysis.outcomes.pareto import frontier
from sim.analysis.outcomes.robustness import agreed_shares
from sim.analysis.subject import Target, case_of, subject_of
from sim.case.models import Case
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.rule_matrix import Floats
from sim.engine.worlds import Central
from sim.errors import UsageError, did_you_mean
from sim.negotiation.evaluation import blocked_by, evaluate, number

FORMAT = "parley.outcomes/1"
SHARE_DIGITS = 6
TOP = 10
"""Packages that are listed of a kind, unless told otherwise."""
IN_WORLDS = 1_000
"""So many of the best packages at central values are judged in worlds."""


def outcomes(
    target: Target,
    among: Sequence[str] | None = None,
    *,
    worlds: int | None = None,
    seed: int = 0,
    top: int = TOP,
    walked: Enumeration | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Judge every possible package at central values, take it or leave it.

    Parameters
    ----------
    target : a case, or a scenario for its case with the scenario's changes; what a scenario proposes plays no part
    among : the actors between whom the frontier and the solutions lie; None takes those whose consent some possible
        package cannot do without
    worlds : how many worlds to draw, to judge the best packages in; None takes central values alone
    seed : of the worlds
    top : how many packages are listed of each kind
    walked : every package of this case, where somebody has judged them already
    progress : called with how much is done, and how much there is; first of packages, then of worlds

    Returns
    -------
    plain data (`docs/reference/json.md`)

    Raises
    ------
    UsageError
        if `among` names no actor of the case, or one twice, or there are too many packages to judge each
    """
    case = case_of(target)
    if among is not None:
        _check(case, among)
    walked = walk(case, progress) if walked is None else walked
    chosen = tuple(among or walked.required_actors or case.actors)
    asked = np.array([name in chosen for name in case.actors])
    mine = walked.surplus if asked.all() else walked.surplus[:, asked]
    best = nearest(walked, mine, max(top, IN_WORLDS))
    listed = _PackageDescriber(case, walked)
    return {
        "format": FORMAT,
        "seed": seed,
        "worlds": worlds or 1,
        "nominal": worlds is None,
        **subject_of(target),
        "packages": len(walked.codes),
        "actors": _actors(case, walked),
        "agreed": int(walked.agreed.sum()),
        "among": list(chosen),
        **_fair(listed, mine, top),
        "nearest": listed(best[:top]),
        "in_worlds": None if worlds is None else _in_worlds(listed, best[:IN_WORLDS], worlds, seed, top, progress),
    }


def nearest(walked: Enumeration, surplus: Floats, count: int) -> NDArray[np.intp]:
    """The packages that are agreed, then those nearest to it, best first.

    First come those with the fewest reasons against them that no points could win (lines of blockers that are never
    sold, and rules that nobody withholds), then those with the least summed shortfall of their blockers, then those
    with the fewest blockers: of an agreed package, all three are 0. Among equals, the larger surplus of the worst-off
    of the given actors decides, then the order of the options.

    Parameters
    ----------
    surplus : (package, actor) float, points, of the actors in question
    count : how many at most
    """
    keys = (walked.hopeless, walked.shortfall, walked.blockers, -surplus.min(axis=1))
    sure: list[NDArray[np.intp]] = []
    tied, missing = np.arange(len(surplus)), min(count, len(surplus))
    for key in keys:
        values = key[tied]
        bound = np.partition(values, missing - 1)[missing - 1]
        sure.append(tied[values < bound])
        missing -= len(sure[-1])
        tied = tied[values == bound]
    found = np.concatenate([*sure, tied[:missing]])
    return found[np.lexsort([found, *(key[found] for key in reversed(keys))])]


def _actors(case: Case, walked: Enumeration) -> dict[str, Any]:
    accepts = (walked.surplus >= 0).sum(axis=0).tolist()
    return {
        name: {
            "name": actor.name,
            "accepts": accepted,
            "share": _share(accepted, len(walked.codes)),
            "needed": name in walked.required_actors,
            "agreed_without": walked.lifted[name],
        }
        for (name, actor), accepted in zip(case.actors.items(), accepts, strict=True)
    }


def _fair(listed: _PackageDescriber, surplus: Floats, top: int) -> dict[str, Any]:
    """The frontier among some actors, and the solutions among the packages that none of them would refuse."""
    at, counts = frontier(surplus)
    least = surplus[at].min(axis=1)
    order = np.lexsort([at, -surplus[at].sum(axis=1), -least])
    fine = np.flatnonzero(least >= 0)
    solved: dict[str, Any] = dict.fromkeys(SOLUTIONS)
    if len(fine):
        # Each solution lies on the frontier, and so does each actor's ideal.
        picks = [fine[solve(surplus[at[fine]])] for solve in SOLUTIONS.values()]
        packages = listed(at[picks])
        solved = {
            name: {**package, "alike": int(counts[pick])}
            for name, package, pick in zip(SOLUTIONS, packages, picks, strict=True)
        }
    return {
        "acceptable": int((surplus >= 0).all(axis=1).sum()),
        "frontier": {
            "points": len(at),
            "packages": int(counts.sum()),
            "acceptable_points": len(fine),
            "acceptable_packages": int(counts[fine].sum()),
            "best": listed(at[order[:top]]),
        },
        "solutions": solved,
    }


def _in_worlds(
    listed: _PackageDescriber, best: NDArray[np.intp], worlds: int, seed: int, top: int, progress: Progress | None
) -> dict[str, Any]:
    shares, anything = agreed_shares(listed.case, listed.texts(best), worlds, seed, progress)
    order = np.argsort(-shares, kind="stable")[:top]
    return {
        "judged": len(best),
        "any_agreed": round(anything, SHARE_DIGITS),
        "best": [
            {**package, "agreed_share": round(float(share), SHARE_DIGITS)}
            for package, share in zip(listed(best[order]), shares[order], strict=True)
        ],
    }


class _PackageDescriber:
    """Describes packages of a walk, by their index, as plain data."""

    def __init__(self, case: Case, walked: Enumeration) -> None:
        self.case, self.walked, self.space = case, walked, OutcomeSpace(case)

    def texts(self, at: NDArray[np.intp]) -> NDArray[np.uint8]:
        return self.space.texts(self.walked.codes[at])

    def __call__(self, at: NDArray[np.intp]) -> list[dict[str, Any]]:
        if not len(at):
            return []
        evaluation = evaluate(self.case, Central(), self.texts(at))
        return [
            {
                "package": self.space.decode(text),
                "agreed": bool(self.walked.agreed[row]),
                "blocked_by": blocked_by(evaluation.one(text=which)),
                "shortfall": number(self.walked.shortfall[row]),
                "surplus": {
                    name: number(points) if math.isfinite(points) else "never"
                    for name, points in zip(self.case.actors, self.walked.surplus[row].tolist(), strict=True)
                },
            }
            for which, (row, text) in enumerate(zip(at.tolist(), evaluation.matrix.texts, strict=True))
        ]


def _check(case: Case, among: Sequence[str]) -> None:
    for name in among:
        if name not in case.actors:
            known = ", ".join(case.actors)
            raise UsageError(f"'{name}' is no actor of this case ({known}).{did_you_mean(name, list(case.actors))}")
    if twice := next((name for name in among if among.count(name) > 1), None):
        raise UsageError(f"'{twice}' is named twice among the actors.")


def _share(part: int, whole: int) -> float:
    return round(part / whole, SHARE_DIGITS)
