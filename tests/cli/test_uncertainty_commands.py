"""The commands `sensitivity`, `discover` and `ensemble --csv`: what they show and write, and what they refuse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sim.analysis.sensitivity.sensitivity import cost
from sim.case_paths import find
from sim.negotiation.scenario_loader import load_scenario
from tests.conftest import Command

SMALL = ("sensitivity", "warm_flat", "--base", "32")
BOXES = ("discover", "house_rules", "--worlds", "300", "--not")


@pytest.mark.slow
def test_a_page_and_its_json_are_of_the_same_worlds(parley: Command) -> None:
    page = parley(*SMALL)
    assert (page.code, page.err) == (0, "")
    assert "What varies: whether the talks end agreed" in page.out
    found = json.loads(parley(*SMALL, "--json").out)
    assert f"{found['worlds']:,} worlds, seed 0" in page.out
    assert f"{found['numbers'][0]['name'][:20]}" in page.out
    assert json.loads(parley(*SMALL, "--json", "--workers", 2).out) == found
    assert json.loads(parley(*SMALL, "--json", "--seed", 1).out)["mean"] != found["mean"]


def test_a_changed_number_is_certain_and_a_new_range_is_assumed(parley: Command) -> None:
    path = "actors.ana.preferences.warm.points"
    fixed = json.loads(parley(*SMALL, "--json", "--set", f"{path}=15").out)
    assert path not in [one["name"] for one in fixed["numbers"]]
    ranged = json.loads(parley(*SMALL, "--json", "--set", f"{path}={{low: 5, high: 25}}").out)
    [one] = [one for one in ranged["numbers"] if one["name"] == path]
    assert (one["support"], one["written"]) == ("assumed", "{low: 5, high: 25}")


@pytest.mark.slow
def test_boxes_are_a_page_and_data(parley: Command) -> None:
    page = parley(*BOXES)
    assert (page.code, page.err) == (0, "")
    assert "In which worlds the talks end without agreement" in page.out
    assert "Box 1" in page.out
    found = json.loads(parley(*BOXES, "--json").out)
    assert found["not"] is True
    assert json.loads(parley(*BOXES, "--json", "--workers", 2).out) == found
    assert len(json.loads(parley(*BOXES, "--json", "--boxes", 1, "--mass", 0.2).out)["boxes"]) <= 1


def test_what_never_varies_is_said_with_what_does(parley: Command) -> None:
    for command, said in (("sensitivity", "no variance to explain"), ("discover", "nothing to explain")):
        size = "--base" if command == "sensitivity" else "--worlds"
        found = json.loads(parley(command, "cleaner", size, 32, "--json").out)
        assert (found["varies"], "accepts.ben" in found["varying"]) == (False, True)
        shown = parley(command, "cleaner", size, 32).out
        assert said in shown
        assert f"--of {found['varying'][0]}" in shown
        other = json.loads(parley(command, "cleaner", "--of", "accepts.ben", size, 32, "--json").out)
        assert (other["varies"], other["varying"]) == (True, [])


def test_tables_are_overwritten_only_with_force(parley: Command, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    ended = parley("ensemble", "warm_flat", "--worlds", 12, "--csv", folder)
    names = ["experiments.csv", "uniforms.csv", "outcomes.csv", "problem.json"]
    assert ended.out == "".join(f"Written: {folder / name}\n" for name in names)
    assert len((folder / "outcomes.csv").read_text(encoding="utf-8").splitlines()) == 13
    again = parley("ensemble", "warm_flat", "--worlds", 12, "--csv", folder)
    assert (again.code, again.out) == (2, "")
    assert "experiments.csv already exists. Add --force" in again.err
    assert parley("ensemble", "warm_flat", "--worlds", 3, "--csv", folder, "--force").code == 0
    assert len((folder / "outcomes.csv").read_text(encoding="utf-8").splitlines()) == 4


def test_the_tables_of_several_scenarios_have_a_folder_each(parley: Command, tmp_path: Path) -> None:
    assert parley("ensemble", "warm_flat", "cleaner", "--base", 2, "--groups", "support", "--csv", tmp_path).code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cleaner", "warm_flat"]
    assert len(list((tmp_path / "cleaner").iterdir())) == 4


def test_tables_for_european_spreadsheets_have_semicolons_and_decimal_commas(parley: Command, tmp_path: Path) -> None:
    command = ("ensemble", "warm_flat", "--worlds", 3, "--csv")
    parley(*command, tmp_path / "standard")
    parley(*command, tmp_path / "eu", "--csv-locale", "eu")
    name = "experiments.csv"
    standard = (tmp_path / "standard" / name).read_text(encoding="utf-8").replace(",", ";").replace(".", ",")
    european = (tmp_path / "eu" / name).read_text(encoding="utf-8")
    assert european.startswith("\ufeff")
    assert european.splitlines()[1:] == standard.splitlines()[1:]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((*SMALL, "--base", 33), "A base sample of 33 worlds: it must be a power of two from 2 to 65,536, such as 32."),
        (
            (*SMALL, "--of", "agree"),
            "Unknown output 'agree'. Choose from agreed, months, blocked_by.ACTOR, accepts.ACTO",
        ),
        (("sensitivity", "european_force", "--of", "surplus.russia"), "surplus.russia is undefined where the proposal"),
        (
            ("sensitivity", "european_force", "--base", 65_536, "--numbers", 158),
            f"--base 65536 means {cost(load_scenario(find('european_force')), 'agreed', 65_536, 158, 64):,} worlds",
        ),
        (("sensitivity", "flatmates"), "'flatmates' is a case. Name one of its scenarios"),
        (
            ("discover", "warm_flat", "--worlds", 10**8),
            "100,000,000 worlds, which would take about 6 hours on one processor and 652 GiB of memory.",
        ),
        (
            ("ensemble", "warm_flat", "--worlds", 10**8, "--csv", "x"),
            "100,000,000 worlds, which would take about 6 hours on one processor and 931 GiB of disk space.",
        ),
        (
            ("discover", "warm_flat", "--of", "months"),
            "'months' is a number, but boxes need an answer that is true or false",
        ),
        (
            ("ensemble", "warm_flat", "--csv", "x", "--groups", "actor"),
            "Unknown grouping 'actor'. Choose from number, ",
        ),
        (("ensemble", "warm_flat", "--csv", "x", "--worlds", 0), "at least 1 world, not 0"),
        (("ensemble", "warm_flat", "--base", 8), "Name a folder for these with --csv."),
        (("ensemble", "warm_flat", "--csv", "x", "--json"), "Leave out --out, --chunk, --resume and --json."),
        (("table", "warm_flat", "--out", "x"), "Type 'parley ensemble SCENARIO --csv DIR'."),
    ],
)
def test_what_makes_no_sense_is_refused(
    parley: Command, arguments: tuple[str | int, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = parley(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err
    assert list(tmp_path.iterdir()) == []
