"""Chooses the language of pages: by ``?lang=``, which a cookie keeps, by that cookie, or by the browser's languages."""

from __future__ import annotations

from collections.abc import Iterator
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sim.strings import ENGLISH, Strings, languages, speak

COOKIE, PARAMETER = "parley_language", "lang"
YEAR = 365 * 24 * 3600
"""Lifetime of the cookie, seconds."""
MOST = 20
"""How many of the languages that a browser asks for are looked at."""


class LanguageChoice:
    """ASGI middleware that chooses the language in which a request is answered."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = parse_qs(scope.get("query_string", b"").decode("latin-1")).get(PARAMETER, [""])[-1]
        chosen = asked if asked in languages() else ""
        speak(Strings.load(chosen or _preferred(Headers(scope=scope))))

        async def answer(message: Message) -> None:
            if chosen and message["type"] == "http.response.start":
                kept = f"{COOKIE}={chosen}; Max-Age={YEAR}; Path=/; SameSite=Lax; HttpOnly"
                MutableHeaders(scope=message).append("Set-Cookie", kept)
            await send(message)

        await self._app(scope, receive, answer)


def _preferred(headers: Headers) -> str:
    try:
        kept = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        kept = None
    known = languages()
    wanted = [kept.value] if kept else []
    return next((code for code in [*wanted, *_accepted(headers.get("accept-language", ""))] if code in known), ENGLISH)


def _accepted(header: str) -> Iterator[str]:
    """Yield the languages of an ``Accept-Language`` header without their regions, the most wanted first.

    >>> list(_accepted("fr;q=0.5, de-AT, en;q=0.8, x;q=oops"))
    ['de', 'en', 'fr']
    """
    weighed: list[tuple[float, str]] = []
    for part in header.split(",")[:MOST]:
        code, _, weight = part.strip().partition(";q=")
        try:
            weighed.append((-float(weight or 1), code.split("-")[0].lower()))
        except ValueError:
            continue
    yield from (code for weight, code in sorted(weighed, key=lambda one: one[0]) if weight < 0)
