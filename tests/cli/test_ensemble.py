"""The command `ensemble`: what it writes, what it shows, and what it refuses."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import sim.analysis.runner
from sim import errors
from sim.analysis.runner.folder_lock import FolderLock
from tests.conftest import Command

SMALL = ("ensemble", "warm_flat", "house_rules", "--worlds", "40", "--seed", "7")


def test_without_a_folder_nothing_is_written(parley: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ended = parley(*SMALL)
    assert (ended.code, ended.err) == (0, "")
    assert "How 40 worlds end" in ended.out
    assert "Agreed more or less often than warm_flat, in the same worlds" in ended.out
    assert list(tmp_path.iterdir()) == []


def test_a_folder_gets_the_rows_and_the_statistics(parley: Command, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "worlds"
    shown = parley(*SMALL, "--chunk", 15, "--out", folder).out
    names = ["warm_flat.parquet", "house_rules.parquet", "ensemble.json"]
    assert [line.removeprefix("Written: ") for line in shown.replace("\n" + " " * 8, "").splitlines()[-3:]] == [
        str(folder / name) for name in names
    ]
    assert {path.name for path in folder.iterdir()} == {*names, "manifest.json"}
    assert pq.read_metadata(folder / "warm_flat.parquet").num_rows == 40
    printed = parley(*SMALL, "--json").out
    assert json.loads((folder / "ensemble.json").read_text(encoding="utf-8")) == json.loads(printed)
    again = parley(*SMALL, "--chunk", 15, "--out", folder, "--resume", "--json")
    assert (again.code, again.out) == (0, printed)


@pytest.mark.slow
def test_workers_and_chunks_change_nothing(parley: Command) -> None:
    assert parley(*SMALL, "--json", "--workers", 2, "--chunk", 9).out == parley(*SMALL, "--json").out


def test_a_changed_number_is_another_scenario(parley: Command, tmp_path: Path) -> None:
    parley(*SMALL, "--out", tmp_path)
    changed = (*SMALL, "--set", "actors.ana.reservation.base=40")
    refused = parley(*changed, "--out", tmp_path, "--resume")
    assert refused.code == 2
    assert "holds another ensemble (another scenario house_rules and warm_flat); name another folder." in refused.err
    shares = [one["outcomes"]["agreed"]["share"] for one in json.loads(parley(*changed, "--json").out)["scenarios"]]
    assert shares == [0, 0]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--worlds", 0), "--worlds 0: an ensemble needs at least 1 world."),
        (("--worlds", 10**10), "--worlds 10,000,000,000 would take about 46 days on one processor and 1,024 GiB"),
        (("--resume",), "Name the folder with --out."),
        (("--workers", 0), "--workers"),
        (("--chunk", 0), "--chunk"),
        (("--set", "context.rain.start=1"), "context.rain"),
    ],
)
def test_mistakes_are_named(parley: Command, arguments: tuple[object, ...], said: str) -> None:
    ended = parley(*SMALL, *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert said in " ".join(ended.err.replace("│", " ").split())


def test_two_scenarios_of_one_name_are_refused(parley: Command, tmp_path: Path) -> None:
    parley("new", tmp_path / "one")
    parley("new", tmp_path / "two")
    ended = parley("ensemble", tmp_path / "one", tmp_path / "two", "--worlds", 5)
    assert ended.code == 2
    assert "Two scenarios are called 'first'; rename the file of one of them." in ended.err


def test_many_worlds_are_played_by_who_means_it(parley: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.cli.limits.RUNS_MOST", 10)
    assert parley(*SMALL).code == 2
    assert parley(*SMALL, "--yes").code == 0


def test_without_pyarrow_statistics_are_shown_and_rows_refused(
    parley: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("sim.analysis.runner.result_store", "sim.analysis.runner.parquet"):
        monkeypatch.delitem(sys.modules, name, raising=False)
        monkeypatch.delattr(sim.analysis.runner, name.rpartition(".")[2], raising=False)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    refused = parley(*SMALL, "--out", tmp_path)
    assert refused.code == 2
    assert str(errors.missing("--out", "pyarrow", "analysis")) in refused.err
    assert list(tmp_path.iterdir()) == []
    assert parley(*SMALL).code == 0


@pytest.mark.parametrize("command", [SMALL, ("sweep", "warm_flat", "--vary", "proposal.heating=[19, 22]")])
def test_who_interrupts_it_is_told_how_it_goes_on(
    command: tuple[str, ...], parley: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.analysis.runner.executors.single_threaded", interrupted)
    ended = parley(*command, "--out", tmp_path / "rows")
    kept = (
        f"Interrupted. Finished work is saved in {tmp_path / 'rows'}. To continue, repeat the command with --resume.\n"
    )
    assert (ended.code, ended.out, ended.err) == (130, "", kept)
    assert parley(*command, "--out", tmp_path / "rows").code == 2
    monkeypatch.undo()
    assert parley(*command, "--out", tmp_path / "rows", "--resume").code == 0


def test_a_damaged_file_is_named_and_played_again(parley: Command, tmp_path: Path) -> None:
    folder = tmp_path / "rows"
    whole = parley(*SMALL, "--out", folder, "--json").out
    file = folder / "warm_flat.parquet"
    content = file.read_bytes()
    file.write_bytes(content[:-10])
    again = parley(*SMALL, "--out", folder, "--resume", "--json")
    assert (again.code, again.out) == (0, whole)
    assert again.err.startswith(f"{file} is damaged or missing; worlds 0 to ")
    assert file.read_bytes() == content


def test_a_second_run_on_a_folder_is_told_without_a_traceback(parley: Command, tmp_path: Path) -> None:
    lock = FolderLock(tmp_path)
    told = parley(*SMALL, "--out", tmp_path, "--resume")
    lock.release()
    assert (told.code, told.out) == (2, "")
    assert re.fullmatch(rf"{tmp_path}: another run is writing there \(process \d+ on .*\)\. Wait until .*\n", told.err)
