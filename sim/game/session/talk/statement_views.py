"""What everybody may see of what was said at a table: statements, suggestions with their support, headlines."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict

from sim.game.session import draft_editing
from sim.game.session.log import LogEntry
from sim.game.session.rejections import RejectedActionError
from sim.game.session.session_state import SessionState
from sim.game.session.table import GameTable
from sim.game.session.table_state import Statement

HEADLINES_SHOWN = 6
"""The most headlines that pages show, the newest first."""


class StatementView(TypedDict):
    """Something that was said (`text`, `intends`) or whispered (`to`, `text`, `reply`)."""

    n: int
    at: float
    month: int
    actor: str
    person: str | None
    text: str
    intends: NotRequired[dict[str, float]]
    """Resource to the amount that the actor would send, which does not bind it."""
    to: NotRequired[str]
    reply: NotRequired[str]
    """What the agent replied to a private message; empty if people sit there."""


class SuggestionView(TypedDict):
    """A suggested change of the text on the table."""

    n: int
    at: float
    month: int
    actor: str
    person: str | None
    changes: dict[str, Any]
    changed: dict[str, list[Any]]
    """Issue to the option of the text then and the option that is suggested, repairs included."""
    says: str
    version: int
    supporters: list[str]
    """The other actors who support it, in the order in which they said so."""
    current: bool
    """Whether the text that it would change is still on the table."""
    tabled_in: int | None
    """The first later month whose text is exactly what was suggested."""


class HeadlineView(TypedDict):
    """A headline of somebody who watches."""

    n: int
    at: float
    month: int
    person: str | None
    text: str


class AnnouncementView(TypedDict):
    """A message of the teacher; `to` is shown only to the teacher."""

    n: int
    at: float
    text: str
    to: NotRequired[Any]


def statement(session: SessionState, said: Statement) -> StatementView:
    """Return a statement as its audience may see it."""
    entry, data = said.entry, said.entry.data
    view: StatementView = {
        "n": entry.n,
        "at": entry.at,
        "month": said.month,
        "actor": said.actor,
        "person": _person(session, entry),
        "text": data["text"],
    }
    if entry.kind == "whisper":
        return {**view, "to": data["to"], "reply": said.reply}
    return {**view, "intends": dict(data["intends"])}


def _person(session: SessionState, entry: LogEntry) -> str | None:
    person = session.people.get(entry.by)
    return person.name if person else None


def suggestions(session: SessionState, table: GameTable) -> list[SuggestionView]:
    """Return the suggestions at a table, the oldest first."""
    supporters = _supporters(table)
    texts = [(month.month, table.model.space.decode(month.evaluation.matrix.texts[0])) for month in table.model.months]
    texts.append((table.model.month, table.text))
    return [
        {
            "n": said.entry.n,
            "at": said.entry.at,
            "month": said.month,
            "actor": said.actor,
            "person": _person(session, said.entry),
            "changes": dict(said.entry.data["changes"]),
            "changed": draft_editing.changed_terms(said.before or {}, said.asks_for or {}),
            "says": said.entry.data["says"],
            "version": said.entry.data["version"],
            "supporters": supporters.get(said.entry.n, []),
            "current": not table.over and said.before == table.text,
            "tabled_in": next((month for month, text in texts if month > said.month and text == said.asks_for), None),
        }
        for said in table.statements_of("suggest")
    ]


def _supporters(table: GameTable) -> dict[int, list[str]]:
    """Suggestion to the actors who support it."""
    supporters: dict[int, list[str]] = {}
    for said in table.statements_of("support"):
        actors = supporters.setdefault(said.entry.data["suggestion"], [])
        if said.actor in actors:
            actors.remove(said.actor)
        if said.entry.data["support"]:
            actors.append(said.actor)
    return supporters


def adoptable(table: GameTable) -> dict[int, str]:
    """Say which suggestions could be the next draft: suggestion to why it cannot be; empty if it can.

    Only suggestions that change something are listed.
    """
    reasons: dict[int, str] = {}
    for said in table.statements_of("suggest"):
        try:
            text = draft_editing.amended_text(table, said.entry.data["changes"])
        except RejectedActionError as refused:
            reasons[said.entry.n] = str(refused)
        else:
            if table.model.space.decode(text[0]) != table.text:
                reasons[said.entry.n] = ""
    return reasons


def headlines(session: SessionState, table: GameTable) -> list[HeadlineView]:
    """Return the newest headlines at a table, the newest first."""
    written = [said for said in table.statements_of("headline") if said.entry.n not in table.removed_headlines]
    return [
        {
            "n": said.entry.n,
            "at": said.entry.at,
            "month": said.month,
            "person": _person(session, said.entry),
            "text": said.entry.data["text"],
        }
        for said in written[: -HEADLINES_SHOWN - 1 : -1]
    ]


def announcement(entry: LogEntry) -> AnnouncementView:
    """Return a message of the teacher."""
    return {"n": entry.n, "at": entry.at, "text": entry.data["text"]}
