"""Why an actor answers as it does, on the terminal: its ledger as a waterfall, rule by rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from sim.report import judged_wording, wording
from sim.report.option_labels import spaced
from sim.report.story.cast import Cast
from sim.report.story.ending import yes_if
from sim.report.story.pledges import amount
from sim.report.terminal.layout import heading, indented, look, page, table
from sim.report.terminal.sources import claim_list
from sim.report.wording import NEVER, Plain

HALF = 9
"""Cells of a bar on each side of zero."""


def why(result: Plain) -> RenderableType:
    """Return the page: the actor's brief, the text, its ledger, and what it would need."""
    return page(*_parts(result))


def _parts(result: Plain) -> Iterator[RenderableType]:
    source = result["scenario"] or result["case"]
    yield Text.assemble((f"{result['name']}: ", "bold"), look(result["verdict"]), (f" · {source}", "dim"))
    yield heading("Its brief")
    yield indented(Text(result["brief"], style="italic"))
    yield heading("The text it answers")
    yield indented(wording.terms(result["package"]))
    yield indented(Text(judged_wording.judged(result["judged"]), style="dim"))
    yield heading("What counts for it, in points")
    yield indented(waterfall(result["ledger"]))
    yield heading("What this adds up to")
    yield from map(indented, sums(result))
    for resource, answer in result.get("sends", {}).items():
        if answer["asked"]:
            yield heading(f"What also counts for sending {spaced(resource)}")
            yield indented(waterfall(answer["ledger"], result["surplus"]))
            yield indented(sending(result, resource))
    yield heading("What it would need")
    yield from turns(result)
    if result["claims"]:
        yield heading("Claims")
        yield indented(claim_list(result["claims"]))


def waterfall(ledger: Sequence[Plain], start: float = 0.0) -> Table:
    """List one rule per row: a bar from zero, its points, the running sum from `start`, and its sources."""
    rows = table("", "Points", "Sum", "Rule", right=[1, 2])
    for column in rows.columns[:3]:
        column.no_wrap = True
    scale = max((abs(entry["points"]) for entry in ledger if entry["points"] != NEVER), default=0.0)
    total = start
    for entry in ledger:
        total += 0.0 if entry["points"] == NEVER else entry["points"]
        rule = Text.assemble(entry["says"], (f" ({_kind(entry)}{wording.sources(entry)})", "dim"))
        rows.add_row(_bar(entry["points"], scale), wording.points(entry["points"]), wording.points(total), rule)
    return rows


def _kind(entry: Plain) -> str:
    if entry["kind"] == "red_line":
        return "; ".join(part for part in ("red line", wording.red_line_parts(entry), "") if part) + "; "
    return {"reservation": "no deal; ", "measure": "measure; "}.get(entry["kind"], "")


def _bar(points: float | str, scale: float) -> Text:
    """Draw a bar from zero: costs to the left in red, gains to the right in green; `never` fills the left half."""
    if isinstance(points, str):
        return Text("█" * HALF + "│" + " " * HALF, style="bold red")
    cells = round(HALF * abs(points) / scale) if scale else 0
    left = ("█" * cells if points < 0 else "").rjust(HALF)
    right = ("█" * cells if points > 0 else "").ljust(HALF)
    return Text.assemble((left, "red"), "│", (right, "green"))


def sums(result: Plain) -> Iterator[str]:
    """Say how utility, reservation value, red lines and aspiration add up, and how many points are missing."""
    prices = f", minus {wording.level(result['price'])} for the red lines it crosses" if result["price"] else ""
    yield (
        f"Utility {wording.points(result['utility'])}, minus {wording.level(result['reservation'])} for the value of "
        f"no deal now{prices}: a surplus of {wording.points(result['surplus'])}."
    )
    if result["aspiration"] > 0:
        yield f"It holds out for a surplus of {wording.points(result['aspiration'])}."
    lines = [entry["says"] for entry in result["ledger"] if entry["points"] == NEVER]
    if lines:
        yield f"The text crosses a red line that nothing buys off: {wording.series(lines)}."
    elif result["short"]:
        yield f"It is {wording.level(result['short'])} points short of accepting."


def sending(result: Plain, resource: str) -> str:
    """Say whether an actor sends what a text asks it for, and why."""
    answer, name = result["sends"][resource], spaced(resource)
    if answer["sends"]:
        left = wording.points(answer["surplus"])
        return f"It sends {amount(answer['amount'])} {name}: its surplus after the cost of sending is {left}."
    if result["verdict"] != "accept":
        return f"It sends no {name}, because it does not accept the text."
    if answer["surplus"] < 0:
        short = wording.level(-answer["surplus"])
        return f"It supports the text but sends no {name}: after the cost of sending it is {short} points short."
    return f"It supports the text but sends no {name}."


def turns(result: Plain) -> Iterator[RenderableType]:
    """List the fewest changed terms that would make it accept, or the single changes that would help most."""
    if result["verdict"] == "accept":
        yield indented("Nothing more: it accepts this text.")
        return
    sentences = list(yes_if(result, result["actor"], Cast.of({result["actor"]: result}), core=result.get("core", ())))
    yield from map(indented, sentences)
    if sentences and result["yes_if"]["terms"] is not None:
        return
    if result["beyond_core"] is not None and result["beyond_core"]["terms"] is not None:
        yield indented("It would accept another proposal, with changes to the core of this one:")
        for terms in result["beyond_core"]["sets"]:
            yield indented(f"· {wording.change(terms)}")
        return
    if not result["turns"]:
        yield indented("No change of a single term would help.")
        return
    if not any(turn["accepts"] for turn in result["turns"]):
        yield indented("No change of a single term would make it accept. These would help most:")
    rows = table("If this changed", "it would say", "Surplus", right=[2])
    for turn in result["turns"]:
        rows.add_row(wording.change(turn["change"]), look(turn["verdict"]), wording.points(turn["surplus"]))
    yield indented(rows)
