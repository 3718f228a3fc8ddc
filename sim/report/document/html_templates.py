"""HTML pages from templates: everything escaped, one style sheet, nothing from anywhere else.

Jinja2 comes with the extra `classroom`; what the terminal shows does without it.
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


def style() -> str:
    """The one style sheet of all pages."""
    return (TEMPLATES / STYLE).read_text(encoding="utf-8")


def environment(t: Strings, found: Plain) -> Environment:
    """Templates with the words of a language, and with the names of a case: its actors, issues and options.

    Parameters
    ----------
    found : plain data with ``actors`` (id to name, or to an object with a ``name``) and ``issues``
    """
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= filters(found)
    made.globals |= {
        "t": t,
        "language": t.language,
        "css": Markup(style()),  # our own file, in an element that holds no escapes
    }
    return made


def filters(found: Plain) -> dict[str, Callable[..., str]]:
    """How numbers, verdicts, actors, issues and options are written."""
    actors = {one: actor["name"] if isinstance(actor, Mapping) else actor for one, actor in found["actors"].items()}
    short, issues = wording.short_names(actors), found.get("issues", {})
    return {
        "points": wording.points,
        "level": wording.level,
        "count": lambda number: f"{number:,}",
        "percent": lambda share: NOTHING if share is None else wording.per_cent(share),
        "look": lambda name: f"{VERDICTS[name].mark} {VERDICTS[name].words}",
        "outcome": _outcome,
        "actor": lambda one: actors.get(one, spaced(one)),
        "spaced": spaced,
        "amount": wording.option,
        "short": lambda one: short.get(one, spaced(one)),
        "issue": lambda one: issues[one]["says"] if one in issues else spaced(one),
        "embedded": embedded,
        "option": lambda option, issue: option_in_words(issues.get(issue, {}), option),
    }


def embedded(svg: str) -> str:
    """An SVG document as the address of an image, which so needs no file of its own and brings no ids into the page."""
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"


def _outcome(name: str) -> str:
    look = OUTCOMES.get(name)
    return f"{look.mark} {look.short}" if look else name


def render(template: str, t: Strings, found: Plain, **more: Any) -> str:
    """A page from a template."""
    return environment(t, found).get_template(template).render(found=found, **more)
