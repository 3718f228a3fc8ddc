"""One table: talks with people on some of the chairs, stopped where somebody is waited for.

A table wraps a `DeliberationModel`. Votes are kept until the phase closes, and are given to the model then; a chair
that has said nothing is left to its rules. What was played can be played again up to any point, which is how an event
gets into the talks, and how a step is taken back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sim.case.models import Scenario
from sim.engine.worlds import Central, Streams
from sim.game.session import public_record
from sim.game.session.clock import Clock
from sim.game.session.log import LogEntry
from sim.game.session.story_data import Kept, story
from sim.negotiation.model import DeliberationModel
from sim.negotiation.moves import Move, Phase, RecordedMove
from sim.negotiation.protocols import protocol_of
from sim.negotiation.protocols.base import sponsors_of
from sim.negotiation.record.history import Outcome, Run
from sim.negotiation.scenario_loader import build_scenario

if TYPE_CHECKING:
    from sim.game.session.renegotiation import Improvement

PEOPLE_PER_CHAIR = 2
"""So many people may share a chair."""


@dataclass(frozen=True)
class Pending:
    """A move that is given when the phase closes.

    Parameters
    ----------
    n : of its entry: moves count in this order
    move : what is said
    withdraw : whether the text is taken off the table at the decision
    person : who moved
    """

    n: int
    move: Move
    withdraw: bool
    person: str


@dataclass(frozen=True)
class Statement:
    """Something that was said, suggested, whispered or asked at a table.

    Parameters
    ----------
    entry : of the log: its kind, and what was said
    actor : the chair from which it came
    month : of the talks
    answer : to a sounding; else None
    """

    entry: LogEntry
    actor: str
    month: int
    answer: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class SavedPosition:
    """A point in the talks, from which they can be played again: everything that led there.

    Parameters
    ----------
    scenario : with the events so far
    started : whether the talks have begun
    month, phase : what runs next
    moves : from outside, so far
    withdrawing : the sponsors who will withdraw their text at the decision of this month
    last_month : when the talks expire
    """

    scenario: Scenario
    started: bool
    month: int
    phase: Phase
    moves: tuple[RecordedMove, ...]
    withdrawing: tuple[str, ...]
    last_month: int


class GameTable:
    """A table of a session.

    Parameters
    ----------
    number : int, from 1
    scenario : what is played
    seed : of the world, or None for central values

    Attributes
    ----------
    version : the number of the entry with which the present text and phase came on the table
    chairs : actor to the persons who sit there, at most `PEOPLE_PER_CHAIR`
    observers : the persons who watch
    agents : the actors whose chairs the teacher has given to their agents
    players : actor to the names of those who have moved for it, in order
    pending : actor to its move in this phase
    statements : what was said at the table, in order
    settlement : the text that is put before all chairs when the talks are over, if one is
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
        self._heard: public_record.Heard = []
        self._tale: Kept = []
        self.clock = Clock()
        self.settlement: Improvement | None = None
        self._steps: list[SavedPosition] = []
        self._go_to(
            SavedPosition(scenario, False, 1, Phase.REACTIONS, (), (), last_month=protocol_of(scenario).months),
        )

    # -- what it is --------------------------------------------------------------------------------------------------

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
        """The actors whose move the phase takes, whoever plays them, in the order of the case."""
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
    def text(self) -> Mapping[str, Any]:
        """The text on the table."""
        return self.model.space.decode(self.model.text[0])

    @property
    def sponsors(self) -> tuple[str, ...]:
        """Those who tabled the first text."""
        return sponsors_of(self.scenario)

    def history(self) -> list[dict[str, Any]]:
        """What everybody heard, month by month: the text, who tabled it, the answers so far, and what came of them."""
        return public_record.history(self.model, self._heard) if self.started else []

    def story(self) -> dict[str, Any]:
        """What happened in the decided months, with confidential numbers: to be told in public form alone."""
        return story(self.model, self._tale)

    def statements_of(self, kind: str, actor: str | None = None) -> list[Statement]:
        """What was said in one way (a kind of entry), by one chair or by all."""
        return [word for word in self.statements if word.entry.kind == kind and actor in (None, word.actor)]

    @property
    def steps(self) -> int:
        """How many steps can be taken back."""
        return len(self._steps)

    # -- what happens ------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin the talks, and run to where somebody is waited for."""
        self._steps.append(self._here)
        self.started = True
        self._run_on()

    def close(self) -> None:
        """Close the phase: who has not moved is moved by its rules. Then run to where somebody is waited for."""
        self._steps.append(self._here)
        moves = sorted(self.pending.items(), key=lambda one: one[1].n)
        self._withdrawing = (*self._withdrawing, *(name for name, one in moves if one.withdraw))
        self._advance([(name, one.move) for name, one in moves])
        self.pending = {}
        self._run_on()

    def ready(self) -> bool:
        """Whether everybody who is waited for has moved, and somebody has."""
        return bool(self.pending) and not self.waiting

    def inject(self, says: str, setting: Mapping[str, float]) -> None:
        """Let an event happen: now if nobody has answered the text yet, else before the next text is read out.

        Raises
        ------
        CaseError
            if the event does not fit the case
        """
        scenario = self.with_event(says, setting)
        self._steps.append(self._here)
        pending = self.pending if self.event_month > self.model.month else {}
        self._go_to(replace(self._here, scenario=scenario))
        self.pending = pending

    def with_event(self, says: str, setting: Mapping[str, float]) -> Scenario:
        """Return what is played with one more event, which no rule foresees.

        Raises
        ------
        CaseError
            if the event does not fit the case
        """
        source = self.scenario.source
        event = {"month": self.event_month, "set": dict(setting), "says": says, "announced": False}
        past: Any = source.get("events") or []
        return build_scenario({**source, "events": [*past, event]})

    @property
    def event_month(self) -> int:
        """The month in which an event that is injected now would happen."""
        return self.model.month + (self.model.phase is not Phase.REACTIONS)

    def finish(self) -> None:
        """Call time: play this month to its decision; if the text is not agreed, the talks expire."""
        self._steps.append(self._here)
        here, pending = self._here, self.pending
        self._go_to(replace(here, started=True, last_month=here.month))
        self.pending = pending
        while not self.over:
            moves = sorted(self.pending.items(), key=lambda one: one[1].n)
            self._withdrawing = (*self._withdrawing, *(name for name, one in moves if one.withdraw))
            self._advance([(name, one.move) for name, one in moves])
            self.pending = {}
            self._decide()

    def undo(self) -> None:
        """Take back the last step; what was said in the phase that is open again is to be said anew."""
        self._go_to(self._steps.pop())
        self.settlement = None

    # -- how it is done ----------------------------------------------------------------------------------------------

    @property
    def _here(self) -> SavedPosition:
        model = self.model
        moves, last = tuple(model.moves), model.last_month
        return SavedPosition(self.scenario, self.started, model.month, model.phase, moves, self._withdrawing, last)

    def _go_to(self, there: SavedPosition) -> None:
        """Play the talks anew up to a point."""
        uniforms = Central() if self.seed is None else Streams(self.seed, 1)
        self.model = DeliberationModel(
            there.scenario, rng=self.seed or 0, uniforms=uniforms, last_month=there.last_month
        )
        self.started, self.pending, self._withdrawing = there.started, {}, there.withdrawing
        while self.model.running and (self.model.month, self.model.phase) != (there.month, there.phase):
            now = (self.model.month, self.model.phase)
            self._advance([(one.actor, one.move) for one in there.moves if (one.month, one.phase) == now])

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
        """Decide on the text; the sponsors who said so withdraw it."""
        if not self.over and self.model.phase is Phase.DECISION:
            self._advance([(name, Move(withdraw=True)) for name in self._withdrawing])
            self._withdrawing = ()
