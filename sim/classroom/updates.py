"""Updates of open pages after a log entry: public state is sent, private state is only announced.

The public part is rendered once for all seats of a table, and only if one of them has a page open
(`sim.classroom.live_session`). When a page is told that its private part has changed, it requests that part with its
own cookie, so nothing confidential goes through a stream.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sim.classroom import class_pages, view_data
from sim.classroom.parts.seat_parts import SeatParts
from sim.game.session import views
from sim.game.session.log import LogEntry
from sim.game.session.session import Session

ALL_TABLES = ("lock", "unlock", "pause", "resume", "breakout", "debrief", "close_debrief")
"""Kinds of entries that all tables see."""
SEAT_CHANGES = ("sit", "stand", "assign", "remove")
"""Kinds of entries after which the person concerned sees a different page."""
NOT_PUBLIC = ("join", "clear", "announce", "whisper", "sound", "check_answer", "survey", "reflect")
"""Kinds of entries that are not shown in public."""
LOBBY_CHANGES = (*SEAT_CHANGES, "agent", "person", "lock", "unlock", "start", "undo")
"""Kinds of entries that people without a chair see."""
ALL_SEATS = ("agent", "person", "suggest", "support", "settle", "settle_vote")
"""Kinds of entries that change the private part of every seat's page at a table."""
PRIVATE, PUBLIC, RELOAD, LOBBY, TEACHER, WALL = "private", "public", "reload", "lobby", "teacher", "wall"
"""Names of events and topics."""


@dataclass(frozen=True)
class PageUpdate:
    """An event for the pages that follow a topic; it has a `table` if its text is the public part of one."""

    topic: str
    name: str
    text: str = ""
    table: int | None = None


UpdatesFor = Callable[[LogEntry], list[PageUpdate]]


def topics(session: Session, person: str) -> list[str]:
    """Return the topics that a person's page follows."""
    place = session.place(person)
    return [f"person {person}", LOBBY if place is None else f"table {place[0].number}"]


def public_part(session: Session, table: int, parts: SeatParts) -> str:
    """Return the public part of the pages about a table, which is the same for everybody."""
    view, story = views.public(session, session.table(table)), session.table(table).story()
    return class_pages.render("public.html", session.settings.language, text=parts.text, **view_data.table(view, story))


def updates_after(session: Session, by: str, kind: str, data: Mapping[str, Any]) -> UpdatesFor:
    """Record the state before an action; the returned function lists the updates after it.

    The update of a public part has no text yet: the part is rendered when somebody follows the table.
    """
    versions = [table.version for table in session.tables]
    moved = str(data.get("person", by))
    place_before, waiting = session.place(moved), session.waiting_people if kind == "clear" else []

    def after(entry: LogEntry) -> list[PageUpdate]:
        page_updates = [PageUpdate(TEACHER, PRIVATE), PageUpdate(WALL, PRIVATE)]
        pairs = zip(session.tables, versions, strict=True)
        changed = {table.number for table, version in pairs if table.version != version}
        public = changed | _showing(session, entry, None if place_before is None else place_before[0].number, moved)
        page_updates += [PageUpdate(f"table {number}", PUBLIC, table=number) for number in sorted(public)]
        if entry.kind in ALL_TABLES or (entry.kind == "announce" and entry.data.get("to") is None):
            changed = {table.number for table in session.tables}
            page_updates.append(PageUpdate(LOBBY, LOBBY))
        page_updates += [PageUpdate(f"table {number}", PRIVATE) for number in sorted(changed)]
        page_updates += [PageUpdate(f"person {person}", PRIVATE) for person in _concerned(session, entry)]
        if entry.kind in LOBBY_CHANGES:
            page_updates.append(PageUpdate(LOBBY, LOBBY))
        if entry.kind == "clear":
            page_updates += [PageUpdate(f"person {person}", RELOAD) for person in waiting]
        if entry.kind in SEAT_CHANGES:
            page_updates.append(PageUpdate(f"person {moved}", RELOAD))
        return page_updates

    return after


def _showing(session: Session, entry: LogEntry, table_before: int | None, moved: str) -> set[int]:
    """Return the tables whose public part shows an entry; `moved` sat at `table_before` before it."""
    if entry.kind in NOT_PUBLIC:
        return set()
    if entry.kind in ALL_TABLES or (entry.kind not in SEAT_CHANGES and entry.data.get("table", 0) is None):
        return {table.number for table in session.tables}
    place = session.place(moved)
    table_after = None if place is None else place[0].number
    return {number for number in (table_before, table_after, entry.data.get("table")) if number}


def _concerned(session: Session, entry: LogEntry) -> Iterator[str]:
    """Yield the people whose private part changes although the text and the phase stay the same."""
    place, to = session.place(entry.by), entry.data.get("to")
    if place is not None:
        table, actor = place
        yield from table.chairs.get(actor, table.mediators if entry.by in table.mediators else [entry.by])
        if isinstance(to, str) and entry.kind == "whisper":
            yield from table.chairs.get(to, table.mediators)
    elif isinstance(to, str):
        yield to
    elif isinstance(to, Mapping):
        yield from session.table(to["table"]).chairs[to["actor"]]
    if entry.kind in ALL_SEATS:
        table = session.table(entry.data["table"])
        for people in (*table.chairs.values(), table.mediators):
            yield from people
