"""The page for the wall: the public state alone, the clock, the way in."""

from __future__ import annotations

import time

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, StreamingResponse

from sim.classroom import class_pages, updates, view_data
from sim.classroom.access import AConsole, AnOnlooker, TheRegistry
from sim.classroom.live_session import LiveSession
from sim.classroom.session_registry import SessionRegistry
from sim.game.session import views
from sim.game.session.session import Session

router = APIRouter()
READER = "projector"


async def _answer(registry: SessionRegistry, room: LiveSession, here: str) -> HTMLResponse:
    def made(session: Session) -> str:
        shown = zip(views.projector(session)["tables"], session.tables, strict=True)
        tables = [view_data.table(view, table.story()) for view, table in shown]
        data = {"tables": tables, "filed": room.filed, "address": registry.address, "n": room.n, "now": time.time()}
        return class_pages.filled(
            class_pages.text("wall.html", session.settings.language, here=here, locked=session.locked, **data)
        )

    return HTMLResponse(await room.read(made))


@router.get("/teacher/{session}/wall", response_class=HTMLResponse)
async def wall(room: AConsole, registry: TheRegistry) -> HTMLResponse:
    """The page for the wall, from the teacher's own machine."""
    return await _answer(registry, room, f"/teacher/{room.filed.id}/wall")


@router.get("/teacher/{session}/wall/events")
async def wall_events(room: AConsole) -> StreamingResponse:
    """What changes, as it changes."""
    return room.stream(READER, [updates.WALL])


@router.get("/wall", response_class=HTMLResponse)
async def onlooker(page: AnOnlooker, registry: TheRegistry) -> HTMLResponse:
    """The page for the wall, from any machine that was given its link."""
    return await _answer(registry, page.room, "/wall")


@router.get("/wall/events")
async def onlooker_events(page: AnOnlooker) -> StreamingResponse:
    """What changes, as it changes."""
    return page.room.stream(READER, [updates.WALL])
