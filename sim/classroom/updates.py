"""Which pages learn what of an entry: the public state of a table is sent, whatever is a seat's own is only announced.

The public part is rendered once for all seats of a table. A page that hears that something of its own has changed asks
for it itself, with its own cookie, so that nothing confidential goes through a stream.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sim.classroom import class_pages, view_data
from sim.game.session import views
from sim.game.session.log import LogEntry
from sim.game.session.session import Session

EVERYWHERE = ("lock", "unlock", "pause", "resume", "debrief")
"""What all tables see."""
MOVES = ("sit", "stand", "assign", "remove")
"""Whoever it is about sees another page."""
QUIET = ("join", "announce", "whisper", "sound")
"""What does not show in public."""
SEATING = (*MOVES, "agent", "person", "lock", "unlock", "start", "undo")
"""What somebody sees who has no chair yet."""
SHARED = ("agent", "person", "suggest", "settle", "settle_vote")
"""What changes the own part of every seat's page at a table."""
PRIVATE, PUBLIC, RELOAD, LOBBY, TEACHER, WALL = "private", "public", "reload", "lobby", "teacher", "wall"


@dataclass(frozen=True)
class PageUpdate:
    """An event for the pages that follow a topic; `table` if it is the public part of one."""

    topic: str
    name: str
    text: str = ""
    table: int | None = None


After = Callable[[LogEntry], list[PageUpdate]]


def of_table(number: int) -> str:
    """The topic of a table."""
    return f"table {number}"


def of_person(person: str) -> str:
    """The topic of a person."""
    return f"person {person}"


def topics(session: Session, person: str) -> list[str]:
    """What a person's page follows."""
    place = session.place(person)
    return [of_person(person), LOBBY if place is None else of_table(place[0].number)]


def public(session: Session, table: int) -> str:
    """The public part of a page about a table, which is the same for all who see it."""
    view, story = views.public(session, session.table(table)), session.table(table).story()
    return class_pages.filled(
        class_pages.text("public.html", session.settings.language, **view_data.table(view, story))
    )


def tell(session: Session, by: str, data: Mapping[str, Any]) -> After:
    """Look at the state before an action; what comes back says, after it, what is new."""
    versions = [table.version for table in session.tables]
    whose = str(data.get("person", by))
    left = session.place(whose)

    def after(entry: LogEntry) -> list[PageUpdate]:
        found = [PageUpdate(TEACHER, PRIVATE), PageUpdate(WALL, PRIVATE)]
        turned = {one.number for one, was in zip(session.tables, versions, strict=True) if one.version != was}
        shown = turned | _seen(session, entry, None if left is None else left[0].number, whose)
        found += [PageUpdate(of_table(number), PUBLIC, public(session, number), number) for number in sorted(shown)]
        if entry.kind in EVERYWHERE or (entry.kind == "announce" and entry.data.get("to") is None):
            turned = {table.number for table in session.tables}
            found.append(PageUpdate(LOBBY, LOBBY))
        found += [PageUpdate(of_table(number), PRIVATE) for number in sorted(turned)]
        found += [PageUpdate(of_person(person), PRIVATE) for person in _concerned(session, entry)]
        if entry.kind in SEATING:
            found.append(PageUpdate(LOBBY, LOBBY))
        if entry.kind in MOVES:
            found.append(PageUpdate(of_person(whose), RELOAD))
        return found

    return after


def _seen(session: Session, entry: LogEntry, left: int | None, whose: str) -> set[int]:
    """The tables at which an entry shows."""
    if entry.kind in QUIET:
        return set()
    if entry.kind in EVERYWHERE or (entry.kind not in MOVES and entry.data.get("table", 0) is None):
        return {table.number for table in session.tables}
    place = session.place(whose)
    now = None if place is None else place[0].number
    return {number for number in (left, now, entry.data.get("table")) if number}


def _concerned(session: Session, entry: LogEntry) -> Iterator[str]:
    """The persons whose own part of the page changes, though the text and the phase stay."""
    place, to = session.place(entry.by), entry.data.get("to")
    if place is not None:
        table, actor = place
        yield from table.chairs.get(actor, [entry.by])
        if isinstance(to, str) and entry.kind == "whisper":
            yield from table.chairs.get(to, [])
    elif isinstance(to, str):
        yield to
    elif isinstance(to, Mapping):
        yield from session.table(to["table"]).chairs[to["actor"]]
    if entry.kind in SHARED:
        yield from (one for chair in session.table(entry.data["table"]).chairs.values() for one in chair)
