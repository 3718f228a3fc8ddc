"""One row per design point: how the talks end there, at central values or over many worlds.

A design point is a world like any other, with its own values of the varied numbers. Many points are therefore played at
once: in a case where each varied number is a choice among its values, the column of uniforms says which value each
point has. What a world cannot draw (an option of the proposal, a whole number of the protocol) makes a separate
scenario.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.analysis.experiments.design import Axis, Design, Value, as_text
from sim.analysis.experiments.intervals import SHARE_DIGITS, wilson
from sim.analysis.experiments.world_counts import PARTS
from sim.analysis.experiments.world_rows import rows_of, scenario_from_source
from sim.analysis.runner.pieces import Rows
from sim.case.distributions import NEVER
from sim.case.models import Case, Scenario
from sim.engine.verdict_rules import Verdict
from sim.engine.worlds import Central, Floats, Streams, Uniforms
from sim.errors import CaseError, UsageError
from sim.negotiation.answers.evaluation import DIGITS
from sim.negotiation.record.history import Outcome
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import build_scenario

Values: TypeAlias = Mapping[str, Sequence[Value]]
"""Path to the values (point,) of a varied number."""
Counts: TypeAlias = dict[str, NDArray[np.int64]]
"""Fact to its counts at each point: (point,), or (point, code) for a column of codes."""
WORLD_COLUMNS = ("world", "text")
"""Columns of a world's row that a point's row leaves out: a point has its own number, and its text in words."""
ENDS = [outcome for outcome in Outcome if outcome is not Outcome.OPEN]


@dataclass(frozen=True)
class SweepSetup:
    """What all points of a sweep share.

    `source` is the scenario's `Scenario.source` in JSON, so that any process can build it.
    """

    scenario: str
    source: str
    design: Design
    worlds: int | None
    seed: int
    chunk: int


@dataclass(frozen=True)
class PointRange:
    """Points `start` to `start + count` of a sweep."""

    setup: SweepSetup
    number: int
    start: int
    count: int

    @property
    def table(self) -> str:
        return self.setup.scenario

    def __str__(self) -> str:
        return f"points {self.start:,} to {self.start + self.count - 1:,} of '{self.table}'"


def play_points(part: PointRange) -> Rows:
    """Return the rows of some points, each the same as if it were played by itself.

    Returns column to (point,): each varied path; and at central values the columns of a world's row
    (`sim.analysis.experiments.world_rows.rows_of`), over many worlds those of `_shares`. Raises UsageError if a point
    makes no sense.
    """
    setup, design = part.setup, part.setup.design
    values = design.values(part.start, part.count)
    rows: dict[str, NDArray[Any]] = {axis.path: axis.column(values[axis.path]) for axis in design.axes}
    for points, scenario, choices in group_points(setup, values):
        for name, column in _played(setup, scenario, choices, len(points)).items():
            if name not in rows:
                rows[name] = np.empty(part.count, dtype=column.dtype)
            rows[name][points] = column
    return rows


def group_points(
    setup: SweepSetup, values: Values
) -> Iterator[tuple[NDArray[np.intp], Scenario, Mapping[str, Floats]]]:
    """Group points into scenarios whose points differ only in what worlds can draw.

    Yields
    ------
    (point,) int, which points; their scenario; column of uniforms to (point,) uniforms, which choose their values
    """
    drawn = [axis.path for axis in setup.design.axes if is_drawn(axis, scenario_from_source(setup.source).case)]
    fixed = {path: column for path, column in values.items() if path not in drawn}
    groups: dict[str, list[int]] = defaultdict(list)
    for point in range(len(next(iter(values.values())))):
        groups[repr([column[point] for column in fixed.values()])].append(point)  # not by ==, for which True is 1
    for points in groups.values():
        changes: dict[str, object] = {path: column[points[0]] for path, column in fixed.items()}
        chosen: dict[str, Floats] = {}
        for path in drawn:
            changes[path], chosen[path] = _choice([values[path][point] for point in points])
        scenario = build(setup.source, changes)
        yield np.array(points), scenario, _columns(scenario.case, chosen)


def is_drawn(axis: Axis, case: Case) -> bool:
    """Return whether a world can draw the number: it is in the case or its codebook, and all of its values are numbers.

    The drafters know a price that is `never` at some points, so these points are separate scenarios.
    """
    part, _, key = axis.path.rpartition(".")
    return (
        axis.numeric
        and NEVER not in axis.listed
        and (axis.path in case.numbers or (key == "is" and part.startswith("codebook.")))
    )


def _choice(values: Sequence[Value]) -> tuple[object, Floats]:
    """Return a number that is a choice among some values (point,), and the uniforms (point,) that choose them."""
    codes = {value: code for code, value in enumerate(dict.fromkeys(values))}
    if len(codes) == 1:
        return values[0], np.zeros(len(values))
    weight = 1 / len(codes)
    uniforms = (np.array([codes[value] for value in values]) + 1 / 2) * weight
    return {"choices": dict.fromkeys(codes, weight)}, uniforms


def _columns(case: Case, chosen: Mapping[str, Floats]) -> dict[str, Floats]:
    """Return the uniforms by column: a number's own path; for a word of the codebook, all numbers that use the word."""
    columns: dict[str, Floats] = {}
    for path, uniforms in chosen.items():
        _, _, rest = path.partition("codebook.")
        word = rest.removesuffix(".is")
        users = [number.path for number in case.numbers.values() if str(number.written).removeprefix("-") == word]
        columns |= dict.fromkeys(users if rest else [path], uniforms)
    return columns


@dataclass(frozen=True)
class DesignUniforms:
    """Uniforms that repeat the same worlds for each point, with that point's own choices.

    `worlds` are those of one point; `chosen` maps a column to (point,) uniforms, the same in all worlds of a point.
    """

    worlds: Uniforms
    points: int
    chosen: Mapping[str, Floats]

    @property
    def count(self) -> int:
        return self.points * self.worlds.count

    def column(self, name: str) -> Floats | None:
        if name in self.chosen:
            return np.repeat(self.chosen[name], self.worlds.count)
        drawn = self.worlds.column(name)
        return None if drawn is None else np.tile(drawn, self.points)


def _played(setup: SweepSetup, scenario: Scenario, chosen: Mapping[str, Floats], points: int) -> Rows:
    if setup.worlds is None:
        run = play(scenario, uniforms=DesignUniforms(Central(), points, chosen))
        return {name: column for name, column in rows_of(run).items() if name not in WORLD_COLUMNS}
    counts: Counts = {}
    for start in range(0, setup.worlds, setup.chunk):
        worlds = Streams(setup.seed, min(setup.chunk, setup.worlds - start), start)
        run = play(scenario, seed=setup.seed, uniforms=DesignUniforms(worlds, points, chosen))
        for name, counted in _counted(rows_of(run), points, scenario.protocol.months).items():
            counts[name] = counts.get(name, np.zeros_like(counted)) + counted
    return _shares(counts, setup.worlds)


def _counted(rows: Rows, points: int, months: int) -> Counts:
    """Count worlds (point * world,) at each point in whole numbers, which add up to the same in any pieces."""
    by_point = {name: column.reshape(points, -1) for name, column in rows.items()}
    agreed = by_point["outcome"] == Outcome.AGREED
    counts: Counts = {outcome.word: (by_point["outcome"] == outcome).sum(axis=1) for outcome in ENDS}
    ended = np.where(agreed, by_point["months"], 0)
    counts["months"] = np.stack([(ended == month).sum(axis=1) for month in range(1, months + 1)], axis=1)
    if "durability" in by_point:
        parts = np.rint(by_point["durability"] * PARTS).astype(np.int64)
        counts["durability"] = np.where(agreed, parts, 0).sum(axis=1)
    for name, column in by_point.items():
        kind, _, actor = name.partition(".")
        if kind == "verdict":
            counts[f"accepts.{actor}"] = (column == Verdict.ACCEPT).sum(axis=1)
        elif kind in ("blocks", "stuck"):
            counts[name] = column.sum(axis=1)
    return counts


def _shares(counts: Counts, worlds: int) -> Rows:
    """Return the statistics of each point.

    Returns shares of the worlds: ``agreed`` with ``agreed_low`` and ``agreed_high`` (Wilson), each other outcome,
    ``accepts.<actor>``, ``blocks.<actor>`` and ``stuck.<rule>``; and over the worlds that agreed, NaN if none did: the
    median of ``months`` and the mean of ``durability``.
    """
    agreed = counts[Outcome.AGREED.word]
    bounds = np.round([wilson(hits, worlds) for hits in agreed.tolist()], SHARE_DIGITS) + 0.0  # turns -0.0 into 0.0
    rows: dict[str, NDArray[Any]] = {}
    for name, counted in counts.items():
        if name == "months":
            rows[name] = _median(counted, agreed)
        elif name == "durability":
            mean = np.divide(counted / PARTS, agreed, where=agreed > 0, out=np.full(len(agreed), np.nan))
            rows[name] = np.round(mean, DIGITS)
        else:
            rows[name] = np.round(counted / worlds, SHARE_DIGITS)
        if name == Outcome.AGREED.word:
            rows |= {"agreed_low": bounds[:, 0], "agreed_high": bounds[:, 1]}
    return rows


def _median(months: NDArray[np.int64], agreed: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the first month (point,) by which half of the agreeing worlds had agreed, from counts (point, month)."""
    half = np.cumsum(months, axis=1) >= agreed[:, None] / 2
    return np.where(agreed > 0, half.argmax(axis=1) + 1.0, np.nan)


def build(source: str, changes: Mapping[str, object]) -> Scenario:
    """Return the scenario with the values of a point. Raises UsageError if they do not make a valid scenario."""
    try:
        return build_scenario(_source(source), changes)
    except CaseError as error:
        point = ", ".join(f"{path}={as_text(value)}" for path, value in changes.items() if isinstance(value, Value))
        first = error.problems[0]
        raise UsageError(f"There is no valid scenario with {point}: {first.path}: {first.message}") from None


@lru_cache(maxsize=1)
def _source(source: str) -> Mapping[str, Any]:
    data: Mapping[str, Any] = json.loads(source)
    return data
