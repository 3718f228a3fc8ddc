"""The first page on the terminal: the bundled scenarios by case, and the commands to try."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType, group
from rich.text import Text

from sim.report.terminal.layout import commands, heading, indented
from sim.report.wording import Plain
from sim.report.zone_line import zone_line
from sim.strings import Strings


@group()
def welcome(cases: Sequence[Plain], to_type: Sequence[tuple[str, str]]) -> Iterator[RenderableType]:
    """Show the first page.

    Parameters
    ----------
    cases : each with `name`, `title` and `scenarios`, a list of objects with `name`, `question` and `zone`, the
        computed zone of possible agreement, or None
    to_type : pairs of a command and what it does
    """
    yield Text.assemble(("Parley", "bold"), " plays out peace negotiations: who accepts, who blocks, and why.")
    for case in cases:
        yield heading(case["title"]).append(f"  {case['name']}", "not bold dim")
        yield indented(commands((scenario["name"], _question(scenario)) for scenario in case["scenarios"]))
    yield heading("What to type")
    yield indented(commands(to_type))


def _question(scenario: Plain) -> Text:
    """Return a scenario's question and, below it, its zone of possible agreement."""
    return Text.assemble(scenario["question"], "\n", (zone_line(scenario["zone"], Strings.load()), "dim"))
