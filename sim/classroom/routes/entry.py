"""The pages of a browser that is nobody yet: coming in, coming back, trying the way, the teacher's door."""

from __future__ import annotations

import time
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi import Form as Posted
from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from pydantic import Field

from sim.classroom import access, access_tokens, class_pages, event_stream, session_registry
from sim.classroom.access import AVisitor, KeyHolder, PostedForm, TheRegistry
from sim.game.session.rejections import RejectedActionError
from sim.strings import Strings

router = APIRouter()
SECRET_MOST, CODE_MOST, NAME_MOST = 128, 20, 40
Typed = Annotated[str, Field(max_length=CODE_MOST)]
BUSY = 429
WRONG = 403


class JoinForm(PostedForm):
    """The form of who comes in."""

    code: Typed
    name: str = Field(max_length=NAME_MOST)


class ResumeForm(PostedForm):
    """The form of who comes back."""

    code: Typed


def _door(holder: KeyHolder | None, status: int = 200, code: str = "", name: str = "", wrong: str = "") -> HTMLResponse:
    new = holder or KeyHolder(access_tokens.token())
    answer = class_pages.page("join.html", status, key=new.form_key, code=code, name=name, wrong=wrong)
    if holder is None:
        access.give(answer, access.VISITOR, new.token)
    return answer


@router.get("/", response_class=HTMLResponse)
async def door(holder: AVisitor) -> HTMLResponse:
    """Come in, or come back."""
    return _door(holder)


@router.get("/j/{code}", response_class=HTMLResponse)
async def door_of(code: Annotated[str, Path(max_length=CODE_MOST)], holder: AVisitor) -> HTMLResponse:
    """Come in by a QR code, which brings the code of the room along."""
    return _door(holder, code=access_tokens.typed(code))


@router.post("/join", response_class=HTMLResponse)
async def join(form: Annotated[JoinForm, Posted()], holder: AVisitor, registry: TheRegistry) -> Response:
    """Come in with the room's code and a pseudonym."""
    if holder is None:
        return _door(None, WRONG, form.code, form.name, Strings.load()("class.error.cookie"))
    holder.check(form)
    session = registry.session_of(form.code)
    if session is None:
        in_time = await registry.throttle.wrong(access_tokens.typed(form.code))
        words = Strings.load()("class.join.wrong" if in_time else "class.join.busy")
        return _door(holder, WRONG if in_time else BUSY, form.code, form.name, words)
    try:
        token = await registry.join(session, form.name, form.action)
    except RejectedActionError as error:
        return _door(holder, 422, form.code, form.name, str(error))
    answer = RedirectResponse("/seat", 303)
    access.give(answer, access.COOKIES[session_registry.SEAT], token)
    return answer


@router.post("/resume", response_class=HTMLResponse)
async def resume(form: Annotated[ResumeForm, Posted()], holder: AVisitor, registry: TheRegistry) -> Response:
    """Come back with one's own code, on this or another device."""
    if holder is None:
        return _door(None, WRONG, wrong=Strings.load()("class.error.cookie"))
    holder.check(form)
    token = await registry.resume(form.code)
    if token is None:
        in_time = await registry.throttle.wrong(access_tokens.typed(form.code))
        words = Strings.load()("class.join.wrong_own" if in_time else "class.join.busy")
        return _door(holder, WRONG if in_time else BUSY, wrong=words)
    answer = RedirectResponse("/seat", 303)
    access.give(answer, access.COOKIES[session_registry.SEAT], token)
    return answer


@router.get("/t/{secret}", response_class=HTMLResponse)
async def enter(secret: Annotated[str, Path(max_length=SECRET_MOST)], registry: TheRegistry) -> Response:
    """The teacher's link: it leaves a cookie, and a clean address."""
    found = await registry.enter(secret)
    if found is None:
        await registry.throttle.wrong("link")
        words = Strings.load()
        return class_pages.page(
            "error.html",
            WRONG,
            heading=words("class.error.heading"),
            lines=[words("class.error.link")],
            written="",
            back="/",
        )
    token, key = found
    answer = RedirectResponse("/teacher" if key.kind == session_registry.TEACHER else "/wall", 303)
    access.give(answer, access.COOKIES[key.kind], token)
    return answer


@router.get("/check", response_class=HTMLResponse)
async def check() -> HTMLResponse:
    """Whether a phone reaches this machine."""
    return class_pages.page("check.html", now=time.time())


@router.get("/check/events")
async def check_events() -> StreamingResponse:
    """One live event, to see whether they come through."""
    return StreamingResponse(iter([event_stream.event("here")]), media_type="text/event-stream")


@router.get("/privacy", response_class=HTMLResponse)
async def privacy() -> HTMLResponse:
    """What is stored, and how it goes."""
    return class_pages.page("privacy.html")
