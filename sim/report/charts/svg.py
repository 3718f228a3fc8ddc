"""The parts of handmade SVG pictures, for the pages of the class and of the lab.

A picture of the lab is self-contained, with attributes instead of a style sheet, so that it looks the same when saved.
A picture of the class takes its colours from the style sheet of its page. Each has a title and a description, and its
numbers are in a table next to it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import Any

from markupsafe import Markup, escape

from sim.report.charts import palette

SIZE = 7
"""Half the width of a mark, in SVG units."""
LETTER = 8.2
"""Average width of a letter, in SVG units."""
HEADLINE = 0.78
"""The share of its width that a picture's title is fitted to, because it is larger and bold."""
TEXT = 15
"""Default font size, in SVG units."""
FONT = "font-family=\"system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif\""


def svg(width: float, height: float, title: str, says: str, parts: Iterable[str]) -> Markup:
    """Return a self-contained picture."""
    paper = f'<rect width="{width}" height="{height}" fill="#fff"/>'
    return _picture(f'xmlns="http://www.w3.org/2000/svg" {FONT}', width, height, title, says, [paper, *parts])


def styled_svg(width: float, height: float, title: str, says: str, parts: Iterable[str]) -> Markup:
    """Return a picture of class `chart`, whose colours come from the style sheet of its page."""
    return _picture('class="chart"', width, height, title, says, parts)


def _picture(attributes: str, width: float, height: float, title: str, says: str, parts: Iterable[str]) -> Markup:
    label = escape(f"{title}. {says}")
    return Markup(
        f'<svg {attributes} role="img" aria-label="{label}" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}"><title>{escape(title)}</title><desc>{escape(says)}</desc>{"".join(parts)}</svg>'
    )


def text(x: float, y: float, says: str, *, size: int = TEXT, fill: str = palette.INK, **more: Any) -> str:
    """Return text; ``anchor`` and ``weight`` are as in SVG, ``halo`` is for text that crosses lines."""
    halo = ' stroke="#fff" stroke-width="3" paint-order="stroke"' if more.pop("halo", False) else ""
    names = {"anchor": "text-anchor", "weight": "font-weight"}
    rest = "".join(f' {names[name]}="{value}"' for name, value in more.items() if value not in ("start", "normal"))
    return (
        f'<text x="{round(x, 1)}" y="{round(y, 1)}" font-size="{size}" fill="{fill}"{halo}{rest}>{escape(says)}</text>'
    )


def line(x1: float, y1: float, x2: float, y2: float, colour: str, width: float) -> str:
    """Return a straight line."""
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{colour}" stroke-width="{width}"/>'


def shape(series: int, x: float, y: float) -> str:
    """Return the mark of a series, by its index in `palette.SERIES`."""
    kind, colour = palette.SERIES[series % len(palette.SERIES)]
    paint = f'fill="{colour}" stroke="#fff" stroke-width="1"'
    s = SIZE
    if kind == "circle":
        return f'<circle cx="{x}" cy="{y}" r="{s}" {paint}/>'
    paths = {
        "square": f"M{x - s} {y - s}h{2 * s}v{2 * s}h{-2 * s}Z",
        "triangle": f"M{x} {y - s - 1}l{s + 1} {2 * s}h{-2 * s - 2}Z",
        "upside": f"M{x} {y + s + 1}l{s + 1} {-2 * s}h{-2 * s - 2}Z",
        "diamond": f"M{x} {y - s - 2}l{s + 1} {s + 2}l{-s - 1} {s + 2}l{-s - 1} {-s - 2}Z",
        "plus": f"M{x - 2.5} {y - s - 1}h5v5.5h5.5v5h-5.5v5.5h-5v-5.5h-5.5v-5h5.5Z",
        "cross": f"M{x - s} {y - s + 3}l3 -3l{s - 3} {s - 3}l{s - 3} {3 - s}l3 3l{3 - s} {s - 3}l{s - 3} {s - 3}l-3 3"
        f"l{3 - s} {3 - s}l{3 - s} {s - 3}l-3 -3l{s - 3} {3 - s}Z",
    }
    return f'<path d="{paths[kind]}" {paint}/>'


def fitted(says: str, width: float) -> list[str]:
    """Return a text as lines that fit a width."""
    return textwrap.wrap(says, max(8, int(width / (LETTER - 0.4)))) or [""]
