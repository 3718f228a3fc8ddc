"""In which worlds an outcome comes about, on the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sim.report import wording
from sim.report.terminal.layout import INDENT, PathText, heading, indented, table, title
from sim.report.wording import Plain

STEPS = 8
"""About so many boxes of a trajectory are shown; JSON has all."""


def discover(found: Plain) -> RenderableType:
    """How often it comes about, then each box in which it does so more often."""
    setup = wording.setup({**found, "nominal": False})
    return Group(title(found, setup), *_parts(found), Text(f"\n{wording.NOT_A_FORECAST}", style="dim"))


def _parts(found: Plain) -> Iterator[RenderableType]:
    yield heading(f"In which worlds {found['says']}")
    if found["hits"] in (0, found["worlds"]):
        never = "none" if found["hits"] == 0 else "every one"
        yield indented(
            Text(f"In {never} of {wording.count(found['worlds'], 'world')}, so there is nothing to explain.", "bold")
        )
        yield indented("Use --of to choose an outcome that varies: accepts.ACTOR or blocked_by.ACTOR.")
        return
    yield indented(f"In {wording.per_cent(found['share'])} of all worlds ({found['hits']:,} of {found['worlds']:,}).")
    if not found["boxes"]:
        yield indented("No box of numbers contains more of them than chance would.")
    if found["share"] > 1 / 2 and not found["not"]:
        yield indented("That is most worlds; use --not to look at the others.")
    for number, box in enumerate(found["boxes"], 1):
        yield heading(f"Box {number}" + (", among the worlds outside the boxes above" if number > 1 else ""))
        yield from _box(box, found)
    if found["boxes"]:
        yield heading("Steps on the way to the first box")
        yield Padding(_trajectory(found["boxes"][0]), INDENT)
        yield from map(indented, _reading(found))


def _box(box: Plain, found: Plain) -> Iterator[RenderableType]:
    yield indented(
        Text(
            f"{found['says'][0].upper()}{found['says'][1:]} in {wording.per_cent(box['density'])} of the worlds "
            f"in which {wording.series(_within(one) for one in box['limits'])}.",
            style="bold",
        )
    )
    yield indented(
        f"They make up {wording.per_cent(box['mass'])} of all worlds and contain "
        f"{wording.per_cent(box['coverage'])} of those in which {found['says']}."
    )
    yield Padding(_limits(box, found), (1, 0, 0, 2))


def _limits(box: Plain, found: Plain) -> Table:
    """One row a restriction: what it says, what it rests on, and whether it may be chance."""
    made = table("Bound", "Range", "Basis", "By chance")
    made.columns[3].justify = "right"
    for one in box["limits"]:
        low, high = map(_plain, one["range"])
        says = "" if one["says"] in found["actors"].values() else f"{one['says']}\n"
        said = PathText.assemble(_within(one), (f"\n{says}{one['path']}", "dim"))
        made.add_row(said, f"{low} to {high}", wording.uncertain_basis(one), _chance(one["quasi_p"]))
    return made


def _trajectory(box: Plain) -> Table:
    """Some boxes on the way, from all worlds to the smallest."""
    made = table("Step", "Bounds", "Coverage", "Density", "Mass")
    for column in made.columns:
        column.justify = "right"
    steps = box["trajectory"]
    chosen = {*range(0, len(steps), max(1, len(steps) // STEPS)), box["step"], len(steps) - 1}
    for one in steps:
        if one["step"] in chosen:
            shares = (wording.per_cent(one[share]) for share in ("coverage", "density", "mass"))
            taken = "*" if one["step"] == box["step"] else ""
            made.add_row(f"{taken}{one['step']}", f"{len(one['limits'])}", *shares)
    made.caption = "* chosen as the first box, without bounds that may be due to chance"
    made.caption_justify = "left"
    return made


def _reading(found: Plain) -> Iterator[str]:
    yield ""
    yield (
        "Density: the share of the worlds in the box that have this outcome. Coverage: the share of all worlds with "
        f"this outcome that are in the box. No box has less than {wording.per_cent(found['mass'])} of the worlds. By "
        "chance: how likely so many would be in the box if that bound added nothing; bounds above "
        f"{found['chance']:g} were dropped."
    )


def _within(one: Plain) -> str:
    if one["values"] is not None:
        return f"{one['what']} is {wording.series(map(_plain, one['values'])).replace(' and ', ' or ')}"
    if one["low"] is None:
        return f"{one['what']} is at most {_plain(one['high'])}"
    return f"{one['what']} is at least {_plain(one['low'])}"


def _plain(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:,.4g}"


def _chance(quasi_p: float) -> str:
    return "<0.001" if quasi_p < 1 / 1000 else f"{quasi_p:.3f}"
