"""The blocks of a report, as in `sim.report.document.handout`; a figure is a block that includes its numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from matplotlib.figure import Figure

from sim.report.charts.figure_style import svg

Block: TypeAlias = dict[str, Any]
BREAK: Block = {"kind": "break"}


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


def terms(pairs: Iterable[Sequence[str]], *, large: bool = False) -> Block:
    """Return a list of terms with a text each; in small print unless it is `large`."""
    return {"kind": "terms", "items": [list(pair) for pair in pairs], "large": large}


def table(
    caption: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    numbers: Iterable[int] = (),
    narrow: Iterable[int] = (),
    wide: Iterable[int] = (),
) -> Block:
    """Return a table.

    Parameters
    ----------
    caption : a sentence
    numbers : columns aligned to the right and only as wide as necessary
    narrow : columns only as wide as necessary
    wide : columns twice as wide as the others
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


def figure(name: str, drawing: Figure, title: str, *, reads: str, says: str, numbers: Block) -> Block:
    """Return a figure with its finding, how to read it, what it shows, and its numbers.

    Parameters
    ----------
    name : stem of its file, where it is saved as one
    title : what it shows, as a sentence
    reads : how to read it, shown below it
    says : its content in words, for readers who cannot see it
    numbers : the table of what is drawn, which the appendix shows
    """
    return {
        "kind": "figure",
        "name": name,
        "svg": svg(drawing, title, says),
        "title": title,
        "reads": reads,
        "says": says,
        "table": numbers,
    }
