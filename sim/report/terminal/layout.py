"""What the terminal pages share: headings, indented blocks, grids, tables, and shares as bars."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich import box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.containers import Lines
from rich.measure import Measurement
from rich.segment import Segment
from rich.table import Column, Table
from rich.text import Text

from sim.report.wording import NOT_A_FORECAST, OUTCOMES, VERDICTS, Appearance, Plain, per_cent

MARGIN = 2
"""Columns by which everything under a heading is indented."""
BAR = 20
"""Cells of a bar that shows a share of 1."""
WORD = 14
"""Columns that a word in a table gets before it is broken; Chinese, for instance, has no spaces to wrap at."""
UNBREAKABLE = re.compile(r"[\u2e80-\uffdc]\s*|[^\s\u2e80-\uffdc]+\s*")
"""Matches what is never broken: a word, or a single character of a script without spaces."""
UNBOUNDED = 10_000
"""Columns: wider than any table."""


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


@dataclass(frozen=True)
class Indented:
    """A paragraph or a table below a heading, indented, with empty lines above and below it.

    Unlike `rich.padding.Padding` it cuts nothing: a path or command that is wider than the terminal stays whole.
    """

    content: RenderableType
    above: int = 0
    below: int = 0
    left: int = MARGIN

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Segment]:
        width = max(1, options.max_width - self.left)
        yield from [Segment.line()] * self.above
        for line in Segment.split_lines(console.render(self.content, options.update(width=width, height=None))):
            if line:
                yield Segment(" " * self.left)
            yield from line
            yield Segment.line()
        yield from [Segment.line()] * self.below


def indented(content: RenderableType, *, above: int = 0, below: int = 0, left: int = MARGIN) -> Indented:
    """Indent a paragraph or a table; a string is not parsed as markup."""
    return Indented(Text(content) if isinstance(content, str) else content, above, below, left)


def more(hidden: int, left: int = MARGIN) -> Iterator[Indented]:
    """Say how many entries of a list are not shown, if any."""
    if hidden > 0:
        yield indented(Text(f"and {hidden:,} more", style="dim"), left=left)


class WholeText(Text):
    """Text in which no word is broken or cut, because a path or a command in it is to be typed.

    A word that is wider than its column goes beyond it. Chinese and the like, which have no spaces, break anywhere.
    """

    def wrap(self, console: Console, width: int, **options: Any) -> Lines:
        """Wrap the text to lines of `width` cells."""
        lines = Lines()
        for line in self.split(allow_blank=True):
            starts, used = [], 0
            for word in UNBREAKABLE.finditer(line.plain):
                if used and used + cell_len(word[0].rstrip()) > width:
                    starts.append(word.start())
                    used = 0
                used += cell_len(word[0])
            lines.extend(line.divide(starts))
        for line in lines:
            line.rstrip()
        return lines


def typed(text: str, style: str = "") -> Text:
    """Return something that is to be typed, such as a path or a command: it is never broken, not even at a space."""
    return Text(text, style=style, no_wrap=True, overflow="ignore")


class FittingTable(Table):
    """A table whose columns shrink where words can wrap; if that is not enough, it becomes a list of its rows."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        own_widths = [column.width for column in self.columns]
        widths = self._widths(console, options)
        if widths is None:
            yield from self._as_list()
            return
        for column, width in zip(self.columns, widths, strict=True):
            column.width = width
        yield from super().__rich_console__(console, options)
        for column, own_width in zip(self.columns, own_widths, strict=True):
            column.width = own_width

    def _widths(self, console: Console, options: ConsoleOptions) -> list[int] | None:
        """Return the widths of the columns, of which the widest shrinks first; None if they do not fit."""
        unbounded = options.update(max_width=UNBOUNDED)
        least, widths = zip(*(self._extremes(console, unbounded, column) for column in self.columns), strict=True)
        widest = list(widths)
        whole = Measurement.get(console, unbounded, self).maximum
        excess = whole - options.max_width
        while excess > 0:
            shrinkable = [index for index, width in enumerate(widest) if width > least[index]]
            if not shrinkable:
                return None
            widest[max(shrinkable, key=lambda index: widest[index])] -= 1
            excess -= 1
        return widest

    def _extremes(self, console: Console, options: ConsoleOptions, column: Column) -> tuple[int, int]:
        """Return the smallest and the largest width of a column in cells, without its padding."""
        if column.width is not None:
            return column.width, column.width
        cells = [*([column.header] if self.show_header else []), *column.cells]
        measures = [Measurement.get(console, options, cell) for cell in cells]
        most = max((measure.maximum for measure in measures), default=1)
        most = min(most, column.max_width or most)
        kept = [
            measure.maximum if column.no_wrap else _least_width(cell, measure)
            for cell, measure in zip(cells, measures, strict=True)
        ]
        return min(max(kept, default=1), most), most

    def _as_list(self) -> Iterator[RenderableType]:
        """Return each row as its first cell on a line and the others, with their headings, below it."""
        heads = [_as_text(column.header) for column in self.columns]
        for first, *others in zip(*(column.cells for column in self.columns), strict=True):
            yield _as_text(first)
            named = [
                Text(" ").join(filter(None, (head, _as_text(cell))))
                for head, cell in zip(heads[1:], others, strict=True)
            ]
            yield indented(WholeText.assemble(Text(" · ").join(cell for cell in named if cell)), left=MARGIN)
        if self.caption:
            yield _as_text(self.caption)


def _least_width(cell: RenderableType, measure: Measurement) -> int:
    """Return the cells that a cell of a table needs if its column shrinks."""
    if isinstance(cell, Text) and cell.no_wrap:
        return measure.maximum
    return measure.minimum if isinstance(cell, WholeText) else min(measure.minimum, WORD)


def _as_text(cell: RenderableType) -> Text:
    return cell if isinstance(cell, Text) else Text(str(cell))


def no_variance(result: Plain, says: str) -> Iterator[RenderableType]:
    """Say that an output is the same in every world, and name outputs that vary."""
    yield indented(Text(says, style="bold"))
    if varying := result["varying"]:
        yield indented(f"These vary: {', '.join(varying)}. Add, for example, --of {varying[0]}.")
    else:
        yield indented("Nothing that can be asked about varies in this scenario.")


def table(*headings: str | Text, gap: int = 1, right: Container[int] = (), caption: str | None = None) -> FittingTable:
    """Return an empty table with a line under its headings; the columns with indices in `right` align right."""
    rows = FittingTable(
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        padding=(0, 0, 0, gap),
        header_style="bold",
        show_edge=False,
        caption=caption,
        caption_justify="left",
    )
    for index, name in enumerate(headings):
        rows.add_column(name, justify="right" if index in right else "left", overflow="fold")
    return rows


def grid(rows: Iterable[Sequence[RenderableType]], *columns: Mapping[str, Any], gap: int = 2) -> FittingTable:
    """Return rows in aligned columns without lines or headings; `columns` holds options of the first columns."""
    lines = FittingTable.grid(padding=(0, gap))
    assert isinstance(lines, FittingTable)
    for options in columns:
        lines.add_column(**options)
    for row in rows:
        lines.add_row(*row)
    return lines


def paths(names: Iterable[str]) -> Iterator[RenderableType]:
    """List the paths of numbers, in the order of a table above, each whole on a line of its own."""
    yield indented(Text("Their paths, as --set takes them:", style="dim"), above=1)
    for name in names:
        yield indented(typed(name, "dim"), left=2 * MARGIN)


def commands(pairs: Iterable[tuple[str, str | Text]]) -> FittingTable:
    """Return commands on the left and what they do on the right."""
    return grid((typed(command, "cyan"), what) for command, what in pairs)


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
