"""The commands of the lecturer: what they write, what they refuse, and what they never touch."""

from __future__ import annotations

import builtins
import hashlib
import sys
from pathlib import Path
from typing import Any

import pytest

from sim import errors
from tests.conftest import Command


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_the_same_command_writes_the_same_bytes(parley: Command, tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert parley("handout", "warm_flat", "--out", tmp_path / name).code == 0
    assert digests(tmp_path / "one") == digests(tmp_path / "two")
    assert len(digests(tmp_path / "one")) == 2 * 6 + 2


def test_a_form_that_is_filled_in_stays_as_it_is(parley: Command, tmp_path: Path) -> None:
    (tmp_path / "result.yaml").write_text("tables: []", encoding="utf-8")
    ended = parley("handout", "warm_flat", "--out", tmp_path, "--format", "html")
    assert (tmp_path / "result.yaml").read_text(encoding="utf-8") == "tables: []"
    assert "result.yaml" not in ended.out
    assert not list(tmp_path.glob("*.pdf"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--out", "x", "--format", "word"], "Unknown format 'word'. Choose html or pdf."),
        (["--out", "x", "--format", ","], "--format is empty. Choose html or pdf."),
        (
            ["--out", "x", "--role", "anna"],
            "Unknown actor 'anna' for --role. Choose from ana, ben, cleo. Did you mean 'ana'?",
        ),
        (["--out", "x", "--language", "xx"], "Unknown language 'xx'. Choose from de, en."),
        ([], "Name a folder for the handouts with --out DIR."),
        (["--json"], "Give the results of the tables with --result FILE."),
        (["--result", "nowhere.yaml"], "--result nowhere.yaml: this file does not exist."),
        (["--result", "result.yaml", "--worlds", "0"], "--worlds 0: a run needs at least 1 world"),
    ],
)
def test_a_mistake_is_one_clear_sentence(
    parley: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "result.yaml").write_text("tables: [{name: A}]", encoding="utf-8")
    ended = parley("handout", "warm_flat", *arguments)
    assert ended.code == 2
    assert message in ended.err
    assert not (tmp_path / "x").exists()


def test_a_result_names_its_file_and_table(parley: Command, tmp_path: Path) -> None:
    file = tmp_path / "r.yaml"
    file.write_text("tables:\n  - {name: A, votes: {anna: accept}}\n", encoding="utf-8")
    ended = parley("handout", "warm_flat", "--result", file)
    assert ended.code == 2
    assert "r.yaml: table 1: " in ended.err
    assert "'anna'" in ended.err
    assert "Did you mean 'ana'?" in ended.err


@pytest.mark.parametrize(
    ("missing", "module", "more"),
    [
        ("typst", "sim.report.document.pdf", []),
        ("jinja2", "sim.report.document.html_templates", []),
        ("jinja2", "sim.report.document.html_templates", ["--result", "result.yaml", "--worlds", "900000"]),
    ],
)
def test_without_the_extra_it_says_at_once_what_to_install(
    parley: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str, module: str, more: list[str]
) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **keys: Any) -> Any:
        if name.partition(".")[0] == missing:
            raise ModuleNotFoundError(f"No module named '{missing}'", name=missing)
        return real(name, *rest, **keys)

    monkeypatch.chdir(tmp_path)
    (tmp_path / "result.yaml").write_text("tables: [{name: A}]", encoding="utf-8")
    for name in (module, "sim.report.document.handout_html", "sim.report.document.debrief_html"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setattr(builtins, "__import__", without)
    ended = parley("handout", "warm_flat", "--out", tmp_path, *more)
    assert ended.code == 2
    assert str(errors.missing("handout", missing, "classroom")) in ended.err


@pytest.mark.slow
def test_a_rehearsal_is_a_page_and_warns(parley: Command) -> None:
    ended = parley("rehearse", "european_force")
    assert ended.code == 0
    assert "Warning: by everybody's rules, no text that can be negotiated" in ended.out


def test_handouts_are_in_another_language_with_the_words_of_the_case(parley: Command, tmp_path: Path) -> None:
    assert parley("handout", "warm_flat", "--out", str(tmp_path), "--format", "html", "--language", "de").code == 0
    role = (tmp_path / "role-ana.html").read_text(encoding="utf-8")
    guide = (tmp_path / "guide.html").read_text(encoding="utf-8")
    for words in ('<html lang="de"', "Sie haben das große Zimmer", "Ihr Punktebogen", "Der Leitfaden"):
        assert words in role + guide, words
    assert "You have the large room" not in role
