"""Rows as a CSV file with one header line, for spreadsheets and statistics programs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

from sim.analysis.runner.pieces import Rows
from sim.atomic_write import atomic_file
from sim.csv_writer import Cell, CsvLocale, CsvWriter
from sim.errors import UsageError

NUMBER_FORMAT = ".15g"
"""15 significant digits, which any double can hold."""


class CsvFile:
    """A CSV file that gets its name only when its ``with`` block ends without an error.

    Parameters
    ----------
    path : the file; one that exists is replaced
    locale : which spreadsheets read the file

    Raises
    ------
    UsageError
        if it cannot be written; opening, each call of `add` and the end of the block may raise it
    """

    def __init__(self, path: Path, locale: CsvLocale = "standard") -> None:
        self._path, self._locale, self._file, self._has_header = path, locale, atomic_file(path), False

    def __enter__(self) -> CsvFile:
        with self._writing():
            stream = self._file.__enter__()
        self._writer = CsvWriter(
            stream, line_end="\n", truth=("false", "true"), number_format=NUMBER_FORMAT, locale=self._locale
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._writing():
            self._file.__exit__(kind, error, trace)

    def add(self, rows: Rows, words: Mapping[str, Sequence[Any]]) -> None:
        """Write rows; the first call also writes the names of the columns.

        Parameters
        ----------
        words : column of codes to the meanings of its codes
        """
        columns = [_cells(column.tolist(), words.get(name)) for name, column in rows.items()]
        with self._writing():
            if not self._has_header:
                self._writer.write_rows([list(rows)])
                self._has_header = True
            self._writer.write_columns(columns)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise UsageError(f"{self._path} cannot be written ({error.strerror or error}).") from None


def _cells(values: Sequence[Any], words: Sequence[Any] | None) -> list[Cell]:
    """Return the values of a column as cells, codes in words."""
    if words is not None:
        meanings = [_cell(word) for word in words]
        return [meanings[value] for value in values]
    return list(values) if {*map(type, values)} <= {bool, int, str} else [*map(_cell, values)]


def _cell(value: Any) -> Cell:
    """Return a value as a cell; a missing number is an empty cell."""
    if isinstance(value, float) and math.isnan(value):
        return None
    return value if isinstance(value, bool | int | float | str) else str(value)
