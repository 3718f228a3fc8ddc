"""The pages about the game: their commands run, their Python is true, and every kind of entry is named."""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sim.game.session import actions
from sim.game.session.settings import SessionSettings

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference" / "game.md"
HOW_TO = (ROOT / "docs" / "how-to" / "play-alone.md").read_text(encoding="utf-8")
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", HOW_TO, re.DOTALL) for line in block.splitlines()]
BY = {"whoever leads": "teacher", "a person": "person", "the clock": "clock"}


def test_every_kind_of_entry_is_documented_with_its_data() -> None:
    page = REFERENCE.read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \| ([^|]*) \| [^|]+ \|$", page, re.MULTILINE)
    documented = {kind: (BY[by], re.findall(r"`(\w+)`", data)) for kind, by, data in rows if by in BY}
    assert documented == {kind: (shape.who, list(shape.model_fields)) for kind, shape in actions.KINDS.items()}


def test_every_setting_is_documented() -> None:
    section = REFERENCE.read_text(encoding="utf-8").partition("## begin")[2].partition("##")[0]
    assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == list(SessionSettings.model_fields)


def test_the_python_on_the_page_is_true(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    failed, tried = doctest.testfile(str(REFERENCE), module_relative=False)
    assert tried > 0
    assert failed == 0


@pytest.mark.slow
def test_the_commands_on_the_page_run_in_their_order(tmp_path: Path) -> None:
    (tmp_path / "run.py").symlink_to(ROOT / "run.py")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "COLUMNS": "80", "PYTHONIOENCODING": "utf-8"}
    assert len(COMMANDS) == 6
    for command in COMMANDS:
        ended = subprocess.run(
            command,
            shell=True,
            cwd=tmp_path,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        assert (command, ended.returncode, ended.stderr) == (command, 0, b"")


def test_what_the_page_shows_is_what_one_reads() -> None:
    [shown] = re.findall(r"```text\n(.*?)```", HOW_TO, re.DOTALL)
    golden = ROOT / "tests" / "cli" / "transcripts" / "european_force.ukraine.txt"
    assert shown in golden.read_text(encoding="utf-8")
