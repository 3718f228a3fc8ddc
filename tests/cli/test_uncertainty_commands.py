"""The commands `sensitivity`, `discover` and `table`: what they show and write, and what they refuse."""

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


def test_what_never_happens_is_a_word_and_no_failure(parley: Command) -> None:
    assert "no variance to explain" in parley("sensitivity", "cleaner", "--base", 16).out
    assert "nothing to explain" in parley("discover", "cleaner", "--worlds", 20).out


def test_a_table_is_written_once(parley: Command, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    ended = parley("table", "warm_flat", "--worlds", 12, "--out", folder)
    names = ["experiments.csv", "uniforms.csv", "outcomes.csv", "problem.json"]
    assert ended.out == "".join(f"Written: {folder / name}\n" for name in names)
    assert len((folder / "outcomes.csv").read_text(encoding="utf-8").splitlines()) == 13
    again = parley("table", "warm_flat", "--worlds", 12, "--out", folder)
    assert (again.code, again.out) == (2, "")
    assert "experiments.csv already exists" in again.err


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
            ("table", "warm_flat", "--worlds", 10**8, "--out", "x"),
            "100,000,000 worlds, which would take about 6 hours on one processor and 931 GiB of disk space.",
        ),
        (
            ("discover", "warm_flat", "--of", "months"),
            "'months' is a number, but boxes need an answer that is true or false",
        ),
        (("table", "warm_flat", "--out", "x", "--groups", "actor"), "Unknown grouping 'actor'. Choose from number, "),
        (("table", "warm_flat", "--out", "x", "--worlds", 0), "at least 1 world, not 0"),
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
