"""The tables on the teacher's console: each is rendered again only when something in it has changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from sim.classroom import class_pages, view_data
from sim.classroom.view_data import TermLabels
from sim.game.kept_results import KeptResults
from sim.game.session.session import Session
from sim.game.session.settings import TABLES_MOST
from sim.game.session.views import OverseenTable


class TableCards:
    """The tables of one session, whose id is `session`, as its teacher sees them."""

    def __init__(self, session: str) -> None:
        self._session = session
        self._parts = KeptResults[Markup](2 * TABLES_MOST)

    def part(self, session: Session, table: OverseenTable, numbers_of: int, numbers: Mapping[str, Any]) -> Markup:
        """Return a table, with its live numbers if it is the table `numbers_of`; the keys of its forms are missing."""
        shown = numbers if table["table"] == numbers_of else None
        key = repr((table, shown))  # a view is plain data, so this says everything that the part shows
        return self._parts.get(key, lambda: self._rendered(session, table, numbers_of, shown or {}))

    def _rendered(self, session: Session, table: OverseenTable, numbers_of: int, numbers: Mapping[str, Any]) -> Markup:
        return class_pages.part(
            "table_card.html",
            session.settings.language,
            session=self._session,
            table=table,
            said=view_data.recent_talk(table),
            terms=TermLabels(table["text"]),
            many=len(session.tables) > 1,
            actors={name: actor.name for name, actor in session.scenario.case.actors.items()},
            clocked=session.settings.minutes is not None,
            numbers_of=numbers_of,
            numbers=numbers,
        )
