"""Figures of who answers what: month by month, proposal by proposal, and rule by rule."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.report.charts.figure_style import (
    COST,
    GAIN,
    INK,
    MINUS,
    NO,
    SOFT,
    VERDICT_FILLS,
    in_house_style,
    new_figure,
    signed,
    summand,
    wrapped,
)
from sim.report.wording import NEVER, VERDICTS, Plain, points

NOT_FOR_SALE = "red line, not for sale"
"""Said instead of the points of a red line that has no price."""
ORDER = tuple(VERDICT_FILLS)
"""Verdicts in the order of their codes in the mesh of `months`."""


@in_house_style
def months(timeline: Sequence[Plain], names: Plain) -> Figure:
    """Draw one row per actor and one column per month, with the colour and mark of the verdict.

    The mesh holds the indices of the verdicts in `ORDER`.

    Parameters
    ----------
    timeline : of a single run
    names : actor to short name, in the order of the rows
    """
    figure = new_figure(0.75 + 0.19 * (len(names) + 1))
    axes = figure.add_subplot()
    verdicts = [[month["reactions"][actor]["verdict"] for month in timeline] for actor in names]
    codes = np.array([[ORDER.index(verdict) for verdict in row] for row in verdicts])
    fills = ListedColormap([*VERDICT_FILLS.values()])
    axes.pcolormesh(codes, cmap=fills, vmin=-0.5, vmax=len(ORDER) - 0.5, edgecolors="white", linewidth=1.5)
    for row, row_verdicts in enumerate(verdicts):
        for column, verdict in enumerate(row_verdicts):
            ink = "white" if verdict == "red_line" else INK
            axes.text(column + 0.5, row + 0.5, VERDICTS[verdict].mark, ha="center", va="center", color=ink, fontsize=8)
    top = len(names)
    for column, month in enumerate(timeline):
        mark = "◆" if month["changed"] else "▼" if month["events"] else ""
        axes.text(column + 0.5, top + 0.5, mark, ha="center", va="center", color=SOFT, fontsize=7)
    _grid(axes, [*names.values(), "text changed"], [str(month["month"]) for month in timeline])
    axes.set_ylim(top + 1, 0)
    axes.set_xlabel("month of the talks")
    _verdict_key(figure)
    return figure


@in_house_style
def waterfall(ledger: Sequence[Plain]) -> Figure:
    """Draw one bar per rule, from the sum before it to the sum after it; the last bar is the surplus.

    Gains are plain, costs are hatched; a red line that is not for sale is a bar of no width with a square.
    """
    labels = [wrapped(entry["says"], 62, 1) for entry in ledger]
    figure = new_figure(0.5 + 0.21 * (len(ledger) + 1))
    axes = figure.add_subplot()
    axes.use_sticky_edges = False
    total = 0.0
    for row, entry in enumerate(ledger):
        size = summand(entry["points"])
        hatch, fill = ("", GAIN) if size >= 0 else ("////", COST)
        axes.barh(row, size, left=total, height=0.62, color=fill, hatch=hatch, edgecolor=INK)
        right = max(total, total + size)
        if entry["points"] == NEVER:
            axes.plot([total], [row], marker="s", color=NO, markersize=6, linestyle="none")
        axes.annotate(
            NOT_FOR_SALE if entry["points"] == NEVER else points(entry["points"]).replace("-", MINUS),
            (right, row),
            (5, 0),
            textcoords="offset points",
            va="center",
            fontsize=7.5,
        )
        axes.plot([total + size] * 2, [row - 0.31, row + 1.31], color=SOFT, linewidth=0.6)
        total += size
    axes.barh(len(ledger), total, height=0.62, color="white", edgecolor=INK, linewidth=1.4)
    axes.annotate(
        points(total).replace("-", MINUS),
        (max(total, 0), len(ledger)),
        (5, 0),
        textcoords="offset points",
        va="center",
        fontweight="bold",
    )
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.set_yticks(range(len(ledger) + 1), [*labels, "Surplus"])
    axes.set_ylim(len(ledger) + 0.6, -0.6)
    axes.margins(x=0.08)
    axes.grid(axis="x")
    axes.tick_params(axis="y", length=0, labelsize=7)
    axes.set_xlabel("points; below zero, no deal is worth more")
    return figure


@in_house_style
def proposals(rows: Sequence[Plain], names: Plain, own: Sequence[str]) -> Figure:
    """Draw one row per proposal and one column per actor: the verdict by colour and mark, and the surplus.

    The mesh holds the indices of the verdicts in `ORDER`. What a text would be worth without a red line that is not for
    sale is in brackets.

    Parameters
    ----------
    rows : of ``parley.proposals/1``
    own : ids of the scenarios that the report is about; their rows are bold, with a triangle
    """
    figure = new_figure(0.6 + 0.22 * len(rows))
    axes = figure.add_subplot()
    codes = np.array([[ORDER.index(row["actors"][actor]["verdict"]) for actor in names] for row in rows])
    fills = ListedColormap([*VERDICT_FILLS.values()])
    axes.pcolormesh(codes, cmap=fills, vmin=-0.5, vmax=len(ORDER) - 0.5, edgecolors="white", linewidth=1.5)
    for row_index, proposal in enumerate(rows):
        for column, actor in enumerate(names):
            answer = proposal["actors"][actor]
            ink = "white" if answer["verdict"] == "red_line" else INK
            surplus = f"({signed(answer['surplus'])})" if answer["never"] else signed(answer["surplus"])
            text = f"{VERDICTS[answer['verdict']].mark} {surplus}"
            axes.text(column + 0.5, row_index + 0.5, text, ha="center", va="center", fontsize=7, color=ink)
    labels = [("▸ " if row["scenario"] in own else "") + wrapped(row["title"], 50, 1) for row in rows]
    _grid(axes, labels, list(names.values()))
    for label, row in zip(axes.get_yticklabels(), rows, strict=True):
        label.set_fontweight("bold" if row["scenario"] in own else "normal")
        label.set_fontsize(7.5)
    axes.xaxis.tick_top()
    axes.set_ylim(len(rows), 0)
    _verdict_key(figure)
    return figure


def _verdict_key(figure: Figure) -> None:
    """Add what the colours and marks of verdicts mean."""
    looks = [
        Patch(facecolor=fill, label=f"{VERDICTS[name].mark} {VERDICTS[name].words}")
        for name, fill in VERDICT_FILLS.items()
    ]
    figure.legend(handles=looks, loc="outside upper left", ncols=len(ORDER), handlelength=1.2, columnspacing=1.2)


def _grid(axes: Axes, rows: Sequence[str], columns: Sequence[str]) -> None:
    axes.set_yticks(np.arange(len(rows)) + 0.5, rows)
    axes.set_xticks(np.arange(len(columns)) + 0.5, columns)
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
