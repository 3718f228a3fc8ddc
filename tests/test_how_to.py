"""The how-to pages: their commands run, in the order of the page, with the files that they show."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from sim.cli import main

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "docs" / "how-to").glob("*.md"))


@pytest.mark.slow
@pytest.mark.filterwarnings("default")  # an error in a thread of Dask's would be lost
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    ran = 0
    for kind, block in re.findall(r"```(sh|yaml)\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
        if kind == "yaml":
            (tmp_path / block.splitlines()[0].removeprefix("# ")).write_text(block, encoding="utf-8")
            continue
        for line in block.splitlines():
            python, program, *arguments = shlex.split(line, comments=True)
            assert (python, program) == ("python", "run.py")
            with pytest.raises(SystemExit) as ended:
                main(arguments)
            assert (line, ended.value.code or 0) == (line, 0)
            ran += 1
    assert ran > 0
