"""From month to month: what the talks remember of the answers, and what the drafters see of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from sim.engine.drawn_parameters import DrawnParameters
from sim.engine.outcome_space import OutcomeSpace, Texts
from sim.engine.responses import Responses, hear
from sim.engine.rule_matrix import Bools, CompiledRules, RuleMatrix
from sim.engine.verdict_rules import Verdict
from sim.negotiation.context import Context, in_worlds
from sim.negotiation.drafting.amendments import ENDS, KINDS, Decision, DraftSearch, MoveKind, new_dockets
from sim.negotiation.drafting.expected_answers import Author, ExpectedAnswers
from sim.negotiation.drafting.gaps import Gaps, as_believed, crossed_lines, standing
from sim.negotiation.memory import NO_OPTION, Memory, RedLines, along
from sim.negotiation.protocols.base import Protocol, sponsors_of
from sim.negotiation.record.history import Lessons, MonthMoves

NOBODY = -1
"""No actor has tabled the text as its own offer."""


@dataclass(frozen=True)
class AnsweredMonth:
    """A month after the decision, in the worlds that were open when it began.

    Parameters
    ----------
    month : int
    rows : (open world,) int
    still : (open world,) bool, which of them are open still
    matrix : of the texts on the table, paired with the worlds
    responses : what was answered
    drawn_parameters : everybody's numbers
    context : of the month
    rules : actor played by a person to (open world, 1) uint8, the verdict of its rules
    """

    month: int
    rows: NDArray[np.intp]
    still: Bools
    matrix: RuleMatrix
    responses: Responses
    drawn_parameters: DrawnParameters
    context: Context
    rules: Mapping[str, NDArray[np.uint8]]


class TalksState:
    """What the talks remember, in all worlds.

    Parameters
    ----------
    protocol : how texts are drafted
    space, reader : of the case
    opening : (world, issue) uint8, the first text

    Attributes
    ----------
    author : (world,) int, whose own offer is on the table, a place among the actors, or `NOBODY`
    """

    def __init__(self, protocol: Protocol, space: OutcomeSpace, compiled_rules: CompiledRules, opening: Texts) -> None:
        self.protocol, self.lines = protocol, RedLines(space.case)
        self._compiled_rules, self._opening = compiled_rules, opening.copy()
        self._dockets = new_dockets(protocol.scenario, space, compiled_rules, protocol.negotiable, protocol.terms)
        self._memory = Memory.begin(self.lines, space.sizes, len(opening))
        self._paths = {"": self._memory.paths}
        self._offers: dict[str, Texts] = {}
        self.author = np.full(len(opening), NOBODY)
        if protocol.offers_of(1) and protocol.scenario.sponsor in protocol.takes_turns:
            self._claim(np.arange(len(opening)), protocol.scenario.sponsor, opening)

    def begin_paths_again(self) -> None:
        """An event has happened: what was tried before may be tried again."""
        for paths in self._paths.values():
            paths[:] = False

    def learn(
        self, rows: NDArray[np.intp], matrix: RuleMatrix, responses: Responses, drawn_parameters: DrawnParameters
    ) -> Lessons:
        """Remember what the answers of a month tell everybody about red lines.

        Parameters
        ----------
        rows : (open world,) int
        reading, hearing, bench : of these worlds and the texts on their tables
        drafted_by : whose expectations are met or not
        """
        memory, crossed = self._memory.only(rows), crossed_lines(matrix, self.lines)
        drawn_parameters = self.lines.believed(drawn_parameters, memory.closed, frozenset())
        believed = as_believed(responses.answers, crossed, self.lines, drawn_parameters)
        defended = crossed.copy()
        for name, some in self.lines.of.items():
            defended[:, some] &= responses.answers[name].verdict == Verdict.RED_LINE
        expected = {name: (one.surplus >= 0) & ~one.never for name, one in believed.items()}
        after = memory.learnt(self.lines, defended, expected)
        self._memory.put(rows, after)
        return Lessons(after.known & ~memory.known, after.closed & ~memory.closed)

    def drafting(self, heard: AnsweredMonth, drafted_by: tuple[str, ...]) -> DraftSearch:
        """What the drafters look at, in the worlds that are still open."""
        rows, still = heard.rows[heard.still], np.flatnonzero(heard.still)
        follows = self.protocol.offers_of(heard.month)
        if heard.month == 1:
            self._stand_by_opening(heard)
        memory = self._memory_of(follows, rows)
        drawn_parameters = self.lines.believed(
            heard.drawn_parameters.only(still), memory.closed, self._insiders(drafted_by)
        )
        context = in_worlds(heard.context, still)
        current = self._base(heard, self._memory.only(heard.rows).closed, drafted_by).only(still)
        own, made = self._own_offer(follows, rows, current.texts)
        base = current if not follows else self._expected(own, drawn_parameters, context, heard.month, author=follows)
        return DraftSearch(
            scenario=self.protocol.scenario,
            lines=self.lines,
            candidate_sets=self._dockets,
            drawn_parameters=drawn_parameters,
            context=context,
            month=heard.month,
            months=self.protocol.months,
            predictions=ExpectedAnswers(
                base=current,
                sent={name: heard.responses.answers[name].promised for name in heard.rules},
                step=self.protocol.settings.step,
            ),
            memory=memory,
            current=current.texts,
            own_offer=own,
            opening=self._opening[rows],
            first_offer=~made[:, None],
            base=base,
            drafted_by=drafted_by,
            expected=partial(self._expected, drawn_parameters=drawn_parameters, context=context, month=heard.month),
        )

    def remember(
        self,
        rows: NDArray[np.intp],
        drafting: DraftSearch,
        decision: Decision,
        compiled_rules: CompiledRules,
        seated: bool,
    ) -> MonthMoves | None:
        """Keep what follows from the moves after a month, and return what the record says of them.

        Parameters
        ----------
        rows : (open world,) int
        seated : whether a person moved: passing does not count as waiting
        """
        kind, draft, base = decision.kind, decision.draft, drafting.base
        drafted = np.isin(kind, [KINDS.index(one) for one in (MoveKind.IMPROVE, MoveKind.OFFER)])
        retreats = kind == KINDS.index(MoveKind.RETREAT)
        memory = drafting.memory
        paths = along(memory.paths, base.texts, draft.texts, draft.chosen & drafted[:, None])
        after = replace(
            memory,
            paths=paths & ~retreats[:, None, None],
            waited=self._waited(memory.waited, drafted | retreats, decision.idle, seated),
        )
        follows = self.protocol.offers_of(drafting.month)
        if seated or retreats.any():
            crossed = self._crossed(draft.texts)
            gives_way = retreats[:, None] & drafting.leavable & ~crossed
            by_person = seated & drafted
            yielded = (memory.yielded | gives_way) & ~(by_person[:, None] & crossed)
            after = replace(after, yielded=yielded, paths=after.paths & ~by_person[:, None, None])
        self._memory.put(rows, replace(after, paths=self._memory.only(rows).paths))
        self._paths[follows][rows] = after.paths
        if follows:
            new = drafted | (kind == KINDS.index(MoveKind.REPEAT)) & ~drafting.first_offer[:, 0]
            self._claim(rows[new], follows, draft.texts[new])
        open_ = kind != ENDS
        names = list(base.gap)
        compared = ~drafting.first_offer if follows else np.ones_like(drafting.first_offer)
        return MonthMoves(
            kind=kind[open_],
            chosen=(draft.chosen & compared)[open_],
            gap=np.stack([np.hstack([base.gap[name] for name in names]), draft.gap])[:, open_],
            surplus=np.stack([np.hstack([base.surplus[name] for name in names]), draft.surplus])[:, open_],
            blocked=np.hstack([base.blocks[name] & (name != follows) & compared for name in names])[open_],
            blocks=draft.blocks[open_],
            stuck={rule: missing[open_, 0] for rule, missing in base.stuck.items()},
            known=memory.known[open_],
            crossed=base.crossed[open_],
        )

    def _waited(self, waited: NDArray[np.int64], moved: Bools, idle: Bools, seated: bool) -> NDArray[np.int64]:
        """(world,) int, the months in vain; a person who passes adds none."""
        if seated:
            return np.where(moved, 0, waited)
        return np.where(moved | ~idle, 0, waited + 1)

    # -- parts -----------------------------------------------------------------------------------------------------

    def _stand_by_opening(self, heard: AnsweredMonth) -> None:
        """Where the opening text is less than its sponsor holds out for, the sponsor's next offer is its first."""
        sponsor = self.protocol.scenario.sponsor
        if sponsor in self._offers:
            answer = heard.responses.answers[sponsor]
            meets = np.broadcast_to(answer.surplus >= answer.aspiration, (len(heard.rows), 1))[:, 0]
            self._offers[sponsor][heard.rows[~meets]] = NO_OPTION

    def _insiders(self, drafted_by: tuple[str, ...]) -> frozenset[str]:
        return frozenset(
            drafted_by if self.protocol.takes_turns else (*drafted_by, *sponsors_of(self.protocol.scenario))
        )

    def _memory_of(self, follows: str, rows: NDArray[np.intp]) -> Memory:
        paths = self._paths.setdefault(follows, np.zeros_like(self._memory.paths))
        return replace(self._memory.only(rows), paths=paths[rows])

    def _base(self, heard: AnsweredMonth, closed: Bools, drafted_by: tuple[str, ...]) -> Gaps:
        """How everybody stands on the texts on the table."""
        drawn_parameters = self.lines.believed(heard.drawn_parameters, closed, self._insiders(drafted_by))
        crossed = crossed_lines(heard.matrix, self.lines)
        believed = as_believed(heard.responses.answers, crossed, self.lines, drawn_parameters)
        step = self.protocol.settings.step
        return standing(heard.matrix.texts, heard.responses, believed, crossed, heard.rules, step)

    def _expected(
        self, texts: Texts, drawn_parameters: DrawnParameters, context: Context, month: int, author: str = ""
    ) -> Gaps:
        """How everybody is expected to stand on one text per world; its author, if it has one, accepts it."""
        matrix = self._read(texts)
        respondents = [
            Author(parameters) if parameters.name == author else parameters
            for parameters in drawn_parameters.actor_parameters
        ]
        responses = hear(
            drawn_parameters.case,
            respondents,
            matrix,
            drawn_parameters.situation(matrix, context, month, self.protocol.months),
        )
        crossed = crossed_lines(matrix, self.lines)
        return standing(texts, responses, responses.answers, crossed, {}, self.protocol.settings.step)

    def _read(self, texts: Texts) -> RuleMatrix:
        _, first, each = np.unique(texts, axis=0, return_index=True, return_inverse=True)
        return self._compiled_rules.read(texts[first]).each(each.reshape(-1))

    def _crossed(self, texts: Texts) -> Bools:
        return crossed_lines(self._read(texts), self.lines)

    def _own_offer(self, follows: str, rows: NDArray[np.intp], current: Texts) -> tuple[Texts, Bools]:
        """The last offer of a party, or the text on the table, (world, issue) uint8; and where it has made one."""
        if follows not in self._offers:
            return current, np.zeros(len(rows), dtype=bool)
        offers = self._offers[follows][rows]
        made = np.asarray(offers[:, 0] != NO_OPTION)
        return np.where(made[:, None], offers, current), made

    def _claim(self, rows: NDArray[np.intp], proposer: str, texts: Texts) -> None:
        """Remember whose offer the text on the table is."""
        offers = self._offers.setdefault(proposer, np.full_like(self._opening, NO_OPTION))
        offers[rows] = texts
        self.author[rows] = list(self.lines.of).index(proposer)
