"""Figures of the findings: where the agreements lie, who answers what with which surplus, and whose veto matters."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.report.charts.figure_style import (
    INK,
    MINUS,
    SOFT,
    VERDICT_FILLS,
    in_house_style,
    new_figure,
    wrapped,
)
from sim.report.wording import VERDICTS, Plain, per_cent, points

HEIGHT = 0.62
"""Height of a bar, in rows."""
ROW = 0.21
"""Height of a row, in inches."""
SPLIT = 80
"""Letters per line of what worlds are split by."""
ROOM = 1.45
"""Width of the axis, in the longest bar, so that its label has room."""
WITHOUT_LINE = "white"
"""Fill of a surplus that would count only without a red line that is not for sale."""


@dataclass(frozen=True)
class WorldsBar:
    """Some worlds, and how many of them end in agreement."""

    label: str
    worlds: int
    agreed: int


@in_house_style
def agreements(groups: Sequence[tuple[str, str, Sequence[WorldsBar]]]) -> Figure:
    """Draw one bar per set of worlds, of which the agreements are the first part.

    Each group has a title, which may be empty, and words on what its worlds are split by.

    Of the bars of a row, the first holds the worlds and the second the agreements.
    """
    heads = [[*textwrap.wrap(split, SPLIT), *filter(None, [title])] for title, split, _ in groups]
    rows = sum(0.8 * len(head) + len(bars) for head, (_, _, bars) in zip(heads, groups, strict=True))
    figure = new_figure(0.5 + ROW * rows)
    axes = figure.add_subplot()
    labels, row = [], 0.0
    for head, (title, _, bars) in zip(heads, groups, strict=True):
        for line in head:
            axes.text(0, row, line, fontweight="bold" if line == title else "normal", va="center", fontsize=7.5)
            row += 0.8
        for bar in bars:
            axes.barh(row, bar.worlds, HEIGHT, color=VERDICT_FILLS["worse_than_no_deal"], edgecolor=INK)
            axes.barh(row, bar.agreed, HEIGHT, color=VERDICT_FILLS["accept"], edgecolor=INK)
            share = f" ({per_cent(bar.agreed / bar.worlds)})" if bar.worlds else ""
            words = f"✓ {bar.agreed:,} agreed{share}   ✗ {bar.worlds - bar.agreed:,} not"
            _annotate(axes, bar.worlds, row, words)
            labels.append((row, wrapped(bar.label, 30)))
            row += 1.0
    axes.set_yticks([place for place, _ in labels], [label for _, label in labels])
    most = max(bar.worlds for _, _, bars in groups for bar in bars)
    axes.set(xlim=(0, ROOM * most), ylim=(row - 0.4, -0.6), xlabel="worlds")
    _whole_numbers(axes)
    _plain(axes)
    return figure


@in_house_style
def answers(actors: Plain) -> Figure:
    """Draw one row per actor, in the order of the case: a bar of its surplus, with its verdict by colour and mark.

    A surplus that would count only without a red line that is not for sale is dashed and empty.

    Parameters
    ----------
    actors : of verdicts, by id
    """
    surpluses = [actor["surplus"] for actor in actors.values()]
    figure, axes = _by_actor(actors, surpluses, [answer_in_words(actor) for actor in actors.values()])
    bars: Any = axes.patches
    for bar, actor in zip(bars, actors.values(), strict=True):
        bar.set(facecolor=WITHOUT_LINE if actor["never"] else VERDICT_FILLS[actor["verdict"]])
        bar.set_linestyle("--" if actor["never"] else "-")
    low, high = min(0.0, *surpluses), max(10.0, *surpluses)
    axes.set(xlim=(1.08 * low, low + 1.5 * (high - low)))
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.set_xlabel("surplus, in points of each actor's own; left of zero, no deal is worth more")
    return figure


def answer_in_words(actor: Plain) -> str:
    """Return a verdict with its mark and surplus; of a line that is not for sale, what the text is worth without it."""
    surplus = points(actor["surplus"]).replace("-", MINUS)
    if actor["never"]:
        return f"■ red line, not for sale (without it: {surplus})"
    held = [of for of, sent in actor.get("sends", {}).items() if sent["asked"] and not sent["sends"]]
    keeps = f", but sends no {' or '.join(held)}" if held and actor["verdict"] == "accept" else ""
    look = VERDICTS[actor["verdict"]]
    return f"{look.mark} {look.words} ({surplus}){keeps}".replace("_", " ")


@in_house_style
def vetoes(actors: Plain, agreed: int) -> Figure:
    """Draw how many packages would be agreed if each actor's refusal did not count, from what is agreed with all.

    Parameters
    ----------
    actors : of an outcome space, by id
    agreed : the packages that are agreed
    """
    counts = [actor["agreed_without"] for actor in actors.values()]
    more = [f" ({count - agreed:,} more)" if count > agreed else " (no more than now)" for count in counts]
    words = [f"{count:,}{than_now}" for count, than_now in zip(counts, more, strict=True)]
    figure, axes = _by_actor(actors, counts, words)
    axes.set(xlim=(0, ROOM * max(1, *counts)), xlabel="packages that would be agreed if its refusal did not count")
    axes.axvline(agreed, color=SOFT, linewidth=0.8, linestyle=":")
    _whole_numbers(axes)
    return figure


def _by_actor(actors: Plain, widths: Sequence[float], words: Sequence[str]) -> tuple[Figure, Axes]:
    """Draw one labelled bar per actor, in the order of the case."""
    figure = new_figure(0.55 + ROW * len(actors))
    axes = figure.add_subplot()
    for row, (width, label) in enumerate(zip(widths, words, strict=True)):
        axes.barh(row, width, HEIGHT, color=VERDICT_FILLS["worse_than_no_deal"], edgecolor=INK)
        _annotate(axes, max(width, 0), row, label)
    axes.set_yticks(range(len(actors)), [actor["name"] for actor in actors.values()])
    axes.set_ylim(len(actors) - 0.4, -0.6)
    _plain(axes)
    return figure, axes


def _whole_numbers(axes: Axes) -> None:
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))


def _annotate(axes: Axes, x: float, row: float, words: str) -> None:
    axes.annotate(words, (x, row), (5, 0), textcoords="offset points", va="center", fontsize=7.5)


def _plain(axes: Axes) -> None:
    axes.grid(axis="x")
    axes.tick_params(axis="y", length=0, labelsize=7.5)
