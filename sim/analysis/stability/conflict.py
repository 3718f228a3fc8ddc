"""A case as a conflict: its states, who can move between them, and how much each mover likes them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.analysis.outcomes.enumeration import judged_blocks
from sim.analysis.stability.unilateral_moves import IMPOSSIBLE, WEIGHED_MOST, ControlledIssue, Mover
from sim.case.models import Case, Issue
from sim.engine.fixed_point import to_points
from sim.engine.outcome_space import OutcomeSpace, Texts
from sim.engine.rule_matrix import Bools, Floats
from sim.engine.verdict_rules import Assessment
from sim.errors import UsageError

STATES_MOST = 2**20
"""The most states, possible or not, of a conflict."""
State = tuple[int, ...]
"""One state: a place on each axis of an array over states."""


@dataclass(frozen=True)
class StateIssue:
    """An issue on which the states differ.

    Parameters
    ----------
    name : of the issue
    options : the places of its options in the case: those that somebody can set, and the present one
    """

    name: str
    options: tuple[int, ...]


@dataclass(frozen=True)
class Conflict:
    """The states around a text, and everybody who can move between them.

    Parameters
    ----------
    case : the case
    text : (issue,) uint8, the present text; issues that nobody controls stay as they are in it
    axes : the issues that somebody controls, in the order of the case
    possible : array over states, whether the constraints allow the state
    surplus : actor who moves to an array over states, points, with what it must send; NaN where a state is impossible,
        minus infinity where it crosses a red line without a price
    movers : actor who moves to its moves and its ranks, in the order of the case
    """

    case: Case
    text: Texts
    axes: tuple[StateIssue, ...]
    possible: Bools
    surplus: Mapping[str, Floats]
    movers: Mapping[str, Mover]

    @property
    def present(self) -> State:
        """The state that the text is."""
        places = list(self.case.issues)
        return tuple(axis.options.index(int(self.text[places.index(axis.name)])) for axis in self.axes)

    def package(self, state: State) -> dict[str, object]:
        """Return the options of a state on the issues that somebody controls."""
        return {
            axis.name: self.case.issues[axis.name].options[axis.options[place]]
            for axis, place in zip(self.axes, state, strict=True)
        }

    def changes(self, before: State, after: State) -> dict[str, list[object]]:
        """Return what differs between two states: issue to the option before and the option after."""
        old, new = self.package(before), self.package(after)
        return {name: [old[name], new[name]] for name in old if old[name] != new[name]}

    def moves(self, name: str, state: State) -> Iterator[State]:
        """Yield the other possible states to which an actor can move from a state."""
        places: list[NDArray[np.intp]] = [np.array([place]) for place in state]
        for issue in self.movers[name].issues:
            places[issue.axis] = np.flatnonzero(issue.reaches[state[issue.axis]])
        for row in np.argwhere(self.possible[np.ix_(*places)]).tolist():
            there = tuple(int(options[place]) for options, place in zip(places, row, strict=True))
            if there != state:
                yield there


def conflict(case: Case, text: Texts) -> Conflict:
    """Return the conflict around a text.

    Raises UsageError if nobody controls an issue of the case, or if there are too many states.
    """
    axes, actors = _axes(case, text), _actors(case)
    if not axes:
        raise UsageError(
            f"Nobody controls an issue of case '{case.id}'. Write who can decide an issue alone, with "
            "'moved_by: ACTOR', in its case.yaml."
        )
    shape = tuple(len(axis.options) for axis in axes)
    if math.prod(shape) > STATES_MOST:
        raise UsageError(
            f"Case '{case.id}' has {math.prod(shape):,} states that somebody can bring about; at most {STATES_MOST:,} "
            "can be examined. Drop a 'moved_by', or some options."
        )
    controlled = {name: tuple(_controlled(case, axes, name)) for name in actors}
    for name, issues in controlled.items():
        width = math.prod(shape[issue.axis] for issue in issues)
        if width * math.prod(shape) > WEIGHED_MOST and not all(issue.reaches.all() for issue in issues):
            raise UsageError(
                f"Actor '{name}' of case '{case.id}' has {width:,} moves in {math.prod(shape):,} states; that is too "
                "much to weigh. Drop a 'moved_by', or some options."
            )
    surplus, crosses = _judged(case, text, axes, actors)
    possible = ~np.isnan(next(iter(surplus.values())))
    movers = {name: Mover(controlled[name], _ranks(surplus[name], crosses[name], possible)) for name in actors}
    shown = {name: np.where(crosses[name] & possible, -np.inf, points) for name, points in surplus.items()}
    return Conflict(case, text, axes, possible, shown, movers)


def _actors(case: Case) -> tuple[str, ...]:
    """Return the actors who control an issue."""
    moving = {name for issue in case.issues.values() for name in issue.movers}
    return tuple(name for name in case.actors if name in moving)


def _axes(case: Case, text: Texts) -> tuple[StateIssue, ...]:
    axes = []
    for (name, issue), present in zip(case.issues.items(), text.tolist(), strict=True):
        settable = {option for options in issue.movers.values() for option in options}
        options = tuple(place for place, option in enumerate(issue.options) if option in settable or place == present)
        if len(options) > 1:
            axes.append(StateIssue(name, options))
    return tuple(axes)


def _controlled(case: Case, axes: tuple[StateIssue, ...], name: str) -> Iterator[ControlledIssue]:
    for number, axis in enumerate(axes):
        issue: Issue = case.issues[axis.name]
        if name in issue.movers:
            settable = [issue.options[place] in issue.movers[name] for place in axis.options]
            yield ControlledIssue(number, np.array(settable), issue.one_way)


def _judged(
    case: Case, text: Texts, axes: tuple[StateIssue, ...], actors: tuple[str, ...]
) -> tuple[dict[str, Floats], dict[str, Bools]]:
    """Judge every state; return each actor's surplus, and whether the state crosses its red line without a price."""
    space, places = OutcomeSpace(case), list(case.issues)
    moving = [places.index(axis.name) for axis in axes]
    shape = tuple(len(axis.options) for axis in axes)
    surplus = {name: np.full(shape, np.nan) for name in actors}
    crosses = {name: np.zeros(shape, dtype=bool) for name in actors}
    at = [np.full(int(space.sizes[place]), -1) for place in moving]
    for axis, positions in zip(axes, at, strict=True):
        positions[list(axis.options)] = np.arange(len(axis.options))
    for _, matrix, responses in judged_blocks(case, space, text=text, moving=moving):
        states = np.stack([at[number][matrix.texts[:, place]] for number, place in enumerate(moving)])
        inside = np.flatnonzero((states >= 0).all(axis=0))
        index, row = tuple(states[:, inside]), (1, states.shape[1])
        for name in actors:
            answer = responses.answers[name]
            surplus[name][index] = np.broadcast_to(_carried_out(answer), row)[0, inside]
            crosses[name][index] = np.broadcast_to(answer.never, row)[0, inside]
    return surplus, crosses


def _carried_out(answer: Assessment) -> Floats:
    """Return an actor's surplus if it also sends what the consent rules ask: in a state, the package is carried out."""
    points = answer.surplus
    for resource, asked in answer.asked.items():
        points = to_points(points + np.where(asked, answer.sending[resource] - answer.surplus, 0))
    return points


def _ranks(surplus: Floats, crosses: Bools, possible: Bools) -> NDArray[np.int64]:
    """Rank the states: all that cross a red line without a price come below all others."""
    ranks = np.full(surplus.shape, IMPOSSIBLE, dtype=np.int64)
    points, ranked = np.unique(surplus[possible], return_inverse=True)
    ranks[possible] = ranked.reshape(-1) + len(points) * ~crosses[possible]
    return ranks
