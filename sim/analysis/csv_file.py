"""A table as CSV: one header line, then one line a row, for spreadsheets, SALib and the EMA Workbench."""

from __future__ import annotations

import csv
import math
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from sim.analysis.runner.pieces import Rows
from sim.errors import UsageError

FORMULA = ("=", "+", "-", "@")
"""Spreadsheets take a text that begins with one of these for a formula; an apostrophe before it keeps it a text."""


class CsvFile:
    """A CSV file that has its name only once it is whole.

    Parameters
    ----------
    path : of a file that is not there yet

    Raises
    ------
    UsageError
        if there is one, or it cannot be written; each call may raise it
    """

    def __init__(self, path: Path) -> None:
        self._path, self._draft = path, path.with_name(f"{path.name}.{os.getpid()}.draft")
        self._header: list[str] = []
        if path.exists():
            raise UsageError(f"{path} is there already; name another file.")
        try:
            self._stream = self._draft.open("w", encoding="utf-8", newline="")
        except OSError as error:
            raise self._refused(error) from None
        self._writer = csv.writer(self._stream, lineterminator="\n")

    def __enter__(self) -> CsvFile:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stream.close()
        self._draft.unlink(missing_ok=True)

    def add(self, rows: Rows, words: Mapping[str, Sequence[Any]]) -> None:
        """Write rows; those of the first call name the columns.

        Parameters
        ----------
        words : column of codes to what its codes stand for
        """
        columns = [
            [_cell(words[name][value] if name in words else value) for value in column.tolist()]
            for name, column in rows.items()
        ]
        try:
            if not self._header:
                self._header = list(rows)
                self._writer.writerow(self._header)
            self._writer.writerows(zip(*columns, strict=True))
        except OSError as error:
            raise self._refused(error) from None

    def close(self) -> None:
        """Give the file its name: it is whole."""
        try:
            self._stream.flush()
            os.fsync(self._stream.fileno())
            self._draft.replace(self._path)
        except OSError as error:
            raise self._refused(error) from None

    def _refused(self, error: OSError) -> UsageError:
        return UsageError(f"{self._path}: cannot be written ({error.strerror or error}).")


def _cell(value: Any) -> str:
    """A value as a cell: nothing for what is no number, `inf` for what has no end."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:.15g}"
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA) else text
