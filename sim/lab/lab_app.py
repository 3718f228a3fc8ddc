"""The application: the page, the stream of answers to a change, and what can be taken along."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from threading import Event
from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, FastAPI, Form, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from sim.analysis.judging.verdicts import context_of
from sim.engine.worlds import Central
from sim.errors import CaseError, ParleyError, UsageError
from sim.lab import answers, downloads, lab_pages
from sim.lab.link_state import LinkState
from sim.lab.scenario_cache import ScenarioCache
from sim.lab.scenario_state import LoadedScenario, ModifiedScenario
from sim.strings import Strings
from sim.web.guard import RequestGuard

router = APIRouter()
MAX_NAME_LENGTH, MAX_STATE_LENGTH, MAX_TITLE_LENGTH = 500, 60_000, 120
PAUSE = 0.12
"""Seconds for which a change has to stand before more than the answer is computed: a slider is still being moved."""
t = Strings.load()


class LabRequest(BaseModel):
    """What a request is about: a scenario by its name on the shelf, and what the link says, as it says it."""

    scenario: str = Field("", max_length=MAX_NAME_LENGTH)
    state: str = Field("", max_length=MAX_STATE_LENGTH)


class CheckedRequest:
    """What a request is about, read and checked.

    Raises
    ------
    ParleyError
        if there is no such scenario, or the link makes no sense
    """

    def __init__(self, cache: ScenarioCache, asked: LabRequest) -> None:
        self.loaded: LoadedScenario = cache.loaded(asked.scenario)
        state = LinkState.parse(asked.state)
        self.modified: ModifiedScenario = self.loaded.modified(state)
        self.looked_at = self.loaded.looked_at(state)
        self.scale = cache.scale(self.loaded)

    def answer(self) -> lab_pages.PageAnswer:
        """Everybody's answers, as they are shown."""
        found = answers.immediate_answers(self.loaded, self.modified)
        return lab_pages.PageAnswer(self.loaded, self.modified, found, self.looked_at, self.scale)


def create(cache: ScenarioCache, names: Collection[str]) -> FastAPI:
    """Make the application.

    Parameters
    ----------
    cache : the scenarios that are open
    names : by which this machine may be called, besides its addresses
    """
    app = FastAPI(title="Parley", openapi_url=None)
    app.state.cache = cache
    app.include_router(router)
    app.include_router(lab_pages.ASSETS.router())
    app.add_middleware(RequestGuard, names=names)
    app.add_exception_handler(ParleyError, _amiss)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _broken)
    return app


def _cache(request: Request) -> ScenarioCache:
    return cast(ScenarioCache, request.app.state.cache)


def _asked(scenario: str = "", state: str = "") -> LabRequest:
    return LabRequest.model_construct(scenario=scenario[:MAX_NAME_LENGTH], state=state[:MAX_STATE_LENGTH])


CacheDep = Annotated[ScenarioCache, Depends(_cache)]
Query = Annotated[LabRequest, Depends(_asked)]


@router.get("/", response_class=HTMLResponse)
def lab(cache: CacheDep, asked: Query) -> HTMLResponse:
    """The page; what its link says after ``#``, its script sends on."""
    if asked.scenario and asked.scenario not in cache.catalogue.entries:
        lines = [t("lab.error.no_scenario")]
        return lab_pages.page(
            "wrong.html", 404, heading=t("lab.error.heading"), lines=lines, catalogue=cache.catalogue.entries
        )
    loaded = cache.loaded(asked.scenario)
    return lab_pages.lab(loaded, cache.catalogue.entries, cache.controls(loaded))


@router.post("/answer")
async def answer(cache: CacheDep, asked: Annotated[LabRequest, Form()], request: Request) -> Response:
    """Answer a change: one line of JSON at once, and one more for each part that follows.

    The stream ends when its reader leaves, as it does for the next change.
    """
    checked = await asyncio.to_thread(CheckedRequest, cache, asked)

    left = Event()

    async def lines() -> AsyncIterator[bytes]:
        try:
            yield _line(await asyncio.to_thread(_first, checked))
            await asyncio.sleep(PAUSE)
            steps = iter(()) if checked.modified.broken else answers.later_answers(checked.modified, left.is_set)
            while not await request.is_disconnected():
                step = await asyncio.to_thread(_next, steps)
                if step is None:
                    break
                yield _line({"parts": {step[0]: lab_pages.later_answers(*step)}})
            yield _line({"done": True})
        finally:
            left.set()

    return StreamingResponse(lines(), media_type="application/x-ndjson")


def _first(checked: CheckedRequest) -> dict[str, Any]:
    shown = checked.answer()
    parts = shown.parts()
    if checked.modified.broken:
        waiting = f'<p class="soft">{t("lab.worlds.impossible")}</p>'
        parts |= {"worlds": waiting, "turns": waiting}
    barred = {name: [str(one) for one in options] for name, options in checked.modified.barred.items()}
    return {"parts": parts, "news": shown.news, "barred": barred}


def _next(steps: Iterator[answers.Step]) -> answers.Step | None:
    return next(steps, None)


def _line(data: dict[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False).encode() + b"\n"


@router.get("/scenario.yaml")
def scenario(cache: CacheDep, asked: Query, title: str = "") -> Response:
    """The scenario under the changes, as a file."""
    checked = CheckedRequest(cache, asked)
    if checked.modified.broken:
        raise UsageError("\n".join(checked.modified.broken))
    title = " ".join(title.split())[:MAX_TITLE_LENGTH] or checked.loaded.base.title
    name = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_") or "scenario"
    return _file(downloads.scenario_yaml(checked.loaded, checked.modified, title), "application/yaml", f"{name}.yaml")


@router.get("/proposals.csv")
def proposals_csv(cache: CacheDep, asked: Query) -> Response:
    """Every bundled proposal by actor."""
    return _file(
        downloads.proposals_csv(CheckedRequest(cache, asked).answer().found["proposals"]), "text/csv", "proposals.csv"
    )


@router.get("/ledger.csv")
def ledger_csv(cache: CacheDep, asked: Query) -> Response:
    """Everybody's reasons."""
    return _file(downloads.ledger_csv(_table(CheckedRequest(cache, asked))), "text/csv", "ledger.csv")


@router.get("/verdicts.json")
def verdicts_json(cache: CacheDep, asked: Query) -> Response:
    """Everybody's verdicts, as ``verdicts --json`` prints them."""
    text = json.dumps(_table(CheckedRequest(cache, asked)), indent=2, ensure_ascii=False)
    return _file(text, "application/json", "verdicts.json")


@router.get("/{name}.svg")
def picture(cache: CacheDep, asked: Query, name: str) -> Response:
    """A picture that stands by itself."""
    if name not in lab_pages.PICTURES:
        raise HTTPException(404)
    return _file(str(CheckedRequest(cache, asked).answer().picture(name)), "image/svg+xml", f"{name}.svg")


def _table(checked: CheckedRequest) -> dict[str, Any]:
    if checked.modified.broken:
        raise UsageError("\n".join(checked.modified.broken))
    return answers.table(checked.modified, context_of(checked.modified.case, Central()))


def _file(text: str, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type=f"{kind}; charset=utf-8", headers=headers)


# -- what goes wrong ---------------------------------------------------------------------------------------------------


def _sorry(request: Request, status: int, *lines: str) -> Response:
    """For the script, data; for a person, a page."""
    if request.url.path == "/answer":
        return JSONResponse({"wrong": list(lines)}, status)
    return lab_pages.page("wrong.html", status, heading=t("lab.error.heading"), lines=lines, catalogue={})


async def _amiss(request: Request, error: Exception) -> Response:
    if isinstance(error, CaseError):
        told = [f"{one.path}: {one.message}" if one.path else one.message for one in error.problems]
        return _sorry(request, 422, *told)
    return _sorry(request, 422, *str(error).splitlines())


async def _invalid(request: Request, _: Exception) -> Response:
    return _sorry(request, 422, t("lab.error.large"))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    words: dict[int, Callable[[], str]] = {404: lambda: t("lab.error.fetch"), 413: lambda: t("lab.error.large")}
    return _sorry(request, error.status_code, words.get(error.status_code, lambda: t("lab.error.other"))())


async def _broken(request: Request, _: Exception) -> Response:
    return _sorry(request, 500, t("lab.error.broken"))
