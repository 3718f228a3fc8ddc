"""Shares with their intervals: how worlds end, what differs between scenarios, what an answer hangs on."""

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
"""Letters of a row's label in a line."""


@dataclass(frozen=True)
class Share:
    """A value with its interval, 0 to 1, or -1 to 1 for a difference."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class ShareRow:
    """A row of a panel: its label, its shares, one a series, and what its numbers rest on."""

    label: str
    shares: tuple[Share, ...]
    support: str = ""


SUPPORTS = {
    "": ("o", GAIN),
    "assumed": ("s", COST),
    "worded": ("^", "#7b5aa6"),
    "sourced": ("o", GAIN),
    "luck": ("D", SOFT),
}
"""Shape and colour of what rests on what."""


NARROW = 0.05
"""What an axis of differences reaches to on both sides at least, so that its marks are whole points."""


@in_house_style
def intervals(
    panels: Sequence[tuple[str, Sequence[ShareRow]]],
    axis: str,
    *,
    signed: bool = False,
    key: Sequence[tuple[str, str, bool]] = (),
) -> Figure:
    """Panels one above the other, a row a dot with its interval; of two series, the second is hollow, and below.

    The container of errorbars of series s of a panel holds its values: `axes.containers[s]`.

    Parameters
    ----------
    panels : title and rows of each
    axis : what the horizontal axis says
    signed : whether values are differences, in percentage points
    key : what marks mean: words, a name of `SUPPORTS`, and whether the mark is hollow
    """
    labels = [[wrapped(row.label, LABEL) for row in rows] for _, rows in panels]
    tall = [0.17 * sum(1 + 0.75 * label.count("\n") for label in found) + 0.1 * (len(found) + 1) for found in labels]
    figure = new_figure(0.5 + sum(tall) + 0.28 * sum(bool(title) for title, _ in panels) + 0.2 * -(-len(key) // 3))
    grid = figure.subplots(len(panels), 1, squeeze=False, sharex=True, height_ratios=tall)[:, 0]
    for axes, (title, rows), found in zip(grid, panels, labels, strict=True):
        _panel(axes, rows, found)
        if title:
            axes.set_title(title, fontweight="bold")
        axes.axvline(0, color=INK, linewidth=0.8)
    if signed:
        low, high = grid[0].get_xlim()
        grid[0].set_xlim(min(-NARROW, low), max(NARROW, high))
        grid[-1].xaxis.set_major_locator(MaxNLocator(steps=[1, 2, 5, 10]))
    else:
        ends = [end for _, rows in panels for row in rows for one in row.shares for end in (one.low, one.high)]
        grid[0].set_xlim(min(-0.02, *ends), max(1.02, *ends))
    form = (
        FuncFormatter(lambda value, _: figure_style.signed(100 * value)) if signed else PercentFormatter(1, symbol="%")
    )
    grid[-1].xaxis.set_major_formatter(form)
    grid[-1].set_xlabel(axis)
    if key:
        _key(figure, key)
    return figure


def _key(figure: Figure, entries: Sequence[tuple[str, str, bool]]) -> None:
    """Say what shapes and hollow marks mean."""
    handles = []
    for label, support, hollow in entries:
        shape, colour = SUPPORTS[support]
        fill = "white" if hollow else colour
        handles.append(
            Line2D(
                [], [], marker=shape, color=colour, markerfacecolor=fill, markersize=5, linestyle="none", label=label
            )
        )
    figure.legend(handles=handles, loc="outside upper left", ncols=3, columnspacing=1.2, handletextpad=0.2)


def _panel(axes: Axes, rows: Sequence[ShareRow], labels: Sequence[str]) -> None:
    series = len(rows[0].shares) if rows else 0
    for which in range(series):
        at = [row + (0.16 * (2 * which - 1) if series > 1 else 0) for row in range(len(rows))]
        shares = [row.shares[which] for row in rows]
        values = [one.value for one in shares]
        # Resampling may leave a value outside its interval; a bar has no negative length.
        below = [max(one.value - one.low, 0) for one in shares]
        above = [max(one.high - one.value, 0) for one in shares]
        axes.errorbar(values, at, xerr=(below, above), fmt="none", ecolor=SOFT, elinewidth=1.1, capsize=2.2)
        for value, place, row in zip(values, at, rows, strict=True):
            shape, colour = SUPPORTS.get(row.support, SUPPORTS[""])
            fill = "white" if which else colour
            axes.plot([value], [place], shape, markersize=5, markeredgecolor=colour, markerfacecolor=fill)
    axes.set_yticks(range(len(rows)), labels)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0, labelsize=7.5)
    axes.grid(axis="x")
