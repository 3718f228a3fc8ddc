"""What the terminal reports share: headings, shares as bars, and tables that stay calm on a projector."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from rich import box
from rich.console import Console
from rich.containers import Lines
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sim.report.wording import OUTCOMES, VERDICTS, Appearance, Plain, per_cent

INDENT = (0, 0, 0, 2)
BAR = 20
"""Cells of a bar that stands for the whole."""


def heading(words: str) -> Text:
    """A section's heading, an empty line above it."""
    return Text(f"\n{words}", style="bold")


def title(found: Plain, setup: str) -> Text:
    """Title, question and set-up, at the top of a report."""
    return Text.assemble(
        (found["title"], "bold"), "\n", (found["question"], "italic"), "\n", (setup, "dim"), overflow="fold"
    )


class PathText(Text):
    """A text with paths: where one is wider than its column, it breaks after a dot or an underscore."""

    def wrap(self, console: Console, width: int, **how: Any) -> Lines:
        """Its lines within so many cells."""
        how["overflow"] = "fold"
        return Text("\n").join(self.divide(self._breaks(width))).wrap(console, width, **how)

    def _breaks(self, width: int) -> Iterator[int]:
        for word in re.finditer(rf"\S{{{width + 1},}}", self.plain):
            start = word.start()
            ends = [part.end() for part in re.finditer(r"[^._]*[._]+|[^._]+", word[0])]
            for end, following in pairwise(ends):
                if word.start() + following - start > width:
                    start = word.start() + end
                    yield start


def indented(words: str | Text) -> Padding:
    """A paragraph set in from the margin; its lines wrap within it."""
    return Padding(words if isinstance(words, Text) else Text(words), INDENT)


def table(*headings: str | Text, gap: int = 1) -> Table:
    """A table with one rule under its headings and nothing else drawn."""
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 0, 0, gap), header_style="bold", show_edge=False)
    for name in headings:
        made.add_column(name)
    return made


def look(name: str) -> Text:
    """A verdict or an outcome: its mark, its words, its colour."""
    how = _look(name)
    return Text(f"{how.mark} {how.words}", style=how.style)


def cell(name: str) -> Text:
    """A verdict or an outcome for a narrow column."""
    how = _look(name)
    return Text(how.cell, style=how.style)


def bar(share: float, label: str | None = None, style: str = "") -> Text:
    """A share of 0 to 1 as a bar with its label: its per cent, if none is given."""
    cells = ("█" * round(BAR * share)).ljust(BAR, "·")
    return Text(f"{cells} {label or per_cent(share):>6}", style=style)


def shares(found: Mapping[str, float]) -> Table:
    """Shares of verdicts or outcomes as bars, in the order of the legend."""
    made = Table.grid(padding=(0, 2))
    for name in (*OUTCOMES, *VERDICTS):
        if name in found:
            made.add_row(cell(name), bar(found[name], style=_look(name).style))
    return made


def _look(name: str) -> Appearance:
    return VERDICTS.get(name) or OUTCOMES[name]
