"""Pages after the talks: the debrief to read, and downloads. It is computed here for the slides as well."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup

from sim.classroom import class_pages, view_data
from sim.classroom.access import KeyHolder, LiveSessionDep, RegistryDep, SeatDep, TeacherDep
from sim.classroom.live_session import LiveSession
from sim.classroom.session_registry import SessionRegistry
from sim.game.debrief.debrief import debrief
from sim.game.debrief.joint_gains import all_gains
from sim.game.debrief.rule_benchmark import play_benchmark
from sim.game.debrief.table_results import TableResult, tables_of
from sim.game.session.session import Session
from sim.report.document import debrief_html
from sim.report.document.own_story import own_story
from sim.strings import Strings

router = APIRouter()
Plain = dict[str, Any]
COMPUTING = 202
PATIENCE = 1.5
"""Seconds for which a page waits for a quick result before it shows that the result is being computed."""


# -- computation -----------------------------------------------------------------------------------------------------


def state_of(session: Session) -> tuple[list[TableResult], tuple[object, ...]]:
    """Return the results of the tables, and a key that changes when their talks or the round after them change."""
    rounds = [
        (table.settlement.version, table.settlement.closed) if table.settlement else None for table in session.tables
    ]
    talks = [(table.version, len(table.statements)) for table in session.tables]
    return tables_of(session), (tuple(talks), tuple(rounds))


async def computed(
    registry: SessionRegistry, live: LiveSession, played: list[TableResult], state: tuple[object, ...]
) -> tuple[Plain | None, bool]:
    """Return the debrief as far as it is computed (None: not yet), and whether it is complete."""
    session, scenario = live.row.id, live.session.scenario
    if not played:
        raise HTTPException(409, "class.debrief.nothing")
    benchmark = await registry.slow.get((session, "sample"), lambda: play_benchmark(scenario))
    texts = tuple(bytes(table.text) for table in played)
    gains = await registry.slow.get((session, "gains", state[0], texts), lambda: all_gains(played))
    whole = benchmark is not None and gains is not None
    if not whole:  # these take up to a minute; until then the page shows the quick part
        benchmark = gains = None
    key = (session, "debrief", state, whole)
    data = await registry.quick.get(
        key, lambda: debrief(scenario, played, benchmark=benchmark, all_gains=gains), PATIENCE
    )
    return data, whole


async def _debrief(
    registry: SessionRegistry, live: LiveSession, here: str, holder: KeyHolder | None, person: str | None = None
) -> HTMLResponse:
    played, state = await live.read(state_of)
    data, whole = await computed(registry, live, played, state)
    strings = live.session.strings
    body = None
    if data is not None:
        body = await registry.quick.get(
            (live.row.id, "body", state, whole), lambda: debrief_html.body(data, strings), PATIENCE
        )
    return class_pages.page(
        "look_back.html",
        COMPUTING if body is None else 200,
        language=strings.language,
        terms=view_data.TermLabels.of(live.session.scenario.case),
        title=live.session.scenario.title,
        here=here,
        body=body,
        story=None if data is None or person is None else _own_story(data, live.session, person),
        whole=whole,
        stored=live.row,
        key=None if holder is None else holder.form_key,
        offers=_offers(data, live.session) if holder is not None and data is not None else [],
    )


def _own_story(data: Plain, session: Session, person: str) -> Markup | None:
    """Return the story of a person's own seat; None without a seat or before its table has decided a month."""
    place = session.place(person)
    names = [table["name"] for table in data["tables"]]
    name = None if place is None else session.strings("debrief.table_name", number=place[0].number)
    if place is None or name not in names or place[1] not in data["actors"]:
        return None
    return own_story(data, names.index(name), place[1], session.strings)


def _offers(data: Plain, session: Session) -> list[Plain]:
    """Return the texts that would be better for everybody at a table, for the teacher to put to its seats."""
    offers = []
    by_name = {session.strings("debrief.table_name", number=table.number): table for table in session.tables}
    for debriefed in data["tables"]:
        table = by_name[debriefed["name"]]
        gains = [debriefed["gains"][part] or {"offers": ()} for part in ("all", "negotiable")]
        distinct = {json.dumps(offer["package"]): offer for part in gains for offer in part["offers"]}
        distinct = {package: offer for package, offer in distinct.items() if not offer["worse_for"]}
        if table.over:
            offers.append({"table": table.number, "texts": list(distinct.values())})
    return offers


# -- pages -----------------------------------------------------------------------------------------------------------


@router.get("/teacher/{session}/debrief", response_class=HTMLResponse)
async def debrief_of_teacher(holder: TeacherDep, live: LiveSessionDep, registry: RegistryDep) -> HTMLResponse:
    """Show the debrief to the teacher, at any time."""
    return await _debrief(registry, live, f"/teacher/{live.row.id}", holder)


@router.get("/seat/debrief", response_class=HTMLResponse)
async def debrief_of_seat(seat: SeatDep, registry: RegistryDep) -> HTMLResponse:
    """Show the debrief to a person, once the teacher has opened it."""
    require_debrief(seat.live)
    return await _debrief(registry, seat.live, "/seat", None, seat.person.id)


def require_debrief(live: LiveSession) -> None:
    """Raise an `HTTPException` (423) unless the debrief is open for all."""
    if not live.session.debriefed:
        raise HTTPException(423, "class.debrief.closed")


# -- downloads--------------------------------------------------------------------------------------------------------


@router.get("/teacher/{session}/export/{name}", response_class=Response)
async def export(live: LiveSessionDep, registry: RegistryDep, name: str) -> Response:
    """Download the debrief as HTML, CSV or JSON, or the log of the session."""
    if name == "parley-log.json":
        return _file(await live.read(_log), name)
    if name not in FILES:
        raise HTTPException(404)
    played, state = await live.read(state_of)
    data, whole = await computed(registry, live, played, state)
    if data is None or not whole:
        return class_pages.page("computing.html", COMPUTING, language=live.session.settings.language)
    return _file(FILES[name](data, live.session.strings, f"Parley {registry.program}"), name)


def _log(session: Session) -> str:
    return json.dumps([entry.to_json() for entry in session.entries], ensure_ascii=False, indent=1)


def _json(data: Plain, _: Strings, program: str) -> str:
    return json.dumps({**data, "program": program}, ensure_ascii=False, indent=1)


FILES: dict[str, Callable[[Plain, Strings, str], str]] = {
    "parley-debrief.html": debrief_html.page,
    "parley-debrief.json": _json,
    "parley-tables.csv": lambda data, strings, _: debrief_html.tables(data, strings)["tables.csv"],
    "parley-answers.csv": lambda data, strings, _: debrief_html.tables(data, strings)["answers.csv"],
}
"""Function for each file of a debrief, by file name."""
KINDS = {"html": "text/html", "json": "application/json", "csv": "text/csv"}


def _file(text: str, name: str) -> Response:
    """Return a file for download; browsers do not open it."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type=KINDS[name.rpartition(".")[2]], headers=headers)
