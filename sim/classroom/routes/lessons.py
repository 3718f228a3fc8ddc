"""The pages beside the talks: comprehension check, survey and reflection of a student, and the teacher's results."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException
from fastapi import Form as Posted
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ConfigDict, Field

from sim.classroom import access, class_pages
from sim.classroom.access import LiveSessionDep, PostedForm, Seat, SeatDep, TeacherDep
from sim.classroom.teaching import lesson_files
from sim.game.session.learning.lesson_permissions import survey_open
from sim.game.session.learning.lesson_views import own_check, own_lesson, survey_means
from sim.game.session.lesson.lesson_actions import LIKERT, REFLECTION_ITEMS, SURVEY_ITEMS
from sim.game.session.session import Session

router = APIRouter()
MAX_WORD_LENGTH = 64
ITEM = "item."
"""Prefix of the form fields for the answer to an item; the item follows."""
CSV = "text/csv"


class CheckForm(PostedForm):
    """Answer a question of the comprehension check."""

    question: Annotated[str, Field(max_length=MAX_WORD_LENGTH)]
    choice: Annotated[str, Field(max_length=MAX_WORD_LENGTH)]


class ItemsForm(PostedForm):
    """Answer the survey or the reflection; each item is a field of its own."""

    model_config = ConfigDict(extra="allow")


# -- a student's pages -----------------------------------------------------------------------------------------------


async def _page(seat: Seat, template: str, part: str, **data: Any) -> HTMLResponse:
    """Return a page of a student's lesson, if this part of it is open."""

    def render(session: Session) -> str:
        mine = own_lesson(session, seat.person.id)
        if not dict(mine)[part]:
            raise HTTPException(404, f"class.lesson.{part}_closed")
        shown = {"mine": mine, "key": seat.form_key, "title": session.scenario.title}
        own = {name: value(session) for name, value in data.items()}
        return class_pages.render(template, session.settings.language, **shown, **own)

    return HTMLResponse(await seat.live.read(render))


@router.get("/seat/check", response_class=HTMLResponse)
async def check(seat: SeatDep) -> HTMLResponse:
    """Show the comprehension check, with the explanations of what has been answered."""
    person = seat.person.id
    return await _page(seat, "lesson_check.html", "check", questions=lambda session: own_check(session, person))


@router.post("/seat/check", response_class=HTMLResponse)
async def answer_check(seat: SeatDep, form: Annotated[CheckForm, Posted()]) -> Response:
    """Answer a question of the comprehension check."""
    data = {"question": form.question, "choice": form.choice}
    return await _do(seat, form, "check_answer", data, f"/seat/check#{form.question}")


@router.get("/seat/survey", response_class=HTMLResponse)
async def survey(seat: SeatDep) -> HTMLResponse:
    """Show the survey before the talks, or after them."""
    person = seat.person.id
    return await _page(
        seat,
        "lesson_survey.html",
        "survey",
        given=lambda session: session.lesson.surveyed.get((person, survey_open(session, person)), {}),
        items=lambda _: SURVEY_ITEMS,
        points=lambda _: LIKERT,
    )


@router.post("/seat/survey", response_class=HTMLResponse)
async def answer_survey(seat: SeatDep, form: Annotated[ItemsForm, Posted()]) -> Response:
    """Answer the survey; items may be left out."""
    fields = dict(form.model_extra or {})
    given = access.fields_with_prefix(fields, ITEM)
    answers = {name: int(value) if value.isdecimal() and len(value) == 1 else value for name, value in given.items()}
    data = {"when": str(fields.get("when", "")), "answers": answers}
    return await _do(seat, form, "survey", data, "/seat/survey")


@router.get("/seat/reflection", response_class=HTMLResponse)
async def reflection(seat: SeatDep) -> HTMLResponse:
    """Show the questions of the reflection, once the talks are over."""
    person = seat.person.id
    return await _page(
        seat,
        "lesson_reflection.html",
        "reflection",
        given=lambda session: session.lesson.reflected.get(person, {}),
        items=lambda _: REFLECTION_ITEMS,
    )


@router.post("/seat/reflection", response_class=HTMLResponse)
async def answer_reflection(seat: SeatDep, form: Annotated[ItemsForm, Posted()]) -> Response:
    """Answer the questions of the reflection."""
    answers = access.fields_with_prefix(form.model_extra or {}, ITEM)
    return await _do(seat, form, "reflect", {"answers": answers}, "/seat/reflection")


async def _do(seat: Seat, form: PostedForm, kind: str, data: Mapping[str, Any], to: str) -> Response:
    seat.check(form)
    await seat.live.act(seat.person.id, kind, data, form.action)
    return RedirectResponse(to, 303)


# -- the teacher's pages ---------------------------------------------------------------------------------------------


@router.get("/teacher/{session}/lesson", response_class=HTMLResponse)
async def results(_: TeacherDep, live: LiveSessionDep) -> HTMLResponse:
    """Show what students answered beside the talks, and how much each took part."""

    def render(session: Session) -> str:
        return class_pages.render(
            "lesson_results.html",
            session.settings.language,
            stored=live.row,
            settings=session.settings,
            means=survey_means(session),
            taken=lesson_files.participation(session),
            names={person.id: person.name for person in session.people.values()},
            reflected=session.lesson.reflected,
            items=REFLECTION_ITEMS,
        )

    return HTMLResponse(await live.read(render))


@router.get("/teacher/{session}/lesson/{name}", response_class=Response)
async def lesson_file(_: TeacherDep, live: LiveSessionDep, name: str) -> Response:
    """Download the transcript, the participation or the answers as CSV, plain or as European spreadsheets read it."""
    if name not in lesson_files.FILES:
        raise HTTPException(404)
    text = await live.read(lambda session: lesson_files.FILES[name](session))
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text.encode(), media_type=CSV, headers=headers)
