"""Dockets: the texts that the drafters weigh, and which world may table which.

Where few texts are on the tables, or their amendments are much the same, all worlds share one docket: every text is
read, and told apart for each actor, once for all worlds and months.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.deliberation.context import Context
from sim.deliberation.protocols import Indices
from sim.rules.alike import Alike, Onlooker
from sim.rules.bench import Bench
from sim.rules.hearing import Hearing, hear
from sim.rules.reading import Bools, Reader
from sim.rules.space import Space, Texts

SPARE = 10
"""A shared docket may have so many texts for each that a world may table; else each world has a docket of its own."""


class SharedDocket:
    """One list of texts for many worlds.

    Parameters
    ----------
    codes : (text,) int, of the texts, sorted
    """

    def __init__(self, space: Space, reader: Reader, codes: NDArray[np.int64]) -> None:
        self.codes, self.texts = codes, space.texts(codes)
        self._alike = Alike(space.case, reader.read(self.texts))

    def hear(self, bench: Bench, context: Context, month: int, months: int) -> Hearing:
        """Let everybody judge all texts."""
        situation = bench.situation(self._alike, context, month, months)
        voices = [Onlooker(stance, self._alike.sights[stance.name]) for stance in bench.stances]
        return hear(bench.case, voices, self._alike, situation)


@dataclass(frozen=True)
class Shared:
    """A shared docket before the worlds of one month.

    Parameters
    ----------
    docket : the texts
    current : (world, issue) uint8, the texts on the tables
    tables : (table text, issue) uint8, these once each
    near : (table text, text) bool, which of the docket are amendments of which
    each : (world,) int, which of them is on the table of a world
    """

    docket: SharedDocket
    current: Texts
    near: Bools
    each: Indices

    @property
    def width(self) -> int:
        """How many texts each world judges."""
        return len(self.docket.codes)

    def only(self, rows: slice) -> Shared:
        """Return the docket before some of the worlds."""
        return Shared(self.docket, self.current[rows], self.near, self.each[rows])

    def hear(self, bench: Bench, context: Context, month: int, months: int) -> Hearing:
        """Let everybody judge the texts in these worlds."""
        return self.docket.hear(bench, context, month, months)

    def left(self, tabled: NDArray[np.int64]) -> Bools:
        """Return (world, text) bool, which texts are an amendment of a world's that was not tabled before.

        Parameters
        ----------
        tabled : (month, world) int, the codes of all texts so far
        """
        left = self.near.T.take(self.each, axis=1)
        at = np.minimum(np.searchsorted(self.docket.codes, tabled), self.width - 1)
        for place, past in zip(at, tabled, strict=True):
            seen = np.flatnonzero(self.docket.codes[place] == past)
            left[place[seen], seen] = False
        return left.T

    def texts(self, worlds: Indices, texts: Indices) -> Texts:
        """Return (pair, issue) uint8."""
        return self.docket.texts[texts]

    def codes(self, worlds: Indices, texts: Indices) -> NDArray[np.int64]:
        """Return (pair,) int, the codes of texts."""
        return self.docket.codes[texts]


class Dockets:
    """Finds the docket for the texts on the tables of a month.

    Parameters
    ----------
    space, reader : of the case
    negotiable, terms : what an amendment may change
    """

    def __init__(self, space: Space, reader: Reader, negotiable: Sequence[str], terms: int) -> None:
        self._space, self._reader, self._negotiable, self._terms = space, reader, negotiable, terms
        self._shared: SharedDocket | None = None

    def find(self, current: Texts) -> Shared:
        """Find a docket for the texts on the tables, (world, issue) uint8."""
        codes, first, each = np.unique(self._space.codes(current), return_index=True, return_inverse=True)
        around, there = self._space.around(current[first], self._negotiable, self._terms)
        amended = self._space.codes(around.reshape(len(around), -1).T).reshape(there.shape)
        there &= amended != codes
        needed = np.unique(amended[there])
        if self._shared is None or len(np.setdiff1d(needed, self._shared.codes, assume_unique=True)):
            if self._shared is not None:
                needed = np.union1d(needed, self._shared.codes)
            self._shared = SharedDocket(self._space, self._reader, needed)
        near = np.zeros((len(codes), len(self._shared.codes)), dtype=bool)
        changed, table = np.nonzero(there)
        near[table, np.searchsorted(self._shared.codes, amended[changed, table])] = True
        return Shared(self._shared, current, near, each)
