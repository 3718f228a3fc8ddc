"""Creates the template environment of pages: values are escaped and a missing name is an error."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sim.strings import spoken

SHARED = Path(__file__).parent / "templates"
"""Templates that all pages share: ``frame.html``."""


def number(value: float | int | None, sign: bool = False) -> str:
    """Format a number for a page: at most one decimal, thousands separators, a proper minus sign.

    >>> number(1234.56), number(12.0), number(3, sign=True), number(None)
    ('1,234.6', '12', '+3', '')
    """
    if value is None:
        return ""
    text = f"{value:+,.1f}" if sign else f"{value:,.1f}"
    return spoken().number(text.removesuffix(".0")).replace("-", "\u2212")


def environment(folder: Path) -> Environment:
    """Return the environment that renders the templates of a folder and the shared ones."""
    result = Environment(
        loader=FileSystemLoader([folder, SHARED]),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        cache_size=-1,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    result.filters |= {"number": number, "words": lambda name: spoken().id_in_words(str(name))}
    return result
