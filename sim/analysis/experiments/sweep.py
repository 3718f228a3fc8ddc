"""Sweeps: one scenario at many points of a design, one row each, and what the varied numbers do to its outcome."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sim.analysis.csv_file import CsvFile
from sim.analysis.experiments.design import Axis, Design, Value, written
from sim.analysis.experiments.design_points import PointRange, SweepSetup, build, is_drawn, play_points
from sim.analysis.experiments.ensemble_plan import CHUNK
from sim.analysis.experiments.intervals import CONFIDENCE
from sim.analysis.experiments.main_effects import MainEffects
from sim.analysis.experiments.world_rows import code_meanings
from sim.analysis.runner.executors import WorkerPool, crew
from sim.analysis.runner.pieces import Progress, ResultTable, Rows, RowStore, digest, run_job
from sim.analysis.subject import subject_of
from sim.case import distributions
from sim.case.distributions import NEVER
from sim.case.models import Scenario
from sim.errors import CaseError, Problem, UsageError
from sim.negotiation.scenario_loader import build_scenario

FORMAT = "parley.sweep/1"
ROWS_LISTED = 10_000
"""The result holds a row of every point of so many; of more, the table alone does, since memory must not grow."""
GROUP = 10_000
"""Rows of a row group of the table, about."""
SAMPLE_MOST = 2**24
"""So many points of a sample, which is drawn whole, are kept in memory; of a grid there may be any number."""
TRIED_MOST = 256
"""So many combinations of values that make a scenario of their own are tried before the first is played."""


@dataclass(frozen=True)
class Sweep:
    """A scenario and a design.

    Parameters
    ----------
    worlds : how many to draw at each point, the same at all; None plays each at central values
    seed : of the worlds
    chunk : how many worlds, of all points, are played at once; changes no result

    Attributes
    ----------
    what, format, sizes, inputs, tables, pieces : as `sim.analysis.runner.pieces.Job` says; one table

    Raises
    ------
    CaseError
        if a path is no number, or a number may not have its value; says where the user wrote it
    UsageError
        if values that are right by themselves make no scenario together, or a sample has too many points
    """

    scenario: Scenario
    design: Design
    worlds: int | None = None
    seed: int = 0
    chunk: int = CHUNK
    what = "sweep"
    format = "parley.points/1"

    def __post_init__(self) -> None:
        if self.design.kind != "grid" and self.design.points > SAMPLE_MOST:
            raise UsageError(
                f"{self.design.points:,} points of a {self.design.kind} design, which is drawn whole; "
                f"at most {SAMPLE_MOST:,}. Take fewer, or a grid."
            )
        problems = [problem for axis in self.design.axes for problem in _problems(axis, self)]
        if problems:
            raise CaseError(problems)
        apart = [axis for axis in self.design.axes if not is_drawn(axis, self.scenario.case)]
        for values in itertools.islice(itertools.product(*map(_levels, apart)), TRIED_MOST):
            build(self._source, dict(zip((axis.path for axis in apart), values, strict=True)))

    @property
    def sizes(self) -> Mapping[str, int | None]:
        sizes = {"seed": self.seed, "worlds": self.worlds, "chunk": self.chunk, "points": self.design.points}
        return sizes if self.design.kind == "grid" else {**sizes, "design_seed": self.design.seed}

    @cached_property
    def inputs(self) -> Mapping[str, Mapping[str, str]]:
        axes = {axis.path: digest([self.design.kind, at, repr(axis)]) for at, axis in enumerate(self.design.axes)}
        return {"scenarios": {self.scenario.id: digest(self.scenario.source)}, "design": axes}

    @cached_property
    def tables(self) -> Mapping[str, ResultTable]:
        name = self.scenario.id
        words = {} if self.worlds else code_meanings(self.scenario.case)
        about = {"scenario": name, "digest": self.inputs["scenarios"][name], "design": self.inputs["design"]}
        return {name: ResultTable(self.design.points, self._step * max(1, GROUP // self._step), words, about)}

    @cached_property
    def _source(self) -> str:
        return json.dumps(self.scenario.source)

    @property
    def _step(self) -> int:
        """Points of a piece."""
        return max(1, self.chunk // (self.worlds or 1))

    @property
    def pieces(self) -> Iterator[PointRange]:
        setup = SweepSetup(self.scenario.id, self._source, self.design, self.worlds, self.seed, self.chunk)
        for number, start in enumerate(range(0, self.design.points, self._step)):
            yield PointRange(setup, number, start, min(self._step, self.design.points - start))


def sweep(
    plan: Sweep,
    *,
    by: WorkerPool | None = None,
    store: RowStore | None = None,
    sheet: CsvFile | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Play a scenario at every point of a design.

    Memory does not grow with the points, but for the rows that the result lists (`ROWS_LISTED`).

    Parameters
    ----------
    by : who plays; None plays in this process
    store : where every point is kept as a row; those that it has already are read, not played again
    sheet : where every point is written as a row of text
    progress : called with how many points are done, and how many there are

    Returns
    -------
    plain data (`docs/reference/json.md`), the same whatever the chunk and whoever plays

    Raises
    ------
    UsageError
        if the store or the sheet cannot be written, or workers keep dying
    """
    effects = MainEffects(plan.design)
    listed: list[dict[str, Any]] | None = [] if plan.design.points <= ROWS_LISTED else None
    words = plan.tables[plan.scenario.id].words
    with closing(run_job(plan, play_points, by or crew(1), store=store, progress=progress)) as played:
        for _, rows in played:
            effects.add(rows)
            if listed is not None:
                listed += _told(rows, plan)
            if sheet is not None:
                sheet.add(rows, words)
    return {
        "format": FORMAT,
        **subject_of(plan.scenario),
        "actors": {name: actor.name for name, actor in plan.scenario.case.actors.items()},
        "seed": plan.seed,
        "worlds": plan.worlds or 1,
        "nominal": plan.worlds is None,
        "confidence": CONFIDENCE,
        "design": plan.design.kind,
        "design_seed": None if plan.design.kind == "grid" else plan.design.seed,
        "points": plan.design.points,
        "varied": [_varied(axis, plan.scenario) for axis in plan.design.axes],
        **effects.told(),
        "rows": listed,
    }


def _told(rows: Rows, plan: Sweep) -> Iterator[dict[str, Any]]:
    """Each row as plain data: words for codes, None for what is no number, `never` for what has no end."""
    words = plan.tables[plan.scenario.id].words
    read: dict[str, Callable[[Any], Any]] = {name: meant.__getitem__ for name, meant in words.items()}
    read |= {axis.path: axis.told for axis in plan.design.axes} | {"months": _whole}
    columns = [[read.get(name, _plain)(value) for value in column.tolist()] for name, column in rows.items()]
    for row in zip(*columns, strict=True):
        yield dict(zip(rows, row, strict=True))


def _whole(value: float) -> int | None:
    """A whole number that comes as another, beside some that are missing."""
    return None if math.isnan(value) else int(value)


def _plain(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else NEVER
    return value


def _varied(axis: Axis, scenario: Scenario) -> dict[str, Any]:
    """An axis as plain data, and how its number, or its term, stands where it is not varied."""
    number = scenario.case.numbers.get(axis.path)
    first, last = (axis.extremes[0], axis.extremes[-1]) if axis.numeric else (None, None)
    return {
        "path": axis.path,
        "low": first,
        "high": last,
        "values": axis.size,
        "says": number.says if number else None,
        "written": distributions.written(number.written) if number else _stands(axis.path, scenario),
    }


def _stands(path: str, scenario: Scenario) -> str | None:
    """How a term of the proposal, a key of the protocol, or a word of the codebook stands; None of anything else."""
    part, _, key = path.partition(".")
    if part == "codebook":
        word = scenario.case.codebook.get(key.removesuffix(".is"))
        return distributions.written(word.is_) if word else None  # the path may lead on into its distribution
    stands = {"proposal": scenario.proposal, "protocol": scenario.protocol.model_dump()}.get(part, {}).get(key)
    return None if stands is None else str(stands)


def _levels(axis: Axis) -> Sequence[Value]:
    """Some values of an axis: all, or the least and the largest of too many."""
    few = axis.size is not None and axis.size <= TRIED_MOST
    return [axis.level(at) for at in range(axis.size or 0)] if few else axis.extremes


def _problems(axis: Axis, plan: Sweep) -> Iterator[Problem]:
    """What is wrong with the least and the largest value of an axis, each by itself."""
    if axis.path.startswith("proposal."):
        return  # the terms of a proposal may be possible together alone
    found: dict[str, list[Value]] = {}
    for value in axis.extremes:
        try:
            build_scenario(plan.scenario.source, {axis.path: value})
        except CaseError as error:
            found.setdefault(error.problems[0].message, []).append(value)
    place = plan.design.places.get(axis.path) or Problem("design", 0, 0, axis.path, "")
    for message, values in found.items():
        whose = "" if len(values) == len(axis.extremes) else f"{written(values[0])}: "
        yield replace(place, message=whose + message)
