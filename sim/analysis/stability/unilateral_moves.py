"""What one actor can do alone from each state of a conflict.

The states of a conflict are the packages that differ on the issues which somebody controls. An array over states has
one axis for each of these issues, as long as the issue has options. A move of an actor sets any of its issues to any
options that it may set, all at once; staying is a move too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ranks = NDArray[np.int64]
"""An array over states; a higher rank is liked more, and equal ranks equally."""
Bools = NDArray[np.bool_]
IMPOSSIBLE = -1
"""The rank of a state that some constraint of the case excludes."""
NOWHERE = np.iinfo(np.int64).max
"""Stands for the least rank of no state at all."""
WEIGHED_MOST = 2**31
"""The most pairs of a state and a move that are weighed for one actor."""


@dataclass(frozen=True)
class ControlledIssue:
    """An issue that an actor controls.

    Parameters
    ----------
    axis : the axis of the issue in arrays over states
    settable : (option,) bool, the options that the actor may set
    one_way : whether the issue moves only towards later options
    """

    axis: int
    settable: Bools
    one_way: bool

    @property
    def reaches(self) -> Bools:
        """(option, option) bool, whether a move leads from the first option to the second."""
        size = len(self.settable)
        leads = np.broadcast_to(self.settable, (size, size)).copy()
        if self.one_way:
            leads = np.triu(leads)
        np.fill_diagonal(leads, True)
        return leads


@dataclass(frozen=True)
class Mover:
    """An actor who controls issues, and how it ranks the states.

    Parameters
    ----------
    issues : what it controls
    ranks : array over states; `IMPOSSIBLE` where a state is excluded
    """

    issues: tuple[ControlledIssue, ...]
    ranks: Ranks

    def most(self, values: Ranks) -> Ranks:
        """Return, for each state, the largest of the values to which one of its moves, or staying, leads."""
        return self._along(values, np.maximum, IMPOSSIBLE)

    def least(self, values: Ranks) -> Ranks:
        """Return, for each state, the smallest of the values to which one of its moves, or staying, leads."""
        return self._along(values, np.minimum, NOWHERE)

    def _along(self, values: Ranks, best: np.ufunc, nothing: int) -> Ranks:
        """Move along one issue after another; together these are all moves."""
        for issue in self.issues:
            there = np.moveaxis(values, issue.axis, 0)
            settable = issue.settable.reshape(-1, *[1] * (values.ndim - 1))
            reached = np.where(settable, there, nothing)
            if issue.one_way:
                reached = best.accumulate(reached[::-1])[::-1]
            else:
                reached = best.reduce(reached, axis=0, keepdims=True)
            values = np.moveaxis(best(there, reached), 0, issue.axis)
        return values

    def least_improving(self, values: Ranks) -> Ranks:
        """Return, for each state, the smallest of the values to which a move leads that the actor likes better.

        `NOWHERE` where no move is an improvement.
        """
        return self._from_rows(self._improving(self._rows(values)))

    @cached_property
    def _own(self) -> tuple[int, ...]:
        return tuple(issue.axis for issue in self.issues)

    def _rows(self, values: Ranks) -> Ranks:
        """Return (what the others do, what the actor does), a view or copy of an array over states."""
        width = int(np.prod([values.shape[axis] for axis in self._own]))
        own = range(values.ndim - len(self._own), values.ndim)
        return np.moveaxis(values, self._own, own).reshape(-1, width)

    def _from_rows(self, rows: Ranks) -> Ranks:
        shape = self.ranks.shape
        others = [size for axis, size in enumerate(shape) if axis not in self._own]
        own = [shape[axis] for axis in self._own]
        whole = rows.reshape(*others, *own)
        return np.moveaxis(whole, range(len(others), len(shape)), self._own)

    @cached_property
    def _improving(self) -> Callable[[Ranks], Ranks]:
        """The least value that an improvement leads to, by the quicker way if the actor can move anywhere."""
        ranks = self._rows(self.ranks)
        leads = np.ones((1, 1), dtype=bool)
        for issue in self.issues:
            leads = np.kron(leads, issue.reaches)
        if leads.all():
            return _Sorted(ranks).least
        return lambda values: _one_by_one(ranks, leads, values)


class _Sorted:
    """Improvements of an actor who can always set everything that it controls: the states later in its order."""

    def __init__(self, ranks: Ranks) -> None:
        self.order = np.argsort(ranks, axis=1, kind="stable")
        ordered = np.take_along_axis(ranks, self.order, axis=1)
        width = ranks.shape[1]
        last = np.ones_like(ordered, dtype=bool)
        last[:, :-1] = ordered[:, :-1] != ordered[:, 1:]
        ends = np.where(last, np.arange(width), width)
        self.above = np.minimum.accumulate(ends[:, ::-1], axis=1)[:, ::-1] + 1  # where the next higher rank begins

    def least(self, values: Ranks) -> Ranks:
        """Return (row, column), the least value above each state."""
        ordered = np.take_along_axis(values, self.order, axis=1)
        least = np.minimum.accumulate(ordered[:, ::-1], axis=1)[:, ::-1]
        least = np.concatenate([least, np.full((len(least), 1), NOWHERE)], axis=1)
        result: Any = np.empty_like(values)
        np.put_along_axis(result, self.order, np.take_along_axis(least, self.above, axis=1), axis=1)
        return np.asarray(result)


def _one_by_one(ranks: Ranks, leads: Bools, values: Ranks) -> Ranks:
    """Weigh every move of an actor who cannot always move anywhere."""
    result = np.full_like(values, NOWHERE)
    for target in range(ranks.shape[1]):
        origins = np.flatnonzero(leads[:, target])
        better = ranks[:, target, None] > ranks[:, origins]
        reached = np.where(better, values[:, target, None], NOWHERE)
        result[:, origins] = np.minimum(result[:, origins], reached)
    return result
