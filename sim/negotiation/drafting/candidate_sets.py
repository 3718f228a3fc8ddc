"""Candidate sets: the texts that may be tabled next in some worlds, and everybody's expected answers to them.

A shared candidate set is one list of texts for many worlds: the rules are applied to each text once for all of them.
In a listed candidate set every world has a list of its own, out of texts to which the rules are applied once. In an own
candidate set every world has its own texts, and what is computed once for all is what each change does.
`sim.negotiation.drafting.candidate_finder` chooses among the three.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.engine.drawn_parameters import ActorParameters, DrawnParameters
from sim.engine.grouping import GroupedTexts
from sim.engine.incremental import IncrementalMatrix, TextChanges
from sim.engine.outcome_space import UNCHANGED, OutcomeSpace, Texts
from sim.engine.responses import Respondent, Responses, collect_responses
from sim.engine.rule_matrix import LINES, Bools, CompiledRules, Floats, ListedMatrix, RuleMatrix, RuleSource, Section
from sim.engine.shared_columns import Indices
from sim.negotiation.context import Context

GROUPED_WORLDS_LEAST = 64
"""From this many worlds on, grouping the texts that are the same to an actor saves more than it costs."""

Expect: TypeAlias = Callable[[Respondent], Respondent]
"""From a respondent who answers by its rules to one who answers as the drafters expect."""


def chosen_issues(space: OutcomeSpace, negotiable: Sequence[str], terms: int) -> NDArray[np.int64]:
    """(change,) int, the issues that each change of `OutcomeSpace.changes` chooses, one bit per issue."""
    changed = space.changes(tuple(negotiable), terms) != UNCHANGED
    bits = np.left_shift(1, np.arange(changed.shape[1], dtype=np.int64))
    return np.asarray(changed.astype(np.int64) @ bits)


class CandidateList:
    """One list of texts for many worlds, by their codes, (text,) int, sorted."""

    def __init__(self, space: OutcomeSpace, compiled_rules: CompiledRules, codes: NDArray[np.int64]) -> None:
        self.space, self.codes, self.texts = space, codes, space.texts(codes)
        self.matrix = compiled_rules.read(self.texts)
        self.patterns: dict[Section, tuple[Floats, Indices]] = {}

    @cached_property
    def grouped(self) -> GroupedTexts:
        """The texts, grouped for each actor by what it sees of them."""
        return GroupedTexts(self.space.case, self.matrix)


class _CandidateTexts(ABC):
    """What both kinds of candidate set share; `current` is the text on the table, (world, issue) uint8."""

    current: Texts

    @property
    @abstractmethod
    def matrix(self) -> RuleMatrix | ListedMatrix | IncrementalMatrix:
        """What the rules say of the texts."""

    def responses(
        self, drawn_parameters: DrawnParameters, context: Context, month: int, months: int, expect: Expect
    ) -> Responses:
        """Return everybody's expected answers to the texts, in these worlds."""
        matrix, respondents = self._respondents(drawn_parameters.actor_parameters)
        situation = drawn_parameters.situation(matrix, context, month, months)
        return collect_responses(
            drawn_parameters.case, [expect(respondent) for respondent in respondents], matrix, situation
        )

    def _respondents(self, actor_parameters: Sequence[ActorParameters]) -> tuple[RuleSource, Sequence[Respondent]]:
        return self.matrix, actor_parameters

    def crosses(self, actor: str, lines: Bools) -> Bools:
        """Return (world, text) bool, whether a text crosses any of an actor's lines, (world, line) bool."""
        return self.matrix.total(lines.astype(np.float64), LINES, actor) > 0


@dataclass(frozen=True)
class SharedCandidateSet(_CandidateTexts):
    """A list of texts that some worlds share in one month.

    Parameters
    ----------
    near : (table text, text) int, the issues that are chosen to get from a text on a table to a candidate, one bit per
        issue; 0 if the candidate does not amend that text
    current : (world, issue) uint8, the text on the table
    table : (world,) int, the index of that text among the table texts
    """

    candidates: CandidateList
    near: NDArray[np.int64]
    current: Texts
    table: Indices

    @property
    def width(self) -> int:
        """The number of texts evaluated in each world."""
        return len(self.candidates.codes)

    def only(self, rows: slice) -> SharedCandidateSet:
        """Return the set for some of the worlds."""
        return replace(self, current=self.current[rows], table=self.table[rows])

    @property
    def matrix(self) -> RuleMatrix:
        """What the rules say of the texts."""
        return self.candidates.matrix

    @property
    def _grouped(self) -> bool:
        return len(self.current) >= GROUPED_WORLDS_LEAST

    def _respondents(self, actor_parameters: Sequence[ActorParameters]) -> tuple[RuleSource, Sequence[Respondent]]:
        if not self._grouped:
            return super()._respondents(actor_parameters)
        return self.candidates.grouped, self.candidates.grouped.respondents(actor_parameters)

    def crosses(self, actor: str, lines: Bools) -> Bools:
        """Return (world, text) bool, whether a text crosses any of an actor's lines, (world, line) bool."""
        if not self._grouped:
            return super().crosses(actor, lines)
        return self.candidates.grouped.crosses(actor, lines.astype(np.float64))

    @property
    def available(self) -> Bools:
        """(world, text) bool, which texts amend the text on the table."""
        return np.asarray((self.near != 0).T.take(self.table, axis=1).T)

    def differs(self, texts: Texts) -> Bools:
        """Return (world, text) bool, which candidates differ from one text per world, (world, issue) uint8."""
        return np.asarray(self.candidates.codes[:, None] != self.candidates.space.codes(texts)).T

    def touches(self, options: Bools) -> Bools:
        """Return (world, text) bool, whether a text takes any of some options, (world, issue, option) bool."""
        issues, places = np.nonzero(options.any(axis=0))
        takes = (self.candidates.texts[:, issues] == places).astype(np.float32)
        asked = options[:, issues, places].astype(np.float32)
        return np.asarray((takes @ asked.T > 0).T)

    def chosen(self, worlds: Indices, texts: Indices) -> NDArray[np.int64]:
        """Return (pair,) int, the issues chosen to get from the current text to a candidate, one bit per issue."""
        return self.near[self.table[worlds], texts]

    def texts(self, worlds: Indices, texts: Indices) -> Texts:
        """Return (pair, issue) uint8."""
        return self.candidates.texts[texts]

    def codes(self, worlds: Indices, texts: Indices) -> NDArray[np.int64]:
        """Return (pair,) int, the codes of texts."""
        return self.candidates.codes[texts]


@dataclass(frozen=True)
class ListedCandidateSet(_CandidateTexts):
    """A list of texts for each world, in one month; used like a `SharedCandidateSet`.

    Parameters
    ----------
    candidates : the texts of all lists
    index : (slot, world) int, the texts of each world's list; lists that are shorter are filled with any text
    near : (slot, world) int, the issues that are chosen to get from the current text to a candidate, one bit per issue;
        0 where a list is filled up
    current : (world, issue) uint8, the text on the table
    """

    candidates: CandidateList
    index: Indices
    near: NDArray[np.int64]
    current: Texts

    @property
    def width(self) -> int:
        return len(self.index)

    def only(self, rows: slice) -> ListedCandidateSet:
        return replace(self, index=self.index[:, rows], near=self.near[:, rows], current=self.current[rows])

    @cached_property
    def matrix(self) -> ListedMatrix:
        return ListedMatrix(self.candidates.matrix, self.index, self.candidates.patterns)

    @property
    def available(self) -> Bools:
        """(world, slot) bool, which texts amend the text on the table."""
        return np.asarray(self.near != 0).T

    def differs(self, texts: Texts) -> Bools:
        return np.asarray(self.candidates.codes[self.index] != self.candidates.space.codes(texts)).T

    def touches(self, options: Bools) -> Bools:
        touched = np.zeros(self.index.shape, dtype=bool)
        for issue, place in zip(*np.nonzero(options.any(axis=0)), strict=True):
            takes = self.candidates.texts[:, issue] == place
            touched |= takes[self.index] & options[:, issue, place]
        return touched.T

    def chosen(self, worlds: Indices, texts: Indices) -> NDArray[np.int64]:
        return self.near[texts, worlds]

    def texts(self, worlds: Indices, texts: Indices) -> Texts:
        return self.candidates.texts[self.index[texts, worlds]]

    def codes(self, worlds: Indices, texts: Indices) -> NDArray[np.int64]:
        return self.candidates.codes[self.index[texts, worlds]]


@dataclass(frozen=True)
class OwnCandidateSet(_CandidateTexts):
    """All changes to the text on the table of each world, (world, issue) uint8, in one month.

    It is used like a `SharedCandidateSet`.
    """

    changes: TextChanges
    space: OutcomeSpace
    negotiable: Sequence[str]
    terms: int
    current: Texts

    @property
    def width(self) -> int:
        return self.changes.count

    def only(self, rows: slice) -> OwnCandidateSet:
        return replace(self, current=self.current[rows])

    @cached_property
    def _around(self) -> tuple[Texts, Bools]:
        return self.space.changed_texts(self.current, self.negotiable, self.terms)

    @cached_property
    def _codes(self) -> NDArray[np.int64]:
        """(change, world) int."""
        changed_texts, possible = self._around
        return self.space.codes(changed_texts.reshape(len(changed_texts), -1).T).reshape(possible.shape)

    @cached_property
    def matrix(self) -> IncrementalMatrix:
        return self.changes.read(self.current, self._around[0])

    @property
    def available(self) -> Bools:
        """(world, text) bool, which texts are possible, and amend the text on the table."""
        return self._around[1].T

    def differs(self, texts: Texts) -> Bools:
        return np.asarray((self._codes != self.space.codes(texts)).T)

    def touches(self, options: Bools) -> Bools:
        changed_texts = self._around[0]
        touched = np.zeros(changed_texts.shape[1:], dtype=bool)
        for issue, place in zip(*np.nonzero(options.any(axis=0)), strict=True):
            touched |= (changed_texts[issue] == place) & options[:, issue, place]
        return np.asarray(touched.T)

    def chosen(self, worlds: Indices, texts: Indices) -> NDArray[np.int64]:
        return chosen_issues(self.space, self.negotiable, self.terms)[texts]

    def texts(self, worlds: Indices, texts: Indices) -> Texts:
        return self._around[0][:, texts, worlds].T

    def codes(self, worlds: Indices, texts: Indices) -> NDArray[np.int64]:
        return self._codes[texts, worlds]


CandidateSet: TypeAlias = SharedCandidateSet | ListedCandidateSet | OwnCandidateSet
