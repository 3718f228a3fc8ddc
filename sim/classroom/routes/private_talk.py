"""Pages with all private messages: those of one's own chair, and for the teacher those of a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from sim.classroom import class_pages, view_data
from sim.classroom.access import LiveSessionDep, SeatDep
from sim.game.session import views
from sim.game.session.session import Session

router = APIRouter()
PageNumber = Annotated[int, Query(ge=1, le=10_000)]


def _page(
    session: Session, view: Mapping[str, Any], whispers: Sequence[Mapping[str, Any]], page: int, back: str
) -> HTMLResponse:
    said = view_data.one_page([dict(whisper) for whisper in reversed(whispers)], page)
    return HTMLResponse(
        class_pages.render("private_talk.html", session.settings.language, view=view, back=back, **said)
    )


@router.get("/seat/whispers", response_class=HTMLResponse)
async def whispers(seat: SeatDep, page: PageNumber = 1) -> Response:
    """Show all private messages from and to one's own chair or the mediator's, page by page."""
    if seat.session.place(seat.person.id) is None:
        return RedirectResponse("/seat", 303)

    def render(session: Session) -> Response:
        view = views.seat(session, seat.person.id)
        own = view["you"].get("mediator") or view["you"]
        if "whispers" not in own:  # people who watch have none
            return RedirectResponse("/seat", 303)
        return _page(session, view, own["whispers"], page, "/seat#private")

    return await seat.live.read(render)


@router.get("/teacher/{session}/whispers/{table}", response_class=HTMLResponse)
async def whispers_at(live: LiveSessionDep, table: Annotated[int, Path(ge=0)], page: PageNumber = 1) -> HTMLResponse:
    """Show all private messages at a table, page by page."""

    def render(session: Session) -> HTMLResponse:
        number = session.table(table).number
        view = next(one for one in views.teacher(session)["tables"] if one["table"] == number)
        return _page(session, view, view["whispers"], page, f"/teacher/{live.row.id}")

    return await live.read(render)
