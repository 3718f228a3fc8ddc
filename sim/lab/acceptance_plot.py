"""Scatter plot of acceptance against a measure: one point per proposal, with its title beside it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from markupsafe import Markup, escape

from sim.report.charts import palette
from sim.report.charts.svg import HEADLINE, fitted, line, svg, text
from sim.report.wording import VERDICTS
from sim.web.templating import number

WIDTH, HEIGHT = 860, 560
LEFT, RIGHT, AXIS = 50, 20, 66
"""Margins of the plane, and height of the axis and the key below it, in SVG units."""
ROUND, LEAST = 20, 20
"""The axis of surplus ends at multiples of `ROUND` points and covers at least `LEAST` points each way."""
TENS = 10
"""The axis of the measure ends at multiples of this."""
SIZE, LETTER, SMALL, LINE = 9, 7.2, 13, 15
"""Half the width of a mark; and of the labels: average width of a letter, font size and height of a line; SVG units."""
LABEL = 165
"""Greatest width of a line of a label, in SVG units."""
NEAR, COVERED = 16, 0.2
"""How many distances of a label from its point are tried, half a line apart; and how many of these distances one square
unit of something covered weighs as much as."""
KEY = 190
"""Width of an entry of the key."""
Box: TypeAlias = tuple[float, float, float, float]


@dataclass(frozen=True)
class PlotPoint:
    """A point of the plane.

    Parameters
    ----------
    title : title of the proposal, its label
    x : measure, 0 to 100
    y : surplus, points; what it would be without the line if a red line that is not for sale is crossed
    verdict : its colour and mark
    ringed : whether it is the text on the table
    """

    title: str
    x: float
    y: float
    verdict: str
    ringed: bool = False


def plane(points: Sequence[PlotPoint], words: Mapping[str, str]) -> Markup:
    """Return the scatter plot of acceptance against a measure.

    Parameters
    ----------
    words : ``title``, ``about`` and ``text`` of a chart that is used on its own, which stand above and below it if
        ``about`` is there; ``across``, ``up``, ``zero``
    """
    heights, places = [0.0, *(point.y for point in points)], [point.x for point in points] or [0.0]
    low = -max(LEAST, ROUND * math.ceil(-min(heights) / ROUND))
    high = max(LEAST, ROUND * math.ceil(max(heights) / ROUND))
    first, last = TENS * math.floor(min(places) / TENS), TENS * math.ceil(max(places) / TENS)
    last = max(last, first + TENS)
    parts, top = _above(words)
    bottom = top + HEIGHT - AXIS

    def x(value: float) -> float:
        return round(LEFT + 20 + (WIDTH - LEFT - RIGHT - 40) * (value - first) / (last - first), 1)

    def y(value: float) -> float:
        return round(top + 24 + (bottom - top - 40) * (high - value) / (high - low), 1)

    parts += _frame(x, y, (low, high), (first, last), bottom, words)
    zero = (LEFT, y(0) - 2, WIDTH - RIGHT, y(0) + 2)
    parts += _marks([(x(point.x), y(point.y), point) for point in points], (top + 16, bottom), zero)
    down = bottom + AXIS
    foot = fitted(words["text"], WIDTH - 20) if words.get("about") else []
    parts += [text(10, down + 12 + 19 * index, said, size=13, fill=palette.SOFT) for index, said in enumerate(foot)]
    return svg(WIDTH, down + (19 * len(foot) + 10 if foot else 0), words["title"], words["text"], parts)


def _above(words: Mapping[str, str]) -> tuple[list[str], float]:
    """Return the title of a chart that is used on its own, and the height that it takes."""
    if not words.get("about"):
        return [], 0
    titles = fitted(words["title"], HEADLINE * WIDTH)
    parts = [text(10, 24 + 21 * index, said, weight="bold", size=17) for index, said in enumerate(titles)]
    down = 24 + 21 * len(titles)
    return [*parts, text(10, down, words["about"], size=13, fill=palette.SOFT)], down + 12


def _frame(
    x: Any, y: Any, up: tuple[int, int], across: tuple[int, int], bottom: float, words: Mapping[str, str]
) -> Iterator[str]:
    for tick in range(up[0], up[1] + 1, ROUND):
        colour, width = (palette.INK, 2) if tick == 0 else ("#d9dee2", 1)
        yield line(LEFT, y(tick), WIDTH - RIGHT, y(tick), colour, width)
        yield text(LEFT - 8, y(tick) + 5, number(tick, sign=tick != 0), anchor="end", size=SMALL)
    yield text(WIDTH - RIGHT, y(0) - 5, words["zero"], anchor="end", size=12, fill=palette.SOFT)
    for tick in range(across[0], across[1] + 1, TENS):
        yield line(x(tick), bottom, x(tick), bottom + 5, palette.LINE, 1)
        yield text(x(tick), bottom + 20, str(tick), anchor="middle", size=SMALL)
    yield text(LEFT - 40, y(up[1]) - 12, f"↑ {words['up']}", weight="bold", size=SMALL)
    yield text(WIDTH - RIGHT, bottom + 38, f"{words['across']} →", anchor="end", weight="bold", size=SMALL)
    for index, (verdict, look) in enumerate(VERDICTS.items()):
        yield f"<g>{_mark(verdict, LEFT + 10 + KEY * index, bottom + 52)}</g>"
        yield text(LEFT + 26 + KEY * index, bottom + 57, look.words, size=SMALL)


def _mark(verdict: str, x: float, y: float) -> str:
    fill, s = palette.VERDICT_FILLS[verdict], SIZE
    sign = text(x, y + 4.5, VERDICTS[verdict].mark, size=SMALL, anchor="middle", fill=palette.INK)
    if verdict == "red_line":
        return f'<rect x="{x - s + 1}" y="{y - s + 1}" width="{2 * s - 2}" height="{2 * s - 2}" fill="{fill}"/>'
    return f'<circle cx="{x}" cy="{y}" r="{s}" fill="{fill}" stroke="{palette.SOFT}" stroke-width="1"/>{sign}'


def _marks(placed: Sequence[tuple[float, float, PlotPoint]], space: tuple[float, float], zero: Box) -> Iterator[str]:
    """Yield the points, merged where they coincide, each with its titles where there is room."""
    spots: dict[tuple[float, float, str], list[PlotPoint]] = {}
    for across, down, point in placed:
        spots.setdefault((across, down, point.verdict), []).append(point)
    taken = [(across - SIZE, down - SIZE, across + SIZE, down + SIZE) for across, down, _ in spots]
    taken.append(zero)
    labels: list[str] = []
    for (across, down, verdict), merged in sorted(spots.items(), key=lambda spot: _first(spot[0], spots)):
        ring = any(point.ringed for point in merged)
        titles = "; ".join(point.title for point in merged)
        lines = fitted(titles, LABEL * 8.0 / LETTER)
        box = _label_place(lines, (across, down), taken, space)
        taken.append(box)
        if _is_far(box, across, down):
            near = min(max(across, box[0]), box[2])
            labels.append(line(across, down, near, (box[1] + box[3]) / 2, palette.LINE, 1))
        weight = "bold" if ring else "normal"
        labels += [
            text(box[0], box[1] + 12 + LINE * index, said, size=SMALL, weight=weight, halo=True)
            for index, said in enumerate(lines)
        ]
        if ring:
            rim = f'fill="none" stroke="{palette.INK}" stroke-width="2.5"'
            yield f'<circle cx="{across}" cy="{down}" r="{SIZE + 5}" {rim}/>'
        yield f"<g><title>{escape(titles)}</title>{_mark(verdict, across, down)}</g>"
    yield from labels


def _label_place(
    lines: Sequence[str], at: tuple[float, float], taken: Sequence[Box], space: tuple[float, float]
) -> Box:
    """Return the box of a label: as near to its point as possible, where it covers least."""
    width, height = LETTER * max(map(len, lines)), LINE * len(lines)
    across, down = at
    far = np.arange(NEAR)
    shift = far * LINE / 2
    aside, over = SIZE + 4, SIZE + 3
    left = np.repeat([across + aside, across - aside - width, across - width / 2], 2)[:, None] + 0 * shift
    above, level, below = down - over - height - shift, down - height / 2, down + over + shift
    top = np.stack([level - shift, level + shift, level - shift, level + shift, above, below])
    boxes = np.stack([left, top, left + width, top + height])
    outside = (boxes[0] < LEFT) | (boxes[2] > WIDTH - 4) | (boxes[1] < space[0]) | (boxes[3] > space[1])
    others = np.array(taken).T[:, None, None]
    wide = np.minimum(boxes[2, ..., None], others[2]) - np.maximum(boxes[0, ..., None], others[0])
    high = np.minimum(boxes[3, ..., None], others[3]) - np.maximum(boxes[1, ..., None], others[1])
    covered = (np.maximum(wide, 0) * np.maximum(high, 0)).sum(axis=2)
    cost = np.where(outside, np.inf, COVERED * covered + far)
    place = np.unravel_index(int(np.argmin(cost.T)), cost.T.shape)[::-1]
    x1, y1, x2, y2 = (float(edge[place]) for edge in boxes)
    return x1, y1, x2, y2


def _first(spot: tuple[float, float, str], spots: Mapping[tuple[float, float, str], Sequence[PlotPoint]]) -> int:
    """Return the sort key of the order in which labels are placed: the text on the table, then the most crowded."""
    near = [other for other in spots if abs(spot[0] - other[0]) < LABEL and abs(spot[1] - other[1]) < 4 * LINE]
    return -1000 if any(point.ringed for point in spots[spot]) else -len(near)


def _is_far(box: Box, x: float, y: float) -> bool:
    """Return whether a label is so far from its point that a line has to connect them."""
    across = max(box[0] - x, 0.0, x - box[2])
    down = max(box[1] - y, 0.0, y - box[3])
    return max(across, down) > 2 * SIZE
