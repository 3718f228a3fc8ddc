"""The command `sweep`: what it writes, what it shows, and what it refuses."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import sim.analysis.runner
from sim import errors
from tests.conftest import Command

ANA = "actors.ana.reservation.base"
SMALL = ("sweep", "warm_flat", "--vary", f"{ANA}=0:12:4", "--vary", "proposal.heating=[19, 22]")


def test_without_a_folder_nothing_is_written(parley: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ended = parley(*SMALL)
    assert (ended.code, ended.err) == (0, "")
    assert "grid of 8 points" in ended.out
    assert "Point by point" in ended.out
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_folder_gets_the_table_and_the_result(parley: Command, tmp_path: Path) -> None:
    folder, sheet = tmp_path / "new", tmp_path / "points.csv"
    many = (*SMALL, "--worlds", 10, "--chunk", 30)
    parley(*many, "--out", folder, "--csv", sheet)
    assert {path.name for path in folder.iterdir()} == {"warm_flat.parquet", "sweep.json", "manifest.json"}
    table = pq.read_table(folder / "warm_flat.parquet").to_pylist()
    printed = parley(*many, "--json").out
    assert json.loads(printed)["rows"] == table
    assert json.loads((folder / "sweep.json").read_text(encoding="utf-8")) == json.loads(printed)
    again = parley(*many, "--out", folder, "--resume", "--json")
    assert (again.code, again.out) == (0, printed)
    with sheet.open(encoding="utf-8", newline="") as stream:
        lines = list(csv.DictReader(stream))
    assert list(lines[0])[:2] == [ANA, "proposal.heating"]
    assert [float(line["agreed"]) for line in lines] == [row["agreed"] for row in table]
    assert [line["months"] for line in lines] == ["" if row["months"] is None else str(row["months"]) for row in table]


def test_a_design_file_is_played(parley: Command, tmp_path: Path) -> None:
    design = tmp_path / "design.yaml"
    design.write_text(f"design: sobol\npoints: 16\nvary:\n  {ANA}: {{low: 0, high: 12}}\n")
    found = json.loads(parley("sweep", "warm_flat", "--design", design, "--json").out)
    assert (found["design"], found["design_seed"], found["points"], len(found["rows"])) == ("sobol", 0, 16, 16)
    design.write_text(f"design: sobol\npoints: 16\nvary:\n  {ANA[:-1]}: {{low: 0, high: 12}}\n")
    refused = parley("sweep", "warm_flat", "--design", design)
    assert refused.code == 2
    assert f"design.yaml:4:31 vary.{ANA[:-1]}: the case has no number" in refused.err
    assert f"Did you mean '{ANA}'?" in refused.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Add --vary PATH=a:b:n"),
        (("--vary", "actors.ana.reservation.bse=0:1:3"), f"Did you mean '{ANA}'?"),
        (("--vary", f"{ANA}=12:0:3"), "low 12 is above high 0; swap them."),
        (("--vary", f"{ANA}=0:12:0"), "n '0' is below 1; a grid needs at least one value."),
        (("--vary", f"{ANA}=0:12:3", "--vary", f"{ANA}=0:1:3"), f"--vary names '{ANA}' twice."),
        (("--vary", f"{ANA}=0:12:3", "--set", f"{ANA}=1"), f"--set {ANA}: this number is already varied"),
        (("--vary", f"{ANA}=0:12:3", "--design", "x.yaml"), "--vary and --design cannot be combined"),
        (("--design", "x.yaml"), "x.yaml: there is no such file."),
        (("--vary", f"{ANA}=0:12:3", "--worlds", 0), "--worlds 0: each point needs at least 1 world"),
        (("--vary", f"{ANA}=0:12:3", "--resume"), "Name the folder with --out."),
        (
            ("--vary", f"{ANA}=0:12:10000000000"),
            "10,000,000,000 points would take about 23 days on one processor and 931.3 GiB",
        ),
        (
            ("--vary", f"{ANA}=0:12:100", "--worlds", 10**6),
            "100 points with 1,000,000 worlds each would take about 6 hours on one processor and 0.0 GiB",
        ),
        (("--vary", f"{ANA}=0:12:3", "--dask", "x"), "--dask x: write the address of a scheduler"),
        (("--vary", f"{ANA}=0:12:3", "--dask", "tcp://x:1", "--workers", 2), "Leave out --workers"),
        (("--vary", f"{ANA}=0:12:3", "--csv", "/proc/no/where.csv"), "/proc/no cannot be written ("),
    ],
)
def test_mistakes_are_named(
    parley: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[object, ...], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = parley("sweep", "warm_flat", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err
    assert list(tmp_path.iterdir()) == []


def test_a_sheet_is_overwritten_only_with_force(parley: Command, tmp_path: Path) -> None:
    sheet = tmp_path / "points.csv"
    sheet.write_text("mine")
    ended = parley(*SMALL, "--csv", sheet)
    assert ended.code == 2
    assert "already exists. Add --force to overwrite it" in ended.err
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"points.csv": "mine"}
    assert parley(*SMALL, "--csv", sheet, "--force", "--csv-locale", "eu").code == 0
    assert ";" in sheet.read_text(encoding="utf-8").splitlines()[0]


def test_many_points_are_played_by_who_means_it(parley: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.cli.limits.RUNS_MOST", 7)
    assert parley(*SMALL).code == 2
    assert parley(*SMALL, "--yes").code == 0


def test_without_dask_it_is_said_what_to_install(parley: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "sim.analysis.runner.dask_executor", raising=False)
    monkeypatch.delattr(sim.analysis.runner, "dask_executor", raising=False)
    monkeypatch.setitem(sys.modules, "distributed", None)
    refused = parley(*SMALL, "--dask", "local")
    assert refused.code == 2
    assert str(errors.missing("--dask", "Dask", "dask")) in refused.err


@pytest.mark.parametrize("text", ["{0};{1}\n1,5;19\n3;22\n", "{0},{1}\n1.5,19\n3,22\n"])
def test_a_design_may_be_a_csv_file(parley: Command, tmp_path: Path, text: str) -> None:
    file = tmp_path / "points.csv"
    file.write_text("\ufeff" + text.format(ANA, "proposal.heating"), encoding="utf-8")
    found = json.loads(parley("sweep", "warm_flat", "--design", file, "--json").out)
    assert (found["design"], found["design_seed"], found["points"]) == ("list", None, 2)
    for row, base, heating in zip(found["rows"], (1.5, 3), (19, 22), strict=True):
        alone = parley("warm_flat", "--json", "--set", f"{ANA}={base}", "--set", f"proposal.heating={heating}")
        assert (row[ANA], row["proposal.heating"]) == (base, heating)
        assert row["outcome"] == json.loads(alone.out)["outcome"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{ANA},proposal.rent\n1,5,equal\n", "p.csv:2:1: this row has 3 cells, and the header 2"),
        (f"{ANA}\n3\n1,5\n", "p.csv:3:1: this row has 2 cells"),
        (f"{ANA},proposal.rent\n3,\n", "p.csv:2:1 proposal.rent: the cell is empty"),
        (f"{ANA},{ANA}\n3,4\n", "this path heads two columns"),
        (f"{ANA}\n", "there are no points; write a header of paths"),
        ("actors.anna.reservation.base\n3\n", "p.csv:1:1 actors.anna.reservation.base: "),
    ],
)
def test_a_mistake_in_a_csv_design_is_said_with_its_line(
    parley: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p.csv").write_text(text, encoding="utf-8")
    ended = parley("sweep", "warm_flat", "--design", "p.csv")
    assert ended.code == 2
    assert said in ended.err
