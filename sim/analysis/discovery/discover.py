"""Scenario discovery: boxes of uncertain numbers in which something comes about more often than elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.analysis.discovery.boxes import Box, BoxSide, DiscoveryData
from sim.analysis.discovery.prim import ALPHA, MASS, simplify, trajectory
from sim.analysis.runner.executors import WorkerPool, crew, in_order
from sim.analysis.sensitivity.model_outputs import ModelOutput, model_output
from sim.analysis.sensitivity.uncertain_inputs import UncertainInput, shock_columns, uncertain_numbers
from sim.analysis.subject import subject_of
from sim.case.distributions import NEVER, Choices
from sim.case.models import Scenario
from sim.engine.rule_matrix import Bools, Floats
from sim.engine.worlds import Streams, UniformMatrix, Worlds
from sim.errors import UsageError

FORMAT = "parley.discover/1"
PIECE = 8_192
"""Worlds that are played at once."""
BOXES = 3
"""How many boxes are looked for at most, unless told otherwise."""
CHANCE = 0.05
"""A restriction whose quasi-p value is above this may be there by chance (Bryant and Lempert 2010)."""
SHARE_DIGITS, VALUE_DIGITS = 6, 6
Progress = Callable[[int, int], None]


def discover(
    scenario: Scenario,
    of: str = "agreed",
    *,
    worlds: int,
    seed: int = 0,
    negated: bool = False,
    boxes: int = BOXES,
    mass: float = MASS,
    by: WorkerPool | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Find boxes by the patient rule induction method (`sim.analysis.discovery.prim`).

    Every uncertain number may bound a box; monthly shocks may not, since nobody knows them before. Each box is the one
    on its trajectory with the largest harmonic mean of coverage and density, without the restrictions that may be there
    by chance. The next is looked for among the worlds that it does not hold, until only chance is left.

    Parameters
    ----------
    of : a quantity that is true or false of a world (`sim.analysis.sensitivity.model_outputs.model_output`)
    worlds : how many to draw
    seed : of the worlds, which are those of an ensemble
    negated : whether to look for the worlds in which it is not so
    boxes : how many to look for at most
    mass : the least share of the worlds in a box
    by : who plays; None plays in this process
    progress : called with how many worlds are done, and how many there are

    Returns
    -------
    plain data (`docs/reference/json.md`)

    Raises
    ------
    UsageError
        if there is no such quantity, it is no matter of true or false, or nothing is uncertain
    """
    asked, numbers = _checked(scenario, of, worlds, boxes, mass)
    hits = _hits(asked, draw_worlds(scenario, asked, worlds, seed), worlds, by or crew(1), progress) != negated
    found: list[dict[str, Any]] = []
    if hits.any() and not hits.all():
        values = Worlds(scenario.case, Streams(seed, worlds))
        found = [_box(path, numbers) for path in _search(_data(values, numbers, hits), boxes, mass)]
    return {
        "format": FORMAT,
        **subject_of(scenario),
        "seed": seed,
        "worlds": worlds,
        "of": asked.name,
        "not": negated,
        "says": asked.states(scenario, negated=negated),
        "hits": int(hits.sum()),
        "share": round(float(hits.mean()), SHARE_DIGITS),
        "actors": {name: actor.name for name, actor in scenario.case.actors.items()},
        "uncertain": len(numbers),
        "alpha": ALPHA,
        "mass": mass,
        "chance": CHANCE,
        "boxes": found,
    }


def draw_worlds(scenario: Scenario, asked: ModelOutput, worlds: int, seed: int) -> Iterator[UniformMatrix]:
    """The worlds of a seed as tables of all columns that are drawn, in pieces."""
    columns = [*uncertain_numbers(scenario), *(shock_columns(scenario) if asked.played else ())]
    for start in range(0, worlds, PIECE):
        streams = Streams(seed, min(PIECE, worlds - start), start)
        yield UniformMatrix({name: streams.column(name) for name in columns})


def _checked(
    scenario: Scenario, of: str, worlds: int, boxes: int, mass: float
) -> tuple[ModelOutput, dict[str, UncertainInput]]:
    asked, numbers = model_output(scenario, of), uncertain_numbers(scenario)
    if not asked.binary:
        raise UsageError(
            f"'{of}' is a number; boxes are for what is true or false: agreed, blocked_by.ACTOR, accepts.ACTOR."
        )
    if not numbers:
        raise UsageError(f"no number of '{scenario.id}' is uncertain: every one is plain. Give some a range.")
    if worlds < 2:
        raise UsageError(f"{worlds} worlds cannot be told apart; draw at least 2.")
    if boxes < 1:
        raise UsageError(f"{boxes} boxes: look for at least 1.")
    if not 0 < mass < 1:
        raise UsageError(f"a mass of {mass:g}: it is the least share of the worlds in a box, above 0 and below 1.")
    return asked, numbers


def _hits(
    asked: ModelOutput, tables: Iterator[UniformMatrix], worlds: int, by: WorkerPool, progress: Progress | None
) -> Bools:
    parts: list[Floats] = []
    for part in in_order(by, asked, tables):
        parts.append(part)
        if progress is not None:
            progress(sum(map(len, parts)), worlds)
    return np.concatenate(parts) > 0


def _data(values: Worlds, numbers: dict[str, UncertainInput], hits: Bools) -> DiscoveryData:
    """Numbers as they were drawn; those that are one of some choices are choices, since `never` is no number."""
    choices = {path for path, one in numbers.items() if isinstance(one.number.distribution, Choices)}
    return DiscoveryData(
        {path: values.number(path) for path in numbers if path not in choices},
        {path: values.number(path) for path in numbers if path in choices},
        hits,
    )


@dataclass(frozen=True)
class _BoxFound:
    """A trajectory, the place of the box that is taken from it, and that box without what may be chance."""

    path: tuple[Box, ...]
    step: int
    box: Box


def _search(data: DiscoveryData, boxes: int, mass: float) -> Iterator[_BoxFound]:
    remaining = np.ones(len(data.hits), dtype=bool)
    for _ in range(boxes):
        path = trajectory(data, remaining=remaining, mass=mass)
        step = max(range(len(path)), key=lambda at: _harmonic(path[at]))
        box = simplify(data, path[step], CHANCE, remaining=remaining)
        if not box.sides or box.density <= data.hits.mean():
            return
        yield _BoxFound(path, step, box)
        remaining = remaining & ~box.inside
        if not (remaining & data.hits).any():
            return


def _harmonic(box: Box) -> float:
    """The harmonic mean of coverage and density, 0 where there are no hits."""
    return 2 * box.coverage * box.density / (box.coverage + box.density) if box.hits else 0.0


def _box(found: _BoxFound, numbers: dict[str, UncertainInput]) -> dict[str, Any]:
    limits = [_limit(side, numbers[side.name]) for side in found.box.sides]
    return {
        **_measures(found.box),
        "limits": sorted(limits, key=lambda one: float(one["quasi_p"])),
        "step": found.step,
        "trajectory": [
            {"step": at, **_measures(box), "limits": [_bound(side) for side in box.sides]}
            for at, box in enumerate(found.path)
        ],
    }


def _measures(box: Box) -> dict[str, Any]:
    shares = {name: round(getattr(box, name), SHARE_DIGITS) for name in ("coverage", "density", "mass")}
    return {"worlds": box.count, "hits": box.hits, **shares, "dimensions": box.dimensions}


def _bound(side: BoxSide) -> dict[str, Any]:
    return {
        "path": side.name,
        "low": _value(side.low),
        "high": _value(side.high),
        "values": None if side.values is None else [_value(one) for one in side.values],
        "quasi_p": side.quasi_p,
    }


def _limit(side: BoxSide, one: UncertainInput) -> dict[str, Any]:
    number = one.number
    low, high = number.distribution.range
    return {
        **_bound(side),
        "what": one.what,
        "range": [_value(low), _value(high)],
        "says": number.says,
        "owner": one.owner,
        "support": one.support,
        "source": list(number.source),
        "assumption": number.assumption,
        "note": number.note,
    }


def _value(value: Any) -> float | str | None:
    if value is None:
        return None
    return NEVER if np.isinf(value) else round(float(value), VALUE_DIGITS)
