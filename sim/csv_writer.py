"""CSV that a spreadsheet opens without running anything in it.

A text that a spreadsheet would take for a formula gets an apostrophe in front, as OWASP advises (*CSV Injection*).
Numbers stay numbers, negative ones too.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Sequence
from typing import BinaryIO, TypeAlias

Cell: TypeAlias = str | float | int | bool | None
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a formula begins with; spreadsheets read full-width signs like the narrow ones."""


def guarded(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula.

    >>> guarded("=1+1"), guarded(" @SUM(A1)"), guarded("1 - 1")
    ("'=1+1", "' @SUM(A1)", '1 - 1')
    """
    return f"'{text}" if text.startswith(FORMULA_STARTS) or text.lstrip().startswith(FORMULA_STARTS) else text


class CsvWriter:
    """Writes rows of cells; None is an empty cell.

    Parameters
    ----------
    stream : where to write, in UTF-8
    quote_text : whether every text is in quotes; otherwise only those that need them
    line_end : the end of a line; RFC 4180 asks for the default
    truth : how False and True are written
    number_format : how a float is written (`format`), or None for all of its digits; not with `quote_text`
    """

    def __init__(
        self,
        stream: BinaryIO,
        *,
        quote_text: bool = False,
        line_end: str = "\r\n",
        truth: tuple[str, str] = ("no", "yes"),
        number_format: str | None = None,
    ) -> None:
        self._writer = csv.writer(
            codecs.getwriter("utf-8")(stream),
            quoting=csv.QUOTE_NONNUMERIC if quote_text else csv.QUOTE_MINIMAL,
            lineterminator=line_end,
        )
        self._truth, self._number_format = truth, number_format

    def write_rows(self, rows: Iterable[Iterable[Cell]]) -> None:
        self._writer.writerows([self._written(cell) for cell in row] for row in rows)

    def _written(self, cell: Cell) -> str | float | int:
        match cell:
            case None:
                return ""
            case str():
                return guarded(cell)
            case bool():
                return self._truth[cell]
            case float() if self._number_format is not None:
                return format(cell, self._number_format)
        return cell


def csv_text(
    header: Sequence[str],
    rows: Iterable[Iterable[Cell]],
    *,
    quote_text: bool = False,
    truth: tuple[str, str] = ("no", "yes"),
) -> str:
    """Return a table as text; the parameters are those of `CsvWriter`."""
    stream = io.BytesIO()
    CsvWriter(stream, quote_text=quote_text, truth=truth).write_rows([header, *rows])
    return stream.getvalue().decode()
