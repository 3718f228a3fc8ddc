"""Folders of results: whole or not at all, the same however often they were stopped, and never somebody else's."""

from __future__ import annotations

import json
import os
import resource
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from sim import case_paths
from sim.analysis.experiments.design_file import read_vary
from sim.analysis.experiments.ensemble import ensemble
from sim.analysis.experiments.ensemble_plan import Plan, play_chunk
from sim.analysis.experiments.sweep import Sweep, sweep
from sim.analysis.experiments.world_rows import code_meanings
from sim.analysis.runner import parquet, result_store
from sim.analysis.runner.pieces import Rows
from sim.analysis.runner.result_store import ResultStore
from sim.atomic_write import DRAFT
from sim.case.models import Scenario
from sim.engine.outcome_space import OutcomeSpace
from sim.errors import UsageError
from sim.negotiation.record.history import Outcome
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import load_scenario
from tests.analysis.kills import kept, killed_and_resumed

REMEMBERED = lru_cache(play_chunk)
SHORT = ["--set", "protocol.months=1"]
"""Talks that take no time: of a run that is killed, the writing is what counts."""


def run(plan: Plan, folder: Path, **keys: Any) -> dict[str, Any]:
    return ensemble(plan, store=ResultStore(folder, plan, program="1", **keys))


@pytest.fixture(autouse=True)
def _play_each_chunk_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is tested here is what becomes of the rows."""
    monkeypatch.setattr("sim.analysis.experiments.ensemble.play_chunk", REMEMBERED)


@pytest.fixture(scope="module")
def whole(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], dict[str, bytes]]:
    """What an uninterrupted run says, and writes."""
    folder = tmp_path_factory.mktemp("whole")
    return run(plan, folder), kept(folder)


@pytest.fixture(scope="module")
def headline() -> Scenario:
    return load_scenario(case_paths.find("european_force"), {"protocol.months": 3})


def test_a_row_is_a_world_in_words(plan: Plan, tmp_path: Path) -> None:
    run(plan, tmp_path)
    table = pq.read_table(tmp_path / "warm_flat.parquet").to_pylist()
    rows = play_chunk(replace(plan, chunk=120).pieces[0])
    assert [row["world"] for row in table] == list(range(120))
    scenario = plan.scenarios[0]
    told = play(scenario, 120, seed=plan.seed)
    last = told.at_end(lambda month: month.evaluation.matrix.texts)
    assert {row["outcome"] for row in table} == {"agreed", "expired"}
    for row, text, outcome in zip(table, last, told.outcome, strict=True):
        assert row["outcome"] == Outcome(outcome).word
        package = OutcomeSpace(scenario.case).decode(text)
        assert {name: row[f"issue.{name}"] for name in package} == package
        assert row["outcome"] != "agreed" or (row["verdict.ana"], row["blocks.ana"]) == ("accept", False)
    assert [row["surplus.ben"] for row in table] == rows["surplus.ben"].tolist()


def test_rows_come_back_as_they_were_written(headline: Scenario, tmp_path: Path) -> None:
    rows, words = play_chunk(Plan((headline,), worlds=40).pieces[0]), code_meanings(headline.case)
    (tmp_path / "part").write_bytes(parquet.encode(rows, words))
    back = parquet.decode(tmp_path / "part", words)
    assert list(back) == list(rows)
    assert "durability" in back
    assert any(name.startswith("stuck.") for name in back)
    assert all(np.array_equal(back[name], rows[name]) for name in rows)


@pytest.mark.slow
def test_the_rows_do_not_depend_on_the_chunks(plan: Plan, tmp_path: Path) -> None:
    tables = []
    for chunk in (11, 50, 500):
        cut = replace(plan, chunk=chunk)
        run(cut, tmp_path / str(chunk))
        tables.append(pq.read_table(tmp_path / str(chunk) / "house_rules.parquet").replace_schema_metadata(None))
    assert tables[0].equals(tables[1])
    assert tables[0].equals(tables[2])


def test_a_finished_folder_holds_a_file_a_scenario_with_a_row_group_a_chunk(
    plan: Plan, whole: tuple[dict[str, Any], dict[str, bytes]], tmp_path: Path
) -> None:
    assert set(whole[1]) == {"manifest.json", "warm_flat.parquet", "house_rules.parquet"}
    (tmp_path / "x").write_bytes(whole[1]["warm_flat.parquet"])
    file = pq.ParquetFile(tmp_path / "x")
    assert [file.metadata.row_group(at).num_rows for at in range(file.num_row_groups)] == [50, 50, 20]
    about = json.loads(file.schema_arrow.metadata[b"parley"])
    assert (about["scenario"], about["seed"], about["worlds"]) == ("warm_flat", 7, 120)


class Crash(BaseException):
    """The end of a process, as far as Python can play it."""


def crashing(step: Callable[..., Any], countdown: Iterator[int]) -> Callable[..., Any]:
    """A step of writing before which, once the countdown is over, the process ends."""

    def crash(*arguments: Any, **keys: Any) -> Any:
        if next(countdown) == 0:
            raise Crash
        return step(*arguments, **keys)

    return crash


@pytest.mark.slow
@pytest.mark.parametrize("leave_drafts", [False, True])
def test_a_run_that_ends_before_any_step_of_writing_goes_on_to_the_same_bytes(
    plan: Plan,
    whole: tuple[dict[str, Any], dict[str, bytes]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    leave_drafts: bool,
) -> None:
    crashes = 0
    for steps in range(100):
        folder = tmp_path / str(steps)
        with monkeypatch.context() as patched:
            countdown = iter(range(steps, -1_000, -1))
            patched.setattr(os, "fsync", crashing(os.fsync, countdown))
            patched.setattr(Path, "replace", crashing(Path.replace, countdown))
            patched.setattr(Path, "rmdir", crashing(Path.rmdir, countdown))
            unlink = Path.unlink if not leave_drafts else _keep_drafts
            patched.setattr(Path, "unlink", crashing(unlink, countdown) if not leave_drafts else unlink)
            try:
                run(plan, folder)
            except Crash:
                crashes += 1
            else:
                break
        assert run(plan, folder, resume=True) == whole[0]
        assert kept(folder) == whole[1]
    assert crashes > 15


UNLINK = Path.unlink


def _keep_drafts(path: Path, missing_ok: bool = False) -> None:
    """Remove a file, but for a draft: a process that is killed does not tidy up."""
    if not path.name.endswith(DRAFT):
        UNLINK(path)


def test_a_finished_run_is_read_not_played_again(
    plan: Plan, whole: tuple[dict[str, Any], dict[str, bytes]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(plan, tmp_path)

    def played(_: object) -> Rows:
        raise AssertionError("there was nothing to play")

    monkeypatch.setattr("sim.analysis.experiments.ensemble.play_chunk", played)
    assert run(plan, tmp_path, resume=True) == whole[0]
    assert kept(tmp_path) == whole[1]


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        ["ensemble", "warm_flat", "house_rules", "--worlds", "120", "--chunk", "10", "--seed", "7", *SHORT],
        [
            "sweep",
            "warm_flat",
            "--vary",
            "actors.ana.reservation.base=0:12:24",
            "--worlds",
            "10",
            "--chunk",
            "10",
            *SHORT,
        ],
    ],
    ids=["ensemble", "sweep"],
)
def test_a_run_that_is_killed_at_20_moments_writes_the_same_bytes(tmp_path: Path, command: list[str]) -> None:
    whole, killed = killed_and_resumed(command, tmp_path)
    assert killed == whole


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"seed": 8}, "seed 7, not 8"),
        ({"worlds": 121}, "worlds 120, not 121"),
        ({"chunk": 51}, "chunk 50, not 51"),
        ({"worlds": 100, "seed": 0}, "seed 7, not 0; worlds 120, not 100"),
    ],
)
@pytest.mark.parametrize("resume", [False, True])
def test_the_folder_of_another_ensemble_is_left_alone(
    plan: Plan, tmp_path: Path, change: dict[str, int], said: str, *, resume: bool
) -> None:
    run(plan, tmp_path)
    before = kept(tmp_path)
    with pytest.raises(UsageError, match=rf"holds another ensemble \({said}\); name another folder\.$"):
        run(replace(plan, **change), tmp_path, resume=resume)
    assert kept(tmp_path) == before


def test_the_folder_of_another_scenario_or_version_is_left_alone(
    plan: Plan, flatmates: tuple[Scenario, ...], tmp_path: Path
) -> None:
    run(plan, tmp_path)
    before = kept(tmp_path)
    changed = load_scenario(case_paths.find("warm_flat"), {"actors.ana.reservation.base": 1})
    with pytest.raises(UsageError, match=r"\(another scenario warm_flat\)"):
        run(replace(plan, scenarios=(changed, flatmates[1])), tmp_path, resume=True)
    with pytest.raises(UsageError, match=r"\(another scenario cleaner and warm_flat\)"):
        run(replace(plan, scenarios=flatmates[1:]), tmp_path, resume=True)
    with pytest.raises(UsageError, match=r"\(made with parley 1, not 2\)"):
        ResultStore(tmp_path, plan, program="2", resume=True)
    assert kept(tmp_path) == before


def test_the_folder_of_a_sweep_is_left_alone(plan: Plan, flatmates: tuple[Scenario, ...], tmp_path: Path) -> None:
    points = Sweep(flatmates[0], read_vary(["actors.ana.reservation.base=0:12:3"]))
    sweep(points, store=ResultStore(tmp_path, points, program="1"))
    before = kept(tmp_path)
    said = r"holds another ensemble \(format parley\.points/1, not parley\.worlds/1\); name another folder\.$"
    with pytest.raises(UsageError, match=said):
        run(plan, tmp_path, resume=True)
    assert kept(tmp_path) == before


def test_a_finished_ensemble_is_not_played_over(plan: Plan, tmp_path: Path) -> None:
    run(plan, tmp_path)
    before = kept(tmp_path)
    with pytest.raises(UsageError, match="already holds this ensemble; resume it"):
        run(plan, tmp_path)
    assert kept(tmp_path) == before


@pytest.mark.parametrize("resume", [False, True])
def test_a_folder_with_anything_else_in_it_is_left_alone(plan: Plan, tmp_path: Path, *, resume: bool) -> None:
    (tmp_path / "warm_flat.parquet").write_text("mine")
    with pytest.raises(UsageError, match="is not empty and holds no ensemble"):
        run(plan, tmp_path, resume=resume)
    assert kept(tmp_path) == {"warm_flat.parquet": b"mine"}


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"scenarios": [1], "versions": "x"}', "{"])
def test_a_manifest_that_is_none_is_another_ensemble(plan: Plan, tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(UsageError, match="holds another ensemble"):
        run(plan, tmp_path, resume=True)
    assert kept(tmp_path) == {"manifest.json": text.encode()}


def test_a_file_in_the_way_is_named(plan: Plan, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(UsageError, match="a file is in the way; name a folder"):
            run(plan, folder)


def test_a_folder_that_may_not_be_written_is_named(plan: Plan, closed: Path) -> None:
    with pytest.raises(UsageError, match=rf"^{closed / 'worlds'} cannot be written \("):
        run(plan, closed / "worlds")


@pytest.mark.parametrize("room", [100, 1_000, 5_000])
def test_where_the_system_takes_no_more_it_is_told_and_nothing_is_lost(
    plan: Plan, whole: tuple[dict[str, Any], dict[str, bytes]], tmp_path: Path, room: int
) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, limits[1]))
    try:
        with pytest.raises(UsageError, match=r"cannot be written \(File too large\)\. ") as told:
            run(plan, tmp_path / "x")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert ("Finished pieces are kept." in str(told.value)) == (tmp_path / "x" / result_store.MANIFEST).exists()
    assert not list((tmp_path / "x").rglob(f"*{DRAFT}"))
    assert run(plan, tmp_path / "x", resume=True) == whole[0]
    assert kept(tmp_path / "x") == whole[1]


OPEN = Path.open


class Full:
    """A disk that takes so many bytes and no more."""

    def __init__(self, room: int) -> None:
        self.room = room

    def open(self, path: Path, mode: str = "r", **keys: Any) -> Any:
        stream: Any = OPEN(path, mode, **keys)
        write, disk = stream.write, self

        class Stream:
            """The stream, which minds the room."""

            closed = False

            def write(self, data: bytes) -> int:
                disk.room -= memoryview(data).nbytes
                if disk.room < 0:
                    raise OSError(28, "No space left on device")
                return int(write(data))

            def __getattr__(self, name: str) -> Any:
                return getattr(stream, name)

            def __enter__(self) -> Any:
                return self

            def __exit__(self, *_: object) -> None:
                stream.close()

        return Stream() if "w" in mode else stream


@pytest.mark.parametrize("room", [10, 1_000, 20_000, 40_000, 60_000])
def test_a_full_disk_is_told_and_loses_nothing(
    plan: Plan,
    whole: tuple[dict[str, Any], dict[str, bytes]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    room: int,
) -> None:
    disk = Full(room)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", lambda path, *more, **keys: disk.open(path, *more, **keys))
        with pytest.raises(UsageError, match=r"cannot be written \(.*No space left on device.*\)\. ") as told:
            run(plan, tmp_path / "x")
    assert ("Finished pieces are kept." in str(told.value)) == (tmp_path / "x" / result_store.MANIFEST).exists()
    assert not list((tmp_path / "x").rglob(f"*{DRAFT}"))
    assert run(plan, tmp_path / "x", resume=True) == whole[0]
    assert kept(tmp_path / "x") == whole[1]


def test_a_damaged_part_is_named(plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(ResultStore, "finish", crashing(ResultStore.finish, iter([0])))
        with pytest.raises(Crash):
            run(plan, tmp_path)
    part = tmp_path / "parts" / "warm_flat.0000001.parquet"
    part.write_bytes(part.read_bytes()[:-20])
    with pytest.raises(UsageError, match=r"warm_flat\.0000001\.parquet is damaged \(.*\); remove it, and resume\.$"):
        run(plan, tmp_path, resume=True)
    part.unlink()
    run(plan, tmp_path, resume=True)
