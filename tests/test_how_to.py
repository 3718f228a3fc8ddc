"""The how-to pages: their commands do what the pages say."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from sim.cli import main

ROOT = Path(__file__).parents[1]
PAGES = sorted(ROOT.glob("docs/how-to/*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_every_command_runs_in_the_order_of_the_page(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command whose comment says that it is refused ends with 2, any other with 0."""
    monkeypatch.chdir(tmp_path)
    for name in ("scenarios", "docs"):
        (tmp_path / name).symlink_to(ROOT / name)
    blocks = re.findall(r"```sh\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    assert lines
    for line in lines:
        python, program, *arguments = shlex.split(line, comments=True)
        assert (python, program) == ("python", "run.py")
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert (line, ended.value.code or 0) == (line, 2 if "# refused" in line else 0)
