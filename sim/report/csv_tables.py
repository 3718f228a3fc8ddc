"""Tables as CSV that a spreadsheet opens without running anything in them.

A cell of text that a spreadsheet would take for a formula gets an apostrophe in front, as OWASP advises (*CSV
Injection*). Numbers stay numbers, negative ones too.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import TypeAlias

Cell: TypeAlias = str | float | int | bool | None
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a formula begins with; full-width signs are read as their narrow ones."""


def safe(cell: Cell) -> str | float | int:
    """One cell as it is written.

    >>> safe("=1+1"), safe("-2"), safe(-2.5), safe(" @SUM(A1)"), safe(None), safe(True)
    ("'=1+1", "'-2", -2.5, "' @SUM(A1)", '', 'yes')
    """
    match cell:
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case int() | float():
            return cell
    return f"'{cell}" if cell.startswith(FORMULAS) or cell.lstrip().startswith(FORMULAS) else cell


def table(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """A table as CSV (RFC 4180), text in quotes, numbers bare."""
    stream = io.StringIO()
    writer = csv.writer(stream, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow([safe(head) for head in heads])
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return stream.getvalue()
