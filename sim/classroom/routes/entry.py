"""Pages before a person has joined: join, return, check the connection, and the teacher's link."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Cookie, Depends, HTTPException, Path, Request
from fastapi import Form as Posted
from fastapi.responses import HTMLResponse, Response, StreamingResponse
from pydantic import Field

from sim.classroom import access, access_tokens, class_pages, event_stream, session_registry
from sim.classroom.access import KeyHolder, PostedForm, RegistryDep, VisitorDep
from sim.errors import ParleyError
from sim.game.session.rejections import RejectedActionError
from sim.strings import speak, spoken

router = APIRouter()
MAX_SECRET_LENGTH, MAX_CODE_LENGTH, MAX_NAME_LENGTH = 128, 20, 40
TypedCode = Annotated[str, Field(max_length=MAX_CODE_LENGTH)]
DAY = 24 * 3_600
BUSY = 429
WRONG = 403
"""HTTP status when too many people are joining, and for a wrong code or link."""


@dataclass(frozen=True)
class Inside:
    """Who is in on a browser, and the title of the class."""

    name: str
    title: str


class JoinForm(PostedForm):
    """The form to join a session."""

    code: TypedCode
    name: str = Field(max_length=MAX_NAME_LENGTH)
    sure: Literal["", "yes"] = ""
    """Whether somebody who is in already has been asked."""


class ResumeForm(PostedForm):
    """The form to return to a session."""

    code: TypedCode


async def _inside(
    registry: RegistryDep, parley_seat: Annotated[str | None, Cookie(include_in_schema=False)] = None
) -> Inside | None:
    """Return who is in on this browser; None if nobody is."""
    t = spoken()
    try:
        found = await access.seat(registry, parley_seat)
    except (HTTPException, ParleyError):
        return None
    finally:
        speak(t)  # these pages are not those of the class
    return Inside(found.person.name, found.live.row.title)


InsideDep = Annotated[Inside | None, Depends(_inside)]


def _page(holder: KeyHolder | None, status: int = 200, inside: Inside | None = None, **data: Any) -> HTMLResponse:
    new = holder or KeyHolder(access_tokens.token())
    shown = {"code": "", "name": "", "own": "", "wrong": "", "asked": False, **data}
    answer = class_pages.page("join.html", status, key=new.form_key, inside=inside, **shown)
    if holder is None:
        access.set_cookie(answer, access.VISITOR, new.token)
    return answer


@router.get("/", response_class=HTMLResponse)
async def join_page(holder: VisitorDep, inside: InsideDep) -> HTMLResponse:
    """Show the forms to join and to return, and who is in on this browser."""
    return _page(holder, inside=inside)


@router.get("/j/{code}", response_class=HTMLResponse)
async def join_page_for(
    code: Annotated[str, Path(max_length=MAX_CODE_LENGTH)], holder: VisitorDep, inside: InsideDep
) -> HTMLResponse:
    """Show the form to join with the code filled in, as a QR code links to it."""
    return _page(holder, inside=inside, code=access_tokens.normalized(code))


@router.get("/o/{code}", response_class=HTMLResponse)
async def return_page_for(
    code: Annotated[str, Path(max_length=MAX_CODE_LENGTH)], holder: VisitorDep, inside: InsideDep
) -> HTMLResponse:
    """Show the form to return with a person's own code filled in, as the list of students links to it."""
    return _page(holder, inside=inside, own=code)


@router.post("/join", response_class=HTMLResponse)
async def join(
    request: Request, form: Annotated[JoinForm, Posted()], holder: VisitorDep, registry: RegistryDep, inside: InsideDep
) -> Response:
    """Join a session with its code and a pseudonym."""
    t = spoken()
    typed: dict[str, Any] = {"code": form.code, "name": form.name}
    if holder is None:
        return _page(None, WRONG, **typed, wrong=t("class.error.cookie"))
    holder.check(form)
    session = registry.find_by_code(form.code)
    if session is None:
        await registry.throttle.wrong(access_tokens.normalized(form.code), request)
        return _page(holder, WRONG, inside, **typed, wrong=t("class.join.wrong"))
    repeated = registry.store.find_action(form.action) is not None
    if inside is not None and not form.sure and not repeated:
        return _page(holder, inside=inside, **typed, asked=True)
    if not repeated and (refusal := await registry.join_refusal(session, holder.token)):
        return _page(holder, BUSY, inside, **typed, wrong=t(f"class.join.{refusal}"))
    try:
        token = await registry.join(session, form.name, form.action)
    except RejectedActionError as error:
        return _page(holder, 422, inside, **typed, wrong=str(error))
    return access.sign_in("/seat", session_registry.SEAT, token)


@router.post("/resume", response_class=HTMLResponse)
async def resume(
    request: Request, form: Annotated[ResumeForm, Posted()], holder: VisitorDep, registry: RegistryDep
) -> Response:
    """Return to a session with a personal code, on this or another device."""
    if holder is None:
        return _page(None, WRONG, wrong=spoken()("class.error.cookie"))
    holder.check(form)
    token = await registry.resume(form.code)
    if token is None:
        await registry.throttle.wrong(access_tokens.normalized(form.code), request)
        return _page(holder, WRONG, wrong=spoken()("class.join.wrong_own"))
    return access.sign_in("/seat", session_registry.SEAT, token)


@router.get("/t/{secret}", response_class=HTMLResponse)
async def follow_link(
    request: Request, secret: Annotated[str, Path(max_length=MAX_SECRET_LENGTH)], registry: RegistryDep
) -> Response:
    """Follow a link of the teacher: set a cookie and redirect to an address without the secret."""
    opened = await registry.follow_link(secret)
    if opened is None:
        await registry.throttle.wrong("link", request)
        t = spoken()
        heading, lines = t("class.error.heading"), [t("class.error.link")]
        return class_pages.page("error.html", WRONG, heading=heading, lines=lines, written="", back="/")
    token, key = opened
    return access.sign_in("/teacher" if key.kind == session_registry.TEACHER else "/wall", key.kind, token)


@router.get("/check", response_class=HTMLResponse)
async def check() -> HTMLResponse:
    """Show that a phone can reach this machine."""
    return class_pages.page("check.html", now=time.time())


@router.get("/check/events")
async def check_events() -> StreamingResponse:
    """Send one live event, to check that live events arrive."""
    return StreamingResponse(iter([event_stream.event("here")]), media_type="text/event-stream")


@router.get("/privacy", response_class=HTMLResponse)
async def privacy() -> HTMLResponse:
    """Say what is stored and how it can be deleted."""
    return class_pages.page("privacy.html", days=int(access_tokens.KEY_SECONDS // DAY))
