"""Scatter plot of acceptance against a measure: one point per proposal, labelled where there is room."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from markupsafe import Markup, escape

from sim.report.charts import palette
from sim.report.charts.svg import LETTER, SIZE, line, shape, svg, text
from sim.web.templating import number

WIDTH, HEIGHT = 760, 500
LEFT, RIGHT, TOP, AXIS, BAND = 58, 18, 16, 64, 46
"""Margins of the plane, and height of the band for crossed red lines without a price, in SVG units."""
ROUND, LEAST = 20, 20
"""The axis of surplus ends at multiples of `ROUND` points and covers at least `LEAST` points each way."""
LEGEND_LINE = 26
"""Height of a line of the legend, SVG units."""
Box: TypeAlias = tuple[float, float, float, float]


@dataclass(frozen=True)
class PlotPoint:
    """A point of the plane.

    Parameters
    ----------
    label : short label beside the point
    title : title of the proposal
    x : measure, 0 to 100
    y : surplus, points; None if a red line without a price is crossed
    series : index in `palette.SERIES`
    ringed : whether it is the text on the table
    """

    label: str
    title: str
    x: float
    y: float | None
    series: int
    ringed: bool = False


def plane(
    points: Sequence[PlotPoint], series: Sequence[str], words: Mapping[str, str], below: Sequence[str] = ()
) -> Markup:
    """Return the scatter plot of acceptance against a measure.

    Parameters
    ----------
    series : name of each shape
    words : ``title``, ``text``, ``across``, ``up``, ``never``
    below : lines below a chart that is used on its own, such as the titles of the numbered proposals
    """
    known = [point.y for point in points if point.y is not None]
    low = -max(LEAST, ROUND * math.ceil(-min([0.0, *known]) / ROUND))
    high = max(LEAST, ROUND * math.ceil(max([0.0, *known]) / ROUND))
    bottom = HEIGHT - AXIS - BAND

    def x(value: float) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * value / 100, 1)

    def y(value: float | None) -> float:
        return (
            bottom + BAND / 2 + 4 if value is None else round(TOP + (bottom - TOP) * (high - value) / (high - low), 1)
        )

    parts = list(_frame(x, y, range(int(low), int(high) + 1, ROUND), bottom, words))
    parts += _connections([(x(point.x), y(point.y), point) for point in points])
    parts += _marks([(x(point.x), y(point.y), point) for point in points])
    parts += [part for index, name in enumerate(series) for part in _legend(index, name)]
    down = HEIGHT + LEGEND_LINE * math.ceil(len(series) / 2)
    parts += [text(LEFT - 7, down + 18 + 21 * index, line_) for index, line_ in enumerate(below)]
    return svg(WIDTH, down + 8 + (21 * len(below) + 10 if below else 0), words["title"], words["text"], parts)


def _legend(index: int, name: str) -> list[str]:
    across, down = LEFT + (index % 2) * (WIDTH - LEFT) / 2, HEIGHT + LEGEND_LINE * (index // 2) + 12
    return [shape(index, across, down), text(across + 16, down + 5, name)]


def _frame(x: Any, y: Any, ticks: Iterable[int], bottom: float, words: Mapping[str, str]) -> Iterator[str]:
    yield f'<rect x="{LEFT}" y="{bottom}" width="{WIDTH - LEFT - RIGHT}" height="{BAND}" fill="#efe6dc"/>'
    yield text(LEFT + 8, bottom + 15, words["never"], size=13, fill="#4d2600")
    for tick in ticks:
        colour, width = (palette.INK, 2) if tick == 0 else ("#d9dee2", 1)
        yield line(LEFT, y(tick), WIDTH - RIGHT, y(tick), colour, width)
        yield text(LEFT - 8, y(tick) + 5, number(tick, sign=tick != 0), anchor="end")
    for tick in range(0, 101, 20):
        yield line(x(tick), bottom + BAND, x(tick), bottom + BAND + 5, palette.LINE, 1)
        yield text(x(tick), bottom + BAND + 21, str(tick), anchor="middle")
    yield text(WIDTH - RIGHT, HEIGHT - 12, f"{words['across']} →", anchor="end", weight="bold")
    yield text(LEFT + 8, TOP + 14, f"↑ {words['up']}", weight="bold")


def _connections(placed: Sequence[tuple[float, float, PlotPoint]]) -> Iterator[str]:
    """Yield the lines that connect the points of one proposal."""
    spots: dict[str, list[tuple[float, float]]] = {}
    for across, down, point in placed:
        spots.setdefault(point.title, []).append((across, down))
    for x, top, bottom in dict.fromkeys(
        (x, min(y for _, y in spot), max(y for _, y in spot)) for spot in spots.values() for x, _ in spot
    ):
        yield line(x, top, x, bottom, palette.LINE, 1)


def _marks(placed: Sequence[tuple[float, float, PlotPoint]]) -> Iterator[str]:
    """Yield the points, merged where they coincide, each with its labels where there is room."""
    spots: dict[tuple[float, float, int], list[PlotPoint]] = {}
    for across, down, point in placed:
        spots.setdefault((across, down, point.series), []).append(point)
    taken = [(across - SIZE, down - SIZE, across + SIZE, down + SIZE) for across, down, _ in spots]
    for (across, down, series), merged in spots.items():
        titles = escape("; ".join(point.title for point in merged))
        ring = any(point.ringed for point in merged)
        if ring:
            yield (
                f'<circle cx="{across}" cy="{down}" r="{SIZE + 6}" fill="none" stroke="{palette.INK}" '
                'stroke-width="2.5" stroke-dasharray="4 2"/>'
            )
        yield f"<g><title>{titles}</title>{shape(series, across, down)}</g>"
        label = ", ".join(dict.fromkeys(point.label for point in merged if point.label))
        if not label:
            continue
        left, base, box = _label_place(label, across, down, taken, SIZE + (9 if ring else 4))
        taken.append(box)
        yield text(left, base, label, halo=True)


def _label_place(label: str, x: float, y: float, taken: Sequence[Box], away: float) -> tuple[float, float, Box]:
    """Return where a label goes, left end, baseline and box: on the side of its point where it covers least."""
    width = LETTER * len(label)
    candidates = []
    for left, base in (
        (x + away, y + 5),
        (x - away - width, y + 5),
        (x - width / 2, y - away - 3),
        (x - width / 2, y + away + 13),
        (x + away, y - away - 1),
        (x + away, y + away + 11),
        (x - away - width, y - away - 1),
        (x - away - width, y + away + 11),
    ):
        box = (left, base - 12, left + width, base + 3)
        outside = left < LEFT or left + width > WIDTH - 2
        covered = sum(box[0] < t[2] and t[0] < box[2] and box[1] < t[3] and t[1] < box[3] for t in taken)
        candidates.append((covered + 100 * outside, left, base, box))
    _, left, base, box = min(candidates, key=lambda candidate: candidate[0])
    return round(left, 1), round(base, 1), box
