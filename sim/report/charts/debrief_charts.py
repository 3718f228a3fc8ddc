"""Charts of the debrief as inline SVG, made on the server without scripts or style attributes.

Each chart has `role="img"`, a title and a description in words, and its numbers are in a table next to it. Colours come
from the page's style sheet by class, and a mark or a dash carries the same meaning as each colour.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence

from markupsafe import Markup, escape

from sim.report.charts.svg import styled_svg
from sim.report.wording import VERDICTS, Plain, level

WIDTH, HEIGHT, PAD = 320, 170, 34
"""Size of a small chart and its margin for labels, in SVG units."""
CELL = 22
"""Side of a cell of a grid, in SVG units."""
PLANE = 340
"""Side of the chart of a plane, in SVG units."""
AMOUNTS, BAR_HEIGHT, LINE_HEIGHT, LABEL_LETTERS = 480, 16, 14, 34
"""Width of a chart of amounts, height of its bars and of a line of a label, in SVG units; letters in such a line."""


def line(timeline: Sequence[Plain], title: str, text: str, labels: Mapping[str, str]) -> Markup:
    """Return a chart of a seat's surplus from the text on the table, month by month, against its walk-away value.

    Parameters
    ----------
    timeline : for each month ``month``, ``surplus``, ``aspiration`` and ``crosses_never``
    title, text : title and description
    labels : the words for ``walk_away`` and ``month``
    """
    values: list[float] = [month[key] for month in timeline for key in ("surplus", "aspiration")]
    low, high = min(0.0, *values), max(1.0, *values)
    across, steps = WIDTH - PAD - 8, max(1, len(timeline) - 1)

    def x(index: int) -> float:
        return round(PAD + across * index / steps, 1)

    def y(value: float) -> float:
        return round(14 + (HEIGHT - 40) * (high - value) / (high - low), 1)

    parts = [
        f'<line class="axis" x1="{PAD}" y1="{y(0)}" x2="{WIDTH - 6}" y2="{y(0)}"/>',
        f'<text class="small" x="{PAD + 2}" y="{y(0) - 3}">{escape(labels["walk_away"])}</text>',
        *(
            f'<text class="small end" x="{PAD - 4}" y="{y(value) + 4}">{level(value)}</text>'
            for value in dict.fromkeys((high, low))
        ),
        _path("dashed", ((x(index), y(month["aspiration"])) for index, month in enumerate(timeline))),
        _path("drawn", ((x(index), y(month["surplus"])) for index, month in enumerate(timeline))),
    ]
    for index, month in enumerate(timeline):
        kind = "never" if month["crosses_never"] else "dot"
        parts.append(_mark(kind, x(index), y(month["surplus"])))
    first, last = timeline[0]["month"], timeline[-1]["month"]
    parts.append(f'<text class="small" x="{PAD}" y="{HEIGHT - 6}">{escape(labels["month"])} {first}</text>')
    if last != first:
        parts.append(f'<text class="small end" x="{WIDTH - 6}" y="{HEIGHT - 6}">{last}</text>')
    return styled_svg(WIDTH, HEIGHT, title, text, parts)


def grid(rows: Sequence[tuple[str, Sequence[str]]], heads: Sequence[object], title: str, text: str) -> Markup:
    """Return a chart of who answered what and when, with one row per actor and one column per month.

    Parameters
    ----------
    rows : each actor's short name, and its verdict of each month; empty for none
    heads : the months, or whatever else the columns are; columns are as wide as the longest of them
    """
    left, cell = 12 + 7 * max(len(name) for name, _ in rows), max(CELL, 8 + 6 * max(len(str(head)) for head in heads))
    width, height = max(WIDTH // 2, left + cell * len(heads) + 4), CELL * (len(rows) + 1)
    parts = [
        f'<text class="small middle" x="{left + cell * column + cell // 2}" y="14">{escape(str(head))}</text>'
        for column, head in enumerate(heads)
    ]
    for row, (name, verdicts) in enumerate(rows, 1):
        parts.append(f'<text class="end" x="{left - 6}" y="{CELL * row + 15}">{escape(name)}</text>')
        for column, verdict in enumerate(verdicts):
            x, y = left + cell * column, CELL * row
            if not verdict:
                continue
            appearance = VERDICTS[verdict]
            parts.append(f'<rect class="{verdict}" x="{x + 1}" y="{y + 1}" width="{cell - 2}" height="{CELL - 2}"/>')
            parts.append(f'<text class="on-{verdict} middle" x="{x + cell // 2}" y="{y + 15}">{appearance.mark}</text>')
    return styled_svg(width, height, title, text, parts)


def plane(tradeoff: Plain, names: Sequence[str], title: str, text: str) -> Markup:
    """Return a chart of all texts by two actors' surpluses, with their frontier and the deals of the tables."""
    everything = [item["at"] for item in (*tradeoff["points"], *tradeoff["deals"])] + [[0.0, 0.0]]
    (left, right), (bottom, top) = (_range(item[axis] for item in everything) for axis in (0, 1))
    inner = PLANE - PAD - 12

    def place(surpluses: Sequence[float]) -> tuple[float, float]:
        across, up = (surpluses[0] - left) / (right - left), (surpluses[1] - bottom) / (top - bottom)
        return round(PAD + inner * across, 1), round(12 + inner * (1 - up), 1)

    zero_x, zero_y = place((0.0, 0.0))
    parts = [
        f'<line class="axis" x1="{PAD}" y1="{zero_y}" x2="{PLANE - 12}" y2="{zero_y}"/>',
        f'<line class="axis" x1="{zero_x}" y1="12" x2="{zero_x}" y2="{PLANE - PAD + 12}"/>',
    ]
    for point in tradeoff["points"]:
        kind = "agreed" if point["agreed"] else "crossed" if point["never"] else "open"
        x, y = place(point["at"])
        parts.append(f'<circle class="point {kind}" cx="{x}" cy="{y}" r="{3 if point["agreed"] else 2}"/>')
    parts.append(_path("drawn", map(place, tradeoff["frontier"])))
    for (x, y), (label, signed) in _deals((place(deal["at"]), deal["signed"]) for deal in tradeoff["deals"]).items():
        parts.append(
            f'<circle class="{"signed" if signed else "unsigned"}" cx="{x}" cy="{y}" r="{5 + 3 * len(label)}"/>'
        )
        kind = "on-signed" if signed else "on-unsigned"
        parts.append(f'<text class="{kind} middle" x="{x}" y="{y + 4}">{label}</text>')
    parts += [
        f'<text class="small end" x="{PLANE - 12}" y="{PLANE - 6}">{escape(names[0])} →</text>',
        f'<text class="small" x="4" y="10">↑ {escape(names[1])}</text>',
        f'<text class="small" x="{PAD}" y="{PLANE - 6}">{level(left)}</text>',
    ]
    return styled_svg(PLANE, PLANE, title, text, parts)


def bars(counts: Sequence[int], marks: Sequence[tuple[str, float]], title: str, text: str) -> Markup:
    """Return a histogram over 0 to 1 with marks at some values."""
    most, width = max([*counts, 1]), (WIDTH - 20) / len(counts)
    base = HEIGHT - 24
    parts = [f'<line class="axis" x1="10" y1="{base}" x2="{WIDTH - 10}" y2="{base}"/>']
    for index, count in enumerate(counts):
        height = round((base - 34) * count / most, 1)
        x = round(10 + width * index, 1)
        parts.append(f'<rect class="bar" x="{x}" y="{base - height}" width="{round(width - 1, 1)}" height="{height}"/>')
    for label, value in marks:
        x = round(10 + (WIDTH - 20) * value, 1)
        parts.append(f'<line class="marked" x1="{x}" y1="20" x2="{x}" y2="{base}"/>')
        parts.append(f'<text class="small middle" x="{x}" y="14">{escape(label)}</text>')
    parts += [
        f'<text class="small" x="10" y="{HEIGHT - 8}">0%</text>',
        f'<text class="small end" x="{WIDTH - 10}" y="{HEIGHT - 8}">100%</text>',
    ]
    return styled_svg(WIDTH, HEIGHT, title, text, parts)


def amounts(
    rows: Sequence[tuple[str, float | str]], title: str, text: str, says: Callable[[float | str], str]
) -> Markup:
    """Return a chart of one bar per row, to the right of zero for gains and to the left for costs.

    Parameters
    ----------
    rows : labels, which are wrapped, and values; ``never`` is a dark bar across the whole left side
    says : the words for a value
    """
    numbers = [value for _, value in rows if not isinstance(value, str)]
    low, high = min(0.0, *numbers, 0.0), max(0.0, *numbers, 0.0)
    if any(isinstance(value, str) for _, value in rows):
        low = min(low, -high / 2, -1.0)
    span = (high - low) or 1.0
    labels = [textwrap.wrap(label, LABEL_LETTERS) or [""] for label, _ in rows]
    longest = max((len(line) for lines in labels for line in lines), default=0)
    left, right = 6.4 * longest + 50, AMOUNTS - 52.0  # room for the labels, and for the values at either end

    def x(value: float) -> float:
        return round(left + (right - left) * (value - low) / span, 1)

    parts, top = [], 4.0
    for lines, (_, value) in zip(labels, rows, strict=True):
        height = max(BAR_HEIGHT, LINE_HEIGHT * len(lines)) + 8
        middle = round(top + height / 2, 1)
        first = middle - LINE_HEIGHT * (len(lines) - 1) / 2 + 4
        for index, line_ in enumerate(lines):
            parts.append(f'<text x="0" y="{round(first + LINE_HEIGHT * index, 1)}">{escape(line_)}</text>')
        kind = "never" if isinstance(value, str) else "gain" if value >= 0 else "cost"
        end = x(low) if isinstance(value, str) else x(value)
        start = min(end, x(0))
        parts.append(
            f'<rect class="{kind}" x="{start}" y="{middle - BAR_HEIGHT / 2}" width="{max(abs(end - x(0)), 1):.1f}" '
            f'height="{BAR_HEIGHT}"/>'
        )
        place = f'x="{end + 5}"' if kind == "gain" else f'class="end" x="{end - 5}"'
        parts.append(f'<text {place} y="{middle + 4}">{escape(says(value))}</text>')
        top += height
    parts.insert(0, f'<line class="axis" x1="{x(0)}" y1="0" x2="{x(0)}" y2="{round(top, 1)}"/>')
    return styled_svg(AMOUNTS, round(top), title, text, parts)


def figure(number: str, below: str, title: str) -> Markup:
    """Return a number as a picture of its own, with words below it."""
    parts = [
        f'<text class="number middle" x="{WIDTH / 2}" y="86">{escape(number)}</text>',
        f'<text class="middle" x="{WIDTH / 2}" y="124">{escape(below)}</text>',
    ]
    return styled_svg(WIDTH, 140, title, f"{number} {below}", parts)


def _deals(deals: Iterable[tuple[tuple[float, float], bool]]) -> dict[tuple[float, float], tuple[str, bool]]:
    """Return a dict of place to the numbers of the deals there, and whether any of them is signed."""
    labels: dict[tuple[float, float], tuple[str, bool]] = {}
    for number, (place, signed) in enumerate(deals, 1):
        label, other = labels.get(place, ("", False))
        labels[place] = (f"{label},{number}" if label else str(number), signed or other)
    return labels


def _range(values: Iterable[float]) -> tuple[float, float]:
    """Return the least and the greatest value, moved apart if they are equal."""
    numbers = list(values)
    low, high = min(numbers), max(numbers)
    return (low, high) if high > low else (low - 1, high + 1)


def _mark(kind: str, x: float, y: float) -> str:
    """Return a dot, or a square where a line that is not for sale is crossed."""
    if kind == "never":
        return f'<rect class="never" x="{x - 4}" y="{y - 4}" width="8" height="8"/>'
    return f'<circle class="dot" cx="{x}" cy="{y}" r="3"/>'


def _path(kind: str, points: Iterable[tuple[float, float]]) -> str:
    coordinates = " ".join(f"{x},{y}" for x, y in points)
    return f'<polyline class="{kind}" points="{coordinates}"/>'
