"""Who asks: the holder of a cookie, and whether a form comes from a page that was made for that holder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, cast

from fastapi import Cookie, Depends, HTTPException, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from sim.classroom import access_tokens
from sim.classroom import session_registry as halls
from sim.classroom.live_session import LiveSession
from sim.classroom.session_registry import SessionRegistry
from sim.game.session.rejections import RejectedActionError
from sim.game.session.session import Person, Session

COOKIES = {"teacher": "parley_teacher", "seat": "parley_seat", "projector": "parley_projector"}
VISITOR = "parley_visitor"
"""The cookie of a page on which one is nobody yet: it binds the form to the browser."""
WEEK = 7 * 24 * 3600
SAID_MOST = 2_000
TERM, PLEDGE = "term.", "pledge."
"""How the fields of a text and of a pledge begin; the rest is the issue, or the resource."""
FIELDS_MOST = 64
Token = Annotated[str | None, Field(max_length=128)]


class PostedForm(BaseModel):
    """What every form brings: the id of its action, and the word that only a page for this holder knows."""

    model_config = ConfigDict(extra="forbid")

    action: str = Field(pattern=r"^[0-9a-f]{32}$")
    key: str = Field(max_length=64)


async def get_registry(request: Request) -> SessionRegistry:
    """The hall of this server."""
    return cast(SessionRegistry, request.app.state.registry)


TheRegistry = Annotated[SessionRegistry, Depends(get_registry)]


def give(answer: Response, name: str, token: str) -> None:
    """Set a cookie, which no script reads, and which no other site's form sends along."""
    answer.set_cookie(name, token, max_age=WEEK, httponly=True, samesite="lax", path="/")


@dataclass(frozen=True)
class KeyHolder:
    """Somebody with a cookie.

    Parameters
    ----------
    token : the cookie's
    """

    token: str

    @property
    def form_key(self) -> str:
        """The word for the forms of this holder's pages."""
        return access_tokens.form_key(self.token)

    def check(self, form: PostedForm) -> None:
        """Refuse a form that comes from no page of this holder's."""
        if not access_tokens.same(form.key, self.form_key):
            raise HTTPException(403, "class.error.form")


@dataclass(frozen=True)
class Seat(KeyHolder):
    """A person in a room."""

    room: LiveSession
    person: Person

    @property
    def session(self) -> Session:
        """The session's state; what takes long, or must be of one moment, asks the room."""
        return self.room.session


@dataclass(frozen=True)
class ProjectorView(KeyHolder):
    """A projector page: one room, and its public state alone."""

    room: LiveSession


async def seat(
    registry: TheRegistry, parley_seat: Annotated[str | None, Cookie(include_in_schema=False)] = None
) -> Seat:
    """The person who asks.

    Raises
    ------
    HTTPException
        403, if nobody is known by this cookie (any more)
    """
    key = registry.key(parley_seat, halls.SEAT)
    room = await registry.room(key.session) if key is not None and key.session else None
    person = room.session.people.get(key.person or "") if room is not None and key is not None else None
    if parley_seat is None or room is None or person is None:
        raise HTTPException(403, "class.error.seat")
    return Seat(parley_seat, room, person)


async def teacher(
    registry: TheRegistry, parley_teacher: Annotated[str | None, Cookie(include_in_schema=False)] = None
) -> KeyHolder:
    """The teacher.

    Raises
    ------
    HTTPException
        403, if it is not the teacher who asks
    """
    if parley_teacher is None or registry.key(parley_teacher, halls.TEACHER) is None:
        raise HTTPException(403, "class.error.teacher")
    return KeyHolder(parley_teacher)


async def onlooker(
    registry: TheRegistry, parley_projector: Annotated[str | None, Cookie(include_in_schema=False)] = None
) -> ProjectorView:
    """A projector page.

    Raises
    ------
    HTTPException
        403, if the cookie opens none (any more)
    """
    key = registry.key(parley_projector, halls.PROJECTOR)
    room = await registry.room(key.session) if key is not None and key.session else None
    if parley_projector is None or room is None:
        raise HTTPException(403, "class.error.projector")
    return ProjectorView(parley_projector, room)


async def console(session: str, registry: TheRegistry, holder: Annotated[KeyHolder, Depends(teacher)]) -> LiveSession:
    """The room that a page of the teacher's is about.

    Raises
    ------
    HTTPException
        404, if there is none
    """
    room = await registry.room(session)
    if room is None:
        raise HTTPException(404, "class.error.session")
    return room


async def visitor(parley_visitor: Annotated[str | None, Cookie(include_in_schema=False)] = None) -> KeyHolder | None:
    """A browser that has been here; None if it is here for the first time."""
    return KeyHolder(parley_visitor) if parley_visitor else None


def named(fields: Mapping[str, Any], start: str) -> dict[str, str]:
    """The fields that begin so, without the beginning; empty ones are left out.

    Raises
    ------
    RefusedError
        if there are more than any case has
    """
    found = {name[len(start) :]: str(value) for name, value in fields.items() if name.startswith(start) and value != ""}
    if len(found) > FIELDS_MOST:
        raise RejectedActionError("bad", "too_many_terms", most=FIELDS_MOST, asked=len(found))
    return found


ASeat = Annotated[Seat, Depends(seat)]
ATeacher = Annotated[KeyHolder, Depends(teacher)]
AnOnlooker = Annotated[ProjectorView, Depends(onlooker)]
AConsole = Annotated[LiveSession, Depends(console)]
AVisitor = Annotated[KeyHolder | None, Depends(visitor)]
