"""The Pareto frontier of many points in several dimensions, exactly.

A point is on the frontier if no other is at least as good in every dimension and better in one. To compare all pairs of
n points takes n^2 steps. Two reductions, which change nothing in the result, make it few:

1. The frontier of an evenly spaced sample is found first, and strikes out every point that it dominates. This is the
   elimination filter of Godfrey, Shipley and Gryz (2005), with a whole sample for its window. Of what is left, equal
   points are taken once.
2. The rest goes by falling sum of ranks, in blocks. Whatever dominates a point has a larger sum, and so came before it:
   a point that nothing found so far dominates, nor another of its block, is on the frontier and stays (Chomicki,
   Godfrey, Gryz and Liang 2003).

Whether any of a few hundred rivals dominates a point is read from bits: for each dimension and each value there, the
set of rivals with that value or a larger one is a row of bits, and the sets of all dimensions, cut with each other,
leave those that are nowhere worse.

References
----------
Chomicki, J., Godfrey, P., Gryz, J. and Liang, D. (2003). Skyline with presorting. *ICDE 2003*.

Godfrey, P., Shipley, R. and Gryz, J. (2005). Maximal vector computation in large data sets. *VLDB 2005*.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.rules.reading import Bools, Floats

SAMPLE = 4_096
"""Points of the sample that strikes others out; more strike out more, and cost more."""
RIVALS = 256
"""Rivals whose sets of bits are cut at once, so that their tables stay in the processor's memory."""
BLOCK = 16_384
"""Points that are compared with rivals at once."""
PRESORTED = 2_048
"""Points that are taken at once by falling sum, and compared among themselves pair by pair."""
WORD = 64
"""Bits of a word."""
ALL = np.uint64(2**WORD - 1)


def frontier(points: Floats) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Find the points that no other dominates.

    Parameters
    ----------
    points : (point, dimension) float, more is better; ``-inf`` is allowed

    Returns
    -------
    (frontier,) int, the indices of the frontier, sorted, of equal points the first; and (frontier,) int, how many
    points each of them stands for

    Examples
    --------
    >>> at, counts = frontier(np.array([[3.0, 1.0], [1.0, 3.0], [2.0, 2.0], [2.0, 1.0], [1.0, 3.0]]))
    >>> at.tolist(), counts.tolist()
    ([0, 1, 2], [1, 2, 1])
    """
    left = np.arange(len(points))
    if len(points) > 2 * SAMPLE:
        sample = points[:: len(points) // SAMPLE]
        rivals = sample[frontier(sample)[0]]
        left = np.flatnonzero(~not_above(points, rivals) | among(points, rivals))
    rows, first, counts = np.unique(points[left], axis=0, return_index=True, return_counts=True)
    best = _by_sum(rows)
    best = best[np.argsort(first[best])]
    return left[first[best]], counts[best]


def _by_sum(points: Floats) -> NDArray[np.intp]:
    """The frontier of different points, by falling sum of ranks; (frontier,) int, indices."""
    # Ranks in place of values: the same comparisons, and sums that are finite and exact.
    ranks = np.stack([np.unique(column, return_inverse=True)[1] for column in points.T], axis=1)
    order = np.argsort(-ranks.sum(axis=1), kind="stable")
    found = order[:0]
    for begin in range(0, len(order), PRESORTED):
        block = order[begin : begin + PRESORTED]
        block = block[~not_above(ranks[block], ranks[found])]
        found = np.append(found, block[~_within(ranks[block])])
    return found


def _within(points: NDArray[np.intp]) -> Bools:
    """(point,) bool, whether another of these different points is nowhere worse."""
    nowhere_worse = ~np.eye(len(points), dtype=bool)
    for column in points.T:
        nowhere_worse &= column >= column[:, None]
    return np.asarray(nowhere_worse.any(axis=1))


def not_above(points: NDArray[Any], rivals: NDArray[Any]) -> Bools:
    """Which points some rival equals or dominates: it is at least as good in every dimension.

    Parameters
    ----------
    points : (point, dimension), numbers
    rivals : (rival, dimension), numbers

    Returns
    -------
    (point,) bool
    """
    struck = np.zeros(len(points), dtype=bool)
    for first in range(0, len(rivals), RIVALS):
        tables = [_not_below(column) for column in rivals[first : first + RIVALS].T]
        for begin in range(0, len(points), BLOCK):
            at = begin + np.flatnonzero(~struck[begin : begin + BLOCK])
            common = np.full((len(at), tables[0][1].shape[1]), ALL, dtype=np.uint64)
            for (values, sets), column in zip(tables, points[at].T.copy(), strict=True):
                common &= sets.take(np.searchsorted(values, column), axis=0)
            struck[at] = common.any(axis=1)
    return struck


def among(points: Floats, rows: Floats) -> Bools:
    """Which points equal one of some rows.

    Dimension by dimension, as in a dictionary: who agrees with some row so far, and with which, goes on to the next.

    Parameters
    ----------
    points : (point, dimension) float
    rows : (row, dimension) float, at least one

    Returns
    -------
    (point,) bool
    """
    left = np.arange(len(points))
    words, word = np.zeros(len(rows), dtype=np.intp), np.zeros(len(points), dtype=np.intp)
    for column, known in zip(points.T, rows.T, strict=True):
        values, letters = np.unique(known, return_inverse=True)
        letter, spelt = _find(column[left], values)
        left, word = left[spelt], word[spelt] * len(values) + letter[spelt]
        begun, words = np.unique(words * len(values) + letters, return_inverse=True)
        word, spelt = _find(word, begun)
        left, word = left[spelt], word[spelt]
    found = np.zeros(len(points), dtype=bool)
    found[left] = True
    return found


def _find(values: NDArray[Any], known: NDArray[Any]) -> tuple[NDArray[np.intp], Bools]:
    """Where each value stands among those known, which are sorted, and whether it is there."""
    at = np.minimum(np.searchsorted(known, values), len(known) - 1)
    return at, known[at] == values


def _not_below(column: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.uint64]]:
    """The values of a dimension, (rival,) sorted, and (rival + 1, word) bits: who has that value or a larger one."""
    order = np.argsort(column)
    sets = np.zeros((len(column) + 1, -(-len(column) // WORD)), dtype=np.uint64)
    sets[np.arange(len(column)), order // WORD] = np.uint64(1) << (order % WORD).astype(np.uint64)
    sets[::-1] = np.bitwise_or.accumulate(sets[::-1], axis=0)
    return column[order], sets
