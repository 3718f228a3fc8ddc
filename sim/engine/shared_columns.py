"""Arrays of worlds and texts in which many texts share a column.

In memory, the worlds of a text are adjacent, as in all evaluations, so that whole columns are copied.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Indices = NDArray[np.intp]
CODES_MOST = 2**62
"""The most codes of columns; beyond it, those that occur are renumbered."""


def columns(array: NDArray[Any], indices: Indices) -> NDArray[Any]:
    """Return columns of an array (world or 1, column or 1) by index; a single column stands for all columns."""
    return array.T.take(indices, axis=0).T if array.shape[1] > 1 else array


def pick(array: NDArray[Any], worlds: Indices, texts: Indices) -> NDArray[Any]:
    """Return (pair,) of an array (world or 1, text or 1): the values for pairs of world and text."""
    start = texts * len(array) if array.shape[1] > 1 else np.zeros(1, dtype=np.intp)
    return array.T.ravel().take(start + worlds if len(array) > 1 else np.broadcast_to(start, texts.shape))


def column_codes(rows: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
    """Return (column,) int, equal for equal columns of (row, column) whole numbers from 0, and sorted as they are."""
    codes, count = np.zeros(rows.shape[1], dtype=np.int64), 1
    for row in rows:
        size = int(row.max()) + 1
        if count * size > CODES_MOST:
            known, codes = np.unique(codes, return_inverse=True)
            count = len(known)
        codes, count = codes * size + row, count * size
    return codes


@dataclass(frozen=True)
class SharedColumns:
    """The column of an assessment from which each text takes its answer, where texts with equal answers share one.

    Parameters
    ----------
    versions : where each version applies, (world or 1, text or 1) bool, and (text,) int, the column of each text; the
        first version applies everywhere, and the last that applies counts
    """

    versions: tuple[tuple[Bools, Indices], ...]

    def over(self, array: NDArray[Any]) -> NDArray[Any]:
        """Return (world or 1, text) of (world or 1, column)."""
        result = columns(array, self.versions[0][1])
        for where, column in self.versions[1:]:
            other = columns(array, column)
            # for truth values, this is many times as fast as `np.where`
            result = result ^ ((result ^ other) & where) if array.dtype == bool else np.where(where, other, result)
        return result

    def at(self, worlds: Indices, texts: Indices) -> Indices:
        """Return (pair,) int, the column of a text in a world."""
        result = self.versions[0][1][texts]
        for where, column in self.versions[1:]:
            result = np.where(pick(where, worlds, texts), column[texts], result)
        return result


def distinct_columns(rows: NDArray[np.integer[Any]]) -> tuple[Indices, Indices]:
    """Find the distinct columns of (row, text): the first text of each, and (text,) the column of each text."""
    _, first, column = np.unique(column_codes(rows), return_index=True, return_inverse=True)
    return first, column
