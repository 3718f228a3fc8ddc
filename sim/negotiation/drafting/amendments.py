"""How the next text is found in each world: everybody's expected answers to all that may be tabled, block by block."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from sim.case.models import Scenario
from sim.engine.drawn_parameters import DrawnParameters
from sim.engine.outcome_space import OutcomeSpace, Texts
from sim.engine.responses import pledges
from sim.engine.rule_matrix import Bools, CompiledRules, Floats
from sim.negotiation.context import Context, in_worlds
from sim.negotiation.drafting.admissibility import Candidates, leavable_lines
from sim.negotiation.drafting.candidate_sets import CandidateSets, Docket
from sim.negotiation.drafting.expected_answers import ExpectedAnswers
from sim.negotiation.drafting.gaps import Gaps
from sim.negotiation.drafting.ranking import NO_TEXT, Keys, choose
from sim.negotiation.memory import Memory, RedLines

BLOCK = 2**17
"""Pairs of world and text evaluated per block, sized to fit the processor's cache."""


class MoveKind(StrEnum):
    """What the drafters did after a month."""

    IMPROVE = "improve"
    STAND = "stand"
    RETREAT = "retreat"
    OFFER = "offer"
    REPEAT = "repeat"


KINDS = tuple(MoveKind)
ENDS = -1
"""In place of a kind: the talks end here."""


@cache
def _linear_algebra() -> ThreadpoolController:
    return ThreadpoolController()


def one_thread() -> AbstractContextManager[Any]:
    """One thread of linear algebra: several wait for each other, busily, over matrices as small as these."""
    limit: AbstractContextManager[Any] = _linear_algebra().limit(limits=1, user_api="blas")
    return limit


@dataclass(frozen=True)
class BestDraft:
    """The best draft of each world, where there is one.

    Parameters
    ----------
    found : (world,) bool
    texts : (world, issue) uint8
    chosen : (world, issue) bool, the issues that the draft chose to change; the rest are repairs
    keys : each (world,), by which drafts are ranked
    gap, surplus : (world, actor) float, points, as the drafters expect them
    blocks : (world, actor) bool
    """

    found: Bools
    texts: Texts
    chosen: Bools
    keys: tuple[NDArray[Any], ...]
    gap: Floats
    surplus: Floats
    blocks: Bools

    @classmethod
    def none(cls, texts: Texts, actors: int) -> BestDraft:
        """Nothing found, in as many worlds as there are texts."""
        numbers = np.zeros((len(texts), actors))
        nothing = np.zeros(len(texts), dtype=bool)
        chosen = np.zeros(texts.shape, dtype=bool)
        return cls(nothing, texts.copy(), chosen, (), numbers, numbers.copy(), numbers.astype(bool))

    def put(self, where: Any, other: BestDraft) -> BestDraft:
        """Return the same with the drafts of `other` where it has the better ones, in the worlds `where`."""
        if not other.keys:
            return self
        mine = [key[where] for key in self.keys]
        better = other.found & (~self.found[where] | _less(other.keys, mine))
        rows = np.arange(len(self.found))[where][better]
        keys = self.keys or tuple(np.zeros(len(self.found), dtype=key.dtype) for key in other.keys)
        for name in ("found", "texts", "chosen", "gap", "surplus", "blocks"):
            getattr(self, name)[rows] = getattr(other, name)[better]
        for key, theirs in zip(keys, other.keys, strict=True):
            key[rows] = theirs[better]
        return replace(self, keys=keys)


def _less(these: Sequence[NDArray[Any]], those: Sequence[NDArray[Any]]) -> Bools:
    """Whether the first of two rows of keys comes first, the keys in their order; False where there are none."""
    less = np.zeros(len(these[0]), dtype=bool) if these else np.zeros(0, dtype=bool)
    equal = ~less
    for one, other in zip(these, those, strict=False):
        less |= equal & (one < other)
        equal &= one == other
    return less


@dataclass(frozen=True)
class Decision:
    """What the drafters do in each world.

    Parameters
    ----------
    kind : (world,) int, a place in `KINDS`, or `ENDS`
    draft : the drafts; where the text stands or is repeated, that text
    idle : (world,) bool, where a month without a draft counts as waiting in vain
    """

    kind: NDArray[np.int64]
    draft: BestDraft
    idle: Bools

    @classmethod
    def of(
        cls,
        drafts: Mapping[MoveKind, BestDraft],
        stands: Mapping[MoveKind, Bools],
        standing_text: Texts | None = None,
        idle: Bools | None = None,
    ) -> Decision:
        """Put together what was drafted and where the text stands; elsewhere the talks end.

        Parameters
        ----------
        drafts : kind of move to the drafts of it; in each world at most one kind has found one
        stands : kind of move to (world,) bool, where nothing is drafted and the talks continue
        standing_text : (world, issue) uint8, what is then on the table; left out, the text that is there
        idle : (world,) bool, where that counts as waiting in vain; left out, everywhere
        """
        (first, *_) = drafts.values()
        kind = np.full(len(first.found), ENDS)
        merged = first
        for name, one in drafts.items():
            kind[one.found] = KINDS.index(name)
            merged = merged if one is first else _merged(merged, one)
        for name, where in stands.items():
            kind[where] = KINDS.index(name)
            if standing_text is not None:
                merged.texts[where] = standing_text[where]
        return cls(kind, merged, np.ones(len(kind), dtype=bool) if idle is None else idle)


def _merged(one: BestDraft, other: BestDraft) -> BestDraft:
    """The drafts of one, and those of the other where it has found some."""
    for name in ("found", "texts", "chosen", "gap", "surplus", "blocks"):
        getattr(one, name)[other.found] = getattr(other, name)[other.found]
    return one


@dataclass(frozen=True)
class DraftSearch:
    """All that the drafters look at after a month, in the worlds that are still open.

    Parameters
    ----------
    scenario, lines : what is known
    candidate_sets : the texts around some texts, a finder for each kind of origin
    bench, context, month, months : everybody's numbers as the drafters believe them to be, and the time
    predictions : what people are expected to answer
    memory : what the talks remember
    current : (world, issue) uint8, the texts on the table
    own_offer : (world, issue) uint8, the drafter's own last offer; where there is none, the text on the table
    opening : (world, issue) uint8, the first text
    first_offer : (world, 1) bool, whether the drafter has made no offer yet
    base : how everybody stands on the texts with which drafts are compared
    drafted_by : who drafts
    expected : from (world, issue) uint8, one text per world, to how everybody is expected to stand on them
    """

    scenario: Scenario
    lines: RedLines
    candidate_sets: Sequence[CandidateSets]
    drawn_parameters: DrawnParameters
    context: Context
    month: int
    months: int
    predictions: ExpectedAnswers
    memory: Memory
    current: Texts
    own_offer: Texts
    opening: Texts
    first_offer: Bools
    base: Gaps
    drafted_by: tuple[str, ...]
    expected: Callable[[Texts], Gaps]

    @property
    def _actors(self) -> int:
        return len(self.scenario.case.actors)

    def nothing(self) -> Decision:
        """Draft nothing: the talks end everywhere."""
        none = BestDraft.none(self.current, self._actors)
        return Decision(np.full(len(self.current), ENDS), none, ~none.found)

    def by_a_person(self, texts: Texts, chosen: Sequence[str]) -> Decision:
        """Table the texts of a person, (world, issue) uint8, who chose to change some issues."""
        draft = BestDraft.none(texts, self._actors)
        issues = np.isin(list(self.scenario.case.issues), list(chosen))
        draft.chosen[:] = issues & (texts != self.base.texts)
        draft.found[:] = True
        expected = self.expected(texts)
        for at, name in enumerate(self.scenario.case.actors):
            draft.blocks[:, at] = expected.blocks[name][:, 0]
            draft.gap[:, at] = np.where(draft.blocks[:, at], expected.gap[name][:, 0], 0.0)
            draft.surplus[:, at] = expected.surplus[name][:, 0]
        return Decision(np.full(len(texts), KINDS.index(MoveKind.OFFER)), draft, ~draft.found)

    def left_as_it_is(self, takes_turns: bool) -> Decision:
        """A person passes: the text stands, or its last offer is repeated."""
        texts = self.own_offer if takes_turns else self.current
        kind = MoveKind.REPEAT if takes_turns else MoveKind.STAND
        none = BestDraft.none(texts, self._actors)
        return Decision(np.full(len(texts), KINDS.index(kind)), none, none.found)

    @property
    def leavable(self) -> Bools:
        """(world, line) bool, known lines that the text crosses, of somebody who refuses it and blocks."""
        return leavable_lines(self.lines, self.base, self.memory)

    def only_held_out(self) -> Bools:
        """(world,) bool, whether all who block merely hold out for more: what they hold out for falls with time."""
        waits = np.ones((len(self.current), 1), dtype=bool)
        for name, blocks in self.base.blocks.items():
            waits &= ~blocks | self.base.holds_out[name]
        for stuck in self.base.stuck.values():
            waits &= ~stuck
        return waits[:, 0]

    def blocked_by_closed_line(self) -> Bools:
        """(world,) bool, whether the text crosses a line, known not to be for sale, of somebody who blocks it."""
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
        """Find the best admissible draft, a few terms away from any of some texts.

        Parameters
        ----------
        origins : each (world, issue) uint8, texts that are amended
        where : (world,) bool, in which worlds to look
        admissible : which candidates may be tabled, (world, text) bool
        keys : by which they are ranked, after the number of blockers
        """
        best = BestDraft.none(self.current, self._actors)
        rows = np.flatnonzero(where)
        if not len(rows):
            return best
        with one_thread() if len(rows) > 1 else nullcontext():
            for origin, candidate_sets in zip(origins, self.candidate_sets, strict=False):
                for some, candidate_set in candidate_sets.find(origin[rows]):
                    best = best.put(rows[some], self._best(candidate_set, rows[some], admissible, keys))
        return best

    def _best(
        self,
        candidate_set: Docket,
        rows: NDArray[np.intp],
        admissible: Callable[[Candidates], Bools],
        keys: Callable[[Candidates], Keys],
    ) -> BestDraft:
        """Find the best draft of a docket for each of some worlds, block by block of worlds."""
        best = BestDraft.none(self.current[rows], self._actors)
        size = max(1, BLOCK // max(1, candidate_set.width))
        for start in range(0, len(rows) if candidate_set.width else 0, size):
            block = slice(start, start + size)
            drafts = self._judged(candidate_set.only(block), rows[block])
            chosen, ranked = choose(drafts, admissible(drafts), keys(drafts))
            best = best.put(block, self._found(drafts, chosen, ranked))
        return best

    def _judged(self, candidate_set: Docket, rows: NDArray[np.intp]) -> Candidates:
        everywhere = len(rows) == len(self.current)
        drawn_parameters = self.drawn_parameters if everywhere else self.drawn_parameters.only(rows)
        context = self.context if everywhere else in_worlds(self.context, rows)
        base = self.base.only(rows)
        predicted = self.predictions.only(rows)
        return Candidates(
            case=self.scenario.case,
            lines=self.lines,
            candidate_set=candidate_set,
            responses=candidate_set.collect_responses(
                drawn_parameters, context, self.month, self.months, predicted.expected
            ),
            base=base,
            memory=self.memory.only(rows),
            means=pledges(drawn_parameters.actor_parameters),
            there=_other_than(candidate_set, base.texts),
            first_offer=self.first_offer[rows],
            drafted_by=self.drafted_by,
            step=self.scenario.protocol.step,
        )

    def _found(self, drafts: Candidates, chosen: NDArray[np.intp], ranked: Sequence[NDArray[Any]]) -> BestDraft:
        """Write out the chosen candidates."""
        found = BestDraft.none(drafts.base.texts, self._actors)
        worlds = np.flatnonzero(chosen != NO_TEXT)
        texts = chosen[worlds]
        found.found[worlds] = True
        found.texts[worlds] = drafts.candidate_set.texts(worlds, texts)
        bits = drafts.candidate_set.chosen(worlds, texts)[:, None] >> np.arange(found.texts.shape[1])
        changed = found.texts[worlds] != drafts.base.texts[worlds]
        from_base = (drafts.candidate_set.current[worlds] == drafts.base.texts[worlds]).all(axis=1, keepdims=True)
        found.chosen[worlds] = changed & ((bits & 1).astype(bool) | ~from_base)
        for at, (name, answer) in enumerate(drafts.answers.items()):
            found.gap[worlds, at] = drafts.gap(name, worlds, texts)
            found.surplus[worlds, at] = answer.pick(answer.surplus, worlds, texts)
            found.blocks[worlds, at] = np.broadcast_to(drafts.blocks(name), drafts.there.shape)[worlds, texts]
        return replace(found, keys=tuple(ranked))


def _other_than(candidate_set: Docket, texts: Texts) -> Bools:
    """(world, text) bool, which texts of a docket may be tabled where one is compared with some texts."""
    if np.array_equal(candidate_set.current, texts):
        return candidate_set.there
    return candidate_set.there & candidate_set.differs(texts)


def new_dockets(
    scenario: Scenario, space: OutcomeSpace, compiled_rules: CompiledRules, negotiable: Sequence[str], terms: int
) -> list[CandidateSets]:
    """A finder of texts for each of the two kinds of origin from which a protocol may look."""
    return [CandidateSets(space, compiled_rules, negotiable, terms) for _ in range(2)]
