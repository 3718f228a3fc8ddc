"""Scenario discovery: boxes of uncertain numbers in which an event is more frequent than elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypedDict

import numpy as np

from sim.analysis.discovery.boxes import Box, BoxSide, DiscoveryData
from sim.analysis.discovery.prim import ALPHA, MASS, simplify, trajectory
from sim.analysis.judging.judged_text import Judged, describe_judged
from sim.analysis.runner.executors import WorkerPool, crew, in_order
from sim.analysis.runner.pieces import Progress
from sim.analysis.sensitivity.model_outputs import ModelOutput, model_output
from sim.analysis.sensitivity.sobol import PIECE
from sim.analysis.sensitivity.uncertain_inputs import (
    UncertainInput,
    UncertainNumberData,
    shock_columns,
    uncertain_numbers,
)
from sim.analysis.sensitivity.varying_outputs import varying_outputs
from sim.analysis.subject import Subject, subject_of
from sim.arguments import whole_number
from sim.case.distributions import NEVER, Choices
from sim.case.models import Scenario
from sim.engine.rule_matrix import Bools, Floats
from sim.engine.worlds import Streams, UniformMatrix, Worlds
from sim.errors import UsageError
from sim.negotiation.scenario_loader import ScenarioLike, as_scenario

FORMAT = "parley.discover/1"
BOXES = 3
"""Default for the most boxes to find."""
CHANCE = 0.05
"""A restriction with a quasi-p value above this may be due to chance (Bryant and Lempert 2010)."""
SHARE_DIGITS, VALUE_DIGITS = 6, 6


class BoxStatistics(TypedDict):
    """The worlds in a box, the hits among them, and the shares that follow."""

    worlds: int
    hits: int
    coverage: float
    density: float
    mass: float
    dimensions: int


class BoxBound(TypedDict):
    """One restriction of a box; a bound may be ``"never"``."""

    path: str
    low: float | str | None
    high: float | str | None
    values: list[float | str | None] | None
    quasi_p: float


class BoxLimit(BoxBound, UncertainNumberData):
    """One restriction of a box, with its number and that number's whole range."""

    range: list[float | str | None]


class TrajectoryStep(BoxStatistics):
    """One box of a trajectory."""

    step: int
    limits: list[BoxBound]


class DiscoveredBox(BoxStatistics):
    """A box, the trajectory it is taken from, and its step there."""

    limits: list[BoxLimit]
    step: int
    trajectory: list[TrajectoryStep]


_Negated = TypedDict("_Negated", {"not": bool})


class DiscoveryReport(Subject, _Negated):
    """The result of `discover`."""

    format: str
    seed: int
    worlds: int
    judged: Judged
    of: str
    says: str
    hits: int
    share: float
    varies: bool
    varying: list[str]
    actors: dict[str, str]
    uncertain: int
    alpha: float
    mass: float
    chance: float
    boxes: list[DiscoveredBox]


def discover(
    scenario: ScenarioLike,
    of: str = "agreed",
    *,
    worlds: int,
    seed: int = 0,
    negated: bool = False,
    boxes: int = BOXES,
    mass: float = MASS,
    by: WorkerPool | None = None,
    progress: Progress | None = None,
) -> DiscoveryReport:
    """Find boxes by the patient rule induction method (`sim.analysis.discovery.prim`).

    Every uncertain number may bound a box; monthly shocks may not, because nobody knows them in advance. Each box is
    the one with the largest harmonic mean of coverage and density on its trajectory, without the restrictions that may
    be due to chance. The next box is looked for among the worlds outside it, until only chance is left.

    Parameters
    ----------
    scenario : a scenario, its bundled name, or the path of its file
    of : an answer that is true or false in a world (`sim.analysis.sensitivity.model_outputs.model_output`)
    worlds : the number of worlds to draw
    seed : the seed of the worlds, which are those of an ensemble
    negated : whether to look for the worlds in which the answer is false
    boxes : the most boxes to find
    mass : the least share of the worlds in a box
    by : the workers that play; None plays in this process
    progress : called with the number of worlds done and the total

    Returns
    -------
    plain data (`docs/reference/json.md`)

    Raises
    ------
    UsageError
        if there is no such answer, it is not true or false, or nothing is uncertain
    """
    scenario, worlds, seed = as_scenario(scenario), whole_number(worlds, "worlds"), whole_number(seed, "seed", 0)
    output, numbers = _checked(scenario, of, worlds, boxes, mass)
    hits = _hits(output, draw_worlds(scenario, output, worlds, seed), worlds, by or crew(1), progress) != negated
    discovered: list[DiscoveredBox] = []
    varies = bool(hits.any() and not hits.all())
    if varies:
        values = Worlds(scenario.case, Streams(seed, worlds))
        discovered = [_discovered(box, numbers) for box in _search(_data(values, numbers, hits), boxes, mass)]
    return {
        "format": FORMAT,
        **subject_of(scenario),
        "seed": seed,
        "worlds": worlds,
        "judged": describe_judged(scenario, what="talks" if output.played else None),
        "of": output.name,
        "not": negated,
        "says": output.event(scenario, negated=negated),
        "hits": int(hits.sum()),
        "share": round(float(hits.mean()), SHARE_DIGITS),
        "varies": varies,
        "varying": [] if varies else varying_outputs(scenario, seed, numeric=False),
        "actors": {name: actor.name for name, actor in scenario.case.actors.items()},
        "uncertain": len(numbers),
        "alpha": ALPHA,
        "mass": mass,
        "chance": CHANCE,
        "boxes": discovered,
    }


def draw_worlds(scenario: Scenario, output: ModelOutput, worlds: int, seed: int) -> Iterator[UniformMatrix]:
    """Yield the worlds of a seed in pieces, each with all columns that an output needs."""
    columns = [*uncertain_numbers(scenario), *(shock_columns(scenario) if output.played else ())]
    for start in range(0, worlds, PIECE):
        streams = Streams(seed, min(PIECE, worlds - start), start)
        yield UniformMatrix({name: streams.column(name) for name in columns})


def _checked(
    scenario: Scenario, of: str, worlds: int, boxes: int, mass: float
) -> tuple[ModelOutput, dict[str, UncertainInput]]:
    output, numbers = model_output(scenario, of), uncertain_numbers(scenario)
    if not output.binary:
        raise UsageError(
            f"'{of}' is a number, but boxes need an answer that is true or false: "
            "agreed, blocked_by.ACTOR or accepts.ACTOR."
        )
    if not numbers:
        raise UsageError(
            f"No number of '{scenario.id}' is uncertain: every number is plain. Give at least one a range."
        )
    if worlds < 2:
        raise UsageError(f"{worlds} worlds cannot be compared; draw at least 2.")
    if boxes < 1:
        raise UsageError(f"{boxes} boxes: look for at least 1.")
    if not 0 < mass < 1:
        raise UsageError(f"A mass of {mass:g}: the least share of the worlds in a box must be above 0 and below 1.")
    return output, numbers


def _hits(
    output: ModelOutput, pieces: Iterator[UniformMatrix], worlds: int, by: WorkerPool, progress: Progress | None
) -> Bools:
    parts: list[Floats] = []
    for part in in_order(by, output, pieces):
        parts.append(part)
        if progress is not None:
            progress(sum(map(len, parts)), worlds)
    return np.concatenate(parts) > 0


def _data(values: Worlds, numbers: dict[str, UncertainInput], hits: Bools) -> DiscoveryData:
    """Return the drawn numbers; those with listed choices count as choices, because `never` cannot be sorted."""
    choices = {path for path, number in numbers.items() if isinstance(number.number.distribution, Choices)}
    return DiscoveryData(
        {path: values.number(path) for path in numbers if path not in choices},
        {path: values.number(path) for path in numbers if path in choices},
        hits,
    )


@dataclass(frozen=True)
class _BoxFound:
    """A trajectory, the step of the box that is taken from it, and that box without what may be due to chance."""

    path: tuple[Box, ...]
    step: int
    box: Box


def _search(data: DiscoveryData, boxes: int, mass: float) -> Iterator[_BoxFound]:
    remaining = np.ones(len(data.hits), dtype=bool)
    for _ in range(boxes):
        path = trajectory(data, remaining=remaining, mass=mass)
        step = max(range(len(path)), key=lambda index: _harmonic(path[index]))
        box = simplify(data, path[step], CHANCE, remaining=remaining)
        if not box.sides or box.density <= data.hits.mean():
            return
        yield _BoxFound(path, step, box)
        remaining = remaining & ~box.inside
        if not (remaining & data.hits).any():
            return


def _harmonic(box: Box) -> float:
    """Return the harmonic mean of coverage and density; 0 if there are no hits."""
    return 2 * box.coverage * box.density / (box.coverage + box.density) if box.hits else 0.0


def _discovered(result: _BoxFound, numbers: dict[str, UncertainInput]) -> DiscoveredBox:
    limits = [_limit(side, numbers[side.name]) for side in result.box.sides]
    return {
        **_statistics(result.box),
        "limits": sorted(limits, key=lambda limit: limit["quasi_p"]),
        "step": result.step,
        "trajectory": [
            {"step": step, **_statistics(box), "limits": [_bound(side) for side in box.sides]}
            for step, box in enumerate(result.path)
        ],
    }


def _statistics(box: Box) -> BoxStatistics:
    return {
        "worlds": box.count,
        "hits": box.hits,
        "coverage": round(box.coverage, SHARE_DIGITS),
        "density": round(box.density, SHARE_DIGITS),
        "mass": round(box.mass, SHARE_DIGITS),
        "dimensions": box.dimensions,
    }


def _bound(side: BoxSide) -> BoxBound:
    return {
        "path": side.name,
        "low": _value(side.low),
        "high": _value(side.high),
        "values": None if side.values is None else [_value(value) for value in side.values],
        "quasi_p": side.quasi_p,
    }


def _limit(side: BoxSide, uncertain: UncertainInput) -> BoxLimit:
    number = uncertain.number
    low, high = number.distribution.range
    return {
        **_bound(side),
        "what": uncertain.what,
        "range": [_value(low), _value(high)],
        "says": number.says,
        "owner": uncertain.owner,
        "support": uncertain.support,
        "source": list(number.source),
        "assumption": number.assumption,
        "note": number.note,
    }


def _value(value: Any) -> float | str | None:
    if value is None:
        return None
    return NEVER if np.isinf(value) else round(float(value), VALUE_DIGITS)
