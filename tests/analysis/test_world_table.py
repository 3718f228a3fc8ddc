"""Worlds as tables: what others read is what was drawn and what came of it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from SALib.analyze import sobol as salib

from sim import case_paths
from sim.analysis.experiments.world_rows import rows_of
from sim.analysis.runner.executors import crew
from sim.analysis.sensitivity.sensitivity import sensitivity
from sim.analysis.sensitivity.uncertain_inputs import shock_columns, uncertain_numbers
from sim.analysis.world_table import WorldSample, write_table
from sim.case.distributions import standard_normal
from sim.case.models import Scenario
from sim.engine.worlds import Streams, Worlds
from sim.errors import UsageError
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import load_scenario
from tests.analysis.wells import well

NAMES = ["experiments.csv", "uniforms.csv", "outcomes.csv", "problem.json"]


@pytest.fixture(scope="module")
def concessions() -> Scenario:
    return load_scenario(case_paths.find("force_with_concessions"))


def columns(path: Path) -> dict[str, tuple[str, ...]]:
    with path.open(encoding="utf-8") as stream:
        head, *rows = csv.reader(stream)
    return dict(zip(head, zip(*rows, strict=True), strict=True))


def test_a_table_holds_the_worlds_of_an_ensemble(concessions: Scenario, tmp_path: Path) -> None:
    assert write_table(concessions, tmp_path, WorldSample(worlds=30, seed=5)) == [tmp_path / name for name in NAMES]
    values, uniforms, outcomes = (columns(tmp_path / name) for name in NAMES[:3])
    streams = Streams(5, 30)
    worlds = Worlds(concessions.case, streams)
    assert list(values) == list(uniforms) == [*uncertain_numbers(concessions), *shock_columns(concessions)]
    for name, told in uniforms.items():
        assert np.array_equal(np.array(told, dtype=float), streams.column(name))
    for name, told in values.items():
        drawn = np.array([one.replace("never", "inf") for one in told], dtype=float)
        wanted = worlds.number(name) if ".shock." not in name else standard_normal(streams.column(name))
        assert np.array_equal(drawn, wanted)
    assert "never" in values["actors.russia.red_lines.western_troops.price"]
    rows = rows_of(play(concessions, 30, 5))
    assert np.array_equal(np.array(outcomes["agreed"]) == "1", rows["outcome"] == 1)
    assert np.array_equal(np.array(outcomes["surplus.russia"], dtype=float), rows["surplus.russia"])
    assert np.array_equal(np.array(outcomes["blocks.us"]) == "1", rows["blocks.us"])
    assert set(outcomes["outcome"]) <= {"agreed", "impasse", "collapsed", "expired"}
    assert set(outcomes["issue.force"]) <= set(concessions.case.issues["force"].options)


@pytest.mark.slow
def test_salib_reads_a_table_and_finds_the_same_indices(concessions: Scenario, tmp_path: Path) -> None:
    write_table(concessions, tmp_path, WorldSample(base=128, groups="owner"))
    problem = json.loads((tmp_path / "problem.json").read_text(encoding="utf-8"))
    agreed = np.array(columns(tmp_path / "outcomes.csv")["agreed"], dtype=float)
    theirs = salib.analyze(problem, agreed, calc_second_order=False, seed=1)
    ours = sensitivity(concessions, base=128, singles=1, trajectories=2)["groups"]["owner"]
    order = list(dict.fromkeys(problem["groups"]))
    assert len(agreed) == 128 * (len(order) + 2)
    for one in ours:
        assert one["total"]["value"] == pytest.approx(theirs["ST"][order.index(one["name"])], abs=1e-6)
        assert one["first"]["value"] == pytest.approx(theirs["S1"][order.index(one["name"])], abs=0.01)


def test_every_number_is_a_group_by_itself_unless_told_otherwise(tmp_path: Path) -> None:
    scenario = load_scenario(case_paths.find("warm_flat"))
    write_table(scenario, tmp_path, WorldSample(base=4))
    problem = json.loads((tmp_path / "problem.json").read_text(encoding="utf-8"))
    assert problem["names"] == problem["groups"] == list(uncertain_numbers(scenario))
    assert problem["num_vars"] == len(problem["bounds"]) == len(problem["dists"])
    assert len(columns(tmp_path / "outcomes.csv")["agreed"]) == 4 * (problem["num_vars"] + 2)


@pytest.mark.slow
def test_workers_change_nothing(tmp_path: Path) -> None:
    scenario = load_scenario(case_paths.find("warm_flat"))
    for name, by in (("one", crew(1)), ("two", crew(2))):
        (tmp_path / name).mkdir()
        write_table(scenario, tmp_path / name, WorldSample(worlds=40), by=by)
    assert all((tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes() for name in NAMES)


def test_nothing_half_written_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = load_scenario(case_paths.find("warm_flat"))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(UsageError, match=r"cannot be written \(No space left on device\)\."):
        write_table(scenario, tmp_path, WorldSample(worlds=4))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("sample", "said"),
    [
        (WorldSample(worlds=0), "at least 1 world, not 0"),
        (
            WorldSample(worlds=4, base=4),
            "leave out the worlds or the base",
        ),
        (WorldSample(base=3), "base sample of 3 worlds: it must be a power of two from 2 to 65,536, such as 4."),
        (
            WorldSample(worlds=4, groups="owners"),
            "'owners'. Choose from number, support, owner, kind. Did you mean 'owner'?",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(sample: WorldSample, said: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        write_table(load_scenario(case_paths.find("warm_flat")), tmp_path, sample)
    assert said in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_where_nothing_is_uncertain_there_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Nothing is uncertain in 'well'"):
        write_table(well(), tmp_path, WorldSample(worlds=4))
