"""Every actor's verdict on one package, on the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.cells import cell_len
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from sim.report import judged_wording, wording
from sim.report.story.cast import Cast
from sim.report.story.ending import between, in_between, unmet
from sim.report.story.pledges import sends
from sim.report.terminal.layout import bar, grid, heading, indented, look, page, table, title
from sim.report.wording import NEVER, Plain

HIGHEST = 100
"""Measures have a scale from 0 to 100."""
NAME = 26
"""Maximum width of an actor's name, in columns; a longer name wraps to leave room for the reasons."""
VERDICT = 13
"""Maximum width of a verdict, in columns; it wraps because the reasons need several lines anyway."""

NEEDED = "* its consent is needed · ** its pledge is needed"
NEEDED_MARKS = {"consent": " *", "pledge": " **", None: ""}


def verdicts(result: Plain) -> RenderableType:
    """Return the page: each actor's verdict, whether the package is agreed, and its measures."""
    return page(title(result, wording.setup(result)), *_parts(result))


def _parts(result: Plain) -> Iterator[RenderableType]:
    yield heading("The package")
    yield indented(wording.terms(result["package"]))
    yield indented(Text(judged_wording.judged(result["judged"]), style="dim"))
    yield from map(indented, wording.adjustments(result))
    yield heading("Who answers what, and the main reasons")
    yield reasons(result, shares=not result["nominal"])
    yield heading("Is it agreed?")
    yield indented(_answer(result))
    if result["nominal"]:
        yield from stands_between(result, over=False, core=result.get("core", ()))
    if result["measures"]:
        yield heading("What the package does (0 to 100)")
        measures = (
            (name.replace("_", " "), bar(score / HIGHEST, wording.level(score)))
            for name, score in result["measures"].items()
        )
        yield indented(grid(measures))


def _answer(result: Plain) -> Text:
    if not result["nominal"]:
        share = f"Agreed in {wording.per_cent(result['agreed_share'])} of {wording.count(result['worlds'], 'world')}."
        return Text(share, style="bold")
    if result["agreed"]:
        return Text("Yes: everybody whose consent is needed accepts.", style=wording.OUTCOMES["agreed"].style)
    blocked = result["blocked_by"]
    cast = Cast.of(result["actors"])
    return Text(
        f"No: {cast.who(blocked)} {cast.does(blocked, 'blocks', 'block')} it.", style=wording.OUTCOMES["impasse"].style
    )


def reasons(result: Plain, *, shares: bool = False) -> Table:
    """List the actors: verdict and what each sends, surplus or share of worlds in which it accepts, main reasons."""
    head = "Accepts" if shares else "Surplus"
    rows = table("", "Verdict", head, "Main reasons", right=[2], caption=NEEDED)
    rows.columns[0].width = min(NAME, max(cell_len(_name(actor)) for actor in result["actors"].values()))
    rows.columns[1].max_width = VERDICT
    for actor in result["actors"].values():
        middle = wording.per_cent(actor["shares"].get("accept", 0.0)) if shares else wording.points(actor["surplus"])
        lines = [wording.reason(entry) for entry in wording.main_reasons(actor)] or ["none"]
        rows.add_row(Text(_name(actor), style="bold"), answers(actor), middle, "\n".join([*lines, *_withheld(actor)]))
    return rows


def answers(actor: Plain) -> Text:
    """Return an actor's verdict and, if it accepts a text that asks it for something, what it sends."""
    sent = sends(actor) if actor["verdict"] == "accept" else None
    if sent is None:
        return look(actor["verdict"])
    accepts = wording.VERDICTS["accept"]
    return Text(f"{accepts.mark} supports,\n{sent}", style=accepts.style)


def _withheld(actor: Plain) -> Iterator[str]:
    """For each resource that a supporter of the text does not send, give the largest cost of sending."""
    if actor["verdict"] != "accept":
        return
    for resource, sending in actor.get("sends", {}).items():
        costs = [entry for entry in sending["ledger"] if entry["points"] == NEVER or entry["points"] < 0]
        if sending["asked"] and not sending["sends"] and costs:
            yield f"No {resource}: {wording.reason(min(costs, key=wording.worst_first))}"


def _name(actor: Plain) -> str:
    return f"{actor['name']}{NEEDED_MARKS[actor['why_needed']]}"


def stands_between(
    result: Plain, *, over: bool, believed: Mapping[str, float] | None = None, core: Sequence[str] = ()
) -> Iterator[RenderableType]:
    """Say what each blocker lacks and would accept, and which consent rules are not met."""
    cast = Cast.of(result["actors"])
    sentences = [*between(result, cast, believed, core), *unmet(result, cast)]
    if sentences:
        yield heading(in_between(result, over=over))
    yield from map(indented, sentences)
