"""Folders of results: whole or not at all, the same however often they were stopped, and never somebody else's."""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim import case_paths
from sim.analysis.experiments.design_file import read_vary
from sim.analysis.experiments.ensemble import ensemble
from sim.analysis.experiments.ensemble_plan import Plan, play_chunk
from sim.analysis.experiments.sweep import Sweep, sweep
from sim.analysis.experiments.world_rows import code_meanings
from sim.analysis.runner import parquet, result_store
from sim.analysis.runner.folder_lock import LOCK
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
    back = parquet.decode(tmp_path / "part", words, 0, 40)
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
        UNLINK(path, missing_ok=missing_ok)


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


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is not a manifest of results (not JSON, line 1)"),
        ("{", "is not a manifest of results (not JSON, line 1)"),
        ("[]", "is not a manifest of results (not a JSON object)"),
        ("[" * 200_000, "is not a manifest of results (nested too deeply)"),
        ('{"format": ' * 200_000, "is not a manifest of results (nested too deeply)"),
        ("\udcff", "is not a manifest of results (not UTF-8)"),
        ("{}", "holds another ensemble (format none, not parley.worlds/1)"),
        ('{"scenarios": [1], "versions": "x"}', "holds another ensemble"),
        ('{"format": "parley.worlds/1", "seed": [[[]]], "versions": {"parley": {}}}', "seed [[[]]], not 7"),
        ('{"format": "parley.worlds/1", "versions": {"parley": "0.1"}}', "made with parley 0.1, not 1"),
    ],
)
def test_a_manifest_that_is_none_is_refused_in_words(plan: Plan, tmp_path: Path, text: str, said: str) -> None:
    content = text.encode(errors="surrogateescape")
    (tmp_path / "manifest.json").write_bytes(content)
    with pytest.raises(UsageError) as refused:
        run(plan, tmp_path, resume=True)
    assert said in str(refused.value)
    assert kept(tmp_path) == {"manifest.json": content}


def test_a_manifest_that_is_no_file_is_refused(plan: Plan, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "manifest.json")
    with pytest.raises(UsageError, match="not a regular file"):
        run(plan, tmp_path, resume=True)


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


# -- damage ------------------------------------------------------------------------------------------------------------


def parts_of(plan: Plan, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The parts of a run that ended before its first table was finished."""
    with monkeypatch.context() as patched:
        patched.setattr(ResultStore, "finish", crashing(ResultStore.finish, iter([0])))
        with pytest.raises(Crash):
            run(plan, folder)
    return sorted((folder / "parts").glob("*.parquet"))


def resumed(plan: Plan, folder: Path) -> tuple[dict[str, Any], list[str]]:
    """What a resumed run says, and the damage that it found."""
    store = ResultStore(folder, plan, program="1", resume=True)
    return ensemble(plan, store=store), store.damaged


@pytest.mark.parametrize("damage", ["cut", "flipped", "emptied", "of another piece", "other columns", "a pipe"])
def test_a_damaged_part_is_named_and_played_again(
    plan: Plan,
    whole: tuple[dict[str, Any], dict[str, bytes]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    damage: str,
) -> None:
    first, part, *_ = parts_of(plan, tmp_path, monkeypatch)
    content = part.read_bytes()
    if damage == "a pipe":
        part.unlink()
        os.mkfifo(part)
    else:
        stream = BytesIO()
        pq.write_table(pa.table({"x": [1]}), stream)
        changed = {
            "cut": content[:-20],
            "flipped": content[:900] + bytes([content[900] ^ 1]) + content[901:],
            "emptied": b"",
            "of another piece": first.read_bytes(),
            "other columns": stream.getvalue(),
        }
        part.write_bytes(changed[damage])
    found, damaged = resumed(plan, tmp_path)
    assert damaged == [f"{part} is damaged; worlds 50 to 99 of 'warm_flat' will be played again."]
    assert (found, kept(tmp_path)) == whole


def test_parts_of_something_else_are_refused_in_words(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Parts whose checksums are right, but which hold another table: somebody made them."""
    for part in parts_of(plan, tmp_path, monkeypatch):
        stream = BytesIO()
        pq.write_table(pa.table({"world": list(range(50))}), stream)
        forged = part.with_name(f"{part.name[:-72]}{sha256(stream.getvalue()).hexdigest()}.parquet")
        part.unlink()
        forged.write_bytes(stream.getvalue())
    with pytest.raises(UsageError, match=r"is damaged \(the column 'outcome' is missing\)\. Resume, and"):
        run(plan, tmp_path, resume=True)


def flips(content: bytes, count: int) -> Iterator[bytes]:
    """The content with one random bit flipped, so many times."""
    rng = np.random.default_rng(5)
    for at in rng.integers(0, 8 * len(content), count).tolist():
        yield content[: at // 8] + bytes([content[at // 8] ^ (1 << at % 8)]) + content[at // 8 + 1 :]


@pytest.mark.parametrize("count", [25, pytest.param(1_000, marks=pytest.mark.slow)])
def test_no_flipped_bit_is_read_as_data(
    plan: Plan, whole: tuple[dict[str, Any], dict[str, bytes]], tmp_path: Path, count: int
) -> None:
    """What is still stored is what was played; now and then the run is resumed, too, and ends in the same bytes."""
    name, played = "warm_flat.parquet", {piece: play_chunk(piece) for piece in plan.pieces[:3]}
    for number, flipped in enumerate(flips(whole[1][name], count)):
        folder = tmp_path / str(number)
        folder.mkdir()
        for file, content in {**whole[1], name: flipped}.items():
            (folder / file).write_bytes(content)
        store = ResultStore(folder, plan, program="1", resume=True)
        [damage] = store.damaged
        assert re.match(rf"{folder / name} is damaged or missing; (its pieces are sound|worlds .* again)\.$", damage)
        for piece, rows in played.items():
            if store.has(piece):
                found = store.read(piece)
                assert all(np.array_equal(found[column], rows[column]) for column in rows)
        store.release()
        if number % 25 == 0:
            assert resumed(plan, folder)[0] == whole[0]
            assert kept(folder) == whole[1]
        shutil.rmtree(folder)


def test_of_a_damaged_file_only_the_damaged_piece_is_played_again(plan: Plan, tmp_path: Path) -> None:
    run(plan, tmp_path)
    file = tmp_path / "warm_flat.parquet"
    content, place = file.read_bytes(), pq.ParquetFile(file).metadata.row_group(1).column(3)
    at = place.data_page_offset + place.total_compressed_size // 2
    file.write_bytes(content[:at] + bytes([content[at] ^ 4]) + content[at + 1 :])
    _, damaged = resumed(plan, tmp_path)
    assert damaged == [f"{file} is damaged or missing; worlds 50 to 99 of 'warm_flat' will be played again."]
    assert file.read_bytes() == content


def test_a_missing_file_is_played_again(
    plan: Plan, whole: tuple[dict[str, Any], dict[str, bytes]], tmp_path: Path
) -> None:
    run(plan, tmp_path)
    (tmp_path / "house_rules.parquet").unlink()
    found, [damage] = resumed(plan, tmp_path)
    assert damage.startswith(f"{tmp_path / 'house_rules.parquet'} is damaged or missing; worlds 0 to 49 of")
    assert (found, kept(tmp_path)) == whole


@pytest.mark.parametrize("sums", [1, {"warm_flat": 1}, {"warm_flat": {"sha256": "0", "pieces": [1]}}, {"no": {}}])
def test_checksums_of_another_form_count_as_none(
    plan: Plan, whole: tuple[dict[str, Any], dict[str, bytes]], tmp_path: Path, sums: Any
) -> None:
    run(plan, tmp_path)
    path = tmp_path / result_store.MANIFEST
    path.write_text(json.dumps({**json.loads(path.read_text()), "files": sums}))
    assert (resumed(plan, tmp_path)[0], kept(tmp_path)) == whole


def test_the_manifest_holds_the_checksum_of_every_piece(plan: Plan, tmp_path: Path) -> None:
    run(plan, tmp_path)
    files = json.loads((tmp_path / "manifest.json").read_text())["files"]
    assert list(files) == ["house_rules", "warm_flat"]
    for name, sums in files.items():
        assert sums["sha256"] == sha256((tmp_path / f"{name}.parquet").read_bytes()).hexdigest()
        assert len(sums["pieces"]) == 3
    words = code_meanings(plan.scenarios[0].case)
    encoded = [parquet.encode(play_chunk(piece), words) for piece in plan.pieces[:3]]
    assert files["warm_flat"]["pieces"] == [sha256(content).hexdigest() for content in encoded]


# -- one run at a time -------------------------------------------------------------------------------------------------


def test_a_second_run_on_a_folder_is_told_at_once(plan: Plan, tmp_path: Path) -> None:
    first = ResultStore(tmp_path, plan, program="1")
    before = kept(tmp_path)
    said = rf"^{tmp_path}: another run is writing there \(process {os.getpid()} on .*\)\. Wait until it ends"
    for resume in (False, True):
        with pytest.raises(UsageError, match=said):
            ResultStore(tmp_path, plan, program="1", resume=resume)
    assert kept(tmp_path) == before
    first.release()
    ResultStore(tmp_path, plan, program="1", resume=True).release()


@pytest.mark.parametrize("left", ["", "process 1 on elsewhere", "process 999999999 on here"])
def test_a_stale_lock_is_taken_over(
    plan: Plan, whole: tuple[dict[str, Any], dict[str, bytes]], tmp_path: Path, left: str
) -> None:
    """The owner was killed: its file is there, but nobody holds it."""
    (tmp_path / LOCK).write_text(left)
    assert (run(plan, tmp_path), kept(tmp_path)) == whole


def test_a_lock_is_held_by_a_process_and_ends_with_it(plan: Plan, tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from sim.analysis.runner.folder_lock import FolderLock; "
        "lock = FolderLock(Path(sys.argv[1])); print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True) as holder:
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "held\n"
            with pytest.raises(UsageError, match=rf"process {holder.pid} on "):
                run(plan, tmp_path)
        finally:
            holder.kill()
    assert (tmp_path / LOCK).exists()
    run(plan, tmp_path)
    assert not (tmp_path / LOCK).exists()
