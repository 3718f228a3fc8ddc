"""The pages of a person in a session: the chairs, the brief, the table, and every action of a seat."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Header, Query, Request
from fastapi import Form as Posted
from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from pydantic import ConfigDict, Field

from sim.classroom import access, class_pages, session_registry, updates, view_data
from sim.classroom.access import PostedForm, RegistryDep, Seat, SeatDep
from sim.classroom.live_session import KeptAnswer
from sim.classroom.routes import seat_page
from sim.game.session.actions import OBSERVER
from sim.game.session.rejections import RejectedActionError
from sim.game.session.session import Session

router = APIRouter(prefix="/seat")
HERE = "/seat"
ANY = "any"
"""In place of an actor: the next free chair."""
MAX_WORD_LENGTH = 64
Statement = Annotated[str, Field(max_length=access.MAX_STATEMENT_LENGTH)]
Word = Annotated[str, Field(max_length=MAX_WORD_LENGTH)]
Number = Annotated[int, Field(ge=0, le=1_000_000_000)]
Parts = Annotated[Literal["1"] | None, Header(alias="X-Parts", include_in_schema=False)]


class SeatForm(PostedForm):
    """Take a chair."""

    table: Number
    actor: Word


class VoteForm(PostedForm):
    """Vote on the text on the table; each pledge is a field of its own."""

    model_config = ConfigDict(extra="allow")
    table: Number
    version: Number
    verdict: Word
    says: Statement = ""
    withdraw: Literal["", "yes"] = ""


class KeptAnswerForm(VoteForm):
    """Keep an answer that is not finished; it is offered again on the seat's page."""

    verdict: Word = ""


class DraftForm(PostedForm):
    """Table a text, suggest it, or sound somebody out about it; each term is a field of its own."""

    model_config = ConfigDict(extra="allow")
    table: Number
    version: Number = 0
    says: Statement = ""
    what: Literal["amend", "keep", "suggest", "sound", "check"] = "amend"
    actor: Word = ""


class ImprovementVoteForm(PostedForm):
    """Vote on a text that is put to all seats after the talks."""

    table: Number
    version: Number
    accept: Literal["yes", "no"]


class StatementForm(PostedForm):
    """Say something, in public or to one seat."""

    table: Number
    text: Statement
    to: Word = ""


# -- pages -----------------------------------------------------------------------------------------------------------


@router.get("", response_class=HTMLResponse)
async def mine(seat: SeatDep, registry: RegistryDep) -> HTMLResponse:
    """Show the page of a person: the table, or the free chairs."""
    return await seat_page.show(seat, registry)


@router.get("/parts", response_class=HTMLResponse)
async def parts(request: Request, seat: SeatDep, registry: RegistryDep) -> HTMLResponse:
    """Show only the private parts of the page."""
    return await seat_page.show(
        seat, registry, access.fields_with_prefix(request.query_params, access.TERM), whole=False
    )


@router.get("/events")
async def events(seat: SeatDep) -> StreamingResponse:
    """Stream changes."""
    session, person = seat.session, seat.person.id
    place = session.place(person)
    return seat.live.stream(person, updates.topics(session, person), place[0].number if place else None)


@router.get("/brief", response_class=HTMLResponse)
async def brief(seat: SeatDep) -> Response:
    """Show the confidential brief, for screen and paper; a person without a role is redirected to the seat page."""

    def render(session: Session) -> str | None:
        place = session.place(seat.person.id)
        if place is None or place[1] == OBSERVER:
            return None
        return seat.live.briefs.page(session, *place)

    page = await seat.live.read(render)
    return RedirectResponse(HERE, 303) if page is None else HTMLResponse(page)


@router.get("/draft", response_class=HTMLResponse)
async def draft(request: Request, seat: SeatDep, registry: RegistryDep, x_parts: Parts = None) -> HTMLResponse:
    """Show an amendment while it is edited: whether it is possible, and what it is worth to this seat."""
    changes = access.fields_with_prefix(request.query_params, access.TERM)
    if x_parts is None:
        return await seat_page.show(seat, registry, changes)

    def render(session: Session) -> str:
        return class_pages.render("draft.html", session.settings.language, **seat_page.own(seat, session, changes))

    return HTMLResponse(await seat.live.read(render))


@router.get("/talk", response_class=HTMLResponse)
async def talk(seat: SeatDep, page: Annotated[int, Query(ge=1, le=10_000)] = 1) -> Response:
    """Show everything that was said in public at one's table, page by page."""
    place = seat.session.place(seat.person.id)
    if place is None:
        return RedirectResponse(HERE, 303)
    return await seat.live.read(lambda session: class_pages.talk_page(session, place[0].number, page, HERE))


# -- actions ---------------------------------------------------------------------------------------------------------


async def _do(seat: Seat, form: PostedForm, kind: str, data: Mapping[str, Any], to: str = HERE) -> Response:
    seat.check(form)
    await seat.live.act(seat.person.id, kind, data, form.action)
    return RedirectResponse(to, 303)


@router.post("/sit", response_class=HTMLResponse)
async def sit(seat: SeatDep, form: Annotated[SeatForm, Posted()]) -> Response:
    """Take a chair, or a place as an observer."""
    if form.actor != ANY:
        return await _do(seat, form, "sit", {"table": form.table, "actor": form.actor})
    seat.check(form)
    async with seat.live.seating_lock:  # one at a time, so that two people never get the same chair
        chair = view_data.next_free_chair(seat.session)
        if chair is None:
            raise RejectedActionError("closed", "chair_full", actor=seat.session.scenario.title)
        return await _do(seat, form, "sit", {"table": chair[0], "actor": chair[1]})


@router.post("/stand", response_class=HTMLResponse)
async def stand(seat: SeatDep, form: Annotated[PostedForm, Posted()]) -> Response:
    """Leave one's place."""
    return await _do(seat, form, "stand", {})


@router.post("/vote", response_class=HTMLResponse)
async def vote(seat: SeatDep, form: Annotated[VoteForm, Posted()]) -> Response:
    """Vote on the text on the table."""
    data: dict[str, Any] = {"table": form.table, "version": form.version, "verdict": form.verdict, "says": form.says}
    if form.verdict == "accept":
        data["pledge"] = access.amounts(form.model_extra or {})
    answer = await _do(seat, form, "vote", {**data, "withdraw": form.withdraw == "yes"}, f"{HERE}#part-turn")
    seat.live.kept.pop(_place(seat), None)
    return answer


def _place(seat: Seat) -> tuple[int, str]:
    """Return the table and the actor of a person's chair. Raises `RejectedActionError` if the person has none."""
    table, actor = seat.session.chair(seat.person.id)
    return table.number, actor


@router.post("/keep", response_class=HTMLResponse)
async def keep(seat: SeatDep, form: Annotated[KeptAnswerForm, Posted()], x_parts: Parts = None) -> Response:
    """Keep an answer that is not finished, until it is sent or the talks move on; only this seat sees it."""
    seat.check(form)
    pledge = access.fields_with_prefix(form.model_extra or {}, access.PLEDGE)
    short = {name[:MAX_WORD_LENGTH]: amount[:MAX_WORD_LENGTH] for name, amount in pledge.items()}
    withdraw = form.withdraw == "yes"
    seat.live.kept[_place(seat)] = KeptAnswer(form.version, form.verdict, form.says, withdraw, short)
    return Response(status_code=204) if x_parts else RedirectResponse(f"{HERE}#part-turn", 303)


@router.post("/draft", response_class=HTMLResponse)
async def draft_action(seat: SeatDep, form: Annotated[DraftForm, Posted()], registry: RegistryDep) -> Response:
    """Table or suggest a changed text, or sound out an actor about it."""
    changes = access.fields_with_prefix(form.model_extra or {}, access.TERM)
    if form.what == "check":
        seat.check(form)
        return await seat_page.show(seat, registry, changes)
    if form.what == "sound":
        sounding = {"table": form.table, "actor": form.actor, "changes": changes}
        return await _do(seat, form, "sound", sounding, f"{HERE}/draft?{urlencode(seat_page.terms(changes))}#asked")
    kind = "suggest" if form.what == "suggest" else "amend"
    data = {"table": form.table, "version": form.version, "says": form.says}
    return await _do(seat, form, kind, {**data, "changes": {} if form.what == "keep" else changes})


@router.post("/read", response_class=HTMLResponse)
async def read(seat: SeatDep, form: Annotated[PostedForm, Posted()]) -> Response:
    """Remember that a person has read the brief, so that the page opens with the talks."""
    seat.check(form)
    seat.live.readers.add((seat.person.id, *_place(seat)))
    return RedirectResponse(HERE, 303)


@router.post("/settle", response_class=HTMLResponse)
async def settle(seat: SeatDep, form: Annotated[ImprovementVoteForm, Posted()]) -> Response:
    """Vote on a text that would improve on how the talks ended."""
    data = {"table": form.table, "version": form.version, "accept": form.accept == "yes"}
    return await _do(seat, form, "settle_vote", data)


@router.post("/say", response_class=HTMLResponse)
async def say(seat: SeatDep, form: Annotated[StatementForm, Posted()]) -> Response:
    """Say something in public."""
    return await _do(seat, form, "say", {"table": form.table, "text": form.text}, f"{HERE}#talk")


@router.post("/whisper", response_class=HTMLResponse)
async def whisper(seat: SeatDep, form: Annotated[StatementForm, Posted()]) -> Response:
    """Say something to one seat."""
    data = {"table": form.table, "to": form.to, "text": form.text}
    return await _do(seat, form, "whisper", data, f"{HERE}#part-whispers")


@router.post("/leave", response_class=HTMLResponse)
async def leave(seat: SeatDep, form: Annotated[PostedForm, Posted()], registry: RegistryDep) -> Response:
    """Sign out on this device; the personal code signs in again."""
    return await seat.sign_out(registry, session_registry.SEAT, form)
