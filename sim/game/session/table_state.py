"""The parts of a table's state: pending moves, statements, saved positions, and a text put to a vote."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypedDict

from sim.case.models import Scenario
from sim.engine.outcome_space import Texts
from sim.engine.rule_matrix import Floats
from sim.game.agents.voice import AgentVoice
from sim.game.phase_clock import Clock
from sim.game.session import public_record
from sim.game.session.log import LogEntry
from sim.game.session.public_record import MonthRecords, Sounding, update_records
from sim.negotiation.model import DeliberationModel
from sim.negotiation.moves import Move, Phase, RecordedMove
from sim.negotiation.protocols import protocol_of
from sim.negotiation.protocols.base import sponsors_of
from sim.negotiation.record.history import Month, Outcome, Run
from sim.negotiation.record.move_data import learnt_json, move_json, protocol_json
from sim.negotiation.record.record_data import ProtocolData


@dataclass(frozen=True)
class Pending:
    """A move that is passed to the model when the phase closes; moves count in the order of their entries (`n`).

    With `withdraw`, the actor takes the text off the table at the decision.
    """

    n: int
    move: Move
    withdraw: bool
    person: str


@dataclass(frozen=True)
class Statement:
    """Something that was said, suggested, supported, whispered, asked or written at a table.

    Only a sounding has an `answer`. A suggestion knows the text that was on the table `before`, and the one that it
    asks for. A private message to an agent has a `reply`.
    """

    entry: LogEntry
    actor: str
    month: int
    answer: Sounding | None = None
    before: Mapping[str, Any] | None = None
    asks_for: Mapping[str, Any] | None = None
    reply: str = ""


@dataclass(frozen=True)
class AgentAnswer:
    """An answer that the rules gave for people who sat on the chair and had not answered.

    `why` is ``time`` (the clock ran out), ``next`` (the teacher closed the phase) or ``agent`` (the chair was handed to
    its agent); `version` is that of the text and phase in which people could have answered.
    """

    month: int
    phase: Phase
    actor: str
    why: str
    version: int


@dataclass(frozen=True)
class AskedAgain:
    """Why the people on a chair have to move again: an ``event``, or an ``undo`` by the teacher; and their move."""

    why: str
    move: Pending | None


@dataclass(frozen=True)
class SavedPosition:
    """A point in the talks, with everything needed to play to it again: the month and the phase that run next, the
    moves so far, the sponsors who will withdraw their text at this month's decision, the month after which the talks
    expire, the answers that the rules gave for people, and the month in which people heard of each injected event.
    """

    scenario: Scenario
    started: bool
    month: int
    phase: Phase
    moves: tuple[RecordedMove, ...]
    withdrawing: tuple[str, ...]
    last_month: int
    stood_in: tuple[AgentAnswer, ...] = ()
    told: tuple[int, ...] = ()


@dataclass
class Improvement:
    """A text, (1, issue) uint8, that is put before all chairs after the talks (`sim.game.session.renegotiation`).

    `version` is the number of the entry that proposed it; `votes` maps the actors that people play to whether they
    accept.
    """

    version: int
    text: Texts
    votes: dict[str, bool] = field(default_factory=dict)
    closed: bool = False


class TableStory(TypedDict):
    """The decided months of a table, for `sim.report.story`: keys of a run (`docs/reference/json.md`) and the issues.

    It holds confidential numbers, so no view contains it. During a game it is told in public form only: whom a text was
    meant to win, who declares which line, who blocks; no number, and nothing of what the drafters have learnt.
    """

    final: dict[str, Any]
    protocol: ProtocolData
    issues: dict[str, dict[str, Any]]
    timeline: list[dict[str, Any]]


def story_month(run: Run, month: Month) -> dict[str, Any]:
    """Return a decided month of a table's story."""
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


class TableState:
    """What can be read of a table; `sim.game.session.table.GameTable` changes it.

    Attributes
    ----------
    version : number of the entry with which the current text and phase began
    chairs : actor to the persons who sit there, at most `PEOPLE_PER_CHAIR`
    agents : the actors whose chairs the teacher has handed to their agents
    players : actor to the names of those who have moved for it, in order
    mediators : the observers who draft in place of the actor that mediates, at most `PEOPLE_PER_CHAIR`
    mediated_by : the names of those who have drafted as mediators, in order
    settlement : the text that is put before all chairs when the talks are over, if there is one
    stood_in : the answers that the rules gave for people who had not answered, in order
    removed_headlines : the entries of headlines that the teacher has taken down
    asked_again : actor to why its people have to move again, and what they had answered
    """

    model: DeliberationModel

    def __init__(self, number: int, scenario: Scenario, seed: int | None, voice: AgentVoice) -> None:
        self._voice = voice
        self.number, self.seed, self.started = number, seed, False
        self.version = 1
        self._withdrawing: tuple[str, ...] = ()
        self.stood_in: tuple[AgentAnswer, ...] = ()
        self._told: tuple[int, ...] = ()
        self.asked_again: dict[str, AskedAgain] = {}
        self.chairs: dict[str, list[str]] = {name: [] for name in scenario.case.actors}
        self.observers: list[str] = []
        self.mediators: list[str] = []
        self.mediated_by: list[str] = []
        self.agents: set[str] = set()
        self.players: dict[str, list[str]] = {name: [] for name in scenario.case.actors}
        self.pending: dict[str, Pending] = {}
        self.statements: list[Statement] = []
        self._statements_of: defaultdict[tuple[str, str | None], list[Statement]] = defaultdict(list)
        self.removed_headlines: set[int] = set()
        self._public: MonthRecords[public_record.PublicMonth] = []
        self._story: MonthRecords[dict[str, Any]] = []
        self.clock = Clock()
        self.settlement: Improvement | None = None
        self._steps: list[SavedPosition] = []

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
        """The actors for whom people have to move and have not moved in this phase."""
        return tuple(name for name in self.movers if name in self.moved_by_hand and name not in self.pending)

    @property
    def mediating_actor(self) -> str | None:
        """The actor in whose place people in the mediator's seat draft; None if the protocol has no mediator."""
        return protocol_of(self.scenario).settings.mediator

    @property
    def moved_by_hand(self) -> frozenset[str]:
        """The actors for whom people move in this phase: those whom they play, and the one whom they draft for."""
        mediated = self.mediators and self.started and self.model.phase is Phase.AMENDMENT
        return self.human_actors | ({self.mediating_actor or ""} if mediated else set())

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

    def story(self) -> TableStory:
        """Return what happened in the decided months, with confidential numbers."""
        model = self.model
        case, run = model.script.case, model.result
        update_records(self._story, model.months, lambda month: story_month(run, month))
        return {
            "final": {"actors": {name: {"name": actor.name} for name, actor in case.actors.items()}},
            "protocol": protocol_json(model.protocol),
            "issues": public_record.issue_words(case),
            "timeline": [month for _, month in self._story],
        }

    def statements_of(self, kind: str, actor: str | None = None) -> list[Statement]:
        """Statements of one kind of entry, from one chair or from all."""
        return list(self._statements_of.get((kind, actor), ()))

    @property
    def steps(self) -> int:
        """How many steps can be undone."""
        return len(self._steps)

    @property
    def event_month(self) -> int:
        """The month in which an event that is injected now would happen."""
        return self.model.month + (self.model.phase is not Phase.REACTIONS)
