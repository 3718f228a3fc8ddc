"""Every actor's verdict on one package, on the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sim.report import words
from sim.report.screen import INDENT, bar, heading, indented, look, table, title
from sim.report.words import Plain

HIGHEST = 100
"""Measures are on 0 to 100."""
NAME = 26
"""Columns of an actor's name, at most; a longer one wraps, so that its reasons have room."""
VERDICT = 12
"""Columns of a verdict in words, which wraps beside the reasons that take more lines anyway."""


def verdicts(found: Plain) -> RenderableType:
    """Verdicts, what the package needs, and its measures."""
    return Group(title(found, words.setup(found)), *_parts(found), Text(f"\n{words.NOT_A_FORECAST}", style="dim"))


def _parts(found: Plain) -> Iterator[RenderableType]:
    month = "now, take it or leave it" if found["month"] is None else f"in month {found['month']}"
    yield heading(f"The package, {month}")
    yield indented(words.terms(found["package"]))
    yield from map(indented, words.adjustments(found))
    yield heading("Who answers what, and the main reasons")
    yield reasons(found, shares=not found["nominal"])
    yield heading("Is it agreed?")
    yield indented(_answer(found))
    yield from unmet(found)
    yield heading("What the package does (0 to 100)")
    yield Padding(measures(found), INDENT)


def _answer(found: Plain) -> Text:
    if not found["nominal"]:
        share = f"Agreed in {words.per_cent(found['agreed_share'])} of {words.count(found['worlds'], 'world')}."
        return Text(share, style="bold")
    if found["agreed"]:
        return Text("Yes: all whose consent it needs accept.", style=words.OUTCOMES["agreed"].style)
    blocked = found["blocked_by"]
    who = words.names(blocked, found["actors"])
    return Text(f"No: {who} {words.verb(blocked, 'blocks', 'block')} it.", style=words.OUTCOMES["impasse"].style)


def reasons(found: Plain, *, shares: bool = False) -> Table:
    """One row an actor: its verdict, its surplus or the share of worlds in which it accepts, and what weighed most."""
    made = table("", "Verdict", "Accepts" if shares else "Surplus", "Main reasons")
    made.columns[2].justify = "right"
    made.columns[0].width = min(NAME, max(cell_len(_name(actor)) for actor in found["actors"].values()))
    made.columns[1].max_width = VERDICT
    for actor in found["actors"].values():
        middle = words.per_cent(actor["shares"].get("accept", 0.0)) if shares else words.points(actor["surplus"])
        why = "\n".join(words.reason(entry) for entry in words.main_reasons(actor))
        made.add_row(Text(_name(actor), style="bold"), look(actor["verdict"]), middle, why or "nothing weighs on it")
    made.caption = "* its consent is needed"
    made.caption_justify = "left"
    return made


def _name(actor: Plain) -> str:
    return f"{actor['name']} *" if actor["needed"] else str(actor["name"])


def unmet(found: Plain) -> Iterator[RenderableType]:
    """The consent rules that the package does not meet, with their sources."""
    for rule in found["unmet"]:
        who = words.names(rule["blockers"], found["actors"])
        yield indented(f"Not met: {rule['says']} ({words.sources(rule)}). Withheld by {who}.")


def measures(found: Plain) -> Table:
    """Each measure as a bar."""
    made = Table.grid(padding=(0, 2))
    for name, score in found["measures"].items():
        made.add_row(name.replace("_", " "), bar(score / HIGHEST, words.level(score)))
    return made
