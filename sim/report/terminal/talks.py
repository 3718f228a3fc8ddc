"""A run on the terminal: month by month what was tried and who answered what, the end, and the reasons."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sim.report import wording
from sim.report.story.ending import ended, lasting, mistaken
from sim.report.story.months import months
from sim.report.terminal.layout import INDENT, bar, cell, heading, indented, shares, table, title
from sim.report.terminal.verdicts import reasons, stands_between
from sim.report.wording import Plain

CELL = max(len(look.cell) for look in wording.VERDICTS.values())
TOLD = (0, 0, 0, INDENT[-1] + len("Month "))
"""A month's sentences stand under its verdicts."""

TEXTS = 5
"""So many last texts are listed; the record has more."""


def play(run: Plain) -> RenderableType:
    """A run at central values, or over many worlds, as it is read from top to bottom."""
    setup = f"{wording.setup(run)} · {wording.protocol(run['protocol'])}"
    story = _one_world(run) if run["worlds"] == 1 else _many_worlds(run)
    return Group(title(run, setup), *story, Text(f"\n{wording.NOT_A_FORECAST}", style="dim"))


def _one_world(run: Plain) -> Iterator[RenderableType]:
    final = run["final"]
    yield from _table(run)
    yield heading("Month by month")
    yield Text(wording.LEGEND, style="dim")
    yield from _calendar(run)
    yield heading("How it ends")
    yield indented(Text(ended(run), style=wording.OUTCOMES[run["outcome"]].style))
    changed = wording.differences(run["timeline"][0]["text"], run["final_package"])
    if changed:
        yield indented(f"By then the text had changed: {wording.change(changed)}.")
    yield from map(indented, lasting(run))
    yield from stands_between(final, over=True, believed=mistaken(run), core=run.get("core", ()))
    yield heading(f"Who answered what in month {run['months']}, and the main reasons")
    yield reasons(final)


def _table(run: Plain) -> Iterator[RenderableType]:
    yield heading("On the table")
    yield indented(wording.terms(run["timeline"][0]["text"]))
    yield from map(indented, wording.adjustments(run))


def _calendar(run: Plain) -> Iterator[RenderableType]:
    """One row of verdicts a month, and under it the month in sentences, across all columns."""
    heads = wording.short_names_of(run)
    widths = {one: max(CELL, len(head)) for one, head in heads.items()}
    row = Text("Month ", style="bold")
    row.append(" ".join(head.ljust(widths[one]) for one, head in heads.items()))
    yield Padding(row, INDENT)
    for month, told in zip(run["timeline"], months(run), strict=True):
        row = Text(f"{month['month']:>{len('Month')}}")
        for one in heads:
            look = wording.VERDICTS[month["reactions"][one]["verdict"]]
            row.append(" ").append(look.cell.ljust(widths[one]), look.style)
        yield Padding(row, INDENT)
        for line in told:
            yield Padding(Text(line, style="dim"), TOLD)


def _many_worlds(run: Plain) -> Iterator[RenderableType]:
    yield from _table(run)
    yield heading(f"How {wording.count(run['worlds'], 'world')} end")
    yield Padding(shares(run["shares"]), INDENT)
    yield from map(indented, lasting(run))
    if run["blockers"]:
        yield heading("Who blocks where there is no agreement")
        yield Padding(_blockers(run), INDENT)
    yield heading("Share of open worlds in which each actor accepts the text on the table")
    yield Padding(_accepting(run), INDENT)
    yield heading("The most frequent last texts")
    yield Padding(_texts(run), INDENT)
    yield heading("Answers to the most frequent one at central values, and the main reasons")
    yield reasons(run["final"])


def _blockers(run: Plain) -> Table:
    actors = run["final"]["actors"]
    made = Table.grid(padding=(0, 2))
    for one, share in sorted(run["blockers"].items(), key=lambda item: -item[1]):
        made.add_row(wording.names([one], actors), bar(share))
    return made


def _accepting(run: Plain) -> Table:
    actors = run["verdicts"]
    made = table("Month", "Open", *wording.short_names_of(run).values(), "Agreed")
    for column in made.columns:
        column.justify = "right"
    for month in run["timeline"]:
        accepts = (month["reactions"][one]["shares"].get("accept", 0.0) for one in actors)
        made.add_row(
            str(month["month"]),
            wording.per_cent(month["open"]),
            *map(wording.per_cent, accepts),
            wording.per_cent(month["agreed_share"]),
        )
    return made


def _texts(run: Plain) -> Table:
    first = run["timeline"][0]["text"]
    made = table("Share", "Outcome", "What changed")
    made.columns[0].justify = "right"
    for found in run["final_texts"][:TEXTS]:
        changed = wording.differences(first, found["package"])
        how = cell(found["outcome"]) if found["outcome"] in wording.OUTCOMES else Text(str(found["outcome"]))
        made.add_row(wording.per_cent(found["share"]), how, wording.change(changed) or "nothing")
    return made
