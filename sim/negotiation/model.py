"""The deliberation as a Mesa model: month by month, in many worlds at once (model, section 6)."""

from __future__ import annotations

import os
from collections.abc import Collection
from typing import Any

import mesa
import numpy as np
from numpy.typing import NDArray

from sim import case_paths
from sim.case.models import Scenario
from sim.engine.drawn_parameters import DrawnParameters
from sim.engine.outcome_space import OutcomeSpace, Texts
from sim.engine.responses import Answers, follow, react, weigh
from sim.engine.rule_matrix import Bools, CompiledRules
from sim.engine.worlds import SEEDS, Central, Streams, Uniforms, Worlds
from sim.errors import UsageError
from sim.negotiation import context as drifting
from sim.negotiation import external_moves
from sim.negotiation.agents import Negotiator
from sim.negotiation.data_collection import AGENT_REPORTERS, MODEL_REPORTERS
from sim.negotiation.drafting.amendments import ENDS, DraftSearch
from sim.negotiation.evaluation import Evaluation
from sim.negotiation.moves import PHASES, Move, Phase, RecordedMove
from sim.negotiation.protocols import protocol_of
from sim.negotiation.protocols.base import sponsors_of
from sim.negotiation.record.history import Month, MonthMoves, Outcome, Run
from sim.negotiation.scenario_loader import build_scenario, load_scenario
from sim.negotiation.talks_state import AnsweredMonth, TalksState


class DeliberationModel(mesa.Model):
    """Peace talks over one proposal.

    One step is one month; a month has the phases of `sim.negotiation.external_moves.Phase`, which `advance` runs one at
    a time.

    Parameters
    ----------
    scenario : a `Scenario`, or the path or bundled name of a scenario file
    worlds : how many worlds to draw; None plays one world at central values
    rng : int from 0, the seed of the worlds; anything else that Mesa takes gives a seed of its own
    seats : actors who are moved from outside, by `give`
    uniforms : worlds that were made elsewhere, instead of `worlds` and `rng`
    last_month : when the talks expire before the months of their protocol have run out, by which everybody goes on
        holding out: somebody called time
    changes : numbers to change, by their dotted paths, as `load_scenario` takes them; Mesa's `batch_run` varies them as
        it varies any parameter: ``{"actors.russia.reservation.base": [20, 30], "protocol.patience": [0, 3]}``

    Attributes
    ----------
    running : bool, whether any world is still open
    month : int, from 1 once the first month has begun
    phase : the phase that `advance` runs next
    protocol : how texts are drafted
    talks : what is remembered from month to month
    datacollector : model and agent reporters, one row a month
    """

    def __init__(
        self,
        scenario: Scenario | str | os.PathLike[str] = "european_force",
        worlds: int | None = None,
        rng: Any = None,
        *,
        seats: Collection[str] = (),
        uniforms: Uniforms | None = None,
        last_month: int | None = None,
        **changes: object,
    ) -> None:
        is_number = isinstance(rng, (int, np.integer))
        if is_number:
            Streams(int(rng), count=1)  # refuses what is no seed, in words
        super().__init__(rng=rng)
        self.script = _with_changes(scenario, changes)
        self.seed = int(rng) if is_number else int(self.rng.integers(SEEDS, dtype=np.uint64))
        if uniforms is None:
            uniforms = Central() if worlds is None else Streams(self.seed, worlds)
        case = self.script.case
        self.worlds = Worlds(case, uniforms)
        self.seats = seats
        self.protocol = protocol_of(self.script)
        self.space, self.compiled_rules = OutcomeSpace(case), CompiledRules(case)
        self.drawn_parameters = DrawnParameters.draw(self.worlds)
        count = self.worlds.count
        self._seats_of: tuple[NDArray[np.intp], DrawnParameters] = np.arange(count), self.drawn_parameters
        self.month, self.phase = 0, Phase.TABLE
        self.last_month = last_month or self.script.protocol.months
        self.text: Texts = np.tile(self.space.encode(self.script.proposal), (count, 1))
        self.context = drifting.start(self.worlds)
        self.outcome = np.full(count, Outcome.OPEN, dtype=np.uint8)
        self.ended = np.zeros(count, dtype=np.int64)
        self.rows: NDArray[np.intp] = np.arange(count)
        self.moves: list[RecordedMove] = []
        self.months: list[Month] = []
        self._tabled_by = sponsors_of(self.script)
        self._moves: MonthMoves | None = None
        self.talks = TalksState(self.protocol, self.space, self.compiled_rules, self.text)
        self.negotiators = {
            parameters.name: Negotiator(self, parameters) for parameters in self.drawn_parameters.actor_parameters
        }
        # Mesa of 3.3 and 3.4 numbers agents in a table of its class, which keeps every model for good. No more come.
        getattr(mesa.Agent, "_ids", {}).pop(self, None)
        self._answers: Answers = {}
        self.datacollector = mesa.DataCollector(model_reporters=MODEL_REPORTERS, agent_reporters=AGENT_REPORTERS)

    # -- running -------------------------------------------------------------------------------------------------

    def step(self) -> None:
        """Play one month, or what is left of it."""
        if not self.running:
            return
        self.advance()
        while self.running and self.phase is not Phase.TABLE:
            self.advance()
        # Mesa 3.3's batch_run reads the rows of steps 0 to steps - 1, Mesa 3.5's those that were collected:
        # a month collected under the number of steps before it serves both.
        self.steps -= 1
        self.datacollector.collect(self)
        self.steps += 1

    def advance(self) -> None:
        """Run the next phase of the month.

        Raises
        ------
        UsageError
            if the talks are over, or if it waits for a move from outside (see `waiting`)
        """
        if not self.running:
            raise UsageError("the talks are over.")
        if self.waiting:
            raise UsageError(f"the {self.phase} of month {self.month} wait for {', '.join(sorted(self.waiting))}.")
        phase = self.phase
        self.phase = PHASES[(PHASES.index(phase) + 1) % len(PHASES)]
        match phase:
            case Phase.TABLE:
                self._table()
            case Phase.REACTIONS:
                self._answers = react(self.respondents, self._reading, self._situation)
            case Phase.PLEDGES:
                self._answers = follow(self.respondents, self._reading, self._situation, self._answers)
            case Phase.DECISION:
                self._decide()
            case Phase.AMENDMENT:
                self._amend()
            case Phase.CONTEXT:
                self.context = drifting.drift(self.worlds, self.context, self.month)

    @property
    def respondents(self) -> list[Negotiator]:
        """The agents, in the order of the case."""
        return list(self.negotiators.values())

    @property
    def answers(self) -> Answers:
        """Everybody's answer so far to the text on the table; empty until the first answers are given."""
        return self._answers

    @property
    def tabled_by(self) -> tuple[str, ...]:
        """Who put the text on the table."""
        return self._tabled_by

    @property
    def drafting_moves(self) -> MonthMoves | None:
        """How the text on the table came about; None for the first."""
        return self._moves

    @property
    def result(self) -> Run:
        """The record so far."""
        return Run(
            scenario=self.script,
            uniforms=self.worlds.uniforms,
            seed=self.seed,
            months=tuple(self.months),
            outcome=self.outcome.copy(),
            ended=self.ended.copy(),
            moves=tuple(self.moves),
            last_month=self.last_month,
        )

    # -- seats ---------------------------------------------------------------------------------------------------

    @property
    def seats(self) -> frozenset[str]:
        """The actors who are moved from outside; a chair may be taken and left before any phase.

        Raises
        ------
        UsageError
            where it is set, if the case has no such actor
        """
        return self._seats

    @seats.setter
    def seats(self, names: Collection[str]) -> None:
        actors = self.script.case.actors
        if strangers := set(names) - actors.keys():
            raise UsageError(f"no actor {', '.join(sorted(strangers))} in the case ({', '.join(actors)}).")
        self._seats = frozenset(names)

    @property
    def waiting(self) -> frozenset[str]:
        """The seated actors without whose move the next phase cannot run."""
        if self.phase is Phase.AMENDMENT:
            expected = set(self.protocol.drafters(self.month))
        else:
            expected = {respondent.name for respondent in self.respondents if respondent.answers_in is self.phase}
        return frozenset(name for name in expected & self.seats if self.phase not in self.negotiators[name].said)

    def give(self, actor: str, move: Move) -> None:
        """Move for a seated actor in the phase that runs next.

        Raises
        ------
        UsageError
            if nobody sits there, or the move does not fit the phase or the protocol
        """
        if actor not in self.seats:
            raise UsageError(f"nobody is seated for '{actor}' (seats: {', '.join(sorted(self.seats)) or 'none'}).")
        external_moves.check(self.script, self.month, self.phase, self.negotiators[actor], move)
        if move.amend:
            external_moves.amended_texts(self.protocol, self.space, self.text[self.outcome == Outcome.OPEN], move.amend)
        self.negotiators[actor].said[self.phase] = move
        self.moves.append(RecordedMove(self.month, self.phase, actor, move))

    # -- the phases ----------------------------------------------------------------------------------------------

    def _table(self) -> None:
        self.month += 1
        self._answers = {}
        self.context = drifting.apply_events(self.context, self.script.events, self.month)
        if any(event.month == self.month for event in self.script.events):
            self.talks.begin_paths_again()
        self.rows = np.flatnonzero(self.outcome == Outcome.OPEN)
        drawn_parameters = self._seated(self.rows)
        for at, (respondent, parameters) in enumerate(
            zip(self.respondents, drawn_parameters.actor_parameters, strict=True)
        ):
            respondent.attend(parameters, own=self.talks.author[self.rows] == at)
        _, first, each = np.unique(self.space.codes(self.text[self.rows]), return_index=True, return_inverse=True)
        self._reading = self.compiled_rules.read(self.text[self.rows[first]]).each(each)
        here = drifting.in_worlds(self.context, self.rows)
        self._situation = drawn_parameters.situation(self._reading, here, self.month, self.protocol.months)

    def _seated(self, rows: NDArray[np.intp]) -> DrawnParameters:
        """The bench in some worlds; those of the last time it was asked for mostly stay the same."""
        if not np.array_equal(rows, self._seats_of[0]):
            self._seats_of = rows, self.drawn_parameters.only(rows)
        return self._seats_of[1]

    def _decide(self) -> None:
        answers = {name: self.negotiators[name].settle(Phase.DECISION, one) for name, one in self._answers.items()}
        self._answers = answers
        responses = weigh(self.script.case, self.respondents, self._reading, answers)
        learnt = self.talks.learn(self.rows, self._reading, responses, self._seated(self.rows))
        self.months.append(
            Month(
                month=self.month,
                rows=self.rows,
                evaluation=Evaluation(
                    case=self.script.case,
                    actor_parameters={respondent.name: respondent.everywhere for respondent in self.respondents},
                    matrix=self._reading,
                    situation=self._situation,
                    responses=responses,
                    yardsticks=self.drawn_parameters.yardsticks,
                    worlds=self.rows,
                ),
                tabled_by=self._tabled_by,
                understudies={
                    respondent.name: respondent.understudy for respondent in self.respondents if respondent.said
                },
                moves=self._moves,
                learnt=learnt,
            )
        )
        agreed = responses.consent.agreed[:, 0]
        self._close(self.rows[agreed], Outcome.AGREED)
        left = self.rows[~agreed]
        if any(
            respondent.said[Phase.DECISION].withdraw
            for respondent in self.respondents
            if Phase.DECISION in respondent.said
        ):
            self._close(left, Outcome.COLLAPSED)
        elif self.month >= min(self.last_month, self.protocol.months):
            if self.protocol.expires:
                self._close(left, Outcome.EXPIRED)
            else:
                self._give_up(~agreed)

    def _amend(self) -> None:
        self._tabled_by = drafted_by = self.protocol.drafters(self.month)
        said = [respondent.said for respondent in map(self.negotiators.__getitem__, drafted_by)]
        seated = [moves[Phase.AMENDMENT] for moves in said if Phase.AMENDMENT in moves]
        amended_texts = [given.move.amend for given in self.moves if given.move.amend and given.move in seated]
        still = self.outcome[self.rows] == Outcome.OPEN
        rows = self.rows[still]
        drafting = self._drafting(still, drafted_by)
        if amended_texts:
            texts = external_moves.amended_texts(self.protocol, self.space, self.text[rows], amended_texts[-1])
            decision = drafting.by_a_person(texts, list(amended_texts[-1]))
        elif len(seated) == len(drafted_by):
            decision = drafting.left_as_it_is(self.protocol.offers_of(self.month) != "")
        else:
            decision = self.protocol.draft(drafting)
        continues = decision.kind != ENDS
        self.text[rows[continues]] = decision.draft.texts[continues]
        self._moves = self.talks.remember(rows, drafting, decision, self.compiled_rules, bool(seated))
        given_up = still.copy()
        given_up[still] = ~continues
        self._give_up(given_up)

    def _drafting(self, still: Bools, drafted_by: tuple[str, ...]) -> DraftSearch:
        """What the drafters look at in the worlds that are still open."""
        people = {
            respondent.name: respondent.understudy
            for respondent in self.respondents
            if respondent.answers_in in respondent.said
        }
        return self.talks.drafting(
            AnsweredMonth(
                month=self.month,
                rows=self.rows,
                still=still,
                matrix=self._reading,
                responses=self.months[-1].evaluation.responses,
                drawn_parameters=self._seated(self.rows),
                context=drifting.in_worlds(self.context, self.rows),
                rules=people,
            ),
            drafted_by,
        )

    def _give_up(self, where: Bools) -> None:
        """End open worlds in which nobody has a text left: the sponsors withdraw it, or it is an impasse."""
        refused = np.zeros((len(self.rows), 1), dtype=bool)
        for name in sponsors_of(self.script):
            refused = refused | self._answers[name].refuses
        self._close(self.rows[where & refused[:, 0]], Outcome.COLLAPSED)
        self._close(self.rows[where & ~refused[:, 0]], Outcome.IMPASSE)

    def _close(self, rows: NDArray[np.intp], outcome: Outcome) -> None:
        self.outcome[rows] = outcome
        self.ended[rows] = self.month
        self.running = bool((self.outcome == Outcome.OPEN).any())


def _with_changes(scenario: Scenario | str | os.PathLike[str], changes: dict[str, object]) -> Scenario:
    if not isinstance(scenario, Scenario):
        return load_scenario(case_paths.find(os.fspath(scenario)), changes, changes_from="changes")
    return build_scenario(scenario.source, changes) if changes else scenario
