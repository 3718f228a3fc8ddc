"""A session that plays: actions are checked, logged and applied, and the log alone makes the session again.

`entry` checks an action and returns its log entry; `apply` carries it out. Nothing random and no clock is read here, so
replaying a log gives the same session. Actions count in the order of the log, which settles every race.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sim.errors import RecordError, UsageError
from sim.game.phase_clock import Clock
from sim.game.session import actions, draft_editing, permissions, renegotiation
from sim.game.session.actions import MEDIATOR, OBSERVER, Action
from sim.game.session.learning.lesson_permissions import plays
from sim.game.session.lesson.lesson_actions import LessonAction
from sim.game.session.log import BEGIN, FORMAT, LogEntry, unreadable
from sim.game.session.rejections import RejectedActionError
from sim.game.session.session_state import Person, SessionState
from sim.game.session.settings import SessionSettings
from sim.game.session.table import GameTable
from sim.game.session.table_state import Improvement, Pending, Statement
from sim.game.session.talk.agent_replies import agent_reply
from sim.negotiation.moves import Move


class Session(SessionState):
    """A session, made by `begin` or `replay`, and changed by `apply`."""

    @classmethod
    def begin(cls, settings: SessionSettings, at: float) -> tuple[Session, LogEntry]:
        """Set up a session, with the first entry of its log. Raises `CaseError` if the scenario is not valid."""
        entry = LogEntry(
            1, at, actions.TEACHER, BEGIN, {"format": FORMAT, "settings": settings.model_dump(mode="json")}
        )
        return cls(settings, entry), entry

    @classmethod
    def replay(cls, entries: Iterable[LogEntry]) -> Session:
        """Make a session again from its log. Raises `RecordError` if the log was damaged or edited, or was written by
        an incompatible version of the program, and `CaseError` if the case in it is no longer valid.
        """
        first, *rest = entries
        if problem := unreadable(first):
            raise RecordError(f"entry 1: {problem}")
        if first.n != 1:
            raise RecordError(f"expected entry 1, found entry {first.n}.")
        try:
            session = cls(SessionSettings.model_validate(first.data["settings"]), first)
        except (ValueError, KeyError) as error:
            raise RecordError(f"entry 1: the game's settings are not valid. {error}") from None
        for entry in rest:
            session._check(entry)
            session.apply(entry)
        return session

    def _check(self, entry: LogEntry) -> None:
        """Refuse an entry that this program would not have written."""
        try:
            expected = self.entry(entry.by, entry.kind, entry.data, entry.at)
        except UsageError as error:
            raise RecordError(f"entry {entry.n}: '{entry.kind}' cannot have happened. {error}") from None
        if expected != entry:
            raise RecordError(f"entry {entry.n}: the game would not have written this.")

    def entry(self, by: str, kind: str, data: Mapping[str, Any], at: float) -> LogEntry:
        """Check an action, and return its entry; nothing is changed. Raises `RejectedActionError`, which says why, if
        the action is not possible now, or not for this person.

        `by` is "teacher", "clock" or a person's id, `kind` a key of `actions.KINDS` with its fields in `data`, and `at`
        the time in seconds since the epoch. The entry is never earlier than the one before it.
        """
        try:
            action = permissions.check_action(self, by, actions.read(kind, data), max(at, self.at))
        except RejectedActionError as refused:
            raise refused.in_language(self.settings.language) from None
        return LogEntry(len(self.entries) + 1, max(at, self.at), by, kind, action.model_dump(mode="json"))

    def apply(self, entry: LogEntry) -> None:
        """Carry out an entry made by `entry`; the state changes in no other way."""
        if entry.n != len(self.entries) + 1:
            raise RecordError(f"expected entry {len(self.entries) + 1}, found entry {entry.n}.")
        self.entries.append(entry)
        self._do(actions.read(entry.kind, entry.data), entry)

    def _do(self, action: Action, entry: LogEntry) -> None:
        match action:
            case actions.Lock() | actions.Unlock():
                self.locked = isinstance(action, actions.Lock)
            case actions.Pause():
                self.paused = True
                self._change_clocks(lambda clock: clock.pause(entry.at))
            case actions.Resume():
                self.paused = False
                self._change_clocks(lambda clock: clock.resume(entry.at))
                for table in self.tables:  # chairs may have changed hands during the pause
                    self._close_if_ready(table, entry)
            case actions.Debrief() | actions.CloseDebrief():
                self.debriefed = isinstance(action, actions.Debrief)
            case LessonAction():
                self.lesson.apply(action, entry, plays(self, entry.by))
            case actions.Announce():
                self.announcements.append(entry)
            case actions.Clear():
                for person in self.waiting_people:
                    del self.people[person]
                    self.roles.pop(person, None)
            case actions.Join():
                self.people[action.person] = Person(action.person, action.name)
            case actions.Say() | actions.Whisper() | actions.Suggest() | actions.Sound() | actions.Support():
                self._speak(action, entry)
            case actions.Headline():
                table = self.table(action.table)
                table.add_statement(Statement(entry, OBSERVER, table.model.month))
            case actions.RemoveHeadline():
                self.table(action.table).removed_headlines.add(action.headline)
            case actions.Assign() | actions.Sit() | actions.Stand() | actions.Remove():
                self._reseat(action, entry)
            case actions.Agent() | actions.ByHand():
                self._hand_over(action, entry)
            case actions.Vote() | actions.Amend():
                self._keep_move(action, entry)
            case actions.Settle():
                table = self.table(action.table)
                table.settlement = Improvement(entry.n, table.model.space.encode(action.package)[None])
                self._refresh_table(table, entry)
            case actions.SettleVote():
                table, actor = self.chair(entry.by)
                assert table.settlement is not None  # checked by sim.game.session.permissions
                table.settlement.votes[actor] = action.accept
                self._refresh_table(table, entry)
            case _:
                self._act_at_tables(action, entry)

    def _speak(self, action: Action, entry: LogEntry) -> None:
        table, actor = self.voice(entry.by)
        answer = before = asks_for = None
        if isinstance(action, actions.Sound):
            answer = draft_editing.sounding(table, action.actor, action.changes)
        elif isinstance(action, actions.Suggest):
            before = table.text
            asks_for = table.model.space.decode(draft_editing.amended_text(table, action.changes)[0])
        reply = agent_reply(self, table, actor, action.to) if isinstance(action, actions.Whisper) else ""
        table.add_statement(Statement(entry, actor, table.model.month, answer, before, asks_for, reply))

    def _change_clocks(self, change: Callable[[Clock], Clock]) -> None:
        for table in self.tables:
            table.clock = change(table.clock)

    def _reseat(self, action: Action, entry: LogEntry) -> None:
        """Seat a person somewhere else, nowhere, or out of the room."""
        person = action.person if isinstance(action, actions.Assign | actions.Remove) else entry.by
        left = self.place(person)
        if left is not None:
            table, actor = left
            persons = table.observers if actor == OBSERVER else table.chairs[actor]
            persons.remove(person)
            if person in table.mediators:
                table.mediators.remove(person)
        if isinstance(action, actions.Remove):
            del self.people[person]
            self.roles.pop(person, None)
        elif isinstance(action, actions.Assign | actions.Sit) and action.table is not None and action.actor is not None:
            table = self.table(action.table)
            if action.actor in (OBSERVER, MEDIATOR):
                table.observers.append(person)
                if action.actor == MEDIATOR:
                    table.mediators.append(person)
            else:
                table.chairs[action.actor].append(person)
                self.roles[person] = action.actor
        if left is not None:
            self._refresh_table(left[0], entry)

    def _hand_over(self, action: actions.Agent | actions.ByHand, entry: LogEntry) -> None:
        table = self.table(action.table)
        if isinstance(action, actions.Agent):
            table.agents.add(action.actor)
        else:
            table.agents.discard(action.actor)
        self._refresh_table(table, entry)

    def _refresh_table(self, table: GameTable, entry: LogEntry) -> None:
        """Drop the moves and votes of chairs that nobody plays any more; close what now waits for nobody."""
        table.pending = {name: move for name, move in table.pending.items() if name in table.moved_by_hand}
        improvement = table.settlement
        if improvement is not None and not improvement.closed:
            improvement.votes = {name: vote for name, vote in improvement.votes.items() if name in table.human_actors}
            improvement.closed = not renegotiation.waiting(table, improvement)
        self._close_if_ready(table, entry)

    def _keep_move(self, action: actions.Vote | actions.Amend, entry: LogEntry) -> None:
        """Keep a chair's move; a later move replaces an earlier one, or the answer of the rules when time was up."""
        table, voice = self.voice(entry.by)
        actor = table.mediating_actor or voice if voice == MEDIATOR else voice
        late = isinstance(action, actions.Vote) and self.is_late(table, actor, action.version)
        if isinstance(action, actions.Vote):
            pending = Pending(
                entry.n, Move(verdict=action.verdict, pledge=action.pledge, says=action.says), action.withdraw, entry.by
            )
        else:
            pending = Pending(entry.n, Move(amend=action.changes, says=action.says), False, entry.by)
        name = self.people[entry.by].name
        players = table.mediated_by if voice == MEDIATOR else table.players[actor]
        if name not in players:
            players.append(name)
        if late:
            self._answer_late(table, actor, pending, entry)
        else:
            table.pending[actor] = pending
            table.asked_again.pop(actor, None)
        self._close_if_ready(table, entry)

    def _answer_late(self, table: GameTable, actor: str, pending: Pending, entry: LogEntry) -> None:
        """Replace the answer of the rules; a phase that is open before and after keeps its version and its clock."""
        before = (table.over, table.model.month, table.model.phase, table.text)
        table.answer_late(actor, pending)
        if table.over or before != (table.over, table.model.month, table.model.phase, table.text):
            self._begin_phase(table, entry)

    def _close_if_ready(self, table: GameTable, entry: LogEntry) -> None:
        if table.ready() and not self.paused:
            table.close()
            self._begin_phase(table, entry)

    def _act_at_tables(self, action: Action, entry: LogEntry) -> None:
        """Carry out what the teacher or the clock does at one table or at all."""
        for table in permissions.tables_concerned(self, action):
            match action:
                case actions.Extend():
                    table.clock = table.clock.extend(action.seconds)
                case actions.Start():
                    table.start()
                    self._begin_phase(table, entry)
                case actions.Next() if table.over and table.settlement is not None:
                    table.settlement.closed = True
                case actions.Next() | actions.Timeout():
                    table.close("time" if isinstance(action, actions.Timeout) else "next")
                    self._begin_phase(table, entry)
                case actions.Finish():
                    table.finish()
                    self._begin_phase(table, entry)
                case actions.Undo():
                    table.undo()
                    self._begin_phase(table, entry)
                case actions.Inject():
                    event = self.injected_event(action)
                    at_once = table.event_month == table.model.month
                    table.inject(event.says, event.set)
                    if at_once or table.asked_again:
                        self._begin_phase(table, entry)

    def _begin_phase(self, table: GameTable, entry: LogEntry) -> None:
        """Give a new text or phase a new version and a new clock."""
        table.version = entry.n
        ticking = table.started and not table.over
        seconds = None if self.settings.minutes is None else 60 * self.settings.minutes
        clock = Clock.running(entry.at, seconds) if ticking else Clock()
        table.clock = clock.pause(entry.at) if self.paused else clock
