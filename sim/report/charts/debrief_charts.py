"""Charts as inline SVG, made on the server: no script, no style attribute, a title and a description in each.

Every chart is said in words too: it is `role="img"` with a title and a description, and its numbers stand in a table
beside it. Colours come from the page's style sheet by class, and a mark or a dash tells what colour tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from markupsafe import Markup, escape

from sim.report.charts.svg import styled_svg
from sim.report.wording import VERDICTS, Plain, level

WIDTH, HEIGHT, PAD = 320, 170, 34
"""Of a small chart, and its margin for labels, in units of its own."""
CELL = 22
PLANE = 340
TICKS = 4


def line(found: Sequence[Plain], title: str, text: str, labels: Mapping[str, str]) -> Markup:
    """One seat's surplus of the text on the table, month by month, against its walk-away value.

    Parameters
    ----------
    found : of each month ``month``, ``surplus``, ``aspiration``, ``crosses_never``
    title, text : what the chart is called, and what it says
    labels : ``walk_away`` and ``month``
    """
    values: list[float] = [one[key] for one in found for key in ("surplus", "aspiration")]
    low, high = min(0.0, *values), max(1.0, *values)
    across, months = WIDTH - PAD - 8, max(1, len(found) - 1)

    def x(at: int) -> float:
        return round(PAD + across * at / months, 1)

    def y(value: float) -> float:
        return round(14 + (HEIGHT - 40) * (high - value) / (high - low), 1)

    parts = [
        f'<line class="axis" x1="{PAD}" y1="{y(0)}" x2="{WIDTH - 6}" y2="{y(0)}"/>',
        f'<text class="small" x="{PAD + 2}" y="{y(0) - 3}">{escape(labels["walk_away"])}</text>',
        *(
            f'<text class="small end" x="{PAD - 4}" y="{y(value) + 4}">{level(value)}</text>'
            for value in dict.fromkeys((high, low))
        ),
        _path("dashed", ((x(at), y(one["aspiration"])) for at, one in enumerate(found))),
        _path("drawn", ((x(at), y(one["surplus"])) for at, one in enumerate(found))),
    ]
    for at, one in enumerate(found):
        kind = "never" if one["crosses_never"] else "dot"
        parts.append(_mark(kind, x(at), y(one["surplus"])))
    first, last = found[0]["month"], found[-1]["month"]
    parts.append(f'<text class="small" x="{PAD}" y="{HEIGHT - 6}">{escape(labels["month"])} {first}</text>')
    if last != first:
        parts.append(f'<text class="small end" x="{WIDTH - 6}" y="{HEIGHT - 6}">{last}</text>')
    return styled_svg(WIDTH, HEIGHT, title, text, parts)


def grid(rows: Sequence[tuple[str, Sequence[str]]], months: Sequence[int], title: str, text: str) -> Markup:
    """Who answered what, and when: a row an actor, a column a month.

    Parameters
    ----------
    rows : an actor's short name, and its verdict of each month
    """
    left = 12 + 7 * max(len(name) for name, _ in rows)
    width, height = max(WIDTH // 2, left + CELL * len(months) + 4), CELL * (len(rows) + 1)
    parts = [
        f'<text class="small middle" x="{left + CELL * at + CELL // 2}" y="14">{m}</text>'
        for at, m in enumerate(months)
    ]
    for row, (name, verdicts) in enumerate(rows, 1):
        parts.append(f'<text class="end" x="{left - 6}" y="{CELL * row + 15}">{escape(name)}</text>')
        for at, verdict in enumerate(verdicts):
            x, y = left + CELL * at, CELL * row
            look = VERDICTS[verdict]
            parts.append(f'<rect class="{verdict}" x="{x + 1}" y="{y + 1}" width="{CELL - 2}" height="{CELL - 2}"/>')
            parts.append(f'<text class="on-{verdict} middle" x="{x + CELL // 2}" y="{y + 15}">{look.mark}</text>')
    return styled_svg(width, height, title, text, parts)


def plane(found: Plain, names: Sequence[str], title: str, text: str) -> Markup:
    """Every text by what two actors have of it, the frontier between them, and the deals of the tables."""
    everything = [one["at"] for one in (*found["points"], *found["deals"])] + [[0.0, 0.0]]
    (left, right), (bottom, top) = (_range(one[axis] for one in everything) for axis in (0, 1))
    inner = PLANE - PAD - 12

    def place(at: Sequence[float]) -> tuple[float, float]:
        across, up = (at[0] - left) / (right - left), (at[1] - bottom) / (top - bottom)
        return round(PAD + inner * across, 1), round(12 + inner * (1 - up), 1)

    zero_x, zero_y = place((0.0, 0.0))
    parts = [
        f'<line class="axis" x1="{PAD}" y1="{zero_y}" x2="{PLANE - 12}" y2="{zero_y}"/>',
        f'<line class="axis" x1="{zero_x}" y1="12" x2="{zero_x}" y2="{PLANE - PAD + 12}"/>',
    ]
    for one in found["points"]:
        kind = "agreed" if one["agreed"] else "crossed" if one["never"] else "open"
        x, y = place(one["at"])
        parts.append(f'<circle class="point {kind}" cx="{x}" cy="{y}" r="{3 if one["agreed"] else 2}"/>')
    parts.append(_path("drawn", map(place, found["frontier"])))
    for (x, y), (label, signed) in _deals((place(one["at"]), one["signed"]) for one in found["deals"]).items():
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
    """A distribution over 0 to 1, and where some values lie on it."""
    most, width = max([*counts, 1]), (WIDTH - 20) / len(counts)
    base = HEIGHT - 24
    parts = [f'<line class="axis" x1="10" y1="{base}" x2="{WIDTH - 10}" y2="{base}"/>']
    for at, count in enumerate(counts):
        high = round((base - 34) * count / most, 1)
        x = round(10 + width * at, 1)
        parts.append(f'<rect class="bar" x="{x}" y="{base - high}" width="{round(width - 1, 1)}" height="{high}"/>')
    for label, value in marks:
        x = round(10 + (WIDTH - 20) * value, 1)
        parts.append(f'<line class="marked" x1="{x}" y1="20" x2="{x}" y2="{base}"/>')
        parts.append(f'<text class="small middle" x="{x}" y="14">{escape(label)}</text>')
    parts += [
        f'<text class="small" x="10" y="{HEIGHT - 8}">0%</text>',
        f'<text class="small end" x="{WIDTH - 10}" y="{HEIGHT - 8}">100%</text>',
    ]
    return styled_svg(WIDTH, HEIGHT, title, text, parts)


def _deals(deals: Iterable[tuple[tuple[float, float], bool]]) -> dict[tuple[float, float], tuple[str, bool]]:
    """The numbers of the deals by place, those in one place together; such a place is signed if any of them is."""
    found: dict[tuple[float, float], tuple[str, bool]] = {}
    for number, (place, signed) in enumerate(deals, 1):
        label, other = found.get(place, ("", False))
        found[place] = (f"{label},{number}" if label else str(number), signed or other)
    return found


def _range(values: Iterable[float]) -> tuple[float, float]:
    """From the least to the most, never the same."""
    known = list(values)
    low, high = min(known), max(known)
    return (low, high) if high > low else (low - 1, high + 1)


def _mark(kind: str, x: float, y: float) -> str:
    """A dot; a square where a line is crossed that is never sold."""
    if kind == "never":
        return f'<rect class="never" x="{x - 4}" y="{y - 4}" width="8" height="8"/>'
    return f'<circle class="dot" cx="{x}" cy="{y}" r="3"/>'


def _path(kind: str, points: Iterable[tuple[float, float]]) -> str:
    drawn = " ".join(f"{x},{y}" for x, y in points)
    return f'<polyline class="{kind}" points="{drawn}"/>'
