"""What people do at a table beside answering and drafting: support and adopt suggestions, name amounts, headlines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter
from fastapi import Form as Posted
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ConfigDict, Field

from sim.classroom import access
from sim.classroom.access import PostedForm, Seat, SeatDep
from sim.game.session.actions import HEADLINE_MOST
from sim.game.session.rejections import RejectedActionError

router = APIRouter(prefix="/seat")
SUGGESTIONS, HEADLINES = "/seat#part-suggestions", "/seat#part-headline"
Number = Annotated[int, Field(ge=0, le=1_000_000_000)]
Statement = Annotated[str, Field(max_length=access.MAX_STATEMENT_LENGTH)]


class SuggestionForm(PostedForm):
    """Support a suggestion, take the support back, or adopt it as the next draft."""

    table: Number
    version: Number = 0
    suggestion: Number
    support: Annotated[str, Field(max_length=3)] = "yes"


class IntentionForm(PostedForm):
    """Say in public how much one would send; each amount is a field of its own."""

    model_config = ConfigDict(extra="allow")
    table: Number
    text: Statement = ""


class HeadlineForm(PostedForm):
    """Write a headline."""

    table: Number
    text: Annotated[str, Field(max_length=4 * HEADLINE_MOST)]


async def _do(seat: Seat, form: PostedForm, kind: str, data: Mapping[str, Any], to: str) -> Response:
    seat.check(form)
    await seat.live.act(seat.person.id, kind, data, form.action)
    return RedirectResponse(to, 303)


@router.post("/support", response_class=HTMLResponse)
async def support(seat: SeatDep, form: Annotated[SuggestionForm, Posted()]) -> Response:
    """Support a suggestion in public, or take the support back."""
    data = {"table": form.table, "suggestion": form.suggestion, "support": form.support == "yes"}
    return await _do(seat, form, "support", data, SUGGESTIONS)


@router.post("/adopt", response_class=HTMLResponse)
async def adopt(seat: SeatDep, form: Annotated[SuggestionForm, Posted()]) -> Response:
    """Hand in a suggestion as the next draft."""
    table, _ = seat.session.voice(seat.person.id)
    suggested = [said.entry for said in table.statements_of("suggest") if said.entry.n == form.suggestion]
    if not suggested:
        raise RejectedActionError("bad", "no_suggestion")
    data = {"table": form.table, "version": form.version, "changes": dict(suggested[0].data["changes"])}
    return await _do(seat, form, "amend", data, "/seat#part-turn")


@router.post("/intend", response_class=HTMLResponse)
async def intend(seat: SeatDep, form: Annotated[IntentionForm, Posted()]) -> Response:
    """Say in public how much one would send, which binds nobody."""
    amounts = access.amounts(form.model_extra or {})
    return await _do(seat, form, "say", {"table": form.table, "text": form.text, "intends": amounts}, "/seat#talk")


@router.post("/headline", response_class=HTMLResponse)
async def headline(seat: SeatDep, form: Annotated[HeadlineForm, Posted()]) -> Response:
    """Write a headline for the wall and all phones."""
    return await _do(seat, form, "headline", {"table": form.table, "text": form.text}, HEADLINES)
