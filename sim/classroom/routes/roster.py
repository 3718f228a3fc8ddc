"""The list of a class's students: their places and links, roles from a list of names, and seats for all who wait."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from fastapi import Form as Posted
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import Field

from sim.classroom import class_pages
from sim.classroom.access import KeyHolder, LiveSessionDep, PostedForm, RegistryDep, TeacherDep
from sim.classroom.live_session import LiveSession
from sim.classroom.session_registry import SessionRegistry
from sim.classroom.teaching import seating
from sim.classroom.teaching.seating import ListedName, Place
from sim.errors import UsageError
from sim.game.session import actions, views
from sim.game.session.session import Session

router = APIRouter(prefix="/teacher")
MAX_LIST_LENGTH = 40_000
WRONG = 422


class FillForm(PostedForm):
    """Seat everybody who waits."""

    how: Literal["evenly", "random"] = "evenly"


class ListForm(PostedForm):
    """Give roles to the names of a list."""

    names: Annotated[str, Field(max_length=MAX_LIST_LENGTH)]


def _page(holder: KeyHolder, registry: SessionRegistry, live: LiveSession, session: Session, **data: Any) -> str:
    view = views.teacher(session)
    actors = {name: actor.name for name, actor in session.scenario.case.actors.items()}
    codes = {one["person"]: registry.own_code(live.row.id, one["person"]) for one in view["people"]}
    people = sorted(view["people"], key=lambda one: (one["table"] or 0, str(one["name"]).casefold()))
    shown = {"stored": live.row, "address": registry.address, "key": holder.form_key, "wrong": "", "typed": "", **data}
    return class_pages.render(
        "roster.html",
        session.settings.language,
        people=people,
        actors=actors,
        mediators=[name for table in view["tables"] for name in table["mediators"]],
        codes=codes,
        locked=session.locked,
        **shown,
    )


@router.get("/{session}/roster", response_class=HTMLResponse)
async def roster(holder: TeacherDep, registry: RegistryDep, live: LiveSessionDep) -> HTMLResponse:
    """Show all students with their places and links, to print."""
    return HTMLResponse(await live.read(lambda session: _page(holder, registry, live, session)))


@router.post("/{session}/fill", response_class=HTMLResponse)
async def fill(holder: TeacherDep, live: LiveSessionDep, form: Annotated[FillForm, Posted()]) -> Response:
    """Seat everybody who waits, evenly over tables and seats."""
    holder.check(form)
    async with live.seating_lock:
        waiting = live.session.waiting_people
        await _seat(live, form.action, waiting, _places(live.session, waiting, form))
    return RedirectResponse(f"/teacher/{live.row.id}", 303)


def _places(session: Session, waiting: Sequence[str], form: FillForm) -> list[Place]:
    shuffled = form.how == "random"
    return seating.spread(session, waiting, shuffled=shuffled, seed=int(form.action, 16))


async def _seat(live: LiveSession, action: str, people: Sequence[str], places: Sequence[Place]) -> None:
    for person, place in zip(people, places, strict=False):  # people without a seat keep waiting
        data = {"person": person, "table": place.table, "actor": place.actor}
        await live.act(actions.TEACHER, "assign", data, _own_action(action, person))


def _own_action(action: str, part: str) -> str:
    """Return the id of a part of an action: the same each time the form is sent."""
    return hashlib.sha256(f"{action} {part}".encode()).hexdigest()[:32]


@router.post("/{session}/roster", response_class=HTMLResponse)
async def give_roles(
    holder: TeacherDep, registry: RegistryDep, live: LiveSessionDep, form: Annotated[ListForm, Posted()]
) -> Response:
    """Give roles to the names of a list; names that are new join the class, and wait for their students."""
    holder.check(form)
    try:
        listed = seating.read_list(live.session, form.names)
        async with live.seating_lock:
            people = await _joined(registry, live, listed, form.action)
            await _give_places(live, listed, people, form.action)
    except UsageError as error:
        wrong = str(error)
        page = await live.read(lambda session: _page(holder, registry, live, session, wrong=wrong, typed=form.names))
        return HTMLResponse(page, WRONG)
    return RedirectResponse(f"/teacher/{live.row.id}/roster", 303)


async def _joined(
    registry: SessionRegistry, live: LiveSession, listed: Sequence[ListedName], action: str
) -> Mapping[str, str]:
    """Let the names that are not in the room join it; return the person of each name."""
    known = seating.known_people(live.session, listed)
    for one in listed:
        if one.name not in known:
            await registry.join(live.row.id, one.name, _own_action(action, one.name))
    return seating.known_people(live.session, listed)


async def _give_places(live: LiveSession, listed: Sequence[ListedName], people: Mapping[str, str], action: str) -> None:
    """Seat first those who have a seat in the list, then the others who have no seat yet."""
    for one in listed:
        place = seating.fitting_place(live.session, one)
        if place is not None:
            await _seat(live, action, [people[one.name]], [place])
    rest = [people[one.name] for one in listed if one.actor is None]
    rest = [person for person in rest if person in live.session.waiting_people]
    await _seat(live, action, rest, seating.spread(live.session, rest))
