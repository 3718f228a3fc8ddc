"""Saved pictures of the tornado and the response curves, which on the page take their colours from its style sheet."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from sim.lab.lab_charts import LINE, WIDTH, blank, foot, head
from sim.report.charts import palette
from sim.report.charts.svg import svg, text
from sim.strings import Strings

PICTURES = ("tornado", "curves")
LIGHT = {
    "currentColor": palette.INK,
    "var(--soft)": palette.SOFT,
    "var(--line)": palette.LINE,
    "var(--paper)": palette.PAPER,
    "var(--key)": "#0b5a6e",
    "var(--wash)": "#eaf2f4",
    "var(--gain)": "#2b6cb0",
    "var(--more)": "#7a4a00",
    'class="agreed-band"': 'fill="#eaf5ee"',
}
"""The colours of the page's style sheet in light mode; an agreed stretch takes its colour from a class."""
GAP, ACROSS, ENLARGED, NAME = 24, 3, 1.25, 13
"""Space between charts, in SVG units; charts in a row; how much a single chart is enlarged; font size of names."""
SIZE = re.compile(r'width="([\d.]+)" height="([\d.]+)"><title>')
t = Strings.load()
Plain = Mapping[str, Any]


def saved_panel(name: str, data: Plain, words: Mapping[str, str]) -> Markup:
    """Return a panel as a picture that can be used on its own.

    Parameters
    ----------
    name : one of `PICTURES`
    data : what the panel shows, as of `panel_answers`
    words : ``about`` and ``text``, what is on the table and the limits of the model
    """
    if "impossible" in data:
        return blank(t("lab.news.impossible"))
    if name == "tornado":
        charts, shown = [("", data["chart"])] if data["chart"] else [], t("lab.tornado.text", **_named(data, "of"))
    else:
        charts = [(one["name"], one["chart"]) for one in data["figures"]]
        shown = t("lab.curves.hint", **_named(data, "present", "case"))
    if not charts:
        return blank(t("lab.tornado.nothing"))
    return _framed(charts, {**words, "title": data["finding"], "text": f"{shown} {words['text']}"})


def _named(data: Plain, *names: str) -> dict[str, str]:
    return {name: data.get(name, "") for name in ("moment", *names)}


def _framed(charts: Sequence[tuple[str, Markup]], words: Mapping[str, str]) -> Markup:
    """Return some charts, each with its name above it, below a title and above what else the reader should know."""
    sizes = [tuple(map(float, SIZE.findall(chart)[0])) for _, chart in charts]
    scale = ENLARGED if len(charts) == 1 else 1.0
    across, down = (WIDTH - GAP) / ACROSS, scale * (max(height for _, height in sizes) + LINE) + GAP
    parts, top = head(words, WIDTH - 2 * GAP)
    top += GAP / 2
    for index, (name, chart) in enumerate(charts):
        row, column = divmod(index, ACROSS)
        parts.append(f'<g transform="translate({GAP / 2 + column * across:g} {top + row * down:g}) scale({scale:g})">')
        parts.append(text(0, LINE - 6, name, weight="bold", size=NAME))
        parts.append(f'<g transform="translate(0 {LINE})">{_light(chart)}</g></g>')
    rows = -(-len(charts) // ACROSS)
    says, bottom = foot(words["text"], top + rows * down + GAP / 2, WIDTH)
    return svg(WIDTH, round(bottom, 1), words["title"], words["text"], [*parts, *says])


def _light(chart: Markup) -> str:
    """Return what a chart draws, in the colours of the page in light mode."""
    drawn = str(chart).partition("</desc>")[2].removesuffix("</svg>")
    for name, colour in LIGHT.items():
        drawn = drawn.replace(name, colour)
    return drawn
