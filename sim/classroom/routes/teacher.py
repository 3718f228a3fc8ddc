"""The teacher's pages: all sessions, and the console of one."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from fastapi import Form as Posted
from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from pydantic import AfterValidator, ConfigDict, Field

from sim.classroom import access, class_pages, session_registry, updates, view_data
from sim.classroom.access import AConsole, ATeacher, PostedForm, TheRegistry
from sim.classroom.live_session import LiveSession
from sim.classroom.session_registry import SessionRegistry
from sim.errors import UsageError
from sim.game.session import actions, views
from sim.game.session.session import Session
from sim.game.session.settings import MINUTES_MOST, SOUNDINGS, SOUNDINGS_MOST, TABLES_MOST, SessionSettings
from sim.negotiation.protocols import PROTOCOLS
from sim.report.zone_line import zone_line
from sim.strings import Strings
from sim.web.catalogue import CatalogueEntry

router = APIRouter(prefix="/teacher")
HERE = "/teacher"
WORD_MOST, TEXT_MOST = 64, 2_000
MONTHS_MOST = 120
SECONDS = 60
Word = Annotated[str, Field(max_length=WORD_MOST)]
Text = Annotated[str, Field(max_length=TEXT_MOST)]


def _offered(protocol: str) -> str:
    """Refuse a protocol that the form does not offer."""
    if protocol and protocol not in PROTOCOLS:
        raise ValueError(f"unknown protocol; choose from {', '.join(PROTOCOLS)}.")
    return protocol


def _keys_of_others(protocol: str) -> list[str]:
    """The settings that only other protocols have: a scenario that is played by another one may bring them along."""
    others = {key for one in PROTOCOLS.values() for key in one.keys} - {*PROTOCOLS[protocol].keys}
    return [f"protocol.{key}" for key in sorted(others)]


class NewSessionForm(PostedForm):
    """A new session; what is left empty stays as the scenario has it."""

    scenario: Annotated[str, Field(max_length=1_000)]
    tables: Annotated[int, Field(ge=1, le=TABLES_MOST)] = 1
    protocol: Annotated[str, AfterValidator(_offered)] = ""
    months: Annotated[int, Field(ge=1, le=MONTHS_MOST)] | Literal[""] = ""
    minutes: Annotated[float, Field(gt=0, le=MINUTES_MOST, allow_inf_nan=False)] | Literal[""] = ""
    sheets: Literal["", "yes"] = ""
    level: Literal["basic", "advanced"] = "advanced"
    whispers: Literal["", "yes"] = ""
    soundings: Annotated[int, Field(ge=0, le=SOUNDINGS_MOST)] = SOUNDINGS
    seed: Annotated[int, Field(ge=0, le=2**32)] | Literal[""] = ""


class TeacherActionForm(PostedForm):
    """What the teacher does; which fields count depends on `what`."""

    what: Word
    table: Annotated[int, Field(ge=0, le=TABLES_MOST)] | Literal[""] = ""
    actor: Word = ""
    person: Word = ""
    minutes: Annotated[float, Field(gt=0, le=MINUTES_MOST, allow_inf_nan=False)] = 1.0
    text: Text = ""
    indicator: Word = ""
    value: Annotated[float, Field(allow_inf_nan=False)] | Literal[""] = ""
    event: Word = ""
    place: Annotated[str, Field(max_length=2 * WORD_MOST)] = ""


class TeacherImprovementForm(PostedForm):
    """Put a text before all chairs after the talks; its terms come as fields of their own."""

    model_config = ConfigDict(extra="allow")
    table: Annotated[int, Field(ge=0, le=TABLES_MOST)]


class DeleteForm(PostedForm):
    """Delete a session; the code of its room says that it is meant."""

    code: Word


# -- all sessions ----------------------------------------------------------------------------------------------------


@router.get("", response_class=HTMLResponse)
async def sessions(holder: ATeacher, registry: TheRegistry) -> HTMLResponse:
    """All sessions, and a form for a new one."""
    catalogue, t = registry.catalogue, Strings.load()
    cases: dict[str, list[tuple[CatalogueEntry, str]]] = {}
    for title in catalogue.entries.values():
        zone = catalogue.zones[title.name]
        line = zone_line(None if zone is None else zone.to_dict(), t)
        cases.setdefault(title.case, []).append((title, line))
    return class_pages.page(
        "teacher.html",
        key=holder.form_key,
        sessions=registry.sessions,
        cases=cases,
        first=catalogue.first_for_class,
        protocols={name: one.summary for name, one in PROTOCOLS.items()},
        address=registry.address,
    )


@router.post("/sessions", response_class=HTMLResponse)
async def make(holder: ATeacher, registry: TheRegistry, form: Annotated[NewSessionForm, Posted()]) -> Response:
    """Make a session."""
    holder.check(form)
    changes: dict[str, Any] = {} if form.months == "" else {"protocol.months": form.months}
    if form.protocol:
        changes |= {"protocol.name": form.protocol} | dict.fromkeys(_keys_of_others(form.protocol))
    source = registry.catalogue.source(form.scenario, changes)
    settings = SessionSettings(
        scenario=dict(source),
        tables=form.tables,
        minutes=None if form.minutes == "" else form.minutes,
        sheets=form.sheets == "yes",
        level=form.level,
        whispers=form.whispers == "yes",
        soundings=form.soundings,
        seed=None if form.seed == "" else form.seed,
        program=registry.program,
    )
    made = await registry.create(settings, registry.catalogue.entries[form.scenario].title, form.action)
    return RedirectResponse(f"{HERE}/{made}", 303)


@router.get("/device", response_class=HTMLResponse)
async def device(_: ATeacher, registry: TheRegistry) -> HTMLResponse:
    """A link for another device of the teacher's."""
    return _link(registry, registry.link(session_registry.TEACHER), "class.link.teacher", HERE)


@router.post("/leave", response_class=HTMLResponse)
async def leave(holder: ATeacher, registry: TheRegistry, form: Annotated[PostedForm, Posted()]) -> Response:
    """Forget this device; the link of the terminal opens the console again."""
    holder.check(form)
    await registry.leave(holder.token)
    answer = RedirectResponse("/", 303)
    answer.delete_cookie(access.COOKIES[session_registry.TEACHER], path="/")
    return answer


def _link(registry: SessionRegistry, secret: str, words_: str, back: str) -> HTMLResponse:
    minutes = int(session_registry.LINK_SECONDS // SECONDS)
    link = f"{registry.address.room}/t/{secret}"
    return class_pages.page("link.html", link=link, words=words_, minutes=minutes, back=back)


# -- one session -----------------------------------------------------------------------------------------------------


def _page(holder: access.KeyHolder, registry: SessionRegistry, room: LiveSession, session: Session, whole: bool) -> str:
    case = session.scenario.case
    view = views.teacher(session)
    data = {
        "view": view,
        "filed": room.filed,
        "n": room.n,
        "now": time.time(),
        "key": holder.form_key,
        "address": registry.address,
        "present": room.hub.present,
        "codes": {one["person"]: registry.own_code(room.filed.id, one["person"]) for one in view["people"]},
        "terms": view_data.TermLabels(view["tables"][0]["text"]),
        "talk": {table["table"]: view_data.talk(table) for table in view["tables"]},
        "actors": {name: actor.name for name, actor in case.actors.items()},
        "indicators": {name: one.says for name, one in case.context.items()},
        "library": view_data.library(session),
        "clocked": session.settings.minutes is not None,
    }
    return class_pages.filled(
        class_pages.text("console.html" if whole else "board.html", session.settings.language, **data)
    )


@router.get("/{session}", response_class=HTMLResponse)
async def console(holder: ATeacher, registry: TheRegistry, room: AConsole) -> HTMLResponse:
    """The console of a session."""
    return HTMLResponse(await room.read(lambda session: _page(holder, registry, room, session, True)))


@router.get("/{session}/parts", response_class=HTMLResponse)
async def parts(holder: ATeacher, registry: TheRegistry, room: AConsole) -> HTMLResponse:
    """The parts of the console that change."""
    return HTMLResponse(await room.read(lambda session: _page(holder, registry, room, session, False)))


@router.get("/{session}/events")
async def events(room: AConsole) -> StreamingResponse:
    """What changes, as it changes."""
    return room.stream(actions.TEACHER, [updates.TEACHER])


@router.get("/{session}/wall-link", response_class=HTMLResponse)
async def wall_link(room: AConsole, registry: TheRegistry) -> HTMLResponse:
    """A link to the projector page for another machine, which opens nothing else."""
    back = f"{HERE}/{room.filed.id}"
    return _link(registry, registry.link(session_registry.PROJECTOR, room.filed.id), "class.link.wall", back)


@router.post("/{session}/do", response_class=HTMLResponse)
async def do(holder: ATeacher, room: AConsole, form: Annotated[TeacherActionForm, Posted()]) -> Response:
    """Conduct the session."""
    holder.check(form)
    if form.what not in ACTION_DATA:
        raise UsageError("a console can do no such thing.")
    await room.act(actions.TEACHER, form.what, ACTION_DATA[form.what](form), form.action)
    return RedirectResponse(f"{HERE}/{room.filed.id}", 303)


@router.post("/{session}/settle", response_class=HTMLResponse)
async def settle(holder: ATeacher, room: AConsole, form: Annotated[TeacherImprovementForm, Posted()]) -> Response:
    """Put a text before all chairs, to improve on how the talks ended."""
    holder.check(form)
    data = {"table": form.table, "package": access.named(form.model_extra or {}, access.TERM)}
    await room.act(actions.TEACHER, "settle", data, form.action)
    return RedirectResponse(f"{HERE}/{room.filed.id}", 303)


@router.post("/{session}/delete", response_class=HTMLResponse)
async def delete(
    holder: ATeacher, registry: TheRegistry, room: AConsole, form: Annotated[DeleteForm, Posted()]
) -> Response:
    """Delete a session with all that is stored of it."""
    holder.check(form)
    if form.code.strip().upper() != room.filed.code:
        raise UsageError(f"to delete this session for good, type its code, {room.filed.code}.")
    await registry.delete(room.filed.id)
    return RedirectResponse(HERE, 303)


def _table(form: TeacherActionForm) -> dict[str, Any]:
    return {"table": form.table or None}


def _chair(form: TeacherActionForm) -> dict[str, Any]:
    return {"table": form.table or 0, "actor": form.actor}


def _assign(form: TeacherActionForm) -> dict[str, Any]:
    """Where to: ``2 russia``, or nothing for no place."""
    table, _, actor = form.place.partition(" ")
    found = {"table": int(table), "actor": actor} if table.isdecimal() and len(table) < WORD_MOST // 4 else {}
    return {"person": form.person, "table": None, "actor": None, **found}


def _announce(form: TeacherActionForm) -> dict[str, Any]:
    """To whom: nothing for all, a person's id, or a chair such as ``2 russia``."""
    table, chair, actor = form.place.partition(" ")
    if chair and table.isdecimal() and len(table) < WORD_MOST // 4:
        return {"to": {"table": int(table), "actor": actor}, "text": form.text}
    return {"to": form.place or None, "text": form.text}


def _inject(form: TeacherActionForm) -> dict[str, Any]:
    """One of the library by its id, or one's own: words, and one indicator with its new value."""
    if form.event:
        return {**_table(form), "id": form.event}
    if form.value == "":
        raise UsageError("an event of one's own has words, an indicator, and the value that it takes.")
    return {**_table(form), "event": {"says": form.text, "set": {form.indicator: form.value}}}


def _nothing(_: TeacherActionForm) -> dict[str, Any]:
    return {}


ACTION_DATA: Mapping[str, Callable[[TeacherActionForm], dict[str, Any]]] = {
    **dict.fromkeys(("lock", "unlock", "pause", "resume", "debrief"), _nothing),
    **dict.fromkeys(("start", "next", "undo", "finish"), _table),
    **dict.fromkeys(("agent", "person"), _chair),
    "extend": lambda form: {**_table(form), "seconds": form.minutes * SECONDS},
    "remove": lambda form: {"person": form.person},
    "assign": _assign,
    "announce": _announce,
    "inject": _inject,
}
"""What a console can do: the kind of the entry, and its data from the form."""
