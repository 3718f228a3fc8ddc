"""A session: people, tables, and the log from which all of it can be made again.

`entry` says whether something may be done, and what would stand in the log; `apply` does it. Nothing random and no
clock is read here, so that the replay of a log is the session. Actions count in the order of the log: that settles
every race.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sim.errors import RecordError, UsageError
from sim.game.session import actions, permissions, soundings
from sim.game.session.actions import OBSERVER, Action
from sim.game.session.clock import Clock
from sim.game.session.log import BEGIN, FORMAT, LogEntry, unreadable
from sim.game.session.rejections import RejectedActionError
from sim.game.session.renegotiation import Improvement
from sim.game.session.settings import SessionSettings
from sim.game.session.table import GameTable, Pending, Statement
from sim.negotiation.moves import Move
from sim.negotiation.scenario_loader import build_scenario
from sim.strings import Strings

SECONDS = 60
"""Of a minute."""


@dataclass(frozen=True)
class Person:
    """Somebody in the room: an id, and the name that it goes by."""

    id: str
    name: str


class Session:
    """A session in its present state; made by `begin` or `replay`.

    Attributes
    ----------
    settings : what it was set up with
    scenario : what is played, as it was set up
    entries : the log
    people : id to person, of those who are in the room
    roles : id to the actor whose brief a person of the room has had last
    tables : all tables, the first first
    locked, paused, debriefed : whether it is so
    announcements : entries of the teacher's messages
    """

    def __init__(self, settings: SessionSettings, begun: LogEntry) -> None:
        self.settings = settings
        self.scenario = build_scenario(settings.scenario)
        self.entries: list[LogEntry] = [begun]
        self.people: dict[str, Person] = {}
        self.roles: dict[str, str] = {}
        self.tables = [GameTable(at, self.scenario, settings.seed) for at in range(1, settings.tables + 1)]
        self.locked = self.paused = self.debriefed = False
        self.announcements: list[LogEntry] = []

    @classmethod
    def begin(cls, settings: SessionSettings, at: float) -> tuple[Session, LogEntry]:
        """Set up a session, and return it with the first entry of its log.

        Raises
        ------
        CaseError
            if the scenario in the settings does not make sense
        """
        entry = LogEntry(
            1, at, actions.TEACHER, BEGIN, {"format": FORMAT, "settings": settings.model_dump(mode="json")}
        )
        return cls(settings, entry), entry

    @classmethod
    def replay(cls, entries: Iterable[LogEntry]) -> Session:
        """Make a session again from its log.

        Raises
        ------
        RecordError
            if the log was damaged or edited, or another version of the program does not understand it
        CaseError
            if the case in it is no longer valid
        """
        first, *rest = entries
        if refusal := unreadable(first):
            raise RecordError(f"entry 1: {refusal}")
        if first.n != 1:
            raise RecordError(f"entry {first.n} stands where entry 1 belongs.")
        try:
            session = cls(SessionSettings.model_validate(first.data["settings"]), first)
        except (ValueError, KeyError) as error:
            raise RecordError(f"entry 1: the settings of the game do not make sense. {error}") from None
        for entry in rest:
            session._check(entry)
            session.apply(entry)
        return session

    def _check(self, entry: LogEntry) -> None:
        """Refuse what this program would not have written."""
        try:
            expected = self.entry(entry.by, entry.kind, entry.data, entry.at)
        except UsageError as error:
            raise RecordError(f"entry {entry.n}: '{entry.kind}' cannot have happened. {error}") from None
        if expected != entry:
            raise RecordError(f"entry {entry.n}: this is not what the game would have written.")

    # -- reading -----------------------------------------------------------------------------------------------------

    def table(self, number: int) -> GameTable:
        """Return a table by its number.

        Raises
        ------
        RefusedError
            if there is none
        """
        if not 1 <= number <= len(self.tables):
            raise RejectedActionError("bad", "no_table", table=number, tables=len(self.tables))
        return self.tables[number - 1]

    def place(self, person: str) -> tuple[GameTable, str] | None:
        """Where somebody sits: the table, and an actor or `OBSERVER`."""
        for table in self.tables:
            for actor, persons in table.chairs.items():
                if person in persons:
                    return table, actor
            if person in table.observers:
                return table, OBSERVER
        return None

    def some(self, number: int | None) -> list[GameTable]:
        """The table of that number, or all."""
        return self.tables if number is None else [self.table(number)]

    @property
    def strings(self) -> Strings:
        """The words of the session's language."""
        return Strings.load(self.settings.language)

    @property
    def at(self) -> float:
        """When the last entry was written."""
        return self.entries[-1].at

    @property
    def phase_seconds(self) -> float | None:
        """How long a phase takes; None if there is no clock."""
        return None if self.settings.minutes is None else self.settings.minutes * SECONDS

    # -- doing -------------------------------------------------------------------------------------------------------

    def entry(self, by: str, kind: str, data: Mapping[str, Any], at: float) -> LogEntry:
        """Check an action, and return its entry; nothing is changed.

        Parameters
        ----------
        by : "teacher", "clock", or a person's id
        kind : a key of `actions.KINDS`
        data : what its shape asks for
        at : now; the entry is never earlier than the one before it

        Raises
        ------
        RefusedError
            if it cannot be done now, or by whom asked; says why
        """
        try:
            action = permissions.checked(self, by, actions.read(kind, data), max(at, self.at))
        except RejectedActionError as refused:
            raise refused.told(self.settings.language) from None
        return LogEntry(len(self.entries) + 1, max(at, self.at), by, kind, actions.plain(action))

    def apply(self, entry: LogEntry) -> None:
        """Do what an entry of `entry` says; the only way in which the state changes."""
        if entry.n != len(self.entries) + 1:
            raise RecordError(f"entry {entry.n} stands where entry {len(self.entries) + 1} belongs.")
        self.entries.append(entry)
        self._do(actions.read(entry.kind, entry.data), entry)

    def _do(self, action: Action, entry: LogEntry) -> None:
        match action:
            case actions.Lock() | actions.Unlock():
                self.locked = isinstance(action, actions.Lock)
            case actions.Pause():
                self.paused = True
                self._clocks(lambda clock: clock.pause(entry.at))
            case actions.Resume():
                self.paused = False
                self._clocks(lambda clock: clock.resume(entry.at))
                for table in self.tables:  # chairs may have changed hands meanwhile
                    self._close_if_ready(table, entry)
            case actions.Debrief():
                self.debriefed = True
            case actions.Announce():
                self.announcements.append(entry)
            case actions.Join():
                self.people[action.person] = Person(action.person, action.name)
            case actions.Say() | actions.Whisper() | actions.Suggest() | actions.Sound():
                self._speak(action, entry)
            case actions.Assign() | actions.Sit() | actions.Stand() | actions.Remove():
                self._move(action, entry)
            case actions.Agent() | actions.ByHand():
                self._hand_over(action, entry)
            case actions.Vote() | actions.Amend():
                self._take(action, entry)
            case actions.Settle():
                table = self.table(action.table)
                table.settlement = Improvement(entry.n, table.model.space.encode(action.package)[None])
                self._settle(table, entry)
            case actions.SettleVote():
                table, actor = self._seat(entry.by)
                assert table.settlement is not None  # held by sim.game.session.permissions
                table.settlement.votes[actor] = action.accept
                self._settle(table, entry)
            case _:
                self._conduct(action, entry)

    def _speak(self, action: Action, entry: LogEntry) -> None:
        table, actor = self._seat(entry.by)
        answer = soundings.answer(table, action.actor, action.changes) if isinstance(action, actions.Sound) else None
        table.statements.append(Statement(entry, actor, table.model.month, answer))

    def _clocks(self, change: Callable[[Clock], Clock]) -> None:
        for table in self.tables:
            table.clock = change(table.clock)

    def _move(self, action: Action, entry: LogEntry) -> None:
        """Somebody changes places."""
        person = action.person if isinstance(action, actions.Assign | actions.Remove) else entry.by
        left = self.place(person)
        if left is not None:
            table, actor = left
            persons = table.observers if actor == OBSERVER else table.chairs[actor]
            persons.remove(person)
        if isinstance(action, actions.Remove):
            del self.people[person]
            self.roles.pop(person, None)
        elif isinstance(action, actions.Assign | actions.Sit) and action.table is not None and action.actor is not None:
            table = self.table(action.table)
            if action.actor == OBSERVER:
                table.observers.append(person)
            else:
                table.chairs[action.actor].append(person)
                self.roles[person] = action.actor
        if left is not None:
            self._settle(left[0], entry)

    def _hand_over(self, action: actions.Agent | actions.ByHand, entry: LogEntry) -> None:
        table = self.table(action.table)
        if isinstance(action, actions.Agent):
            table.agents.add(action.actor)
        else:
            table.agents.discard(action.actor)
        self._settle(table, entry)

    def _settle(self, table: GameTable, entry: LogEntry) -> None:
        """What nobody plays any more loses its move; if now all have moved, the phase closes."""
        table.pending = {name: one for name, one in table.pending.items() if name in table.human_actors}
        open_round = table.settlement
        if open_round is not None and not open_round.closed:
            open_round.votes = {name: vote for name, vote in open_round.votes.items() if name in table.human_actors}
            open_round.closed = not open_round.waiting(table)
        self._close_if_ready(table, entry)

    def _take(self, action: actions.Vote | actions.Amend, entry: LogEntry) -> None:
        """A chair moves; a later move takes the place of an earlier one."""
        table, actor = self._seat(entry.by)
        if isinstance(action, actions.Vote):
            pending = Pending(
                entry.n, Move(verdict=action.verdict, pledge=action.pledge, says=action.says), action.withdraw, entry.by
            )
        else:
            pending = Pending(entry.n, Move(amend=action.changes, says=action.says), False, entry.by)
        table.pending[actor] = pending
        name = self.people[entry.by].name
        if name not in table.players[actor]:
            table.players[actor].append(name)
        self._close_if_ready(table, entry)

    def _seat(self, person: str) -> tuple[GameTable, str]:
        place = self.place(person)
        assert place is not None  # held by sim.game.session.permissions
        return place

    def _close_if_ready(self, table: GameTable, entry: LogEntry) -> None:
        if table.ready() and not self.paused:
            table.close()
            self._turned(table, entry)

    def _conduct(self, action: Action, entry: LogEntry) -> None:
        """What the teacher, or the clock, does with one table or with all."""
        for table in permissions.concerned(self, action):
            match action:
                case actions.Extend():
                    table.clock = table.clock.extend(action.seconds)
                case actions.Start():
                    table.start()
                    self._turned(table, entry)
                case actions.Next() if table.over and table.settlement is not None:
                    table.settlement.closed = True
                case actions.Next() | actions.Timeout():
                    table.close()
                    self._turned(table, entry)
                case actions.Finish():
                    table.finish()
                    self._turned(table, entry)
                case actions.Undo():
                    table.undo()
                    self._turned(table, entry)
                case actions.Inject():
                    happening = permissions.happening(self, action)
                    begins = table.event_month == table.model.month
                    table.inject(happening.says, happening.set)
                    if begins:
                        self._turned(table, entry)

    def _turned(self, table: GameTable, entry: LogEntry) -> None:
        """A new text or phase is on the table: a new version, and a new clock."""
        table.version = entry.n
        ticking = table.started and not table.over
        clock = Clock.running(entry.at, self.phase_seconds) if ticking else Clock()
        table.clock = clock.pause(entry.at) if self.paused else clock
