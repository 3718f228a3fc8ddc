"""The smallest change of many numbers together that turns the answer to a package."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TypedDict

import numpy as np

from sim.analysis.counterfactuals.coalitions import Coalition, Coalitions
from sim.analysis.counterfactuals.linear_program import LinearProgram, LinearSolution
from sim.analysis.counterfactuals.parameters import Parameter
from sim.analysis.counterfactuals.probe import with_values
from sim.analysis.counterfactuals.thresholds import (
    MovedNumber,
    Side,
    ThresholdQuestion,
    Turn,
    described,
    json_value,
)
from sim.analysis.outcomes.enumeration import Progress
from sim.engine.rule_matrix import Floats
from sim.negotiation.answers.evaluation import DIGITS

STARTS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Where the search starts, as shares of the way from the present values to those that help most."""
CLOSER = 3
"""Coalitions for which all starts are tried: those that cost least from the first start, which all get."""
ROUNDS = 60
"""The most linear programs that are solved from one start, after the first."""
FAR, NEAR, NEARER = 2.0, 1e-3, 4.0
"""How many ranges a number may move at once: at first, and at least; and the divisor after a bad move."""
SETTLED = 1e-6
"""Ranges by which a solution must be cheaper to count as better."""
MARGINS = (0.0, 1e-3, 1e-2, 1e-1)
"""Points that accepting actors must have to spare, and refusing ones must lack: zero, and more if rounding makes the
solution miss."""
NEARLY = 0.99
"""The share of a change that is judged too, to show that the change has to be as large as it is."""


class ChangedNumber(MovedNumber):
    """One number of a joint change: its new value, how far it moves, and who blocks if it alone stays."""

    to: float | str
    ranges: float
    without: list[str]


class JointChange(TypedDict):
    """The result of `smallest_change`."""

    size: float | None
    programmes: int
    ways: int
    all_ways: bool
    changes: list[ChangedNumber]
    at: Side | None
    nearly: Side | None


def smallest_change(
    question: ThresholdQuestion, turns: Sequence[Turn], progress: Progress | None = None
) -> JointChange:
    """Find the smallest joint change of numbers within their ranges that turns the answer to a package.

    The size of a change is the sum over the numbers of how far each moves, in units of its own range. Minimising it is
    a linear program of least absolute values, one for each coalition that can turn the answer (who of a quorum accepts,
    whose pledges cover). Margins are linear in most numbers. Where numbers multiply each other, or bend the durability,
    the program is solved again with the slopes at its last solution until it settles. So every reported change is
    confirmed to turn the answer, but it is certain to be the smallest only where everything is linear.

    Parameters
    ----------
    turns : the numbers that turn the answer alone, which are candidates too

    Returns
    -------
    plain data (`docs/reference/json.md`)
    """
    search = _JointSearch(question)
    programs = [search.linear_program(coalition) for coalition in search.tried]
    costs = []
    for done, program in enumerate(programs, 1):
        costs.append(search.descend(program, STARTS[0]))
        if progress is not None:
            progress(done, len(programs))
    for index in np.argsort(costs, kind="stable")[:CLOSER].tolist():
        for share in STARTS[1:]:
            search.descend(programs[index], share)
    for turn in turns:
        if turn["within"] and turn["ranges"] is not None:
            search.consider({turn["path"]: math.inf if isinstance(turn["value"], str) else turn["value"]})
    return _described(question, search)


class _JointSearch:
    """The smallest change so far that was confirmed to turn the answer."""

    def __init__(self, question: ThresholdQuestion) -> None:
        self.question = question
        self.movable = [number for number in question.movable if number.range != "none"]
        self.coalitions = Coalitions(question.probe, question.parameters, self.movable)
        self.tried = self.coalitions.turning(agreed=not question.blocked_by)
        self.best: Mapping[str, float] = {}
        self.size, self.solved = math.inf, 0

    def linear_program(self, coalition: Coalition) -> LinearProgram:
        """Return the linear program for one coalition."""
        return LinearProgram(self.question.probe, self.coalitions, coalition, self.movable)

    def descend(self, program: LinearProgram, share: float) -> float:
        """Look for the smallest change with one coalition from one start; return the cost of the last solution."""
        values = program.now
        if share:
            values = values + share * (program.helpful() - values)
        for margin in MARGINS:
            solution, confirmed = self._settle(program, values, margin)
            if confirmed or not solution.feasible:
                break
            values = solution.values
        return solution.cost

    def _settle(self, program: LinearProgram, values: Floats, margin: float) -> tuple[LinearSolution, bool]:
        """Solve the program again and again, with the slopes at the best solution so far, until it settles.

        A solution that costs more than the best one is dropped, and the next one is sought nearer to the best.

        Returns
        -------
        the best solution, and whether it turns the answer as reported
        """
        best, reach = program.solve(values, margin, FAR), FAR
        self.solved += 1
        confirmed = self.consider(best.change)
        for _ in range(ROUNDS):
            solution = program.solve(best.values, margin, reach)
            self.solved += 1
            if solution.cost < best.cost - SETTLED:
                best, confirmed = solution, self.consider(solution.change)
            elif reach < NEAR or solution.promise > best.cost - SETTLED:
                break
            else:
                reach /= NEARER
        return best, confirmed

    def consider(self, change: Mapping[str, float]) -> bool:
        """Judge a change, keep it if it is the smallest that turns the answer, and return whether it turns it."""
        if not change or not self.turns([change])[0]:
            return False
        change = self._pruned(change)
        size = sum(self.question.parameters[path].distance(value) or 0.0 for path, value in change.items())
        if size < self.size:
            self.best, self.size = change, size
        return True

    def turns(self, changes: Sequence[Mapping[str, float]]) -> list[bool]:
        """Say for each change whether it turns the answer."""
        blocked = self.question.probe.blocked(with_values(self.question.parameters, changes))
        return [any(blocks) != bool(self.question.blocked_by) for blocks in blocked.tolist()]

    def _pruned(self, change: Mapping[str, float]) -> Mapping[str, float]:
        """A change without the numbers that it does not need."""
        while len(change) > 1:
            smaller = _leaving_one_out(change)
            enough = self.turns(smaller)
            if not any(enough):
                break
            change = smaller[enough.index(True)]
        return change


def _leaving_one_out(change: Mapping[str, float]) -> list[dict[str, float]]:
    return [{path: value for path, value in change.items() if path != left_out} for left_out in change]


def _described(question: ThresholdQuestion, search: _JointSearch) -> JointChange:
    """The smallest change that was found, its effect, and the part that each of its numbers plays."""
    numbers, changes = question.parameters, list[ChangedNumber]()
    effect = nearly = None
    if search.best:
        part = {path: _nearly(numbers[path], value) for path, value in search.best.items()}
        effect, nearly, *others = question.effects_of([search.best, part, *_leaving_one_out(search.best)])
        for (path, value), other in zip(search.best.items(), others, strict=True):
            moved = round(numbers[path].distance(value) or 0.0, DIGITS)
            number = described(numbers[path])
            changes.append({**number, "to": json_value(value), "ranges": moved, "without": other["blocked_by"]})
        changes.sort(key=lambda change: -change["ranges"])
    return {
        "size": round(search.size, DIGITS) if search.best else None,
        "programmes": search.solved,
        "ways": len(search.tried),
        "all_ways": search.coalitions.complete,
        "changes": changes,
        "at": effect,
        "nearly": nearly,
    }


def _nearly(number: Parameter, value: float) -> float:
    """A value most of the way to another; a price that is gained or lost altogether stays as it is."""
    if math.isinf(value) or math.isinf(number.present):
        return number.present
    return number.present + NEARLY * (value - number.present)
