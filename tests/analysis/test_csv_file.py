"""Tables as CSV: what a spreadsheet and a statistics program read."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.analysis.csv_file import CsvFile
from sim.errors import UsageError

ROWS = {
    "a.b": np.array([0.1, np.inf, np.nan]),
    "outcome": np.array([1, 0, 1], dtype=np.uint8),
    "agreed": np.array([True, False, True]),
    "word": np.array(["-strong", "=1+1", "plain"], dtype=object),
}
WORDS = {"outcome": ["open", "agreed"]}


def test_a_sheet_has_words_and_no_formula(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    with CsvFile(file) as sheet:
        sheet.add(ROWS, WORDS)
        sheet.add(ROWS, WORDS)
        assert not file.exists()
    lines = file.read_text(encoding="utf-8").splitlines()
    assert lines[:4] == [
        "a.b,outcome,agreed,word",
        "0.1,agreed,true,'-strong",
        "inf,open,false,'=1+1",
        ",agreed,true,plain",
    ]
    assert lines[4:] == lines[1:4]
    assert pd.read_csv(file)["a.b"].tolist()[:2] == [0.1, np.inf]


def test_an_error_leaves_nothing(tmp_path: Path) -> None:
    def half_written() -> None:
        with CsvFile(tmp_path / "x.csv") as sheet:
            sheet.add(ROWS, WORDS)
            assert len(list(tmp_path.iterdir())) == 1
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half_written()
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UsageError, match=r"x\.csv cannot be written \(No space left"), CsvFile(tmp_path / "x.csv"):
        pass
    assert list(tmp_path.iterdir()) == []
