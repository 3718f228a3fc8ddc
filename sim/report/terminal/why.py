"""Why an actor answers as it does: its ledger as a waterfall, rule by rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sim.report import wording
from sim.report.option_labels import spaced
from sim.report.story.cast import Cast
from sim.report.story.ending import yes_if
from sim.report.story.pledges import amount
from sim.report.terminal.layout import INDENT, heading, indented, look, table
from sim.report.wording import NEVER, Plain

HALF = 9
"""Cells of a bar on either side of zero."""


def why(found: Plain) -> RenderableType:
    """The brief, the text, the waterfall, and what the actor would need."""
    return Group(*_parts(found), Text(f"\n{wording.NOT_A_FORECAST}", style="dim"))


def _parts(found: Plain) -> Iterator[RenderableType]:
    asked = found["scenario"] or found["case"]
    yield Text.assemble((f"{found['name']}: ", "bold"), look(found["verdict"]), (f" · {asked}", "dim"))
    yield heading("Its brief")
    yield indented(Text(found["brief"], style="italic"))
    when = "" if found["month"] is None else f" in month {found['month']}"
    yield heading(f"The text it answers{when}")
    yield indented(wording.terms(found["package"]))
    yield heading("What counts for it, in points")
    yield Padding(waterfall(found["ledger"]), INDENT)
    yield heading("What this adds up to")
    yield from map(indented, sums(found))
    for resource, one in found.get("sends", {}).items():
        if one["asked"]:
            yield heading(f"What also counts for sending {spaced(resource)}")
            yield Padding(waterfall(one["ledger"], found["surplus"]), INDENT)
            yield indented(sending(found, resource))
    yield heading("What it would need")
    yield from turns(found)


def waterfall(ledger: Sequence[Plain], start: float = 0.0) -> Table:
    """One row a rule: its bar left or right of zero, its points, the running sum from `start` on, its sources."""
    made = table("", "Points", "Sum", "Rule")
    for column in made.columns[1:3]:
        column.justify, column.no_wrap = "right", True
    made.columns[0].no_wrap = True
    scale = max((abs(entry["points"]) for entry in ledger if entry["points"] != NEVER), default=0.0)
    total = start
    for entry in ledger:
        total += 0.0 if entry["points"] == NEVER else entry["points"]
        rule = Text.assemble(entry["says"], (f" ({_kind(entry)}{wording.sources(entry)})", "dim"))
        made.add_row(_bar(entry["points"], scale), wording.points(entry["points"]), wording.points(total), rule)
    return made


def _kind(entry: Plain) -> str:
    named = {"red_line": "red line; ", "reservation": "no deal; ", "measure": "measure; "}
    return named.get(entry["kind"], "")


def _bar(points: float | str, scale: float) -> Text:
    """A bar from the middle: costs to the left in red, gains to the right in green, `never` across the whole left."""
    if isinstance(points, str):
        return Text("█" * HALF + "│" + " " * HALF, style="bold red")
    cells = round(HALF * abs(points) / scale) if scale else 0
    left = ("█" * cells if points < 0 else "").rjust(HALF)
    right = ("█" * cells if points > 0 else "").ljust(HALF)
    return Text.assemble((left, "red"), "│", (right, "green"))


def sums(found: Plain) -> Iterator[str]:
    """Utility, reservation, red lines, aspiration, and what is short, in sentences."""
    prices = f", minus {wording.level(found['price'])} for the red lines it crosses" if found["price"] else ""
    yield (
        f"Utility {wording.points(found['utility'])}, minus {wording.level(found['reservation'])} for the value of "
        f"no deal now{prices}: a surplus of {wording.points(found['surplus'])}."
    )
    if found["aspiration"] > 0:
        yield f"It holds out for a surplus of {wording.points(found['aspiration'])}."
    lines = [entry["says"] for entry in found["ledger"] if entry["points"] == NEVER]
    if lines:
        yield f"The text crosses a red line that nothing buys off: {wording.series(lines)}."
    elif found["short"]:
        yield f"It is {wording.level(found['short'])} points short of accepting."


def sending(found: Plain, resource: str) -> str:
    """Whether an actor sends what a text asks it for, and why, in a sentence."""
    one, what = found["sends"][resource], spaced(resource)
    if one["sends"]:
        left = wording.points(one["surplus"])
        return f"It sends {amount(one['amount'])} {what}: its surplus after the cost of sending is {left}."
    if found["verdict"] != "accept":
        return f"It sends no {what}, because it does not accept the text."
    if one["surplus"] < 0:
        short = wording.level(-one["surplus"])
        return f"It supports the text but sends no {what}: after the cost of sending it is {short} points short."
    return f"It supports the text but sends no {what}."


def turns(found: Plain) -> Iterator[RenderableType]:
    """The fewest changed terms that would turn its verdict, or the single ones that would help most."""
    if found["verdict"] == "accept":
        yield indented("Nothing more: it accepts this text.")
        return
    told = list(yes_if(found, found["actor"], Cast.of({found["actor"]: found}), core=found.get("core", ())))
    yield from map(indented, told)
    if told and found["yes_if"]["terms"] is not None:
        return
    if not found["turns"]:
        yield indented("No change of a single term would help.")
        return
    if not any(turn["accepts"] for turn in found["turns"]):
        yield indented("No change of a single term would make it accept. These would help most:")
    yield Padding(_turns(found["turns"]), INDENT)


def _turns(found: Sequence[Plain]) -> Table:
    made = table("If this changed", "it would say", "Surplus")
    made.columns[2].justify = "right"
    for turn in found:
        made.add_row(wording.change(turn["change"]), look(turn["verdict"]), wording.points(turn["surplus"]))
    return made
