"""Where every number of a case comes from, on the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sim.report import words
from sim.report.screen import INDENT, bar, heading, table
from sim.report.words import Plain


def sources(found: Plain) -> RenderableType:
    """The shares first, then every number by its owner, then the claims that nothing uses."""
    return Group(*_parts(found))


def _parts(found: Plain) -> Iterator[RenderableType]:
    yield Text(f"{found['case']}: {words.count(len(found['numbers']), 'number')}", style="bold")
    share = Table.grid(padding=(0, 2))
    share.add_row("rest on claims", bar(found["share_sourced"]))
    share.add_row("are assumed", bar(found["share_assumed"]))
    yield Padding(share, INDENT)
    for owner, numbers in groupby(found["numbers"], key=lambda number: number["owner"]):
        yield heading(owner)
        yield Padding(_numbers(list(numbers), owner), INDENT)
    yield heading("Claims that nothing uses")
    unused = Table.grid(padding=(0, 2))
    for claim in found["unused_claims"]:
        unused.add_row(claim["id"], claim["text"])
    yield Padding(unused if found["unused_claims"] else Text("none: every claim is used."), INDENT)


def _numbers(numbers: list[Plain], owner: str) -> Table:
    made = table("Number", "Written", "Claims, or why")
    for number in numbers:
        path = number["path"].removeprefix("actors.").removeprefix(f"{owner}.")
        why = "; ".join(part for part in (" ".join(number["source"]), number["assumption"] or "") if part)
        made.add_row(Text(path, overflow="fold"), Text(str(number["written"]), overflow="fold"), why)
    return made
