"""The blocks that a report is made of, as in `sim.report.document.handout`; a figure is a block with its table beside
it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from matplotlib.figure import Figure

from sim.report.charts.figure_style import svg

Block: TypeAlias = dict[str, Any]


def h2(text: str, anchor: str) -> Block:
    """A section, which the contents name."""
    return {"kind": "h2", "text": text, "id": anchor}


def h3(text: str) -> Block:
    """A part of a section."""
    return {"kind": "h3", "text": text}


def h4(text: str) -> Block:
    """A part of a part."""
    return {"kind": "h4", "text": text}


def p(text: str) -> Block:
    """A paragraph."""
    return {"kind": "p", "text": text}


def note(text: str) -> Block:
    """A paragraph that stands out."""
    return {"kind": "note", "text": text}


def items(texts: Iterable[str]) -> Block:
    """A list."""
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
    """A table; its first column names the rows.

    Parameters
    ----------
    numbers : columns of numbers: as narrow as they can be, and set to the right
    narrow : columns of a word or two: as narrow as they can be
    wide : columns that take two shares of the room where others take one
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
    """A figure with what it is called, how to read it, what it says, and its numbers.

    Parameters
    ----------
    name : for a file of its own
    reads : how to read it, shown beneath it
    says : what it shows, in words, for those who do not see it
    numbers : the table of what is drawn
    folded : whether a screen shows that table only to those who ask for it; print always does
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
