"""The page of a person in a session, as a phone shows it: the table, or the free chairs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from fastapi.responses import HTMLResponse

from sim.classroom import access, class_pages, view_data
from sim.classroom.access import Seat
from sim.classroom.session_registry import SessionRegistry
from sim.game.session import views
from sim.game.session.rejections import RejectedActionError
from sim.game.session.session import Session
from sim.strings import Strings


def own(seat: Seat, session: Session, changes: Mapping[str, str]) -> dict[str, Any]:
    """Return the template data of the private parts of a person's page."""
    person = seat.person.id
    view = views.seat(session, person)
    draft, wrong = None, ""
    if changes:
        try:
            draft = views.draft(session, person, changes)
        except RejectedActionError as error:
            wrong = str(error)
    return {
        "view": view,
        "changes": dict(changes),
        "draft": draft,
        "wrong": wrong,
        "n": session.entries[-1].n,
        "worth": seat.live.parts.worth,
        "draft_fields": seat.live.parts.draft_fields(view["text"], changes),
        "debriefed": session.debriefed,
        "locked": session.locked,
        "kept": seat.live.kept.get((view["table"], view["you"]["actor"] or "")),
        **_brief_first(seat, session, view),
        **_titled(view_data.own(view, session.settings.whispers), session.strings),
    }


def _titled(data: dict[str, Any], t: Strings) -> dict[str, Any]:
    """Add the title of a person's page, which says whether it is the person's turn."""
    role = data["role"] or (t("class.mediator.name") if data["mediates"] else "")
    title = t("class.phone.title_turn" if data["mine"] else "class.phone.title", role=role or t("class.seat.watch"))
    return {**data, "role": role, "phone_title": title}


def _brief_first(seat: Seat, session: Session, view: Mapping[str, Any]) -> dict[str, Any]:
    """Return whether the page opens with the brief: until it has been read, or the seat has answered."""
    actor = view["you"]["actor"]
    begun = view["stage"] == "over" or view["month"] > 1 or (actor is not None and actor in view["answers"])
    read = begun or actor is None or (seat.person.id, view["table"], actor) in seat.live.readers
    unread = not read and not view["you"]["move"]
    return {
        "unread": unread,
        "aims": seat.live.briefs.aims(session, actor) if unread else {},
    }


def _page(seat: Seat, session: Session, code: str, changes: Mapping[str, str], whole: bool = True) -> str:
    place, language = session.place(seat.person.id), session.settings.language
    common = {"key": seat.form_key, "code": code, "now": seat.live.now, "query": urlencode(terms(changes))}
    if place is None:
        lobby = {
            "tables": seat.live.chairs.parts(session, seat.form_key),
            "locked": session.locked,
            "n": session.entries[-1].n,
        }
        lobby["question"] = session.scenario.question
        return class_pages.render("lobby.html", language, title=session.scenario.title, **lobby, **common)
    shown = class_pages.parts_of(seat.live.public_part(place[0].number)) if whole else {}
    private = own(seat, session, changes)
    return class_pages.render("seat.html" if whole else "own.html", language, shown=shown, **private, **common)


def terms(changes: Mapping[str, str]) -> dict[str, str]:
    """Return the terms of a draft as fields of an address."""
    return {f"{access.TERM}{name}": option for name, option in changes.items()}


async def show(
    seat: Seat, registry: SessionRegistry, changes: Mapping[str, str] | None = None, whole: bool = True
) -> HTMLResponse:
    """Return the page of a person with the changes of a draft, or only its private parts."""
    code = registry.own_code(seat.live.row.id, seat.person.id)
    return HTMLResponse(await seat.live.read(lambda session: _page(seat, session, code, changes or {}, whole)))
