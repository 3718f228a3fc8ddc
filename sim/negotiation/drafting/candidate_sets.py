"""Dockets: the texts that the drafters weigh, and which of them amend which text.

Where few texts are on the tables, or their amendments are much the same, all worlds share one docket: every text is
read, and told apart for each actor, once for all worlds and months. Where nearly every world has another text on its
table, each has a docket of its own, and what is read once for all is what the changes do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.engine.drawn_parameters import DrawnParameters
from sim.engine.grouping import GroupedTexts
from sim.engine.incremental import IncrementalMatrix, TextChanges, most_choices
from sim.engine.outcome_space import UNCHANGED, OutcomeSpace, Texts
from sim.engine.responses import Respondent, Responses, hear
from sim.engine.rule_matrix import LINES, Bools, CompiledRules, Floats
from sim.engine.shared_columns import Indices
from sim.engine.terms import expansions
from sim.negotiation.context import Context

TABLES_MOST = 1024
"""With more different texts on the tables, each world has its own docket."""
CHOICES_MOST = 2**16
"""With more choices on the issues of any rule, texts are read one by one all the same."""
CROWD = 100
"""Where this many worlds have one text on their tables, it has a docket of its own: fewer texts per world."""
MANY_WORLDS = 64
"""In so many worlds it is worth while to tell texts apart for each actor, and to keep texts for later months."""
SPARE = 10
"""A shared docket may have so many texts for each that a world may table; else each world has a docket of its own."""


Predicted: TypeAlias = Callable[[Respondent], Respondent]
"""From somebody who answers by its rules to somebody who answers as the drafters expect it to."""


def chosen_issues(space: OutcomeSpace, negotiable: Sequence[str], terms: int) -> NDArray[np.int64]:
    """(change,) int, the issues that each change of `OutcomeSpace.changes` chooses, a bit for each."""
    changed = space.changes(tuple(negotiable), terms) != UNCHANGED
    bits = np.left_shift(1, np.arange(changed.shape[1], dtype=np.int64))
    return np.asarray(changed.astype(np.int64) @ bits)


class CandidateList:
    """One list of texts for many worlds.

    Parameters
    ----------
    codes : (text,) int, of the texts, sorted
    """

    def __init__(self, space: OutcomeSpace, compiled_rules: CompiledRules, codes: NDArray[np.int64]) -> None:
        self.codes, self.texts = codes, space.texts(codes)
        self._reading = compiled_rules.read(self.texts)
        self.space, self._case = space, space.case

    @cached_property
    def grouped(self) -> GroupedTexts:
        """The texts, told apart for each actor."""
        return GroupedTexts(self._case, self._reading)

    def hear(
        self,
        drawn_parameters: DrawnParameters,
        context: Context,
        month: int,
        months: int,
        many: bool,
        predicted: Predicted,
    ) -> Responses:
        """Let everybody judge all texts; in few worlds, to tell them apart costs more than it saves."""
        matrix, respondents = (
            (self.grouped, self.grouped.respondents(drawn_parameters.actor_parameters))
            if many
            else (self._reading, drawn_parameters.actor_parameters)
        )
        situation = drawn_parameters.situation(matrix, context, month, months)
        return hear(self._case, [predicted(respondent) for respondent in respondents], matrix, situation)

    def crosses(self, actor: str, lines: Bools, many: bool) -> Bools:
        """Return (world, text) bool, whether a text crosses any of an actor's lines, (world, line) bool."""
        if many:
            return self.grouped.crosses(actor, lines.astype(np.float64))
        return self._reading.total(lines.astype(np.float64), LINES, actor) > 0

    def applies(self) -> Sequence[Bools]:
        """Which consent rules apply; for each (1, text) bool."""
        return self._reading.applies()

    def asked(self, issue: str) -> Floats:
        """Return (1, text) float, the number of the text's option on a numeric issue."""
        return self._reading.asked(issue)


@dataclass(frozen=True)
class SharedCandidateSet:
    """A shared docket before the worlds of one month.

    Parameters
    ----------
    candidate_set : the texts
    near : (table text, text) int, the issues that are chosen to come from a text on a table to a text of the docket, a
        bit for each; 0 if the one is no amendment of the other
    current : (world, issue) uint8, the texts on the tables
    each : (world,) int, which of them is on the table of a world
    """

    candidate_set: CandidateList
    near: NDArray[np.int64]
    current: Texts
    each: Indices

    @property
    def width(self) -> int:
        """How many texts each world judges."""
        return len(self.candidate_set.codes)

    def only(self, rows: slice) -> SharedCandidateSet:
        """Return the docket before some of the worlds."""
        return replace(self, current=self.current[rows], each=self.each[rows])

    @property
    def _many(self) -> bool:
        return len(self.current) >= MANY_WORLDS

    def hear(
        self, drawn_parameters: DrawnParameters, context: Context, month: int, months: int, predicted: Predicted
    ) -> Responses:
        """Let everybody judge the texts in these worlds."""
        return self.candidate_set.hear(drawn_parameters, context, month, months, self._many, predicted)

    @property
    def there(self) -> Bools:
        """(world, text) bool, which texts amend that of a world."""
        return np.asarray((self.near != 0).T.take(self.each, axis=1).T)

    def differs(self, texts: Texts) -> Bools:
        """Return (world, text) bool, which texts of the docket are other than one of each world, (world, issue)."""
        return np.asarray(self.candidate_set.codes[:, None] != self.candidate_set.space.codes(texts)).T

    def crosses(self, actor: str, lines: Bools) -> Bools:
        """Return (world, text) bool, whether a text crosses any of an actor's lines, (world, line) bool."""
        return self.candidate_set.crosses(actor, lines, self._many)

    def touches(self, options: Bools) -> Bools:
        """Return (world, text) bool, whether a text takes any of some options, (world, issue, option) bool."""
        issues, at = np.nonzero(options.any(axis=0))
        takes = (self.candidate_set.texts[:, issues] == at).astype(np.float32)
        asked = options[:, issues, at].astype(np.float32)
        return np.asarray((takes @ asked.T > 0).T)

    def applies(self) -> Sequence[Bools]:
        """Which consent rules apply; for each (1, text) bool."""
        return self.candidate_set.applies()

    def asked(self, issue: str) -> Floats:
        """Return (1, text) float, the number of the text's option on a numeric issue."""
        return self.candidate_set.asked(issue)

    def chosen(self, worlds: Indices, texts: Indices) -> NDArray[np.int64]:
        """Return (pair,) int, the issues that are chosen to come to a text from that of its world, a bit for each."""
        return self.near[self.each[worlds], texts]

    def texts(self, worlds: Indices, texts: Indices) -> Texts:
        """Return (pair, issue) uint8."""
        return self.candidate_set.texts[texts]

    def codes(self, worlds: Indices, texts: Indices) -> NDArray[np.int64]:
        """Return (pair,) int, the codes of texts."""
        return self.candidate_set.codes[texts]


@dataclass(frozen=True)
class OwnCandidateSet:
    """A docket for each world, before the worlds of one month: the changes to the text on its table.

    Parameters
    ----------
    changes : what can be changed
    space, negotiable, terms : how
    current : (world, issue) uint8, the texts on the tables
    """

    changes: TextChanges
    space: OutcomeSpace
    negotiable: Sequence[str]
    terms: int
    current: Texts

    @property
    def width(self) -> int:
        """How many texts each world judges."""
        return self.changes.count

    def only(self, rows: slice) -> OwnCandidateSet:
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

    @cached_property
    def _reading(self) -> IncrementalMatrix:
        return self.changes.read(self.current, self._around[0])

    def hear(
        self, drawn_parameters: DrawnParameters, context: Context, month: int, months: int, predicted: Predicted
    ) -> Responses:
        """Let everybody judge the texts in these worlds."""
        situation = drawn_parameters.situation(self._reading, context, month, months)
        return hear(
            drawn_parameters.case,
            [predicted(parameters) for parameters in drawn_parameters.actor_parameters],
            self._reading,
            situation,
        )

    @property
    def there(self) -> Bools:
        """(world, text) bool, which texts are possible, and amend that of the world."""
        return np.asarray((self._around[1] & (self._codes != self.space.codes(self.current))).T)

    def differs(self, texts: Texts) -> Bools:
        """Return (world, text) bool, which texts of the docket are other than one of each world, (world, issue)."""
        return np.asarray((self._codes != self.space.codes(texts)).T)

    def crosses(self, actor: str, lines: Bools) -> Bools:
        """Return (world, text) bool, whether a text crosses any of an actor's lines, (world, line) bool."""
        return self._reading.total(lines.astype(np.float64), LINES, actor) > 0

    def touches(self, options: Bools) -> Bools:
        """Return (world, text) bool, whether a text takes any of some options, (world, issue, option) bool."""
        around = self._around[0]
        touched = np.zeros(around.shape[1:], dtype=bool)
        for issue, at in zip(*np.nonzero(options.any(axis=0)), strict=True):
            touched |= (around[issue] == at) & options[:, issue, at]
        return np.asarray(touched.T)

    def applies(self) -> Sequence[Bools]:
        """Which consent rules apply; for each (world, text or 1) bool."""
        return self._reading.applies()

    def asked(self, issue: str) -> Floats:
        """Return (world, text or 1) float, the number of the text's option on a numeric issue."""
        return self._reading.asked(issue)

    def chosen(self, worlds: Indices, texts: Indices) -> NDArray[np.int64]:
        """Return (pair,) int, the issues that are chosen to come to a text from that of its world, a bit for each."""
        return chosen_issues(self.space, self.negotiable, self.terms)[texts]

    def texts(self, worlds: Indices, texts: Indices) -> Texts:
        """Return (pair, issue) uint8."""
        return self._around[0][:, texts, worlds].T

    def codes(self, worlds: Indices, texts: Indices) -> NDArray[np.int64]:
        """Return (pair,) int, the codes of texts."""
        return self._codes[texts, worlds]


Docket: TypeAlias = SharedCandidateSet | OwnCandidateSet


@dataclass(frozen=True)
class Amendments:
    """The texts that amend some texts on tables: (pair,) arrays.

    Parameters
    ----------
    tables : how many texts are amended
    table : (pair,) int, which of them
    codes : (pair,) int, the code of a text that amends it
    change : (pair,) int, the place in `OutcomeSpace.changes` of a change that leads there
    """

    tables: int
    table: Indices
    codes: NDArray[np.int64]
    change: Indices


class CandidateSets:
    """Finds the docket for the texts on the tables of a month.

    Parameters
    ----------
    space, reader : of the case
    negotiable, terms : what an amendment may change
    """

    def __init__(
        self, space: OutcomeSpace, compiled_rules: CompiledRules, negotiable: Sequence[str], terms: int
    ) -> None:
        self._space, self._compiled_rules, self._negotiable, self._terms = space, compiled_rules, negotiable, terms
        self._shared: CandidateList | None = None
        self._crowded: dict[int, tuple[CandidateList, NDArray[np.int64]]] = {}

    def find(self, current: Texts) -> Iterator[tuple[Indices, Docket]]:
        """Yield dockets for the texts on the tables, (world, issue) uint8, each with its worlds, (some world,) int."""
        codes, first, each = np.unique(self._space.codes(current), return_index=True, return_inverse=True)
        crowds = np.flatnonzero(np.bincount(each) >= CROWD)
        if len(crowds) and len(codes) > 1:
            for at in crowds.tolist():
                rows = np.flatnonzero(each == at)
                candidate_set = self._around(int(codes[at]), current[first[at]])
                yield rows, SharedCandidateSet(*candidate_set, current[rows], np.zeros(len(rows), dtype=np.intp))
            rest = np.flatnonzero(~np.isin(each, crowds))
            if len(rest):
                yield from ((rest[rows], candidate_set) for rows, candidate_set in self._find_few(current[rest]))
        else:
            yield from self._find_few(current)

    def _around(self, code: int, table: Texts) -> tuple[CandidateList, NDArray[np.int64]]:
        """The docket of one text, and how its texts amend it; kept for the months in which many worlds have it."""
        if code not in self._crowded:
            amended = self._amended(table[None])
            candidate_set = CandidateList(self._space, self._compiled_rules, np.unique(amended.codes))
            self._crowded[code] = candidate_set, self._near(candidate_set, amended)
        return self._crowded[code]

    def _find_few(self, current: Texts) -> Iterator[tuple[Indices, Docket]]:
        """Yield dockets, each for all of the worlds if it can be, or for those with one text on their tables."""
        _, first, each = np.unique(self._space.codes(current), return_index=True, return_inverse=True)
        tables, many = current[first], len(current) >= MANY_WORLDS
        shared = self._share(self._amended(tables), many) if len(tables) <= TABLES_MOST else None
        if shared is not None:
            yield np.arange(len(current)), SharedCandidateSet(*shared, current, each)
        elif most_choices(self._space, self._compiled_rules) <= CHOICES_MOST:
            owned = OwnCandidateSet(self._changes, self._space, self._negotiable, self._terms, current)
            yield np.arange(len(current)), owned
            yield from self._expanded(tables, current, each)
        else:
            for at in range(len(tables)):
                rows = np.flatnonzero(each == at)
                yield from ((rows, candidate_set) for _, candidate_set in self._find_few(current[rows]))

    def _amended(self, tables: Texts) -> Amendments:
        """All texts that amend some texts, (table, issue) uint8."""
        around, possible = self._space.around(tables, self._negotiable, self._terms)
        codes = self._space.codes(around.reshape(len(around), -1).T).reshape(possible.shape)
        change, table = np.nonzero(possible & (codes != self._space.codes(tables)))
        more = expansions(self._space, tables, self._negotiable, self._terms, possible)
        return Amendments(
            tables=len(tables),
            table=np.concatenate([table, more.table]),
            codes=np.concatenate([codes[change, table], self._space.codes(more.texts)]),
            change=np.concatenate([change, more.change]),
        )

    def _expanded(self, tables: Texts, current: Texts, each: Indices) -> Iterator[tuple[Indices, Docket]]:
        """The texts that complete a constraint in one of several ways, which a docket of a world's own lacks."""
        more = expansions(self._space, tables, self._negotiable, self._terms)
        if not len(more.table):
            return
        amended = Amendments(len(tables), more.table, self._space.codes(more.texts), more.change)
        candidate_set = CandidateList(self._space, self._compiled_rules, np.unique(amended.codes))
        rows = np.flatnonzero(np.isin(each, more.table))
        yield rows, SharedCandidateSet(candidate_set, self._near(candidate_set, amended), current[rows], each[rows])

    def _share(self, amended: Amendments, many: bool) -> tuple[CandidateList, NDArray[np.int64]] | None:
        """Find one docket for all tables, if they are near, and what amends which, as in `SharedCandidateSet.near`."""
        needed = np.unique(amended.codes)
        most = SPARE * max(1, int(np.bincount(amended.table, minlength=1).max()))
        if len(needed) > most:
            return None
        shared = self._shared
        if shared is None or not np.isin(needed, shared.codes, assume_unique=True).all():
            known = needed if shared is None or not many else np.union1d(needed, shared.codes)
            shared = self._shared = CandidateList(
                self._space, self._compiled_rules, known if len(known) <= most else needed
            )
        return shared, self._near(shared, amended)

    def _near(self, candidate_set: CandidateList, amended: Amendments) -> NDArray[np.int64]:
        """(table text, text) int, the issues that lead from the one to the other, a bit for each; see
        `SharedCandidateSet`.
        """
        near = np.zeros((amended.tables, len(candidate_set.codes)), dtype=np.int64)
        order = np.argsort(-amended.change, kind="stable")  # of several changes to one text the first counts
        at = np.searchsorted(candidate_set.codes, amended.codes[order])
        chosen = chosen_issues(self._space, self._negotiable, self._terms)
        near[amended.table[order], at] = chosen[amended.change[order]]
        return near

    @cached_property
    def _changes(self) -> TextChanges:
        return TextChanges(self._space, self._compiled_rules, self._negotiable, self._terms)
