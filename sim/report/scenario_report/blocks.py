"""The blocks of a report, as in `sim.report.document.handout`; a figure is a block that includes its table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from matplotlib.figure import Figure

from sim.report.charts.figure_style import svg

Block: TypeAlias = dict[str, Any]


def h2(text: str, anchor: str) -> Block:
    """Return the heading of a section, which is listed in the contents."""
    return {"kind": "h2", "text": text, "id": anchor}


def h3(text: str) -> Block:
    """Return the heading of a part of a section."""
    return {"kind": "h3", "text": text}


def h4(text: str) -> Block:
    """Return a heading one level below `h3`."""
    return {"kind": "h4", "text": text}


def p(text: str) -> Block:
    """Return a paragraph."""
    return {"kind": "p", "text": text}


def note(text: str) -> Block:
    """Return a highlighted paragraph."""
    return {"kind": "note", "text": text}


def items(texts: Iterable[str]) -> Block:
    """Return a list."""
    return {"kind": "list", "items": list(texts)}


def table(
    caption: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    numbers: Sequence[int] = (),
    narrow: Sequence[int] = (),
    wide: Sequence[int] = (),
) -> Block:
    """Return a table, whose first column names the rows.

    Parameters
    ----------
    numbers : indices of columns of numbers, as narrow as possible and aligned to the right
    narrow : indices of columns with a word or two, as narrow as possible
    wide : indices of columns that are twice as wide as the others
    """
    return {
        "kind": "table",
        "caption": caption,
        "heads": list(heads),
        "rows": [list(row) for row in rows],
        "numbers": list(numbers),
        "narrow": list(narrow),
        "wide": list(wide),
    }


def figure(
    name: str, drawing: Figure, title: str, *, reads: str, says: str, numbers: Block, folded: bool = False
) -> Block:
    """Return a figure with its title, how to read it, what it shows, and its numbers.

    Parameters
    ----------
    name : stem of its file, where it is saved as one
    reads : how to read it, shown below it
    says : what it shows, in words, for readers who cannot see it
    numbers : the table of what is drawn
    folded : whether a screen shows that table only on request; print always shows it
    """
    return {
        "kind": "figure",
        "name": name,
        "svg": svg(drawing, title, says),
        "title": title,
        "reads": reads,
        "says": says,
        "table": numbers,
        "folded": folded,
    }
