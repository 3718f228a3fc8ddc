"""One table: talks with people on some of the chairs, which stop whenever a person has to move.

A table wraps a `DeliberationModel`. Moves are kept until the phase closes, and are passed to the model then; the rules
answer for every chair that has not moved. The talks can be played again up to any point, which is how an event is
inserted, and how a step is undone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypedDict

from sim.case.models import Scenario
from sim.engine.rule_matrix import Floats
from sim.engine.worlds import Central, Streams
from sim.game.session import public_record
from sim.game.session.public_record import MonthRecords, update_records
from sim.game.session.table_state import Clock, Improvement, Pending, SavedPosition, Statement
from sim.negotiation.model import DeliberationModel
from sim.negotiation.moves import Move, Phase
from sim.negotiation.protocols import protocol_of
from sim.negotiation.protocols.base import sponsors_of
from sim.negotiation.record.history import Month, Outcome, Run
from sim.negotiation.record.move_data import learnt_json, move_json, protocol_json
from sim.negotiation.record.record_data import ProtocolData
from sim.negotiation.scenario_loader import build_scenario

PEOPLE_PER_CHAIR = 2
"""The most people who may share a chair."""


class TableStory(TypedDict):
    """The decided months of a table, for `sim.report.story`: keys of a run (`docs/reference/json.md`) and the issues.

    It holds confidential numbers, so no view contains it. During a game it is told in public form only: whom a text was
    meant to win, who declares which line, who blocks; no number, and nothing of what the drafters have learnt.
    """

    final: dict[str, Any]
    protocol: ProtocolData
    issues: dict[str, dict[str, Any]]
    timeline: list[dict[str, Any]]


class GameTable:
    """A table of a session, which plays a scenario in the first world of a seed (None: at central values).

    Attributes
    ----------
    version : number of the entry with which the current text and phase began
    chairs : actor to the persons who sit there, at most `PEOPLE_PER_CHAIR`
    agents : the actors whose chairs the teacher has handed to their agents
    players : actor to the names of those who have moved for it, in order
    settlement : the text that is put before all chairs when the talks are over, if there is one
    """

    def __init__(self, number: int, scenario: Scenario, seed: int | None) -> None:
        self.number, self.seed = number, seed
        self.version = 1
        self._withdrawing: tuple[str, ...] = ()
        self.chairs: dict[str, list[str]] = {name: [] for name in scenario.case.actors}
        self.observers: list[str] = []
        self.agents: set[str] = set()
        self.players: dict[str, list[str]] = {name: [] for name in scenario.case.actors}
        self.pending: dict[str, Pending] = {}
        self.statements: list[Statement] = []
        self._public: MonthRecords[public_record.PublicMonth] = []
        self._story: MonthRecords[dict[str, Any]] = []
        self.clock = Clock()
        self.settlement: Improvement | None = None
        self._steps: list[SavedPosition] = []
        self._go_to(
            SavedPosition(scenario, False, 1, Phase.REACTIONS, (), (), last_month=protocol_of(scenario).months),
        )

    # -- state -------------------------------------------------------------------------------------------------------

    @property
    def scenario(self) -> Scenario:
        """What is played, with the events so far."""
        return self.model.script

    @property
    def over(self) -> bool:
        """Whether the talks have ended."""
        return not self.model.running

    @property
    def stage(self) -> str:
        """``lobby``, ``reactions``, ``pledges``, ``amendment`` or ``over``."""
        if not self.started:
            return "lobby"
        return "over" if self.over else self.model.phase.value

    @property
    def outcome(self) -> str:
        """How the talks ended, or ``open``."""
        return Outcome(int(self.model.outcome[0])).word

    @property
    def run(self) -> Run:
        """The talks so far, as the analyses read them."""
        return self.model.result

    @property
    def human_actors(self) -> frozenset[str]:
        """The actors who are played by people."""
        return frozenset(name for name, persons in self.chairs.items() if persons and name not in self.agents)

    @property
    def movers(self) -> tuple[str, ...]:
        """The actors who move in this phase, whoever plays them, in the order of the case."""
        model = self.model
        if not self.started or self.over:
            return ()
        if model.phase is Phase.AMENDMENT:
            drafting = protocol_of(self.scenario).drafters(model.month)
            return tuple(name for name in self.chairs if name in drafting)
        return tuple(respondent.name for respondent in model.respondents if respondent.answers_in is model.phase)

    @property
    def waiting(self) -> tuple[str, ...]:
        """The actors played by people who have not moved in this phase."""
        return tuple(name for name in self.movers if name in self.human_actors and name not in self.pending)

    @property
    def text(self) -> dict[str, Any]:
        """The text on the table."""
        return self.model.space.decode(self.model.text[0])

    @property
    def sponsors(self) -> tuple[str, ...]:
        """The actors who tabled the first text."""
        return sponsors_of(self.scenario)

    def capacities(self, actor: str) -> Mapping[str, Floats]:
        """Resource to all that an actor has of it, (1,) float."""
        return self.model.negotiators[actor].all_parameters.capacities

    def history(self) -> list[public_record.PublicMonth]:
        """What everybody heard, month by month: the text, who tabled it, the answers so far, and the decision."""
        return public_record.history(self.model, self._public) if self.started else []

    def story(self) -> TableStory:
        """Return what happened in the decided months, with confidential numbers."""
        model = self.model
        case, run = model.script.case, model.result
        update_records(self._story, model.months, lambda month: _story_month(run, month))
        return {
            "final": {"actors": {name: {"name": actor.name} for name, actor in case.actors.items()}},
            "protocol": protocol_json(model.protocol),
            "issues": public_record.issue_words(case),
            "timeline": [month for _, month in self._story],
        }

    def statements_of(self, kind: str, actor: str | None = None) -> list[Statement]:
        """Statements of one kind of entry, from one chair or from all."""
        return [said for said in self.statements if said.entry.kind == kind and actor in (None, said.actor)]

    @property
    def steps(self) -> int:
        """How many steps can be undone."""
        return len(self._steps)

    # -- actions -----------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin the talks, and run until a person has to move."""
        self._steps.append(self._here)
        self.started = True
        self._run_on()

    def close(self) -> None:
        """Close the phase: rules move for everybody who has not moved. Then run until a person has to move."""
        self._steps.append(self._here)
        self._pass_pending()
        self._run_on()

    def ready(self) -> bool:
        """Whether somebody has moved, and no person still has to."""
        return bool(self.pending) and not self.waiting

    def inject(self, says: str, setting: Mapping[str, float]) -> None:
        """Let an event happen: at once while the first answers are open, else before the next text is read out.

        Moves of this phase are dropped if the event happens at once: they answered the text before it. Raises
        `CaseError` if the event does not fit the case.
        """
        scenario = self.with_event(says, setting)
        self._steps.append(self._here)
        pending = self.pending if self.event_month > self.model.month else {}
        self._go_to(replace(self._here, scenario=scenario))
        self.pending = pending

    def with_event(self, says: str, setting: Mapping[str, float]) -> Scenario:
        """Return the scenario with one more event that no rule foresees. Raises `CaseError` if it does not fit."""
        source = self.scenario.source
        event = {"month": self.event_month, "set": dict(setting), "says": says, "announced": False}
        past: Any = source.get("events") or []
        return build_scenario({**source, "events": [*past, event]})

    @property
    def event_month(self) -> int:
        """The month in which an event that is injected now would happen."""
        return self.model.month + (self.model.phase is not Phase.REACTIONS)

    def finish(self) -> None:
        """End the talks: play this month to its decision; if the text is not agreed, the talks expire."""
        self._steps.append(self._here)
        here, pending = self._here, self.pending
        self._go_to(replace(here, started=True, last_month=here.month))
        self.pending = pending
        while not self.over:
            self._pass_pending()
            self._decide()

    def undo(self) -> None:
        """Undo the last step. Moves made in the phase that is open again have to be made again."""
        self._go_to(self._steps.pop())
        self.settlement = None

    # -- helpers -----------------------------------------------------------------------------------------------------

    @property
    def _here(self) -> SavedPosition:
        model = self.model
        moves, last = tuple(model.moves), model.last_month
        return SavedPosition(self.scenario, self.started, model.month, model.phase, moves, self._withdrawing, last)

    def _go_to(self, there: SavedPosition) -> None:
        """Play the talks again up to a saved position."""
        uniforms = Central() if self.seed is None else Streams(self.seed, 1)
        self.model = DeliberationModel(
            there.scenario, rng=self.seed or 0, uniforms=uniforms, last_month=there.last_month
        )
        self.started, self.pending, self._withdrawing = there.started, {}, there.withdrawing
        while self.model.running and (self.model.month, self.model.phase) != (there.month, there.phase):
            now = (self.model.month, self.model.phase)
            self._advance([(given.actor, given.move) for given in there.moves if (given.month, given.phase) == now])

    def _pass_pending(self) -> None:
        """Pass the pending moves to the model, in the order in which they were made."""
        moves = sorted(self.pending.items(), key=lambda item: item[1].n)
        self._withdrawing = (*self._withdrawing, *(name for name, pending in moves if pending.withdraw))
        self._advance([(name, pending.move) for name, pending in moves])
        self.pending = {}

    def _advance(self, moves: Sequence[tuple[str, Move]]) -> None:
        self.model.seats = {name for name, _ in moves}
        for name, move in moves:
            self.model.give(name, move)
        self.model.advance()

    def _run_on(self) -> None:
        while not self.over and not self.waiting:
            if self.model.phase is Phase.DECISION:
                self._decide()
            else:
                self._advance([])

    def _decide(self) -> None:
        """Decide on the text; sponsors who announced it withdraw the text."""
        if not self.over and self.model.phase is Phase.DECISION:
            self._advance([(name, Move(withdraw=True)) for name in self._withdrawing])
            self._withdrawing = ()


def _story_month(run: Run, month: Month) -> dict[str, Any]:
    described = month.evaluation.one().describe()
    return {
        "month": month.month,
        "events": [event.says for event in run.scenario.events if event.month == month.month],
        "move": None if month.moves is None else move_json(run, month, month.moves),
        "learnt": learnt_json(run.scenario.case, month.learnt),
        "text": described["package"],
        "tabled_by": list(month.tabled_by),
        "reactions": described["actors"],
        **{key: described[key] for key in ("asked", "agreed", "blocked_by", "unmet")},
    }
