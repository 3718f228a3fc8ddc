"""Scenarios side by side on the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from sim.report import wording
from sim.report.terminal.layout import table
from sim.report.wording import Plain

LETTERS = 3
"""Of an actor's name, where there is no room for more."""
UNBOUNDED = 10_000
"""Columns: wider than any table of scenarios."""


def compare(found: Plain) -> RenderableType:
    """One row a scenario, one column an actor, the outcome of its run, and how likely a peace would hold."""
    return Group(
        Text("Each proposal as it stands, take it or leave it, and how the talks on it end", style="bold"),
        Text(wording.LEGEND, style="dim"),
        Text(),
        ComparisonTable(found),
        Text(f"\n{wording.NOT_A_FORECAST}", style="dim"),
    )


class ComparisonTable:
    """The table of `compare`, in whole words where there is room, in a mark and a letter where there is not."""

    def __init__(self, found: Plain) -> None:
        self.found = found

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        whole = self._table(wide=True)
        fits = Measurement.get(console, options.update(max_width=UNBOUNDED), whole).maximum <= options.max_width
        yield whole if fits else self._table(wide=False)

    def _table(self, *, wide: bool) -> Table:
        shares = any(row.get("agreed_share") is not None for row in self.found["rows"])
        actors = self.found["actors"]
        heads = [short[: None if wide else LETTERS] for short in wording.short_names(actors).values()]
        made = table("Scenario", *heads, "Ends in month", *(["Agreed"] if shares else []), "Lasts", gap=int(wide))
        made.columns[-1].justify = "right"
        for column in made.columns[1:]:
            column.no_wrap = True
        for row in self.found["rows"]:
            verdicts = (_verdict(row["verdicts"].get(one), wide) for one in actors)
            agreed = [wording.per_cent(row["agreed_share"])] if shares else []
            holds = "-" if row["durability"] is None else wording.per_cent(row["durability"])
            made.add_row(Text(_name(row), overflow="fold"), *verdicts, _ends(row), *agreed, holds)
        return made


def _name(row: Plain) -> str:
    return str(row["scenario"]).rpartition("/")[2]


def _verdict(name: str | None, wide: bool) -> Text:
    if name is None:
        return Text("-")
    look = wording.VERDICTS[name]
    return Text(look.cell if wide else f"{look.mark} {look.short[0]}", style=look.style)


def _ends(row: Plain) -> Text:
    how = wording.OUTCOMES[row["outcome"]]
    return Text(f"{how.cell} {row['months']}", style=how.style)
