"""What holds for every request before a page sees it: host, origin, size, and the headers of every answer."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sim.web import addresses

BODY_MOST = 64 * 1024
"""Bytes of a form: the longest has a handful of short texts."""
BODY_SECONDS = 20.0
"""A form that takes longer to arrive has lost its sender."""
SAFE = ("GET", "HEAD", "OPTIONS")
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
    """An ASGI middleware.

    Parameters
    ----------
    app : what it guards
    names : the names, besides addresses, by which this machine may be called; any other is refused, for it may be
        a stranger's name that was turned to this address (DNS rebinding)
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

        if refused := self._refused(scope):
            await refused(scope, receive, answer)
            return
        posted = scope["method"] not in SAFE
        await self._app(scope, _limited(receive) if posted else receive, answer)

    def _refused(self, scope: Scope) -> PlainTextResponse | None:
        headers = Headers(scope=scope)
        try:
            here = urlsplit(f"//{headers.get('host', '')}")
            name = (here.hostname or "").lower()
            port = here.port
        except ValueError:
            return PlainTextResponse("This is no address of this server.", 400)
        if name not in self._names and not addresses.is_address(name):
            return PlainTextResponse("This server does not go by that name; use its address.", 421)
        if scope["method"] in SAFE:
            return None
        if headers.get("content-length", "0").isdecimal() and int(headers.get("content-length", "0")[:12]) > BODY_MOST:
            return PlainTextResponse("That is too much for a form.", 413)
        origin, site = headers.get("origin"), headers.get("sec-fetch-site", "none")
        whole = f"[{name}]" if ":" in name else name
        own = {f"{scheme}://{whole}{f':{port}' if port else ''}" for scheme in ("http", "https")}
        if (origin is not None and origin.lower() not in own) or site not in ("same-origin", "none"):
            return PlainTextResponse("A page of another site may not do this.", 403)
        return None


def _limited(receive: Receive) -> Receive:
    """Receive a body only up to its largest size, and not for ever."""
    size, complete = 0, False

    async def limited() -> Message:
        nonlocal size, complete
        if complete:
            return await receive()
        try:
            message = await asyncio.wait_for(receive(), BODY_SECONDS)
        except TimeoutError:
            raise HTTPException(408) from None
        size += len(message.get("body", b""))
        complete = not message.get("more_body", False)
        if size > BODY_MOST:
            raise HTTPException(413)
        return message

    return limited
