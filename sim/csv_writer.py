"""CSV that a spreadsheet opens without running anything in it.

A text that a spreadsheet would take for a formula gets an apostrophe in front, as OWASP advises (*CSV Injection*).
Numbers stay numbers, negative ones too.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Sequence
from typing import BinaryIO, Literal, TypeAlias

Cell: TypeAlias = str | float | int | bool | None
CsvLocale: TypeAlias = Literal["standard", "eu"]
"""`standard` has commas between cells, decimal points and no byte order mark, as RFC 4180 and programs expect. `eu` has
semicolons, decimal commas and a byte order mark, as spreadsheets in much of Europe expect."""
BYTE_ORDER_MARK = "\ufeff"
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
    locale : which spreadsheets read the file
    """

    def __init__(
        self,
        stream: BinaryIO,
        *,
        quote_text: bool = False,
        line_end: str = "\r\n",
        truth: tuple[str, str] = ("no", "yes"),
        number_format: str | None = None,
        locale: CsvLocale = "standard",
    ) -> None:
        text = codecs.getwriter("utf-8")(stream)
        self._european = locale == "eu"
        if self._european:
            text.write(BYTE_ORDER_MARK)
        self._writer = csv.writer(
            text,
            delimiter=";" if self._european else ",",
            quoting=csv.QUOTE_NONNUMERIC if quote_text else csv.QUOTE_MINIMAL,
            lineterminator=line_end,
        )
        self._truth, self._number_format = truth, number_format

    def write_rows(self, rows: Iterable[Iterable[Cell]]) -> None:
        self._writer.writerows([self._written(cell) for cell in row] for row in rows)

    def write_columns(self, columns: Iterable[Sequence[Cell]]) -> None:
        """Write rows that are given as columns, faster than by `write_rows` where values are repeated."""
        self._writer.writerows(zip(*map(self._column, columns), strict=True))

    def _column(self, cells: Sequence[Cell]) -> Iterable[str | float | int]:
        if len(set(map(type, cells))) > 1:  # in a dict, True is 1
            return map(self._written, cells)
        written = {cell: self._written(cell) for cell in set(cells)}
        return map(written.__getitem__, cells)

    def _written(self, cell: Cell) -> str | float | int:
        match cell:
            case None:
                return ""
            case str():
                return guarded(cell)
            case bool():
                return self._truth[cell]
            case float() if self._european or self._number_format is not None:
                number = format(cell, self._number_format or "")
                return number.replace(".", ",") if self._european else number
        return cell


def csv_text(
    header: Sequence[str],
    rows: Iterable[Iterable[Cell]],
    *,
    quote_text: bool = False,
    truth: tuple[str, str] = ("no", "yes"),
    locale: CsvLocale = "standard",
) -> str:
    """Return a table as text; the parameters are those of `CsvWriter`."""
    stream = io.BytesIO()
    CsvWriter(stream, quote_text=quote_text, truth=truth, locale=locale).write_rows([header, *rows])
    return stream.getvalue().decode()
