"""The smallest change of many numbers together that turns the answer to a package."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from sim.analysis.counterfactuals.coalitions import Coalition, Coalitions
from sim.analysis.counterfactuals.linear_program import LinearProgram, LinearSolution
from sim.analysis.counterfactuals.parameters import Parameter
from sim.analysis.counterfactuals.probe import with_values
from sim.analysis.counterfactuals.thresholds import Entry, Progress, ThresholdQuestion, described, plain
from sim.engine.rule_matrix import Floats
from sim.negotiation.evaluation import DIGITS

STARTS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Where the search starts: so far on the way from the present values to those that help most."""
CLOSER = 3
"""From all of these in so many ways, those that come cheapest from the first; from the first alone in the others."""
ROUNDS = 60
"""So many programmes are solved from one start at most."""
FAR, NEAR, NEARER = 2.0, 1e-3, 4.0
"""Ranges by which a number may move at once: at first, at the least, and the part that is left after a bad move."""
SETTLED = 1e-6
"""Ranges by which a better solution is better."""
MARGINS = (0.0, 1e-3, 1e-2, 1e-1)
"""Points that those who are to accept must have to spare, and those who are to refuse must lack: nought, and more if a
solution misses by what was rounded."""
NEARLY = 0.99
"""A change is also judged this far along the way: it must be as large as it is."""


def smallest_change(question: ThresholdQuestion, turns: Sequence[Entry], progress: Progress | None = None) -> Entry:
    """Find the smallest joint change of numbers within their ranges that turns the answer to a package.

    The size of a change is the sum over the numbers of how far each moves, in units of its own range: a linear
    programme of least absolute values, one for each way in which the answer can turn (who of a quorum accepts, whose
    pledges cover). What an actor has to spare is linear in most numbers. Where numbers multiply each other, or bend
    the durability, the programme is solved again with the slopes at its last solution, until it comes to rest. So the
    change is always confirmed to turn the answer; that there is none smaller is certain only where all is linear.

    Parameters
    ----------
    turns : the numbers that turn the answer alone, which are candidates too

    Returns
    -------
    plain data (`docs/reference/json.md`)
    """
    search = _JointSearch(question)
    programmes = [search.linear_program(way) for way in search.tried]
    first = []
    for done, one in enumerate(programmes, 1):
        first.append(search.descend(one, STARTS[0]))
        if progress is not None:
            progress(done, len(programmes))
    for at in np.argsort(first, kind="stable")[:CLOSER].tolist():
        for share in STARTS[1:]:
            search.descend(programmes[at], share)
    for turn in turns:
        if turn["within"] and turn["ranges"] is not None:
            search.consider({turn["path"]: math.inf if turn["value"] == "never" else turn["value"]})
    return _told(question, search)


class _JointSearch:
    """The smallest change so far that was confirmed to turn the answer."""

    def __init__(self, question: ThresholdQuestion) -> None:
        self.question = question
        movable = [one for one in question.numbers if one.range != "none"]
        self.movable, self.ways = movable, Coalitions(question.probe, question.everything, movable)
        self.tried = self.ways.turning(agreed=not question.blocked_by)
        self.best: Mapping[str, float] = {}
        self.size, self.solved = math.inf, 0

    def linear_program(self, way: Coalition) -> LinearProgram:
        """The programme for one way."""
        return LinearProgram(self.question.probe, self.ways, way, self.movable)

    def descend(self, linear_program: LinearProgram, share: float) -> float:
        """Look for the smallest change in one way, from one start; returns the merit of where it comes to rest."""
        at = linear_program.now
        if share:
            at = at + share * (linear_program.helpful() - at)
        for margin in MARGINS:
            rest, confirmed = self._rest(linear_program, at, margin)
            if confirmed or not rest.reached:
                break
            at = rest.values
        return rest.merit

    def _rest(self, linear_program: LinearProgram, at: Floats, margin: float) -> tuple[LinearSolution, bool]:
        """Solve programmes, each with the slopes at the best solution before, until they come to rest.

        A solution that is worse than the slopes had promised is left, and the next one looked for nearer by.

        Returns
        -------
        the best solution, and whether the answer turns there, as it is reported
        """
        best, reach = linear_program.solve(at, margin, FAR), FAR
        self.solved += 1
        confirmed = self.consider(best.changed)
        for _ in range(ROUNDS):
            found = linear_program.solve(best.values, margin, reach)
            self.solved += 1
            if found.merit < best.merit - SETTLED:
                best, confirmed = found, self.consider(found.changed)
            elif reach < NEAR or found.promise > best.merit - SETTLED:
                break
            else:
                reach /= NEARER
        return best, confirmed

    def consider(self, changed: Mapping[str, float]) -> bool:
        """Judge a change; keep it if it turns the answer and is the smallest. Whether it turns the answer."""
        if not changed or not self.turns([changed])[0]:
            return False
        changed = self._needed(changed)
        size = sum(self.question.everything[path].distance(value) or 0.0 for path, value in changed.items())
        if size < self.size:
            self.best, self.size = changed, size
        return True

    def turns(self, changed: Sequence[Mapping[str, float]]) -> list[bool]:
        """Whether each of some changes turns the answer."""
        blocked = self.question.probe.blocked(with_values(self.question.everything, changed))
        return [any(one) != bool(self.question.blocked_by) for one in blocked.tolist()]

    def _needed(self, changed: Mapping[str, float]) -> Mapping[str, float]:
        """A change without the numbers that it can do without."""
        while len(changed) > 1:
            without = [{name: value for name, value in changed.items() if name != path} for path in changed]
            still = self.turns(without)
            if not any(still):
                break
            changed = without[still.index(True)]
        return changed


def _told(question: ThresholdQuestion, search: _JointSearch) -> Entry:
    """The change that was found, what it comes to, and what each of its numbers does."""
    changed, numbers = search.best, question.everything
    told: Entry = {"size": None, "programmes": search.solved, "ways": len(search.tried), "all_ways": search.ways.all}
    told["changes"] = []
    if not changed:
        return {**told, "at": None, "nearly": None}
    nearly = {path: _along(numbers[path], value) for path, value in changed.items()}
    without = [{name: value for name, value in changed.items() if name != path} for path in changed]
    at, short, *others = question.sides([dict(changed), nearly, *without])
    told["changes"] = [
        {
            **described(numbers[path]),
            "to": plain(value),
            "ranges": round(numbers[path].distance(value) or 0.0, DIGITS),
            "without": other["blocked_by"],
        }
        for (path, value), other in zip(changed.items(), others, strict=True)
    ]
    told["changes"].sort(key=lambda one: -one["ranges"])
    return {**told, "size": round(search.size, DIGITS), "at": at, "nearly": short}


def _along(moved: Parameter, value: float) -> float:
    """A value most of the way to another; what is bought or lost for good is not, until one is there."""
    if math.isinf(value) or math.isinf(moved.present):
        return moved.present
    return moved.present + NEARLY * (value - moved.present)
