"""A golden playthrough of every bundled scenario, one readable page each. A missing or outdated page fails.

After an intended change, write all pages again, then read the difference as an expert would:

    python -m tests.playthroughs.test_playthroughs && git diff tests/playthroughs

Pages of scenarios that no longer exist are deleted.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from sim import case_paths
from sim.negotiation.record.summary import summarise
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import load_scenario
from tests.playthroughs.page import COLUMNS, LINES, playthrough

HERE = Path(__file__).parent
SCENARIOS = {case_paths.name_of(path).replace("/", "."): path for path in case_paths.scenarios(case_paths.bundled())}


def page_of(path: Path) -> str:
    return playthrough(summarise(play(load_scenario(path))))


def golden(name: str) -> Path:
    return HERE / f"{name}.txt"


def test_every_bundled_scenario_has_its_playthrough_and_no_other_is_there() -> None:
    assert len(SCENARIOS) >= 20
    assert {path.stem for path in HERE.glob("*.txt")} == set(SCENARIOS)


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_a_scenario_plays_as_it_did(name: str) -> None:
    assert page_of(SCENARIOS[name]) == golden(name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_a_playthrough_fits_a_page(name: str) -> None:
    lines = golden(name).read_text(encoding="utf-8").splitlines()
    assert len(lines) <= LINES
    assert max(map(len, lines)) <= COLUMNS


def write_all() -> None:
    """Write the pages of all bundled scenarios, and delete the others."""
    for page in HERE.glob("*.txt"):
        if page.stem not in SCENARIOS:
            page.unlink()
    for name, path in SCENARIOS.items():
        golden(name).write_text(page_of(path), encoding="utf-8")


if __name__ == "__main__":
    write_all()
