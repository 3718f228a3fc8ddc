"""The rehearsal: the talks with agents at every seat, before a class is made and before it begins."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from sim.case.models import Case, Scenario
from sim.classroom import class_pages, view_data
from sim.classroom.access import LiveSessionDep, RegistryDep, TeacherDep
from sim.classroom.routes.choosing import MonthsField, ScenarioField
from sim.classroom.session_registry import SessionRegistry
from sim.game.paper.rehearsal import rehearse
from sim.negotiation.scenario_loader import build_scenario
from sim.report.story.case_wording import in_words
from sim.report.story.months import months
from sim.report.zone_line import zone_line
from sim.strings import Strings, speaking, spoken
from sim.web.scenario_cards import cards_in

router = APIRouter(prefix="/teacher")
COMPUTING = 202
PATIENCE = 1.5
"""Seconds for which a page waits for a quick result before it shows that the result is being computed."""


@router.get("/rehearsal", response_class=HTMLResponse)
async def rehearsal_of_scenario(
    _: TeacherDep, registry: RegistryDep, scenario: ScenarioField, months: Annotated[MonthsField, Query()] = ""
) -> HTMLResponse:
    """Show the talks with agents at every seat, before a class is made."""
    language = spoken().language
    source = registry.catalogue.source(scenario, {} if months == "" else {"protocol.months": months}, language)
    card = cards_in(registry.catalogue, language)[scenario]
    key = ("rehearsal", scenario, months, language)
    data: dict[str, Any] = {"card": card, "months_asked": months}
    return await _page(registry, key, build_scenario(source), None, "/teacher", language, **data)


@router.get("/{session}/rehearsal", response_class=HTMLResponse)
async def rehearsal(live: LiveSessionDep, registry: RegistryDep) -> HTMLResponse:
    """Show the talks with agents at every seat, before the class begins."""
    session, key = live.session, (live.row.id, "rehearsal")
    here, language = f"/teacher/{live.row.id}", session.settings.language
    return await _page(registry, key, session.scenario, session.settings.seed, here, language, card=None)


async def _page(
    registry: SessionRegistry,
    key: tuple[object, ...],
    scenario: Scenario,
    seed: int | None,
    here: str,
    language: str = "en",
    **data: Any,
) -> HTMLResponse:
    t = Strings.load(language).with_names(scenario.case.names)
    result = await registry.slow.get(key, lambda: rehearse(scenario, seed), PATIENCE)
    return class_pages.page(
        "rehearsal.html",
        COMPUTING if result is None else 200,
        language=language,
        title=scenario.title,
        terms=view_data.TermLabels.of(scenario.case),
        result=result,
        waiting=result is None,
        line="" if result is None else zone_line(result["zone_line"], t),
        months=[] if result is None else _timeline(result["run"], scenario.case, t),
        here=here,
        **data,
    )


def _timeline(run: dict[str, Any], case: Case, t: Strings) -> list[tuple[dict[str, Any], list[str]]]:
    """Return each month of a run with its sentences, in the words of its case."""
    issues = {name: issue.model_dump() for name, issue in case.issues.items()}
    with speaking(t):
        return list(zip(run["timeline"], months(in_words(run, issues)), strict=True))
