"""The teacher's first pages: the classes of this file, the choice of a scenario, and the settings of a new class."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from fastapi import APIRouter, Query
from fastapi import Form as Posted
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import AfterValidator, Field

from sim.classroom import class_pages
from sim.classroom.access import LiveSessionDep, PostedForm, RegistryDep, TeacherDep
from sim.classroom.session_registry import SessionRegistry
from sim.classroom.teaching import class_templates
from sim.errors import UsageError
from sim.game.session.settings import MINUTES_MOST, SOUNDINGS, SOUNDINGS_MOST, TABLES_MOST, SessionSettings
from sim.negotiation.protocols import PROTOCOLS
from sim.report.zone_line import zone_line
from sim.strings import Strings, languages, spoken
from sim.web.catalogue import Catalogue
from sim.web.scenario_cards import PHASE_MINUTES, ScenarioCard, cards_in

router = APIRouter(prefix="/teacher")
MAX_NAME_LENGTH, MAX_MONTHS = 1_000, 120
ScenarioField: TypeAlias = Annotated[str, Field(max_length=MAX_NAME_LENGTH)]
MonthsField: TypeAlias = Annotated[int, Field(ge=1, le=MAX_MONTHS)] | Literal[""]
Ticked: TypeAlias = Literal["", "yes"]


def _known_protocol(protocol: str) -> str:
    """Return a protocol's name if the form offers it."""
    if protocol and protocol not in PROTOCOLS:
        raise ValueError(f"Unknown protocol. Choose from {', '.join(PROTOCOLS)}.")
    return protocol


def _known_language(language: str) -> str:
    """Return a language's code if the form offers it."""
    if language and language not in languages():
        raise ValueError(f"Unknown language. Choose from {', '.join(languages())}.")
    return language


def _summary(protocol: str, t: Strings) -> str:
    """Return what a protocol does, in a line."""
    key = f"class.protocol.{protocol}"
    return t(key) if key in t else PROTOCOLS[protocol].summary


def _keys_of_others(protocol: str) -> list[str]:
    """Return the settings that only other protocols have; a scenario written for one of those may contain them."""
    others = {key for other in PROTOCOLS.values() for key in other.keys} - {*PROTOCOLS[protocol].keys}
    return [f"protocol.{key}" for key in sorted(others)]


class NewSessionForm(PostedForm):
    """Create a session; empty fields keep the scenario's own settings."""

    scenario: ScenarioField
    tables: Annotated[int, Field(ge=1, le=TABLES_MOST)] = 1
    protocol: Annotated[str, AfterValidator(_known_protocol)] = ""
    months: MonthsField = ""
    minutes: Annotated[float, Field(gt=0, le=MINUTES_MOST, allow_inf_nan=False)] | Literal[""] = ""
    clock_closes: Ticked = ""
    sheets: Ticked = ""
    level: Literal["basic", "advanced"] = "advanced"
    whispers: Ticked = ""
    conditions: Ticked = ""
    soundings: Annotated[int, Field(ge=0, le=SOUNDINGS_MOST)] = SOUNDINGS
    seed: Annotated[int, Field(ge=0, le=2**32)] | Literal[""] = ""
    check: Ticked = ""
    survey: Ticked = ""
    reflection: Ticked = ""
    language: Annotated[str, AfterValidator(_known_language)] = ""


class TemplateForm(PostedForm):
    """Save the settings of a session as a template, or delete a template."""

    name: Annotated[str, Field(max_length=class_templates.NAME_LENGTH)]


def _templates(registry: SessionRegistry) -> Path:
    """Return the file of this server's templates."""
    return class_templates.templates_file(registry.store.path)


def _suggested(card: ScenarioCard) -> dict[str, Any]:
    """Return the settings that suit a lesson."""
    return {
        "tables": 1,
        "months": card.class_months,
        "minutes": PHASE_MINUTES,
        "clock_closes": "yes",
        "level": "basic",
        "sheets": "yes",
        "whispers": "yes",
        "conditions": "",
        "soundings": SOUNDINGS,
        "protocol": "",
        "seed": "",
        "check": "",
        "survey": "",
        "reflection": "",
        "language": spoken().language,
    }


def _lines(cards: Iterable[ScenarioCard], t: Strings) -> Mapping[str, str]:
    """Return each scenario's zone of agreement in one line."""
    return {card.name: zone_line(None if card.zone is None else card.zone.to_dict(), t) for card in cards}


async def _cards(catalogue: Catalogue) -> Mapping[str, ScenarioCard]:
    return await asyncio.to_thread(cards_in, catalogue, spoken().language)  # the first time, all files are read


@router.get("", response_class=HTMLResponse)
async def session_list(
    holder: TeacherDep,
    registry: RegistryDep,
    case: Annotated[str, Query(max_length=MAX_NAME_LENGTH)] = "",
    agreed: Annotated[Ticked, Query()] = "",
) -> HTMLResponse:
    """Show all sessions, and the scenarios from which a new one can be made."""
    cards = await _cards(registry.catalogue)
    shown = [card for card in cards.values() if case in ("", card.case) and (not agreed or card.can_be_agreed)]
    return class_pages.page(
        "teacher.html",
        key=holder.form_key,
        sessions=registry.sessions,
        cards=shown,
        lines=_lines(shown, spoken()),
        cases=list(dict.fromkeys(card.case for card in cards.values())),
        case=case,
        agreed=agreed,
        first=registry.catalogue.first_for_class,
        templates=[one for one in class_templates.read_templates(_templates(registry)) if one.scenario in cards],
        address=registry.address,
    )


@router.get("/new", response_class=HTMLResponse)
async def new_session(
    holder: TeacherDep, registry: RegistryDep, scenario: ScenarioField = "", template: ScenarioField = ""
) -> HTMLResponse:
    """Show the settings of a new session of one scenario, or those of a template."""
    cards = await _cards(registry.catalogue)
    saved = next((one for one in class_templates.read_templates(_templates(registry)) if one.name == template), None)
    name = saved.scenario if saved else scenario or registry.catalogue.first_for_class
    if name not in cards:
        raise UsageError(f"Unknown scenario '{name[:40]}'.")
    return class_pages.page(
        "new.html",
        key=holder.form_key,
        card=cards[name],
        line=_lines([cards[name]], spoken())[name],
        first=registry.catalogue.first_for_class,
        given=_suggested(cards[name]) | (dict(saved.values) if saved else {}),
        protocols={name: _summary(name, spoken()) for name in PROTOCOLS},
    )


@router.post("/sessions", response_class=HTMLResponse)
async def create(holder: TeacherDep, registry: RegistryDep, form: Annotated[NewSessionForm, Posted()]) -> Response:
    """Create a session."""
    holder.check(form)
    changes: dict[str, Any] = {} if form.months == "" else {"protocol.months": form.months}
    if form.protocol:
        changes |= {"protocol.name": form.protocol} | dict.fromkeys(_keys_of_others(form.protocol))
    language = form.language or spoken().language
    source = registry.catalogue.source(form.scenario, changes, language)
    settings = SessionSettings(
        scenario=dict(source),
        tables=form.tables,
        minutes=None if form.minutes == "" else form.minutes,
        clock_closes=form.clock_closes == "yes",
        sheets=form.sheets == "yes",
        level=form.level,
        whispers=form.whispers == "yes",
        conditions=form.conditions == "yes",
        soundings=form.soundings,
        check=form.check == "yes",
        survey=form.survey == "yes",
        reflection=form.reflection == "yes",
        seed=None if form.seed == "" else form.seed,
        language=language,
        program=registry.program,
    )
    session = await registry.create(settings, str(source["title"]), form.action)
    return RedirectResponse(f"/teacher/{session}", 303)


@router.post("/{session}/template", response_class=HTMLResponse)
async def save_template(
    holder: TeacherDep, registry: RegistryDep, live: LiveSessionDep, form: Annotated[TemplateForm, Posted()]
) -> Response:
    """Save the settings of a session as a template."""
    holder.check(form)
    template = class_templates.template_of(form.name, live.session.settings, registry.catalogue)
    await asyncio.to_thread(class_templates.save_template, _templates(registry), template)
    return RedirectResponse("/teacher#templates", 303)


@router.post("/templates/delete", response_class=HTMLResponse)
async def delete_template(
    holder: TeacherDep, registry: RegistryDep, form: Annotated[TemplateForm, Posted()]
) -> Response:
    """Delete a template."""
    holder.check(form)
    await asyncio.to_thread(class_templates.delete_template, _templates(registry), form.name)
    return RedirectResponse("/teacher", 303)
