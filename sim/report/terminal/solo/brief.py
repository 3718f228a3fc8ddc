"""The brief of a role, on the terminal: what it wants, what it will not have, when it walks away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sim.report import wording
from sim.report.option_labels import spaced
from sim.report.terminal.layout import INDENT, heading, indented
from sim.report.wording import Plain
from sim.strings import Strings


def brief(found: Plain, say: Strings) -> RenderableType:
    """A brief, whole."""
    return Group(*_brief(found, say))


def _brief(found: Plain, say: Strings) -> Iterator[RenderableType]:
    yield heading(say("play.role.title", name=found["name"]))
    yield indented(found["brief"])
    numbers = found["walk_away"]["now"] is not None
    yield heading(say("play.brief.interests" if numbers else "play.brief.interests_plain"))
    yield Padding(_interests(found["interests"], say), INDENT)
    if found["weighs"]:
        yield heading(say("play.brief.weighs"))
        yield Padding(rows((_worth(one, "weight", say), with_claims(one)) for one in found["weighs"]), INDENT)
    yield heading(say("play.brief.red_lines"))
    yield from _red_lines(found["red_lines"], say)
    yield heading(say("play.brief.walk_away"))
    yield from _walk_away(found["walk_away"], say)
    if found["capacities"]:
        yield heading(say("play.brief.capacities"))
        for resource, amount in found["capacities"].items():
            key = "play.brief.capacity_plain" if amount is None else "play.brief.capacity"
            yield indented(say(key, resource=resource, amount=None if amount is None else wording.option(amount)))
    for resource in dict.fromkeys(one["resource"] for one in found["when_sent"]):
        some = [one for one in found["when_sent"] if one["resource"] == resource]
        yield heading(say("play.brief.when_sent", resource=spaced(resource)))
        yield Padding(_interests(some, say), INDENT)
    if found["consent"]:
        yield heading(say("play.brief.consent"))
        yield Padding(
            rows((f"{one['says']} ({wording.sources(one)})", one["when"]) for one in found["consent"]), INDENT
        )
    if found["claims"]:
        yield heading(say("play.brief.claims"))
        yield Padding(rows((one["id"], one["text"]) for one in found["claims"]), INDENT)


def _worth(one: Plain, key: str, say: Strings) -> Text:
    """Its points; without a score sheet, whether it is a gain or a cost."""
    style = "green" if one["gain"] else "red"
    if one[key] is not None:
        amount = f"{one[key]:+.2f}" if key == "weight" else wording.points(one[key])
        return Text(amount, style=style, justify="right")
    return Text(say("play.brief.gain" if one["gain"] else "play.brief.cost"), style=style)


def _interests(interests: Sequence[Plain], say: Strings) -> Table:
    made = Table.grid(padding=(0, 2))
    for one in interests:
        said = Text.assemble(with_claims(one), ("\n" + one["when"], "dim") if one["when"] else "")
        made.add_row(_worth(one, "points", say), said)
    return made


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


def _walk_away(found: Plain, say: Strings) -> Iterator[RenderableType]:
    if found["now"] is None:
        yield indented(say("play.brief.walk_away_plain"))
        for one in found["moved_by"]:
            yield indented(
                f"  {say('play.brief.moved_up' if one['up'] else 'play.brief.moved_down', says=one['says'])}"
            )
        return
    yield indented(say("play.brief.walk_away_value", points=wording.level(found["now"])))
    for one in found["moved_by"]:
        told = say(
            "play.brief.moved_by", says=one["says"], points=wording.points(one["points"]), now=f"{one['now']:.2f}"
        )
        yield indented(f"  {told}")


def rows(rows: Iterable[Sequence[RenderableType]]) -> Table:
    """A grid of rows."""
    made = Table.grid(padding=(0, 2))
    for row in rows:
        made.add_row(*row)
    return made


def with_claims(one: Plain) -> str:
    """What a rule says, and the claims behind it."""
    return f"{one['says']} ({wording.sources(one)})"
