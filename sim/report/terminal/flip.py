"""What would turn the answer to a package, on the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sim.report import wording
from sim.report.terminal.layout import INDENT, heading, indented, table, title
from sim.report.terminal.thresholds import numbers
from sim.report.wording import OUTCOMES, Plain

LISTED = 20
"""So many ways are shown; JSON has all."""


def flip(found: Plain) -> RenderableType:
    """The package, who blocks it, and what would turn that: changed terms, and numbers moved."""
    setup = wording.setup({**found, "nominal": True})
    return Group(title(found, setup), *_parts(found), Text(f"\n{wording.NOT_A_FORECAST}", style="dim"))


def _parts(found: Plain) -> Iterator[RenderableType]:
    yield heading("The package now, take it or leave it")
    yield indented(wording.terms(found["package"]))
    yield from map(indented, wording.adjustments(found))
    actors = {one: {"name": name} for one, name in found["actors"].items()}
    blocked = found["blocked_by"]
    if found["agreed"]:
        yield indented(Text("Everybody whose consent is needed accepts it as it is.", style=OUTCOMES["agreed"].style))
    else:
        who = f"{wording.names(blocked, actors)} {wording.verb(blocked, 'blocks', 'block')} it."
        yield indented(Text(who, style=OUTCOMES["impasse"].style))
        if found["most_terms"]:
            yield from _terms(found)
    if found["numbers"] is not None:
        yield from numbers(found)


def _terms(found: Plain) -> Iterator[RenderableType]:
    """Every smallest set of changed terms."""
    yield heading("Which changed terms would get it agreed")
    if not found["flips"]:
        yield indented(f"None: no change of up to {wording.count(found['most_terms'], 'term')} would get it agreed.")
        return
    ways = wording.count(len(found["flips"]), "smallest set")
    yield indented(f"At least {wording.count(found['terms'], 'changed term')}; {ways}:")
    yield Padding(_ways(found), (1, 0, 0, 2))
    if len(found["flips"]) > LISTED:
        yield Padding(Text(f"and {len(found['flips']) - LISTED:,} more", style="dim"), INDENT)


def _ways(found: Plain) -> Table:
    """One row a set of changed terms, and what those whose consent it needs would have of it."""
    short = wording.short_names(found["actors"])
    made = table("If this changed", "Surplus of those whose consent is needed")
    for one in found["flips"][:LISTED]:
        gains = ", ".join(f"{short[name]} {wording.points(one['surplus'][name])}" for name in one["needed"])
        made.add_row(wording.change(one["change"]), gains or "nobody's alone")
    return made
