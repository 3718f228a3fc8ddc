"""The README: its excerpt is real output, its commands run, and its Python is true.

``python -m tests.test_readme`` brings the excerpt up to date.
"""

from __future__ import annotations

import doctest
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import sim
from sim.cli import main
from sim.report.story import ending
from sim.report.story.cast import Cast

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
TEXT = README.read_text(encoding="utf-8")
EXCERPT = re.compile(
    r"(?<=<!-- excerpt: european_force -->\n```text\n)(.*?)(?=```\n<!-- end of excerpt -->)", re.DOTALL
)
BLOCKS = re.findall(r"```(sh|yaml)\n(.*?)```", TEXT, re.DOTALL)
COMMANDS = [line for kind, block in BLOCKS if kind == "sh" for line in block.splitlines() if line.strip()]
SETTING_UP = [line for line in COMMANDS if " -m venv " in line]


MONTHS_SHOWN = 2
LINES_MOST = 150


def excerpt() -> str:
    """The question of the headline run, its first months, its end and the first obstacle, in 80 columns."""
    command = [sys.executable, "run.py", "european_force"]
    environment = {**os.environ, "COLUMNS": "80", "PYTHONIOENCODING": "utf-8"}
    shown = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True).stdout.decode("utf-8")
    lines = [line.rstrip() for line in shown.splitlines()]
    months, ends, between = (
        lines.index(head) for head in ("Month by month", "How it ends", "What stood between the parties")
    )
    rest = next(at for at, line in enumerate(lines[months:], months) if line.split()[:1] == [str(MONTHS_SHOWN + 1)])
    run = sim.play(sim.load_scenario("european_force"))
    obstacle, *_ = ending.between(run["final"], Cast.of(run["final"]["actors"]), ending.mistaken(run), run["core"])
    last = next(
        at for at in range(between, len(lines)) if " ".join(lines[between + 1 : at]).split() == obstacle.split()
    )
    kept = ["$ python run.py european_force", *lines[:2], "", *lines[months:rest], "        ...", ""]
    kept += [*lines[ends : ends + 2], "", *lines[between:last]]
    return "\n".join(kept) + "\n"


def test_the_excerpt_is_what_the_program_prints() -> None:
    [shown] = EXCERPT.findall(TEXT)
    assert shown == excerpt(), "python -m tests.test_readme brings the README up to date"


def test_two_commands_do_all_set_up_by_themselves() -> None:
    assert [line.split(" && ")[0] for line in SETTING_UP] == ["python3 -m venv .venv"] * 2
    run, test = (shlex.split(line.split(" && ")[-1]) for line in SETTING_UP)
    assert run[:2] == [".venv/bin/python", "run.py"]
    assert (ROOT / run[2]).is_file()
    assert test == [".venv/bin/python", "-m", "pytest"]
    assert all(" -m pip install " in line for line in SETTING_UP)


def test_it_can_be_read_in_one_sitting() -> None:
    assert TEXT.count("\n") <= LINES_MOST


def test_ci_finds_the_two_commands() -> None:
    found = subprocess.run(
        [sys.executable, "scripts/readme_commands", "README.md"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert found.stdout.splitlines() == SETTING_UP


@pytest.mark.slow
def test_every_other_command_runs_in_the_order_of_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("scenarios", "docs"):
        (tmp_path / name).symlink_to(ROOT / name)
    ran = []
    for kind, block in BLOCKS:
        if kind == "yaml":
            file = block.splitlines()[0].removeprefix("# ")
            (tmp_path / file).write_text(block, encoding="utf-8")
        for line in block.splitlines() if kind == "sh" else ():
            if line not in SETTING_UP:
                python, program, *arguments = shlex.split(line, comments=True)
                assert (python, program) == ("python", "run.py")
                with pytest.raises(SystemExit) as ended:
                    main(arguments)
                assert (line, ended.value.code or 0) == (line, 0)
                ran.append(line)
    assert ran == [line for line in COMMANDS if line not in SETTING_UP]


def test_the_python_on_the_page_is_true(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    failed, tried = doctest.testfile(str(README), module_relative=False)
    assert tried > 0
    assert failed == 0


if __name__ == "__main__":
    README.write_text(EXCERPT.sub(lambda _: excerpt(), TEXT), encoding="utf-8")
