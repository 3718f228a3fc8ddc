"""Designs in CSV files: a path at the head of each column, and a point in each row."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sim.analysis.experiments.design import Axis, Design, Value, as_text, rounded_value
from sim.case.number_syntax import parse_plain
from sim.case.reading.csv_rows import cell_value, read_rows, wrong_length
from sim.errors import CaseError, Problem, quoted

FORM = "a header of paths such as context.us_aid.start,proposal.force_size and a row of values per point"


def read_points(path: Path) -> Design:
    """Read a design from a CSV file.

    Raises
    ------
    CaseError
        with every problem of the file
    """
    file = path.as_posix()
    (header, *rows), decimal_comma = read_rows(path)
    paths = header[1]
    problems = list(_header_problems(file, header[0], paths))
    if not rows:
        problems.append(Problem(file, header[0], 1, "", f"there are no points; write {FORM}."))
    points: list[list[Value]] = []
    for row in rows:
        number, cells = row
        if problem := wrong_length(file, row, paths, "path"):
            problems.append(problem)
            continue
        values = [_value(cell, decimal_comma=decimal_comma) for cell in cells]
        wrong = [(name, value) for name, value in zip(paths, values, strict=True) if isinstance(value, ValueError)]
        problems += [Problem(file, number, 1, name, str(error)) for name, error in wrong]
        points.append([value for value in values if not isinstance(value, ValueError)])
    if problems:
        raise CaseError(problems)
    places = {name: Problem(file, header[0], 1, name, "") for name in paths}
    columns = [_axis(name, [point[index] for point in points]) for index, name in enumerate(paths)]
    return Design(
        "list", tuple(axis for axis, _ in columns), len(points), 0, places, tuple(picks for _, picks in columns)
    )


def _header_problems(file: str, line: int, paths: list[str]) -> Iterator[Problem]:
    for index, name in enumerate(paths):
        if not name:
            yield Problem(file, line, 1, "", f"the header of column {index + 1} is empty; write {FORM}.")
        elif name in paths[:index]:
            yield Problem(file, line, 1, name, "this path heads two columns; keep only one of them.")


def _value(cell: str, *, decimal_comma: bool) -> Value | ValueError:
    try:
        value = cell_value(cell, decimal_comma=decimal_comma)
    except ValueError as error:
        return error
    if isinstance(value, str | bool):
        return value
    if isinstance(value, int | float):
        return rounded_value(parse_plain(value))
    return ValueError(f"{quoted(value)} is not a number or a word.")


def _axis(path: str, values: list[Value]) -> tuple[Axis, tuple[int, ...]]:
    """Return a column's axis, with its distinct values, and which of these each point has."""
    distinct = {as_text(value): value for value in reversed(values)}
    listed = sorted(distinct, key=[as_text(value) for value in values].index)
    return Axis(path, listed=tuple(distinct[text] for text in listed)), tuple(listed.index(as_text(v)) for v in values)
