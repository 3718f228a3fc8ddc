"""Where every number of a case comes from, on the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sim.report import wording
from sim.report.terminal.layout import INDENT, PathText, bar, heading, indented, table
from sim.report.wording import Plain


def sources(found: Plain) -> RenderableType:
    """The shares first, then every number by its owner, then the claims that nothing uses."""
    return Group(*_parts(found))


def _parts(found: Plain) -> Iterator[RenderableType]:
    yield Text(f"{found['case']}: {wording.count(len(found['numbers']), 'number')}", style="bold")
    share = Table.grid(padding=(0, 2))
    share.add_row("based on claims", bar(found["share_sourced"]))
    share.add_row("assumed", bar(found["share_assumed"]))
    yield Padding(share, INDENT)
    yield indented("The path of a number, as --set takes it, is the heading of its table, a dot and its name.")
    for part, numbers in groupby(found["numbers"], key=_part):
        yield heading(part)
        yield Padding(_numbers(list(numbers), part), INDENT)
    yield heading("Unused claims")
    unused = Table.grid(padding=(0, 2))
    for claim in found["unused_claims"]:
        unused.add_row(claim["id"], claim["text"])
    yield Padding(unused if found["unused_claims"] else Text("none: every claim is used."), INDENT)


def _part(number: Plain) -> str:
    """Where its path begins: ``actors.russia`` or ``context``."""
    return f"actors.{number['owner']}" if number["path"].startswith("actors.") else str(number["owner"])


def written(number: Plain) -> Text:
    """A number as its file has it, or which other number it is the same as.

    >>> print(written({"written": "{same_as: actors.uk.reservation.base}", "same_as": "actors.uk.reservation.base"}))
    the same as actors.uk.reservation.base
    """
    if number["same_as"] is not None:
        return PathText(f"the same as {number['same_as']}")
    return Text(str(number["written"]), overflow="fold")


def _numbers(numbers: list[Plain], part: str) -> Table:
    made = table("Number", "Written", "Claims or assumption")
    for number in numbers:
        path = number["path"].removeprefix(f"{part}.")
        why = "; ".join(part for part in (" ".join(number["source"]), number["assumption"] or "") if part)
        made.add_row(PathText(path), written(number), why)
    return made
