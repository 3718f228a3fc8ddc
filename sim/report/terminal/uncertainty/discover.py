"""In which worlds an outcome is frequent, on the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from sim.report import judged_wording, wording
from sim.report.terminal.layout import heading, indented, no_variance, page, paths, table, title
from sim.report.wording import Plain

STEPS = 8
"""About how many steps of a trajectory are shown; JSON has all."""


def discover(result: Plain) -> RenderableType:
    """Return the page: how often the outcome occurs, then each box in which it occurs more often."""
    return page(title(result, wording.setup({**result, "nominal": False})), *_parts(result))


def _parts(result: Plain) -> Iterator[RenderableType]:
    yield heading(f"In which worlds {result['says']}")
    yield indented(Text(judged_wording.judged(result["judged"]), style="dim"))
    if not result["varies"]:
        which = "none" if result["hits"] == 0 else "every one"
        worlds = wording.count(result["worlds"], "world")
        yield from no_variance(result, f"In {which} of {worlds}, so there is nothing to explain.")
        return
    hits, worlds = f"{result['hits']:,}", f"{result['worlds']:,}"
    yield indented(f"In {wording.per_cent(result['share'])} of all worlds ({hits} of {worlds}).")
    if not result["boxes"]:
        yield indented("No box of numbers contains more of them than chance would.")
    if result["share"] > 1 / 2 and not result["not"]:
        yield indented("That is most worlds; use --not to look at the others.")
    for number, box in enumerate(result["boxes"], 1):
        yield heading(f"Box {number}" + (", among the worlds outside the boxes above" if number > 1 else ""))
        yield from _box(box, result)
    if result["boxes"]:
        yield heading("Steps on the way to the first box")
        yield indented(_trajectory(result["boxes"][0]))
        yield from map(indented, _how_to_read(result))


def _box(box: Plain, result: Plain) -> Iterator[RenderableType]:
    yield indented(
        Text(
            f"{result['says'][0].upper()}{result['says'][1:]} in {wording.per_cent(box['density'])} of the worlds "
            f"in which {wording.series(_within(limit) for limit in box['limits'])}.",
            style="bold",
        )
    )
    yield indented(
        f"They make up {wording.per_cent(box['mass'])} of all worlds and contain "
        f"{wording.per_cent(box['coverage'])} of those in which {result['says']}."
    )
    yield indented(_limits(box, result), above=1)
    yield from paths(limit["path"] for limit in box["limits"])


def _limits(box: Plain, result: Plain) -> Table:
    """List one bound per row: its range, its basis, and whether it may be due to chance."""
    rows = table("Bound", "Range", "Basis", "By chance", right=[3])
    for limit in box["limits"]:
        low, high = map(_number, limit["range"])
        says = "" if limit["says"] in result["actors"].values() else f"\n{limit['says']}"
        text = Text.assemble(_within(limit), (says, "dim"), overflow="fold")
        rows.add_row(text, f"{low} to {high}", wording.uncertain_basis(limit), _chance(limit["quasi_p"]))
    return rows


def _trajectory(box: Plain) -> Table:
    """List some of the boxes from all worlds to the smallest box."""
    caption = (
        "* the first box is this step without the bounds that may be due to chance; its own shares are in the row below"
    )
    rows = table("Step", "Bounds", "Coverage", "Density", "Mass", right=range(5), caption=caption)
    steps = box["trajectory"]
    chosen = {*range(0, len(steps), max(1, len(steps) // STEPS)), box["step"], len(steps) - 1}
    for step in steps:
        if step["step"] in chosen:
            shares = (wording.per_cent(step[key]) for key in ("coverage", "density", "mass"))
            mark = "*" if step["step"] == box["step"] else ""
            rows.add_row(f"{mark}{step['step']}", f"{len(step['limits'])}", *shares)
        if step["step"] == box["step"]:
            shares = (wording.per_cent(box[key]) for key in ("coverage", "density", "mass"))
            rows.add_row("box 1", f"{len(box['limits'])}", *shares, style="bold")
    return rows


def _how_to_read(result: Plain) -> Iterator[str]:
    yield ""
    yield (
        "Density: the share of the worlds in the box that have this outcome. Coverage: the share of all worlds with "
        f"this outcome that are in the box. No box has less than {wording.per_cent(result['mass'])} of the worlds. By "
        "chance: how likely so many would be in the box if that bound added nothing; bounds above "
        f"{result['chance']:g} were dropped."
    )


def _within(limit: Plain) -> str:
    if limit["values"] is not None:
        return f"{limit['what']} is {wording.series(map(_number, limit['values'])).replace(' and ', ' or ')}"
    if limit["low"] is None:
        return f"{limit['what']} is at most {_number(limit['high'])}"
    return f"{limit['what']} is at least {_number(limit['low'])}"


def _number(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:,.4g}"


def _chance(quasi_p: float) -> str:
    return "<0.001" if quasi_p < 1 / 1000 else f"{quasi_p:.3f}"
