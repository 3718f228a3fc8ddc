"""The command `check`: all mistakes at once, as text and as JSON, and warnings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Command


@pytest.fixture
def quay(parley: Command, tmp_path: Path) -> Path:
    """The starter case in a folder of the user's."""
    parley("new", tmp_path / "quay")
    return tmp_path / "quay"


def change(file: Path, *changes: tuple[str, str]) -> None:
    text = file.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")


def test_mistakes_of_all_kinds_and_files_are_listed_at_once(parley: Command, quay: Path) -> None:
    change(
        quay / "first.yaml",
        ("sponsor: south", "sponsor: West"),
        ("joint", "jont"),
        ("months: 6", "months: 0"),
        ("trade_lost", "trade_los"),
    )
    change(quay / "actors" / "north.yaml", ("role: party", "role: partie"))
    ended = parley("check", quay)
    assert ended.code == 2
    for path in ("sponsor", "proposal.guards", "protocol.months", "events.0.set.trade_los", "role"):
        assert f" {path}: " in ended.err
    found = json.loads(parley("check", quay, "--json").out)
    assert found["format"] == "parley.check/1"
    assert [f"{one['path']}: {one['message']}" for one in found["problems"]] == [
        line.split(" ", 1)[1] for line in ended.err.splitlines()
    ]
    assert all(one["line"] and Path(one["file"]).is_file() for one in found["problems"] if one["path"])


def test_an_actor_that_accepts_nothing_is_suspicious_and_no_mistake(parley: Command, quay: Path) -> None:
    assert json.loads(parley("check", quay, "--json").out)["warnings"] == []
    change(quay / "actors" / "north.yaml", ("  base: ", "  base: 900  # "))
    ended = parley("check", quay)
    assert ended.code == 0
    assert f"{quay}: warning: The North accepts none of" in ended.err
    [warning] = json.loads(parley("check", quay, "--json").out)["warnings"]
    assert warning["message"].endswith("in actors/north.yaml.")


def test_packages_that_need_nobodys_consent_are_suspicious(parley: Command, quay: Path) -> None:
    change(
        quay / "case.yaml",
        ("    needs: [north, south]", "    when: {harbour: [shared, south]}\n    needs: [north, south]"),
    )
    [warning] = json.loads(parley("check", quay, "--json").out)["warnings"]
    assert "need nobody's consent" in warning["message"]
    assert "for example the default on every issue. Add a rule to consent in case.yaml" in warning["message"]
    change(quay / "case.yaml", ("when: {harbour: [shared, south]}", "when: {harbour: [north, south]}"))
    [warning] = json.loads(parley("check", quay, "--json").out)["warnings"]
    assert "for example {harbour: shared, guards: joint}, with the defaults otherwise." in warning["message"]


def test_an_agreement_that_cannot_last_is_suspicious(parley: Command, quay: Path) -> None:
    lasting = "durability: {says: x, horizon: 9, deterrence: calm, temptation: {base: 100, assumption: x}, scale: 1,"
    change(quay / "case.yaml", ("\nconsent:", f"\n{lasting} assumption: For the test.}}\n\nconsent:"))
    ended = parley("check", quay)
    assert (ended.code, ended.err.count("would last is 0%")) == (0, 1), ended.err
