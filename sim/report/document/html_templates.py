"""HTML pages from templates: everything is escaped, and one style sheet is embedded, so that pages load nothing.

Jinja2 comes with the extra `classroom`; output on the terminal works without it.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from sim.report import wording
from sim.report.option_labels import option_in_words, spaced
from sim.report.wording import OUTCOMES, VERDICTS, Plain
from sim.strings import Strings

TEMPLATES = Path(__file__).parent / "templates"
STYLE = "style.css"
NOTHING = "\N{EN DASH}"
"""Shown for a missing value."""


def style() -> str:
    """Return the style sheet of all pages."""
    return (TEMPLATES / STYLE).read_text(encoding="utf-8")


def environment(t: Strings, data: Plain) -> Environment:
    """Return the templates with the words of a language and the names of a case: its actors, issues and options.

    Parameters
    ----------
    data : plain data with ``actors`` (id to name, or to an object with a ``name``) and ``issues``
    """
    templates = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters |= filters(data)
    templates.globals |= {
        "t": t,
        "language": t.language,
        "css": Markup(style()),  # our own file, in an element that holds no escapes
    }
    return templates


def filters(data: Plain) -> dict[str, Callable[..., str]]:
    """Return the filters that write numbers, verdicts, actors, issues and options."""
    actors = {name: actor["name"] if isinstance(actor, Mapping) else actor for name, actor in data["actors"].items()}
    short, issues = wording.short_names(actors), data.get("issues", {})
    return {
        "points": wording.points,
        "level": wording.level,
        "count": wording.option,
        "percent": lambda share: NOTHING if share is None else wording.per_cent(share),
        "look": lambda name: f"{VERDICTS[name].mark} {VERDICTS[name].words}",
        "outcome": _outcome,
        "actor": lambda name: actors.get(name, spaced(name)),
        "spaced": spaced,
        "amount": wording.option,
        "short": lambda name: short.get(name, spaced(name)),
        "issue": lambda name: issues[name]["says"] if name in issues else spaced(name),
        "embedded": embedded,
        "option": lambda option, issue: option_in_words(issues.get(issue, {}), option),
    }


def embedded(svg: str) -> str:
    """Return an SVG document as a data URL, so that the image needs no file and brings no ids into the page."""
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"


def _outcome(name: str) -> str:
    appearance = OUTCOMES.get(name)
    return f"{appearance.mark} {appearance.short}" if appearance else name


def render(template: str, t: Strings, data: Plain, **more: Any) -> str:
    """Return a page from a template, which sees `data` as ``found``."""
    return environment(t, data).get_template(template).render(found=data, **more)
