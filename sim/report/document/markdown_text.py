"""Markdown, piece by piece, in which text of a case is never read as Markdown or HTML of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def section(name: str, depth: int = 2) -> list[str]:
    """A heading with the blank lines around it."""
    return ["", f"{'#' * depth} {plain(name)}", ""]


def heads(names: Sequence[str], numbers: Sequence[int] = ()) -> list[str]:
    """The first two lines of a table; columns of numbers are set to the right."""
    rule = " | ".join("---:" if at in numbers else "---" for at in range(len(names)))
    return [row(names), f"| {rule} |"]


def row(cells: Iterable[str]) -> str:
    """A line of a table."""
    return f"| {' | '.join(plain(cell) for cell in cells)} |"


def plain(text: str) -> str:
    """Text of a case, in one line."""
    one_line = " ".join(text.split())
    for mark in ("\\", "`", "*", "[", "]", "<", "|"):
        one_line = one_line.replace(mark, f"\\{mark}")
    return one_line
