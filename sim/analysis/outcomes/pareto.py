"""The Pareto frontier of many points in several dimensions, exactly.

A point is on the frontier if no other is at least as good in every dimension and better in one. To compare all pairs of
n points takes n^2 steps. Two reductions, which change nothing in the result, make it few:

1. A few strong points strike out every point that they dominate, as in the elimination filter of Godfrey, Shipley and
   Gryz (2005). They are the best of those with the largest sums, which are strong where all dimensions have one scale,
   and of an evenly spaced sample. Of what is left, equal points are taken once.
2. The rest goes by falling sum of ranks, in blocks. Whatever dominates a point has a larger sum, so it came before it
   or stands in its block: what a block leaves of itself is on the frontier, and what it leaves of all later points goes
   on (Chomicki, Godfrey, Gryz and Liang 2003).

Whether any of a few hundred rivals dominates a point is read from bits: for each dimension and each value there, the
set of rivals with that value or a larger one is a row of bits, and the sets of all dimensions, cut with each other,
leave those that are nowhere worse.

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

FEW = 16_384
"""So few points are not worth a filter."""
STRONGEST, SAMPLE = 256, 4_096
"""Points of the largest sums, and of the sample, among which strong ones are sought."""
FILTER = 256
"""So many of them strike out others: more strike out more, and cost more."""
RIVALS = 256
"""Rivals whose sets of bits are cut at once, so that their tables stay in the processor's memory."""
BLOCK = 65_536
"""Words of bits that are cut at once: what a few thousand points have of some hundred rivals, half a megabyte."""
PRESORTED = (512, 2_048)
"""Points that are taken at once by falling sum: few at first, since they strike out many, then more and more."""
GROWTH = 4
WORD = 64
"""Bits of a word."""
CODES = 2**62
"""Numbers that an integer of 64 bits can tell apart."""
Ints = NDArray[np.intp]
Sets = NDArray[np.uint64]


def frontier(points: Floats) -> tuple[Ints, Ints]:
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
    left = _filtered(points)
    first, ranks, counts = _distinct(points[left])
    best = _by_sum(ranks)
    best = best[np.argsort(first[best])]
    return left[first[best]], counts[best]


def _filtered(points: Floats) -> Ints:
    """The points that a few strong ones leave: all that are on the frontier, and some more; (left,) int, sorted."""
    if len(points) <= FEW:
        return np.arange(len(points))
    strongest = np.argpartition(points.sum(axis=1), -STRONGEST)[-STRONGEST:]
    some = np.append(strongest, np.arange(0, len(points), len(points) // SAMPLE))
    first, ranks, _ = _distinct(points[some])
    rivals = points[some[first[_by_sum(ranks)[:FILTER]]]]
    return np.flatnonzero(~not_above(points, rivals) | equal_to_any(points, rivals))


def _distinct(points: Floats) -> tuple[Ints, Ints, Ints]:
    """The points that differ: where each stands first, its ranks (dimension, point), and how many there are of it."""
    ranks = _ranks(points)
    _, first, counts = np.unique(_codes(ranks), return_index=True, return_counts=True)
    return first, ranks[:, first], counts


def _ranks(points: Floats) -> Ints:
    """(dimension, point) int, in place of values: the same comparisons, and sums that are finite and exact."""
    ranks = np.empty(points.T.shape, dtype=np.intp)
    for row, column in zip(ranks, points.T, strict=True):
        row[:] = np.unique(column, return_inverse=True)[1]
    return ranks


def _codes(ranks: Ints) -> NDArray[np.int64]:
    """A number for each different point, from ranks (dimension, point): (point,) int."""
    codes: NDArray[np.int64] = ranks[0]
    count = int(codes.max()) + 1
    for column in ranks[1:]:
        size = int(column.max()) + 1
        if count * size > CODES:
            known, codes = np.unique(codes, return_inverse=True)
            count = len(known)
        codes, count = codes * size + column, count * size
    return codes


def _by_sum(ranks: Ints) -> Ints:
    """The frontier of different points by their ranks, (dimension, point); (frontier,) int, by falling sum."""
    left = np.argsort(-ranks.sum(axis=0), kind="stable")
    width, widest = PRESORTED
    found = []
    while len(left):
        block = left[:width]
        tables = [_ranked(column[block], int(column.max()) + 1) for column in ranks]
        step = BLOCK // -(-len(block) // WORD)
        struck = np.concatenate(
            [_struck(ranks[:, left[begin : begin + step]], tables, begin) for begin in range(0, len(left), step)]
        )
        found.append(block[~struck[:width]])
        left = left[width:][~struck[width:]]
        width = min(width * GROWTH, widest)
    return np.concatenate(found)


def _ranked(column: Ints, count: int) -> tuple[Ints, Sets]:
    """Where the set for each rank stands, (rank,) int, and the sets of `_not_below`."""
    below = np.bincount(column, minlength=count).cumsum()
    return np.concatenate([[0], below[:-1]]), _not_below(column)[1]


def _struck(ranks: Ints, tables: list[tuple[Ints, Sets]], begin: int) -> Bools:
    """Which of some points, (dimension, point), a rival is nowhere worse than; the rivals are the first of all points.

    `begin` says where these points stand among all: a rival that is the point itself does not count.
    """
    common = _common(sets.take(place.take(column), axis=0) for (place, sets), column in zip(tables, ranks, strict=True))
    own = np.arange(begin, min(begin + ranks.shape[1], len(tables[0][1]) - 1))
    common[own - begin, own // WORD] &= ~_bit(own)
    return np.asarray(common.any(axis=1))


def _common(sets: Iterator[Sets]) -> Sets:
    """What sets (point, word) of several dimensions have in common."""
    common = next(sets)
    for one in sets:
        common &= one
    return common


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
        step = BLOCK // tables[0][1].shape[1]
        for begin in range(0, len(points), step):
            at = begin + np.flatnonzero(~struck[begin : begin + step])
            columns = zip(tables, points[at].T.copy(), strict=True)
            common = _common(sets.take(np.searchsorted(values, column), axis=0) for (values, sets), column in columns)
            struck[at] = common.any(axis=1)
    return struck


def equal_to_any(points: Floats, rows: Floats) -> Bools:
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


def _find(values: NDArray[Any], known: NDArray[Any]) -> tuple[Ints, Bools]:
    """Where each value stands among those known, which are sorted, and whether it is there."""
    at = np.minimum(np.searchsorted(known, values), len(known) - 1)
    return at, known[at] == values


def _not_below(column: NDArray[Any]) -> tuple[NDArray[Any], Sets]:
    """The values of a dimension, (rival,) sorted, and (rival + 1, word) bits: who has that value or a larger one."""
    order = np.argsort(column)
    sets = np.zeros((len(column) + 1, -(-len(column) // WORD)), dtype=np.uint64)
    sets[np.arange(len(column)), order // WORD] = _bit(order)
    sets[::-1] = np.bitwise_or.accumulate(sets[::-1], axis=0)
    return column[order], sets


def _bit(places: Ints) -> Sets:
    """The bit of each place within its word."""
    return np.uint64(1) << (places % WORD).astype(np.uint64)
