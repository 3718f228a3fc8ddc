"""The how-to pages: their commands run, in the order of the page."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.analysis.case_warnings import case_warnings
from sim.cli import main

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "how-to" / "class-on-paper.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_class_on_paper_can_be_run_as_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = 0
    for kind, block in re.findall(r"```(sh|yaml)\n(.*?)```", PAGE, re.DOTALL):
        if kind == "yaml":
            (tmp_path / block.splitlines()[0].removeprefix("# ")).write_text(block, encoding="utf-8")
        for line in block.splitlines() if kind == "sh" else ():
            python, program, *arguments = shlex.split(line)
            assert (python, program) == ("python", "run.py")
            with pytest.raises(SystemExit) as ended:
                main(arguments)
            assert (line, ended.value.code or 0) == (line, 0)
            ran += 1
    assert ran == 10
    written = {path.name for path in (tmp_path / "handouts").iterdir()}
    named = set(re.findall(r"^\| `([a-z.]+)` \|", PAGE, re.MULTILINE))
    assert named
    for name in named:
        assert name in written or {f"{name}.html", f"{name}.pdf"} <= written
    assert [path.name for path in (tmp_path / "card").iterdir() if path.suffix == ".pdf"] == ["role-ana.pdf"]
    assert {path.name for path in (tmp_path / "debrief").iterdir()} == {
        "debrief.html",
        "debrief.json",
        "tables.csv",
        "answers.csv",
    }
    assert "By the window: ✗ expired after 1 month" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.parametrize(
    "page",
    [
        "how-to/install",
        "how-to/exchange",
        "how-to/write-a-report",
        "tutorial/a-case-of-your-own",
        "tutorial/a-committee-with-weighted-votes",
        "tutorial/a-score-sheet",
    ],
)
def test_every_command_runs_in_the_order_of_the_page(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command whose comment says that it is refused ends with 2, any other with 0; files are written as shown."""
    monkeypatch.chdir(tmp_path)
    for name in ("scenarios", "docs"):
        (tmp_path / name).symlink_to(ROOT / name)
    text, ran = (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8"), 0
    for kind, block in re.findall(r"```(sh|yaml)\n(.*?)```", text, re.DOTALL):
        if kind == "yaml":
            put(tmp_path / block.splitlines()[0].removeprefix("# "), block)
        for line in block.splitlines() if kind == "sh" else ():
            python, program, *arguments = shlex.split(line, comments=True)
            assert (python, program) == ("python", "run.py")
            with pytest.raises(SystemExit) as ended:
                main(arguments)
            assert (line, ended.value.code or 0) == (line, 2 if "# refused" in line else 0)
            ran += 1
    assert ran > 0


def put(file: Path, block: str) -> None:
    """Write a file as a page shows it; of a file that is there, the page shows one section."""
    if file.exists():
        before = file.read_text(encoding="utf-8")
        key = block.splitlines()[1]
        section = re.compile(rf"^{key}\n(?:[ #].*\n)+", re.MULTILINE)
        assert len(section.findall(before)) == 1
        block = section.sub(lambda _: block.partition("\n")[2], before)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(block, encoding="utf-8")


def test_the_tutorial_on_votes_says_what_comes_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit):
        main(["new", "my_case"])
    text = (ROOT / "docs" / "tutorial" / "a-committee-with-weighted-votes.md").read_text(encoding="utf-8")
    played = []
    for block in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL):
        put(tmp_path / block.splitlines()[0].removeprefix("# "), block)
        if "consent:" in block:
            scenario = sim.load_scenario("my_case/first.yaml")
            told = sim.play(scenario)
            played.append((told["outcome"], told["months"], told["timeline"][0]["reactions"]["north"]["blocks"]))
            if "any:" in block:
                refused = sim.verdicts(scenario, {"harbour": "south", "guards": "foreign"})
                assert (refused["unmet"][0]["nearest"]["branch"], refused["blocked_by"]) == (1, ["north", "west"])
                assert refused["unmet"][0]["nearest"]["missing"] == ["north"]
    outvoted, unanimous, either, abstained = played
    assert outvoted == either == abstained == ("agreed", 1, False)
    assert unanimous == ("agreed", 2, True)


def test_the_score_sheet_says_what_comes_out(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "tutorial" / "a-score-sheet.md").read_text(encoding="utf-8")
    for block in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL):
        put(tmp_path / block.splitlines()[0].removeprefix("# "), block)
    offer = sim.load_scenario(tmp_path / "job" / "offer.yaml")
    candidate = sim.verdicts(offer)["actors"]["candidate"]
    assert (candidate["surplus"], [entry["points"] for entry in candidate["ledger"]]) == (-17, [7, 3, 8, -35])
    found = sim.outcomes(offer)
    assert (found["packages"], found["agreed"]) == (252, 128)
    nash = found["solutions"]["nash"]
    assert nash["package"] == {"salary": 56, "bonus": 0, "start": "june", "home": 2}
    assert nash["surplus"] == {"candidate": 16, "firm": 18}
    assert list(case_warnings([offer])) == []


def test_the_tutorial_says_what_comes_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit):
        main(["new", "my_case"])
    text = (ROOT / "docs" / "tutorial" / "a-case-of-your-own.md").read_text(encoding="utf-8")
    first = sim.play(sim.load_scenario("my_case/first.yaml"))
    played: list[dict[str, Any]] = []
    for block in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL):
        put(tmp_path / block.splitlines()[0].removeprefix("# "), block)
        name = "costly" if not played else "guarded"
        played.append(sim.play(sim.load_scenario(f"my_case/{name}.yaml")))
    costly, open_, closed = played
    for told, months, surplus in ((first, 2, 30), (costly, 1, 9), (open_, 1, 37), (closed, 2, 36)):
        assert (told["outcome"], told["months"]) == ("agreed", months)
        assert round(told["final"]["actors"]["south"]["surplus"]) == surplus
    assert [one["closed"] for one in closed["timeline"][0]["learnt"]] == [True]
    guards = sim.play(sim.load_scenario("my_case/guarded.yaml"), 200)["final_texts"]
    joint, foreign = ({**one["package"], "share": one["share"]} for one in guards)
    assert (joint["guards"], foreign["guards"], foreign["fee"]) == ("joint", "foreign", 10)
    assert 0.4 < joint["share"] < 0.6


@pytest.mark.slow
def test_a_protocol_can_be_added_as_the_page_says(tmp_path: Path) -> None:
    """In a copy of the source: its file, its place in the list, its test, the schema, and a run with it."""
    for name in ("sim", "scenarios", "schema", "docs", "scripts"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "run.py"):
        shutil.copy(ROOT / name, tmp_path / name)
    text = (ROOT / "docs" / "how-to" / "add-a-protocol.md").read_text(encoding="utf-8")
    listed = tmp_path / "sim" / "negotiation" / "protocols" / "__init__.py"
    environment, printed = {**os.environ, "COLUMNS": "80", "PYTHONIOENCODING": "utf-8"}, ""
    for kind, block in re.findall(r"```(python|diff|sh|text)\n(.*?)```", text, re.DOTALL):
        if kind == "python":
            file = tmp_path / block.splitlines()[0].removeprefix("# ")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.partition("\n")[2], encoding="utf-8")
        elif kind == "diff":
            before, after = (line[1:] + "\n" for line in block.splitlines())
            code = listed.read_text(encoding="utf-8")
            assert code.count(before) == 1
            listed.write_text(code.replace(before, before + after), encoding="utf-8")
        elif kind == "sh":
            for line in block.splitlines():
                python, *arguments = shlex.split(line)
                assert python == "python"
                command = [sys.executable, *arguments]
                done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8")
                assert (line, done.returncode, done.stderr) == (line, 0, "")
                printed = "\n".join(one.rstrip() for one in done.stdout.splitlines())
        else:
            assert block in printed
    for name in ("schema/scenario.json", "docs/reference/files.md"):
        assert "rotating_drafter" in (tmp_path / name).read_text(encoding="utf-8")
        assert "rotating_drafter" not in (ROOT / name).read_text(encoding="utf-8")
    assert printed


@pytest.mark.slow
@pytest.mark.filterwarnings("default")  # an error in a thread of Dask's would be lost
def test_a_sweep_runs_as_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    text, ran = (ROOT / "docs" / "how-to" / "sweep-and-scale.md").read_text(encoding="utf-8"), 0
    for kind, block in re.findall(r"```(sh|yaml)\n(.*?)```", text, re.DOTALL):
        if kind == "yaml":
            (tmp_path / block.splitlines()[0].removeprefix("# ")).write_text(block, encoding="utf-8")
        for line in block.splitlines() if kind == "sh" else ():
            python, program, *arguments = shlex.split(line, comments=True)
            assert (python, program) == ("python", "run.py")
            with pytest.raises(SystemExit) as ended:
                main(arguments)
            assert (line, ended.value.code or 0) == (line, 0)
            ran += 1
    assert ran > 0


@pytest.mark.slow
@pytest.mark.filterwarnings("default")  # what Mesa and Solara deprecate is none of the page's
def test_the_examples_for_users_of_mesa_print_what_the_page_says(capsys: pytest.CaptureFixture[str]) -> None:
    text = (ROOT / "docs" / "how-to" / "use-mesas-page.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```\n(?:\n```text\n(.*?)```)?", text, re.DOTALL)
    assert [bool(printed) for _, printed in blocks] == [False, True, True, True, True]
    for code, printed in blocks:
        exec(compile(code, "use-mesas-page.md", "exec"), {"__name__": "__main__"})
        assert capsys.readouterr().out == printed, code
