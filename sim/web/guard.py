"""Checks every request before it reaches a page (host, origin, size) and sets the headers of every response."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY_BYTES = 64 * 1024
"""Size limit of a form, bytes; the longest form has a few short texts."""
MAX_BODY_SECONDS = 20.0
"""Time limit for a whole form to arrive, seconds."""
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
OPENED_LINK = ["navigate", "document"]
"""Mode and destination of a request with which a browser opens a page for a person, such as a link to the lab in an
e-mail. Images, scripts, frames and scripted requests of other sites have others."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # "no-referrer" would make browsers send forms with the origin "null"
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


class RequestGuard:
    """ASGI middleware that rejects requests from other sites, unless a person follows a link, and large requests.

    `names` are the host names by which browsers may call this machine, besides its addresses. Any other name is
    rejected because an attacker may have pointed it at this address (DNS rebinding).
    """

    def __init__(self, app: ASGIApp, names: Collection[str]) -> None:
        self._app = app
        self._names = frozenset(names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        if rejection := self._rejection(scope):
            await rejection(scope, receive, answer)
            return
        posted = scope["method"] not in SAFE_METHODS
        await self._app(scope, _limited(receive) if posted else receive, answer)

    def _rejection(self, scope: Scope) -> PlainTextResponse | None:
        headers = Headers(scope=scope)
        try:
            own = urlsplit(f"//{headers.get('host', '')}")
            name = (own.hostname or "").lower()
            port = own.port
        except ValueError:
            return PlainTextResponse("The Host header of this request is not valid.", 400)
        if name not in self._names and not _is_address(name):
            return PlainTextResponse("This server is not known by that name. Use its address.", 421)
        site = headers.get("sec-fetch-site", "none")
        foreign = site not in ("same-origin", "none")
        if scope["method"] in SAFE_METHODS:
            if foreign and [headers.get(f"sec-fetch-{part}") for part in ("mode", "dest")] != OPENED_LINK:
                return PlainTextResponse("Pages of other sites may only link to this server.", 403)
            return None
        length = headers.get("content-length", "0")
        if length.isdecimal() and int(length[:12]) > MAX_BODY_BYTES:
            return PlainTextResponse("The form is too large.", 413)
        origin = headers.get("origin")
        host = f"[{name}]" if ":" in name else name
        origins = {f"{scheme}://{host}{f':{port}' if port else ''}" for scheme in ("http", "https")}
        if (origin is not None and origin.lower() not in origins) or foreign:
            return PlainTextResponse("Pages of other sites may not send forms to this server.", 403)
        return None


def _limited(receive: Receive) -> Receive:
    """Limit the size of a request body and the time that it may take to arrive."""
    size, complete = 0, False
    deadline = asyncio.get_running_loop().time() + MAX_BODY_SECONDS

    async def limited() -> Message:
        nonlocal size, complete
        if complete:
            return await receive()
        try:
            async with asyncio.timeout_at(deadline):
                message = await receive()
        except TimeoutError:
            raise HTTPException(408) from None
        size += len(message.get("body", b""))
        complete = not message.get("more_body", False)
        if size > MAX_BODY_BYTES:
            raise HTTPException(413)
        return message

    return limited


def _is_address(host: str) -> bool:
    """Return whether a host is an IP address, which no name server can redirect."""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
