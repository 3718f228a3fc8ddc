"""From plain data to HTML: the templates, and what they may use."""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import segno
from fastapi.responses import HTMLResponse
from markupsafe import Markup, escape

from sim.classroom import access_tokens
from sim.report.document import html_templates as report_pages
from sim.strings import Strings
from sim.web.assets import SHORT, Assets
from sim.web.templating import environment

HERE = Path(__file__).parent
ASSETS = Assets(HERE / "static")
ASSETS.add("look-back.css", report_pages.style().encode())
SLOT = secrets.token_hex(16)
"""Stands in a page where every form gets an id of its own action."""
WIDTH, MIN_SPAN = 300, 50
"""Of a meter: its width in units of the picture, and the points that its half stands for at least."""
_SLOTS = re.compile(SLOT)
_PARTS = re.compile(r'data-part="([a-z]+)">(.*?)<!-- /part -->', re.DOTALL)


def qr(text: str, label: str) -> Markup:
    """A QR code as a picture in the page, with a text for those who do not see it."""
    code = segno.make(text, error="m")
    return Markup(
        code.svg_inline(border=2, dark="#111", light="#fff", svgclass="qr", lineclass="", title=label, omitsize=True)
    )


def clock_time(at: float) -> str:
    """A time of the day, of this machine."""
    return time.strftime("%H:%M", time.localtime(at))


def day_time(at: float) -> str:
    """A day and its time, of this machine."""
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(at))


def minutes(seconds: float) -> str:
    """A length of time: ``4:05``."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def meter(label: str, worth: float, walk_away: float) -> Markup:
    """A bar from a walk-away value to what a text is worth, with its words for those who do not see it."""
    span = max(MIN_SPAN, abs(worth), abs(walk_away)) * 1.1
    middle, half = WIDTH / 2, WIDTH / 2
    at, walk = (middle + half * value / span for value in (worth, walk_away))
    colour = "#17693a" if worth >= walk_away else "#9c2b1f"
    return Markup(
        f'<svg class="meter" viewBox="0 0 {WIDTH} 34" role="img" aria-label="{escape(label)}">'
        f'<rect x="0" y="12" width="{WIDTH}" height="12" fill="#e4e7ea"/>'
        f'<rect x="{min(at, walk):.1f}" y="12" width="{max(abs(at - walk), 1):.1f}" height="12" fill="{colour}"/>'
        f'<path d="M{walk:.1f} 4V32" stroke="#1b1f24" stroke-width="2.5"/>'
        f'<circle cx="{at:.1f}" cy="18" r="6.5" fill="#fff" stroke="{colour}" stroke-width="3.5"/></svg>'
    )


def actor_name(name: str, view: Mapping[str, Any]) -> str:
    """The name of an actor's chair; anything else, such as a rule that blocks, as it is called."""
    return str(view["chairs"][name]["name"]) if name in view["chairs"] else name.replace("_", " ")


_environment = environment(HERE / "templates")
_environment.globals |= {"styles": [ASSETS.address("base.css"), ASSETS.address("style.css")], "slot": SLOT}
_environment.globals |= {"script": ASSETS.address("script.js"), "icon": ASSETS.address("icon.svg")}
_environment.globals |= {"look_back": ASSETS.address("look-back.css")}
_environment.globals |= {"qr": qr, "meter": meter, "minutes": minutes}
_environment.filters |= {"clock_time": clock_time, "day_time": day_time, "actor_name": actor_name}


def text(template: str, language: str = "en", **data: Any) -> str:
    """A page, or part of one, as text; forms have their slots still open (`filled`)."""
    return _environment.get_template(template).render(t=Strings.load(language), language=language, **data)


def filled(page: str) -> str:
    """A page with every part marked by what is in it, and every form with an id of its own."""
    marked = _PARTS.sub(
        lambda found: f'data-part="{found[1]}" data-mark="{_mark(found[2])}">{found[2]}<!-- /part -->', page
    )
    return _SLOTS.sub(lambda _: access_tokens.new_id(), marked)


def page(template: str, status: int = 200, headers: Mapping[str, str] | None = None, **data: Any) -> HTMLResponse:
    """A page as an answer."""
    return HTMLResponse(filled(text(template, **data)), status, dict(headers or {}))


def _mark(part: str) -> str:
    return hashlib.sha256(part.encode()).hexdigest()[:SHORT]
