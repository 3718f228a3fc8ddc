"""What a text is worth to the seat of a player in the terminal, and what its rules would send."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.text import Text

from sim.report import wording
from sim.report.option_labels import spaced
from sim.report.terminal.layout import grid, heading, indented
from sim.report.terminal.solo.brief import with_claims
from sim.report.wording import Plain
from sim.strings import Strings


def worth(score: Plain, say: Strings) -> Iterator[RenderableType]:
    """Say what a text is worth, what the seat would send under it, and which red lines it crosses."""
    surplus = score["surplus"]
    key = "above" if surplus > 0 else "below" if surplus < 0 else "even"
    sentence = say(
        "play.text.score",
        utility=wording.level(score["utility"]),
        reservation=wording.level(score["reservation"]),
        surplus=say(f"play.text.{key}", points=wording.level(abs(surplus))),
    )
    yield indented(Text(sentence, style="bold green" if surplus >= 0 and not score["never"] else "bold red"))
    for resource, sending in score["sends"].items():
        if sending["asked"]:
            yield indented(would_send(resource, sending, score, say))
    for entry in score["ledger"]:
        if entry["kind"] == "red_line":
            never = entry["points"] == wording.NEVER
            points = wording.points(entry["points"])
            price = say("play.brief.never") if never else say("play.text.crosses_price", points=points)
            yield indented(Text(say("play.text.crosses", says=entry["says"], price=price), style="bold red"))


def ledger(score: Plain, say: Strings) -> RenderableType:
    """Return what a text is worth to the player's seat, rule by rule, and what also counts for sending something."""
    parts: list[RenderableType] = [heading(say("play.text.ledger")), _sum(score, say("play.text.total"))]
    for resource, sending in score["sends"].items():
        if sending["asked"] or sending["ledger"]:
            parts += [
                heading(say("play.text.if_sent", resource=spaced(resource))),
                _sum(sending, say("play.text.if_sent_total")),
                indented(would_send(resource, sending, score, say)),
            ]
    return Group(*parts)


def _sum(score: Plain, total: str) -> RenderableType:
    rows = [(Text(wording.points(rule["points"]), justify="right"), with_claims(rule)) for rule in score["ledger"]]
    rows.append((Text(wording.points(score["surplus"]), style="bold", justify="right"), total))
    return indented(grid(rows))


def would_send(resource: str, sending: Plain, score: Plain, say: Strings) -> str:
    """Say what the rules of the player's seat would send under a text."""
    names = {"resource": spaced(resource), "amount": wording.option(sending["capacity"])}
    if not sending["asked"]:
        return say("play.text.not_asked", **names)
    if sending["sends"]:
        return say("play.text.would_send", **names)
    short = wording.level(max(-sending["surplus"], 0.0))
    key = "would_not_accept" if score["verdict"] != "accept" else "would_send_nothing"
    return say(f"play.text.{key}", short=short, **names)
