"""The Pareto frontier of many points in several dimensions, exactly.

A point is on the frontier if no other is at least as good in every dimension and better in one. Comparing all pairs of
n points takes n^2 steps. Two reductions, which do not change the result, save most of them:

1. A few strong points eliminate every point that they dominate, as in the elimination filter of Godfrey, Shipley and
   Gryz (2005). They are the best of the points with the largest sums, which are strong where all dimensions share one
   scale, and of an evenly spaced sample. Among the points that are left, equal ones are kept once.
2. The rest are processed by decreasing sum of ranks, in blocks. Any point that dominates another has a larger sum, so
   it comes earlier or is in the same block. The points of a block that survive are on the frontier; the later points
   that survive the block stay in the queue (Chomicki, Godfrey, Gryz and Liang 2003).

Bit sets show whether any of a few hundred rivals dominates a point. For each dimension and each value in it, the rivals
with that value or a larger one are a row of bits; the intersection of the sets of all dimensions holds the rivals that
are nowhere worse.

References
----------
Chomicki, J., Godfrey, P., Gryz, J. and Liang, D. (2003). Skyline with presorting. *ICDE 2003*.

Godfrey, P., Shipley, R. and Gryz, J. (2005). Maximal vector computation in large data sets. *VLDB 2005*.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.rule_matrix import Bools, Floats
from sim.engine.shared_columns import column_codes

FEW = 16_384
"""With at most this many points, the filter is skipped because it does not pay."""
STRONGEST, SAMPLE = 256, 4_096
"""How many points with the largest sums, and how many of the sample, are candidates for the filter."""
FILTER = 256
"""How many points the filter uses: more of them eliminate more, and cost more."""
RIVALS = 256
"""Rivals per block, sized so that their tables of bits fit the processor's cache."""
BLOCK = 65_536
"""Words of bits intersected at once: half a megabyte, for a few thousand points and some hundred rivals."""
PRESORTED = (512, 2_048)
"""The first and the largest block by decreasing sum: few points at first, because they eliminate many."""
GROWTH = 4
"""Factor by which the block grows each time."""
WORD = 64
"""Bits in a word."""
Ints = NDArray[np.intp]
Sets = NDArray[np.uint64]


def frontier(points: Floats) -> tuple[Ints, Ints]:
    """Find the points that no other dominates.

    Parameters
    ----------
    points : (point, dimension) float, more is better; ``-inf`` is allowed

    Returns
    -------
    (frontier,) int, the indices of the frontier, sorted, the first of equal points; and (frontier,) int, how many
    points are equal to each of them

    Examples
    --------
    >>> indices, counts = frontier(np.array([[3.0, 1.0], [1.0, 3.0], [2.0, 2.0], [2.0, 1.0], [1.0, 3.0]]))
    >>> indices.tolist(), counts.tolist()
    ([0, 1, 2], [1, 2, 1])
    """
    left = _filtered(points)
    first, ranks, counts = _distinct(points[left])
    best = _by_sum(ranks)
    best = best[np.argsort(first[best])]
    return left[first[best]], counts[best]


def _filtered(points: Floats) -> Ints:
    """The points that a few strong ones do not dominate: the whole frontier and some more; (left,) int, sorted."""
    if len(points) <= FEW:
        return np.arange(len(points))
    strongest = np.argpartition(points.sum(axis=1), -STRONGEST)[-STRONGEST:]
    candidates = np.append(strongest, np.arange(0, len(points), len(points) // SAMPLE))
    first, ranks, _ = _distinct(points[candidates])
    rivals = points[candidates[first[_by_sum(ranks)[:FILTER]]]]
    return np.flatnonzero(~_weakly_dominated(points, rivals) | equal_to_any(points, rivals))


def _distinct(points: Floats) -> tuple[Ints, Ints, Ints]:
    """The distinct points: the first index of each, its ranks (dimension, point), and how often it occurs."""
    ranks = _ranks(points)
    _, first, counts = np.unique(column_codes(ranks), return_index=True, return_counts=True)
    return first, ranks[:, first], counts


def outcome_numbers(points: Floats) -> Ints:
    """Return (point,) int from 0, the same for equal points."""
    return np.unique(column_codes(_ranks(points)), return_inverse=True)[1]


def _ranks(points: Floats) -> Ints:
    """(dimension, point) int, ranks that compare like the values, and whose sums are finite and exact."""
    ranks = np.empty(points.T.shape, dtype=np.intp)
    for row, column in zip(ranks, points.T, strict=True):
        row[:] = np.unique(column, return_inverse=True)[1]
    return ranks


def _by_sum(ranks: Ints) -> Ints:
    """The frontier of distinct points by their ranks, (dimension, point); (frontier,) int, by decreasing sum."""
    left = np.argsort(-ranks.sum(axis=0), kind="stable")
    width, widest = PRESORTED
    best = []
    while len(left):
        block = left[:width]
        tables = [_ranked(column[block], int(column.max()) + 1) for column in ranks]
        step = BLOCK // -(-len(block) // WORD)
        worse = np.concatenate(
            [_dominated(ranks[:, left[begin : begin + step]], tables, begin) for begin in range(0, len(left), step)]
        )
        best.append(block[~worse[:width]])
        left = left[width:][~worse[width:]]
        width = min(width * GROWTH, widest)
    return np.concatenate(best)


def _ranked(column: Ints, count: int) -> tuple[Ints, Sets]:
    """The row of the set for each rank, (rank,) int, and the sets of `_not_below`."""
    below = np.bincount(column, minlength=count).cumsum()
    return np.concatenate([[0], below[:-1]]), _not_below(column)[1]


def _dominated(ranks: Ints, tables: list[tuple[Ints, Sets]], begin: int) -> Bools:
    """Which of some points, (dimension, point), have a rival that is nowhere worse; rivals are the first of all points.

    `begin` is the position of these points among all, so that a point does not count as its own rival.
    """
    common = _common(sets.take(rows.take(column), axis=0) for (rows, sets), column in zip(tables, ranks, strict=True))
    own = np.arange(begin, min(begin + ranks.shape[1], len(tables[0][1]) - 1))
    common[own - begin, own // WORD] &= ~_bit(own)
    return np.asarray(common.any(axis=1))


def _common(sets: Iterator[Sets]) -> Sets:
    """The intersection of the sets (point, word) of several dimensions."""
    common = next(sets)
    for rows in sets:
        common &= rows
    return common


def _weakly_dominated(points: NDArray[Any], rivals: NDArray[Any]) -> Bools:
    """Say for which points some rival is at least as good in every dimension."""
    matched = np.zeros(len(points), dtype=bool)
    for first in range(0, len(rivals), RIVALS):
        tables = [_not_below(column) for column in rivals[first : first + RIVALS].T]
        step = BLOCK // tables[0][1].shape[1]
        for begin in range(0, len(points), step):
            left = begin + np.flatnonzero(~matched[begin : begin + step])
            columns = zip(tables, points[left].T.copy(), strict=True)
            common = _common(sets.take(np.searchsorted(values, column), axis=0) for (values, sets), column in columns)
            matched[left] = common.any(axis=1)
    return matched


def equal_to_any(points: Floats, rows: Floats) -> Bools:
    """Say which points are equal to one of some rows.

    The dimensions are compared one after the other, like letters in a dictionary: only points that match the beginning
    of some row are compared further. Both have the shape (row, dimension), and there is at least one of `rows`.
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
    equal = np.zeros(len(points), dtype=bool)
    equal[left] = True
    return equal


def _find(values: NDArray[Any], known: NDArray[Any]) -> tuple[Ints, Bools]:
    """The index of each value among the known ones, which are sorted, and whether it is one of them."""
    indices = np.minimum(np.searchsorted(known, values), len(known) - 1)
    return indices, known[indices] == values


def _not_below(column: NDArray[Any]) -> tuple[NDArray[Any], Sets]:
    """The values of a dimension, (rival,) sorted, and (rival + 1, word) bits: who has that value or a larger one."""
    order = np.argsort(column)
    sets = np.zeros((len(column) + 1, -(-len(column) // WORD)), dtype=np.uint64)
    sets[np.arange(len(column)), order // WORD] = _bit(order)
    sets[::-1] = np.bitwise_or.accumulate(sets[::-1], axis=0)
    return column[order], sets


def _bit(indices: Ints) -> Sets:
    """The bit of each index within its word."""
    return np.uint64(1) << (indices % WORD).astype(np.uint64)
