"""The web application of a class: its routes, its guard and its error pages."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException

from sim.classroom import class_pages
from sim.classroom.log_store import StorageError
from sim.classroom.routes import (
    choosing,
    debriefing,
    disputing,
    entry,
    lessons,
    private_talk,
    projector,
    rehearsals,
    roster,
    slide_show,
    student,
    table_talk,
    teacher,
)
from sim.classroom.session_registry import SessionRegistry
from sim.errors import ParleyError
from sim.game.session.rejections import RejectedActionError
from sim.strings import spoken
from sim.web.guard import RequestGuard
from sim.web.language_choice import LanguageChoice

STATUS = {"moved_on": 409, "forbidden": 403, "bad": 422, "closed": 423}
"""HTTP status for each reason of a `RejectedActionError`."""
STATUS_WORDS = {
    404: "class.error.nowhere",
    405: "class.error.method",
    408: "class.error.slow",
    413: "class.error.large",
}
"""Strings key of the error message for each HTTP status, unless the error names its own key."""
DISK_FULL = 507
"""HTTP status when the log cannot be written."""
log = logging.getLogger(__name__)


def create(registry: SessionRegistry, names: Collection[str]) -> FastAPI:
    """Create the application; it closes the registry when it ends.

    `names` are the host names by which browsers may call this machine, besides its addresses.
    """

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        opening = asyncio.create_task(registry.open_all())
        yield
        opening.cancel()
        with suppress(asyncio.CancelledError):
            await opening
        await registry.close()

    app = FastAPI(title="Parley", openapi_url=None, lifespan=life)
    app.state.registry = registry
    student_routes = (entry, lessons, student, table_talk, private_talk)
    afterwards = (debriefing, slide_show, disputing)
    for routes in (*student_routes, choosing, rehearsals, roster, teacher, projector, *afterwards):
        app.include_router(routes.router)
    app.include_router(class_pages.ASSETS.router())
    app.add_middleware(LanguageChoice)
    app.add_middleware(RequestGuard, names=names)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _invalid_form)
    app.add_exception_handler(RejectedActionError, _rejected)
    app.add_exception_handler(StorageError, _not_stored)
    app.add_exception_handler(ParleyError, _parley_error)
    app.add_exception_handler(Exception, _unexpected)
    return app


def _error_page(request: Request, status: int, *lines: str, written: str = "") -> HTMLResponse:
    heading, back = spoken()("class.error.heading"), _back(request, status)
    return class_pages.page("error.html", status, heading=heading, lines=lines, written=written, back=back)


def _back(request: Request, status: int) -> str:
    """Return the address of the link on an error page: the person's own page where there is one."""
    path = request.url.path.strip("/").split("/")
    if status == STATUS["forbidden"] and request.method == "GET":
        return "/"
    if path[0] == "teacher":
        return "/".join(["", *path[:2]]) if len(path) > 2 else "/teacher"
    return "/seat" if path[0] == "seat" and len(path) > 1 else "/"


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    words = spoken()
    detail = str(error.detail)
    key = detail if detail in words else STATUS_WORDS.get(error.status_code, "class.error.other")
    return _error_page(request, error.status_code, words(key))


async def _invalid_form(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    fields = sorted({str(problem["loc"][-1])[:40] for problem in error.errors()})
    return _error_page(request, 422, spoken()("class.error.form_field", fields=", ".join(fields)))


async def _rejected(request: Request, error: Exception) -> Response:
    assert isinstance(error, RejectedActionError)
    form = await request.form()
    written = "\n\n".join(str(form[name]) for name in ("says", "text") if form.get(name))
    return _error_page(request, STATUS[error.why], str(error), written=written)


async def _not_stored(request: Request, error: Exception) -> Response:
    log.error("cannot write the log of a session: %s", error)
    return _error_page(request, DISK_FULL, spoken()("class.error.disk"))


async def _parley_error(request: Request, error: Exception) -> Response:
    return _error_page(request, 422, *str(error).splitlines())


async def _unexpected(request: Request, _: Exception) -> Response:
    return _error_page(request, 500, spoken()("class.error.broken"))
