"""The chairs of each table, as people without a chair see them: rendered once, until somebody sits down or gets up."""

from __future__ import annotations

from typing import NamedTuple

from markupsafe import Markup

from sim.classroom import class_pages
from sim.game.kept_results import KeptResults
from sim.game.session.session import Session
from sim.game.session.settings import TABLES_MOST
from sim.game.session.table import PEOPLE_PER_CHAIR, GameTable


class ShownChair(NamedTuple):
    """A chair: its actor, that actor's name and role, and the names of the people on it."""

    actor: str
    name: str
    role: str
    people: tuple[str, ...]
    full: bool


class ShownTable(NamedTuple):
    """All that is shown of a table; `alone` says whether it is the only one."""

    number: int
    mediated: bool
    alone: bool
    chairs: tuple[ShownChair, ...]


class FreeChairs:
    """The tables of one session, in the language of the session."""

    def __init__(self) -> None:
        self._parts = KeptResults[Markup](TABLES_MOST)

    def parts(self, session: Session, key: str) -> list[Markup]:
        """Return the forms with which to sit down at each table; `key` is the one in the reader's forms."""
        tables = (_shown(session, table) for table in session.tables)
        return [class_pages.with_form_key(self._part(table, session.settings.language), key) for table in tables]

    def _part(self, table: ShownTable, language: str) -> Markup:
        return self._parts.get(table, lambda: class_pages.part("lobby_table.html", language, table=table))


def _shown(session: Session, table: GameTable) -> ShownTable:
    actors = session.scenario.case.actors
    chairs = (
        ShownChair(
            name,
            actors[name].name,
            actors[name].role,
            tuple(session.people[person].name for person in persons),
            len(persons) >= PEOPLE_PER_CHAIR,
        )
        for name, persons in table.chairs.items()
    )
    return ShownTable(table.number, table.mediating_actor is not None, len(session.tables) == 1, tuple(chairs))
