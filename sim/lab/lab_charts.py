"""Pictures as SVG that stand by themselves: attributes alone, no style sheet, so that a saved one looks the same.

Every picture has a title and a description, and its numbers stand in a table beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from sim.report.charts import palette
from sim.report.charts.svg import line, short, svg, text

WIDTH = 770
CELL, ROW, LABEL = 92, 30, 420


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
        text(LABEL + CELL * (at + 0.5), 22, name, anchor="middle", weight="bold") for at, name in enumerate(columns)
    ]
    for row, (title, cells) in enumerate(rows, 1):
        top = ROW * row
        parts.append(text(10, top + 20, short(title, LABEL - 20)))
        for at, (shade, said) in enumerate(cells):
            left = LABEL + CELL * at
            fill = palette.FILLS[shade]
            parts.append(
                f'<rect x="{left + 1}" y="{top + 1}" width="{CELL - 2}" height="{ROW - 2}" fill="{fill}" '
                f'stroke="{palette.LINE}" stroke-width="0.5"/>'
            )
            parts.append(text(left + CELL / 2, top + 20, said, anchor="middle", fill=palette.ink(shade)))
    parts.append(text(10, height - 12, words["text"], size=13, fill=palette.SOFT))
    return svg(width, height, words["title"], words["text"], parts)


@dataclass(frozen=True)
class WaterfallBar:
    """One step of a waterfall, from one height to another; both None for what nothing buys off."""

    says: str
    points: str
    start: float | None
    end: float | None
    total: bool = False


def ends(bars: Sequence[WaterfallBar]) -> tuple[float, float]:
    """From where to where the bars of a waterfall reach, nought included, never the same."""
    known = [0.0, *(value for one in bars for value in (one.start, one.end) if value is not None)]
    return min(known) - 1, max(known) + 1


def bar(one: WaterfallBar, reach: tuple[float, float]) -> Markup:
    """One step as a picture in the line of a table, which says it in words."""
    return Markup(
        '<svg class="step" viewBox="0 0 300 20" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        f"{_step(one, reach, 0, 300, 0, 20)}</svg>"
    )


def waterfall(bars: Sequence[WaterfallBar], words: Mapping[str, str]) -> Markup:
    """How an actor's reasons add up to its surplus.

    Parameters
    ----------
    words : ``title``, ``text``
    """
    reach, label, height = ends(bars), 430, ROW * len(bars) + 50
    parts = [text(10, 22, words["title"], weight="bold")]
    for row, one in enumerate(bars, 1):
        top = ROW * row
        weight = "bold" if one.total else "normal"
        parts.append(text(10, top + 20, short(one.says, label - 80), weight=weight))
        parts.append(text(label - 8, top + 20, one.points, anchor="end", weight=weight))
        parts.append(_step(one, reach, label, 330, top + 4, ROW - 8))
    parts.append(text(10, height - 8, words["text"], size=13, fill=palette.SOFT))
    return svg(WIDTH, height, words["title"], words["text"], parts)


def blank(says: str) -> Markup:
    """A picture of nothing, which says why."""
    return svg(WIDTH, 2 * ROW, says, "", [text(10, ROW, says)])


def _step(one: WaterfallBar, reach: tuple[float, float], left: float, width: float, top: float, height: float) -> str:
    low, high = reach

    def x(value: float) -> float:
        return round(left + width * (value - low) / (high - low), 1)

    middle = top + height / 2
    zero = line(x(0), top - 4, x(0), top + height + 4, palette.INK, 1)
    if one.start is None or one.end is None:
        fill = palette.FILLS[palette.NEVER]
        arrow = f"M{x(0)} {top}H{left + 14}L{left + 2} {middle}L{left + 14} {top + height}H{x(0)}Z"
        return f'<path d="{arrow}" fill="{fill}"/>{zero}'
    first, last = sorted((x(one.start), x(one.end)))
    rising = one.end >= (0 if one.total else one.start)
    fill = (
        (palette.FILLS["4"] if rising else palette.FILLS["-4"]) if one.total else palette.FILLS["3" if rising else "-3"]
    )
    return f'<rect x="{first}" y="{top}" width="{max(last - first, 1):.1f}" height="{height}" fill="{fill}"/>{zero}'
