"""Pages after the talks: debrief, disputing a number of the model, and downloads."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import HTMLResponse, Response

from sim.analysis.judging.sources import sources
from sim.case.models import Case
from sim.classroom import class_pages, view_data
from sim.classroom.access import KeyHolder, LiveSessionDep, RegistryDep, SeatDep, TeacherDep
from sim.classroom.live_session import LiveSession
from sim.classroom.session_registry import SessionRegistry
from sim.errors import CaseError, UsageError
from sim.game.debrief.debrief import debrief
from sim.game.debrief.joint_gains import all_gains
from sim.game.debrief.rule_benchmark import play_benchmark
from sim.game.debrief.table_results import TableResult, tables_of
from sim.game.debrief.what_if import dispute
from sim.game.session.session import Session
from sim.report.document import debrief_html
from sim.strings import Strings, spoken

router = APIRouter()
Plain = dict[str, Any]
MAX_PATH_LENGTH, MAX_VALUE_LENGTH = 200, 40
WORD = re.compile(r"-?[a-z][a-z_]*")
"""A word of the codebook, as it may be typed for a number."""
COMPUTING, WRONG = 202, 422
PATIENCE = 1.5
"""Seconds for which a page waits for a quick result before it shows that the result is being computed."""
Path = Annotated[str, Query(max_length=MAX_PATH_LENGTH)]
Value = Annotated[str, Query(max_length=MAX_VALUE_LENGTH)]


# -- computation -----------------------------------------------------------------------------------------------------


def _state(session: Session) -> tuple[list[TableResult], tuple[object, ...]]:
    """Return the results of the tables, and a key that changes when their talks or the round after them change."""
    rounds = [
        (table.settlement.version, table.settlement.closed) if table.settlement else None for table in session.tables
    ]
    talks = [(table.version, len(table.statements)) for table in session.tables]
    return tables_of(session), (tuple(talks), tuple(rounds))


async def _computed(
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


async def _debrief(registry: SessionRegistry, live: LiveSession, here: str, holder: KeyHolder | None) -> HTMLResponse:
    played, state = await live.read(_state)
    data, whole = await _computed(registry, live, played, state)
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
        whole=whole,
        stored=live.row,
        key=None if holder is None else holder.form_key,
        offers=_offers(data, live.session) if holder is not None and data is not None else [],
    )


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
    _require_debrief(seat.live)
    return await _debrief(registry, seat.live, "/seat", None)


@router.get("/teacher/{session}/dispute", response_class=HTMLResponse)
async def dispute_of_teacher(
    live: LiveSessionDep, registry: RegistryDep, path: Path = "", value: Value = ""
) -> HTMLResponse:
    """Change a number and show what else changes."""
    return await _dispute_page(registry, live, f"/teacher/{live.row.id}", path, value)


@router.get("/seat/dispute", response_class=HTMLResponse)
async def dispute_of_seat(seat: SeatDep, registry: RegistryDep, path: Path = "", value: Value = "") -> HTMLResponse:
    """Change a number and show what else changes, once the debrief is open."""
    _require_debrief(seat.live)
    return await _dispute_page(registry, seat.live, "/seat", path, value, seat.person.id)


async def _dispute_page(
    registry: SessionRegistry, live: LiveSession, here: str, path: str, value: str, student: str | None = None
) -> HTMLResponse:
    scenario = live.session.scenario
    numbers = await registry.quick.get((live.row.id, "numbers"), lambda: sources(scenario)["numbers"], PATIENCE)
    result, wrong, asked = None, "", bool(path and value.strip())
    if asked:
        try:
            result = await _effects(registry, live, path, value.strip(), student)
        except CaseError as error:
            wrong = error.problems[0].message
        except UsageError as error:
            wrong = str(error)
    waiting = numbers is None or (asked and result is None and not wrong)
    return _page(
        "dispute.html",
        live,
        result,
        here=here,
        numbers=_by_owner(numbers or [], scenario.case, live.session.strings),
        path=path,
        value=value,
        waiting=waiting,
        wrong=wrong,
    )


async def _effects(
    registry: SessionRegistry, live: LiveSession, path: str, value: str, student: str | None
) -> Plain | None:
    """Return what changes with a number; None while it is being computed. A student's request comes last."""
    scenario = live.session.scenario
    if path not in scenario.case.numbers:
        raise UsageError(spoken()("class.error.no_number", path=path))
    played, state = await live.read(_state)
    new = _value(value)
    key = (live.row.id, "dispute", state, path, new)
    effects: Plain | None = await registry.slow.get(
        key, lambda: dispute(scenario, path, new, played), PATIENCE, guest=student
    )
    return effects


def _value(text: str) -> float | str:
    """Return a number, a word of the codebook, or ``never``, as typed."""
    try:
        number = float(text)
    except ValueError:
        if not WORD.fullmatch(text):
            raise UsageError(spoken()("class.error.no_word", text=text)) from None
        return text
    if not abs(number) < float("inf"):
        raise UsageError(spoken()("class.error.not_finite", text=text))
    return number


def _by_owner(numbers: list[Plain], case: Case, t: Strings) -> Mapping[str, dict[str, str]]:
    """Return the numbers of a case in words, by path, grouped by the names of their owners."""
    by_owner: dict[str, dict[str, str]] = {}
    for entry in numbers:
        owner = str(entry["owner"])
        name = case.actors[owner].name if owner in case.actors else t(f"class.dispute.owner.{owner}")
        by_owner.setdefault(name, {})[str(entry["path"])] = view_data.number_label(entry, t)
    return by_owner


def _page(template: str, live: LiveSession, result: Plain | None, **data: Any) -> HTMLResponse:
    data = {"waiting": result is None, **data}
    return class_pages.page(
        template,
        COMPUTING if data["waiting"] else WRONG if data.get("wrong") else 200,
        language=live.session.settings.language,
        title=live.session.scenario.title,
        terms=view_data.TermLabels.of(live.session.scenario.case),
        result=result,
        **data,
    )


def _require_debrief(live: LiveSession) -> None:
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
    played, state = await live.read(_state)
    data, whole = await _computed(registry, live, played, state)
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
