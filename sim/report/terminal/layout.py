"""What the terminal pages share: headings, indented blocks, grids, tables, and shares as bars."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from rich import box
from rich.console import Console, Group, RenderableType
from rich.containers import Lines
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sim.report.wording import NOT_A_FORECAST, OUTCOMES, VERDICTS, Appearance, Plain, per_cent

MARGIN = 2
"""Columns by which everything under a heading is indented."""
BAR = 20
"""Cells of a bar that shows a share of 1."""


def page(*parts: RenderableType) -> Group:
    """Return a page that ends with the note that the results are not a forecast."""
    return Group(*parts, Text(f"\n{NOT_A_FORECAST}", style="dim"))


def title(result: Plain, setup: str) -> Text:
    """Return the title, question and set-up at the top of a page."""
    return Text.assemble(
        (result["title"], "bold"), "\n", (result["question"], "italic"), "\n", (setup, "dim"), overflow="fold"
    )


def heading(words: str) -> Text:
    """Return a section's heading, with an empty line above it."""
    return Text(f"\n{words}", style="bold")


def indented(content: RenderableType, *, above: int = 0, below: int = 0, left: int = MARGIN) -> Padding:
    """Indent a paragraph or a table, with empty lines above and below it; a string is not parsed as markup."""
    return Padding(Text(content) if isinstance(content, str) else content, (above, 0, below, left))


def more(hidden: int, left: int = MARGIN) -> Iterator[Padding]:
    """Say how many entries of a list are not shown, if any."""
    if hidden > 0:
        yield indented(Text(f"and {hidden:,} more", style="dim"), left=left)


class PathText(Text):
    """Text that contains paths; a path wider than its column breaks after a dot or an underscore."""

    def wrap(self, console: Console, width: int, **options: Any) -> Lines:
        """Wrap the text to lines of at most `width` cells."""
        options["overflow"] = "fold"
        return Text("\n").join(self.divide(self._breaks(width))).wrap(console, width, **options)

    def _breaks(self, width: int) -> Iterator[int]:
        for word in re.finditer(rf"\S{{{width + 1},}}", self.plain):
            start = word.start()
            ends = [part.end() for part in re.finditer(r"[^._]*[._]+|[^._]+", word[0])]
            for end, following in pairwise(ends):
                if word.start() + following - start > width:
                    start = word.start() + end
                    yield start


def table(*headings: str | Text, gap: int = 1, right: Container[int] = (), caption: str | None = None) -> Table:
    """Return an empty table with a line under its headings; the columns with indices in `right` align right."""
    rows = Table(
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        padding=(0, 0, 0, gap),
        header_style="bold",
        show_edge=False,
        caption=caption,
        caption_justify="left",
    )
    for index, name in enumerate(headings):
        rows.add_column(name, justify="right" if index in right else "left")
    return rows


def grid(rows: Iterable[Sequence[RenderableType]], *columns: Mapping[str, Any]) -> Table:
    """Return rows in aligned columns without lines or headings; `columns` holds options of the first columns."""
    lines = Table.grid(padding=(0, 2))
    for options in columns:
        lines.add_column(**options)
    for row in rows:
        lines.add_row(*row)
    return lines


def commands(pairs: Iterable[Sequence[str | Text]]) -> Table:
    """Return commands on the left and what they do on the right."""
    return grid(pairs, {"no_wrap": True, "style": "cyan"})


def look(name: str) -> Text:
    """Return a verdict or an outcome in full: its mark and words in its colour."""
    appearance = _appearance(name)
    return Text(f"{appearance.mark} {appearance.words}", style=appearance.style)


def cell(name: str) -> Text:
    """Return a verdict or an outcome for a narrow column."""
    appearance = _appearance(name)
    return Text(appearance.cell, style=appearance.style)


def bar(share: float, label: str | None = None, style: str = "") -> Text:
    """Return a share from 0 to 1 as a bar with a label, by default its percentage."""
    cells = ("█" * round(BAR * share)).ljust(BAR, "·")
    return Text(f"{cells} {label or per_cent(share):>6}", style=style)


def _appearance(name: str) -> Appearance:
    return VERDICTS.get(name) or OUTCOMES[name]
