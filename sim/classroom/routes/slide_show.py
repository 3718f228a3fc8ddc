"""The debrief as slides, for the projector, the teacher and the people in the class: one page per slide."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from sim.classroom import class_pages
from sim.classroom.access import LiveSessionDep, ProjectorDep, RegistryDep, SeatDep
from sim.classroom.live_session import LiveSession
from sim.classroom.routes.debriefing import COMPUTING, PATIENCE, computed, require_debrief, state_of
from sim.classroom.session_registry import SessionRegistry
from sim.report.document.slides import slides

router = APIRouter()
MOST = 999
Number = Annotated[int, Query(alias="n", ge=1, le=MOST)]
Table = Annotated[int, Query(ge=1, le=MOST)]


@router.get("/teacher/{session}/debrief/slides", response_class=HTMLResponse)
async def slides_of_teacher(
    live: LiveSessionDep, registry: RegistryDep, number: Number = 1, table: Table = 1
) -> HTMLResponse:
    """Show a slide to the teacher, at any time."""
    here = f"/teacher/{live.row.id}/debrief"
    return await _page(registry, live, here, number, table)


@router.get("/teacher/{session}/wall/slides", response_class=HTMLResponse)
async def slides_on_wall(
    live: LiveSessionDep, registry: RegistryDep, number: Number = 1, table: Table = 1
) -> HTMLResponse:
    """Show a slide on the page for the wall, once the debrief is open."""
    require_debrief(live)
    here = f"/teacher/{live.row.id}/wall"
    return await _page(registry, live, here, number, table)


@router.get("/wall/slides", response_class=HTMLResponse)
async def slides_on_linked_wall(
    page: ProjectorDep, registry: RegistryDep, number: Number = 1, table: Table = 1
) -> HTMLResponse:
    """Show a slide on a machine that has the link to the page for the wall, once the debrief is open."""
    require_debrief(page.live)
    return await _page(registry, page.live, "/wall", number, table)


@router.get("/seat/debrief/slides", response_class=HTMLResponse)
async def slides_of_seat(seat: SeatDep, registry: RegistryDep, number: Number = 1, table: Table = 1) -> HTMLResponse:
    """Show a slide to a person, once the debrief is open."""
    require_debrief(seat.live)
    return await _page(registry, seat.live, "/seat/debrief", number, table)


async def _page(registry: SessionRegistry, live: LiveSession, here: str, number: int, table: int) -> HTMLResponse:
    played, state = await live.read(state_of)
    data, whole = await computed(registry, live, played, state)
    strings, found = live.session.strings, None
    index = min(table, len(played)) - 1
    if data is not None:
        key = (live.row.id, "slides", index, state, whole)
        found = await registry.quick.get(key, lambda: slides(data, index, strings), PATIENCE)
    return class_pages.page(
        "slides.html",
        COMPUTING if found is None else 200,
        language=strings.language,
        title=live.session.scenario.title,
        address=f"{here}/slides",
        back=here,
        slides=found or [],
        n=min(number, len(found or [1])),
        table=index + 1,
        tables=[result.name for result in played],
    )
