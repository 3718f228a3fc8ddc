"""Before and after: the rehearsal, the debrief, the model disputed, and what can be taken home."""

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
from sim.classroom.access import AConsole, ASeat, ATeacher, KeyHolder, TheRegistry
from sim.classroom.live_session import LiveSession
from sim.classroom.session_registry import SessionRegistry
from sim.errors import CaseError, UsageError
from sim.game.debrief.debrief import debrief
from sim.game.debrief.joint_gains import anywhere
from sim.game.debrief.rule_benchmark import sample
from sim.game.debrief.session_tables import tables_of
from sim.game.debrief.table_results import TableResult
from sim.game.debrief.what_if import dispute
from sim.game.paper.rehearsal import rehearse
from sim.game.session.session import Session
from sim.report.document import debrief_html
from sim.report.story.case_wording import in_words
from sim.report.story.months import months
from sim.report.zone_line import zone_line
from sim.strings import Strings

router = APIRouter()
Plain = dict[str, Any]
PATH_MOST, VALUE_MOST = 200, 40
WORD = re.compile(r"-?[a-z][a-z_]*")
COMPUTING, WRONG = 202, 422
PATIENCE = 1.5
"""Seconds for which a page waits for what is quick, before it says that it is being computed."""
Path = Annotated[str, Query(max_length=PATH_MOST)]
Value = Annotated[str, Query(max_length=VALUE_MOST)]


# -- what is computed ------------------------------------------------------------------------------------------------


def _state(session: Session) -> tuple[list[TableResult], tuple[object, ...]]:
    """The tables, and what tells them from the same tables at another time: their talks, and the round after them."""
    rounds = [(one.settlement.version, one.settlement.closed) if one.settlement else None for one in session.tables]
    talks = [(table.version, len(table.words)) for table in session.tables]
    return tables_of(session), (tuple(talks), tuple(rounds))


async def _found(
    registry: SessionRegistry, room: LiveSession, played: list[TableResult], state: tuple[object, ...]
) -> tuple[Plain | None, bool]:
    """The debrief as far as it is computed (None: not at all yet), and whether all of it is."""
    session, scenario = room.filed.id, room.session.scenario
    if not played:
        raise HTTPException(409, "class.debrief.nothing")
    drawn = await registry.slow.get((session, "sample"), lambda: sample(scenario))
    gains = await registry.slow.get((session, "gains", state[0]), lambda: anywhere(played))
    whole = drawn is not None and gains is not None
    if not whole:  # in a minute; what is quick is shown meanwhile, and is not kept waiting by it
        drawn = gains = None
    key = (session, "debrief", state, whole)
    told = await registry.quick.get(key, lambda: debrief(scenario, played, drawn=drawn, anywhere=gains), PATIENCE)
    return told, whole


async def _debrief(registry: SessionRegistry, room: LiveSession, here: str, holder: KeyHolder | None) -> HTMLResponse:
    played, state = await room.read(_state)
    found, whole = await _found(registry, room, played, state)
    strings = room.session.strings
    body = None
    if found is not None:
        body = await registry.quick.get(
            (room.filed.id, "body", state, whole), lambda: debrief_html.body(found, strings), PATIENCE
        )
    return class_pages.page(
        "look_back.html",
        COMPUTING if body is None else 200,
        language=strings.language,
        terms=view_data.TermLabels.of(room.session.scenario.case),
        title=room.session.scenario.title,
        here=here,
        body=body,
        whole=whole,
        filed=room.filed,
        key=None if holder is None else holder.form_key,
        offers=_offers(found, room.session) if holder is not None and found is not None else [],
    )


def _offers(found: Plain, session: Session) -> list[Plain]:
    """Texts that would be better for all at a table, for a teacher to put before its chairs."""
    offers = []
    by_name = {session.strings("debrief.table_name", number=table.number): table for table in session.tables}
    for told in found["tables"]:
        table = by_name[told["name"]]
        every = [one for part in ("all", "negotiable") for one in (told["gains"][part] or {"offers": ()})["offers"]]
        unlike = {json.dumps(one["package"]): one for one in every}
        if table.over:
            offers.append({"table": table.number, "texts": list(unlike.values())})
    return offers


# -- pages -----------------------------------------------------------------------------------------------------------


@router.get("/teacher/{session}/debrief", response_class=HTMLResponse)
async def of_teacher(holder: ATeacher, room: AConsole, registry: TheRegistry) -> HTMLResponse:
    """The debrief, for the teacher at any time."""
    return await _debrief(registry, room, f"/teacher/{room.filed.id}", holder)


@router.get("/seat/debrief", response_class=HTMLResponse)
async def of_seat(seat: ASeat, registry: TheRegistry) -> HTMLResponse:
    """The debrief, once the teacher has opened it."""
    _opened(seat.room)
    return await _debrief(registry, seat.room, "/seat", None)


@router.get("/teacher/{session}/rehearsal", response_class=HTMLResponse)
async def rehearsal(room: AConsole, registry: TheRegistry) -> HTMLResponse:
    """The whole table by agents, before the class comes."""
    session = room.session
    seed = session.settings.seed
    found = await registry.slow.get((room.filed.id, "rehearsal"), lambda: rehearse(session.scenario, seed), PATIENCE)
    line = "" if found is None else zone_line(found["zone_line"], session.strings)
    told = [] if found is None else _told(found["run"], session.scenario.case)
    return _answer("rehearsal.html", room, found, here=f"/teacher/{room.filed.id}", line=line, told=told)


def _told(run: Plain, case: Case) -> list[tuple[Plain, list[str]]]:
    """Each month of a run with its sentences, in the words of its case."""
    issues = {name: issue.model_dump() for name, issue in case.issues.items()}
    return list(zip(run["timeline"], months(in_words(run, issues)), strict=True))


@router.get("/teacher/{session}/dispute", response_class=HTMLResponse)
async def dispute_of_teacher(room: AConsole, registry: TheRegistry, path: Path = "", value: Value = "") -> HTMLResponse:
    """Change a number, and see what else changes."""
    return await _dispute(registry, room, f"/teacher/{room.filed.id}", path, value)


@router.get("/seat/dispute", response_class=HTMLResponse)
async def dispute_of_seat(seat: ASeat, registry: TheRegistry, path: Path = "", value: Value = "") -> HTMLResponse:
    """Change a number, and see what else changes; once the debrief is open."""
    _opened(seat.room)
    return await _dispute(registry, seat.room, "/seat", path, value)


async def _dispute(registry: SessionRegistry, room: LiveSession, here: str, path: str, value: str) -> HTMLResponse:
    scenario = room.session.scenario
    numbers = await registry.quick.get((room.filed.id, "numbers"), lambda: sources(scenario)["numbers"], PATIENCE)
    found, wrong, asked = None, "", bool(path and value.strip())
    if asked:
        try:
            found = await _disputed(registry, room, path, value.strip())
        except CaseError as error:
            wrong = error.problems[0].message
        except UsageError as error:
            wrong = str(error)
    waiting = numbers is None or (asked and found is None and not wrong)
    return _answer(
        "dispute.html",
        room,
        found,
        here=here,
        numbers=_by_owner(numbers or [], scenario.case, room.session.strings),
        path=path,
        value=value,
        waiting=waiting,
        wrong=wrong,
    )


async def _disputed(registry: SessionRegistry, room: LiveSession, path: str, value: str) -> Plain | None:
    """What changes with a number; None as long as it is computed."""
    scenario = room.session.scenario
    if path not in scenario.case.numbers:
        raise UsageError("there is no such number in this case.")
    played, state = await room.read(_state)
    new = _value(value)
    key = (room.filed.id, "dispute", state, path, new)
    found: Plain | None = await registry.slow.get(key, lambda: dispute(scenario, path, new, played), PATIENCE)
    return found


def _value(text: str) -> float | str:
    """A number, a word of the codebook, or ``never``."""
    try:
        number = float(text)
    except ValueError:
        if not WORD.fullmatch(text):
            raise UsageError(f"'{text}' is no number, and no word of the case's codebook.") from None
        return text
    if not abs(number) < float("inf"):
        raise UsageError("a number has an end.")
    return number


def _by_owner(numbers: list[Plain], case: Case, t: Strings) -> Mapping[str, dict[str, str]]:
    """The numbers of a case in words, by their paths, under the names of those to whom they belong."""
    found: dict[str, dict[str, str]] = {}
    for one in numbers:
        owner = str(one["owner"])
        name = case.actors[owner].name if owner in case.actors else t(f"class.dispute.owner.{owner}")
        found.setdefault(name, {})[str(one["path"])] = view_data.number(one, t)
    return found


def _answer(template: str, room: LiveSession, found: Plain | None, **data: Any) -> HTMLResponse:
    data = {"waiting": found is None, **data}
    return class_pages.page(
        template,
        COMPUTING if data["waiting"] else WRONG if data.get("wrong") else 200,
        language=room.session.settings.language,
        title=room.session.scenario.title,
        terms=view_data.TermLabels.of(room.session.scenario.case),
        found=found,
        **data,
    )


def _opened(room: LiveSession) -> None:
    if not room.session.debriefed:
        raise HTTPException(423, "class.debrief.closed")


# -- files -----------------------------------------------------------------------------------------------------------


@router.get("/teacher/{session}/export/{name}", response_class=Response)
async def export(room: AConsole, registry: TheRegistry, name: str) -> Response:
    """A file to take home: the debrief as HTML, CSV or JSON, or everything that happened."""
    if name == "parley-log.json":
        return _file(await room.read(_log), name)
    if name not in FILES:
        raise HTTPException(404)
    played, state = await room.read(_state)
    found, whole = await _found(registry, room, played, state)
    if found is None or not whole:
        return class_pages.page("computing.html", COMPUTING, language=room.session.settings.language)
    return _file(FILES[name](found, room.session.strings, f"Parley {registry.program}"), name)


def _log(session: Session) -> str:
    return json.dumps([entry.to_json() for entry in session.entries], ensure_ascii=False, indent=1)


def _json(found: Plain, _: Strings, program: str) -> str:
    return json.dumps({**found, "program": program}, ensure_ascii=False, indent=1)


FILES: dict[str, Callable[[Plain, Strings, str], str]] = {
    "parley-debrief.html": debrief_html.page,
    "parley-debrief.json": _json,
    "parley-tables.csv": lambda found, strings, _: debrief_html.tables(found, strings)["tables.csv"],
    "parley-answers.csv": lambda found, strings, _: debrief_html.tables(found, strings)["answers.csv"],
}
"""What can be taken home of a debrief, by the name of the file."""
KINDS = {"html": "text/html", "json": "application/json", "csv": "text/csv"}


def _file(text: str, name: str) -> Response:
    """A file to be kept; a browser does not show it."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type=KINDS[name.rpartition(".")[2]], headers=headers)
