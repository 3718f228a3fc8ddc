"""The debrief on the terminal: short enough to read after a game."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sim.report import wording
from sim.report.option_labels import spaced
from sim.report.story.cast import Cast
from sim.report.story.ending import lasting, yes_if
from sim.report.story.months import months
from sim.report.story.pledges import sends
from sim.report.terminal.layout import INDENT, bar, cell, heading, indented, table, title
from sim.report.wording import Plain

OFFERS = 2
"""So many of the better packages are shown; the page and JSON have more."""
WAYS = 1
"""So many of the changes that would have turned a no are told; JSON has more."""


def table_as_run(table: Plain, found: Plain) -> Plain:
    """What happened at a table, as the sentences of `sim.report.story` read it."""
    actors = {name: seat["last_text"] for name, seat in table["walk_away"].items()}
    final = {"actors": actors, **{key: table[key] for key in ("blocked_by", "unmet", "horizon")}}
    last = table["timeline"][-1]
    return {
        **{key: table[key] for key in ("outcome", "months", "blocked_by", "durability", "timeline")},
        **{key: found[key] for key in ("protocol", "sponsors", "core")},
        "worlds": 1,
        "final": {**final, "agreed": table["outcome"] == "agreed", "asked": last["asked"]},
    }


def changes_to_accept(no: Plain, found: Plain) -> list[str]:
    """With which changes the rules of a seat would have said yes, in sentences."""
    return list(yes_if(no, no["actor"], Cast.of(found["actors"]), ways=WAYS, core=found["core"]))


def refusal_in_words(no: Plain) -> str:
    """A no in words; to support a text and keep back what it asks for is one, too."""
    if no["withholds"]:
        return f"{wording.VERDICTS['accept'].mark} supports, sends no {wording.series(map(spaced, no['withholds']))}"
    verdict = wording.VERDICTS[no["verdict"]]
    return f"{verdict.mark} {verdict.words}"


def debrief(found: Plain) -> RenderableType:
    """Every table: how it ended, what each got, why it was not more, what was left; and many worlds beside them."""
    parts: list[RenderableType] = [title(found, wording.protocol(found["protocol"]))]
    for one in found["tables"]:
        parts += _table(one, found)
    if found["worlds"]:
        parts += _worlds(found)
    return Group(*parts, Text(f"\n{wording.NOT_A_FORECAST}", style="dim"))


def _table(one: Plain, found: Plain) -> Iterator[RenderableType]:
    actors = found["actors"]
    ended = f"{wording.OUTCOMES[one['outcome']].cell}" if one["outcome"] in wording.OUTCOMES else one["outcome"]
    yield heading(f"{one['name']}: {ended} after {wording.count(one['months'], 'month')}")
    yield indented(f"What changed in the text: {wording.change(one['changed']) or 'nothing'}.")
    run = table_as_run(one, found)
    yield from map(indented, lasting(run))
    for month, told in zip(one["timeline"], months(run), strict=True):
        yield Padding(Text(f"Month {month['month']}: {' '.join(told)}"), (0, 0, 0, INDENT[-1]))
    yield Padding(_seats(one, actors), (1, 0, 1, INDENT[-1]))
    for no in one["noes"]:
        if no["last"]:
            yield from _no(no, found)
    yield indented(_reach(one))
    yield from _gains(one, actors)
    people = one["understudies"]
    if people["answers"]:
        alike = f"{people['answers_alike']} of {wording.count(people['answers'], 'answer')}"
        yield indented(f"People answered as their rules would have in {alike}.")


def _seats(one: Plain, actors: Plain) -> Table:
    made = table("Seat", "Played by", "Got", "Last text", "Its rules, what it sends")
    for column in made.columns[2:4]:
        column.justify = "right"
    last = one["timeline"][-1]["reactions"]
    for name, seat in one["walk_away"].items():
        by = ", ".join(one["people"][name]) or ("a person" if name in one["played_by_people"] else "rules")
        got = wording.points(seat["got"]) + (" ■" if seat["across_never"] else "")
        text = "never" if seat["last_text"]["never"] else wording.points(seat["last_text"]["surplus"])
        rules = wording.VERDICTS[last[name]["understudy"] or last[name]["verdict"]]
        sent = sends(last[name]) if last[name]["verdict"] == "accept" else None
        answered = Text(", ".join(filter(None, (rules.cell, sent))), style=rules.style)
        made.add_row(Text(actors[name]["name"], style="bold"), by, got, text, answered)
    made.caption = "Got: points compared with its walk-away value; ■ signed across a red line that nothing buys off"
    made.caption_justify = "left"
    return made


def _no(no: Plain, found: Plain) -> Iterator[RenderableType]:
    """The last no of one seat, its main reason, and what would have turned it."""
    actors, deeper = found["actors"], (0, 0, 0, 2 * INDENT[-1])
    months = f"{no['from_month']}" if no["from_month"] == no["to_month"] else f"{no['from_month']} to {no['to_month']}"
    style = wording.VERDICTS[no["verdict"]].style
    yield indented(
        Text.assemble((f"{actors[no['actor']]['name']}, month {months}: ", "bold"), (refusal_in_words(no), style))
    )
    if no["said"]:
        yield Padding(Text(f"“{no['said']}”", style="italic"), deeper)
    if no["own_mind"]:
        yield Padding(Text("By its own rules this seat would have said yes."), deeper)
    else:
        yield Padding(Text("; ".join(wording.reason(entry) for entry in no["against"][: wording.REASONS])), deeper)
        yield from (Padding(Text(told, style="dim"), deeper) for told in changes_to_accept(no, found))


def _reach(one: Plain) -> str:
    reach = one["in_reach"]
    if reach is None:
        return "By everybody's rules, no deal was ever one amendment away."
    what = wording.change(reach["change"]) or "the text on the table as it was"
    return f"A deal was last within reach in month {reach['month']}: {what}."


def _gains(one: Plain, actors: Plain) -> Iterator[RenderableType]:
    gains = one["gains"]["all"] or one["gains"]["negotiable"]
    if gains is None:
        return
    if not gains["better"]:
        agreed = "No package was better for all concerned: the deal is on the Pareto frontier."
        yield indented(
            agreed if one["outcome"] == "agreed" else "By everybody's rules, no package would have been agreed."
        )
        return
    yield indented(f"Left on the table: {wording.count(gains['better'], 'package')} better for all concerned, such as:")
    for offer in gains["offers"][:OFFERS]:
        won = ", ".join(f"{actors[who]['name']} {wording.points(offer['gains'][who])}" for who in offer["concerned"])
        yield Padding(Text(f"{wording.change(offer['change'])} ({won})"), (0, 0, 0, 2 * INDENT[-1]))


def _worlds(found: Plain) -> Iterator[RenderableType]:
    worlds = found["worlds"]
    yield heading(f"Among {wording.count(worlds['worlds'], 'world')} of the same scenario, played by the rules alone")
    made = Table.grid(padding=(0, 2))
    for name, share in worlds["outcomes"].items():
        tables = ", ".join(one["name"] for one in found["tables"] if one["outcome"] == name)
        made.add_row(cell(name), bar(share["share"]), tables)
    yield Padding(made, INDENT)
    for name, one in worlds["tables"].items():
        if one["lasts_longer_than"] is not None:
            share = wording.per_cent(one["lasts_longer_than"])
            yield indented(f"{name}: its deal would last longer than {share} of the agreements in these worlds.")
