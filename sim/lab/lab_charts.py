"""Charts of the lab as SVG with attributes instead of a style sheet, so that a saved chart looks the same.

Every chart has a title and a description, and the page shows its numbers in a table beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from sim.report.charts import palette
from sim.report.charts.svg import line, short, svg, text

WIDTH = 770
CELL, ROW, LABEL = 92, 30, 420
"""Width of a chart, width of a cell, height of a row, and width of the labels, in SVG units."""


def heat(
    rows: Sequence[tuple[str, Sequence[tuple[str, str]]]], columns: Sequence[str], words: Mapping[str, str]
) -> Markup:
    """Return the heat map of proposals (rows) by actors (columns).

    Parameters
    ----------
    rows : title of each proposal, and shade and text of each of its cells
    columns : short names of actors
    words : ``title``, ``text``
    """
    width, height = LABEL + CELL * len(columns) + 8, ROW * (len(rows) + 1) + 40
    parts = [
        text(LABEL + CELL * (column + 0.5), 22, name, anchor="middle", weight="bold")
        for column, name in enumerate(columns)
    ]
    for row, (title, cells) in enumerate(rows, 1):
        top = ROW * row
        parts.append(text(10, top + 20, short(title, LABEL - 20)))
        for column, (shade, words_) in enumerate(cells):
            left = LABEL + CELL * column
            fill = palette.FILLS[shade]
            parts.append(
                f'<rect x="{left + 1}" y="{top + 1}" width="{CELL - 2}" height="{ROW - 2}" fill="{fill}" '
                f'stroke="{palette.LINE}" stroke-width="0.5"/>'
            )
            parts.append(text(left + CELL / 2, top + 20, words_, anchor="middle", fill=palette.ink(shade)))
    parts.append(text(10, height - 12, words["text"], size=13, fill=palette.SOFT))
    return svg(width, height, words["title"], words["text"], parts)


@dataclass(frozen=True)
class WaterfallBar:
    """One bar of a waterfall from `start` to `end`, points; both are None for a red line that has no price."""

    says: str
    points: str
    start: float | None
    end: float | None
    total: bool = False


def reach_of(bars: Sequence[WaterfallBar]) -> tuple[float, float]:
    """Return the lowest and the highest value of a waterfall, zero included, with a margin of one point."""
    known = [0.0, *(value for bar in bars for value in (bar.start, bar.end) if value is not None)]
    return min(known) - 1, max(known) + 1


def bar(step: WaterfallBar, reach: tuple[float, float]) -> Markup:
    """Return one bar as a small chart for a row of a table, which has the same content in words."""
    return Markup(
        '<svg class="step" viewBox="0 0 300 20" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        f"{_bar(step, reach, 0, 300, 0, 20)}</svg>"
    )


def waterfall(bars: Sequence[WaterfallBar], words: Mapping[str, str]) -> Markup:
    """Return the chart of how an actor's reasons add up to its surplus.

    Parameters
    ----------
    words : ``title``, ``text``
    """
    reach, label, height = reach_of(bars), 430, ROW * len(bars) + 50
    parts = [text(10, 22, words["title"], weight="bold")]
    for row, step in enumerate(bars, 1):
        top = ROW * row
        weight = "bold" if step.total else "normal"
        parts.append(text(10, top + 20, short(step.says, label - 80), weight=weight))
        parts.append(text(label - 8, top + 20, step.points, anchor="end", weight=weight))
        parts.append(_bar(step, reach, label, 330, top + 4, ROW - 8))
    parts.append(text(10, height - 8, words["text"], size=13, fill=palette.SOFT))
    return svg(WIDTH, height, words["title"], words["text"], parts)


def blank(reason: str) -> Markup:
    """Return an empty chart with the reason why it is empty."""
    return svg(WIDTH, 2 * ROW, reason, "", [text(10, ROW, reason)])


def _bar(step: WaterfallBar, reach: tuple[float, float], left: float, width: float, top: float, height: float) -> str:
    low, high = reach

    def x(value: float) -> float:
        return round(left + width * (value - low) / (high - low), 1)

    middle = top + height / 2
    zero = line(x(0), top - 4, x(0), top + height + 4, palette.INK, 1)
    if step.start is None or step.end is None:
        fill = palette.FILLS[palette.NEVER]
        arrow = f"M{x(0)} {top}H{left + 14}L{left + 2} {middle}L{left + 14} {top + height}H{x(0)}Z"
        return f'<path d="{arrow}" fill="{fill}"/>{zero}'
    first, last = sorted((x(step.start), x(step.end)))
    rising = step.end >= (0 if step.total else step.start)
    fill = palette.FILLS[("" if rising else "-") + ("4" if step.total else "3")]
    return f'<rect x="{first}" y="{top}" width="{max(last - first, 1):.1f}" height="{height}" fill="{fill}"/>{zero}'
