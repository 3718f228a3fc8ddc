"""Sweeps: one scenario at many points of a design, with a row per point, and the effect of each varied number."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypedDict

from sim.analysis.csv_file import CsvFile
from sim.analysis.experiments.design import Axis, Design, Value, as_text
from sim.analysis.experiments.design_points import PointRange, SweepSetup, build, is_drawn, play_points
from sim.analysis.experiments.ensemble_plan import CHUNK
from sim.analysis.experiments.intervals import CONFIDENCE
from sim.analysis.experiments.main_effects import MainEffects, MainEffectsData
from sim.analysis.experiments.world_rows import code_meanings
from sim.analysis.runner.executors import WorkerPool, crew
from sim.analysis.runner.pieces import Progress, ResultTable, Rows, RowStore, digest, run_job
from sim.analysis.subject import Subject, subject_of
from sim.case import distributions
from sim.case.distributions import NEVER
from sim.case.models import Scenario
from sim.errors import CaseError, Problem, UsageError
from sim.negotiation.scenario_loader import build_scenario

FORMAT = "parley.sweep/1"
ROWS_LISTED = 10_000
"""Up to this many points, the result lists a row for each; beyond it only the table does, to save memory."""
GROUP = 10_000
"""Approximate number of rows in a row group of the table."""
SAMPLE_MOST = 2**24
"""The most points of a sample, which is drawn as a whole and kept in memory; a grid may have any number."""
TRIED_MOST = 256
"""The most combinations of values that are checked before the first point is played, where each makes a scenario."""


@dataclass(frozen=True)
class Sweep:
    """A scenario and a design.

    This is a `sim.analysis.runner.pieces.Job` with one table. `worlds` are drawn at each point, the same at all; None
    plays each point at central values. `chunk` is how many worlds, over all points, are played at once; it does not
    change the result. Raises CaseError, with the place where the user wrote it, if a path is not a number or a number
    may not have one of its values, and UsageError if values that are valid separately do not make a scenario together,
    or a sample has too many points.
    """

    scenario: Scenario
    design: Design
    worlds: int | None = None
    seed: int = 0
    chunk: int = CHUNK
    kind = "sweep"
    format = "parley.points/1"

    def __post_init__(self) -> None:
        if self.design.sampled and self.design.points > SAMPLE_MOST:
            raise UsageError(
                f"{self.design.points:,} points are too many for a {self.design.kind} design, which is kept in "
                f"memory: at most {SAMPLE_MOST:,}. Use fewer, or a grid."
            )
        problems = [problem for axis in self.design.axes for problem in _problems(axis, self)]
        if problems:
            raise CaseError(problems)
        fixed = [axis for axis in self.design.axes if not is_drawn(axis, self.scenario.case)]
        for values in itertools.islice(self._combinations(fixed), TRIED_MOST):
            build(self._source, dict(zip((axis.path for axis in fixed), values, strict=True)))

    @property
    def sizes(self) -> Mapping[str, int | None]:
        sizes = {"seed": self.seed, "worlds": self.worlds, "chunk": self.chunk, "points": self.design.points}
        return {**sizes, "design_seed": self.design.seed} if self.design.sampled else sizes

    def _combinations(self, axes: Sequence[Axis]) -> Iterator[tuple[Value, ...]]:
        """Yield the combinations of the values of some axes that occur, or of a range the ends."""
        if self.design.kind != "list":
            return itertools.product(*map(_levels, axes))
        values = self.design.values(0, self.design.points)
        columns = [values[axis.path] for axis in axes]
        return iter(dict.fromkeys(zip(*columns, strict=True)))

    @cached_property
    def inputs(self) -> Mapping[str, Mapping[str, str]]:
        axes = {
            axis.path: digest([self.design.kind, index, repr(axis), *self.design.picks[index : index + 1]])
            for index, axis in enumerate(self.design.axes)
        }
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
        """The number of points in a piece."""
        return max(1, self.chunk // (self.worlds or 1))

    @property
    def pieces(self) -> Iterator[PointRange]:
        setup = SweepSetup(self.scenario.id, self._source, self.design, self.worlds, self.seed, self.chunk)
        for number, start in enumerate(range(0, self.design.points, self._step)):
            yield PointRange(setup, number, start, min(self._step, self.design.points - start))


class VariedNumber(TypedDict):
    """A varied number or term, its least and largest value, the number of its values, and how the files have it."""

    path: str
    low: Value | None
    high: Value | None
    values: int | None
    says: str | None
    written: str | None


class SweepReport(Subject, MainEffectsData):
    """The result of `sweep` (`docs/reference/json.md`)."""

    format: str
    actors: dict[str, str]
    seed: int
    worlds: int
    nominal: bool
    confidence: float
    design: str
    design_seed: int | None
    points: int
    varied: list[VariedNumber]
    rows: list[dict[str, Any]] | None


def sweep(
    plan: Sweep,
    *,
    by: WorkerPool | None = None,
    store: RowStore | None = None,
    sheet: CsvFile | None = None,
    progress: Progress | None = None,
) -> SweepReport:
    """Play a scenario at every point of a design.

    Memory does not grow with the number of points, except for the rows that the result lists (`ROWS_LISTED`).
    Points that are already in the store are read, not played again; in the sheet, every point is a row of text.
    `progress` is called with the number of points done and the total. The result is the same for all chunks and
    workers. Raises UsageError if the store or the sheet cannot be written, or workers keep dying.
    """
    effects = MainEffects(plan.design)
    listed: list[dict[str, Any]] | None = [] if plan.design.points <= ROWS_LISTED else None
    words = plan.tables[plan.scenario.id].words
    with closing(run_job(plan, play_points, by or crew(1), store=store, progress=progress)) as played:
        for _, rows in played:
            effects.add(rows)
            if listed is not None:
                listed += _as_dicts(rows, plan)
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
        "design_seed": plan.design.seed if plan.design.sampled else None,
        "points": plan.design.points,
        "varied": [_varied(axis, plan.scenario) for axis in plan.design.axes],
        **effects.to_dict(),
        "rows": listed,
    }


def _as_dicts(rows: Rows, plan: Sweep) -> Iterator[dict[str, Any]]:
    """Yield each row as plain data: words for codes, None for missing numbers, `never` for infinity."""
    words = plan.tables[plan.scenario.id].words
    convert: dict[str, Callable[[Any], Any]] = {name: meanings.__getitem__ for name, meanings in words.items()}
    convert |= {axis.path: axis.value_of for axis in plan.design.axes} | {"months": _whole}
    columns = [[convert.get(name, _plain)(value) for value in column.tolist()] for name, column in rows.items()]
    for row in zip(*columns, strict=True):
        yield dict(zip(rows, row, strict=True))


def _whole(value: float) -> int | None:
    """Return a whole number from a column of floats, or None for a missing one."""
    return None if math.isnan(value) else int(value)


def _plain(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else NEVER
    return value


def _varied(axis: Axis, scenario: Scenario) -> VariedNumber:
    """Return an axis as plain data, with the value that the files give its number or term."""
    number = scenario.case.numbers.get(axis.path)
    first, last = (axis.extremes[0], axis.extremes[-1]) if axis.numeric else (None, None)
    return {
        "path": axis.path,
        "low": first,
        "high": last,
        "values": axis.size,
        "says": number.says if number else None,
        "written": distributions.written(number.written) if number else _written(axis.path, scenario),
    }


def _written(path: str, scenario: Scenario) -> str | None:
    """Return the value of a term of the proposal, a key of the protocol or a word of the codebook; otherwise None."""
    part, _, key = path.partition(".")
    if part == "codebook":
        word = scenario.case.codebook.get(key.removesuffix(".is"))
        return distributions.written(word.is_) if word else None  # the path may lead further, into its distribution
    value = {"proposal": scenario.proposal, "protocol": scenario.protocol.model_dump()}.get(part, {}).get(key)
    return None if value is None else str(value)


def _levels(axis: Axis) -> Sequence[Value]:
    """Return all values of an axis, or only the least and the largest if there are too many."""
    few = axis.size is not None and axis.size <= TRIED_MOST
    return [axis.level(index) for index in range(axis.size or 0)] if few else axis.extremes


def _problems(axis: Axis, plan: Sweep) -> Iterator[Problem]:
    """Yield what is wrong with the least or the largest value of an axis, each by itself."""
    if axis.path.startswith("proposal."):
        return  # some terms of a proposal are possible only together
    invalid: dict[str, list[Value]] = {}
    for value in axis.extremes:
        try:
            build_scenario(plan.scenario.source, {axis.path: value})
        except CaseError as error:
            invalid.setdefault(error.problems[0].message, []).append(value)
    place = plan.design.places.get(axis.path) or Problem("design", 0, 0, axis.path, "")
    for message, values in invalid.items():
        prefix = "" if len(values) == len(axis.extremes) else f"{as_text(values[0])}: "
        yield replace(place, message=prefix + message)
