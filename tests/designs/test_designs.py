"""Every kind of mistake in a design file, each in a file of its own; what is said of it stands in `NAME.expected`."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.analysis.experiments.design_file import read_design
from sim.errors import CaseError

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("*.yaml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_mistake_is_said_with_its_file_line_and_path(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(HERE.parent)
    with pytest.raises(CaseError) as caught:
        read_design(f"designs/{file.name}")
    assert f"{caught.value}\n" == file.with_suffix(".expected").read_text(encoding="utf-8")


def test_there_is_a_file_for_each_kind() -> None:
    assert len(FILES) >= 27
    assert {file.stem for file in FILES} == {file.stem for file in HERE.glob("*.expected")}
