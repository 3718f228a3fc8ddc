"""Charts of the lab as SVG with attributes instead of a style sheet, so that a saved chart looks the same.

Every chart states its finding in its title and has a description, and the page shows its numbers in a table beside it.
The small bars in tables have classes instead, because they are never saved alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from markupsafe import Markup

from sim.report.charts import palette
from sim.report.charts.svg import HEADLINE, fitted, line, svg, text
from sim.report.wording import VERDICTS
from sim.web.templating import number

Place: TypeAlias = Callable[[float], float]
WIDTH = 770
CELL, ROW, LABEL, LINE = 84, 30, 330, 19
"""Width of a cell, height of a row, width of the labels, and height of a line of text, in SVG units."""
KEY = 190
"""Width of an entry in the key of the heat map, SVG units."""


@dataclass(frozen=True)
class HeatCell:
    """An actor's answer to a proposal: its verdict, what the cell says, and whether its consent is needed."""

    verdict: str
    says: str
    needed: bool


def heat(
    rows: Sequence[tuple[str, Sequence[HeatCell]]], columns: Sequence[str], words: Mapping[str, str], now: int
) -> Markup:
    """Return the heat map of proposals (rows) by actors (columns).

    Parameters
    ----------
    rows : title of each proposal, and its cells
    columns : short names of actors
    words : ``title``, ``about``, ``needed``, ``text``
    now : the row of the text on the table, which is marked
    """
    width = LABEL + CELL * len(columns) + 8
    parts, top = head(words, width)
    parts += [
        text(LABEL + CELL * (column + 0.5), top + 18, name, anchor="middle", weight="bold")
        for column, name in enumerate(columns)
    ]
    top += 28
    for row, (title, cells) in enumerate(rows):
        weight = "bold" if row == now else "normal"
        lines = fitted(f"{'▶ ' if row == now else ''}{title}", LABEL - 20)
        height = max(ROW, LINE * len(lines) + 8)
        parts += [text(10, top + 20 + LINE * index, said, weight=weight) for index, said in enumerate(lines)]
        for column, cell in enumerate(cells):
            parts += _heat_cell(cell, LABEL + CELL * column, top, height)
        top += height
    parts += _key(top + 24, words["needed"])
    top += 24 + LINE * 2
    says, bottom = foot(words["text"], top, width)
    return svg(width, bottom, words["title"], words["text"], [*parts, *says])


def _heat_cell(cell: HeatCell, left: float, top: float, height: float) -> list[str]:
    middle, base = left + CELL / 2, top + height / 2 + 5
    parts = [
        f'<rect x="{left + 1}" y="{top + 1}" width="{CELL - 2}" height="{height - 2}" '
        f'fill="{palette.VERDICT_FILLS[cell.verdict]}"/>',
        text(middle, base, cell.says, anchor="middle", fill=palette.ink(cell.verdict)),
    ]
    if cell.needed:
        parts.append(line(middle - 22, base + 5, middle + 22, base + 5, palette.ink(cell.verdict), 1.5))
    return parts


def _key(top: float, needed: str) -> list[str]:
    parts = []
    for index, (verdict, look) in enumerate(VERDICTS.items()):
        left = 10 + KEY * index
        parts.append(
            f'<rect x="{left}" y="{top - 14}" width="20" height="18" fill="{palette.VERDICT_FILLS[verdict]}"/>'
        )
        parts.append(text(left + 10, top, look.mark, anchor="middle", fill=palette.ink(verdict)))
        parts.append(text(left + 26, top, look.words, size=13))
    return [*parts, text(10, top + LINE + 3, needed, size=13, fill=palette.SOFT)]


@dataclass(frozen=True)
class WaterfallBar:
    """One bar of a waterfall from `start` to `end`, points; a red line that is not for sale leaves the sum as it is."""

    says: str
    points: str
    start: float
    end: float
    total: bool = False
    not_for_sale: bool = False


def reach_of(bars: Sequence[WaterfallBar]) -> tuple[float, float]:
    """Return the lowest and the highest value of a waterfall, zero included."""
    known = [0.0, *(value for bar in bars for value in (bar.start, bar.end))]
    return min(known), max(max(known), min(known) + 1)


def bar(step: WaterfallBar, reach: tuple[float, float]) -> Markup:
    """Return one bar as a small chart for a row of a table, which has the same content in words."""
    x = _scale(reach, 12, 276)
    return Markup(
        '<svg class="step" viewBox="0 0 300 20" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        f'{_bar(step, x, 0, 20, _CLASSES)}<path class="axis" d="M{x(0)} 0V20"/></svg>'
    )


def surplus_bar(surplus: float, without_line: bool, most: float) -> Markup:
    """Return an actor's surplus as a small bar to the left or right of zero.

    Parameters
    ----------
    without_line : whether a red line that is not for sale is crossed; the bar is hollow, since it does not count
    most : points at either end
    """
    end = round(60 + 58 * max(-1.0, min(1.0, surplus / most)), 1)
    first, last = sorted((60.0, end))
    look = "hollow" if without_line else "gain" if surplus >= 0 else "cost"
    return Markup(
        '<svg viewBox="0 0 120 20" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        f'<rect class="{look}" x="{first}" y="3" width="{max(last - first, 1):.1f}" height="14"/>'
        '<path class="axis" d="M60 0V20"/></svg>'
    )


def waterfall(bars: Sequence[WaterfallBar], words: Mapping[str, str]) -> Markup:
    """Return the chart of how an actor's reasons add up to its surplus.

    Parameters
    ----------
    words : ``title``, ``about``, ``text``
    """
    reach, label = reach_of(bars), 430
    x = _scale(reach, label + 10, 300)
    parts, top = head(words, WIDTH)
    for end in sorted({reach[0], 0.0, reach[1]}):
        if end == 0 or abs(x(end) - x(0)) > 50:
            parts.append(text(x(end), top + 14, number(round(end), end != 0), anchor="middle", size=13))
    axis = top = top + 20
    for step in bars:
        weight = "bold" if step.total else "normal"
        lines = fitted(step.says, label - 100)
        height = max(ROW, LINE * len(lines) + 8)
        parts += [text(10, top + 20 + LINE * index, said, weight=weight) for index, said in enumerate(lines)]
        parts.append(text(label - 14, top + 20, step.points, anchor="end", weight=weight))
        parts.append(_bar(step, x, top + 4, ROW - 8, _FILLS))
        top += height
    parts.append(line(x(0), axis, x(0), top, palette.INK, 1))
    says, bottom = foot(words["text"], top + 24, WIDTH)
    return svg(WIDTH, bottom, words["title"], words["text"], [*parts, *says])


def blank(reason: str) -> Markup:
    """Return an empty chart with the reason why it is empty."""
    return svg(WIDTH, 2 * ROW, reason, "", [text(10, ROW, reason)])


_FILLS = {"gain": f'fill="{palette.GAIN}"', "cost": f'fill="{palette.COST}"', "no": f'fill="{palette.NO}"'}
_CLASSES = {name: f'class="{name}"' for name in _FILLS}


def _scale(reach: tuple[float, float], left: float, width: float) -> Place:
    low, high = reach
    return lambda value: round(left + width * (value - low) / (high - low), 1)


def _bar(step: WaterfallBar, x: Place, top: float, height: float, paint: Mapping[str, str]) -> str:
    """Return a bar; a red line that is not for sale is a square where the sum stands."""
    if step.not_for_sale:
        return f'<rect {paint["no"]} x="{x(step.end) - height / 2:.1f}" y="{top}" width="{height}" height="{height}"/>'
    first, last = sorted((x(step.start), x(step.end)))
    rising = step.end >= (0 if step.total else step.start)
    size = f'width="{max(last - first, 1):.1f}" height="{height}"'
    return f'<rect {paint["gain" if rising else "cost"]} x="{first}" y="{top}" {size}/>'


def head(words: Mapping[str, str], width: float) -> tuple[list[str], float]:
    """Return the title of a saved chart and what it is about, and the height that they take."""
    titles, about = fitted(words["title"], HEADLINE * width), fitted(words["about"], width - 20)
    parts = [text(10, 24 + (LINE + 2) * index, said, weight="bold", size=17) for index, said in enumerate(titles)]
    down = 24 + (LINE + 2) * len(titles)
    parts += [text(10, down + LINE * index, said, size=13, fill=palette.SOFT) for index, said in enumerate(about)]
    return parts, down + LINE * len(about)


def foot(says: str, top: float, width: float) -> tuple[list[str], float]:
    """Return what a saved chart says below, and the height of the whole chart."""
    lines = fitted(says, width - 20)
    parts = [text(10, top + LINE * index, said, size=13, fill=palette.SOFT) for index, said in enumerate(lines)]
    return parts, top + LINE * len(lines) + 8
