"""Arrays of worlds and texts in which many texts share a column.

In memory, the worlds of a text lie side by side, as in every judgement: columns are taken whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Indices = NDArray[np.intp]


def columns(array: NDArray[Any], at: Indices) -> NDArray[Any]:
    """Return some columns (or some several times) of an array (world or 1, column or 1); one column is all columns."""
    return array.T.take(at, axis=0).T if array.shape[1] > 1 else array


def pick(array: NDArray[Any], worlds: Indices, texts: Indices) -> NDArray[Any]:
    """Return (pair,) of an array (world or 1, text or 1): its value for some texts, each in one world."""
    at = texts * len(array) if array.shape[1] > 1 else np.zeros(1, dtype=np.intp)
    return array.T.ravel().take(at + worlds if len(array) > 1 else np.broadcast_to(at, texts.shape))


@dataclass(frozen=True)
class SharedColumns:
    """Which column of a judgement each text takes its answer from, where many texts are judged alike.

    Parameters
    ----------
    versions : where it holds, (world or 1, text or 1) bool, and (text,) int, the column; the last that holds counts,
        and the first holds everywhere
    """

    versions: tuple[tuple[Bools, Indices], ...]

    def over(self, array: NDArray[Any]) -> NDArray[Any]:
        """Return (world or 1, text) of (world or 1, column)."""
        shared_columns = columns(array, self.versions[0][1])
        for where, each in self.versions[1:]:
            other = columns(array, each)
            # of truth values, many times as fast as `np.where`
            shared_columns = (
                shared_columns ^ ((shared_columns ^ other) & where)
                if array.dtype == bool
                else np.where(where, other, shared_columns)
            )
        return shared_columns

    def at(self, worlds: Indices, texts: Indices) -> Indices:
        """Return (pair,) int, the column of a text in a world."""
        found = self.versions[0][1][texts]
        for where, each in self.versions[1:]:
            found = np.where(pick(where, worlds, texts), each[texts], found)
        return found
