"""Counts agreed packages by dynamic programming over the states of the consent rules.

The parts of a case are added one by one. A state is what the parts so far contribute to each threshold, and states that
are equal are merged: all that matters about the first ten members of a council is how many votes accept. A threshold
that is certain to be met, or to be missed, whatever the other parts contribute, has one value for each, and a formula
whose result is certain forgets its thresholds. A package that cannot be agreed any more is dropped.

All numbers are whole numbers below 2^63: votes and shares are checked when a case is loaded, and so is the number of
packages, of which every count here is a part.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.analysis.outcomes.counting.agreement_formula import Agreement, Formula
from sim.engine.rule_matrix import Bools
from sim.engine.shared_columns import column_codes

Integers = NDArray[np.int64]
NUMBERS_MOST = 2**24
"""The most numbers that the states after a part may take, before they are merged: an eighth of a gigabyte."""
RANKED_ABOVE = 2**31
"""Sums above this are numbered in their order before they are combined with others."""
DROPPED = -1
"""Marks a state from which no package is agreed."""
Change: TypeAlias = tuple[str, bool]
"""An actor, and whether it is made to accept everything or nothing."""


@dataclass(frozen=True)
class Contribution:
    """What the choices on one part contribute to the thresholds.

    Parameters
    ----------
    sums : (way, threshold) int, the different contributions
    counts : (way,) int, how many choices contribute them
    changed : change to (way,) int, the same if one actor's answer is changed
    """

    sums: Integers
    counts: Integers
    changed: Mapping[Change, Integers]


@dataclass(frozen=True)
class AgreedCounts:
    """How many packages are agreed; `changed` says how many would be if one actor's answer were changed."""

    agreed: int
    changed: Mapping[Change, int]


class TooManyStatesError(Exception):
    """The votes and pledges of some parts add up in too many different ways."""


@dataclass(frozen=True)
class _Stage:
    """The states before a part is added: (state,) int, how many packages are in each; where each way leads from it."""

    packages: Integers
    next: NDArray[np.int32]


def count_agreed(agreement: Agreement, contributions: Sequence[Contribution]) -> AgreedCounts:
    """Count the combinations of choices that are agreed. Raises TooManyStatesError."""
    ordered = [contributions[index] for index in _order(contributions)]
    nothing = dict.fromkeys((change for one in ordered for change in one.changed), 0)
    limits = list(_limits(agreement, ordered))
    states, _ = _merged(agreement, np.zeros((1, len(agreement.thresholds)), dtype=np.int64), *limits[0])
    packages = np.ones(len(states), dtype=np.int64)
    stages = list[_Stage]()
    for part, (low, high) in zip(ordered, limits[1:], strict=True):
        if not len(states):
            return AgreedCounts(0, nothing)
        if states.size * len(part.sums) > NUMBERS_MOST:
            raise TooManyStatesError
        sums = (states[:, None, :] + part.sums[None]).reshape(-1, states.shape[1])
        states, reached = _merged(agreement, sums, low, high)
        stages.append(_Stage(packages, reached.reshape(len(packages), -1)))
        added = np.zeros(len(states) + 1, dtype=np.int64)  # the last place is for what is dropped
        np.add.at(added, stages[-1].next, packages[:, None] * part.counts)
        packages = added[:-1]
    return AgreedCounts(int(packages.sum()), {**nothing, **_changed(ordered, stages, len(states))})


def _changed(ordered: Sequence[Contribution], stages: Sequence[_Stage], agreed_states: int) -> dict[Change, int]:
    """Walk back: for each part, join the packages before it with the ways in which the later parts end in agreement."""
    result = dict[Change, int]()
    agreed = np.ones(agreed_states, dtype=np.int64)  # (state,) in how many ways the later parts end in agreement
    for part, stage in zip(reversed(ordered), reversed(stages), strict=True):
        by_way = np.append(agreed, 0)[stage.next]
        joined = stage.packages @ by_way
        result |= {change: int(joined @ counts) for change, counts in part.changed.items()}
        agreed = by_way @ part.counts
    return result


def _limits(agreement: Agreement, ordered: Sequence[Contribution]) -> list[tuple[Integers, Integers]]:
    """Return for each stage (threshold,) int: the largest sums that are certain to fail, and the smallest that suffice.

    They depend on the least and the most that the later parts can contribute.
    """
    need = np.array([threshold.need for threshold in agreement.thresholds], dtype=np.int64)
    low, high = need - 1, need
    limits = [(low, high)]
    for part in reversed(ordered):
        low, high = low - part.sums.max(axis=0), high - part.sums.min(axis=0)
        limits.append((low, high))
    return limits[::-1]


def _merged(agreement: Agreement, sums: Integers, low: Integers, high: Integers) -> tuple[Integers, NDArray[np.int32]]:
    """Merge states (sum, threshold) that are equal; return the different ones, and (sum,) int, the state of each."""
    np.clip(sums, low, high, out=sums)
    _, failed = _settle(agreement.formula, sums, low, high)
    open_ = np.flatnonzero(~failed)
    state = np.full(len(sums), DROPPED, dtype=np.int32)
    _, first, state[open_] = np.unique(_codes(sums[open_] - low), return_index=True, return_inverse=True)
    return sums[open_[first]], state


def _settle(formula: Formula, sums: Integers, low: Integers, high: Integers) -> tuple[Bools, Bools]:
    """Find where a formula is certain to hold, and to fail, each (sum,) bool; its thresholds then take one value."""
    if isinstance(formula, int):
        return sums[:, formula] >= high[formula], sums[:, formula] <= low[formula]
    holding, failing = zip(*(_settle(part, sums, low, high) for part in formula.parts), strict=True)
    joins = (np.logical_and, np.logical_or) if formula.every else (np.logical_or, np.logical_and)
    holds, fails = reduce(joins[0], holding), reduce(joins[1], failing)
    for index in formula.thresholds:
        sums[holds, index] = high[index]
        sums[fails, index] = low[index]
    return holds, fails


def _codes(sums: Integers) -> Integers:
    """Return (sum,) int, equal for equal rows of (sum, threshold) whole numbers from 0."""
    if not len(sums):
        return np.empty(0, dtype=np.int64)
    columns = (np.unique(row, return_inverse=True)[1] if row.max() > RANKED_ABOVE else row for row in sums.T)
    return column_codes(np.stack([column.astype(np.int64) for column in columns]))


def _order(contributions: Sequence[Contribution]) -> list[int]:
    """Return the order in which to add the parts, so that there are few states.

    A part that starts the fewest new thresholds comes first, so that one council is finished before the next begins;
    of several, the one that counts most, so that much is certain early.
    """
    spans = np.array([part.sums.max(axis=0) - part.sums.min(axis=0) for part in contributions], dtype=np.float64)
    weights = (spans / np.maximum(spans.sum(axis=0), 1)).max(axis=1)
    started, left, order = np.zeros(spans.shape[1], dtype=bool), set(range(len(spans))), list[int]()
    while left:
        best = min(left, key=lambda part: (int((spans[part] > 0)[~started].sum()), -weights[part], part))
        started |= spans[best] > 0
        order.append(best)
        left.remove(best)
    return order
