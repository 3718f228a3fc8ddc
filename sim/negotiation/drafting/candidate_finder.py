"""Which texts may be tabled next in each world: finds the candidate sets for the texts on the tables of a month.

Worlds share a candidate set where few different texts are on their tables, or where the amendments of these are much
the same. Where nearly every world has another text on its table, each has candidates of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.engine.incremental import TextChanges, most_choices
from sim.engine.outcome_space import OutcomeSpace, Texts
from sim.engine.rule_matrix import CompiledRules
from sim.engine.shared_columns import Indices
from sim.engine.terms import expansions
from sim.negotiation.drafting.candidate_sets import (
    CandidateList,
    CandidateSet,
    ListedCandidateSet,
    OwnCandidateSet,
    SharedCandidateSet,
    chosen_issues,
)

TABLES_MOST = 1024
"""With more different texts on the tables, each world has its own candidates."""
CHOICES_MOST = 2**16
"""With more combinations of options on the issues of any rule, there are no own candidate sets: their tables would be
too large.
"""
CROWD = 100
"""A text on the tables of this many worlds gets its own candidate set, so that they evaluate fewer texts."""
KEPT_WORLDS_LEAST = 64
"""From this many worlds on, candidates of earlier months are kept, as they are likely to be needed again."""
SPARE = 3
"""A shared candidate set has at most this many times the largest number of texts that one world may table."""


@dataclass(frozen=True)
class AmendedTexts:
    """The texts that amend some texts on tables, as pairs of a table and an amendment of its text.

    Parameters
    ----------
    tables : the number of tables with different texts
    table : (pair,) int, the index of the table
    codes : (pair,) int, the code of the amendment
    change : (pair,) int, the index in `OutcomeSpace.changes` of a change that leads to it
    """

    tables: int
    table: Indices
    codes: NDArray[np.int64]
    change: Indices


class CandidateFinder:
    """Finds the candidate sets for the texts on the tables of a month, with what an amendment may change."""

    def __init__(
        self, space: OutcomeSpace, compiled_rules: CompiledRules, negotiable: Sequence[str], terms: int
    ) -> None:
        self._space, self._compiled_rules, self._negotiable, self._terms = space, compiled_rules, negotiable, terms
        self._shared: CandidateList | None = None
        self._crowded: dict[int, tuple[CandidateList, NDArray[np.int64]]] = {}

    def find(self, current: Texts) -> Iterator[tuple[Indices, CandidateSet]]:
        """Yield candidate sets for texts on tables, (world, issue) uint8, each with its worlds, (some world,) int."""
        codes, first, table_of = np.unique(self._space.codes(current), return_index=True, return_inverse=True)
        crowds = np.flatnonzero(np.bincount(table_of) >= CROWD)
        if len(crowds) and len(codes) > 1:
            for table in crowds.tolist():
                rows = np.flatnonzero(table_of == table)
                around = self._around(int(codes[table]), current[first[table]])
                yield rows, SharedCandidateSet(*around, current[rows], np.zeros(len(rows), dtype=np.intp))
            rest = np.flatnonzero(~np.isin(table_of, crowds))
            if len(rest):
                yield from ((rest[rows], candidate_set) for rows, candidate_set in self._find_few(current[rest]))
        else:
            yield from self._find_few(current)

    def _around(self, code: int, table: Texts) -> tuple[CandidateList, NDArray[np.int64]]:
        """The candidates for one text and how they amend it; kept for the months in which many worlds have it."""
        if code not in self._crowded:
            self._crowded[code] = self._listed(self._amended(table[None]))
        return self._crowded[code]

    def _find_few(self, current: Texts) -> Iterator[tuple[Indices, CandidateSet]]:
        """Yield one candidate set for all worlds if possible, otherwise one for each text on a table."""
        _, first, table_of = np.unique(self._space.codes(current), return_index=True, return_inverse=True)
        tables, keep = current[first], len(current) >= KEPT_WORLDS_LEAST
        shared = self._share(self._amended(tables), keep) if len(tables) <= TABLES_MOST else None
        if shared is not None:
            yield np.arange(len(current)), SharedCandidateSet(*shared, current, table_of)
        elif most_choices(self._space, self._compiled_rules) <= CHOICES_MOST:
            own = OwnCandidateSet(self._changes, self._space, self._negotiable, self._terms, current)
            yield from self._expanded(tables, current, table_of)  # before the same texts by later changes
            yield np.arange(len(current)), own
        else:
            yield from self._lists(self._amended(tables), current, table_of)

    def _amended(self, tables: Texts) -> AmendedTexts:
        """All texts that amend some texts, (table, issue) uint8."""
        around, possible = self._space.changed_texts(tables, self._negotiable, self._terms)
        codes = self._space.codes(around.reshape(len(around), -1).T).reshape(possible.shape)
        change, table = np.nonzero(possible)
        more = expansions(self._space, tables, self._negotiable, self._terms, (around, possible))
        return AmendedTexts(
            tables=len(tables),
            table=np.concatenate([table, more.table]),
            codes=np.concatenate([codes[change, table], self._space.codes(more.texts)]),
            change=np.concatenate([change, more.change]),
        )

    def _expanded(self, tables: Texts, current: Texts, table_of: Indices) -> Iterator[tuple[Indices, CandidateSet]]:
        """The texts that meet a constraint in one of several ways, which an own candidate set lacks."""
        more = expansions(self._space, tables, self._negotiable, self._terms)
        if not len(more.table):
            return
        amended = AmendedTexts(len(tables), more.table, self._space.codes(more.texts), more.change)
        yield from self._lists(amended, current, table_of)

    def _share(self, amended: AmendedTexts, keep: bool) -> tuple[CandidateList, NDArray[np.int64]] | None:
        """List the candidates for all tables, if they are few enough; with `keep`, add to those of earlier months."""
        needed = np.unique(amended.codes)
        most = SPARE * max(1, int(np.bincount(amended.table, minlength=1).max()))
        if len(needed) > most:
            return None
        shared = self._shared
        if shared is None or not np.isin(needed, shared.codes, assume_unique=True).all():
            known = needed if shared is None or not keep else np.union1d(needed, shared.codes)
            codes = known if len(known) <= most else needed
            shared = self._shared = CandidateList(self._space, self._compiled_rules, codes)
        return shared, self._near(shared, amended)

    def _listed(self, amended: AmendedTexts) -> tuple[CandidateList, NDArray[np.int64]]:
        """List just these candidates, with `SharedCandidateSet.near`."""
        candidates = CandidateList(self._space, self._compiled_rules, np.unique(amended.codes))
        return candidates, self._near(candidates, amended)

    def _lists(
        self, amended: AmendedTexts, current: Texts, table_of: Indices
    ) -> Iterator[tuple[Indices, ListedCandidateSet]]:
        """Give each world a list of the texts that amend the one on its table; yield lists of similar lengths."""
        codes, texts = np.unique(amended.codes, return_inverse=True)
        order = np.lexsort((amended.change, texts, amended.table))  # of several changes to one text the first counts
        table, texts = amended.table[order], texts[order]
        first = np.append(True, (np.diff(table) != 0) | (np.diff(texts) != 0))
        table, texts, change = table[first], texts[first], amended.change[order][first]
        lengths = np.bincount(table, minlength=amended.tables)
        slot = np.arange(len(table)) - (np.cumsum(lengths) - lengths)[table]
        index = np.zeros((int(lengths.max()), amended.tables), dtype=np.intp)
        near = np.zeros(index.shape, dtype=np.int64)
        index[slot, table] = texts
        near[slot, table] = chosen_issues(self._space, self._negotiable, self._terms)[change]
        candidates = CandidateList(self._space, self._compiled_rules, codes)
        doublings = np.frexp(lengths)[1]  # 0 for no texts, then 1 for 1, 2 for 2 and 3, 3 for 4 to 7, and so on
        for size in np.unique(doublings[lengths > 0]).tolist():
            rows = np.flatnonzero(doublings[table_of] == size)
            slots = slice(int(lengths[table_of[rows]].max(initial=0)))
            lists = index[slots, table_of[rows]], near[slots, table_of[rows]]
            yield rows, ListedCandidateSet(candidates, *lists, current[rows])

    def _near(self, candidates: CandidateList, amended: AmendedTexts) -> NDArray[np.int64]:
        """(table text, text) int, see `SharedCandidateSet.near`."""
        near = np.zeros((amended.tables, len(candidates.codes)), dtype=np.int64)
        order = np.argsort(-amended.change, kind="stable")  # of several changes to one text the first counts
        texts = np.searchsorted(candidates.codes, amended.codes[order])
        chosen = chosen_issues(self._space, self._negotiable, self._terms)
        near[amended.table[order], texts] = chosen[amended.change[order]]
        return near

    @cached_property
    def _changes(self) -> TextChanges:
        return TextChanges(self._space, self._compiled_rules, self._negotiable, self._terms)
