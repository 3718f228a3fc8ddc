"""The Pareto frontier of packages whose surpluses come a few at a time, so that they are never all in memory.

A package that is not on the frontier of its own chunk is not on the whole one, so each chunk leaves only its frontier.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.analysis.outcomes.pareto import equal_to_any, frontier, outcome_numbers
from sim.case.conditions import Option
from sim.case.models import Case
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.rule_matrix import Bools, Floats

Ints = NDArray[np.intp]
MERGED = 2**18
"""Outcomes of several chunks that are put together before those that others dominate are left out again."""


@dataclass(frozen=True)
class Frontier:
    """Outcomes that no other dominates, in the order of their first packages.

    Parameters
    ----------
    points : (outcome, actor) float, surpluses
    first : (outcome,) int, the first package that gives each outcome, its index in the enumeration
    named : (outcome,) int, the package to name for it: the one with the fewest changes from the status quo, then the
        first by the names of its options
    rank : (outcome,) int, the place of `named` in that order
    counts : (outcome,) int, how many packages give it
    """

    points: Floats
    first: Ints
    named: Ints
    rank: NDArray[np.int64]
    counts: Ints

    def __len__(self) -> int:
        return len(self.points)

    def only(self, outcomes: Ints | Bools) -> Frontier:
        """Return some of the outcomes."""
        at = outcomes
        return Frontier(self.points[at], self.first[at], self.named[at], self.rank[at], self.counts[at])

    @staticmethod
    def joined(parts: list[Frontier]) -> Frontier:
        """Return the frontier of the outcomes of several frontiers, in the order of their packages."""
        points = np.concatenate([part.points for part in parts])
        first, named = (np.concatenate([getattr(part, name) for part in parts]) for name in ("first", "named"))
        rank, counts = (np.concatenate([getattr(part, name) for part in parts]) for name in ("rank", "counts"))
        best, _ = frontier(points)
        left = np.flatnonzero(equal_to_any(points, points[best]))
        number = outcome_numbers(points[left])
        order = np.lexsort([rank[left], number])
        leading = order[np.unique(number[order], return_index=True)[1]]  # of each outcome, in the order of its number
        merged = np.unique(number, return_index=True)[1]
        summed = np.bincount(number, weights=counts[left]).astype(np.intp)
        whole = Frontier(points[left][merged], first[left][merged], named[left][leading], rank[left][leading], summed)
        return whole.only(np.argsort(whole.first))


def streamed_frontier(chunks: Iterable[Floats], case: Case, codes: NDArray[np.int64]) -> Frontier:
    """Find the packages that no other dominates, and what they are worth.

    Parameters
    ----------
    chunks : the surpluses (package, actor) of all packages, some at a time
    codes : (package,) int, the code of each package
    """
    names, parts, begin = NameOrder(case), list[Frontier](), 0
    for points in chunks:
        best, _ = frontier(points)
        left = np.flatnonzero(equal_to_any(points, points[best]))
        rows = begin + left
        parts.append(Frontier(points[left], rows, rows, names.rank(codes[rows]), np.ones_like(rows)))
        if len(left) > len(best) or sum(map(len, parts)) > MERGED:
            parts = [*parts[:-1], Frontier.joined(parts[-1:])]
        if sum(map(len, parts)) > MERGED:
            parts = [Frontier.joined(parts)]
        begin += len(points)
    return Frontier.joined(parts)


class NameOrder:
    """The order of packages that depends neither on the order of issues nor on that of their options."""

    def __init__(self, case: Case) -> None:
        self._space, issues = OutcomeSpace(case), list(case.issues.values())
        self._default = [issue.options.index(issue.default) for issue in issues]
        self._columns = np.argsort(list(case.issues)).tolist()
        self._places = []
        for issue in issues:
            place = {option: at for at, option in enumerate(sorted(issue.options, key=_by_name))}
            self._places.append(np.array([place[option] for option in issue.options]))

    def rank(self, codes: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return (package,) int, smaller for fewer changes from the status quo, then for options named earlier."""
        texts = self._space.texts(codes)
        rank: NDArray[np.int64] = (texts != self._default).sum(axis=1)
        for column in self._columns:
            rank = rank * len(self._places[column]) + self._places[column][texts[:, column]]
        return rank


def _by_name(option: Option) -> tuple[bool, float, str]:
    """Numbers by size, then words by the alphabet."""
    return (True, 0.0, option) if isinstance(option, str) else (False, float(option), "")
