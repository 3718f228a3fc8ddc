"""Worlds as plain tables for SALib, the EMA Workbench, R or a spreadsheet: what was drawn, and the outcome."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray

from sim.analysis.discovery.discover import draw_worlds
from sim.analysis.experiments.world_rows import code_meanings, play_rows
from sim.analysis.runner.executors import WorkerPool, crew, in_order
from sim.analysis.runner.pieces import Rows
from sim.analysis.sensitivity.model_outputs import AGREED, model_output
from sim.analysis.sensitivity.sensitivity import check_base
from sim.analysis.sensitivity.sobol import SaltelliDesign
from sim.analysis.sensitivity.uncertain_inputs import (
    FAMILIES,
    LUCK,
    InputGroup,
    check_uncertain,
    group_families,
    shock_columns,
    uncertain_numbers,
)
from sim.atomic_write import atomic_files
from sim.case.distributions import NEVER, standard_normal
from sim.case.models import Case, Scenario
from sim.csv_writer import Cell, CsvLocale, CsvWriter
from sim.engine.worlds import UniformMatrix, Worlds
from sim.errors import UsageError, did_you_mean
from sim.negotiation.record.history import Outcome

FILES = ("experiments.csv", "uniforms.csv", "outcomes.csv", "problem.json")
NUMBERS = "number"
"""The grouping in which every number is a group by itself; it is not one of the families."""


@dataclass(frozen=True)
class WorldSample:
    """Which worlds a table holds.

    Parameters
    ----------
    worlds : the number of random worlds, which are those of an ensemble; None with `base`
    base : worlds in each of Saltelli's matrices, a power of two. The worlds are in SALib's order: for each row, that
        row of A, then the row of A with each group in turn taken from B, then that row of B
    groups : a family of groups, or `NUMBERS`
    seed : the seed of the worlds
    """

    worlds: int | None = None
    base: int | None = None
    groups: str = NUMBERS
    seed: int = 0


class SalibProblem(TypedDict):
    """The description of the columns that SALib asks for; each list has one entry per column."""

    num_vars: int
    names: list[str]
    bounds: list[list[float]]
    dists: list[str]
    groups: list[str]


def write_table(
    scenario: Scenario,
    folder: Path,
    sample: WorldSample,
    *,
    locale: CsvLocale = "standard",
    by: WorkerPool | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Path]:
    """Play worlds and write them into a folder.

    Parameters
    ----------
    folder : an existing folder; files of the same names are replaced
    locale : which spreadsheets read the CSV files
    by : the workers that play; None plays in this process
    progress : called with the number of worlds done and the total

    Returns
    -------
    the files: the drawn numbers, the uniforms behind them, and the outcomes, each with one row per world in the same
    order; and the problem in SALib's form

    Raises
    ------
    UsageError
        if a file cannot be written, or the sample makes no sense
    """
    description = problem(scenario, sample.groups)
    total = size(scenario, sample)
    paths = [folder / name for name in FILES]
    try:
        with atomic_files(paths) as streams:
            writers = [CsvWriter(stream, line_end="\n", locale=locale) for stream in streams[:3]]
            _write(writers, scenario, description["names"], _pieces(scenario, sample), by or crew(1), progress, total)
            streams[3].write((json.dumps(description, indent=2) + "\n").encode())
    except OSError as error:
        raise UsageError(f"{folder} cannot be written ({error.strerror or error}).") from None
    return paths


def size(scenario: Scenario, sample: WorldSample) -> int:
    """Return the number of worlds in a sample.

    Raises
    ------
    UsageError
        if the sample makes no sense
    """
    groups = len(_groups(scenario, sample.groups))
    if sample.base is None:
        if sample.worlds is None or sample.worlds < 1:
            raise UsageError(f"A table needs at least 1 world, not {sample.worlds or 0}.")
        return sample.worlds
    if sample.worlds is not None:
        raise UsageError("A base sample sets the number of worlds; leave out the worlds or the base.")
    check_base(sample.base)
    return sample.base * (groups + 2)


def problem(scenario: Scenario, groups: str = NUMBERS) -> SalibProblem:
    """Describe the columns, in their order, in SALib's form.

    The inputs are the uniforms, because SALib does not know all of our distributions: it has no choices, and no
    triangle that ends below 0.
    """
    names = [*uncertain_numbers(scenario), *shock_columns(scenario)]
    group_of = {column: group.name for group in _groups(scenario, groups) for column in group.columns}
    return {
        "num_vars": len(names),
        "names": names,
        "bounds": [[0.0, 1.0]] * len(names),
        "dists": ["unif"] * len(names),
        "groups": [group_of[name] for name in names],
    }


def _groups(scenario: Scenario, family: str) -> list[InputGroup]:
    numbers, luck = uncertain_numbers(scenario), shock_columns(scenario)
    check_uncertain(scenario, numbers, luck)
    if family == NUMBERS:
        single = [InputGroup(path, frozenset([path])) for path in numbers]
        return single + ([InputGroup(LUCK, frozenset(luck))] if luck else [])
    if family not in FAMILIES:
        known = (NUMBERS, *FAMILIES)
        raise UsageError(f"Unknown grouping '{family}'. Choose from {', '.join(known)}.{did_you_mean(family, known)}")
    return group_families(numbers, luck)[family]


def _pieces(scenario: Scenario, sample: WorldSample) -> Iterator[UniformMatrix]:
    if sample.worlds is not None:
        return draw_worlds(scenario, model_output(scenario, AGREED), sample.worlds, sample.seed)
    assert sample.base is not None
    groups = _groups(scenario, sample.groups)
    every = frozenset[str]().union(*(group.columns for group in groups))
    design = SaltelliDesign.draw(tuple(every), sample.base, sample.seed)
    return design.tables([frozenset(), *(group.columns for group in groups), every], row_by_row=True)


@dataclass(frozen=True)
class _TalksTask:
    """Plays the talks of a scenario, in any process."""

    source: str

    def __call__(self, uniforms: UniformMatrix) -> Rows:
        return play_rows(self.source, uniforms)


def _write(
    writers: Sequence[CsvWriter],
    scenario: Scenario,
    names: Sequence[str],
    pieces: Iterator[UniformMatrix],
    by: WorkerPool,
    progress: Callable[[int, int], None] | None,
    total: int,
) -> None:
    done, submitted = 0, deque[UniformMatrix]()

    def remembered() -> Iterator[UniformMatrix]:
        for piece in pieces:
            submitted.append(piece)
            yield piece

    experiments, uniforms, outcomes = writers
    experiments.write_rows([names])
    uniforms.write_rows([names])
    for rows in in_order(by, _TalksTask(json.dumps(scenario.source)), remembered()):
        piece = submitted.popleft()
        columns = _outcomes(scenario.case, rows)
        if not done:
            outcomes.write_rows([list(columns)])
        outcomes.write_rows(zip(*columns.values(), strict=True))
        uniforms.write_rows(zip(*(piece.columns[name].tolist() for name in names), strict=True))
        experiments.write_rows(zip(*_values(scenario.case, piece, names), strict=True))
        done += piece.count
        if progress is not None:
            progress(done, total)


def _values(case: Case, piece: UniformMatrix, names: Sequence[str]) -> Iterator[list[Cell]]:
    """Yield the drawn numbers, column by column; a shock is in standard deviations."""
    worlds = Worlds(case, piece)
    for name in names:
        values = worlds.number(name) if name in case.numbers else standard_normal(piece.columns[name])
        yield [NEVER if np.isinf(value) else value for value in values.tolist()]


def _outcomes(case: Case, rows: Rows) -> dict[str, list[Cell]]:
    """Return the outcome of each world by column, codes as words and truth values as 0 and 1."""
    meanings = code_meanings(case)
    columns: dict[str, list[Cell]] = {AGREED: (rows["outcome"] == Outcome.AGREED).astype(int).tolist()}
    for name, column in rows.items():
        if name not in ("world", "text"):
            columns[name] = _cells(column, meanings.get(name))
    return columns


def _cells(column: NDArray[Any], meanings: list[Any] | None) -> list[Cell]:
    if meanings is not None:
        return [meanings[code] for code in column.tolist()]
    return list((column.astype(int) if column.dtype == bool else column).tolist())
