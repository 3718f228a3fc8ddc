"""The negotiation as a Mesa model: month by month, in many worlds at once (model, section 6)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.arguments import whole_number
from sim.engine.drawn_parameters import DrawnParameters
from sim.engine.outcome_space import OutcomeSpace, Texts
from sim.engine.responses import Answers, all_answers, apply_consent_rules, first_answers
from sim.engine.rule_matrix import Bools, CompiledRules
from sim.engine.worlds import SEEDS, Central, Streams, Uniforms, Worlds
from sim.errors import UsageError
from sim.negotiation.agents import Negotiator
from sim.negotiation.answers.evaluation import Evaluation
from sim.negotiation.context import apply_events, drift, in_worlds, start
from sim.negotiation.data_collection import TalksCollector
from sim.negotiation.drafting.amendments import DraftSearch
from sim.negotiation.drafting.decision import ENDS
from sim.negotiation.external_moves import amended_texts
from sim.negotiation.model_arguments import agent_classes, merged_changes, seed_or_generator
from sim.negotiation.moves import PHASES, Phase, RecordedMove
from sim.negotiation.protocols import protocol_of
from sim.negotiation.protocols.base import sponsors_of
from sim.negotiation.record.history import Month, MonthMoves, Outcome, Run
from sim.negotiation.scenario_loader import ScenarioLike, as_scenario
from sim.negotiation.seats import SeatedModel
from sim.negotiation.talks_state import AnsweredMonth, TalksState


class DeliberationModel(SeatedModel):
    """Peace talks over one proposal.

    One step is one month. A month has the phases of `sim.negotiation.moves.Phase`; `advance` runs one at a time.

    Parameters
    ----------
    scenario : a `Scenario`, or the path or bundled name of a scenario file
    worlds : how many worlds to draw; None plays one world at central values
    rng : the seed of the worlds, an integer from 0; any other value that Mesa takes yields a random seed
    seats : actors whose moves come from outside, through `give`
    uniforms : worlds that were made elsewhere, instead of `worlds` and `rng`
    last_month : the month after which open talks expire, if somebody has called time before the protocol's last month;
        aspirations still follow the months of the protocol
    agent_class : the class of the agents, or actor to the class of its agent; the others are of class `Negotiator`.
        Agents keep the order of the case
    changes : what to change, as `load_scenario` takes it: dotted path to value
    numbers : changes one by one, which Mesa's `batch_run` varies like any other parameter:
        ``{"actors.russia.reservation.base": [20, 30], "protocol.patience": [0, 3]}``; and ``seed``, another name of
        `rng` (give only one of them)

    Attributes
    ----------
    running : bool, whether any world is still open; `step` does nothing once it is False
    month : int, from 1 once the first month has begun
    phase : the phase that `advance` runs next
    answers : actor to its answer to the text on the table; empty until the first answers of the month
    tabled_by : the actors who put the text on the table
    drafting_moves : the drafters' moves that produced the text on the table; None for the first text
    protocol : how texts are drafted
    talks : what is remembered from month to month
    datacollector : reporters of the model and its agents, one row per month

    Raises
    ------
    UsageError
        if there is no such scenario or actor, or a seed or a number of worlds is not a whole number
    CaseError
        if a change is wrong
    """

    def __init__(
        self,
        scenario: ScenarioLike = "european_force",
        worlds: int | None = None,
        rng: Any = None,
        *,
        seats: Collection[str] = (),
        uniforms: Uniforms | None = None,
        last_month: int | None = None,
        agent_class: type[Negotiator] | Mapping[str, type[Negotiator]] | None = None,
        changes: Mapping[str, object] | None = None,
        **numbers: object,
    ) -> None:
        # If `seed` were a parameter by name, batch_run of Mesa 3.5 would use it instead of `rng` and overwrite it.
        rng = seed_or_generator(numbers.pop("seed", None), rng)
        super().__init__(rng=rng)
        self.script = as_scenario(scenario, merged_changes(changes, numbers))
        self.seed = rng if isinstance(rng, int) else int(self.rng.integers(SEEDS, dtype=np.uint64))
        if uniforms is None:
            uniforms = Central() if worlds is None else Streams(self.seed, worlds)
        case = self.script.case
        self.worlds = Worlds(case, uniforms)
        self.seats = seats
        self.protocol = protocol_of(self.script)
        self.space, self.compiled_rules = OutcomeSpace(case), CompiledRules(case)
        self.drawn_parameters = DrawnParameters.draw(self.worlds)
        count = self.worlds.count
        self._open_parameters: tuple[NDArray[np.intp], DrawnParameters] = np.arange(count), self.drawn_parameters
        self.month, self.phase = 0, Phase.TABLE
        self.last_month = whole_number(last_month, "last_month") or self.script.protocol.months
        self.text: Texts = np.tile(self.space.encode(self.script.proposal), (count, 1))
        self.context = start(self.worlds)
        self.outcome = np.full(count, Outcome.OPEN, dtype=np.uint8)
        self.ended = np.zeros(count, dtype=np.int64)
        self.rows: NDArray[np.intp] = np.arange(count)
        self.moves: list[RecordedMove] = []
        self.months: list[Month] = []
        self.answers: Answers = {}
        self.tabled_by = sponsors_of(self.script)
        self.drafting_moves: MonthMoves | None = None
        self.talks = TalksState(self.protocol, self.space, self.compiled_rules, self.text)
        classes = agent_classes(agent_class, case.actors)
        self.negotiators = {
            parameters.name: classes[parameters.name](self, parameters)
            for parameters in self.drawn_parameters.actor_parameters
        }
        # Mesa 3.3 and 3.4 number agents in a table of the class, which would keep every model in memory for good.
        getattr(mesa.Agent, "_ids", {}).pop(self, None)
        self.datacollector = TalksCollector()

    def __repr__(self) -> str:
        worlds = "central values" if isinstance(self.worlds.uniforms, Central) else f"{self.worlds.count:,} worlds"
        state = "running" if self.running else "over"
        month = f"month {self.month} of {self.script.protocol.months}"
        return f"<{type(self).__name__} '{self.script.id}': {worlds}, {month}, {state}>"

    # -- running -------------------------------------------------------------------------------------------------

    def step(self) -> None:
        """Play one month, or the rest of it; once the talks are over (`running` is False), do nothing."""
        if not self.running:
            self.steps -= 1  # Mesa has counted this step
            return
        self.advance()
        while self.running and self.phase is not Phase.TABLE:
            self.advance()
        # Mesa 3.3's batch_run reads the rows of steps 0 to steps - 1, Mesa 3.5's reads those that were collected.
        # A month collected under the number of the step before it serves both.
        self.steps -= 1
        self.datacollector.collect(self)
        self.steps += 1

    def advance(self) -> None:
        """Run the next phase of the month.

        Raises
        ------
        UsageError
            if the talks are over, or if the phase waits for a move from outside (see `waiting`)
        """
        if not self.running:
            raise UsageError("the talks are over; start a new model to play again.")
        if self.waiting:
            raise UsageError(
                f"the {self.phase} phase of month {self.month} waits for {', '.join(sorted(self.waiting))}; "
                "pass each move to give()."
            )
        phase = self.phase
        self.phase = PHASES[(PHASES.index(phase) + 1) % len(PHASES)]
        match phase:
            case Phase.TABLE:
                self._table()
            case Phase.REACTIONS:
                self.answers = first_answers(self.respondents, self._matrix, self._situation)
            case Phase.PLEDGES:
                self.answers = all_answers(self.respondents, self._matrix, self._situation, self.answers)
            case Phase.DECISION:
                self._decide()
            case Phase.AMENDMENT:
                self._amend()
            case Phase.CONTEXT:
                self.context = drift(self.worlds, self.context, self.month)

    @property
    def respondents(self) -> list[Negotiator]:
        """The agents, in the order of the case."""
        return list(self.negotiators.values())

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

    # -- the phases ----------------------------------------------------------------------------------------------

    def _table(self) -> None:
        self.month += 1
        self.answers = {}
        self.context = apply_events(self.context, self.script.events, self.month)
        if any(event.month == self.month for event in self.script.events):
            self.talks.restart_paths()
        self.rows = np.flatnonzero(self.outcome == Outcome.OPEN)
        drawn_parameters = self._parameters_of_open_worlds()
        for index, parameters in enumerate(drawn_parameters.actor_parameters):
            self.negotiators[parameters.name].begin_month(parameters, self.talks.author[self.rows] == index)
        self._matrix = self.talks.read(self.text[self.rows])
        context = in_worlds(self.context, self.rows)
        self._situation = drawn_parameters.situation(self._matrix, context, self.month, self.protocol.months)

    def _parameters_of_open_worlds(self) -> DrawnParameters:
        """Everybody's numbers in the open worlds; kept as long as these stay the same."""
        if not np.array_equal(self.rows, self._open_parameters[0]):
            self._open_parameters = self.rows, self.drawn_parameters.only(self.rows)
        return self._open_parameters[1]

    def _decide(self) -> None:
        said = {respondent.name: respondent.said for respondent in self.respondents if respondent.said}
        self.answers = {
            name: self.negotiators[name].settle(Phase.DECISION, answer) for name, answer in self.answers.items()
        }
        responses = apply_consent_rules(self.script.case, self.respondents, self._matrix, self.answers)
        self.months.append(
            Month(
                month=self.month,
                rows=self.rows,
                evaluation=Evaluation(
                    compiled_rules=self.compiled_rules,
                    actor_parameters={respondent.name: respondent.all_parameters for respondent in self.respondents},
                    matrix=self._matrix,
                    situation=self._situation,
                    responses=responses,
                    measure_parameters=self.drawn_parameters.measure_parameters,
                    worlds=self.rows,
                ),
                tabled_by=self.tabled_by,
                understudies={name: self.negotiators[name].understudy for name in said},
                moves=self.drafting_moves,
                learnt=self.talks.learn(self.rows, self._matrix, responses, self._parameters_of_open_worlds()),
            )
        )
        agreed = responses.consent.agreed[:, 0]
        self._close(self.rows[agreed], Outcome.AGREED)
        if any(Phase.DECISION in moves and moves[Phase.DECISION].withdraw for moves in said.values()):
            self._close(self.rows[~agreed], Outcome.COLLAPSED)
        elif self.month >= min(self.last_month, self.protocol.months):
            if self.protocol.expires:
                self._close(self.rows[~agreed], Outcome.EXPIRED)
            else:
                self._give_up(~agreed)

    def _amend(self) -> None:
        self.tabled_by = drafted_by = self.protocol.drafters(self.month)
        said = [self.negotiators[name].said for name in drafted_by]
        moves = [by_phase[Phase.AMENDMENT] for by_phase in said if Phase.AMENDMENT in by_phase]
        amendments = [recorded.move.amend for recorded in self.moves if recorded.move.amend and recorded.move in moves]
        still = self.outcome[self.rows] == Outcome.OPEN
        rows = self.rows[still]
        drafting = self._draft_search(still, drafted_by)
        if amendments:
            texts = amended_texts(self.protocol, self.space, self.text[rows], amendments[-1])
            decision = drafting.person_tables(texts, list(amendments[-1]))
        elif len(moves) == len(drafted_by):
            decision = drafting.person_passes(self.protocol.offers_of(self.month) != "")
        else:
            decision = self.protocol.draft(drafting)
        continues = decision.kind != ENDS
        self.text[rows[continues]] = decision.draft.texts[continues]
        self.drafting_moves = self.talks.remember(rows, drafting, decision, bool(moves))
        given_up = still.copy()
        given_up[still] = ~continues
        self._give_up(given_up)

    def _draft_search(self, still: Bools, drafted_by: tuple[str, ...]) -> DraftSearch:
        """What the drafters consider in the worlds that are still open."""
        return self.talks.draft_search(
            AnsweredMonth(
                recorded=self.months[-1],
                still=still,
                drawn_parameters=self._parameters_of_open_worlds(),
                context=in_worlds(self.context, self.rows),
                rules={
                    respondent.name: respondent.understudy
                    for respondent in self.respondents
                    if respondent.answers_in in respondent.said
                },
            ),
            drafted_by,
        )

    def _give_up(self, where: Bools) -> None:
        """End open worlds, (open world,) bool, in which nothing is left to try: collapsed if a sponsor refuses."""
        refused = np.zeros((len(self.rows), 1), dtype=bool)
        for name in sponsors_of(self.script):
            refused = refused | self.answers[name].refuses
        self._close(self.rows[where & refused[:, 0]], Outcome.COLLAPSED)
        self._close(self.rows[where & ~refused[:, 0]], Outcome.IMPASSE)

    def _close(self, rows: NDArray[np.intp], outcome: Outcome) -> None:
        self.outcome[rows] = outcome
        self.ended[rows] = self.month
        self.running = bool((self.outcome == Outcome.OPEN).any())
