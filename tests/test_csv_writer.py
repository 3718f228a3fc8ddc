"""Every CSV file goes through one writer: no cell is a formula, and numbers stay numbers."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.csv_writer import CsvWriter, csv_text, guarded

CELLS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text())


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=5))
def test_no_cell_is_a_formula_and_numbers_stay_numbers(rows: list[list[Any]]) -> None:
    written = csv_text(("a", "b", "c"), rows, quote_text=True)
    back = list(csv.reader(io.StringIO(written, newline=""), quoting=csv.QUOTE_NONNUMERIC))
    assert len(back) == len(rows) + 1
    for row, cells in zip(back[1:], rows, strict=True):
        for read, cell in zip(row, cells, strict=True):
            if isinstance(cell, int | float) and not isinstance(cell, bool):
                assert isinstance(read, float)
                assert read == float(cell)
            else:
                assert isinstance(read, str)
                assert not read.lstrip().startswith(("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"))
                assert not read.startswith(("\t", "\r", "\n"))


@pytest.mark.parametrize(
    "formula",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\nx", " =1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff201"],
)
@pytest.mark.parametrize("quote_text", [False, True])
def test_a_formula_becomes_text_in_cells_and_header(formula: str, *, quote_text: bool) -> None:
    assert guarded(formula) == f"'{formula}"
    text = csv_text([formula], [[formula]], quote_text=quote_text)
    assert list(csv.reader(io.StringIO(text, newline=""))) == [[f"'{formula}"]] * 2


def test_numbers_truth_values_and_gaps_are_written_as_asked() -> None:
    row = [-1.5, -2, True, None, 0.1 + 0.2, float("inf")]
    stream = io.BytesIO()
    CsvWriter(stream, line_end="\n", truth=("false", "true"), number_format=".15g").write_rows([row])
    CsvWriter(stream, line_end="\n").write_rows([row])
    assert stream.getvalue().decode() == "-1.5,-2,true,,0.3,inf\n-1.5,-2,yes,,0.30000000000000004,inf\n"
