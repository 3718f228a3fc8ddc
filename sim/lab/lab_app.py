"""The web application of the lab: the page, the stream of answers to a change, and the downloads."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from functools import cached_property
from threading import Event
from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, FastAPI, Form, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from sim.analysis.judging.verdicts import VerdictsReport
from sim.case.reading.yaml_documents import parse_value
from sim.errors import CaseError, ParleyError, UsageError
from sim.lab import answers, downloads, lab_pages
from sim.lab.link_state import LinkState
from sim.lab.page_answer import PageAnswer
from sim.lab.panels import saved_panels
from sim.lab.panels.panel_answers import panel_answers
from sim.lab.scenario_cache import ScenarioCache
from sim.lab.scenario_state import LoadedScenario, ModifiedScenario, asked_month
from sim.strings import Strings
from sim.web.guard import RequestGuard

router = APIRouter()
MAX_NAME_LENGTH, MAX_STATE_LENGTH, MAX_TITLE_LENGTH = 500, 60_000, 120
PAUSE = 0.05
"""Seconds without another change before the slower answers are computed, because a slider may still be moving."""
t = Strings.load()


class LabRequest(BaseModel):
    """A request: the id of a scenario in the catalogue, and the state in the link, as sent."""

    scenario: str = Field("", max_length=MAX_NAME_LENGTH)
    state: str = Field("", max_length=MAX_STATE_LENGTH)
    serial: int = Field(0, ge=0, description="The number of the state; each line of the answer repeats it.")
    chosen: str = Field("", max_length=MAX_NAME_LENGTH, description="The issue that was just chosen.")
    old: str = Field("", max_length=MAX_NAME_LENGTH, description="Its option before.")


class CheckedRequest:
    """A request after its scenario and state were read and checked.

    Raises
    ------
    ParleyError
        if there is no such scenario or the link is not valid
    """

    def __init__(self, cache: ScenarioCache, request: LabRequest) -> None:
        self.loaded: LoadedScenario = cache.get(request.scenario)
        state = LinkState.parse(request.state)
        chosen = {request.chosen: parse_value(request.old)} if request.chosen else {}
        self.modified: ModifiedScenario = self.loaded.with_changes(state, chosen)
        self.looked_at = self.loaded.looked_at(state)
        self.pinned = self.loaded.pinned(self.looked_at)
        self.serial = request.serial

    @cached_property
    def answer(self) -> PageAnswer:
        """Every actor's answer, as the page shows it."""
        data = answers.immediate_answers(self.loaded, self.modified, asked_month(self.looked_at["month"]))
        return PageAnswer(self.loaded, self.modified, data, self.looked_at)


def create(cache: ScenarioCache, names: Collection[str]) -> FastAPI:
    """Create the application.

    Parameters
    ----------
    cache : the loaded scenarios
    names : host names by which browsers may call this machine, besides its addresses
    """
    app = FastAPI(title="Parley", openapi_url=None)
    app.state.scenario_cache = cache
    app.include_router(router)
    app.include_router(lab_pages.ASSETS.router())
    app.add_middleware(RequestGuard, names=names)
    app.add_exception_handler(ParleyError, _parley_error)
    app.add_exception_handler(RequestValidationError, _invalid_form)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _unexpected)
    return app


def _scenario_cache(request: Request) -> ScenarioCache:
    return cast(ScenarioCache, request.app.state.scenario_cache)


def _query(scenario: str = "", state: str = "") -> LabRequest:
    if len(scenario) > MAX_NAME_LENGTH or len(state) > MAX_STATE_LENGTH:
        raise HTTPException(413)
    return LabRequest.model_construct(scenario=scenario, state=state, serial=0, chosen="", old="")


CacheDep = Annotated[ScenarioCache, Depends(_scenario_cache)]
QueryDep = Annotated[LabRequest, Depends(_query)]


@router.get("/", response_class=HTMLResponse)
def lab(cache: CacheDep, query: QueryDep) -> HTMLResponse:
    """Show the page; its script sends the part of the link after ``#``."""
    if query.scenario and query.scenario not in cache.catalogue.entries:
        lines = [t("lab.error.no_scenario")]
        return lab_pages.page(
            "wrong.html", 404, heading=t("lab.error.heading"), lines=lines, catalogue=cache.catalogue.entries
        )
    loaded = cache.get(query.scenario)
    return lab_pages.lab(loaded, cache.catalogue.entries, cache.controls(loaded), cache.levers(loaded))


@router.post("/answer")
async def answer(cache: CacheDep, form: Annotated[LabRequest, Form()], request: Request) -> Response:
    """Answer a change: one line of JSON at once, and more for the slower parts.

    The stream ends when its reader leaves, which the page does at the next change. The slower parts come one after the
    other, and only once the reader has had a moment to leave: otherwise they would delay the next first line.
    """
    checked = await asyncio.to_thread(CheckedRequest, cache, form)

    left = Event()

    async def lines() -> AsyncIterator[bytes]:
        try:
            yield _line(checked, await asyncio.to_thread(_first, checked))
            await asyncio.sleep(PAUSE)
            steps = _later_parts(cache, checked, left.is_set)
            while not await request.is_disconnected():
                parts = await asyncio.to_thread(_next, steps)
                if parts is None:
                    break
                yield _line(checked, {"parts": parts})
            yield _line(checked, {"done": True})
        finally:
            left.set()

    return StreamingResponse(lines(), media_type="application/x-ndjson")


def _later_parts(cache: ScenarioCache, checked: CheckedRequest, left: Callable[[], bool]) -> Iterator[dict[str, str]]:
    """Yield the slower parts, those that the reader looks at first before the others."""
    answer, text = checked.answer, checked.answer.data["text"]
    yield answer.proposal_parts()
    if text is not None:
        yield from (answer.later(*step) for step in answers.later_answers(text, left))
    yield from ({name: lab_pages.part(name, **data)} for name, data in _panels(cache, checked, left))
    if text is not None:
        yield from (answer.later(*step) for step in answers.last_answers(text, left))


def _panels(
    cache: ScenarioCache, checked: CheckedRequest, left: Callable[[], bool] = lambda: False
) -> Iterator[answers.Step]:
    levers = cache.levers(checked.loaded)
    return panel_answers(levers, checked.loaded, checked.modified, checked.looked_at, checked.pinned, left)


def _first(checked: CheckedRequest) -> dict[str, Any]:
    parts, modified = checked.answer.parts(), checked.modified
    if modified.broken:
        waiting = f'<p class="soft">{t("lab.worlds.impossible")}</p>'
        parts |= dict.fromkeys(("worlds", "turns", "turning", "sure"), waiting)
    barred = {name: [str(option) for option in options] for name, options in modified.barred.items()}
    followed = {name: str(option) for name, option in modified.followed.items()}
    return {"parts": parts, "news": checked.answer.news, "barred": barred, "followed": followed}


def _next(steps: Iterator[dict[str, str]]) -> dict[str, str] | None:
    return next(steps, None)


def _line(checked: CheckedRequest, data: dict[str, Any]) -> bytes:
    return json.dumps({"serial": checked.serial, **data}, ensure_ascii=False).encode() + b"\n"


@router.get("/scenario.yaml")
def scenario(cache: CacheDep, query: QueryDep, title: str = "") -> Response:
    """Download the scenario with the changes as a file."""
    checked = CheckedRequest(cache, query)
    if checked.modified.broken:
        raise UsageError("\n".join(checked.modified.broken))
    title = " ".join(title.split())[:MAX_TITLE_LENGTH] or checked.loaded.base.title
    name = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_") or "scenario"
    return _file(downloads.scenario_yaml(checked.loaded, checked.modified, title), "application/yaml", f"{name}.yaml")


@router.get("/proposals.csv")
def proposals_csv(cache: CacheDep, query: QueryDep) -> Response:
    """Download every actor's answer to every bundled proposal."""
    return _file(downloads.proposals_csv(CheckedRequest(cache, query).answer.proposals), "text/csv", "proposals.csv")


@router.get("/ledger.csv")
def ledger_csv(cache: CacheDep, query: QueryDep) -> Response:
    """Download every actor's reasons."""
    return _file(downloads.ledger_csv(_table(CheckedRequest(cache, query))), "text/csv", "ledger.csv")


@router.get("/verdicts.json")
def verdicts_json(cache: CacheDep, query: QueryDep) -> Response:
    """Download every actor's verdict, as ``verdicts --json`` prints them."""
    text = json.dumps(_table(CheckedRequest(cache, query)), indent=2, ensure_ascii=False)
    return _file(text, "application/json", "verdicts.json")


@router.get("/{name}.svg")
def picture(cache: CacheDep, query: QueryDep, name: str) -> Response:
    """Download a chart that can be used on its own."""
    if name not in (*lab_pages.PICTURES, *saved_panels.PICTURES):
        raise HTTPException(404)
    checked = CheckedRequest(cache, query)
    if name in saved_panels.PICTURES:
        shown = next(data for panel, data in _panels(cache, checked) if panel == name)
        drawn = saved_panels.saved_panel(name, shown, checked.answer.file_words)
    else:
        drawn = checked.answer.picture(name)
    return _file(str(drawn), "image/svg+xml", f"{name}.svg")


def _table(checked: CheckedRequest) -> VerdictsReport:
    if checked.modified.broken:
        raise UsageError("\n".join(checked.modified.broken))
    return cast(VerdictsReport, checked.answer.data["table"])


def _file(text: str, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type=f"{kind}; charset=utf-8", headers=headers)


# -- errors -----------------------------------------------------------------------------------------------------------


def _error_page(request: Request, status: int, *lines: str) -> Response:
    """Return an error as data for the script or as a page for a person."""
    if request.url.path == "/answer":
        return JSONResponse({"wrong": list(lines)}, status)
    return lab_pages.page("wrong.html", status, heading=t("lab.error.heading"), lines=lines, catalogue={})


async def _parley_error(request: Request, error: Exception) -> Response:
    if isinstance(error, CaseError):
        lines = [
            f"{problem.path}: {problem.message}" if problem.path else problem.message for problem in error.problems
        ]
        return _error_page(request, 422, *lines)
    return _error_page(request, 422, *str(error).splitlines())


async def _invalid_form(request: Request, _: Exception) -> Response:
    return _error_page(request, 422, t("lab.error.large"))


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    words: dict[int, Callable[[], str]] = {404: lambda: t("lab.error.fetch"), 413: lambda: t("lab.error.large")}
    return _error_page(request, error.status_code, words.get(error.status_code, lambda: t("lab.error.other"))())


async def _unexpected(request: Request, _: Exception) -> Response:
    return _error_page(request, 500, t("lab.error.broken"))
