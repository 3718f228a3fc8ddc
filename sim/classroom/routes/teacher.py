"""The teacher's pages: the list of sessions, and the console of each."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from fastapi import Form as Posted
from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from pydantic import AfterValidator, ConfigDict, Field

from sim.classroom import access, class_pages, session_registry, updates, view_data
from sim.classroom.access import LiveSessionDep, PostedForm, RegistryDep, TeacherDep
from sim.classroom.live_session import LiveSession
from sim.classroom.routes.teacher_actions import ACTION_DATA, ASKED_FIRST, SECONDS, TeacherActionForm
from sim.classroom.session_registry import SessionRegistry
from sim.errors import UsageError
from sim.game.session import actions, views
from sim.game.session.session import Session
from sim.game.session.settings import MINUTES_MOST, SOUNDINGS, SOUNDINGS_MOST, TABLES_MOST, SessionSettings
from sim.negotiation.protocols import PROTOCOLS
from sim.report.zone_line import zone_line
from sim.strings import Strings, languages, spoken
from sim.web.catalogue import CatalogueEntry

router = APIRouter(prefix="/teacher")
HERE = "/teacher"
MAX_WORD_LENGTH = 64
MAX_MONTHS = 120
Word = Annotated[str, Field(max_length=MAX_WORD_LENGTH)]


def _known_protocol(protocol: str) -> str:
    """Return a protocol's name if the form offers it."""
    if protocol and protocol not in PROTOCOLS:
        raise ValueError(f"Unknown protocol. Choose from {', '.join(PROTOCOLS)}.")
    return protocol


def _summary(protocol: str, t: Strings) -> str:
    """Return what a protocol does, in a line."""
    key = f"class.protocol.{protocol}"
    return t(key) if key in t else PROTOCOLS[protocol].summary


def _known_language(language: str) -> str:
    """Return a language's code if the form offers it."""
    if language and language not in languages():
        raise ValueError(f"Unknown language. Choose from {', '.join(languages())}.")
    return language


def _keys_of_others(protocol: str) -> list[str]:
    """Return the settings that only other protocols have; a scenario written for one of those may contain them."""
    others = {key for other in PROTOCOLS.values() for key in other.keys} - {*PROTOCOLS[protocol].keys}
    return [f"protocol.{key}" for key in sorted(others)]


class NewSessionForm(PostedForm):
    """Create a session; empty fields keep the scenario's own settings."""

    scenario: Annotated[str, Field(max_length=1_000)]
    tables: Annotated[int, Field(ge=1, le=TABLES_MOST)] = 1
    protocol: Annotated[str, AfterValidator(_known_protocol)] = ""
    months: Annotated[int, Field(ge=1, le=MAX_MONTHS)] | Literal[""] = ""
    minutes: Annotated[float, Field(gt=0, le=MINUTES_MOST, allow_inf_nan=False)] | Literal[""] = ""
    clock_closes: Literal["", "yes"] = ""
    sheets: Literal["", "yes"] = ""
    level: Literal["basic", "advanced"] = "advanced"
    whispers: Literal["", "yes"] = ""
    soundings: Annotated[int, Field(ge=0, le=SOUNDINGS_MOST)] = SOUNDINGS
    seed: Annotated[int, Field(ge=0, le=2**32)] | Literal[""] = ""
    language: Annotated[str, AfterValidator(_known_language)] = ""


class TeacherImprovementForm(PostedForm):
    """Put a text to all seats after the talks; each term is a field of its own."""

    model_config = ConfigDict(extra="allow")
    table: Annotated[int, Field(ge=0, le=TABLES_MOST)]


class DeleteForm(PostedForm):
    """Delete a session; its code confirms the choice."""

    code: Word


# -- all sessions ----------------------------------------------------------------------------------------------------


@router.get("", response_class=HTMLResponse)
async def session_list(holder: TeacherDep, registry: RegistryDep) -> HTMLResponse:
    """Show all sessions and a form to create one."""
    catalogue, t = registry.catalogue, spoken()
    cases: dict[str, list[tuple[CatalogueEntry, str]]] = {}
    for entry in catalogue.entries_in(t.language).values():
        zone = catalogue.zones[entry.name]
        line = zone_line(None if zone is None else zone.to_dict(), t)
        cases.setdefault(entry.case, []).append((entry, line))
    return class_pages.page(
        "teacher.html",
        key=holder.form_key,
        sessions=registry.sessions,
        cases=cases,
        first=catalogue.first_for_class,
        protocols={name: _summary(name, t) for name in PROTOCOLS},
        address=registry.address,
    )


@router.post("/sessions", response_class=HTMLResponse)
async def create(holder: TeacherDep, registry: RegistryDep, form: Annotated[NewSessionForm, Posted()]) -> Response:
    """Create a session."""
    holder.check(form)
    changes: dict[str, Any] = {} if form.months == "" else {"protocol.months": form.months}
    if form.protocol:
        changes |= {"protocol.name": form.protocol} | dict.fromkeys(_keys_of_others(form.protocol))
    language = form.language or spoken().language
    source = registry.catalogue.source(form.scenario, changes, language)
    settings = SessionSettings(
        scenario=dict(source),
        tables=form.tables,
        minutes=None if form.minutes == "" else form.minutes,
        clock_closes=form.clock_closes == "yes",
        sheets=form.sheets == "yes",
        level=form.level,
        whispers=form.whispers == "yes",
        soundings=form.soundings,
        seed=None if form.seed == "" else form.seed,
        language=language,
        program=registry.program,
    )
    session = await registry.create(settings, str(source["title"]), form.action)
    return RedirectResponse(f"{HERE}/{session}", 303)


@router.get("/device", response_class=HTMLResponse)
async def device(_: TeacherDep, registry: RegistryDep) -> HTMLResponse:
    """Show a link for another device of the teacher."""
    return _link_page(registry, registry.link(session_registry.TEACHER), "class.link.teacher", HERE)


@router.post("/leave", response_class=HTMLResponse)
async def leave(holder: TeacherDep, registry: RegistryDep, form: Annotated[PostedForm, Posted()]) -> Response:
    """Sign out on this device; the link in the terminal signs in again."""
    return await holder.sign_out(registry, session_registry.TEACHER, form)


def _link_page(registry: SessionRegistry, secret: str, strings_key: str, back: str) -> HTMLResponse:
    minutes = int(session_registry.LINK_SECONDS // SECONDS)
    link = f"{registry.address.room}/t/{secret}"
    return class_pages.page("link.html", link=link, words=strings_key, minutes=minutes, back=back)


# -- one session -----------------------------------------------------------------------------------------------------


def _console(
    holder: access.KeyHolder, registry: SessionRegistry, live: LiveSession, session: Session, whole: bool
) -> str:
    case = session.scenario.case
    view = views.teacher(session)
    data = {
        "view": view,
        "stored": live.row,
        "n": live.n,
        "now": live.now,
        "key": holder.form_key,
        "address": registry.address,
        "present": live.hub.present,
        "codes": {person["person"]: registry.own_code(live.row.id, person["person"]) for person in view["people"]},
        "terms": view_data.TermLabels(view["tables"][0]["text"]),
        "talk": {table["table"]: view_data.recent_talk(table) for table in view["tables"]},
        "actors": {name: actor.name for name, actor in case.actors.items()},
        "indicators": {name: indicator.says for name, indicator in case.context.items()},
        "library": {name: event.says for name, event in case.injects.items()},
        "clocked": session.settings.minutes is not None,
    }
    return class_pages.render("console.html" if whole else "board.html", session.settings.language, **data)


@router.get("/{session}", response_class=HTMLResponse)
async def console(holder: TeacherDep, registry: RegistryDep, live: LiveSessionDep) -> HTMLResponse:
    """Show the console of a session."""
    return HTMLResponse(await live.read(lambda session: _console(holder, registry, live, session, True)))


@router.get("/{session}/parts", response_class=HTMLResponse)
async def parts(holder: TeacherDep, registry: RegistryDep, live: LiveSessionDep) -> HTMLResponse:
    """Show only the parts of the console that change."""
    return HTMLResponse(await live.read(lambda session: _console(holder, registry, live, session, False)))


@router.get("/{session}/talk/{table}", response_class=HTMLResponse)
async def talk(
    live: LiveSessionDep, table: Annotated[int, Path(ge=0)], page: Annotated[int, Query(ge=1, le=10_000)] = 1
) -> HTMLResponse:
    """Show everything that was said in public at a table, page by page."""
    back = f"{HERE}/{live.row.id}"
    return await live.read(lambda session: class_pages.talk_page(session, table, page, back))


@router.get("/{session}/events")
async def events(live: LiveSessionDep) -> StreamingResponse:
    """Stream changes."""
    return live.stream(actions.TEACHER, [updates.TEACHER])


@router.get("/{session}/wall-link", response_class=HTMLResponse)
async def wall_link(live: LiveSessionDep, registry: RegistryDep) -> HTMLResponse:
    """Show a link for another machine that opens only the projector page."""
    back = f"{HERE}/{live.row.id}"
    return _link_page(registry, registry.link(session_registry.PROJECTOR, live.row.id), "class.link.wall", back)


@router.post("/{session}/do", response_class=HTMLResponse)
async def act(holder: TeacherDep, live: LiveSessionDep, form: Annotated[TeacherActionForm, Posted()]) -> Response:
    """Carry out an action of the teacher."""
    holder.check(form)
    if form.what not in ACTION_DATA:
        raise UsageError(f"Unknown action '{form.what}'. Choose from {', '.join(ACTION_DATA)}.")
    if form.what in ASKED_FIRST and not form.sure:
        return HTMLResponse(await live.read(lambda session: _sure(holder, live, session, form)))
    await live.act(actions.TEACHER, form.what, ACTION_DATA[form.what](form), form.action)
    return RedirectResponse(f"{HERE}/{live.row.id}", 303)


def _sure(holder: access.KeyHolder, live: LiveSession, session: Session, form: TeacherActionForm) -> str:
    """Return the page that says what an action does, and asks whether to do it."""
    tables = [one for one in views.teacher(session)["tables"] if form.table in ("", 0, one["table"])]
    return class_pages.render(
        "sure.html",
        session.settings.language,
        what=form.what,
        table=form.table,
        tables=tables,
        waiting=[session.people[person].name for person in session.waiting_people],
        stored=live.row,
        key=holder.form_key,
    )


@router.post("/{session}/settle", response_class=HTMLResponse)
async def settle(
    holder: TeacherDep, live: LiveSessionDep, form: Annotated[TeacherImprovementForm, Posted()]
) -> Response:
    """Put a text to all seats, to improve on how the talks ended."""
    holder.check(form)
    data = {"table": form.table, "package": access.fields_with_prefix(form.model_extra or {}, access.TERM)}
    await live.act(actions.TEACHER, "settle", data, form.action)
    return RedirectResponse(f"{HERE}/{live.row.id}", 303)


@router.post("/{session}/delete", response_class=HTMLResponse)
async def delete(
    holder: TeacherDep, registry: RegistryDep, live: LiveSessionDep, form: Annotated[DeleteForm, Posted()]
) -> Response:
    """Delete a session and everything stored about it."""
    holder.check(form)
    if form.code.strip().upper() != live.row.code:
        raise UsageError(spoken()("class.error.delete_code", code=live.row.code))
    await registry.delete(live.row.id)
    return RedirectResponse(HERE, 303)
