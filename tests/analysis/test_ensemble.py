"""Ensembles: the same numbers in whatever pieces, by whoever, and the numbers that a run of the same worlds gives."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sim import case_paths
from sim.analysis.experiments import ensemble as module
from sim.analysis.experiments.ensemble import ensemble
from sim.analysis.experiments.ensemble_plan import Plan
from sim.analysis.experiments.world_rows import rows_of
from sim.analysis.runner.executors import crew
from sim.analysis.runner.result_store import ResultStore
from sim.case.models import Scenario
from sim.errors import UsageError
from sim.negotiation.record.history import Outcome
from sim.negotiation.record.summary import summarise
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import load_scenario
from tests.analysis import workers

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("chunk", [1, 4, 8, 1_000])
def test_statistics_do_not_depend_on_the_chunks(plan: Plan, chunk: int) -> None:
    small = replace(plan, worlds=9)
    assert ensemble(replace(small, chunk=chunk)) == ensemble(small)


def test_statistics_are_those_of_a_run_of_the_same_worlds() -> None:
    headline = load_scenario(case_paths.find("korean_armistice"))
    found = ensemble(Plan((headline,), worlds=300, seed=3, chunk=128))["scenarios"][0]
    run = summarise(play(headline, 300, 3))
    assert {name: one["share"] for name, one in found["outcomes"].items()} == run["shares"]
    assert {one["name"]: one["share"] for one in found["blockers"]} == run["blockers"]
    mine = {(str(one["package"]), one["outcome"]): one["share"] for one in found["final_texts"]}
    theirs = {(str(one["package"]), one["outcome"]): one["share"] for one in run["final_texts"]}
    assert sorted(mine.values()) == sorted(theirs.values())
    assert max(mine, key=mine.__getitem__) == max(theirs, key=theirs.__getitem__)


@pytest.mark.slow
def test_months_and_durability_are_those_of_the_agreed_worlds() -> None:
    scenario = load_scenario(case_paths.find("force_with_concessions"))
    rows = rows_of(play(scenario, 300, 3))
    agreed = rows["outcome"] == Outcome.AGREED
    assert agreed.any()
    found = ensemble(Plan((scenario,), worlds=300, seed=3, chunk=77))["scenarios"][0]
    quartiles = ("lower_quartile", "median", "upper_quartile")
    months = np.quantile(rows["months"][agreed], [0.25, 0.5, 0.75], method="inverted_cdf")
    assert [found["months"][name] for name in quartiles] == months.tolist()
    assert sum(found["months"]["worlds"].values()) == agreed.sum()
    lasting = np.quantile(rows["durability"][agreed], [0.25, 0.5, 0.75], method="inverted_cdf")
    assert [found["durability"][name] for name in quartiles] == pytest.approx(lasting, abs=5.1e-4)
    assert found["durability"]["mean"] == pytest.approx(rows["durability"][agreed].mean(), abs=5.1e-4)


def test_where_nothing_is_agreed_there_are_no_months_and_no_durability(flatmates: tuple[Scenario, ...]) -> None:
    found = ensemble(Plan(flatmates[2:], worlds=20))["scenarios"][0]
    assert found["outcomes"]["agreed"]["worlds"] == 0
    assert found["months"] is None
    assert found["durability"] is None


def test_differences_count_the_same_worlds_one_by_one(flatmates: tuple[Scenario, ...]) -> None:
    plan = Plan(flatmates, worlds=100, seed=1, chunk=33)
    agreed = [play(one, 100, 1).outcome == Outcome.AGREED for one in flatmates]
    found = ensemble(plan)["differences"]
    assert [(one["first"], one["second"]) for one in found] == [
        ("warm_flat", "house_rules"),
        ("warm_flat", "cleaner"),
        ("house_rules", "cleaner"),
    ]
    for one, (a, b) in zip(found, [(0, 1), (0, 2), (1, 2)], strict=True):
        pairs = list(zip(agreed[a].tolist(), agreed[b].tolist(), strict=True))
        assert one["agreed_in_both"] == pairs.count((True, True))
        assert one["in_first_alone"] == pairs.count((True, False))
        assert one["in_second_alone"] == pairs.count((False, True))
        assert one["in_neither"] == pairs.count((False, False))
        assert one["share"] == pytest.approx(agreed[b].mean() - agreed[a].mean())
        assert one["low"] <= one["share"] <= one["high"]


def test_a_scenario_does_not_differ_from_its_twin(flatmates: tuple[Scenario, ...]) -> None:
    twin = replace(flatmates[0], id="twin")
    [found] = ensemble(Plan((flatmates[0], twin), worlds=100, chunk=30))["differences"]
    assert found["share"] == 0
    assert found["in_first_alone"] == found["in_second_alone"] == 0
    assert found["low"] == -found["high"]


def test_two_scenarios_of_one_name_are_refused(flatmates: tuple[Scenario, ...]) -> None:
    with pytest.raises(UsageError, match="Two scenarios are called 'warm_flat'; rename the file of one of them"):
        Plan((flatmates[0], flatmates[0]), worlds=10)


def kept(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.slow
def test_two_workers_write_the_bytes_of_one_even_if_one_dies(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = ensemble(plan, store=ResultStore(tmp_path / "one", plan, program="1"))
    monkeypatch.setenv("PARLEY_TEST_MARK", str(tmp_path / "died"))
    monkeypatch.setattr(module, "play_chunk", workers.play_and_die_once)
    together = ensemble(plan, by=crew(2), store=ResultStore(tmp_path / "two", plan, program="1"))
    assert (tmp_path / "died").exists()
    assert together == alone
    assert kept(tmp_path / "two") == kept(tmp_path / "one")


def test_progress_counts_the_worlds_of_all_scenarios(plan: Plan) -> None:
    ticks: list[tuple[int, int]] = []
    ensemble(plan, progress=lambda done, total: ticks.append((done, total)))
    assert ticks == [(done, 240) for done in (0, 50, 100, 120, 170, 220, 240)]


PEAK = """
import sys, tracemalloc
from pathlib import Path
import pyarrow
from sim import case_paths
from sim.analysis.experiments.ensemble import ensemble
from sim.analysis.experiments.ensemble_plan import Plan
from sim.analysis.runner.result_store import ResultStore
from sim.negotiation.scenario_loader import load_scenario
plan = Plan((load_scenario(case_paths.find("house_rules")),), worlds=int(sys.argv[1]), chunk=1000)
tracemalloc.start()
ensemble(plan, store=ResultStore(Path(sys.argv[2]), plan, program="1"))
print(tracemalloc.get_traced_memory()[1] + pyarrow.default_memory_pool().max_memory())
"""


def peak(worlds: int, folder: Path) -> int:
    """Bytes that Python, NumPy and Arrow hold at the most for an ensemble of so many worlds, in a new process."""
    command = [sys.executable, "-c", PEAK, str(worlds), str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return int(subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout)


@pytest.mark.slow
def test_memory_does_not_grow_with_the_worlds(tmp_path: Path) -> None:
    """But for what the footer of the file and the manifest say of each piece: some 25 kB for each of these 20."""
    assert peak(20_000, tmp_path / "many") < 1.2 * peak(2_000, tmp_path / "few")
