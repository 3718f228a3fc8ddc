"""The present state of a session: its people, its tables, and whether it is locked, paused or debriefed."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cached_property

from sim.game.agents.voice import AgentVoice
from sim.game.kept_results import KeptResults
from sim.game.session import actions
from sim.game.session.actions import MEDIATOR, OBSERVER
from sim.game.session.brief import Brief
from sim.game.session.lesson.lesson_state import LessonState
from sim.game.session.log import LogEntry
from sim.game.session.rejections import RejectedActionError
from sim.game.session.scoring import Score
from sim.game.session.settings import SessionSettings
from sim.game.session.table import GameTable
from sim.game.session.table_state import AgentAnswer
from sim.negotiation.scenario_loader import build_scenario
from sim.strings import Strings

KEPT = 128
"""Briefs, and scores, of roles that are kept in memory."""
LOOK_ALIKES = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u04bb\u0501\u051b\u0432\u043a\u043c\u043d\u0442"
    "\u03b1\u03bf\u03c1\u03c5\u03bd\u03b9\u03ba\u03c4\u03c7\u03b5\u03b7\u03b6\u03bc\u0131\u01c0",
    "aeopcyxijshdqbkmhtaopuviktxenzuil",
)
"""Small Cyrillic, Greek and other letters whose small or capital form looks like a Latin letter, with that letter."""
PEOPLE_MOST = 400
"""The most people in a room: forty tables of seven, and others who watch."""


def seen_as(name: str) -> str:
    """Return a name as people see it: two names that look alike give the same text.

    Compatible forms, case, spaces, marks that are not shown, and letters of other scripts that look alike do not count.
    """
    plain = unicodedata.normalize("NFKC", name).casefold()
    shown = (letter for letter in plain if unicodedata.category(letter) not in ("Cf", "Cc"))
    return " ".join("".join(shown).translate(LOOK_ALIKES).split())


@dataclass(frozen=True)
class Person:
    """Somebody in the room: an id and a pseudonym."""

    id: str
    name: str

    @cached_property
    def looks(self) -> str:
        """The name as people see it; each new name is compared with those of the whole class."""
        return seen_as(self.name)


class SessionState:
    """What can be read of a session; `sim.game.session.session.Session` changes it.

    Attributes
    ----------
    scenario : as it was when the session began
    people : id to person, for everybody in the room
    roles : id to the actor whose brief the person had last
    announcements : entries of the teacher's messages
    lesson : what happens beside the talks, such as a breakout or a survey
    briefs, scores : those of roles at tables whose talks are at the same point (`sim.game.session.views`)
    """

    def __init__(self, settings: SessionSettings, begun: LogEntry) -> None:
        self.settings = settings
        self.scenario = build_scenario(settings.scenario)
        self.entries: list[LogEntry] = [begun]
        self.people: dict[str, Person] = {}
        self.roles: dict[str, str] = {}
        self.tables = [
            GameTable(number, self.scenario, settings.seed, AgentVoice(self.strings, settings.conditions))
            for number in range(1, settings.tables + 1)
        ]
        self.locked = self.paused = self.debriefed = False
        self.announcements: list[LogEntry] = []
        self.briefs, self.scores = KeptResults[Brief](KEPT), KeptResults[Score](KEPT)
        self.lesson = LessonState()

    def table(self, number: int) -> GameTable:
        """Return a table by its number. Raises `RejectedActionError` if there is no such table."""
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

    @property
    def waiting_people(self) -> list[str]:
        """The ids of the people who have no seat and watch no table."""
        placed = {
            person for table in self.tables for people in (*table.chairs.values(), table.observers) for person in people
        }
        return [person for person in self.people if person not in placed]

    def chair(self, person: str) -> tuple[GameTable, str]:
        """Where somebody plays: the table and the actor. Raises `RejectedActionError` if the person has no chair."""
        place = self.place(person)
        if place is None or place[1] == OBSERVER:
            raise RejectedActionError("forbidden", "not_seated", self.settings.language)
        return place

    def voice(self, person: str) -> tuple[GameTable, str]:
        """Where somebody speaks: the table and the actor, or `MEDIATOR`. Raises `RejectedActionError` for others."""
        place = self.place(person)
        if place is not None and person in place[0].mediators:
            return place[0], MEDIATOR
        return self.chair(person)

    def late_answer(self, table: GameTable, actor: str) -> AgentAnswer | None:
        """The answer that the rules gave last in an actor's name, if its people may still answer themselves."""
        return None if self.paused or self.debriefed else table.late_answer(actor)

    def is_late(self, table: GameTable, actor: str, version: int) -> bool:
        """Whether an answer to this version takes the place of one that the rules gave in the actor's name."""
        given = self.late_answer(table, actor)
        return given is not None and version == given.version != table.version

    def injected_event(self, action: actions.Inject) -> actions.Happening:
        """Return the event that an action injects: one from the library, by its id, or the teacher's own. Raises
        `RejectedActionError` if the library has no event of that id, or the action names neither an id nor an event,
        or both.
        """
        library = self.scenario.case.injects
        if action.event is not None and action.id is None:
            return action.event
        if action.event is None and (chosen := library.get(action.id or "")):
            return actions.Happening(says=chosen.says, set=chosen.set)
        raise RejectedActionError("bad", "no_inject", inject=action.id or "", injects=", ".join(library) or "-")

    @property
    def strings(self) -> Strings:
        """The words of the session's language, with its case's words for ids."""
        return Strings.load(self.settings.language).with_names(self.scenario.case.names)

    @property
    def at(self) -> float:
        """The time of the last entry, in seconds since the epoch."""
        return self.entries[-1].at
