"""A short debrief on the terminal, to read right after a game."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from sim.report import wording
from sim.report.option_labels import spaced
from sim.report.story import plain_sentences
from sim.report.story.cast import Cast
from sim.report.story.ending import lasting, yes_if
from sim.report.story.months import months
from sim.report.story.pledges import sends
from sim.report.terminal.layout import MARGIN, bar, cell, grid, heading, indented, page, table, title
from sim.report.wording import Plain
from sim.strings import ENGLISH, spoken

OFFERS = 2
"""How many of the better packages are shown; the HTML page and JSON have more."""
WAYS = 1
"""How many of the changes that would have turned a refusal into consent are given; JSON has more."""
DETAILS = 2 * MARGIN
"""Columns by which details are indented."""


def table_as_run(record: Plain, result: Plain) -> Plain:
    """Return what happened at a table in the form of a run, as the functions of `sim.report.story` expect it."""
    actors = {name: seat["last_text"] for name, seat in record["walk_away"].items()}
    final = {"actors": actors, **{key: record[key] for key in ("blocked_by", "unmet", "horizon")}}
    last = record["timeline"][-1]
    return {
        **{key: record[key] for key in ("outcome", "months", "blocked_by", "durability", "timeline")},
        **{key: result[key] for key in ("protocol", "sponsors", "core")},
        "worlds": 1,
        "final": {**final, "agreed": record["outcome"] == "agreed", "asked": last["asked"]},
    }


def changes_to_accept(refusal: Plain, result: Plain) -> list[str]:
    """Say which changes would have made the rules of a seat accept."""
    return list(yes_if(refusal, refusal["actor"], Cast.of(result["actors"]), ways=WAYS, core=result["core"]))


def refusal_in_words(refusal: Plain) -> str:
    """Return a refusal in words; supporting a text without sending what it asks for also counts as one."""
    if spoken().language != ENGLISH:
        return plain_sentences.refusal_in_words(refusal)
    if refusal["withholds"]:
        resources = wording.series(map(spaced, refusal["withholds"]))
        return f"{wording.VERDICTS['accept'].mark} supports, sends no {resources}"
    verdict = wording.VERDICTS[refusal["verdict"]]
    return f"{verdict.mark} {verdict.words}"


def debrief(result: Plain) -> RenderableType:
    """Return the page: for each table its end, results, refusals and missed gains, then the same in many worlds."""
    parts: list[RenderableType] = [title(result, wording.protocol(result["protocol"]))]
    for record in result["tables"]:
        parts += _table(record, result)
    if result["worlds"]:
        parts += _worlds(result)
    return page(*parts)


def _table(record: Plain, result: Plain) -> Iterator[RenderableType]:
    actors = result["actors"]
    outcome = wording.OUTCOMES[record["outcome"]].cell if record["outcome"] in wording.OUTCOMES else record["outcome"]
    yield heading(f"{record['name']}: {outcome} after {wording.count(record['months'], 'month')}")
    yield indented(f"What changed in the text: {wording.change(record['changed']) or 'nothing'}.")
    run = table_as_run(record, result)
    yield from map(indented, lasting(run))
    for month, sentences in zip(record["timeline"], months(run), strict=True):
        yield indented(f"Month {month['month']}: {' '.join(sentences)}")
    yield indented(_seats(record, actors), above=1, below=1)
    for refusal in record["noes"]:
        if refusal["last"]:
            yield from _refusal(refusal, result)
    yield indented(_missed_deal(record))
    yield from _joint_gains(record, actors)
    comparison = record["understudies"]
    if comparison["answers"]:
        same = f"{comparison['answers_alike']} of {wording.count(comparison['answers'], 'answer')}"
        yield indented(f"People answered as their rules would have in {same}.")


def _seats(record: Plain, actors: Plain) -> Table:
    caption = "Got: points compared with its walk-away value; ■ signed across a red line that nothing buys off"
    rows = table("Seat", "Played by", "Got", "Last text", "Its rules, what it sends", right=[2, 3], caption=caption)
    for name, seat in record["walk_away"].items():
        answer = record["timeline"][-1]["reactions"][name]
        players = ", ".join(record["people"][name]) or ("a person" if name in record["played_by_people"] else "rules")
        got = wording.points(seat["got"]) + (" ■" if seat["across_never"] else "")
        text = "never" if seat["last_text"]["never"] else wording.points(seat["last_text"]["surplus"])
        verdict = wording.VERDICTS[answer["understudy"] or answer["verdict"]]
        sent = sends(answer) if answer["verdict"] == "accept" else None
        rules = Text(", ".join(filter(None, (verdict.cell, sent))), style=verdict.style)
        rows.add_row(Text(actors[name]["name"], style="bold"), players, got, text, rules)
    return rows


def _refusal(refusal: Plain, result: Plain) -> Iterator[RenderableType]:
    """Show the last refusal of one seat, its main reasons, and what would have changed it."""
    first, last = refusal["from_month"], refusal["to_month"]
    months = f"{first}" if first == last else f"{first} to {last}"
    name = f"{result['actors'][refusal['actor']]['name']}, month {months}: "
    answer = (refusal_in_words(refusal), wording.VERDICTS[refusal["verdict"]].style)
    yield indented(Text.assemble((name, "bold"), answer))
    if refusal["said"]:
        yield indented(Text(f"“{refusal['said']}”", style="italic"), left=DETAILS)
    if refusal["own_mind"]:
        yield indented("By its own rules this seat would have said yes.", left=DETAILS)
    else:
        yield indented("; ".join(map(wording.reason, refusal["against"][: wording.REASONS])), left=DETAILS)
        for sentence in changes_to_accept(refusal, result):
            yield indented(Text(sentence, style="dim"), left=DETAILS)


def _missed_deal(record: Plain) -> str:
    missed = record["in_reach"]
    if missed is None:
        return "By everybody's rules, no deal was ever one amendment away."
    change = wording.change(missed["change"]) or "the text on the table as it was"
    return f"A deal was last within reach in month {missed['month']}: {change}."


def _joint_gains(record: Plain, actors: Plain) -> Iterator[RenderableType]:
    gains = record["gains"]["all"] or record["gains"]["negotiable"]
    if gains is None:
        return
    if not gains["better"]:
        agreed = "No package was better for all concerned: the deal is on the Pareto frontier."
        none = "By everybody's rules, no package would have been agreed."
        yield indented(agreed if record["outcome"] == "agreed" else none)
        return
    yield indented(f"Left on the table: {wording.count(gains['better'], 'package')} better for all concerned, such as:")
    for offer in gains["offers"][:OFFERS]:
        each = ", ".join(f"{actors[id_]['name']} {wording.points(offer['gains'][id_])}" for id_ in offer["concerned"])
        yield indented(f"{wording.change(offer['change'])} ({each})", left=DETAILS)


def _worlds(result: Plain) -> Iterator[RenderableType]:
    worlds = result["worlds"]
    yield heading(f"Among {wording.count(worlds['worlds'], 'world')} of the same scenario, played by the rules alone")
    tables = {
        name: ", ".join(record["name"] for record in result["tables"] if record["outcome"] == name)
        for name in worlds["outcomes"]
    }
    yield indented(grid((cell(name), bar(share["share"]), tables[name]) for name, share in worlds["outcomes"].items()))
    for name, comparison in worlds["tables"].items():
        if comparison["lasts_longer_than"] is not None:
            share = wording.per_cent(comparison["lasts_longer_than"])
            yield indented(f"{name}: its deal would last longer than {share} of the agreements in these worlds.")
