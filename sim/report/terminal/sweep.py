"""Sweeps on the terminal: where the talks are agreed, by each varied number and by two together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sim.report import wording
from sim.report.terminal.layout import INDENT, PathText, bar, cell, heading, indented, table, title
from sim.report.wording import Plain

ROWS = 12
"""A sweep of at most so many points is shown point by point."""
BLOCKERS = 5
HEAD = 20
"""Columns of a varied path and its values, at most; what is wider wraps."""
NONE, ALL, EMPTY = "·", "██", ""
CELL = 2
"""Letters of a cell of the map."""
LEGEND = f"How often it is agreed, in percent: {NONE} never, {ALL} always."


def sweep(found: Plain) -> RenderableType:
    """What was varied, where it is agreed, and what each varied number does."""
    parts: list[RenderableType] = [
        title(found, f"{wording.setup(found)} · {_design(found)}"),
        heading("What is varied"),
    ]
    parts += [Padding(_varied(found), INDENT), heading("How often it is agreed"), *_extremes(found)]
    if found["points"] <= ROWS:
        parts += [heading("Point by point"), Padding(_points(found), INDENT)]
    elif found["map"]:
        parts += _map(found["map"], found["effects"])
    else:
        for effect in found["effects"]:
            parts += [heading(f"By {effect['path']}"), Padding(_effect(effect), INDENT)]
    if found["blockers"]:
        parts += [heading("Who blocks, over all points"), Padding(_blockers(found), INDENT)]
    return Group(*parts, Text(), Text(wording.NOT_A_FORECAST, style="dim"))


def _design(found: Plain) -> str:
    kind = str(found["design"]).replace("_", " ").replace("sobol", "Sobol").replace("latin", "Latin")
    seed = "" if found["design_seed"] is None else f", seed {found['design_seed']}"
    return f"{kind} of {wording.count(found['points'], 'point')}{seed}"


def _varied(found: Plain) -> Table:
    made = table("Path", "Values", "In the scenario")
    for one in found["varied"]:
        made.add_row(PathText(one["path"]), _range(one, found), "" if one["written"] is None else str(one["written"]))
    return made


def _range(one: Plain, found: Plain) -> str:
    size = one["values"]
    if one["low"] is None:
        [effect] = [effect for effect in found["effects"] if effect["path"] == one["path"]]
        return ", ".join(_value(bin_["low"]) for bin_ in effect["bins"])
    ends = f"{_value(one['low'])} to {_value(one['high'])}"
    return _value(one["low"]) if size == 1 else f"{ends}, any" if size is None else f"{ends}, {size:,} values"


def _value(value: object) -> str:
    """A value of a varied number as it is typed, but for digits that say nothing on a page."""
    return f"{value:.4g}" if isinstance(value, float) else str(value).lower() if isinstance(value, bool) else str(value)


def _extremes(found: Plain) -> Iterator[RenderableType]:
    yield indented(f"At the average point: {wording.per_cent(found['agreed'])}.")
    if found["most"]["agreed"] == found["least"]["agreed"]:
        yield indented("It is the same at every point.")
        return
    for name in ("most", "least"):
        at = ", ".join(f"{path} = {_value(value)}" for path, value in found[name]["values"].items())
        yield indented(f"{name.capitalize()} often, {wording.per_cent(found[name]['agreed'])}, at {at}.")


def _points(found: Plain) -> Table:
    """One line a point, in the order of the design."""
    paths = [one["path"] for one in found["varied"]]
    results = ("Outcome", "Months", "Blocked by") if found["nominal"] else ("Agreed", "Interval", "Months")
    made = table(*map(PathText, paths), *results)
    for column in made.columns[: len(paths)]:
        column.overflow, column.max_width = "fold", HEAD
    actors = {id_: {"name": name} for id_, name in found["actors"].items()}
    for row in found["rows"]:
        values = [_value(row[path]) for path in paths]
        if found["nominal"]:
            blocks = [name.partition(".")[2] for name, held in row.items() if held is True and _blocks(name)]
            made.add_row(*values, cell(row["outcome"]), str(row["months"]), wording.names(blocks, actors) or "nobody")
        else:
            interval = wording.interval({"low": row["agreed_low"], "high": row["agreed_high"]})
            months = "" if row["months"] is None else f"{row['months']:.0f}"
            made.add_row(*values, wording.per_cent(row["agreed"]), interval, months)
    return made


def _blocks(column: str) -> bool:
    return column.startswith(("blocks.", "stuck."))


def _map(found: Plain, effects: Sequence[Plain]) -> Iterator[RenderableType]:
    """A grid of cells: the first number goes down, the second across."""
    down, across = ([_value(bin_["low"]) for bin_ in effect["bins"]] for effect in effects)
    yield heading("Both together")
    yield indented(f"Rows: {found['down']}. Columns: {found['across']}.")
    made = Table.grid(padding=(0, 1, 0, 0))
    made.add_column(justify="right")
    made.add_column(no_wrap=True)
    for label, row in zip(down, found["agreed"], strict=True):
        made.add_row(label, " ".join(_share(share).rjust(CELL) for share in row))
    first, last = across[0].rjust(CELL), across[-1]
    made.add_row("", f"{first} {last.rjust((CELL + 1) * len(across) - len(first) - len(' ') * CELL)}")
    yield Padding(made, (1, 0, 1, 2))
    yield indented(LEGEND)


def _share(share: float | None) -> str:
    """A share in per cent; one that is not quite none or all is not told as such."""
    if share is None:
        return EMPTY
    if share in (0, 1):
        return ALL if share else NONE
    return str(min(max(round(100 * share), 1), 99))


def _effect(effect: Plain) -> Table:
    made = Table.grid(padding=(0, 2))
    made.add_column(justify="right")
    for one in effect["bins"]:
        if one["points"]:
            ends = _value(one["low"]) if one["low"] == one["high"] else f"{_value(one['low'])} to {_value(one['high'])}"
            made.add_row(ends, bar(one["agreed"]))
    return made


def _blockers(found: Plain) -> Table:
    made = Table.grid(padding=(0, 2))
    actors: dict[str, Any] = {id_: {"name": name} for id_, name in found["actors"].items()}
    for one in found["blockers"][:BLOCKERS]:
        made.add_row(wording.names([one["name"]], actors), bar(one["share"]))
    return made
