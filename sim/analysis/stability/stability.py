"""What each actor can do alone, and which states nobody has a reason to leave."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TypedDict

import numpy as np

from sim.analysis.judging.judged_text import Judged, judge_text
from sim.analysis.stability.concepts import equilibria, stable, worst_answer
from sim.analysis.stability.conflict import Conflict, State, conflict
from sim.analysis.stability.unilateral_moves import NOWHERE, Bools, Mover, Ranks
from sim.analysis.subject import Subject, case_of, subject_of
from sim.arguments import whole_number
from sim.negotiation.answers.evaluation import number
from sim.negotiation.scenario_loader import TargetLike, as_target

FORMAT = "parley.stability/1"
TOP = 10
"""Default number of equilibria listed."""
Stable = Mapping[str, Mapping[str, Bools]]
"""Concept to actor to an array over states."""


class MoverData(TypedDict):
    """What one actor controls: issue to the options that it can choose alone."""

    name: str
    controls: dict[str, list[object]]


class Equilibrium(TypedDict):
    """A state that is stable for every mover: its options, and the concepts under which it is."""

    package: dict[str, object]
    present: bool
    concepts: list[str]
    surplus: dict[str, float | str]


class Answer(TypedDict):
    """The worst that can follow an actor's move, if the others only make moves that are improvements for them."""

    by: list[str]
    changes: dict[str, list[object]]
    surplus: float | str


class MoveAlone(TypedDict):
    """The best that an actor can do alone now.

    `changes` is empty if it can do nothing better than stay. `improvements` counts its moves that it likes better than
    staying, and `concepts` are those under which the present state is stable for it.
    """

    improvements: int
    changes: dict[str, list[object]]
    surplus: list[float | str]
    answer: Answer | None
    concepts: list[str]


class StabilityReport(Subject):
    """The result of `stability` (`docs/reference/json.md`)."""

    format: str
    judged: Judged
    movers: dict[str, MoverData]
    held: dict[str, object]
    present: dict[str, object]
    states: int
    counts: dict[str, int]
    equilibria: list[Equilibrium]
    alone: dict[str, MoveAlone]


def stability(
    target: TargetLike,
    propose: Mapping[str, object] | None = None,
    *,
    top: int = TOP,
) -> StabilityReport:
    """Examine the conflict around a package, in which each actor can change the issues that it controls.

    Preferences are the surpluses at central values, before the first month. In a state, the package is
    carried out: the points of sending count for every actor that the consent rules ask to send. All states that cross a
    red line without a price come below all others. Issues that nobody controls keep their options.

    Parameters
    ----------
    target : a case (its defaults are the present state) or a scenario (its proposal is), or the name or path of either
    propose : issue to option, on top of that
    top : how many equilibria are listed

    Raises
    ------
    UsageError
        if nobody controls an issue (`moved_by`), or if there are too many states
    CaseError
        if the package is impossible
    """
    target, top = as_target(target), whole_number(top, "top")
    case, judged = case_of(target), judge_text(target, propose)
    found = conflict(case, judged.text)
    stable_for = stable(found.movers)
    at_rest = {concept: equilibria(by_actor) for concept, by_actor in stable_for.items()}
    moved = {axis.name for axis in found.axes}
    whole = {name: issue.options[place] for (name, issue), place in zip(case.issues.items(), found.text, strict=True)}
    return {
        "format": FORMAT,
        **subject_of(target),
        "judged": judged.judged,
        "movers": {
            name: {
                "name": case.actors[name].name,
                "controls": {
                    issue: [
                        option for option in case.issues[issue].options if option in case.issues[issue].movers[name]
                    ]
                    for issue in case.issues
                    if issue in moved and name in case.issues[issue].movers
                },
            }
            for name in found.movers
        },
        "held": {name: option for name, option in whole.items() if name not in moved},
        "present": found.package(found.present),
        "states": int(found.possible.sum()),
        "counts": {concept: int(states.sum()) for concept, states in at_rest.items()},
        "equilibria": _listed(found, at_rest, top),
        "alone": {name: _alone(found, stable_for, name) for name in found.movers},
    }


def _listed(found: Conflict, at_rest: Mapping[str, Bools], top: int) -> list[Equilibrium]:
    """List equilibria: first those under the most concepts, then in the order of the options."""
    concepts = np.stack(list(at_rest.values()))
    many = concepts.sum(axis=0)
    states = np.argwhere(many > 0)
    order = np.argsort(-many[tuple(states.T)], kind="stable")[:top]
    return [
        {
            "package": found.package(state),
            "present": state == found.present,
            "concepts": [concept for concept, rest in at_rest.items() if rest[state]],
            "surplus": {name: _points(found, name, state) for name in found.movers},
        }
        for state in (tuple(row) for row in states[order].tolist())
    ]


def _points(found: Conflict, name: str, state: State) -> float | str:
    points = float(found.surplus[name][state])
    return number(points) if math.isfinite(points) else "never"


def _alone(found: Conflict, stable_for: Stable, name: str) -> MoveAlone:
    ranks, here = found.movers[name].ranks, found.present
    better = [state for state in found.moves(name, here) if ranks[state] > ranks[here]]
    best = max(better, key=lambda state: ranks[state], default=here)
    return {
        "improvements": len(better),
        "changes": found.changes(here, best),
        "surplus": [_points(found, name, here), _points(found, name, best)],
        "answer": _answer(found, name, best) if better else None,
        "concepts": [concept for concept, by_actor in stable_for.items() if by_actor[name][here]],
    }


def _answer(found: Conflict, name: str, moved: State) -> Answer | None:
    """Return the worst that follows a move by improvements of the others; None if they only make it better."""
    others = {actor: mover for actor, mover in found.movers.items() if actor != name}
    ranks = found.movers[name].ranks
    least = worst_answer(
        np.where(found.possible, ranks, NOWHERE), [mover.least_improving for mover in others.values()], found.possible
    )
    if least[moved] == ranks[moved]:
        return None
    end, by = _path(found, others, moved, ranks, least)
    return {
        "by": [actor for actor in found.movers if actor in by],
        "changes": found.changes(moved, end),
        "surplus": _points(found, name, end),
    }


def _path(
    found: Conflict, others: Mapping[str, Mover], moved: State, ranks: Ranks, least: Ranks
) -> tuple[State, set[str]]:
    """Follow the shortest chain of answers that leads to the worst for an actor; return its end, and who moves."""
    worst, seen = least[moved], {moved}
    chains: list[tuple[State, frozenset[str]]] = [(moved, frozenset())]
    for state, by in chains:
        if ranks[state] == worst:
            return state, set(by)
        for actor, mover in others.items():
            for there in found.moves(actor, state):
                improves = mover.ranks[there] > mover.ranks[state] and least[there] == worst
                if improves and there not in seen:
                    seen.add(there)
                    chains.append((there, by | {actor}))
    raise AssertionError("the least rank that the answers reach is reached by a chain of them")
