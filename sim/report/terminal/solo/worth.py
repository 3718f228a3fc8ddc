"""What a text is worth to the chair of somebody who plays in the terminal, and what its rules would send."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sim.report import wording
from sim.report.option_labels import spaced
from sim.report.terminal.layout import INDENT, heading, indented
from sim.report.terminal.solo.brief import with_claims
from sim.report.wording import Plain
from sim.strings import Strings


def worth(score: Plain, say: Strings) -> Iterator[RenderableType]:
    """What a text is worth, what would be sent to it, and which red lines it crosses."""
    surplus = score["surplus"]
    key = "above" if surplus > 0 else "below" if surplus < 0 else "even"
    told = say(f"play.text.{key}", points=wording.level(abs(surplus)))
    whole = say(
        "play.text.score",
        utility=wording.level(score["utility"]),
        reservation=wording.level(score["reservation"]),
        surplus=told,
    )
    yield indented(Text(whole, style="bold green" if surplus >= 0 and not score["never"] else "bold red"))
    for resource, one in score["sends"].items():
        if one["asked"]:
            yield indented(would_send(resource, one, score, say))
    for entry in score["ledger"]:
        if entry["kind"] == "red_line":
            never = entry["points"] == wording.NEVER
            price = (
                say("play.brief.never")
                if never
                else say("play.text.crosses_price", points=wording.points(entry["points"]))
            )
            yield indented(Text(say("play.text.crosses", says=entry["says"], price=price), style="bold red"))


def ledger(score: Plain, say: Strings) -> RenderableType:
    """What a text is worth to one's own chair, rule by rule, and what counts on top if one sends something."""
    parts: list[RenderableType] = [heading(say("play.text.ledger")), _sum(score, say("play.text.total"))]
    for resource, one in score["sends"].items():
        if one["asked"] or one["ledger"]:
            parts += [
                heading(say("play.text.if_sent", resource=spaced(resource))),
                _sum(one, say("play.text.if_sent_total")),
                indented(would_send(resource, one, score, say)),
            ]
    return Group(*parts)


def _sum(score: Plain, total: str) -> RenderableType:
    """A ledger, and what it comes to."""
    made = Table.grid(padding=(0, 2))
    for entry in score["ledger"]:
        made.add_row(Text(wording.points(entry["points"]), justify="right"), with_claims(entry))
    made.add_row(Text(wording.points(score["surplus"]), style="bold", justify="right"), total)
    return Padding(made, INDENT)


def would_send(resource: str, one: Plain, score: Plain, say: Strings) -> str:
    """What the rules of one's own chair would send under a text."""
    what = {"resource": spaced(resource), "amount": wording.option(one["capacity"])}
    if not one["asked"]:
        return say("play.text.not_asked", **what)
    if one["sends"]:
        return say("play.text.would_send", **what)
    short = wording.level(max(-one["surplus"], 0.0))
    key = "would_not_accept" if score["verdict"] != "accept" else "would_send_nothing"
    return say(f"play.text.{key}", short=short, **what)
