"""Pieces of Markdown, in which text of a case is escaped, so that it is never read as Markdown or HTML."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def section(name: str, depth: int = 2) -> list[str]:
    """Return the lines of a heading with blank lines around it."""
    return ["", f"{'#' * depth} {plain(name)}", ""]


def heads(names: Sequence[str], numbers: Sequence[int] = ()) -> list[str]:
    """Return the first two lines of a table; columns of numbers are aligned to the right."""
    rule = " | ".join("---:" if column in numbers else "---" for column in range(len(names)))
    return [row(names), f"| {rule} |"]


def row(cells: Iterable[str]) -> str:
    """Return a row of a table."""
    return f"| {' | '.join(plain(cell) for cell in cells)} |"


def plain(text: str) -> str:
    """Return text of a case in one line, escaped."""
    one_line = " ".join(text.split())
    for mark in ("\\", "`", "*", "[", "]", "<", "|"):
        one_line = one_line.replace(mark, f"\\{mark}")
    return one_line
