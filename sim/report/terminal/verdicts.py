"""Every actor's verdict on one package, on the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sim.report import wording
from sim.report.story.cast import Cast
from sim.report.story.ending import between, in_between, unmet
from sim.report.story.pledges import sends
from sim.report.terminal.layout import INDENT, bar, heading, indented, look, table, title
from sim.report.wording import NEVER, Plain

HIGHEST = 100
"""Measures are on 0 to 100."""
NAME = 26
"""Columns of an actor's name, at most; a longer one wraps, so that its reasons have room."""
VERDICT = 13
"""Columns of a verdict in words, which wraps beside the reasons that take more lines anyway."""


def verdicts(found: Plain) -> RenderableType:
    """Verdicts, what the package needs, and its measures."""
    return Group(title(found, wording.setup(found)), *_parts(found), Text(f"\n{wording.NOT_A_FORECAST}", style="dim"))


def _parts(found: Plain) -> Iterator[RenderableType]:
    month = "now, take it or leave it" if found["month"] is None else f"in month {found['month']}"
    yield heading(f"The package, {month}")
    yield indented(wording.terms(found["package"]))
    yield from map(indented, wording.adjustments(found))
    yield heading("Who answers what, and the main reasons")
    yield reasons(found, shares=not found["nominal"])
    yield heading("Is it agreed?")
    yield indented(_answer(found))
    if found["nominal"]:
        yield from stands_between(found, over=False, core=found.get("core", ()))
    yield heading("What the package does (0 to 100)")
    yield Padding(measures(found), INDENT)


def _answer(found: Plain) -> Text:
    if not found["nominal"]:
        share = f"Agreed in {wording.per_cent(found['agreed_share'])} of {wording.count(found['worlds'], 'world')}."
        return Text(share, style="bold")
    if found["agreed"]:
        return Text("Yes: everybody whose consent is needed accepts.", style=wording.OUTCOMES["agreed"].style)
    blocked = found["blocked_by"]
    cast = Cast.of(found["actors"])
    return Text(
        f"No: {cast.who(blocked)} {cast.does(blocked, 'blocks', 'block')} it.", style=wording.OUTCOMES["impasse"].style
    )


def reasons(found: Plain, *, shares: bool = False) -> Table:
    """One row per actor: both answers, its surplus or in how many worlds it accepts, and what weighed most."""
    made = table("", "Verdict", "Accepts" if shares else "Surplus", "Main reasons")
    made.columns[2].justify = "right"
    made.columns[0].width = min(NAME, max(cell_len(_name(actor)) for actor in found["actors"].values()))
    made.columns[1].max_width = VERDICT
    for actor in found["actors"].values():
        middle = wording.per_cent(actor["shares"].get("accept", 0.0)) if shares else wording.points(actor["surplus"])
        why = [wording.reason(entry) for entry in wording.main_reasons(actor)] or ["none"]
        made.add_row(Text(_name(actor), style="bold"), answers(actor), middle, "\n".join([*why, *_keeps(actor)]))
    made.caption = "* its consent is needed"
    made.caption_justify = "left"
    return made


def answers(actor: Plain) -> Text:
    """Both answers of an actor: its verdict, and, if it accepts a text that asks it for something, what it sends."""
    sent = sends(actor) if actor["verdict"] == "accept" else None
    if sent is None:
        return look(actor["verdict"])
    how = wording.VERDICTS["accept"]
    return Text(f"{how.mark} supports,\n{sent}", style=how.style)


def _keeps(actor: Plain) -> Iterator[str]:
    """Why an actor that supports a text sends nothing: the largest cost of sending, for each resource."""
    if actor["verdict"] != "accept":
        return
    for resource, one in actor.get("sends", {}).items():
        costs = [entry for entry in one["ledger"] if entry["points"] == NEVER or entry["points"] < 0]
        if one["asked"] and not one["sends"] and costs:
            yield f"No {resource}: {wording.reason(min(costs, key=wording.worst_first))}"


def _name(actor: Plain) -> str:
    return f"{actor['name']} *" if actor["needed"] else str(actor["name"])


def stands_between(
    found: Plain, *, over: bool, believed: Mapping[str, float] | None = None, core: Sequence[str] = ()
) -> Iterator[RenderableType]:
    """What each actor that blocks or refuses lacks and would accept, and the consent rules that are not met."""
    cast = Cast.of(found["actors"])
    told = [*between(found, cast, believed, core), *unmet(found, cast)]
    if told:
        yield heading(in_between(found, over=over))
    yield from map(indented, told)


def measures(found: Plain) -> Table:
    """Each measure as a bar."""
    made = Table.grid(padding=(0, 2))
    for name, score in found["measures"].items():
        made.add_row(name.replace("_", " "), bar(score / HIGHEST, wording.level(score)))
    return made
