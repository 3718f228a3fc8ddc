"""Sweeps: every row is what `--set` of the same values gives, in whatever pieces, by whoever."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from sim import case_paths
from sim.analysis.experiments import sweep as module
from sim.analysis.experiments.design import Axis, Design
from sim.analysis.experiments.design_file import read_vary
from sim.analysis.experiments.design_points import WORLD_COLUMNS, play_points
from sim.analysis.experiments.ensemble import ensemble
from sim.analysis.experiments.ensemble_plan import Plan
from sim.analysis.experiments.sweep import Sweep, sweep
from sim.analysis.experiments.world_rows import code_meanings, rows_of
from sim.analysis.runner.executors import crew
from sim.analysis.runner.result_store import ResultStore
from sim.case.models import Scenario
from sim.errors import CaseError, UsageError
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import load_scenario
from tests.analysis import workers

PRICE = "actors.russia.red_lines.western_troops.price"
PRESSURE = "context.us_pressure_on_ukraine.start"
HEADLINE: list[list[str]] = [
    [f"{PRESSURE}=0:1:3", f"{PRICE}=[0, 20, never]"],
    ["codebook.strong.is=8:20:3", "actors.russia.audience_cost.points=0:10:2"],
    ["proposal.force_size=[15000, 50000]", "protocol.amend_terms=1:2:2", f"{PRICE}=[10, never]"],
    ["context.front_momentum.volatility=0:0.3:3", f"{PRICE}=[strong, 7]", "durability.horizon=[5, 10]"],
    ["actors.russia.red_lines.western_troops.declared=[true, false]", f"{PRESSURE}=[0.1, 0.9]"],
    ["protocol.step=[0.5, 2, 8]", "protocol.patience=0:4:3"],
    [f"{PRICE}=[5, 40]", "actors.russia.red_lines.nato_troops.price=[1, 30]"],  # in the case, one and the same
]


@lru_cache
def path_of(name: str) -> Path:
    return case_paths.find(name)


def design_of(scenario: str, vary: Sequence[str], **keys: Any) -> Sweep:
    return Sweep(load_scenario(path_of(scenario)), read_vary(vary), **keys)


def points_of(plan: Sweep) -> list[dict[str, Any]]:
    values = plan.design.values(0, plan.design.points)
    return [dict(zip(values, point, strict=True)) for point in zip(*values.values(), strict=True)]


@pytest.fixture(scope="module")
def small() -> Sweep:
    """Twelve points of the flatmates, three at a time."""
    vary = ["actors.ana.reservation.base=0:12:6", "proposal.heating=[19, 22]"]
    return design_of("warm_flat", vary, worlds=20, seed=7, chunk=60)


@pytest.mark.slow
@pytest.mark.parametrize("vary", HEADLINE, ids=lambda vary: vary[0].partition("=")[0])
def test_a_row_at_central_values_is_the_run_with_these_values_set(vary: list[str]) -> None:
    plan = design_of("european_force", vary)
    rows = play_points(next(plan.pieces))
    for at, point in enumerate(points_of(plan)):
        alone = rows_of(play(load_scenario(path_of("european_force"), point)))
        for name in alone.keys() - set(WORLD_COLUMNS):
            assert np.array_equal(rows[name][at], alone[name][0]), (point, name)


@pytest.mark.slow
@pytest.mark.parametrize("vary", HEADLINE, ids=lambda vary: vary[0].partition("=")[0])
def test_a_row_over_worlds_is_the_ensemble_with_these_values_set(vary: list[str]) -> None:
    plan = design_of("european_force", vary, worlds=40, seed=3, chunk=90)
    found = sweep(plan)["rows"]
    for row, point in zip(found, points_of(plan), strict=True):
        changed = load_scenario(path_of("european_force"), point)
        one = ensemble(Plan((changed,), worlds=40, seed=3))["scenarios"][0]
        share = one["outcomes"]["agreed"]
        assert [row[key] for key in ("agreed", "agreed_low", "agreed_high")] == [
            share[key] for key in ("share", "low", "high")
        ]
        assert {name: row[name] for name in one["outcomes"]} == {n: s["share"] for n, s in one["outcomes"].items()}
        assert row["months"] == (one["months"] and one["months"]["median"])
        assert row["durability"] == (one["durability"] and one["durability"]["mean"])
        assert {name: row[f"accepts.{name}"] for name in one["verdicts"]} == {
            name: verdicts["accept"] for name, verdicts in one["verdicts"].items()
        }
        blocks = {
            name.partition(".")[2]: share for name, share in row.items() if name.startswith(("blocks.", "stuck."))
        }
        counted = {blocker["name"]: blocker["worlds"] / 40 for blocker in one["blockers"]}
        assert {name: share for name, share in blocks.items() if share} == counted


@pytest.mark.slow
def test_a_point_with_more_worlds_than_a_chunk_is_played_in_parts(small: Sweep) -> None:
    assert sweep(replace(small, chunk=7)) == sweep(replace(small, chunk=10_000))


@pytest.mark.slow
@pytest.mark.parametrize("worlds", [None, 20])
def test_the_result_does_not_depend_on_the_chunk_or_on_who_plays(small: Sweep, worlds: int | None) -> None:
    plan = replace(small, worlds=worlds)
    found = sweep(plan)
    assert sweep(replace(plan, chunk=3)) == found
    assert sweep(replace(plan, chunk=5), by=crew(2)) == found


def test_the_table_says_what_the_result_says(small: Sweep, tmp_path: Path) -> None:
    found = sweep(small, store=ResultStore(tmp_path, small, program="1"))
    table = pq.read_table(tmp_path / "warm_flat.parquet")
    assert table.to_pylist() == found["rows"]
    about = json.loads(table.schema.metadata[b"parley"])
    assert (about["format"], about["scenario"], about["points"]) == ("parley.points/1", "warm_flat", 12)


def test_the_table_at_central_values_is_in_words(small: Sweep, tmp_path: Path) -> None:
    plan = replace(small, worlds=None)
    found = sweep(plan, store=ResultStore(tmp_path, plan, program="1"))
    rows = pq.read_table(tmp_path / "warm_flat.parquet").to_pylist()
    assert rows[0]["outcome"] == "agreed"
    assert rows[0]["issue.heating"] in code_meanings(plan.scenario.case)["issue.heating"]
    assert [row["verdict.ana"] for row in rows] == [row["verdict.ana"] for row in found["rows"]]


@pytest.mark.slow
def test_many_pieces_make_few_row_groups(small: Sweep, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "GROUP", 8)
    plan = replace(small, chunk=60)
    sweep(plan, store=ResultStore(tmp_path, plan, program="1"))
    file = pq.ParquetFile(tmp_path / "warm_flat.parquet")
    assert [file.metadata.row_group(at).num_rows for at in range(file.num_row_groups)] == [6, 6]
    again = sweep(plan, store=ResultStore(tmp_path, plan, program="1", resume=True))
    assert json.dumps(again) == json.dumps(sweep(plan))


def test_what_is_varied_is_told_as_it_stands_where_it_is_not() -> None:
    stands = {
        "actors.ana.reservation.base=0:2:2": "0",
        "proposal.heating=[18, 20]": "22",
        "protocol.months=1:2:2": "6",
        "protocol.step=1:2:2": "2.0",
        "protocol.patience=1:2:2": "3",
        "codebook.much.is=5:20:2": "{low: 10, mode: 15, high: 20}",
        "codebook.some.is.low=1:2:2": None,
    }
    varied = sweep(design_of("warm_flat", list(stands)))["varied"]
    assert [one["written"] for one in varied] == list(stands.values())


def test_effects_are_means_over_the_points() -> None:
    plan = design_of("warm_flat", ["actors.ana.reservation.base=0:12:30", "actors.ben.reservation.base=-5:5:3"])
    found = sweep(plan)
    frame = pd.DataFrame(found["rows"])
    agreed = (frame["outcome"] == "agreed").astype(float)
    ana, ben = found["varied"][0]["path"], found["varied"][1]["path"]
    assert found["agreed"] == pytest.approx(agreed.mean(), abs=1e-6)
    by_ben = agreed.groupby(frame[ben]).mean()
    assert [one["low"] for one in found["effects"][1]["bins"]] == list(by_ben.index)
    assert [one["agreed"] for one in found["effects"][1]["bins"]] == pytest.approx(by_ben.to_list(), abs=1e-6)
    tenth = (frame[ana] / 1.2).astype(int).clip(upper=9)
    assert [one["points"] for one in found["effects"][0]["bins"]] == tenth.value_counts().sort_index().to_list()
    by_both = agreed.groupby([tenth, frame[ben]]).mean().unstack()
    assert np.allclose(np.array(found["map"]["agreed"]), by_both.to_numpy(), atol=1e-6)
    assert {one["name"]: one["share"] for one in found["blockers"]} == pytest.approx(
        {name: share for name in ("ana", "ben", "cleo") if (share := frame[f"blocks.{name}"].mean())}, abs=1e-6
    )


def test_the_most_and_the_least_are_points_of_the_table(small: Sweep) -> None:
    found = sweep(small)
    for name, best in (("most", max), ("least", min)):
        row = best(found["rows"], key=lambda row: float(row["agreed"]))
        assert found[name] == {
            "agreed": row["agreed"],
            "values": {one["path"]: row[one["path"]] for one in found["varied"]},
        }


def test_of_very_many_points_the_table_alone_has_the_rows(small: Sweep, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ROWS_LISTED", 11)
    found = sweep(small)
    assert found["rows"] is None
    assert found["points"] == 12


@pytest.mark.parametrize(
    ("vary", "said"),
    [
        ("context.rain.start=0:1:3", "--vary context.rain.start: the case has no number 'context.rain.start'."),
        ("context.us_ad.start=0:1:3", "Did you mean 'context.us_aid.start'?"),
        ("proposal.forc=[none]", "'forc' is not an issue of this case"),
        ("protocol.mnths=1:3:3", "Did you mean 'months'?"),
        ("context.us_aid.start=0:2:3", "--vary context.us_aid.start: 2: start 2 is outside the bounds 0 to 1."),
        (f"{PRICE}=-5:5:3", f"--vary {PRICE}: -5: this number must be 0 or more."),
        ("context.us_aid.start=[never, 1]", "--vary context.us_aid.start: never: 'never' is not a number."),
        (
            "protocol.months=1:2:4",
            "protocol.months=1.33333333333: protocol.months: '1.33333333333' is not a whole number.",
        ),
        ("protocol.patience=0:3:3", "protocol.patience=1.5: protocol.patience: '1.5' is not a whole number."),
        ("protocol.patience=[-1, 1]", "--vary protocol.patience: -1: "),
        ("protocol.step=[0, 1]", "--vary protocol.step: 0: a step must be above 0 points, not 0."),
        ("proposal.force=[none, european]", "no valid scenario with proposal.force=none: proposal: impossible"),
        ("actors.russia.name=[a]", "the case has no number 'actors.russia.name'"),
    ],
)
def test_a_design_that_the_scenario_cannot_take_is_refused(vary: str, said: str) -> None:
    with pytest.raises((CaseError, UsageError)) as caught:
        design_of("european_force", [vary])
    assert said in str(caught.value)


def test_a_sample_that_memory_could_not_hold_is_refused(small: Sweep) -> None:
    many = Design("sobol", (Axis("actors.ana.reservation.base", 0, 12),), 2**31)
    with pytest.raises(UsageError, match="2,147,483,648 points are too many for a sobol design"):
        replace(small, design=many)


def refused(plan: Sweep, folder: Path) -> str:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(UsageError) as caught:
        ResultStore(folder, plan, program="1", resume=True)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    return str(caught.value).removeprefix(str(folder))


def test_the_folder_of_another_sweep_is_left_alone(
    small: Sweep, flatmates: tuple[Scenario, ...], tmp_path: Path
) -> None:
    sweep(small, store=ResultStore(tmp_path, small, program="1"))
    ana = "actors.ana.reservation.base"
    for other, said in (
        (replace(small, seed=8), "seed 7, not 8"),
        (replace(small, worlds=None), "worlds 20, not none"),
        (replace(small, design=read_vary([f"{ana}=0:13:6", "proposal.heating=[19, 22]"])), f"another design of {ana}"),
        (
            replace(small, design=read_vary([f"{ana}=0:12:6"])),
            "points 12, not 6; another design of proposal.heating",
        ),
        (replace(small, scenario=flatmates[1]), "another scenario house_rules and warm_flat"),
    ):
        assert refused(other, tmp_path) == f" holds another sweep ({said}); name another folder."
    ours = Plan((small.scenario,), worlds=20, seed=7, chunk=60)
    with pytest.raises(UsageError, match=r"holds another ensemble \(format parley\.points/1, not parley\.worlds/1\)"):
        ResultStore(tmp_path, ours, program="1", resume=True)
    with pytest.raises(UsageError, match="already holds this sweep; resume it"):
        ResultStore(tmp_path, small, program="1")


@pytest.mark.slow
def test_a_worker_that_dies_costs_its_chunk_alone(
    small: Sweep, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARLEY_TEST_MARK", str(tmp_path / "died"))
    expected = sweep(small)
    monkeypatch.setattr(module, "play_points", workers.play_points_and_die_once)
    assert sweep(small, by=crew(2)) == expected
    assert (tmp_path / "died").exists()
