"""Figures of what could be agreed at all: the frontier between two actors, and what deters against who accepts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.ticker import PercentFormatter

from sim.report.charts.figure_style import COST, GAIN, INK, NO, SOFT, in_house_style, new_figure, wrapped
from sim.report.wording import Plain

SHAPES = (("o", GAIN), ("s", COST), ("^", "#7b5aa6"), ("D", "#1b7f5c"))
"""Shape and colour of each actor of a figure."""
PACKAGE: dict[str, Any] = {"marker": "o", "markersize": 5, "color": GAIN, "linestyle": "none"}
NEVER_SOLD: dict[str, Any] = {**PACKAGE, "marker": "s", "color": NO, "markerfacecolor": "white"}
LINES = (
    ("frontier", INK, "-", "the most for one, given what the other has"),
    ("agreed_frontier", GAIN, "--", "the same, among packages that would be agreed"),
)
HALO = [withStroke(linewidth=2.5, foreground="white")]
"""Keeps a label readable where it crosses a line."""
NEAR = 0.035
"""Labels that are closer than this fraction of an axis would overlap."""
ROOM = 0.08
"""Margin around what is shown, as a fraction of it."""


@in_house_style
def frontier(plane: Plain, names: Sequence[str], marks: Sequence[tuple[str, Plain]]) -> Figure:
    """Draw the frontier between two actors as a line, the area in which both gain over no deal, and packages.

    The first line holds the frontier, and the second, if anything is agreed, that of the agreed packages.

    Parameters
    ----------
    plane : as the analysis returns it: ``axes``, ``frontier``, ``agreed_frontier``
    names : of the two actors
    marks : label of each package, which may be empty, and its answers by actor; a package that crosses a line that is
        not for sale is hollow
    """
    figure = new_figure(3.6)
    axes = figure.add_subplot()
    for key, colour, dash, label in LINES:
        if plane[key]:
            across, up = zip(*plane[key], strict=True)
            axes.plot(across, up, dash, color=colour, drawstyle="steps-pre", linewidth=1.4, label=label)
    for _, answers in marks:
        never_sold = any(answers[name]["never"] for name in plane["axes"])
        axes.plot(*_place(plane["axes"], answers), **(NEVER_SOLD if never_sold else PACKAGE))
    for kind, label in ((PACKAGE, "a proposal"), (NEVER_SOLD, "one that crosses a line that is never sold")):
        axes.plot([], [], label=label, **kind)
    axes.axhline(0, color=SOFT, linewidth=0.8)
    axes.axvline(0, color=SOFT, linewidth=0.8)
    (left, right), (bottom, top) = _shown_ranges(plane, marks)
    axes.fill_between([0, right], 0, top, color="#e9f1f8", zorder=0, label="both gain over no deal")
    axes.set(xlim=(left, right), ylim=(bottom, top))
    near = (NEAR * (right - left), NEAR * (top - bottom))
    for place, label in _joined_labels(plane["axes"], marks, near).items():
        side, aside = ("left", 4) if place[0] < (left + right) / 2 else ("right", -5)
        axes.annotate(
            label,
            place,
            (aside, 4),
            textcoords="offset points",
            fontsize=7,
            ha=side,
            fontweight="bold",
            path_effects=HALO,
        )
    axes.set_xlabel(f"surplus of {names[0]}, points")
    axes.set_ylabel(f"surplus of {names[1]}, points")
    figure.legend(loc="outside upper left", ncols=2)
    return figure


def _place(axes: Sequence[str], answers: Plain) -> tuple[float, float]:
    x, y = (answers[name]["surplus"] for name in axes)
    return x, y


def _joined_labels(
    axes: Sequence[str], marks: Sequence[tuple[str, Plain]], near: tuple[float, float]
) -> dict[tuple[float, float], str]:
    """Return a dict of place to label, in which packages too close to be read separately share a label."""
    labels: dict[tuple[float, float], str] = {}
    for label, answers in (mark for mark in marks if mark[0]):
        x, y = _place(axes, answers)
        others = (place for place in labels if abs(place[0] - x) < near[0] and abs(place[1] - y) < near[1])
        place = next(others, (x, y))
        labels[place] = f"{labels[place]}, {label}" if place in labels else label
    return labels


def _shown_ranges(plane: Plain, marks: Sequence[tuple[str, Plain]]) -> list[tuple[float, float]]:
    """Return the range of each axis that is shown: all packages, and the frontier where it is not below all of them."""
    places = [[0.0, 0.0], *([answers[name]["surplus"] for name in plane["axes"]] for _, answers in marks)]
    low = [min(place[axis] for place in places) for axis in (0, 1)]
    places += [place for place in plane["frontier"] if place[0] >= low[0] and place[1] >= low[1]]
    high = [max(place[axis] for place in places) for axis in (0, 1)]
    room = [max(5.0, ROOM * (high_end - low_end)) for low_end, high_end in zip(low, high, strict=True)]
    return [(low_end - margin, high_end + margin) for low_end, high_end, margin in zip(low, high, room, strict=True)]


def in_sight(plane: Plain, marks: Sequence[tuple[str, Plain]]) -> list[Sequence[float]]:
    """Return the points of the frontier within the ranges of the axes that `frontier` shows."""
    (left, right), (bottom, top) = _shown_ranges(plane, marks)
    return [point for point in plane["frontier"] if left <= point[0] <= right and bottom <= point[1] <= top]


@in_house_style
def dilemma(rows: Sequence[Plain], measure: str, actors: Plain) -> Figure:
    """Draw the measure of each proposal on the left, and on the right the share of worlds in which each actor accepts.

    The bars of the left axes hold the measure, and line s of the right axes the shares of actor s.

    Parameters
    ----------
    rows : of ``parley.proposals/1``, in the order in which they are drawn
    measure : the measure to show
    actors : id to name of the actors to show
    """
    figure = new_figure(0.9 + 0.24 * len(rows))
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=(1, 2))
    places = range(len(rows))
    left.barh(places, [row["measures"][measure] for row in rows], height=0.55, color="#b8b8b8", edgecolor=INK)
    left.set(xlim=(0, 100), xlabel=f"{measure.replace('_', ' ')}, 0 to 100")
    for (name, label), (shape, colour) in zip(actors.items(), SHAPES, strict=False):
        shares = [row["actors"][name]["accepts_share"] for row in rows]
        right.plot(shares, places, shape, color=colour, markersize=5, label=f"{label} accepts")
    for place, row in zip(places, rows, strict=True):
        shares = [row["actors"][name]["accepts_share"] for name in actors]
        right.hlines(place, min(shares), max(shares), color=SOFT, linewidth=0.8, zorder=1)
    right.set(xlim=(-0.03, 1.03), xlabel="accepts it in this share of worlds")
    right.xaxis.set_major_formatter(PercentFormatter(1, symbol="%"))
    right.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=len(actors))
    left.set_yticks(places, [wrapped(row["title"], 46, 1) for row in rows])
    left.set_ylim(len(rows) - 0.4, -0.6)
    for axes in (left, right):
        axes.grid(axis="x")
        axes.tick_params(axis="y", length=0, labelsize=7.5)
    return figure
