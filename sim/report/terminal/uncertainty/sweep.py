"""Sweeps on the terminal: how often the talks are agreed, by each varied number and by two together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table

from sim.report import wording
from sim.report.terminal.layout import bar, cell, grid, heading, indented, page, table, title, typed
from sim.report.wording import Plain

ROWS = 12
"""A sweep with at most this many points is shown point by point."""
BLOCKERS = 5
"""How many blockers are shown; JSON has all."""
HEAD = 20
"""Maximum width, in columns, of a varied path and its values; longer text wraps."""
TAIL = 2
"""Parts that are left of a long path at the head of a column."""
NONE, ALL, EMPTY = "·", "██", ""
CELL = 2
"""Width of a cell of the map, in columns."""
LEGEND = f"How often it is agreed, in percent: {NONE} never, {ALL} always."


def sweep(result: Plain) -> RenderableType:
    """Return the page: what was varied, where the talks are agreed, and the effect of each varied number."""
    parts: list[RenderableType] = [
        title(result, f"{wording.setup(result)} · {_design(result)}"),
        heading("What is varied"),
    ]
    parts += [indented(_varied(result)), heading("How often it is agreed"), *_extremes(result)]
    if result["points"] <= ROWS:
        parts += [heading("Point by point"), indented(_points(result))]
    elif result["map"]:
        parts += _map(result["map"], result["effects"])
    else:
        for effect in result["effects"]:
            parts += [heading(f"By {effect['path']}"), indented(_effect(effect))]
    if result["blockers"]:
        blockers = (
            (wording.blocker(blocker["name"], result["actors"]), bar(blocker["share"]))
            for blocker in result["blockers"][:BLOCKERS]
        )
        parts += [heading("Who blocks, over all points"), indented(grid(blockers))]
    return page(*parts)


def _design(result: Plain) -> str:
    kind = str(result["design"]).replace("_", " ").replace("sobol", "Sobol").replace("latin", "Latin")
    seed = "" if result["design_seed"] is None else f", seed {result['design_seed']}"
    return f"{kind} of {wording.count(result['points'], 'point')}{seed}"


def _varied(result: Plain) -> Table:
    rows = table("Path", "Values", "In the scenario")
    for parameter in result["varied"]:
        written = "" if parameter["written"] is None else str(parameter["written"])
        rows.add_row(typed(parameter["path"]), _range(parameter, result), written)
    return rows


def _range(parameter: Plain, result: Plain) -> str:
    if parameter["low"] is None:
        [effect] = [effect for effect in result["effects"] if effect["path"] == parameter["path"]]
        return ", ".join(_value(bin_["low"]) for bin_ in effect["bins"])
    ends, count = f"{_value(parameter['low'])} to {_value(parameter['high'])}", parameter["values"]
    return _value(parameter["low"]) if count == 1 else f"{ends}, any" if count is None else f"{ends}, {count:,} values"


def _value(value: object) -> str:
    """Return a value as it is typed on the command line, with at most four significant digits."""
    return f"{value:.4g}" if isinstance(value, float) else str(value).lower() if isinstance(value, bool) else str(value)


def _extremes(result: Plain) -> Iterator[RenderableType]:
    yield indented(f"At the average point: {wording.per_cent(result['agreed'])}.")
    if result["most"]["agreed"] == result["least"]["agreed"]:
        yield indented("It is the same at every point.")
        return
    for name in ("most", "least"):
        values = ", ".join(f"{path} = {_value(value)}" for path, value in result[name]["values"].items())
        yield indented(f"{name.capitalize()} often, {wording.per_cent(result[name]['agreed'])}, at {values}.")


def _points(result: Plain) -> Table:
    """List one point per row, in the order of the design."""
    paths = [parameter["path"] for parameter in result["varied"]]
    results = ("Outcome", "Months", "Blocked by") if result["nominal"] else ("Agreed", "Interval", "Months")
    rows = table(*map(_tail, paths), *results)
    for column in rows.columns[: len(paths)]:
        column.overflow, column.max_width = "fold", HEAD
    for point in result["rows"]:
        values = [_value(point[path]) for path in paths]
        if result["nominal"]:
            ids = [column.partition(".")[2] for column, value in point.items() if value is True and _blocks(column)]
            blockers = wording.blockers(ids, result["actors"]) or "nobody"
            rows.add_row(*values, cell(point["outcome"]), str(point["months"]), blockers)
        else:
            interval = wording.interval({"low": point["agreed_low"], "high": point["agreed_high"]})
            months = "" if point["months"] is None else f"{point['months']:.0f}"
            rows.add_row(*values, wording.per_cent(point["agreed"], 1), interval, months)
    return rows


def _tail(path: str) -> str:
    """Return a path without its first parts, which the table of what is varied shows: ``…cleaner.price``."""
    parts = path.split(".")
    return path if len(path) <= HEAD else f"…{'.'.join(parts[-TAIL:])}"


def _blocks(column: str) -> bool:
    return column.startswith(("blocks.", "stuck."))


def _map(result: Plain, effects: Sequence[Plain]) -> Iterator[RenderableType]:
    """Draw a grid of cells, with the first number down and the second across."""
    down, across = ([_value(bin_["low"]) for bin_ in effect["bins"]] for effect in effects)
    yield heading("Both together")
    yield indented(f"Rows: {result['down']}. Columns: {result['across']}.")
    rows = Table.grid(padding=(0, 1, 0, 0))
    rows.add_column(justify="right")
    rows.add_column(no_wrap=True)
    for label, row in zip(down, result["agreed"], strict=True):
        rows.add_row(label, " ".join(_share(share).rjust(CELL) for share in row))
    first, last = across[0].rjust(CELL), across[-1]
    rows.add_row("", f"{first} {last.rjust((CELL + 1) * len(across) - len(first) - len(' ') * CELL)}")
    yield indented(rows, above=1, below=1)
    yield indented(LEGEND)


def _share(share: float | None) -> str:
    """Return a share in percent; the marks for never and always appear only when they are exact."""
    if share is None:
        return EMPTY
    if share in (0, 1):
        return ALL if share else NONE
    return str(min(max(round(100 * share), 1), 99))


def _effect(effect: Plain) -> Table:
    bins = ((_ends(bin_["low"], bin_["high"]), bar(bin_["agreed"])) for bin_ in effect["bins"] if bin_["points"])
    return grid(bins, {"justify": "right"})


def _ends(low: object, high: object) -> str:
    return _value(low) if low == high else f"{_value(low)} to {_value(high)}"
