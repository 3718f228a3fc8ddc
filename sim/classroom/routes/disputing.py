"""Disputing the model: a search for a number by actor and words, and what else changes with another value."""

from __future__ import annotations

import re
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse

from sim.analysis.judging.sources import sources
from sim.case.models import Case
from sim.classroom import class_pages, view_data
from sim.classroom.access import LiveSessionDep, RegistryDep, SeatDep
from sim.classroom.live_session import LiveSession
from sim.classroom.routes.debriefing import COMPUTING, PATIENCE, require_debrief, state_of
from sim.classroom.session_registry import SessionRegistry
from sim.errors import CaseError, UsageError
from sim.game.debrief.what_if import dispute
from sim.strings import Strings, spoken

router = APIRouter()
Plain = dict[str, Any]
MAX_PATH_LENGTH, MAX_VALUE_LENGTH, MAX_WORDS_LENGTH = 200, 40, 80
MATCHES_MOST = 15
"""The most numbers that a search lists."""
WORD = re.compile(r"-?[a-z][a-z_]*")
"""A word of the codebook, as it may be typed for a number."""
WRONG = 422


class Question(NamedTuple):
    """What a person asks: which numbers to look for, and a new value for the one with a path."""

    actor: str
    words: str
    path: str
    value: str


class Match(NamedTuple):
    """A number of the case: its path, the id and the name of its owner, and its words with the present value."""

    path: str
    owner: str
    name: str
    says: str


def question(
    actor: Annotated[str, Query(max_length=MAX_VALUE_LENGTH)] = "",
    words: Annotated[str, Query(max_length=MAX_WORDS_LENGTH)] = "",
    path: Annotated[str, Query(max_length=MAX_PATH_LENGTH)] = "",
    value: Annotated[str, Query(max_length=MAX_VALUE_LENGTH)] = "",
) -> Question:
    """Read the question from the address of a page."""
    return Question(actor, words.strip(), path, value.strip())


QuestionQuery = Annotated[Question, Depends(question)]


@router.get("/teacher/{session}/dispute", response_class=HTMLResponse)
async def dispute_of_teacher(live: LiveSessionDep, registry: RegistryDep, asked: QuestionQuery) -> HTMLResponse:
    """Find a number, change it, and show what else changes."""
    return await _page(registry, live, f"/teacher/{live.row.id}", asked)


@router.get("/seat/dispute", response_class=HTMLResponse)
async def dispute_of_seat(seat: SeatDep, registry: RegistryDep, asked: QuestionQuery) -> HTMLResponse:
    """Find a number, change it, and show what else changes, once the debrief is open."""
    require_debrief(seat.live)
    return await _page(registry, seat.live, "/seat", asked, seat.person.id)


async def _page(
    registry: SessionRegistry, live: LiveSession, here: str, asked: Question, student: str | None = None
) -> HTMLResponse:
    scenario, strings = live.session.scenario, live.session.strings
    numbers = await registry.quick.get((live.row.id, "numbers"), lambda: sources(scenario)["numbers"], PATIENCE)
    result, wrong = None, ""
    if asked.path and asked.value:
        try:
            result = await _effects(registry, live, asked, student)
        except CaseError as error:
            wrong = error.problems[0].message
        except UsageError as error:
            wrong = str(error)
    waiting = numbers is None or bool(asked.path and asked.value and result is None and not wrong)
    known = _known(numbers or [], scenario.case, strings)
    found = search(known, asked.actor, asked.words) if asked.actor or asked.words else []
    return class_pages.page(
        "dispute.html",
        COMPUTING if waiting else WRONG if wrong else 200,
        language=strings.language,
        title=scenario.title,
        terms=view_data.TermLabels.of(scenario.case),
        here=here,
        asked=asked,
        owners={match.owner: match.name for match in known},
        found=found[:MATCHES_MOST],
        more=len(found) - MATCHES_MOST,
        chosen=next((match for match in known if match.path == asked.path), None),
        result=result,
        waiting=waiting,
        wrong=wrong,
    )


def search(known: list[Match], owner: str, words: str) -> list[Match]:
    """Return the numbers of an owner (empty for all) whose words, owner or path contain all given words."""
    wanted = words.lower().split()
    return [
        match
        for match in known
        if owner in ("", match.owner)
        and all(word in f"{match.name} {match.says} {match.path}".lower() for word in wanted)
    ]


async def _effects(registry: SessionRegistry, live: LiveSession, asked: Question, student: str | None) -> Plain | None:
    """Return what changes with a number; None while it is being computed. A student's request comes last."""
    scenario = live.session.scenario
    if asked.path not in scenario.case.numbers:
        raise UsageError(spoken()("class.error.no_number", path=asked.path))
    played, state = await live.read(state_of)
    new = _value(asked.value)
    key = (live.row.id, "dispute", state, asked.path, new)
    effects: Plain | None = await registry.slow.get(
        key, lambda: dispute(scenario, asked.path, new, played), PATIENCE, guest=student
    )
    return effects


def _value(text: str) -> float | str:
    """Return a number, a word of the codebook, or ``never``, as typed."""
    try:
        number = float(text)
    except ValueError:
        if not WORD.fullmatch(text):
            raise UsageError(spoken()("class.error.no_word", text=text)) from None
        return text
    if not abs(number) < float("inf"):
        raise UsageError(spoken()("class.error.not_finite", text=text))
    return number


def _known(numbers: list[Plain], case: Case, t: Strings) -> list[Match]:
    """Return the numbers of a case in words."""
    known = []
    for entry in numbers:
        owner = str(entry["owner"])
        name = case.actors[owner].name if owner in case.actors else t(f"class.dispute.owner.{owner}")
        known.append(Match(str(entry["path"]), owner, name, view_data.number_label(entry, t)))
    return known
