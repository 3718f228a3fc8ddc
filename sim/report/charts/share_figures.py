"""Figures of shares with intervals: how worlds end, how scenarios differ, and on what an answer depends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator, PercentFormatter

from sim.report.charts import figure_style
from sim.report.charts.figure_style import COST, GAIN, INK, SOFT, in_house_style, new_figure, wrapped

LABEL = 46
"""Maximum number of letters per line of a row's label."""


@dataclass(frozen=True)
class Share:
    """A value with its interval: 0 to 1, or -1 to 1 for a difference."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class ShareRow:
    """A row of a panel: its label, its shares, one per series, their basis, and what is written beside the first."""

    label: str
    shares: tuple[Share, ...]
    support: str = ""
    said: str = ""


SUPPORTS = {
    "": ("o", GAIN),
    "assumed": ("s", COST),
    "worded": ("^", "#7b5aa6"),
    "sourced": ("o", GAIN),
    "luck": ("D", SOFT),
}
"""Shape and colour of a row by the basis of its numbers."""
NARROW = 0.05
"""Minimum reach of an axis of differences on both sides, so that its tick marks are whole points."""


@in_house_style
def intervals(
    panels: Sequence[tuple[str, Sequence[ShareRow]]],
    axis: str,
    *,
    signed: bool = False,
    key: Sequence[tuple[str, str, bool]] = (),
) -> Figure:
    """Draw panels below each other, in each row a dot with its interval; a second series is hollow, and lower.

    The values of series s of a panel are in its container of error bars, `axes.containers[s]`.

    Parameters
    ----------
    panels : title and rows of each panel
    axis : label of the horizontal axis
    signed : whether values are differences, in percentage points
    key : the meaning of marks: words, a name in `SUPPORTS`, and whether the mark is hollow
    """
    labels = [[wrapped(row.label, LABEL) for row in rows] for _, rows in panels]
    heights = [0.17 * sum(1 + 0.75 * label.count("\n") for label in panel) + 0.1 * (len(panel) + 1) for panel in labels]
    figure = new_figure(0.5 + sum(heights) + 0.28 * sum(bool(title) for title, _ in panels) + 0.2 * -(-len(key) // 3))
    grid = figure.subplots(len(panels), 1, squeeze=False, sharex=True, height_ratios=heights)[:, 0]
    for axes, (title, rows), panel_labels in zip(grid, panels, labels, strict=True):
        _panel(axes, rows, panel_labels)
        if title:
            axes.set_title(title, fontweight="bold")
        axes.axvline(0, color=INK, linewidth=0.8)
    if signed:
        low, high = grid[0].get_xlim()
        grid[0].set_xlim(min(-NARROW, low), max(NARROW, high))
        grid[-1].xaxis.set_major_locator(MaxNLocator(steps=[1, 2, 5, 10]))
    else:
        shares = [share for _, rows in panels for row in rows for share in row.shares]
        bounds = [bound for share in shares for bound in (share.low, share.high)]
        grid[0].set_xlim(min(-0.02, *bounds), max(1.02, *bounds))
    points = FuncFormatter(lambda value, _: figure_style.signed(100 * value))
    grid[-1].xaxis.set_major_formatter(points if signed else PercentFormatter(1, symbol="%"))
    grid[-1].set_xlabel(axis)
    if key:
        _key(figure, key)
    return figure


def _key(figure: Figure, entries: Sequence[tuple[str, str, bool]]) -> None:
    """Add a legend of what shapes and hollow marks mean."""
    handles = []
    for label, support, hollow in entries:
        shape, colour = SUPPORTS[support]
        handles.append(Line2D([], [], marker=shape, color=colour, markersize=5, linestyle="none", label=label))
        handles[-1].set_markerfacecolor("white" if hollow else colour)
    figure.legend(handles=handles, loc="outside upper left", ncols=3, columnspacing=1.2, handletextpad=0.2)


def _panel(axes: Axes, rows: Sequence[ShareRow], labels: Sequence[str]) -> None:
    series = len(rows[0].shares) if rows else 0
    for index in range(series):
        positions = [row + (0.16 * (2 * index - 1) if series > 1 else 0) for row in range(len(rows))]
        shares = [row.shares[index] for row in rows]
        values = [share.value for share in shares]
        # Resampling may leave a value outside its interval; a bar has no negative length.
        below = [max(share.value - share.low, 0) for share in shares]
        above = [max(share.high - share.value, 0) for share in shares]
        axes.errorbar(values, positions, xerr=(below, above), fmt="none", ecolor=SOFT, elinewidth=1.1, capsize=2.2)
        for value, option_index, row in zip(values, positions, rows, strict=True):
            shape, colour = SUPPORTS.get(row.support, SUPPORTS[""])
            fill = "white" if index else colour
            axes.plot([value], [option_index], shape, markersize=5, markeredgecolor=colour, markerfacecolor=fill)
    for place, row in enumerate(rows):
        right = max(row.shares[0].high, row.shares[0].value)
        axes.annotate(row.said, (right, place), (6, 0), textcoords="offset points", va="center", fontsize=7.5)
    axes.set_yticks(range(len(rows)), labels)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0, labelsize=7.5)
    axes.grid(axis="x")
