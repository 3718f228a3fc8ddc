"""How the best amendment is found in each world: everybody's expected answers to all texts that may be tabled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from sim.case.models import Scenario
from sim.engine.drawn_parameters import DrawnParameters
from sim.engine.outcome_space import Texts
from sim.engine.responses import pledges
from sim.engine.rule_matrix import Bools
from sim.negotiation.context import Context, in_worlds
from sim.negotiation.drafting.admissibility import Candidates, leavable_lines
from sim.negotiation.drafting.candidate_finder import CandidateFinder
from sim.negotiation.drafting.candidate_sets import CandidateSet
from sim.negotiation.drafting.decision import ENDS, KINDS, BestDraft, Decision, MoveKind
from sim.negotiation.drafting.expected_answers import ExpectedAnswers
from sim.negotiation.drafting.gaps import Gaps
from sim.negotiation.drafting.ranking import NO_TEXT, Keys, choose
from sim.negotiation.memory import Memory, RedLines

BLOCK = 2**17
"""Pairs of world and text evaluated per block, sized to fit the processor's cache."""


@cache
def _linear_algebra() -> ThreadpoolController:
    return ThreadpoolController()


def one_thread() -> AbstractContextManager[Any]:
    """Limit linear algebra to one thread: on matrices this small, several threads mostly wait for each other."""
    limit: AbstractContextManager[Any] = _linear_algebra().limit(limits=1, user_api="blas")
    return limit


@dataclass(frozen=True)
class DraftSearch:
    """Everything that the drafters consider after a month, in the worlds that are still open.

    Parameters
    ----------
    finders : find the texts around some origins, one for each kind of origin
    drawn_parameters, context, month, months : everybody's numbers as the drafters believe them to be, and the time
    expected_answers : what people are expected to answer
    current : (world, issue) uint8, the texts on the table
    own_offer : (world, issue) uint8, the drafter's own last offer; where there is none, the text on the table
    opening : (world, issue) uint8, the first text
    first_offer : (world, 1) bool, whether the drafter has made no offer yet
    base : the gaps on the texts with which drafts are compared
    expected_gaps : from one text per world, (world, issue) uint8, to the gaps that are expected on it
    """

    scenario: Scenario
    lines: RedLines
    finders: Sequence[CandidateFinder]
    drawn_parameters: DrawnParameters
    context: Context
    month: int
    months: int
    expected_answers: ExpectedAnswers
    memory: Memory
    current: Texts
    own_offer: Texts
    opening: Texts
    first_offer: Bools
    base: Gaps
    drafted_by: tuple[str, ...]
    expected_gaps: Callable[[Texts], Gaps]

    def _no_draft(self, texts: Texts) -> BestDraft:
        return BestDraft.none(texts, len(self.scenario.case.actors))

    def end_the_talks(self) -> Decision:
        """Draft nothing: the talks end in every world."""
        none = self._no_draft(self.current)
        return Decision(np.full(len(self.current), ENDS), none, ~none.found)

    def person_tables(self, texts: Texts, chosen: Sequence[str]) -> Decision:
        """Table the texts of a person, (world, issue) uint8, who chose to change some issues."""
        draft = self._no_draft(texts)
        issues = np.isin(list(self.scenario.case.issues), list(chosen))
        draft.chosen[:] = issues & (texts != self.base.texts)
        draft.found[:] = True
        expected = self.expected_gaps(texts)
        for index, name in enumerate(self.scenario.case.actors):
            draft.blocks[:, index] = expected.blocks[name][:, 0]
            draft.gap[:, index] = np.where(draft.blocks[:, index], expected.gap[name][:, 0], 0.0)
            draft.surplus[:, index] = expected.surplus[name][:, 0]
        return Decision(np.full(len(texts), KINDS.index(MoveKind.OFFER)), draft, ~draft.found)

    def person_passes(self, takes_turns: bool) -> Decision:
        """Let the text stand; where parties take turns, repeat the last offer of whoever passes."""
        texts = self.own_offer if takes_turns else self.current
        kind = MoveKind.REPEAT if takes_turns else MoveKind.STAND
        none = self._no_draft(texts)
        return Decision(np.full(len(texts), KINDS.index(kind)), none, none.found)

    @property
    def leavable(self) -> Bools:
        """(world, line) bool, known lines that the text crosses, of actors who refuse it and block."""
        return leavable_lines(self.lines, self.base, self.memory)

    def only_holding_out(self) -> Bools:
        """(world,) bool, whether all blockers merely hold out for more: their aspirations fall with time."""
        waits = np.ones((len(self.current), 1), dtype=bool)
        for name, blocks in self.base.blocks.items():
            waits &= ~blocks | self.base.holds_out[name]
        for stuck in self.base.stuck.values():
            waits &= ~stuck
        return waits[:, 0]

    def blocked_by_closed_line(self) -> Bools:
        """(world,) bool, whether the text crosses a closed line of an actor who blocks it."""
        blocks = np.concatenate(
            [np.repeat(self.base.blocks[name], some.stop - some.start, axis=1) for name, some in self.lines.of.items()],
            axis=1,
        )
        return np.asarray((blocks & self.base.crossed & self.memory.closed).any(axis=1))

    def search(
        self,
        origins: Sequence[Texts],
        where: Bools,
        admissible: Callable[[Candidates], Bools],
        keys: Callable[[Candidates], Keys],
    ) -> BestDraft:
        """Find the best admissible draft within a few terms of any of some texts.

        Parameters
        ----------
        origins : each (world, issue) uint8, the texts to amend
        where : (world,) bool, the worlds in which to search
        admissible : from candidates to (world, text) bool, which of them may be tabled
        keys : from candidates to the keys by which they are ranked, after the number of blockers
        """
        best = self._no_draft(self.current)
        rows = np.flatnonzero(where)
        if not len(rows):
            return best
        with one_thread() if len(rows) > 1 else nullcontext():
            for origin, finder in zip(origins, self.finders, strict=False):
                for some, candidate_set in finder.find(origin[rows]):
                    best = best.put(rows[some], self._best_in(candidate_set, rows[some], admissible, keys))
        return best

    def _best_in(
        self,
        candidate_set: CandidateSet,
        rows: NDArray[np.intp],
        admissible: Callable[[Candidates], Bools],
        keys: Callable[[Candidates], Keys],
    ) -> BestDraft:
        """Find the best draft in a candidate set for each of some worlds, one block of worlds at a time."""
        best = self._no_draft(self.current[rows])
        size = max(1, BLOCK // max(1, candidate_set.width))
        for start in range(0, len(rows) if candidate_set.width else 0, size):
            block = slice(start, start + size)
            drafts = self._candidates(candidate_set.only(block), rows[block])
            chosen, ranked = choose(drafts, admissible(drafts), keys(drafts))
            best = best.put(block, self._as_draft(drafts, chosen, ranked))
        return best

    def _candidates(self, candidate_set: CandidateSet, rows: NDArray[np.intp]) -> Candidates:
        everywhere = len(rows) == len(self.current)
        drawn_parameters = self.drawn_parameters if everywhere else self.drawn_parameters.only(rows)
        context = self.context if everywhere else in_worlds(self.context, rows)
        base = self.base.only(rows)
        return Candidates(
            case=self.scenario.case,
            lines=self.lines,
            candidate_set=candidate_set,
            responses=candidate_set.responses(
                drawn_parameters, context, self.month, self.months, self.expected_answers.only(rows).expected
            ),
            base=base,
            memory=self.memory.only(rows),
            capacities=pledges(drawn_parameters.actor_parameters),
            available=_other_than(candidate_set, base.texts),
            first_offer=self.first_offer[rows],
            drafted_by=self.drafted_by,
            step=self.scenario.protocol.step,
        )

    def _as_draft(self, drafts: Candidates, chosen: NDArray[np.intp], ranked: Sequence[NDArray[Any]]) -> BestDraft:
        """Return the chosen candidates as drafts."""
        draft = self._no_draft(drafts.base.texts)
        worlds = np.flatnonzero(chosen != NO_TEXT)
        texts = chosen[worlds]
        draft.found[worlds] = True
        draft.texts[worlds] = drafts.candidate_set.texts(worlds, texts)
        bits = drafts.candidate_set.chosen(worlds, texts)[:, None] >> np.arange(draft.texts.shape[1])
        changed = draft.texts[worlds] != drafts.base.texts[worlds]
        from_base = (drafts.candidate_set.current[worlds] == drafts.base.texts[worlds]).all(axis=1, keepdims=True)
        draft.chosen[worlds] = changed & ((bits & 1).astype(bool) | ~from_base)
        for index, (name, answer) in enumerate(drafts.answers.items()):
            draft.gap[worlds, index] = drafts.gap(name, worlds, texts)
            draft.surplus[worlds, index] = answer.pick(answer.surplus, worlds, texts)
            draft.blocks[worlds, index] = np.broadcast_to(drafts.blocks(name), drafts.available.shape)[worlds, texts]
        return replace(draft, keys=tuple(ranked))


def _other_than(candidate_set: CandidateSet, texts: Texts) -> Bools:
    """(world, text) bool, which candidates may be tabled where drafts are compared with some texts."""
    if np.array_equal(candidate_set.current, texts):
        return candidate_set.available
    return candidate_set.available & candidate_set.differs(texts)
