"""A run on the terminal: what was tried and answered in each month, how it ended, and why."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from sim.report import wording
from sim.report.story.ending import ended, lasting, mistaken
from sim.report.story.months import months
from sim.report.terminal.layout import MARGIN, bar, cell, grid, heading, indented, page, table, title
from sim.report.terminal.verdicts import reasons, stands_between
from sim.report.wording import Plain

CELL = max(len(verdict.cell) for verdict in wording.VERDICTS.values())
"""Width of a verdict, in columns."""
TEXTS = 5
"""How many of the most frequent last texts are listed; the record has more."""


def play(run: Plain) -> RenderableType:
    """Return the page of a run at central values or over many worlds."""
    setup = f"{wording.setup(run)} · {wording.protocol(run['protocol'])}"
    story = _one_world(run) if run["worlds"] == 1 else _many_worlds(run)
    return page(title(run, setup), *story)


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
    """List each month's verdicts in one row, with the month in sentences below it."""
    heads = wording.short_names_of(run)
    widths = {actor: max(CELL, len(head)) for actor, head in heads.items()}
    line = Text("Month ", style="bold")
    line.append(" ".join(head.ljust(widths[actor]) for actor, head in heads.items()))
    yield indented(line)
    for month, sentences in zip(run["timeline"], months(run), strict=True):
        line = Text(f"{month['month']:>{len('Month')}}")
        for actor in heads:
            verdict = wording.VERDICTS[month["reactions"][actor]["verdict"]]
            line.append(" ").append(verdict.cell.ljust(widths[actor]), verdict.style)
        yield indented(line)
        for sentence in sentences:
            yield indented(Text(sentence, style="dim"), left=MARGIN + len("Month "))


def _many_worlds(run: Plain) -> Iterator[RenderableType]:
    yield from _table(run)
    yield heading(f"How {wording.count(run['worlds'], 'world')} end")
    shares = ((name, look.style, run["shares"].get(name)) for name, look in wording.OUTCOMES.items())
    yield indented(grid((cell(name), bar(share, style=style)) for name, style, share in shares if share is not None))
    yield from map(indented, lasting(run))
    if run["blockers"]:
        yield heading("Who blocks where there is no agreement")
        actors, blockers = run["final"]["actors"], sorted(run["blockers"].items(), key=lambda item: -item[1])
        yield indented(grid((wording.names([name], actors), bar(share)) for name, share in blockers))
    yield heading("Share of open worlds in which each actor accepts the text on the table")
    yield indented(_accepting(run))
    yield heading("The most frequent last texts")
    yield indented(_texts(run))
    yield heading("Answers to the most frequent one at central values, and the main reasons")
    yield reasons(run["final"])


def _accepting(run: Plain) -> Table:
    actors = run["verdicts"]
    rows = table("Month", "Open", *wording.short_names_of(run).values(), "Agreed", right=range(len(actors) + 3))
    for month in run["timeline"]:
        accepts = (month["reactions"][actor]["shares"].get("accept", 0.0) for actor in actors)
        rows.add_row(
            str(month["month"]),
            wording.per_cent(month["open"]),
            *map(wording.per_cent, accepts),
            wording.per_cent(month["agreed_share"]),
        )
    return rows


def _texts(run: Plain) -> Table:
    first = run["timeline"][0]["text"]
    rows = table("Share", "Outcome", "What changed", right=[0])
    for text in run["final_texts"][:TEXTS]:
        changed = wording.differences(first, text["package"])
        outcome = cell(text["outcome"]) if text["outcome"] in wording.OUTCOMES else Text(str(text["outcome"]))
        rows.add_row(wording.per_cent(text["share"]), outcome, wording.change(changed) or "nothing")
    return rows
