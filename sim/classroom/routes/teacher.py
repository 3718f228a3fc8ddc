"""The teacher's console of a session, and links to other devices."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi import Form as Posted
from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from pydantic import ConfigDict, Field

from sim.classroom import access, class_pages, session_registry, updates
from sim.classroom.access import LiveSessionDep, PostedForm, RegistryDep, TeacherDep
from sim.classroom.live_session import LiveSession
from sim.classroom.routes.teacher_actions import ACTION_DATA, ASKED_FIRST, KIND_OF, SECONDS, TeacherActionForm
from sim.classroom.session_registry import SessionRegistry
from sim.classroom.teaching.live_numbers import live_numbers
from sim.errors import UsageError
from sim.game.session import actions, views
from sim.game.session.session import Session
from sim.game.session.settings import TABLES_MOST
from sim.strings import spoken

router = APIRouter(prefix="/teacher")
HERE = "/teacher"
MAX_WORD_LENGTH = 64
Word = Annotated[str, Field(max_length=MAX_WORD_LENGTH)]
NumbersOf = Annotated[int, Query(ge=0, le=TABLES_MOST)]
"""The table whose live numbers are shown; 0: none."""


class TeacherImprovementForm(PostedForm):
    """Put a text to all seats after the talks; each term is a field of its own."""

    model_config = ConfigDict(extra="allow")
    table: Annotated[int, Field(ge=0, le=TABLES_MOST)]


class DeleteForm(PostedForm):
    """Delete a session; its code confirms the choice."""

    code: Word


# -- the teacher's own devices ---------------------------------------------------------------------------------------


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
    holder: access.KeyHolder, registry: SessionRegistry, live: LiveSession, session: Session, numbers: int, whole: bool
) -> str:
    case = session.scenario.case
    shown = numbers if 1 <= numbers <= len(session.tables) else 0
    view = views.teacher(session)
    numbers_shown = live_numbers(session.table(shown)) if shown else {}
    data = {
        "view": view,
        "stored": live.row,
        "n": live.n,
        "now": live.now,
        "key": holder.form_key,
        "address": registry.address,
        "present": live.hub.present,
        "codes": {person["person"]: registry.own_code(live.row.id, person["person"]) for person in view["people"]},
        "cards": [
            class_pages.with_form_key(live.cards.part(session, table, shown, numbers_shown), holder.form_key)
            for table in view["tables"]
        ],
        "actors": {name: actor.name for name, actor in case.actors.items()},
        "indicators": {name: indicator.says for name, indicator in case.context.items()},
        "library": {name: event.says for name, event in case.injects.items()},
        "clocked": session.settings.minutes is not None,
        "numbers_of": shown,
    }
    return class_pages.render("console.html" if whole else "board.html", session.settings.language, **data)


@router.get("/{session}", response_class=HTMLResponse)
async def console(
    holder: TeacherDep, registry: RegistryDep, live: LiveSessionDep, numbers: NumbersOf = 0
) -> HTMLResponse:
    """Show the console of a session, with the live numbers of one table if asked for."""
    return HTMLResponse(await live.read(lambda session: _console(holder, registry, live, session, numbers, True)))


@router.get("/{session}/parts", response_class=HTMLResponse)
async def parts(
    holder: TeacherDep, registry: RegistryDep, live: LiveSessionDep, numbers: NumbersOf = 0
) -> HTMLResponse:
    """Show only the parts of the console that change."""
    return HTMLResponse(await live.read(lambda session: _console(holder, registry, live, session, numbers, False)))


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
    kind = KIND_OF.get(form.what, form.what)
    await live.act(actions.TEACHER, kind, ACTION_DATA[form.what](form), form.action)
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
