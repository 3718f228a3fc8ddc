"""What went to another program, or came from one, on the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from sim.report import wording
from sim.report.terminal.layout import heading, indented, table
from sim.report.wording import Plain

PROGRAMS = {"genius": "Genius", "negmas": "NegMAS"}


def export(told: Plain) -> RenderableType:
    """What each actor's utility has become, and what is left out."""
    return Group(Text(told["title"], style="bold"), *_exported(told))


def imported(told: Plain) -> RenderableType:
    """What each party has become, and what is left out."""
    return Group(Text(told["title"], style="bold"), *_taken_in(told))


def _exported(told: Plain) -> Iterator[RenderableType]:
    yield heading(f"For {PROGRAMS[told['to']]}, at central values: {wording.count(told['packages'], 'outcome')}")
    made = table("", "Utility", "Value of no deal", gap=2)
    made.columns[2].justify = "right"
    for actor in told["actors"].values():
        count = actor["rectangles"]
        shape = f"over {wording.count(count, 'hyper-rectangle')}" if count else "linear additive"
        made.add_row(Text(actor["name"], style="bold"), shape, wording.level(actor["reserved_value"]))
    yield Padding(made, (0, 0, 0, 2))
    yield from _notes("Dropped: it matters, but the format cannot express it", told["dropped"])
    yield from _notes("Left out: the format has no place for it", told["left_out"])


def _notes(title: str, notes: Sequence[Mapping[str, str]]) -> Iterator[RenderableType]:
    if notes:
        yield heading(title)
        for note in notes:
            yield indented(Text.assemble((note["path"], "bold"), f": {note['why']}"))


def _taken_in(told: Plain) -> Iterator[RenderableType]:
    issues, packages = wording.count(len(told["issues"]), "issue"), wording.count(told["packages"], "package")
    yield heading(f"From {PROGRAMS[told['from']]}: {issues}, {packages}")
    points = "a utility of 1 equals 1 point" if told["points_for_1"] == 1 else "a utility of 1 equals 100 points"
    yield indented(f"{points[0].upper()}{points[1:]}; each is rounded by {told['rounded_by']:.1g} points at most.")
    yield indented(f"The step of the talks (the smallest change that counts) is {told['step']:g} points.")
    made = table("", "Rules", "Value of no deal", gap=2)
    for column in made.columns[1:]:
        column.justify = "right"
    for actor in told["actors"].values():
        made.add_row(Text(actor["name"], style="bold"), str(actor["rules"]), wording.level(actor["reservation"]))
    yield Padding(made, (1, 0, 0, 2))
    if told["left_out"]:
        yield heading("Left out")
        yield from map(indented, told["left_out"])
