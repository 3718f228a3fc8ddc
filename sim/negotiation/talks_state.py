"""The state of the talks from month to month: what is remembered, and what the drafters know when they draft."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from sim.engine.drawn_parameters import DrawnParameters
from sim.engine.outcome_space import OutcomeSpace, Texts
from sim.engine.responses import Responses, collect_responses
from sim.engine.rule_matrix import Bools, CompiledRules, RuleMatrix
from sim.engine.verdict_rules import Verdict, accepted
from sim.negotiation.context import Context, in_worlds
from sim.negotiation.drafting.amendments import DraftSearch
from sim.negotiation.drafting.candidate_finder import CandidateFinder
from sim.negotiation.drafting.decision import ENDS, KINDS, Decision, MoveKind
from sim.negotiation.drafting.expected_answers import Author, ExpectedAnswers
from sim.negotiation.drafting.gaps import Gaps, believed_answers, crossed_lines, measure_gaps
from sim.negotiation.memory import NO_OPTION, Memory, RedLines, extended_paths
from sim.negotiation.protocols.base import Protocol, sponsors_of
from sim.negotiation.record.history import Lessons, Month, MonthMoves

NOBODY = -1
"""The text on the table is not any actor's own offer; used in place of the index of an actor."""


@dataclass(frozen=True)
class AnsweredMonth:
    """A month after its decision, in the worlds that were open when it began.

    Parameters
    ----------
    recorded : its texts and answers
    still : (open world,) bool, which of the worlds are still open
    drawn_parameters : everybody's numbers in the open worlds
    context : of the month, in the open worlds
    rules : actor played by a person to (open world, 1) uint8, the verdict of its rules
    """

    recorded: Month
    still: Bools
    drawn_parameters: DrawnParameters
    context: Context
    rules: Mapping[str, NDArray[np.uint8]]

    @property
    def responses(self) -> Responses:
        """What everybody answered."""
        return self.recorded.evaluation.responses


@dataclass(frozen=True)
class Remembered:
    """A copy of what the talks remember: the attributes of `TalksState` of the same names."""

    author: NDArray[np.intp]
    memory: Memory
    paths: Mapping[str, Bools]
    offers: Mapping[str, Texts]


class TalksState:
    """What the talks remember, in all worlds.

    Parameters
    ----------
    protocol : how texts are drafted
    space, compiled_rules : of the case
    opening : (world, issue) uint8, the first text

    Attributes
    ----------
    author : (world,) int, the index of the actor whose own offer is on the table, or `NOBODY`
    """

    def __init__(self, protocol: Protocol, space: OutcomeSpace, compiled_rules: CompiledRules, opening: Texts) -> None:
        self.protocol, self.lines = protocol, RedLines(space.case)
        self._space, self._compiled_rules, self._opening = space, compiled_rules, opening.copy()
        self._finders = [
            CandidateFinder(space, compiled_rules, protocol.negotiable, protocol.terms)
            for _ in range(2)  # a protocol amends texts of up to two kinds
        ]
        self._memory = Memory.begin(self.lines, space.sizes, len(opening))
        self._paths = {"": self._memory.paths}
        self._offers: dict[str, Texts] = {}
        self.author = np.full(len(opening), NOBODY)
        if protocol.offers_of(1) and protocol.scenario.sponsor in protocol.takes_turns:
            self._claim(np.arange(len(opening)), protocol.scenario.sponsor, opening)

    def remembered(self) -> Remembered:
        """Return a copy of what the talks remember."""
        return deepcopy(Remembered(self.author, self._memory, self._paths, self._offers))

    def recall(self, protocol: Protocol, remembered: Remembered) -> None:
        """Continue from what these talks, or others over the same case, remembered."""
        own = deepcopy(remembered)
        self.protocol = protocol
        self.author, self._memory = own.author, own.memory
        self._paths, self._offers = dict(own.paths), dict(own.offers)

    def read(self, texts: Texts) -> RuleMatrix:
        """Return what the rules say of one text per world, (world, issue) uint8; equal texts are read once."""
        _, first, each = np.unique(self._space.codes(texts), return_index=True, return_inverse=True)
        return self._compiled_rules.read(texts[first]).each(each)

    def restart_paths(self) -> None:
        """Forget the paths of all issues, because an event has happened."""
        for paths in self._paths.values():
            paths[:] = False

    def learn(
        self, rows: NDArray[np.intp], matrix: RuleMatrix, responses: Responses, drawn_parameters: DrawnParameters
    ) -> Lessons:
        """Remember what the answers of a month tell everybody about red lines.

        Parameters
        ----------
        rows : (open world,) int
        matrix, responses, drawn_parameters : the texts on the table, the answers, and everybody's numbers, in these
            worlds
        """
        memory, crossed = self._memory.only(rows), crossed_lines(matrix, self.lines)
        drawn_parameters = self.lines.believed(drawn_parameters, memory.closed, frozenset())
        believed = believed_answers(responses.answers, crossed, self.lines, drawn_parameters)
        defended = crossed.copy()
        for name, own in self.lines.of.items():
            defended[:, own] &= responses.answers[name].verdict == Verdict.RED_LINE
        expected = {name: accepted(answer.surplus, answer.never) for name, answer in believed.items()}
        after = memory.after_answers(self.lines, defended, expected)
        self._memory.put(rows, after)
        return Lessons(after.known & ~memory.known, after.closed & ~memory.closed)

    def draft_search(self, answered: AnsweredMonth, drafted_by: tuple[str, ...]) -> DraftSearch:
        """Return what the drafters consider, in the worlds that are still open."""
        month, still = answered.recorded.month, np.flatnonzero(answered.still)
        rows = answered.recorded.rows[still]
        party = self.protocol.offers_of(month)
        if month == 1:
            self._check_opening_offer(answered)
        memory = self._memory_of(party, rows)
        drawn_parameters = self.lines.believed(
            answered.drawn_parameters.only(still), memory.closed, self._insiders(drafted_by)
        )
        context = in_worlds(answered.context, still)
        gaps = self._current_gaps(answered, drafted_by).only(still)
        own_offer, has_offered = self._own_offer(party, rows, gaps.texts)
        expected_gaps = partial(self._expected_gaps, drawn_parameters=drawn_parameters, context=context, month=month)
        return DraftSearch(
            scenario=self.protocol.scenario,
            lines=self.lines,
            finders=self._finders,
            drawn_parameters=drawn_parameters,
            context=context,
            month=month,
            months=self.protocol.months,
            expected_answers=ExpectedAnswers(
                base=gaps,
                sent={name: answered.responses.answers[name].promised for name in answered.rules},
                step=self.protocol.settings.step,
            ),
            memory=memory,
            current=gaps.texts,
            own_offer=own_offer,
            opening=self._opening[rows],
            first_offer=~has_offered[:, None],
            base=expected_gaps(own_offer, author=party) if party else gaps,
            drafted_by=drafted_by,
            expected_gaps=expected_gaps,
        )

    def remember(self, rows: NDArray[np.intp], drafting: DraftSearch, decision: Decision, person: bool) -> MonthMoves:
        """Remember what follows from the moves after a month, and return what the record keeps of them.

        Parameters
        ----------
        rows : (open world,) int
        person : whether a person moved: passing does not count as waiting
        """
        kind, draft, base, memory = decision.kind, decision.draft, drafting.base, drafting.memory
        drafted = np.isin(kind, [KINDS.index(MoveKind.IMPROVE), KINDS.index(MoveKind.OFFER)])
        retreats = kind == KINDS.index(MoveKind.RETREAT)
        paths = extended_paths(memory.paths, base.texts, draft.texts, draft.chosen & drafted[:, None])
        after = replace(
            memory,
            paths=paths & ~retreats[:, None, None],
            waited=_waited(memory.waited, drafted | retreats, decision.idle, person),
        )
        party = self.protocol.offers_of(drafting.month)
        if person or retreats.any():
            crossed = crossed_lines(self.read(draft.texts), self.lines)
            gives_way = retreats[:, None] & drafting.leavable & ~crossed
            by_person = person & drafted
            yielded = (memory.yielded | gives_way) & ~(by_person[:, None] & crossed)
            after = replace(after, yielded=yielded, paths=after.paths & ~by_person[:, None, None])
        self._memory.put(rows, replace(after, paths=self._memory.only(rows).paths))
        self._paths[party][rows] = after.paths
        if party:
            offered = drafted | (kind == KINDS.index(MoveKind.REPEAT)) & ~drafting.first_offer[:, 0]
            self._claim(rows[offered], party, draft.texts[offered])
        continues = kind != ENDS
        names = list(base.gap)
        compared = ~drafting.first_offer if party else np.ones_like(drafting.first_offer)
        return MonthMoves(
            kind=kind[continues],
            chosen=(draft.chosen & compared)[continues],
            gap=np.stack([np.hstack([base.gap[name] for name in names]), draft.gap])[:, continues],
            surplus=np.stack([np.hstack([base.surplus[name] for name in names]), draft.surplus])[:, continues],
            blocked=np.hstack([base.blocks[name] & (name != party) & compared for name in names])[continues],
            blocks=draft.blocks[continues],
            stuck={rule: stuck[continues, 0] for rule, stuck in base.stuck.items()},
            known=memory.known[continues],
            crossed=base.crossed[continues],
        )

    # -- parts -----------------------------------------------------------------------------------------------------

    def _check_opening_offer(self, answered: AnsweredMonth) -> None:
        """Where the opening text is below its sponsor's aspiration, it does not count as the sponsor's first offer."""
        sponsor = self.protocol.scenario.sponsor
        if sponsor in self._offers:
            answer, rows = answered.responses.answers[sponsor], answered.recorded.rows
            meets = np.broadcast_to(answer.surplus >= answer.aspiration, (len(rows), 1))[:, 0]
            self._offers[sponsor][rows[~meets]] = NO_OPTION

    def _insiders(self, drafted_by: tuple[str, ...]) -> frozenset[str]:
        return frozenset(
            drafted_by if self.protocol.takes_turns else (*drafted_by, *sponsors_of(self.protocol.scenario))
        )

    def _memory_of(self, party: str, rows: NDArray[np.intp]) -> Memory:
        """The memory of some worlds, with the paths of a party's own offers if it is not empty."""
        paths = self._paths.setdefault(party, np.zeros_like(self._memory.paths))
        return replace(self._memory.only(rows), paths=paths[rows])

    def _current_gaps(self, answered: AnsweredMonth, drafted_by: tuple[str, ...]) -> Gaps:
        """The gaps on the texts on the table."""
        matrix, closed = answered.recorded.evaluation.matrix, self._memory.only(answered.recorded.rows).closed
        drawn_parameters = self.lines.believed(answered.drawn_parameters, closed, self._insiders(drafted_by))
        crossed = crossed_lines(matrix, self.lines)
        believed = believed_answers(answered.responses.answers, crossed, self.lines, drawn_parameters)
        step = self.protocol.settings.step
        return measure_gaps(matrix.texts, answered.responses, believed, crossed, answered.rules, step)

    def _expected_gaps(
        self, texts: Texts, drawn_parameters: DrawnParameters, context: Context, month: int, author: str = ""
    ) -> Gaps:
        """The gaps that are expected on one text per world; its author, if it has one, accepts it."""
        matrix = self.read(texts)
        respondents = [
            Author(parameters) if parameters.name == author else parameters
            for parameters in drawn_parameters.actor_parameters
        ]
        situation = drawn_parameters.situation(matrix, context, month, self.protocol.months)
        responses = collect_responses(drawn_parameters.case, respondents, matrix, situation)
        crossed = crossed_lines(matrix, self.lines)
        return measure_gaps(texts, responses, responses.answers, crossed, {}, self.protocol.settings.step)

    def _own_offer(self, party: str, rows: NDArray[np.intp], current: Texts) -> tuple[Texts, Bools]:
        """A party's last offer, or the text on the table, (world, issue) uint8; and (world,) bool, where it has one."""
        if party not in self._offers:
            return current, np.zeros(len(rows), dtype=bool)
        offers = self._offers[party][rows]
        has_offered = np.asarray(offers[:, 0] != NO_OPTION)
        return np.where(has_offered[:, None], offers, current), has_offered

    def _claim(self, rows: NDArray[np.intp], proposer: str, texts: Texts) -> None:
        """Remember that the text on the table is this actor's offer."""
        offers = self._offers.setdefault(proposer, np.full_like(self._opening, NO_OPTION))
        offers[rows] = texts
        self.author[rows] = list(self.lines.of).index(proposer)


def _waited(waited: NDArray[np.int64], moved: Bools, idle: Bools, person: bool) -> NDArray[np.int64]:
    """(world,) int, the months of waiting in vain; a person who passes adds none."""
    if person:
        return np.where(moved, 0, waited)
    return np.where(moved | ~idle, 0, waited + 1)
