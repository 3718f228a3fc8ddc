"""The page for the projector: public state, the clock, and how to join."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, StreamingResponse

from sim.classroom import class_pages, updates
from sim.classroom.access import LiveSessionDep, ProjectorDep, RegistryDep
from sim.classroom.live_session import LiveSession
from sim.classroom.session_registry import SessionRegistry
from sim.classroom.wall_data import wall_table
from sim.game.session import views
from sim.game.session.session import Session

router = APIRouter()
READER = "projector"
"""Name of the reader of this page's event stream."""


async def _page(registry: SessionRegistry, live: LiveSession, here: str) -> HTMLResponse:
    def render(session: Session) -> str:
        pairs = zip(views.projector(session)["tables"], session.tables, strict=True)
        tables = [wall_table(view, table.story()) for view, table in pairs]
        data = {"tables": tables, "stored": live.row, "address": registry.address, "n": live.n, "now": live.now}
        return class_pages.render("wall.html", session.settings.language, here=here, locked=session.locked, **data)

    return HTMLResponse(await live.read(render))


@router.get("/teacher/{session}/wall", response_class=HTMLResponse)
async def wall(live: LiveSessionDep, registry: RegistryDep) -> HTMLResponse:
    """Show the projector page on the teacher's own machine."""
    return await _page(registry, live, f"/teacher/{live.row.id}/wall")


@router.get("/teacher/{session}/wall/events")
async def wall_events(live: LiveSessionDep) -> StreamingResponse:
    """Stream changes."""
    return live.stream(READER, [updates.WALL])


@router.get("/wall", response_class=HTMLResponse)
async def linked_wall(page: ProjectorDep, registry: RegistryDep) -> HTMLResponse:
    """Show the projector page on a machine that has its link."""
    return await _page(registry, page.live, "/wall")


@router.get("/wall/events")
async def linked_wall_events(page: ProjectorDep) -> StreamingResponse:
    """Stream changes."""
    return page.live.stream(READER, [updates.WALL])
