"""Acceptance against a measure: every proposal a point, with its number where there is room for it."""

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
"""Margins of the plane, and the height of the band for red lines that nothing buys off."""
ROUND, LEAST = 20, 20
"""The axis of surplus ends at multiples of so many points, and reaches so far at least."""
LINE = 26
"""Of the legend."""
Box: TypeAlias = tuple[float, float, float, float]


@dataclass(frozen=True)
class PlotPoint:
    """One proposal on the plane.

    Parameters
    ----------
    label : a short one, which is drawn beside it
    title : what it is called
    x : 0 to 100
    y : surplus; None for a red line that nothing buys off
    series : its place in `palette.SERIES`
    ringed : whether it is the one on the table
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
    """Acceptance against a measure: every proposal a point.

    Parameters
    ----------
    series : what each shape stands for
    words : ``title``, ``text``, ``across``, ``up``, ``never``
    below : lines that a picture needs which stands by itself, such as what the numbers stand for
    """
    known = [one.y for one in points if one.y is not None]
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
    parts += _threads([(x(one.x), y(one.y), one) for one in points])
    parts += _marks([(x(one.x), y(one.y), one) for one in points])
    parts += [part for at, name in enumerate(series) for part in _legend(at, name)]
    down = HEIGHT + LINE * math.ceil(len(series) / 2)
    parts += [text(LEFT - 7, down + 18 + 21 * at, line_) for at, line_ in enumerate(below)]
    return svg(WIDTH, down + 8 + (21 * len(below) + 10 if below else 0), words["title"], words["text"], parts)


def _legend(at: int, name: str) -> list[str]:
    across, down = LEFT + (at % 2) * (WIDTH - LEFT) / 2, HEIGHT + LINE * (at // 2) + 12
    return [shape(at, across, down), text(across + 16, down + 5, name)]


def _frame(x: Any, y: Any, ticks: Iterable[int], bottom: float, words: Mapping[str, str]) -> Iterator[str]:
    yield f'<rect x="{LEFT}" y="{bottom}" width="{WIDTH - LEFT - RIGHT}" height="{BAND}" fill="#efe6dc"/>'
    yield text(LEFT + 8, bottom + 15, words["never"], size=13, fill="#4d2600")
    for tick in ticks:
        strong = tick == 0
        colour, width = (palette.INK, 2) if strong else ("#d9dee2", 1)
        yield line(LEFT, y(tick), WIDTH - RIGHT, y(tick), colour, width)
        yield text(LEFT - 8, y(tick) + 5, number(tick, sign=tick != 0), anchor="end")
    for tick in range(0, 101, 20):
        yield line(x(tick), bottom + BAND, x(tick), bottom + BAND + 5, palette.LINE, 1)
        yield text(x(tick), bottom + BAND + 21, str(tick), anchor="middle")
    yield text(WIDTH - RIGHT, HEIGHT - 12, f"{words['across']} →", anchor="end", weight="bold")
    yield text(LEFT + 8, TOP + 14, f"↑ {words['up']}", weight="bold")


def _threads(placed: Sequence[tuple[float, float, PlotPoint]]) -> Iterator[str]:
    """What holds the points of one proposal together."""
    spots: dict[str, list[tuple[float, float]]] = {}
    for across, down, one in placed:
        spots.setdefault(one.title, []).append((across, down))
    for here in dict.fromkeys(
        (x, min(y for _, y in one), max(y for _, y in one)) for one in spots.values() for x, _ in one
    ):
        yield line(here[0], here[1], here[0], here[2], palette.LINE, 1)


def _marks(placed: Sequence[tuple[float, float, PlotPoint]]) -> Iterator[str]:
    """The points, those in one place as one, each with its labels where there is room."""
    spots: dict[tuple[float, float, int], list[PlotPoint]] = {}
    for across, down, one in placed:
        spots.setdefault((across, down, one.series), []).append(one)
    taken = [(across - SIZE, down - SIZE, across + SIZE, down + SIZE) for across, down, _ in spots]
    for (across, down, series), here in spots.items():
        titles = escape("; ".join(one.title for one in here))
        ring = any(one.ringed for one in here)
        if ring:
            yield (
                f'<circle cx="{across}" cy="{down}" r="{SIZE + 6}" fill="none" stroke="{palette.INK}" '
                'stroke-width="2.5" stroke-dasharray="4 2"/>'
            )
        yield f"<g><title>{titles}</title>{shape(series, across, down)}</g>"
        label = ", ".join(dict.fromkeys(one.label for one in here if one.label))
        if not label:
            continue
        left, base, box = _room(label, across, down, taken, SIZE + (9 if ring else 4))
        taken.append(box)
        yield text(left, base, label, halo=True)


def _room(label: str, x: float, y: float, taken: Sequence[Box], away: float) -> tuple[float, float, Box]:
    """Where a label goes: right of its point, or left, above or below it, wherever it covers least."""
    width = LETTER * len(label)
    tried = []
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
        covered = sum(box[0] < o[2] and o[0] < box[2] and box[1] < o[3] and o[1] < box[3] for o in taken)
        tried.append((covered + 100 * outside, left, base, box))
    _, left, base, box = min(tried, key=lambda one: one[0])
    return round(left, 1), round(base, 1), box
