"""Access to pages: cookies, the people who hold them, and protection of forms against forged requests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, cast

from fastapi import Cookie, Depends, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from sim.classroom import access_tokens, session_registry
from sim.classroom.live_session import LiveSession
from sim.classroom.session_registry import SessionRegistry
from sim.game.session.rejections import RejectedActionError
from sim.game.session.session import Session
from sim.game.session.session_state import Person
from sim.strings import speak

COOKIES = {"teacher": "parley_teacher", "seat": "parley_seat", "projector": "parley_projector"}
"""The cookie of each kind of key."""
VISITOR = "parley_visitor"
"""The cookie of a browser that has not joined yet: it binds the form to the browser."""
MAX_STATEMENT_LENGTH = 2_000
TERM, PLEDGE = "term.", "pledge."
"""Prefixes of the form fields for a term and for a pledge; the issue or the resource follows."""
MAX_FIELDS = 64


class PostedForm(BaseModel):
    """The fields of every form: the id of its action, and a key that only pages for this person contain."""

    model_config = ConfigDict(extra="forbid")

    action: str = Field(pattern=r"^[0-9a-f]{32}$")
    key: str = Field(max_length=64)


async def get_registry(request: Request) -> SessionRegistry:
    """Return the sessions of this server."""
    return cast(SessionRegistry, request.app.state.registry)


RegistryDep = Annotated[SessionRegistry, Depends(get_registry)]


def set_cookie(answer: Response, name: str, token: str) -> None:
    """Set a cookie that scripts cannot read and that forms on other sites do not send."""
    answer.set_cookie(name, token, max_age=int(access_tokens.KEY_SECONDS), httponly=True, samesite="lax", path="/")


def sign_in(path: str, kind: str, token: str) -> Response:
    """Redirect a browser to a path and give it the cookie for a kind of key."""
    answer = RedirectResponse(path, 303)
    set_cookie(answer, COOKIES[kind], token)
    return answer


@dataclass(frozen=True)
class KeyHolder:
    """A browser with a cookie, whose value is `token`."""

    token: str

    @property
    def form_key(self) -> str:
        """The key in the forms on this browser's pages."""
        return access_tokens.form_key(self.token)

    def check(self, form: PostedForm) -> None:
        """Raise an `HTTPException` (403) unless the form comes from one of this browser's pages."""
        if not access_tokens.equal(form.key, self.form_key):
            raise HTTPException(403, "class.error.form")

    async def sign_out(self, registry: SessionRegistry, kind: str, form: PostedForm) -> Response:
        """Delete the browser's key and cookie, and redirect it to the start page."""
        self.check(form)
        await registry.forget_token(self.token)
        answer = RedirectResponse("/", 303)
        answer.delete_cookie(COOKIES[kind], path="/")
        return answer


@dataclass(frozen=True)
class Seat(KeyHolder):
    """A person who has joined a session."""

    live: LiveSession
    person: Person

    @property
    def session(self) -> Session:
        """The session's state. Use `LiveSession.read` for slow work and where the state must not change meanwhile."""
        return self.live.session


@dataclass(frozen=True)
class ProjectorView(KeyHolder):
    """A projector page: it shows the public state of one session."""

    live: LiveSession


async def seat(
    registry: RegistryDep, parley_seat: Annotated[str | None, Cookie(include_in_schema=False)] = None
) -> Seat:
    """Return the person who sent the request. Raises `HTTPException` (403) if the cookie belongs to nobody."""
    key = registry.stored_key(parley_seat, session_registry.SEAT)
    live = await registry.open(key.session) if key else None
    person = live.session.people.get(key.person or "") if key and live else None
    if parley_seat is None or live is None or person is None:
        raise HTTPException(403, "class.error.seat")
    speak(live.session.strings)
    return Seat(parley_seat, live, person)


async def teacher(
    registry: RegistryDep, parley_teacher: Annotated[str | None, Cookie(include_in_schema=False)] = None
) -> KeyHolder:
    """Return the teacher. Raises `HTTPException` (403) if the request does not come from the teacher."""
    if parley_teacher is None or registry.stored_key(parley_teacher, session_registry.TEACHER) is None:
        raise HTTPException(403, "class.error.teacher")
    return KeyHolder(parley_teacher)


async def projector_view(
    registry: RegistryDep, parley_projector: Annotated[str | None, Cookie(include_in_schema=False)] = None
) -> ProjectorView:
    """Return the projector page that sent the request. Raises `HTTPException` (403) if its cookie is not valid."""
    key = registry.stored_key(parley_projector, session_registry.PROJECTOR)
    live = await registry.open(key.session) if key else None
    if parley_projector is None or live is None:
        raise HTTPException(403, "class.error.projector")
    speak(live.session.strings)
    return ProjectorView(parley_projector, live)


async def session_of_teacher(
    session: str, registry: RegistryDep, holder: Annotated[KeyHolder, Depends(teacher)]
) -> LiveSession:
    """Return the session that the address names. Raises `HTTPException` (404) if there is no such session."""
    live = await registry.open(session)
    if live is None:
        raise HTTPException(404, "class.error.session")
    speak(live.session.strings)
    return live


async def visitor(parley_visitor: Annotated[str | None, Cookie(include_in_schema=False)] = None) -> KeyHolder | None:
    """Return a browser that has been here before; None on its first visit."""
    return KeyHolder(parley_visitor) if parley_visitor else None


def fields_with_prefix(fields: Mapping[str, Any], prefix: str) -> dict[str, str]:
    """Return the non-empty fields whose names start with a prefix, by their names without it. Raises
    `RejectedActionError` if there are more than `MAX_FIELDS`.
    """
    values = {
        name[len(prefix) :]: str(value) for name, value in fields.items() if name.startswith(prefix) and value != ""
    }
    if len(values) > MAX_FIELDS:
        raise RejectedActionError("bad", "too_many_terms", most=MAX_FIELDS, asked=len(values))
    return values


def amounts(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the amounts of resources as numbers; anything else stays text, which the game rejects."""
    found: dict[str, Any] = {}
    for name, value in fields_with_prefix(fields, PLEDGE).items():
        try:
            found[name] = float(value.replace(",", ""))
        except ValueError:
            found[name] = value
    return found


SeatDep = Annotated[Seat, Depends(seat)]
TeacherDep = Annotated[KeyHolder, Depends(teacher)]
ProjectorDep = Annotated[ProjectorView, Depends(projector_view)]
LiveSessionDep = Annotated[LiveSession, Depends(session_of_teacher)]
VisitorDep = Annotated[KeyHolder | None, Depends(visitor)]
