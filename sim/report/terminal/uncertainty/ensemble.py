"""Ensembles on the terminal: how often each outcome occurs, who blocks, and how scenarios differ in the same worlds."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from sim.report import wording
from sim.report.terminal.layout import bar, cell, grid, heading, indented, page, table, title, typed
from sim.report.wording import Plain

TEXTS = 5
"""How many of the most frequent last texts are shown; JSON has all."""


def ensemble(result: Plain) -> RenderableType:
    """Return the page: one section per scenario, then how each scenario differs from the first."""
    parts: list[RenderableType] = []
    for index, scenario in enumerate(result["scenarios"]):
        parts += [*([Text()] if index else []), *_scenario(scenario, result)]
    if result["differences"]:
        parts += [Text(), *_differences(result)]
    return page(*parts)


def _scenario(scenario: Plain, result: Plain) -> Iterator[RenderableType]:
    yield title(
        scenario, wording.setup({**scenario, "nominal": False, "worlds": result["worlds"], "seed": result["seed"]})
    )
    yield heading(f"How {wording.count(result['worlds'], 'world')} end")
    yield indented(
        grid(
            (
                cell(name),
                bar(share["share"], wording.per_cent(share["share"], 1), wording.OUTCOMES[name].style),
                Text(wording.interval(share)),
            )
            for name, share in scenario["outcomes"].items()
        )
    )
    yield indented(f"In brackets: {wording.per_cent(result['confidence'])} intervals (Wilson).")
    if months := scenario["months"]:
        quartiles = f"quartiles {months['lower_quartile']} and {months['upper_quartile']}"
        yield indented(f"Talks that agreed took {wording.count(months['median'], 'month')} ({quartiles}).")
    if lasting := scenario["durability"]:
        mean, lower, upper = (wording.per_cent(lasting[key]) for key in ("mean", "lower_quartile", "upper_quartile"))
        yield indented(f"Their average chance of lasting is {mean} (quartiles {lower} and {upper}).")
    if scenario["blockers"]:
        yield heading("Who blocks where there is no agreement, and with which verdict")
        yield indented(grid(_blocker(blocker, scenario) for blocker in scenario["blockers"]))
    yield heading("The most frequent last texts")
    yield indented(_texts(scenario))


def _blocker(blocker: Plain, scenario: Plain) -> tuple[RenderableType, ...]:
    verdicts = sorted(blocker["verdicts"].items(), key=lambda item: -item[1])
    shares = (f"{wording.VERDICTS[name].words} {wording.per_cent(share)}" for name, share in verdicts if share)
    name = wording.blocker(blocker["name"], scenario["actors"])
    return name, bar(blocker["share"]), Text(", ".join(shares) or "pledges fall short")


def _texts(scenario: Plain) -> Table:
    rows = table("Share", "Outcome", "What changed", right=[0])
    for text in scenario["final_texts"][:TEXTS]:
        changed = wording.differences(scenario["proposal"], text["package"])
        rows.add_row(wording.per_cent(text["share"]), cell(text["outcome"]), wording.change(changed) or "nothing")
    return rows


def _differences(result: Plain) -> Iterator[RenderableType]:
    """Say how much more or less often each scenario is agreed than the first."""
    first = result["scenarios"][0]["scenario"]
    yield heading(f"Agreed more or less often than {first}, in the same worlds")
    rows = table("Scenario", "Points", "Interval", "Only this one", f"Only {first}", right=range(1, 5))
    for pair in result["differences"]:
        if pair["first"] == first:
            share, low, high = (wording.percentage_points(pair[key]) for key in ("share", "low", "high"))
            alone = (wording.per_cent(pair[key] / result["worlds"], 1) for key in ("in_second_alone", "in_first_alone"))
            rows.add_row(typed(pair["second"]), share, f"{low} to {high}", *alone)
    yield indented(rows)
