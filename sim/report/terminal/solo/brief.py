"""An actor's brief on the terminal: its interests, its red lines and its walk-away value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType, group
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
