"""Verdicts on many packages at once: the same as one by one."""

from __future__ import annotations

import csv
import itertools
import math
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.engine.outcome_space import OutcomeSpace
from sim.errors import CaseError, UsageError
from tests.conftest import Command


def _row(table: dict[str, Any], index: int) -> dict[str, Any]:
    return {name: column[index] for name, column in table.items()}


@pytest.mark.parametrize(("target", "month"), [("flatmates", None), ("warm_flat", None), ("warm_flat", 3)])
def test_each_row_is_the_verdict_on_its_package(target: str, month: int | None) -> None:
    case = sim.load_case("flatmates")
    packages = [dict(zip(case.issues, options, strict=True)) for options in _all_options(case)][::7]
    table = sim.verdict_table(target, {name: [one[name] for one in packages] for name in case.issues}, month=month)
    assert table["possible"].any()
    for index, package in enumerate(packages):
        row = _row(table, index)
        assert {name: row[name] for name in case.issues} == package
        if not row["possible"]:
            assert row["verdict.ana"] == row["blocked_by"] == ""
            assert math.isnan(row["surplus.ana"])
            continue
        single = sim.verdicts(target, package, month=month, conditions=False)
        assert row["agreed"] == single["agreed"]
        assert row["blocked_by"].split() == single["blocked_by"]
        for name, answer in single["actors"].items():
            assert (row[f"verdict.{name}"], row[f"surplus.{name}"]) == (answer["verdict"], answer["surplus"])


def _all_options(case: Any) -> list[tuple[Any, ...]]:
    return list(itertools.product(*(issue.options for issue in case.issues.values())))


def test_issues_without_a_column_and_empty_cells_keep_the_option_of_the_target() -> None:
    table = sim.verdict_table("warm_flat", {"cleaning": ["", "rota"]})
    opening = sim.load_scenario("warm_flat").proposal
    assert _row(table, 0) | opening == _row(table, 0)
    assert _row(table, 1) | opening | {"cleaning": "rota"} == _row(table, 1)


def test_a_file_of_any_country_gives_the_same_table(tmp_path: Path) -> None:
    standard, european = tmp_path / "a.csv", tmp_path / "b.csv"
    standard.write_text("id,heating,cleaning\nx,18,rota\ny,22,\n")
    european.write_text("\ufeffid;heating;cleaning\nx;18,0;rota\n\ny;22;\n", encoding="utf-8")
    tables = [sim.verdict_table("flatmates", path) for path in (standard, european)]
    assert tables[0]["id"].tolist() == ["x", "y"]
    for name, column in tables[0].items():
        np.testing.assert_array_equal(column, tables[1][name])


def test_every_mistake_is_said_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("heating,cleanin\n18,rota\nhot,rota\n\nhot,rota\n")
    with pytest.raises(CaseError) as caught:
        sim.verdict_table("flatmates", path)
    said = str(caught.value)
    assert "p.csv:1:1 cleanin: 'cleanin' is not an issue of this case" in said
    assert "Did you mean 'cleaning'?" in said
    assert "p.csv:3:1 heating: 'hot' is not an option of 'heating'" in said
    assert "It occurs in 1 more row." in said


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("heating\n", "there are no packages"),
        ("heating,heating\n18,19\n", "column 2 heads two columns"),
        ("heating,\n18,19\n", "column 2 has no name"),
        ("heating\n18,19\n", "this row has 2 cells, and the header 1; write one value per issue."),
    ],
)
def test_a_table_that_is_none_is_refused(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "p.csv"
    path.write_text(text)
    with pytest.raises(CaseError, match=says):
        sim.verdict_table("flatmates", path)


def test_columns_of_different_lengths_are_refused() -> None:
    with pytest.raises(UsageError, match="the same number of options"):
        sim.verdict_table("flatmates", {"heating": [18], "cleaning": ["rota", "nobody"]})


def test_the_command_writes_a_file_and_says_how_many_agree(parley: Command, tmp_path: Path) -> None:
    packages, out = tmp_path / "packages.csv", tmp_path / "verdicts.csv"
    packages.write_text("heating,cleaning\n18,rota\n19,rota\n")
    ended = parley("verdicts", "flatmates", "--from", packages, "--out", out)
    with out.open() as stream:
        rows = list(csv.DictReader(stream))
    table = sim.verdict_table("flatmates", packages)
    assert ended.out.startswith(f"2 packages judged: {table['agreed'].sum()} agreed, 0 impossible.")
    assert [row["verdict.ana"] for row in rows] == table["verdict.ana"].tolist()
    assert parley("verdicts", "flatmates", "--from", packages).code == 2


@pytest.mark.slow
def test_100000_packages_take_less_than_five_seconds(tmp_path: Path) -> None:
    case = sim.load_case("ukraine_2025")
    space, random = OutcomeSpace(case), np.random.default_rng(1)
    texts = next(texts for _, texts in space.blocks(2**20) if len(texts))
    chosen = texts[random.integers(len(texts), size=100_000)]
    path = tmp_path / "packages.csv"
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(case.issues)
        writer.writerows(space.decode(text).values() for text in chosen)
    start = time.process_time()
    table = sim.verdict_table("ukraine_2025", path)
    assert table["possible"].all()
    assert time.process_time() - start < 5
