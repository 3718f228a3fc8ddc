"""The command that writes reports: what it writes, that it is the commands' own numbers, and what it refuses."""

from __future__ import annotations

import builtins
import json
import re
import shlex
import sys
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from sim import errors
from tests.conftest import Command

PAIR = ("warm_flat", "house_rules")
FEW = ("--worlds", "60", "--seed", "2")


def asked(parley: Command, *words: str) -> dict[str, Any]:
    ended = parley(*words, "--json")
    assert ended.code == 0, ended.err
    found: dict[str, Any] = json.loads(ended.out)
    return found


@pytest.mark.slow
def test_every_part_is_what_its_own_command_gives(parley: Command) -> None:
    found = asked(parley, "report", *PAIR, *FEW)
    assert found["format"] == "parley.report/1"
    for name, one in zip(PAIR, found["scenarios"], strict=True):
        assert one["run"] == asked(parley, name)
        assert one["verdicts"] == asked(parley, "verdicts", name)
        assert one["flip"] == asked(parley, "flip", name)
        assert one["sensitivity"] == asked(parley, "sensitivity", name, "--seed", "2")
    assert found["ensemble"] == asked(parley, "ensemble", *PAIR, *FEW)
    [space] = found["outcomes"]
    assert space["scenarios"] == list(PAIR)
    assert space["space"] == asked(parley, "outcomes", PAIR[0])
    assert found["sources"] == asked(parley, "sources", PAIR[0])
    assert [row["scenario"] for row in found["proposals"]["rows"]] == ["cleaner", "house_rules", "warm_flat"]


def test_what_is_set_holds_for_all_and_proposals_beside_stay_their_own(parley: Command) -> None:
    few = ("--sections", "proposals,verdicts", "--worlds", "20")
    changes = ("--set", "actors.ana.reservation.base=40", "--set", "proposal.heating=18")
    found = asked(parley, "report", "warm_flat", *few, *changes)
    rows = {row["scenario"]: row for row in found["proposals"]["rows"]}
    assert rows["warm_flat"]["package"]["heating"] == 18
    assert rows["house_rules"]["package"]["heating"] == 20
    plain = asked(parley, "report", "warm_flat", *few)
    before = {row["scenario"]: row for row in plain["proposals"]["rows"]}
    for name in rows:
        surplus = [one[name]["actors"]["ana"]["surplus"] for one in (before, rows)]
        assert surplus[0] > surplus[1]


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["html", "md", "pdf"])
def test_it_writes_one_file_and_the_same_twice(parley: Command, tmp_path: Path, ending: str) -> None:
    files = [tmp_path / name / f"mine.{ending}" for name in ("a", "b")]
    for file in files:
        file.parent.mkdir()
        ended = parley("report", "cleaner", "--sections", "talks ensemble", "--worlds", "20", "--out", file)
        assert ended.code == 0
        assert ended.out.splitlines()[0] == f"Written: {file}"
    first, second = (
        {
            path.relative_to(file.parent).as_posix(): path.read_bytes()
            for path in file.parent.rglob("*")
            if path.is_file()
        }
        for file in files
    )
    assert first == second
    beside = {name for name in first if "/" in name}
    assert {name.partition("/")[0] for name in beside} == ({"mine-figures"} if ending == "md" else set())
    assert all(name.endswith(".svg") for name in beside)


def test_the_command_that_a_report_names_makes_the_same_report(
    parley: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["warm_flat", "--sections", "talks, ensemble", "--worlds", "30", "--seed", "5", "--of", "months"]
    assert (
        parley("report", *words, "--set", "actors.ana.reservation.base=4", "--workers", "1", "--out", "x.html").code
        == 0
    )
    first = Path("x.html").read_text(encoding="utf-8")
    [command] = re.findall(r"Command: ([^<]+)<", first)
    program, *arguments = shlex.split(unescape(command))
    assert program == "parley"
    assert parley(*arguments).code == 0
    assert Path("report.html").read_text(encoding="utf-8") == first


def test_a_report_is_replaced_only_with_force(parley: Command, tmp_path: Path) -> None:
    file = tmp_path / "r.html"
    file.write_text("an old one", encoding="utf-8")
    command = ("report", "cleaner", "--sections", "talks", "--out", file)
    assert "r.html already exists. Add --force to overwrite it" in parley(*command).err
    assert file.read_text(encoding="utf-8") == "an old one"
    assert parley(*command, "--force").code == 0
    assert file.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert [path.name for path in tmp_path.iterdir()] == ["r.html"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "It must end in .html, .md or .pdf."),
        (["--out", "r.docx"], "--out r.docx: the file name must end in .html, .md or .pdf."),
        (["--out", "r.hmtl"], "Did you mean '.html'?"),
        (["--out", "report"], "--out report: the file name must end in .html, .md or .pdf."),
        (["--out", "folder.md"], "--out folder.md is a folder."),
        (["--out", "file.txt/r.md"], "--out file.txt is a file. Name a folder."),
        (
            ["--out", "r.md", "--sections", "talk"],
            "Unknown section 'talk' in --sections. Choose from talks, verdicts, proposals,",
        ),
        (["--out", "r.md", "--sections", ","], "--sections is empty. Choose from talks, verdicts,"),
        (["--out", "r.md", "--quick", "--sections", "talks"], "--quick and --sections cannot be combined"),
        (["--out", "r.md", "--worlds", "0"], "--worlds 0: an ensemble needs at least 1 world."),
        (
            ["bare_ceasefire", "--out", "r.md"],
            "different cases (flatmates, ukraine_2025)",
        ),
    ],
)
def test_mistakes_are_named_before_the_work(
    parley: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder.md").mkdir()
    Path("file.txt").touch()
    ended = parley("report", "warm_flat", *words)
    assert ended.code == 2
    assert said in ended.err
    assert {path.name for path in tmp_path.iterdir()} == {"folder.md", "file.txt"}


@pytest.mark.parametrize("missing", ["matplotlib", "typst", "jinja2"])
def test_without_the_extra_it_says_at_once_what_to_install(
    parley: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **keys: Any) -> Any:
        if name.partition(".")[0] == missing:
            raise ModuleNotFoundError(f"No module named '{missing}'", name=missing)
        return real(name, *rest, **keys)

    for name in [name for name in sys.modules if name.startswith("sim.report.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", without)
    ending = "html" if missing == "jinja2" else "pdf"
    ended = parley("report", "european_force", "--worlds", "9000000", "--out", tmp_path / f"r.{ending}")
    assert ended.code == 2
    assert str(errors.missing("report", missing, "report")) in ended.err
