"""Templates of pages: everything escaped, a missing name is an error, the frame of a page is shared."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

SHARED = Path(__file__).parent / "templates"
"""The frame of every page: ``frame.html``."""


def number(value: float | int | None, sign: bool = False) -> str:
    """A number as a page shows it: at most one decimal, thousands parted, a true minus.

    >>> number(1234.56), number(12.0), number(3, sign=True), number(None)
    ('1,234.6', '12', '+3', '')
    """
    if value is None:
        return ""
    text = f"{value:+,.1f}" if sign else f"{value:,.1f}"
    return text.removesuffix(".0").replace("-", "\u2212")


def environment(folder: Path) -> Environment:
    """Make what renders the templates of a folder, on top of the shared ones."""
    made = Environment(
        loader=FileSystemLoader([folder, SHARED]),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        cache_size=-1,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"number": number, "words": lambda name: str(name).replace("_", " ")}
    return made
