"""The zone of agreement on the terminal: `check` computes and keeps it, the list and the rehearsal show it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from sim import case_paths, load_case
from sim.analysis.outcomes import zone_file
from sim.analysis.outcomes.zone_file import NAME, stored_zones
from tests.conftest import Command

STALE = "zone not computed; run check"


@pytest.fixture
def flat(tmp_path: Path) -> Path:
    """The flatmates in a folder of the user's, without zones."""
    folder = tmp_path / "flat"
    shutil.copytree(case_paths.find("flatmates"), folder)
    (folder / NAME).unlink()
    return folder


def test_check_computes_what_is_missing_and_says_so_in_one_line(parley: Command, flat: Path) -> None:
    ended = parley("check", flat)
    assert ended.code == 0
    assert ended.out == (
        f"4 cases and scenarios checked: no mistakes.\n3 zones of agreement computed; written to {flat / NAME}.\n"
    )
    assert list(stored_zones(case_paths.scenarios(flat)).values()).count(None) == 0
    assert parley("check", flat).out == "4 cases and scenarios checked: no mistakes.\n"


def test_check_computes_only_what_is_out_of_date(parley: Command, flat: Path) -> None:
    parley("check", flat)
    before = (flat / NAME).read_text(encoding="utf-8")
    path = flat / "warm_flat.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "\n# a comment changes nothing\n", encoding="utf-8")
    assert "zone" not in parley("check", flat).out
    path.write_text(path.read_text(encoding="utf-8").replace("title: ", "title: New: ", 1), encoding="utf-8")
    assert parley("check", flat).code == 2  # a text with a colon is no text
    assert (flat / NAME).read_text(encoding="utf-8") == before
    path.write_text(path.read_text(encoding="utf-8").replace("title: New: ", "title: New ", 1), encoding="utf-8")
    assert "1 zone of agreement computed; written to" in parley("check", path).out


def test_a_mistake_keeps_no_other_scenario_from_its_zone(parley: Command, flat: Path) -> None:
    (flat / "cleaner.yaml").write_text("case: .\n", encoding="utf-8")
    ended = parley("check", flat)
    assert ended.code == 2
    assert "2 zones of agreement computed" in ended.out


def test_a_case_without_scenarios_has_no_zones(parley: Command, flat: Path) -> None:
    for path in case_paths.scenarios(flat):
        path.unlink()
    assert parley("check", flat).out == "1 case or scenario checked: no mistakes.\n"
    assert not (flat / NAME).exists()


def test_where_zones_cannot_be_written_check_says_so_and_goes_on(
    parley: Command, flat: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zone_file, "obstacle", lambda folder: "cannot be written (Read-only file system)")
    ended = parley("check", flat)
    assert (ended.code, ended.err) == (0, "")
    assert f"3 zones of agreement not computed; {flat / NAME} cannot be written (Read-only file system).\n" in ended.out
    assert not (flat / NAME).exists()


def test_check_leaves_a_file_of_that_name_alone_which_it_did_not_write(parley: Command, flat: Path) -> None:
    (flat / NAME).write_text('{"zones": "mine"}', encoding="utf-8")
    ended = parley("check", flat)
    assert ended.code == 0
    assert "was not written by Parley and is left alone; move it or delete it." in ended.out
    assert (flat / NAME).read_text(encoding="utf-8") == '{"zones": "mine"}'


def test_a_new_case_has_its_zone_whatever_it_is_called(parley: Command, tmp_path: Path) -> None:
    parley("new", tmp_path / "mine")
    assert parley("check", tmp_path / "mine").out == "2 cases and scenarios checked: no mistakes.\n"


def test_the_list_shows_the_zone_of_every_scenario(parley: Command) -> None:
    listed = parley().out
    assert "house_rules  Can the three trade their way to rules that all of them accept?" in listed
    assert "wide zone · rules reach it in month 3" in listed
    assert "no zone" in listed
    assert STALE not in listed


def test_the_list_shows_that_a_zone_is_out_of_date(parley: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zone_file, "RULES", zone_file.RULES + 1)
    assert parley().out.count(STALE) == len(case_paths.scenarios(case_paths.bundled()))


def test_a_rehearsal_shows_the_zone_of_what_is_played(parley: Command) -> None:
    assert (
        "The zone of possible agreement: wide zone · rules reach it in month 3." in parley("rehearse", "warm_flat").out
    )
    change = ("--set", "protocol.negotiable=[guests]")
    found = json.loads(parley("rehearse", "warm_flat", *change, "--json").out)["zone_line"]
    assert (found["kind"], found["last"]["agreed"]) == ("none", 0)
    assert found["texts"] == len(load_case("flatmates").issues["guests"].options)
