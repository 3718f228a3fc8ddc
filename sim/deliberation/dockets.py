"""Dockets: the texts that the drafters weigh, and which world may table which.

Where few texts are on the tables, or their amendments are much the same, all worlds share one docket: every text is
read, and told apart for each actor, once for all worlds and months. Where nearly every world has another text on its
table, each has a docket of its own, and what is read once for all is what the changes do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.deliberation.context import Context
from sim.rules.alike import Alike
from sim.rules.bench import Bench
from sim.rules.hearing import Hearing, hear
from sim.rules.own import Changes, most_choices
from sim.rules.reading import Bools, Reader
from sim.rules.space import Space, Texts
from sim.rules.spread import Indices

TABLES_MOST = 1024
"""With more different texts on the tables, each world has its own docket."""
CHOICES_MOST = 2**16
"""With more choices on the issues of any rule, texts are read one by one all the same."""
MANY_WORLDS = 64
"""In so many worlds it is worth while to tell texts apart for each actor, and to keep texts for later months."""
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
        self._reading = reader.read(self.texts)
        self._case = space.case

    @cached_property
    def alike(self) -> Alike:
        """The texts, told apart for each actor."""
        return Alike(self._case, self._reading)

    def hear(self, bench: Bench, context: Context, month: int, months: int, many: bool) -> Hearing:
        """Let everybody judge all texts; in few worlds, to tell them apart costs more than it saves."""
        reading, voices = (self.alike, self.alike.voices(bench.stances)) if many else (self._reading, bench.stances)
        return hear(self._case, voices, reading, bench.situation(reading, context, month, months))


@dataclass(frozen=True)
class Shared:
    """A shared docket before the worlds of one month.

    Parameters
    ----------
    docket : the texts
    near : (table text, text) bool, which of the docket are amendments of which text on a table
    current : (world, issue) uint8, the texts on the tables
    each : (world,) int, which of them is on the table of a world
    """

    docket: SharedDocket
    near: Bools
    current: Texts
    each: Indices

    @property
    def width(self) -> int:
        """How many texts each world judges."""
        return len(self.docket.codes)

    def only(self, rows: slice) -> Shared:
        """Return the docket before some of the worlds."""
        return replace(self, current=self.current[rows], each=self.each[rows])

    def hear(self, bench: Bench, context: Context, month: int, months: int) -> Hearing:
        """Let everybody judge the texts in these worlds."""
        return self.docket.hear(bench, context, month, months, many=len(self.current) >= MANY_WORLDS)

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


@dataclass(frozen=True)
class Owned:
    """A docket for each world, before the worlds of one month: the changes to the text on its table.

    Parameters
    ----------
    changes : what can be changed
    space, negotiable, terms : how
    current : (world, issue) uint8, the texts on the tables
    """

    changes: Changes
    space: Space
    negotiable: Sequence[str]
    terms: int
    current: Texts

    @property
    def width(self) -> int:
        """How many texts each world judges."""
        return self.changes.count

    def only(self, rows: slice) -> Owned:
        """Return the docket before some of the worlds."""
        return replace(self, current=self.current[rows])

    @cached_property
    def _around(self) -> tuple[Texts, Bools]:
        return self.space.around(self.current, self.negotiable, self.terms)

    @cached_property
    def _codes(self) -> NDArray[np.int64]:
        """(change, world) int."""
        around, there = self._around
        return self.space.codes(around.reshape(len(around), -1).T).reshape(there.shape)

    def hear(self, bench: Bench, context: Context, month: int, months: int) -> Hearing:
        """Let everybody judge the texts in these worlds."""
        reading = self.changes.read(self.current, self._around[0])
        return hear(bench.case, bench.stances, reading, bench.situation(reading, context, month, months))

    def left(self, tabled: NDArray[np.int64]) -> Bools:
        """Return (world, text) bool, which texts are possible and were not tabled before, (month, world) int."""
        left = self._around[1] & (self._codes != self.space.codes(self.current))
        for past in tabled:
            left &= self._codes != past
        return np.asarray(left.T)

    def texts(self, worlds: Indices, texts: Indices) -> Texts:
        """Return (pair, issue) uint8."""
        return self._around[0][:, texts, worlds].T

    def codes(self, worlds: Indices, texts: Indices) -> NDArray[np.int64]:
        """Return (pair,) int, the codes of texts."""
        return self._codes[texts, worlds]


Docket: TypeAlias = Shared | Owned


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

    def find(self, current: Texts) -> Iterator[tuple[Indices, Docket]]:
        """Yield dockets for the texts on the tables, (world, issue) uint8, each with its worlds, (some world,) int."""
        codes, first, each = np.unique(self._space.codes(current), return_index=True, return_inverse=True)
        tables, width = current[first], len(self._space.changes(tuple(self._negotiable), self._terms))
        shared = self._share(tables, codes, width, len(current) >= MANY_WORLDS) if len(tables) <= TABLES_MOST else None
        if shared is not None:
            yield np.arange(len(current)), Shared(*shared, current, each)
        elif most_choices(self._space, self._reader) <= CHOICES_MOST:
            owned = Owned(self._changes, self._space, self._negotiable, self._terms, current)
            yield np.arange(len(current)), owned
        else:
            for at in range(len(tables)):
                rows = np.flatnonzero(each == at)
                yield from ((rows, docket) for _, docket in self.find(current[rows]))

    def _share(
        self, tables: Texts, codes: NDArray[np.int64], width: int, many: bool
    ) -> tuple[SharedDocket, Bools] | None:
        """Find one docket for all tables, if they are near; and (table text, text) bool, what amends which."""
        around, there = self._space.around(tables, self._negotiable, self._terms)
        amended = self._space.codes(around.reshape(len(around), -1).T).reshape(there.shape)
        there &= amended != codes
        needed, most = np.unique(amended[there]), SPARE * width
        if len(needed) > most:
            return None
        shared = self._shared
        if shared is None or not np.isin(needed, shared.codes, assume_unique=True).all():
            known = needed if shared is None or not many else np.union1d(needed, shared.codes)
            shared = self._shared = SharedDocket(self._space, self._reader, known if len(known) <= most else needed)
        near = np.zeros((len(tables), len(shared.codes)), dtype=bool)
        changed, table = np.nonzero(there)
        near[table, np.searchsorted(shared.codes, amended[changed, table])] = True
        return shared, near

    @cached_property
    def _changes(self) -> Changes:
        return Changes(self._space, self._reader, self._negotiable, self._terms)
