"""Scenarios side by side on the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console, ConsoleOptions, RenderableType
from rich.measure import Measurement
from rich.text import Text

from sim.report import judged_wording, wording
from sim.report.terminal.layout import UNBOUNDED, FittingTable, page, table, typed
from sim.report.wording import Plain

LETTERS = 3
"""Letters of an actor's name in the narrow table."""
MARKS = " · ".join(f"{verdict.mark} {verdict.words}" for verdict in wording.VERDICTS.values())
"""What the marks of verdicts mean, where they stand alone."""
COLUMNS = (
    "Verdicts are on the proposal as tabled, take it or leave it. Talks: how they end, and the last month. Lasts: how "
    "likely the last text of the talks would last if signed, agreed or not."
)


def compare(result: Plain) -> RenderableType:
    """Return the page: one row per scenario with each actor's verdict, how its talks end, and how likely it lasts."""
    return page(
        Text("Each proposal as it stands, take it or leave it, and how the talks on it end", style="bold"),
        Text(),
        ComparisonTable(result),
    )


class ComparisonTable:
    """The table of `compare`: verdicts in words if they fit the terminal, otherwise as marks."""

    def __init__(self, result: Plain) -> None:
        self.result = result

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        in_words = self._table(wide=True)
        fits = Measurement.get(console, options.update(max_width=UNBOUNDED), in_words).maximum <= options.max_width
        yield in_words if fits else self._table(wide=False)
        yield Text(f"\n{wording.LEGEND if fits else MARKS}\n{COLUMNS}", style="dim")
        for row in self.result["rows"]:
            if special := judged_wording.circumstances(row["judged"]):
                yield Text.assemble(typed(row["scenario"].rpartition("/")[2]), f": {special}.", style="dim")

    def _table(self, *, wide: bool) -> FittingTable:
        scenarios, actors = self.result["rows"], self.result["actors"]
        shares = any(scenario.get("agreed_share") is not None for scenario in scenarios)
        heads = [short[: None if wide else LETTERS] for short in wording.short_names(actors).values()]
        rows = table("Scenario", *heads, "Talks", *(["Agreed"] if shares else []), "Lasts", gap=int(wide))
        rows.columns[-1].justify = "right"
        for column in rows.columns[1:]:
            column.no_wrap = True
        for scenario in scenarios:
            verdicts = (_verdict(scenario["verdicts"].get(actor), wide) for actor in actors)
            agreed = [wording.per_cent(scenario["agreed_share"])] if shares else []
            lasts = "-" if scenario["durability"] is None else wording.per_cent(scenario["durability"])
            outcome = wording.OUTCOMES[scenario["outcome"]]
            ends = Text(f"{outcome.cell} {scenario['months']}", style=outcome.style)
            rows.add_row(typed(str(scenario["scenario"]).rpartition("/")[2]), *verdicts, ends, *agreed, lasts)
        return rows


def _verdict(name: str | None, wide: bool) -> Text:
    if name is None:
        return Text("-")
    verdict = wording.VERDICTS[name]
    return Text(verdict.cell if wide else verdict.mark, style=verdict.style)
