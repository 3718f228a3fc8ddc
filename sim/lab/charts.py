"""Pictures as SVG that stand by themselves: attributes alone, no style sheet, so that a saved one looks the same.

Every picture has a title and a description, and its numbers stand in a table beside it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from sim.lab import palette
from sim.web.templating import number

WIDTH, HEIGHT = 760, 500
LEFT, RIGHT, TOP, AXIS, BAND = 58, 18, 16, 64, 46
"""Margins of the plane, and the height of the band for red lines that nothing buys off."""
ROUND, LEAST = 20, 20
"""The axis of surplus ends at multiples of so many points, and reaches so far at least."""
SIZE = 7
LETTER, TEXT = 8.2, 15
"""Width of a letter, about, and its size."""
FONT = 'font-family="system-ui, -apple-system, \'Segoe UI\', Roboto, \'Liberation Sans\', sans-serif"'
CELL, ROW, LABEL = 92, 30, 330


@dataclass(frozen=True)
class Point:
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


def plane(points: Sequence[Point], series: Sequence[str], words: Mapping[str, str]) -> Markup:
    """Acceptance against a measure: every proposal a point.

    Parameters
    ----------
    series : what each shape stands for
    words : ``title``, ``text``, ``across``, ``up``, ``never``
    """
    known = [one.y for one in points if one.y is not None]
    low = -max(LEAST, ROUND * math.ceil(-min([0.0, *known]) / ROUND))
    high = max(LEAST, ROUND * math.ceil(max([0.0, *known]) / ROUND))
    legend = 26 * math.ceil(len(series) / 2)
    bottom = HEIGHT - AXIS - BAND

    def x(value: float) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * value / 100, 1)

    def y(value: float | None) -> float:
        return bottom + BAND / 2 + 4 if value is None else round(TOP + (bottom - TOP) * (high - value) / (high - low), 1)

    parts = list(_frame(x, y, range(int(low), int(high) + 1, ROUND), bottom, words))
    parts += _marks([(x(one.x), y(one.y), one) for one in points])
    for at, name in enumerate(series):
        across, down = LEFT + (at % 2) * (WIDTH - LEFT) / 2, HEIGHT + 26 * (at // 2) + 12
        parts += [_shape(at, across, down), _text(across + 16, down + 5, name)]
    return _svg(WIDTH, HEIGHT + legend + 8, words["title"], words["text"], parts)


def _frame(x: Any, y: Any, ticks: Iterable[int], bottom: float, words: Mapping[str, str]) -> Iterator[str]:
    yield f'<rect x="{LEFT}" y="{bottom}" width="{WIDTH - LEFT - RIGHT}" height="{BAND}" fill="#efe6dc"/>'
    yield _text(LEFT + 8, bottom + 15, words["never"], size=13, fill="#4d2600")
    for tick in ticks:
        strong = tick == 0
        colour, width = (palette.INK, 2) if strong else ("#d9dee2", 1)
        yield _line(LEFT, y(tick), WIDTH - RIGHT, y(tick), colour, width)
        yield _text(LEFT - 8, y(tick) + 5, number(tick, sign=tick != 0), anchor="end")
    for tick in range(0, 101, 20):
        yield _line(x(tick), bottom + BAND, x(tick), bottom + BAND + 5, palette.LINE, 1)
        yield _text(x(tick), bottom + BAND + 21, str(tick), anchor="middle")
    yield _text(WIDTH - RIGHT, HEIGHT - 12, f"{words['across']} →", anchor="end", weight="bold")
    yield _text(LEFT + 8, TOP + 14, f"↑ {words['up']}", weight="bold")


def _marks(placed: Sequence[tuple[float, float, Point]]) -> Iterator[str]:
    """The points, those in one place as one, each with its labels where there is room."""
    spots: dict[tuple[float, float, int], list[Point]] = {}
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
        yield f"<g><title>{titles}</title>{_shape(series, across, down)}</g>"
        label = ", ".join(dict.fromkeys(one.label for one in here))
        left, base, box = _room(label, across, down, taken, SIZE + (9 if ring else 4))
        taken.append(box)
        yield _text(left, base, label, halo=True)


Box = tuple[float, float, float, float]


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


def heat(
    rows: Sequence[tuple[str, Sequence[tuple[str, str]]]], columns: Sequence[str], words: Mapping[str, str]
) -> Markup:
    """Proposal by actor.

    Parameters
    ----------
    rows : what a proposal is called, and the shade and the words of each cell
    columns : short names of actors
    words : ``title``, ``text``
    """
    width, height = LABEL + CELL * len(columns) + 8, ROW * (len(rows) + 1) + 40
    parts = [
        _text(LABEL + CELL * (at + 0.5), 22, name, anchor="middle", weight="bold") for at, name in enumerate(columns)
    ]
    for row, (title, cells) in enumerate(rows, 1):
        top = ROW * row
        parts.append(_text(LABEL - 10, top + 20, _short(title, LABEL - 20), anchor="end"))
        for at, (shade, said) in enumerate(cells):
            left = LABEL + CELL * at
            fill = palette.FILLS[shade]
            parts.append(
                f'<rect x="{left + 1}" y="{top + 1}" width="{CELL - 2}" height="{ROW - 2}" fill="{fill}" '
                f'stroke="{palette.LINE}" stroke-width="0.5"/>'
            )
            parts.append(_text(left + CELL / 2, top + 20, said, anchor="middle", fill=palette.ink(shade)))
    parts.append(_text(10, height - 12, words["text"], size=13, fill=palette.SOFT))
    return _svg(width, height, words["title"], words["text"], parts)


@dataclass(frozen=True)
class Bar:
    """One step of a waterfall, from one height to another; both None for what nothing buys off."""

    says: str
    points: str
    start: float | None
    end: float | None
    total: bool = False


def ends(bars: Sequence[Bar]) -> tuple[float, float]:
    """From where to where the bars of a waterfall reach, nought included, never the same."""
    known = [0.0, *(value for one in bars for value in (one.start, one.end) if value is not None)]
    return min(known) - 1, max(known) + 1


def bar(one: Bar, reach: tuple[float, float]) -> Markup:
    """One step as a picture in the line of a table, which says it in words."""
    return Markup(
        '<svg class="step" viewBox="0 0 300 20" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        f"{_step(one, reach, 0, 300, 0, 20)}</svg>"
    )


def waterfall(bars: Sequence[Bar], words: Mapping[str, str]) -> Markup:
    """How an actor's reasons add up to its surplus.

    Parameters
    ----------
    words : ``title``, ``text``
    """
    reach, label, height = ends(bars), 430, ROW * len(bars) + 50
    parts = [_text(10, 22, words["title"], weight="bold")]
    for row, one in enumerate(bars, 1):
        top = ROW * row
        weight = "bold" if one.total else "normal"
        parts.append(_text(10, top + 20, _short(one.says, label - 80), weight=weight))
        parts.append(_text(label - 8, top + 20, one.points, anchor="end", weight=weight))
        parts.append(_step(one, reach, label, 330, top + 4, ROW - 8))
    parts.append(_text(10, height - 8, words["text"], size=13, fill=palette.SOFT))
    return _svg(WIDTH + 10, height, words["title"], words["text"], parts)


def blank(says: str) -> Markup:
    """A picture of nothing, which says why."""
    return _svg(WIDTH, 2 * ROW, says, "", [_text(10, ROW, says)])


def _step(one: Bar, reach: tuple[float, float], left: float, width: float, top: float, height: float) -> str:
    low, high = reach

    def x(value: float) -> float:
        return round(left + width * (value - low) / (high - low), 1)

    middle = top + height / 2
    zero = _line(x(0), top - 4, x(0), top + height + 4, palette.INK, 1)
    if one.start is None or one.end is None:
        fill = palette.FILLS[palette.NEVER]
        arrow = f"M{x(0)} {top}H{left + 14}L{left + 2} {middle}L{left + 14} {top + height}H{x(0)}Z"
        return f'<path d="{arrow}" fill="{fill}"/>{zero}'
    first, last = sorted((x(one.start), x(one.end)))
    rising = one.end >= (0 if one.total else one.start)
    fill = (palette.FILLS["4"] if rising else palette.FILLS["-4"]) if one.total else palette.FILLS["3" if rising else "-3"]
    return f'<rect x="{first}" y="{top}" width="{max(last - first, 1):.1f}" height="{height}" fill="{fill}"/>{zero}'


def _shape(series: int, x: float, y: float) -> str:
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


def _short(text: str, width: float) -> str:
    most = int(width / (LETTER - 0.6))
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, width: float) -> str:
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{colour}" stroke-width="{width}"/>'


def _text(x: float, y: float, text: str, *, size: int = TEXT, fill: str = palette.INK, **more: Any) -> str:
    halo = ' stroke="#fff" stroke-width="3" paint-order="stroke"' if more.pop("halo", False) else ""
    names = {"anchor": "text-anchor", "weight": "font-weight"}
    rest = "".join(f' {names[name]}="{value}"' for name, value in more.items() if value not in ("start", "normal"))
    return f'<text x="{round(x, 1)}" y="{round(y, 1)}" font-size="{size}" fill="{fill}"{halo}{rest}>{escape(text)}</text>'


def _svg(width: float, height: float, title: str, text: str, parts: Iterable[str]) -> Markup:
    label = escape(f"{title}. {text}")
    return Markup(
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{label}" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" {FONT}><title>{escape(title)}</title><desc>{escape(text)}</desc>'
        f'<rect width="{width}" height="{height}" fill="#fff"/>{"".join(parts)}</svg>'
    )
