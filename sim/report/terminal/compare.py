"""Scenarios side by side on the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console, ConsoleOptions, RenderableType
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from sim.report import wording
from sim.report.terminal.layout import page, table
from sim.report.wording import Plain

LETTERS = 3
"""Letters of an actor's name in the narrow table."""
UNBOUNDED = 10_000
"""Columns: wider than any table of scenarios."""


def compare(result: Plain) -> RenderableType:
    """Return the page: one row per scenario with each actor's verdict, how its talks end, and how likely it lasts."""
    return page(
        Text("Each proposal as it stands, take it or leave it, and how the talks on it end", style="bold"),
        Text(wording.LEGEND, style="dim"),
        Text(),
        ComparisonTable(result),
    )


class ComparisonTable:
    """The table of `compare`: whole words if they fit the terminal, otherwise a mark and a letter per verdict."""

    def __init__(self, result: Plain) -> None:
        self.result = result

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        whole = self._table(wide=True)
        fits = Measurement.get(console, options.update(max_width=UNBOUNDED), whole).maximum <= options.max_width
        yield whole if fits else self._table(wide=False)

    def _table(self, *, wide: bool) -> Table:
        scenarios, actors = self.result["rows"], self.result["actors"]
        shares = any(scenario.get("agreed_share") is not None for scenario in scenarios)
        heads = [short[: None if wide else LETTERS] for short in wording.short_names(actors).values()]
        rows = table("Scenario", *heads, "Ends in month", *(["Agreed"] if shares else []), "Lasts", gap=int(wide))
        rows.columns[-1].justify = "right"
        for column in rows.columns[1:]:
            column.no_wrap = True
        for scenario in scenarios:
            name = Text(str(scenario["scenario"]).rpartition("/")[2], overflow="fold")
            verdicts = (_verdict(scenario["verdicts"].get(actor), wide) for actor in actors)
            agreed = [wording.per_cent(scenario["agreed_share"])] if shares else []
            lasts = "-" if scenario["durability"] is None else wording.per_cent(scenario["durability"])
            outcome = wording.OUTCOMES[scenario["outcome"]]
            ends = Text(f"{outcome.cell} {scenario['months']}", style=outcome.style)
            rows.add_row(name, *verdicts, ends, *agreed, lasts)
        return rows


def _verdict(name: str | None, wide: bool) -> Text:
    if name is None:
        return Text("-")
    verdict = wording.VERDICTS[name]
    return Text(verdict.cell if wide else f"{verdict.mark} {verdict.short[0]}", style=verdict.style)
