"""Rows of a CSV file as spreadsheets of any country write them."""

from __future__ import annotations

import csv
from pathlib import Path

from sim.case.reading.source_text import read_text
from sim.case.reading.yaml_documents import parse_value
from sim.errors import CaseError, Problem

DELIMITERS = (";", "\t", ",")
"""What may separate cells; the first that the header contains does. With any but the comma, decimal commas are read."""
Row = tuple[int, list[str]]
"""The number of a line, and its cells."""


def read_rows(path: Path, most: int | None = None) -> tuple[list[Row], bool]:
    """Return the rows of a file that are not empty, the header first, and whether numbers have decimal commas.

    Raises CaseError if it cannot be read, or has more than `most` bytes.
    """
    lines = read_text(path, most).lstrip("\ufeff").splitlines()
    delimiter = next((mark for mark in DELIMITERS if lines and mark in lines[0]), ",")
    read = csv.reader(lines, delimiter=delimiter)
    rows = [(number, [cell.strip() for cell in cells]) for number, cells in enumerate(read, 1)]
    return [row for row in rows if any(row[1])] or [(1, [])], delimiter != ","


def wrong_length(file: str, row: Row, header: list[str], thing: str) -> Problem | None:
    """Return the problem of a row that has another number of cells than the header; each is the value of a `thing`."""
    number, cells = row
    if len(cells) == len(header):
        return None
    message = f"this row has {len(cells)} cells, and the header {len(header)}; write one value per {thing}."
    return Problem(file, number, 1, "", message)


def cell_value(cell: str, *, decimal_comma: bool) -> object:
    """Return the value of a cell as a file of a case would write it. Raises ValueError if it is none."""
    if not cell:
        raise ValueError("the cell is empty; write a value.")
    if decimal_comma and cell.replace(",", "", 1).lstrip("+-").isdigit():
        cell = cell.replace(",", ".")
    try:
        return parse_value(cell)
    except CaseError as error:
        raise ValueError(error.problems[0].message) from None
