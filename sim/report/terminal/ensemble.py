"""Ensembles on the terminal: how sure each outcome is, who blocks, and what differs in the same worlds."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sim.report import wording
from sim.report.terminal.layout import INDENT, bar, cell, heading, indented, table, title
from sim.report.wording import Plain

TEXTS = 5
"""The most frequent last texts that are shown; the data holds more."""


def ensemble(found: Plain) -> RenderableType:
    """One section a scenario, and how each differs from the first."""
    parts: list[RenderableType] = []
    for one in found["scenarios"]:
        parts += [*_scenario(one, found), Text()]
    if found["differences"]:
        parts += [*_differences(found), Text()]
    return Group(*parts, Text(wording.NOT_A_FORECAST, style="dim"))


def _scenario(one: Plain, found: Plain) -> Iterator[RenderableType]:
    yield title(one, wording.setup({**one, "nominal": False, "worlds": found["worlds"], "seed": found["seed"]}))
    yield heading(f"How {wording.count(found['worlds'], 'world')} end")
    yield Padding(_outcomes(one["outcomes"]), INDENT)
    yield indented(f"In brackets: {wording.per_cent(found['confidence'])} intervals (Wilson).")
    if one["months"]:
        took = one["months"]
        quartiles = f"quartiles {took['lower_quartile']} and {took['upper_quartile']}"
        yield indented(f"Talks that agreed took {wording.count(took['median'], 'month')} ({quartiles}).")
    if one["durability"]:
        held = one["durability"]
        quartiles = (
            f"quartiles {wording.per_cent(held['lower_quartile'])} and {wording.per_cent(held['upper_quartile'])}"
        )
        yield indented(f"Their average chance of lasting is {wording.per_cent(held['mean'])} ({quartiles}).")
    if one["blockers"]:
        yield heading("Who blocks where there is no agreement, and with which verdict")
        yield Padding(_blockers(one), INDENT)
    yield heading("The most frequent last texts")
    yield Padding(_texts(one), INDENT)


def _outcomes(outcomes: Plain) -> Table:
    made = Table.grid(padding=(0, 2))
    for name, one in outcomes.items():
        made.add_row(cell(name), bar(one["share"], style=wording.OUTCOMES[name].style), Text(wording.interval(one)))
    return made


def _blockers(one: Plain) -> Table:
    made = Table.grid(padding=(0, 2))
    for blocker in one["blockers"]:
        verdicts = sorted(blocker["verdicts"].items(), key=lambda item: -item[1])
        said = ", ".join(
            f"{wording.VERDICTS[name].words} {wording.per_cent(share)}" for name, share in verdicts if share
        )
        name = wording.names([blocker["name"]], {id_: {"name": name} for id_, name in one["actors"].items()})
        made.add_row(name, bar(blocker["share"]), Text(said or "pledges fall short"))
    return made


def _texts(one: Plain) -> Table:
    made = table("Share", "Outcome", "What changed")
    made.columns[0].justify = "right"
    for text in one["final_texts"][:TEXTS]:
        changed = wording.differences(one["proposal"], text["package"])
        made.add_row(wording.per_cent(text["share"]), cell(text["outcome"]), wording.change(changed) or "nothing")
    return made


def _differences(found: Plain) -> Iterator[RenderableType]:
    """How much more often each scenario is agreed than the first that was named."""
    first = found["scenarios"][0]["scenario"]
    yield heading(f"Agreed more or less often than {first}, in the same worlds")
    made = table("Scenario", "Points", "Interval", "Only this one", f"Only {first}")
    for column in made.columns[1:]:
        column.justify = "right"
    for one in found["differences"]:
        if one["first"] == first:
            low, high = (wording.percentage_points(one[end]) for end in ("low", "high"))
            alone = (wording.per_cent(one[of] / found["worlds"]) for of in ("in_second_alone", "in_first_alone"))
            name = Text(one["second"], overflow="fold")
            made.add_row(name, wording.percentage_points(one["share"]), f"{low} to {high}", *alone)
    yield Padding(made, INDENT)
