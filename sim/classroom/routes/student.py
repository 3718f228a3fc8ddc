"""The pages of a person in the room: a chair, the brief, the table, what one says and answers."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Header, Request
from fastapi import Form as Posted
from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from pydantic import ConfigDict, Field

from sim.classroom import access, class_pages, session_registry, updates, view_data
from sim.classroom.access import ASeat, PostedForm, Seat, TheRegistry
from sim.classroom.session_registry import SessionRegistry
from sim.game.session import views
from sim.game.session.actions import OBSERVER
from sim.game.session.rejections import RejectedActionError
from sim.game.session.session import Session

router = APIRouter(prefix="/seat")
HERE = "/seat"
ANY = "any"
"""In place of an actor: the next chair that is free."""
WORD_MOST = 64
Said = Annotated[str, Field(max_length=access.SAID_MOST)]
Word = Annotated[str, Field(max_length=WORD_MOST)]
Number = Annotated[int, Field(ge=0, le=1_000_000_000)]
Parts = Annotated[Literal["1"] | None, Header(alias="X-Parts", include_in_schema=False)]


class SeatForm(PostedForm):
    """Take a chair."""

    table: Number
    actor: Word


class VoteForm(PostedForm):
    """Answer the text on the table; pledges come as fields of their own."""

    model_config = ConfigDict(extra="allow")
    table: Number
    version: Number
    verdict: Word
    says: Said = ""
    withdraw: Literal["", "yes"] = ""


class DraftForm(PostedForm):
    """Put the next text on the table, or suggest it, or sound somebody out; the terms come as fields of their own."""

    model_config = ConfigDict(extra="allow")
    table: Number
    version: Number = 0
    says: Said = ""
    what: Literal["amend", "keep", "suggest", "sound", "check"] = "amend"
    actor: Word = ""


class ImprovementVoteForm(PostedForm):
    """Answer a text that is put before all chairs after the talks."""

    table: Number
    version: Number
    accept: Literal["yes", "no"]


class StatementForm(PostedForm):
    """Say something, in public or to one chair."""

    table: Number
    text: Said
    to: Word = ""


def _amounts(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What is pledged, as numbers; what is no number is left for the game to refuse."""
    found: dict[str, Any] = {}
    for name, value in access.named(fields, access.PLEDGE).items():
        try:
            found[name] = float(value.replace(",", ""))
        except ValueError:
            found[name] = value
    return found


# -- reading ---------------------------------------------------------------------------------------------------------


def _own(session: Session, person: str, changes: Mapping[str, str]) -> dict[str, Any]:
    """What the own parts of a person's page are made of."""
    view = views.seat(session, person)
    draft, wrong = None, ""
    if changes:
        try:
            draft = views.draft(session, person, changes)
        except RejectedActionError as error:
            wrong = str(error)
    room = {"n": session.entries[-1].n, "debriefed": session.debriefed, "locked": session.locked}
    return {
        "view": view,
        "changes": dict(changes),
        "draft": draft,
        "wrong": wrong,
        **room,
        **view_data.own(view, session.settings.whispers),
    }


def _page(seat: Seat, session: Session, code: str, changes: Mapping[str, str], whole: bool = True) -> str:
    place, language = session.place(seat.person.id), session.settings.language
    common = {"key": seat.form_key, "code": code, "now": time.time(), "query": urlencode(_terms(changes))}
    if place is None:
        lobby = {"tables": view_data.lobby(session), "locked": session.locked, "n": session.entries[-1].n}
        lobby["question"] = session.scenario.question
        return class_pages.filled(
            class_pages.text("lobby.html", language, title=session.scenario.title, **lobby, **common)
        )
    shown = seat.room.shown(place[0].number) if whole else ""
    own = _own(session, seat.person.id, changes)
    return class_pages.filled(
        class_pages.text("seat.html" if whole else "own.html", language, shown=shown, **own, **common)
    )


def _terms(changes: Mapping[str, str]) -> dict[str, str]:
    return {f"{access.TERM}{name}": option for name, option in changes.items()}


async def _answer(
    seat: Seat, registry: SessionRegistry, changes: Mapping[str, str] | None = None, whole: bool = True
) -> HTMLResponse:
    code = registry.own_code(seat.room.filed.id, seat.person.id)
    return HTMLResponse(await seat.room.read(lambda session: _page(seat, session, code, changes or {}, whole)))


@router.get("", response_class=HTMLResponse)
async def mine(seat: ASeat, registry: TheRegistry) -> HTMLResponse:
    """The page of a person: the table, or the chairs that are free."""
    return await _answer(seat, registry)


@router.get("/parts", response_class=HTMLResponse)
async def parts(request: Request, seat: ASeat, registry: TheRegistry) -> HTMLResponse:
    """The own parts of the page alone."""
    return await _answer(seat, registry, access.named(request.query_params, access.TERM), whole=False)


@router.get("/events")
async def events(seat: ASeat) -> StreamingResponse:
    """What changes, as it changes."""
    session, person = seat.session, seat.person.id
    place = session.place(person)
    return seat.room.stream(person, updates.topics(session, person), place[0].number if place else None)


@router.get("/brief", response_class=HTMLResponse)
async def brief(seat: ASeat) -> Response:
    """The confidential brief, for the screen and for paper; who has no role is led back to the page that it has."""

    def made(session: Session) -> str | None:
        place = session.place(seat.person.id)
        if place is None or place[1] == OBSERVER:
            return None
        view = views.seat(session, seat.person.id)
        own = view_data.own(view, session.settings.whispers)
        when = view_data.conditions(session.scenario.case, place[1], session.strings)
        return class_pages.text("brief.html", session.settings.language, view=view, when=when, **own)

    page = await seat.room.read(made)
    return RedirectResponse(HERE, 303) if page is None else HTMLResponse(page)


@router.get("/draft", response_class=HTMLResponse)
async def draft(request: Request, seat: ASeat, registry: TheRegistry, x_parts: Parts = None) -> HTMLResponse:
    """An amendment as it is edited: whether it is possible, and what it is worth to the own chair."""
    changes = access.named(request.query_params, access.TERM)
    if x_parts is None:
        return await _answer(seat, registry, changes)
    return HTMLResponse(
        await seat.room.read(
            lambda session: class_pages.text(
                "draft.html", session.settings.language, **_own(session, seat.person.id, changes)
            )
        )
    )


# -- doing -----------------------------------------------------------------------------------------------------------


async def _do(seat: Seat, form: PostedForm, kind: str, data: Mapping[str, Any], to: str = HERE) -> Response:
    seat.check(form)
    await seat.room.act(seat.person.id, kind, data, form.action)
    return RedirectResponse(to, 303)


@router.post("/sit", response_class=HTMLResponse)
async def sit(seat: ASeat, form: Annotated[SeatForm, Posted()]) -> Response:
    """Take a chair, or a place to watch from."""
    if form.actor != ANY:
        return await _do(seat, form, "sit", {"table": form.table, "actor": form.actor})
    seat.check(form)
    async with seat.room.giving:  # one after the other, so that no two are given the same chair
        free = view_data.free(seat.session)
        if free is None:
            raise RejectedActionError("closed", "chair_full", actor=seat.session.scenario.title)
        return await _do(seat, form, "sit", {"table": free[0], "actor": free[1]})


@router.post("/stand", response_class=HTMLResponse)
async def stand(seat: ASeat, form: Annotated[PostedForm, Posted()]) -> Response:
    """Leave one's place."""
    return await _do(seat, form, "stand", {})


@router.post("/vote", response_class=HTMLResponse)
async def vote(seat: ASeat, form: Annotated[VoteForm, Posted()]) -> Response:
    """Answer the text on the table."""
    data: dict[str, Any] = {"table": form.table, "version": form.version, "verdict": form.verdict, "says": form.says}
    if form.verdict == "accept":
        data["pledge"] = _amounts(form.model_extra or {})
    return await _do(seat, form, "vote", {**data, "withdraw": form.withdraw == "yes"}, f"{HERE}#part-turn")


@router.post("/draft", response_class=HTMLResponse)
async def put(seat: ASeat, form: Annotated[DraftForm, Posted()], registry: TheRegistry) -> Response:
    """Table, suggest, or sound out a changed text."""
    changes = access.named(form.model_extra or {}, access.TERM)
    if form.what == "check":
        seat.check(form)
        return await _answer(seat, registry, changes)
    if form.what == "sound":
        asked = {"table": form.table, "actor": form.actor, "changes": changes}
        return await _do(seat, form, "sound", asked, f"{HERE}/draft?{urlencode(_terms(changes))}#asked")
    kind = "suggest" if form.what == "suggest" else "amend"
    data = {"table": form.table, "version": form.version, "says": form.says}
    return await _do(seat, form, kind, {**data, "changes": {} if form.what == "keep" else changes})


@router.post("/settle", response_class=HTMLResponse)
async def settle(seat: ASeat, form: Annotated[ImprovementVoteForm, Posted()]) -> Response:
    """Answer a text that would improve on how the talks ended."""
    data = {"table": form.table, "version": form.version, "accept": form.accept == "yes"}
    return await _do(seat, form, "settle_vote", data)


@router.post("/say", response_class=HTMLResponse)
async def say(seat: ASeat, form: Annotated[StatementForm, Posted()]) -> Response:
    """Say something in public."""
    return await _do(seat, form, "say", {"table": form.table, "text": form.text}, f"{HERE}#talk")


@router.post("/whisper", response_class=HTMLResponse)
async def whisper(seat: ASeat, form: Annotated[StatementForm, Posted()]) -> Response:
    """Say something to one chair."""
    data = {"table": form.table, "to": form.to, "text": form.text}
    return await _do(seat, form, "whisper", data, f"{HERE}#part-whispers")


@router.post("/leave", response_class=HTMLResponse)
async def leave(seat: ASeat, form: Annotated[PostedForm, Posted()], registry: TheRegistry) -> Response:
    """Forget this device; the own code brings one back."""
    seat.check(form)
    await registry.leave(seat.token)
    answer = RedirectResponse("/", 303)
    answer.delete_cookie(access.COOKIES[session_registry.SEAT], path="/")
    return answer
