"""What only the player's own seat sees on the terminal: its brief, and what a text is worth to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType, group
from rich.table import Table
from rich.text import Text

from sim.report import wording
from sim.report.option_labels import spaced
from sim.report.terminal.layout import grid, heading, indented
from sim.report.wording import Plain
from sim.strings import Strings


@group()
def brief(actor_brief: Plain, say: Strings) -> Iterator[RenderableType]:
    """Show the whole brief."""
    yield heading(say("play.role.title", name=actor_brief["name"]))
    yield indented(actor_brief["brief"])
    numbers = actor_brief["walk_away"]["now"] is not None
    yield heading(say("play.brief.interests" if numbers else "play.brief.interests_plain"))
    yield indented(_interests(actor_brief["interests"], say))
    if actor_brief["weighs"]:
        yield heading(say("play.brief.weighs"))
        yield indented(grid((_worth(rule, "weight", say), with_claims(rule)) for rule in actor_brief["weighs"]))
    yield heading(say("play.brief.red_lines"))
    yield from _red_lines(actor_brief["red_lines"], say)
    yield heading(say("play.brief.walk_away"))
    yield from _walk_away(actor_brief["walk_away"], say)
    if actor_brief["capacities"]:
        yield heading(say("play.brief.capacities"))
        for resource, amount in actor_brief["capacities"].items():
            key = "play.brief.capacity_plain" if amount is None else "play.brief.capacity"
            yield indented(say(key, resource=resource, amount=None if amount is None else wording.option(amount)))
    for resource in dict.fromkeys(rule["resource"] for rule in actor_brief["when_sent"]):
        rules = [rule for rule in actor_brief["when_sent"] if rule["resource"] == resource]
        yield heading(say("play.brief.when_sent", resource=spaced(resource)))
        yield indented(_interests(rules, say))
    if actor_brief["consent"]:
        yield heading(say("play.brief.consent"))
        yield indented(grid((with_claims(rule), rule["when"]) for rule in actor_brief["consent"]))
        for rule in actor_brief["consent"]:
            if "asks" in rule:
                yield indented(say("play.brief.asks", says=rule["says"].rstrip("."), asks=rule["asks"]))
    if actor_brief["claims"]:
        yield heading(say("play.brief.claims"))
        yield indented(grid((claim["id"], claim["text"]) for claim in actor_brief["claims"]))


def _worth(rule: Plain, key: str, say: Strings) -> Text:
    """Return the points of a rule or, without a score sheet, whether it is a gain or a cost."""
    style = "green" if rule["gain"] else "red"
    if rule[key] is not None:
        text = f"{rule[key]:+.2f}" if key == "weight" else wording.points(rule[key])
        return Text(text, style=style, justify="right")
    return Text(say("play.brief.gain" if rule["gain"] else "play.brief.cost"), style=style)


def _interests(rules: Sequence[Plain], say: Strings) -> Table:
    return grid(
        (
            _worth(rule, "points", say),
            Text.assemble(with_claims(rule), (f"\n{rule['when']}", "dim") if rule["when"] else ""),
        )
        for rule in rules
    )


def _red_lines(lines: Sequence[Plain], say: Strings) -> Iterator[RenderableType]:
    if not lines:
        yield indented(say("play.brief.no_red_lines"))
    for line in lines:
        known = say("play.brief.declared" if line["declared"] else "play.brief.secret")
        price = ""
        if line["price"] is not None:
            never = line["price"] == wording.NEVER
            cost = say("play.brief.never") if never else say("play.brief.price", price=wording.level(line["price"]))
            price = f"; {cost}"
        yield indented(Text.assemble((line["says"], "bold"), f" ({known}{price}; {wording.sources(line)})"))


def _walk_away(walk_away: Plain, say: Strings) -> Iterator[RenderableType]:
    if walk_away["now"] is None:
        yield indented(say("play.brief.walk_away_plain"))
        for shift in walk_away["moved_by"]:
            yield indented(
                f"  {say('play.brief.moved_up' if shift['up'] else 'play.brief.moved_down', says=shift['says'])}"
            )
        return
    yield indented(say("play.brief.walk_away_value", points=wording.level(walk_away["now"])))
    for shift in walk_away["moved_by"]:
        moved = say(
            "play.brief.moved_by", says=shift["says"], points=wording.points(shift["points"]), now=f"{shift['now']:.2f}"
        )
        yield indented(f"  {moved}")


def with_claims(rule: Plain) -> str:
    """Return what a rule says, with its claims."""
    return f"{rule['says']} ({wording.sources(rule)})"


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
