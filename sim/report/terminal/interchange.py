"""What was exported to another program or imported from one, on the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.console import RenderableType, group
from rich.text import Text

from sim.report import wording
from sim.report.terminal.layout import heading, indented, table
from sim.report.wording import Plain

PROGRAMS = {"genius": "Genius", "geniusweb": "GeniusWeb", "negmas": "NegMAS"}


@group()
def export(report: Plain) -> Iterator[RenderableType]:
    """Show each actor's utility in the other format, and what is left out."""
    yield Text(report["title"], style="bold")
    yield heading(f"For {PROGRAMS[report['to']]}, at central values: {wording.count(report['packages'], 'outcome')}")
    rows = table("", "Utility", "Value of no deal", gap=2, right=[2])
    for actor in report["actors"].values():
        count = actor["rectangles"]
        shape = f"over {wording.count(count, 'hyper-rectangle')}" if count else "linear additive"
        rows.add_row(Text(actor["name"], style="bold"), shape, wording.level(actor["reserved_value"]))
    yield indented(rows)
    yield from _notes("Dropped: it matters, but the format cannot express it", report["dropped"])
    yield from _notes("Left out: the format has no place for it", report["left_out"])


def _notes(title: str, notes: Sequence[Mapping[str, str]]) -> Iterator[RenderableType]:
    if notes:
        yield heading(title)
        for note in notes:
            yield indented(Text.assemble((note["path"], "bold"), f": {note['why']}"))


@group()
def imported(report: Plain) -> Iterator[RenderableType]:
    """Show each party's rules and value of no deal, how the files were read, and what is left out."""
    yield Text(report["title"], style="bold")
    issues, packages = wording.count(len(report["issues"]), "issue"), wording.count(report["packages"], "package")
    yield heading(f"From {PROGRAMS[report['from']]}: {issues}, {packages}")
    points = "a utility of 1 equals 1 point" if report["points_for_1"] == 1 else "a utility of 1 equals 100 points"
    yield indented(f"{points[0].upper()}{points[1:]}; each is rounded by {report['rounded_by']:.1g} points at most.")
    yield indented(f"The step of the talks (the smallest change that counts) is {report['step']:g} points.")
    rows = table("", "Rules", "Value of no deal", gap=2, right=[1, 2])
    for actor in report["actors"].values():
        rows.add_row(Text(actor["name"], style="bold"), str(actor["rules"]), wording.level(actor["reservation"]))
    yield indented(rows, above=1)
    for title, lines in (("How the files were read", report["notes"]), ("Left out", report["left_out"])):
        if lines:
            yield heading(title)
            yield from map(indented, lines)
