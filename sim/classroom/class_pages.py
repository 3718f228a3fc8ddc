"""Renders the pages of a class: the templates, and the functions and filters that they use."""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import segno
from fastapi.responses import HTMLResponse
from markupsafe import Markup, escape

from sim.classroom import access_tokens, view_data
from sim.game.session import views
from sim.game.session.session import Session
from sim.report.document import html_templates as report_pages
from sim.strings import Strings, language_names, speaking, spoken
from sim.web.assets import SHORT, Assets
from sim.web.templating import environment

FOLDER = Path(__file__).parent
ASSETS = Assets(FOLDER / "static")
ASSETS.add("look-back.css", report_pages.style().encode())
SLOT = secrets.token_hex(16)
"""Placeholder in rendered pages; each one becomes the id of an action (`render`)."""
FORM_KEY = secrets.token_hex(16)
"""Placeholder in parts that several readers see alike; it becomes the key in each reader's forms (`with_form_key`)."""
WIDTH, MIN_SPAN = 300, 50
"""Width of a meter in SVG units, and the points that half of it covers at least."""
QR_CODES = 64
"""QR codes that are kept: a page of the teacher is rendered often, and drawing its code takes a while."""
_SLOTS = re.compile(SLOT)
_PARTS = re.compile(r'data-part="([a-z]+)">(.*?)<!-- /part -->', re.DOTALL)
_WHOLE_PARTS = re.compile(r'<div[^>]* data-part="([a-z]+)".*?<!-- /part --></div>', re.DOTALL)


@lru_cache(QR_CODES)
def qr(text: str, label: str) -> Markup:
    """Return a QR code as inline SVG with a text alternative."""
    code = segno.make(text, error="m")
    return Markup(
        code.svg_inline(border=2, dark="#111", light="#fff", svgclass="qr", lineclass="", title=label, omitsize=True)
    )


def clock_time(seconds: float) -> str:
    """Return a time (seconds since the epoch) as hours and minutes, local to this machine."""
    return time.strftime("%H:%M", time.localtime(seconds))


def day_time(seconds: float) -> str:
    """Return a time (seconds since the epoch) as date, hours and minutes, local to this machine."""
    return time.strftime(spoken()("language.date"), time.localtime(seconds))


def minutes(seconds: float) -> str:
    """Return a duration as minutes and seconds: ``4:05``."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def meter(label: str, worth: float, walk_away: float) -> Markup:
    """Return a bar from a walk-away value to the worth of a text, in points, as SVG with a text alternative."""
    span = max(MIN_SPAN, abs(worth), abs(walk_away)) * 1.1
    middle, half = WIDTH / 2, WIDTH / 2
    end, walk = (middle + half * value / span for value in (worth, walk_away))
    kind = "gain" if worth >= walk_away else "loss"
    return Markup(
        f'<svg class="meter {kind}" viewBox="0 0 {WIDTH} 34" role="img" aria-label="{escape(label)}">'
        f'<rect class="whole" x="0" y="12" width="{WIDTH}" height="12"/>'
        f'<rect class="part" x="{min(end, walk):.1f}" y="12" width="{max(abs(end - walk), 1):.1f}" height="12"/>'
        f'<path class="walk" d="M{walk:.1f} 4V32"/><circle class="end" cx="{end:.1f}" cy="18" r="6.5"/></svg>'
    )


def actor_name(name: str, view: Mapping[str, Any]) -> str:
    """Return the name of an actor; for anything else, such as a rule of consent, its id in words."""
    return str(view["chairs"][name]["name"]) if name in view["chairs"] else spoken().id_in_words(name)


def chosen(options: Markup, value: str) -> Markup:
    """Return the options of a list, rendered once for all its readers, with one of them chosen.

    >>> chosen(Markup('<option value="1 us">US</option>'), "1 us")
    Markup('<option value="1 us" selected>US</option>')
    """
    option = f'<option value="{escape(value)}"'
    return Markup(str(options).replace(f"{option}>", f"{option} selected>", 1))


_environment = environment(FOLDER / "templates")
_environment.globals |= {"styles": [ASSETS.address("base.css"), ASSETS.address("style.css")], "slot": SLOT}
_environment.globals |= {"script": ASSETS.address("script.js"), "icon": ASSETS.address("icon.svg")}
_environment.globals |= {"look_back": ASSETS.address("look-back.css"), "stage": ASSETS.address("stage.css")}
_environment.globals |= {"slides_script": ASSETS.address("slides.js"), "theme": ASSETS.address("theme.js")}
_environment.globals |= {"phone": ASSETS.address("phone.js")}
_environment.globals |= {"language_names": language_names}
_environment.globals |= {"qr": qr, "meter": meter, "minutes": minutes}
_environment.filters |= {"clock_time": clock_time, "day_time": day_time, "actor_name": actor_name, "chosen": chosen}
_environment.filters |= {"folded": view_data.folded}


def compile_templates() -> None:
    """Compile all templates, which takes most of a second; otherwise the first reader of each page waits for it."""
    for name in _environment.list_templates():
        _environment.get_template(name)


def render(template: str, language: str | None = None, **data: Any) -> str:
    """Render a page or a part of one; each marked part gets a hash of its content and each form an id of its own.

    Without a `language`, it is in the language of the request.
    """
    html = _rendered(template, language, data)
    marked = _PARTS.sub(
        lambda match: f'data-part="{match[1]}" data-mark="{_mark(match[2])}">{match[2]}<!-- /part -->', html
    )
    return _SLOTS.sub(lambda _: access_tokens.new_id(), marked)


def part(template: str, language: str, **data: Any) -> Markup:
    """Render a part of pages that several readers see alike; it goes into their pages by `with_form_key`."""
    return Markup(_rendered(template, language, {"key": FORM_KEY, **data}))


def with_form_key(shared: Markup, key: str) -> Markup:
    """Return a part with one reader's form key filled in; each form gets its id in the page that includes the part."""
    return Markup(str(shared).replace(FORM_KEY, key))


def _rendered(template: str, language: str | None, data: Mapping[str, Any]) -> str:
    t = spoken() if language in (None, spoken().language) else Strings.load(language or "")
    with speaking(t):
        return _environment.get_template(template).render(t=t, language=t.language, **data)


def page(template: str, status: int = 200, headers: Mapping[str, str] | None = None, **data: Any) -> HTMLResponse:
    """Return a page as a response."""
    return HTMLResponse(render(template, **data), status, dict(headers or {}))


def talk_page(session: Session, number: int, page: int, back: str) -> HTMLResponse:
    """Return a page of everything that was said in public at a table."""
    view = views.public(session, session.table(number))
    terms, said = view_data.TermLabels(view["text"]), view_data.one_page(view_data.talk(view), page)
    return HTMLResponse(render("talk.html", session.settings.language, view=view, terms=terms, back=back, **said))


def parts_of(html: str) -> dict[str, str]:
    """Return the marked parts of rendered HTML, by their names."""
    return {match[1]: match[0] for match in _WHOLE_PARTS.finditer(html)}


def _mark(part: str) -> str:
    return hashlib.sha256(part.encode()).hexdigest()[:SHORT]
