"""Worlds as plain tables, for SALib, the EMA Workbench, R, a spreadsheet: what was drawn, and what came of it."""

from __future__ import annotations

import csv
import json
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
    group_families,
    shock_columns,
    uncertain_numbers,
)
from sim.case.distributions import NEVER, standard_normal
from sim.case.models import Case, Scenario
from sim.engine.worlds import UniformMatrix, Worlds
from sim.errors import UsageError, did_you_mean
from sim.negotiation.record.history import Outcome

EXPERIMENTS, UNIFORMS, OUTCOMES, PROBLEM = "experiments.csv", "uniforms.csv", "outcomes.csv", "problem.json"
NUMBERS = "number"
"""Not a family: every number is a group by itself."""
DRAFT = ".draft"


@dataclass(frozen=True)
class WorldSample:
    """Which worlds a table holds.

    Parameters
    ----------
    worlds : so many at random, those of an ensemble; not given with `base`
    base : worlds of each of Saltelli's matrices, a power of two, whose worlds then stand in SALib's order: of each row
        of A, that row, then the row with each group taken from B, then the row of B
    groups : a family of groups, or `NUMBERS`
    seed : of the worlds
    """

    worlds: int | None = None
    base: int | None = None
    groups: str = NUMBERS
    seed: int = 0


def write_table(
    scenario: Scenario,
    folder: Path,
    sample: WorldSample,
    *,
    by: WorkerPool | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Path]:
    """Play worlds, and write them into a folder.

    Parameters
    ----------
    folder : there already; none of the files may be in it
    by : who plays; None plays in this process
    progress : called with how many worlds are done, and how many there are

    Returns
    -------
    the files: the numbers as they were drawn, the uniforms that they were drawn by, and what came of them, one line a
    world, in the same order; and the problem as SALib states it

    Raises
    ------
    UsageError
        if a file is there already or cannot be written, or the sample makes no sense
    """
    stated = problem(scenario, sample.groups)
    total = size(scenario, sample)
    paths = [folder / name for name in (EXPERIMENTS, UNIFORMS, OUTCOMES, PROBLEM)]
    if there := [path for path in paths if path.exists()]:
        raise UsageError(f"{there[0]} is there already, and is not overwritten; name another folder.")
    drafts = [path.with_name(f"{path.name}.{os.getpid()}{DRAFT}") for path in paths]
    try:
        _write(drafts, scenario, stated["names"], _pieces(scenario, sample), by or crew(1), progress, total)
        drafts[-1].write_text(json.dumps(stated, indent=2) + "\n", encoding="utf-8")
        for draft, path in zip(drafts, paths, strict=True):
            draft.rename(path)
    except OSError as error:
        raise UsageError(f"{folder}: cannot be written ({error.strerror or error}).") from None
    finally:
        for draft in drafts:
            draft.unlink(missing_ok=True)
    return paths


def size(scenario: Scenario, sample: WorldSample) -> int:
    """How many worlds a sample has.

    Raises
    ------
    UsageError
        if it makes no sense
    """
    groups = len(_groups(scenario, sample.groups))
    if sample.base is None:
        if sample.worlds is None or sample.worlds < 1:
            raise UsageError(f"{sample.worlds or 0} worlds make no table; at least 1.")
        return sample.worlds
    if sample.worlds is not None:
        raise UsageError("a base sample says how many worlds there are; leave out the worlds, or the base.")
    check_base(sample.base)
    return sample.base * (groups + 2)


def problem(scenario: Scenario, groups: str = NUMBERS) -> dict[str, Any]:
    """What SALib needs to know of the columns, in their order.

    The inputs are the uniforms: of our distributions SALib has no choices, and no triangle that ends below 0.
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
    if not numbers and not luck:
        raise UsageError(f"nothing is uncertain in '{scenario.id}': every number is plain. Give some a range.")
    if family == NUMBERS:
        alone = [InputGroup(path, frozenset([path])) for path in numbers]
        return alone + ([InputGroup(LUCK, frozenset(luck))] if luck else [])
    if family not in FAMILIES:
        known = (NUMBERS, *FAMILIES)
        raise UsageError(f"'{family}' is no way to group numbers ({', '.join(known)}).{did_you_mean(family, known)}")
    return group_families(numbers, luck)[family]


def _pieces(scenario: Scenario, sample: WorldSample) -> Iterator[UniformMatrix]:
    if sample.worlds is not None:
        return draw_worlds(scenario, model_output(scenario, AGREED), sample.worlds, sample.seed)
    assert sample.base is not None
    grouped = _groups(scenario, sample.groups)
    every = frozenset[str]().union(*(group.columns for group in grouped))
    design = SaltelliDesign.draw(tuple(every), sample.base, sample.seed)
    return design.tables([frozenset(), *(group.columns for group in grouped), every], row_by_row=True)


@dataclass(frozen=True)
class _TalksTask:
    """Plays the talks of a scenario, in any process."""

    source: str

    def __call__(self, table: UniformMatrix) -> Rows:
        return play_rows(self.source, table)


def _write(
    drafts: Sequence[Path],
    scenario: Scenario,
    names: Sequence[str],
    tables: Iterator[UniformMatrix],
    by: WorkerPool,
    progress: Callable[[int, int], None] | None,
    total: int,
) -> None:
    done, given = 0, deque[UniformMatrix]()

    def remembered() -> Iterator[UniformMatrix]:
        for table in tables:
            given.append(table)
            yield table

    with ExitStack() as stack:
        streams = [stack.enter_context(path.open("w", newline="", encoding="utf-8")) for path in drafts[:3]]
        values, uniforms, outcomes = (csv.writer(stream, lineterminator="\n") for stream in streams)
        values.writerow(names)
        uniforms.writerow(names)
        for rows in in_order(by, _TalksTask(json.dumps(scenario.source)), remembered()):
            table = given.popleft()
            came = _outcomes(scenario.case, rows)
            if not done:
                outcomes.writerow(came)
            outcomes.writerows(zip(*came.values(), strict=True))
            uniforms.writerows(zip(*(table.columns[name].tolist() for name in names), strict=True))
            values.writerows(zip(*_values(scenario.case, table, names), strict=True))
            done += table.count
            if progress is not None:
                progress(done, total)


def _values(case: Case, table: UniformMatrix, names: Sequence[str]) -> Iterator[list[Any]]:
    """The numbers as they were drawn, column by column; a shock is in standard deviations."""
    worlds = Worlds(case, table)
    for name in names:
        drawn_values = worlds.number(name) if name in case.numbers else standard_normal(table.columns[name])
        yield [NEVER if np.isinf(value) else value for value in drawn_values.tolist()]


def _outcomes(case: Case, rows: Rows) -> dict[str, list[Any]]:
    """What came of each world, codes as words, truth values as 0 and 1."""
    meanings = code_meanings(case)
    told: dict[str, list[Any]] = {AGREED: (rows["outcome"] == Outcome.AGREED).astype(int).tolist()}
    for name, column in rows.items():
        if name not in ("world", "text"):
            told[name] = _told(column, meanings.get(name))
    return told


def _told(column: NDArray[Any], meanings: list[Any] | None) -> list[Any]:
    if meanings is not None:
        return [meanings[code] for code in column.tolist()]
    return list((column.astype(int) if column.dtype == bool else column).tolist())
