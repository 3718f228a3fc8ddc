"""Where every number of a case comes from, on the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from rich.console import RenderableType, group
from rich.table import Table
from rich.text import Text

from sim.report import wording
from sim.report.terminal.layout import bar, grid, heading, indented, table, typed
from sim.report.wording import Plain


@group()
def sources(result: Plain) -> Iterator[RenderableType]:
    """Show the shares of claims and assumptions, every number by owner, and the unused claims."""
    yield Text(f"{result['case']}: {wording.count(len(result['numbers']), 'number')}", style="bold")
    shares = (("based on claims", result["share_sourced"]), ("assumed", result["share_assumed"]))
    yield indented(grid((basis, bar(share)) for basis, share in shares))
    yield indented("The path of a number, as --set takes it, is the heading of its table, a dot and its name.")
    for part, numbers in groupby(result["numbers"], key=_part):
        yield heading(part)
        yield indented(_numbers(numbers, part))
    yield heading("Unused claims")
    unused = grid((claim["id"], claim["text"]) for claim in result["unused_claims"])
    yield indented(unused if result["unused_claims"] else "none: every claim is used.")


def _part(number: Plain) -> str:
    """Return the first part of a number's path: ``actors.russia`` or ``context``."""
    return f"actors.{number['owner']}" if number["path"].startswith("actors.") else str(number["owner"])


def written(number: Plain) -> Text:
    """Return a number as its file has it, or the path of the number that it equals.

    >>> print(written({"written": "{same_as: actors.uk.reservation.base}", "same_as": "actors.uk.reservation.base"}))
    the same as actors.uk.reservation.base
    """
    if number["same_as"] is not None:
        return typed(f"the same as {number['same_as']}")
    return Text(str(number["written"]), overflow="fold")


def _numbers(numbers: Iterable[Plain], part: str) -> Table:
    rows = table("Number", "Written", "Claims or assumption")
    for number in numbers:
        basis = "; ".join(filter(None, (" ".join(number["source"]), number["assumption"])))
        rows.add_row(typed(number["path"].removeprefix(f"{part}.")), written(number), basis)
    return rows
