"""The application: its routes, its guard, and what an error looks like."""

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
from sim.classroom.routes import debriefing, entry, projector, student, teacher
from sim.classroom.session_registry import SessionRegistry
from sim.errors import ParleyError
from sim.game.session.rejections import RejectedActionError
from sim.strings import Strings
from sim.web.guard import RequestGuard

STATUS = {"moved_on": 409, "forbidden": 403, "bad": 422, "closed": 423}
"""Of what the game refuses, by why it does."""
STATUS_WORDS = {
    404: "class.error.nowhere",
    405: "class.error.method",
    408: "class.error.slow",
    413: "class.error.large",
}
"""What is said of a request that no page has words of its own for, by its status."""
DISK_FULL = 507
log = logging.getLogger(__name__)


def create(registry: SessionRegistry, names: Collection[str]) -> FastAPI:
    """Make the application.

    Parameters
    ----------
    registry : all sessions; closed when the application ends
    names : by which this machine may be called, besides its addresses
    """

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        waking = asyncio.create_task(registry.wake())
        yield
        waking.cancel()
        with suppress(asyncio.CancelledError):
            await waking
        await registry.close()

    app = FastAPI(title="Parley", openapi_url=None, lifespan=life)
    app.state.registry = registry
    for part in (entry, student, teacher, projector, debriefing):
        app.include_router(part.router)
    app.include_router(class_pages.ASSETS.router())
    app.add_middleware(RequestGuard, names=names)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(RejectedActionError, _refused)
    app.add_exception_handler(StorageError, _not_stored)
    app.add_exception_handler(ParleyError, _amiss)
    app.add_exception_handler(Exception, _broken)
    return app


def _sorry(request: Request, status: int, *lines: str, written: str = "") -> HTMLResponse:
    heading, back = Strings.load()("class.error.heading"), _back(request, status)
    return class_pages.page("error.html", status, heading=heading, lines=lines, written=written, back=back)


def _back(request: Request, status: int) -> str:
    """Where to go on from an error: the page from which one came, if it is one's own."""
    path = request.url.path.strip("/").split("/")
    if status == STATUS["forbidden"] and request.method == "GET":
        return "/"
    if path[0] == "teacher":
        return "/".join(["", *path[:2]]) if len(path) > 2 else "/teacher"
    return "/seat" if path[0] == "seat" and len(path) > 1 else "/"


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    words = Strings.load()
    known = (
        str(error.detail) if str(error.detail) in words else STATUS_WORDS.get(error.status_code, "class.error.other")
    )
    return _sorry(request, error.status_code, words(known))


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    fields = sorted({str(one["loc"][-1])[:40] for one in error.errors()})
    return _sorry(request, 422, Strings.load()("class.error.form_field", fields=", ".join(fields)))


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, RejectedActionError)
    form = await request.form()
    written = "\n\n".join(str(form[name]) for name in ("says", "text") if form.get(name))
    return _sorry(request, STATUS[error.why], str(error), written=written)


async def _not_stored(request: Request, error: Exception) -> Response:
    log.error("not stored: %s", error)
    return _sorry(request, DISK_FULL, Strings.load()("class.error.disk"))


async def _amiss(request: Request, error: Exception) -> Response:
    return _sorry(request, 422, *str(error).splitlines())


async def _broken(request: Request, _: Exception) -> Response:
    return _sorry(request, 500, Strings.load()("class.error.broken"))
