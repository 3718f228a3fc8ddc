"""What there is to play, on the terminal: the bundled scenarios by case, and what to type."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sim.report.terminal.layout import INDENT, heading
from sim.report.wording import Plain
from sim.report.zone_line import zone_line
from sim.strings import Strings


def welcome(cases: Sequence[Plain], to_type: Sequence[tuple[str, str]]) -> RenderableType:
    """The first page.

    Parameters
    ----------
    cases : each with `name`, `title` and `scenarios`, a list of objects with `name`, `question` and `zone`, the
        computed zone of agreement, or None
    to_type : pairs of a command and what it does
    """
    return Group(*_parts(cases, to_type))


def _parts(cases: Sequence[Plain], to_type: Sequence[tuple[str, str]]) -> Iterator[RenderableType]:
    yield Text.assemble(("Parley", "bold"), " plays out peace negotiations: who accepts, who blocks, and why.")
    for case in cases:
        yield heading(case["title"]).append(f"  {case['name']}", "not bold dim")
        yield _pairs((one["name"], _asked(one)) for one in case["scenarios"])
    yield heading("What to type")
    yield _pairs(to_type)


def _asked(scenario: Plain) -> Text:
    """What a scenario asks, and below it how wide its zone of agreement is."""
    return Text.assemble(scenario["question"], "\n", (zone_line(scenario["zone"], Strings.load()), "dim"))


def _pairs(pairs: Iterable[tuple[str, str | Text]]) -> Padding:
    """What to type on the left, what it is on the right."""
    rows = Table.grid(padding=(0, 2))
    rows.add_column(no_wrap=True, style="cyan")
    for left, right in pairs:
        rows.add_row(left, right)
    return Padding(rows, INDENT)
