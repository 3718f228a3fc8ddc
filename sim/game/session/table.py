"""One table: talks with people on some of the chairs, which stop whenever a person has to move.

A table wraps a `DeliberationModel`. Moves are kept until the phase closes, and are passed to the model then; the rules
answer for every chair that has not moved. The talks can be played again up to any point, which is how an event is
inserted, and how a step is undone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from sim.case.loader import add_event
from sim.case.models import Scenario
from sim.engine.worlds import Central, Streams
from sim.game.agents.voice import AgentVoice, Answered
from sim.game.session import public_record
from sim.game.session.table_state import (
    AgentAnswer,
    AskedAgain,
    Pending,
    SavedPosition,
    Statement,
    TableState,
)
from sim.negotiation.checkpoint import Checkpoint
from sim.negotiation.model import DeliberationModel
from sim.negotiation.moves import Move, Phase, RecordedMove
from sim.strings import Strings

ANSWERING = (Phase.REACTIONS, Phase.PLEDGES)
"""The phases in which the text on the table is answered."""
PEOPLE_PER_CHAIR = 2
"""The most people who may share a chair."""


class GameTable(TableState):
    """A table of a session, which plays a scenario in the first world of a seed (None: at central values)."""

    def __init__(self, number: int, scenario: Scenario, seed: int | None, voice: AgentVoice | None = None) -> None:
        super().__init__(number, scenario, seed, voice or AgentVoice(Strings.load(), False))
        uniforms = Central() if seed is None else Streams(seed, 1)
        self.model = DeliberationModel(scenario, rng=seed or 0, uniforms=uniforms)
        self._checkpoints: list[Checkpoint] = []  # one per month of the talks so far
        self._advance([])

    # -- state --------------------------------------------------------------------------------------------------------

    def history(self) -> list[public_record.PublicMonth]:
        """What everybody heard, month by month: the text, who tabled it, the answers so far, and the decision."""
        if not self.started:
            return []
        by_people = {(given.month, given.actor) for given in self.model.moves if given.phase in ANSWERING}
        silent = by_people | {(given.month, given.actor) for given in self.stood_in}
        said = self._voice.said(self.model, lambda month, name: (month, name) not in silent)
        months = public_record.history(self.model, self._public)
        return [self._with_marks(month, by_people, said) for month in months]

    def _with_marks(
        self, month: public_record.PublicMonth, by_people: Collection[Answered], said: Mapping[Answered, str]
    ) -> public_record.PublicMonth:
        """Say which answers the rules gave for people, add what agents said, and put each event under the month in
        which people heard it.

        An answer that people gave themselves cites nothing: the case's record of what an actor has said is not theirs.
        An agent says nothing about an answer that it gave for people.
        """
        number = month["month"]
        by_agent = {given.actor: given.why for given in self.stood_in if given.month == number}
        heard = [says for heard_in, _, says in self.events if heard_in == number]
        marked: dict[str, public_record.PublicAnswer] = {
            name: {
                **answer,
                "by_agent": by_agent.get(name),
                "record": [] if (number, name) in by_people else answer["record"],
                "agent_says": said.get((number, name), ""),
            }
            for name, answer in month["answers"].items()
        }
        return {**month, "answers": marked, "events": heard}

    @property
    def events(self) -> list[tuple[int, int, str]]:
        """Each event of the scenario: the month in which people hear of it, the month from which it counts, its words.

        Both are the same unless the teacher made it happen after the first answers of a month.
        """
        events = self.scenario.events
        planned = [event.month for event in events[: len(events) - len(self._told)]]
        pairs = zip((*planned, *self._told), events, strict=True)
        return [(heard_in, event.month, event.says) for heard_in, event in pairs]

    def late_answer(self, actor: str) -> AgentAnswer | None:
        """The answer that the rules gave last in an actor's name, if its people may still answer themselves.

        They may until people have drafted the next text; where agents draft it, until somebody has answered it.
        """
        given = next((given for given in reversed(self.stood_in) if given.actor == actor), None)
        if given is None or actor not in self.human_actors or self.settlement is not None:
            return None
        month = given.month
        moved_on = any(
            past.month > month or (past.month == month and past.phase is Phase.AMENDMENT) for past in self.model.moves
        )
        closed = any(other.month > month and other.why != "agent" for other in self.stood_in)
        return None if moved_on or closed or (self.pending and self.model.month > month) else given

    def undone(self) -> dict[str, Pending | None]:
        """Actor to the move that undoing the last step takes back, for chairs with people.

        None: the move belongs to a later phase than the one that is open then.
        """
        if not self._steps:
            return {}
        there = self._steps[-1]
        lost: dict[str, Pending | None] = {}
        kept = {(past.month, past.phase, past.actor): past for past in there.moves}
        for past in self.model.moves:
            stays = past == kept.get((past.month, past.phase, past.actor))
            if not stays and self.chairs[past.actor] and past.phase is not Phase.DECISION:
                same = (past.month, past.phase) == (there.month, there.phase)
                move = Pending(0, past.move, False, "") if same else None
                lost[past.actor] = lost.get(past.actor) or move
        same = (self.model.month, self.model.phase) == (there.month, there.phase)
        for name, pending in self.pending.items():
            lost[name] = pending if same else lost.get(name)
        return lost

    # -- actions -----------------------------------------------------------------------------------------------------

    def add_statement(self, statement: Statement) -> None:
        """Keep something that was said, suggested, supported, whispered, asked or written at this table."""
        self.statements.append(statement)
        for actor in (None, statement.actor):
            self._statements_of[statement.entry.kind, actor].append(statement)

    def start(self) -> None:
        """Begin the talks, and run until a person has to move."""
        self._steps.append(self._here)
        self.started = True
        self._run_on()

    def close(self, why: str = "agent") -> None:
        """Close the phase: rules move for everybody who has not moved. Then run until a person has to move.

        `why` says why people who have not moved are not waited for: ``time``, ``next``, or ``agent``.
        """
        self._steps.append(self._here)
        self._pass_pending(why)
        self._run_on()

    def ready(self) -> bool:
        """Whether somebody has moved, and no person still has to."""
        return bool(self.pending) and not self.waiting

    def inject(self, says: str, setting: Mapping[str, float]) -> None:
        """Let an event happen: at once while the first answers are open, else before the next text is read out.

        Moves of this phase are dropped: their people did not know of the event. Raises `CaseError` if the event does
        not fit the case.
        """
        scenario = self.with_event(says, setting)
        self._steps.append(self._here)
        asked_again = {name: AskedAgain("event", pending) for name, pending in self.pending.items()}
        self._go_to(replace(self._here, scenario=scenario, told=(*self._told, self.model.month)))
        self.asked_again = asked_again

    def with_event(self, says: str, setting: Mapping[str, float]) -> Scenario:
        """Return the scenario with one more event that no rule foresees. Raises `CaseError` if it does not fit."""
        event = {"month": self.event_month, "set": dict(setting), "says": says, "announced": False}
        return add_event(self.scenario, event)

    def finish(self) -> None:
        """End the talks: play this month to its decision; if the text is not agreed, the talks expire."""
        self._steps.append(self._here)
        here, pending = self._here, self.pending
        self._go_to(replace(here, started=True, last_month=here.month))
        self.pending = pending
        while not self.over:
            self._pass_pending("next")
            self._decide()

    def undo(self) -> None:
        """Undo the last step. Moves made in the phase that is open again have to be made again."""
        lost = {name: AskedAgain("undo", pending) for name, pending in self.undone().items()}
        self._go_to(self._steps.pop())
        self.settlement = None
        self.asked_again = lost

    def answer_late(self, actor: str, pending: Pending) -> None:
        """Put a person's own answer in place of the one that the rules gave in its name, and play on from there."""
        given = self.late_answer(actor)
        assert given is not None  # checked by sim.game.session.permissions
        here, waiting, asked_again = self._here, self.pending, self.asked_again
        self._steps.append(here)
        moves = (*here.moves, RecordedMove(given.month, given.phase, actor, pending.move))
        withdrawing = here.withdrawing
        if pending.withdraw and any(month.month == given.month for month in self.model.months):
            moves = (*moves, RecordedMove(given.month, Phase.DECISION, actor, Move(withdraw=True)))
        elif pending.withdraw:
            withdrawing = (*withdrawing, actor)
        stood_in = tuple(other for other in self.stood_in if other != given)
        self._go_to(replace(here, moves=moves, withdrawing=withdrawing, stood_in=stood_in))
        if not self.over and (self.model.month, self.model.phase) == (here.month, here.phase):
            self.pending = {name: move for name, move in waiting.items() if name in self.movers}
            self.asked_again = asked_again
        if not self.pending:
            self._run_on()

    # -- helpers -----------------------------------------------------------------------------------------------------

    @property
    def _here(self) -> SavedPosition:
        model = self.model
        moves, last = tuple(model.moves), model.last_month
        where = (self.scenario, self.started, model.month, model.phase)
        return SavedPosition(*where, moves, self._withdrawing, last, self.stood_in, self._told)

    def _go_to(self, there: SavedPosition) -> None:
        """Return to the last checkpoint on the way to a saved position, and play the talks again from there."""
        while not self._checkpoints[-1].leads_to(there.scenario, there.month, there.moves):
            self._checkpoints.pop()
        self._checkpoints.pop().resume(self.model, there.scenario, there.last_month)
        self.started, self.pending, self._withdrawing = there.started, {}, there.withdrawing
        self.stood_in, self._told, self.asked_again = there.stood_in, there.told, {}
        while self.model.running and (self.model.month, self.model.phase) != (there.month, there.phase):
            now = (self.model.month, self.model.phase)
            self._advance([(given.actor, given.move) for given in there.moves if (given.month, given.phase) == now])

    def _stand_in(self, why: str) -> None:
        """Note for whom the rules answer now although people sit there."""
        if self.model.phase not in ANSWERING:
            return
        where = (self.model.month, self.model.phase)
        self.stood_in += tuple(
            AgentAnswer(*where, name, "agent" if name in self.agents else why, self.version)
            for name in self.movers
            if self.chairs[name] and name not in self.pending
        )

    def _pass_pending(self, why: str) -> None:
        """Pass the pending moves to the model, in the order in which they were made."""
        self._stand_in(why)
        self.asked_again = {}
        moves = sorted(self.pending.items(), key=lambda item: item[1].n)
        self._withdrawing = (*self._withdrawing, *(name for name, pending in moves if pending.withdraw))
        self._advance([(name, pending.move) for name, pending in moves])
        self.pending = {}

    def _advance(self, moves: Sequence[tuple[str, Move]]) -> None:
        if self.model.phase is Phase.TABLE:
            self._checkpoints.append(Checkpoint.of(self.model))
        self.model.seats = {name for name, _ in moves}
        for name, move in moves:
            self.model.give(name, move)
        self.model.advance()

    def _run_on(self) -> None:
        while not self.over and not self.waiting:
            if self.model.phase is Phase.DECISION:
                self._decide()
            else:
                self._stand_in("agent")
                self._advance([])

    def _decide(self) -> None:
        """Decide on the text; sponsors who announced it withdraw the text."""
        if not self.over and self.model.phase is Phase.DECISION:
            self._advance([(name, Move(withdraw=True)) for name in self._withdrawing])
            self._withdrawing = ()
