"""The thresholds of an answer: the values of each number alone at which the answer to a package turns."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import chain, islice
from typing import TypedDict

import numpy as np

from sim.analysis.counterfactuals.parameters import Parameter
from sim.analysis.counterfactuals.probe import Probe, WhichMoved, with_values
from sim.analysis.counterfactuals.talks_probe import Ending, TalksProbe
from sim.analysis.counterfactuals.turning_points import TriedValues, range_sample, refine, wide_sample
from sim.analysis.judging.sources import rests_on_a_change
from sim.analysis.outcomes.enumeration import Progress
from sim.analysis.subject import Target
from sim.case.distributions import NEVER
from sim.case.models import Scenario
from sim.engine.rule_matrix import Bools, Floats
from sim.negotiation.answers.evaluation import DIGITS, number

NUMBERS_AT_ONCE = 64
"""Numbers searched together, so that memory does not grow with the case."""
TALKS_SAMPLE = 9
"""Values of each number, evenly over its range, at which the talks are played first. Talks turn more often than
verdicts."""
TALKS_AT_ONCE = 512
"""Worlds played together."""


class Side(Ending):
    """What happens to the package with some values: whether it is agreed, who blocks it, and how the talks end."""

    agreed: bool
    blocked_by: list[str]


class TurnSide(Side):
    """The same on one side of a threshold."""

    value: float | str


class MovedNumber(TypedDict):
    """A number of the case that is moved: its meaning, its sources, its present value and its range."""

    path: str
    also: list[str]
    what: str
    unit: str
    says: str | None
    owner: str | None
    kind: str
    source: list[str]
    assumption: str | None
    note: str | None
    written: str
    now: float | str
    low: float | None
    high: float | None
    range: str


class Turn(MovedNumber):
    """A threshold of one number."""

    direction: str
    value: float | str
    ranges: float | None
    within: bool
    back_at: float | str | None
    by_scenario: bool
    below: TurnSide
    above: TurnSide


class Thresholds(TypedDict):
    """The result of `find_thresholds`."""

    tried: int
    turns: list[Turn]
    frees: dict[str, list[Turn]]


class TalksThresholds(TypedDict):
    """The result of `find_talks_thresholds`."""

    tried: int
    sample: int
    now: Side
    turns: list[Turn]


@dataclass(frozen=True)
class ThresholdQuestion:
    """One package, and the numbers that may be moved.

    Parameters
    ----------
    probe : judges the package
    parameters : path to number, all numbers of the case
    target : the case, or the scenario with the package as its proposal
    only : ``assumed`` or ``sourced`` if only such numbers may be moved
    """

    probe: Probe
    parameters: Mapping[str, Parameter]
    target: Target
    only: str | None = None

    @cached_property
    def movable(self) -> list[Parameter]:
        """The numbers that may be moved; a number that shares the draw of another moves with it."""
        own = [parameter for parameter in self.parameters.values() if parameter.has_own_draw]
        return [parameter for parameter in own if self.only in (None, parameter.entry["kind"])]

    @cached_property
    def by_scenario(self) -> frozenset[str]:
        """The numbers that the scenario changes, and those at which its events set the context."""
        if not isinstance(self.target, Scenario):
            return frozenset()
        set_by_events = {f"context.{name}.start" for event in self.target.events for name in event.set}
        return (
            frozenset(path for path in self.parameters if rests_on_a_change(path, self.target.changes)) | set_by_events
        )

    @cached_property
    def blocked_by(self) -> tuple[str, ...]:
        """Who blocks the package at present."""
        return tuple(self.probe.names(self.probe.blocked(with_values(self.parameters, [{}]))[0]))

    @cached_property
    def talks_probe(self) -> TalksProbe | None:
        """The talks of the scenario; None for a case."""
        return TalksProbe(self.target) if isinstance(self.target, Scenario) else None

    def effects_of(self, changes: Sequence[Mapping[str, float]]) -> list[Side]:
        """Judge the package and play the talks under each change of numbers.

        A number that is set to its present value is treated as if it were not changed.
        """
        if not changes:
            return []
        endings: list[Ending] = [{"outcome": None, "months": None}] * len(changes)
        if self.talks_probe is not None:
            blocks = [changes[begin : begin + TALKS_AT_ONCE] for begin in range(0, len(changes), TALKS_AT_ONCE)]
            worlds = [with_values(self.parameters, block) for block in blocks]
            endings = list(chain.from_iterable(map(self.talks_probe.endings, worlds)))
        blocked = self.probe.blocked(with_values(self.parameters, changes))
        return [
            {"agreed": not blockers.any(), "blocked_by": self.probe.names(blockers), **ending}
            for blockers, ending in zip(blocked, endings, strict=True)
        ]


def find_thresholds(question: ThresholdQuestion, progress: Progress | None = None) -> Thresholds:
    """Find the nearest values of each number alone, up and down, at which the answer turns or a blocker gives way.

    Returns
    -------
    plain data (`docs/reference/json.md`)
    """
    numbers, blockers = question.movable, question.probe.blockers
    answer: list[_Threshold] = []
    freed: dict[str, list[_Threshold]] = {name: [] for name in question.blocked_by}
    for begin in range(0, len(numbers), NUMBERS_AT_ONCE):
        block = numbers[begin : begin + NUMBERS_AT_ONCE]
        tried = refine([wide_sample(moved) for moved in block], partial(question.probe.signs, block))
        for index, moved in enumerate(block):
            values, signs = _tried(tried, index)
            blocked = signs[:, : len(blockers)]
            answer += _thresholds(moved, values, np.asarray(~blocked.any(axis=1)))
            for name, thresholds in freed.items():
                thresholds += _thresholds(moved, values, ~blocked[:, blockers.index(name)])
        if progress is not None:
            progress(begin + len(block), len(numbers))
    turns, *frees = _confirmed(question, [answer, *freed.values()])
    return {"tried": len(numbers), "turns": turns, "frees": dict(zip(freed, frees, strict=True))}


def find_talks_thresholds(question: ThresholdQuestion, progress: Progress | None = None) -> TalksThresholds:
    """Find values of each number alone, within its range, at which the talks begin or cease to end in agreement.

    The talks are played at an even sample of the range, and then between neighbours that end differently. If they turn
    and turn back between two neighbours, that is not seen.
    """
    talks, numbers = question.talks_probe, question.movable
    assert talks is not None  # `flip` does not ask about the talks of a case
    found: list[_Threshold] = []
    size = max(1, TALKS_AT_ONCE // TALKS_SAMPLE)
    for begin in range(0, len(numbers), size):
        block = numbers[begin : begin + size]

        def judge(which: WhichMoved, values: Floats, block: Sequence[Parameter] = block) -> tuple[Bools, Floats]:
            return talks.agreed(block, which, values), np.zeros((len(which), 0))

        tried = refine([range_sample(moved, TALKS_SAMPLE) for moved in block], judge)
        for index, moved in enumerate(block):
            values, signs = _tried(tried, index)
            found += _thresholds(moved, values, signs[:, 0])
        if progress is not None:
            progress(begin + len(block), len(numbers))
    [turns] = _confirmed(question, [found])
    [now] = question.effects_of([{}])
    return {"tried": len(numbers), "sample": TALKS_SAMPLE, "now": now, "turns": turns}


def described(moved: Parameter) -> MovedNumber:
    """Return what a page has to say about a number."""
    entry, has_range = moved.entry, moved.range != "none"
    return {
        "path": moved.path,
        "also": list(moved.also),
        "what": moved.what,
        "unit": moved.unit,
        "says": entry["says"],
        "owner": entry["owner"],
        "kind": entry["kind"],
        "source": entry["source"],
        "assumption": entry["assumption"],
        "note": entry["note"],
        "written": entry["written"],
        "now": json_value(moved.present),
        "low": number(moved.low) if has_range else None,
        "high": number(moved.high) if has_range else None,
        "range": moved.range,
    }


def json_value(value: float) -> float | str:
    """Return a value for JSON, not rounded, so that it is exactly the one that was judged."""
    return NEVER if math.isinf(value) else float(value) + 0.0


@dataclass(frozen=True)
class _Threshold:
    """A threshold of one number, with the tried values next to it on either side."""

    moved: Parameter
    direction: str
    value: float
    below: float
    above: float
    back_at: float | None


def _tried(tried: TriedValues, index: int) -> tuple[Floats, Bools]:
    """The values that were tried of one number, and their signs."""
    rows = tried.of(index)
    return tried.values[rows], tried.signs[rows]


def _thresholds(moved: Parameter, values: Floats, good: Bools) -> Iterator[_Threshold]:
    """The nearest value below and above the present one for which something differs from the present.

    Parameters
    ----------
    values : (value,) float, sorted, the present one among them
    good : (value,) bool
    """
    now = int(np.searchsorted(values, moved.present))
    for direction, step in (("at_most", -1), ("at_least", 1)):
        outwards, same = values[now::step], (good == good[now])[now::step]
        turns = np.flatnonzero(~same)
        if len(turns):
            before, value = outwards[turns[0] - 1 : turns[0] + 1].tolist()
            back = outwards[turns[0] :][same[turns[0] :]].tolist()
            low, high = sorted((value, before))
            yield _Threshold(moved, direction, value, low, high, back[0] if back else None)


def _confirmed(question: ThresholdQuestion, groups: Sequence[Sequence[_Threshold]]) -> list[list[Turn]]:
    """Judge and play both sides of some thresholds, at exactly the values that are reported; sort each group."""
    thresholds = list(chain.from_iterable(groups))
    sides = [(found.moved.path, value) for found in thresholds for value in (found.below, found.above)]
    effects = question.effects_of([{path: value} for path, value in sides])
    confirmed: Iterator[TurnSide] = (
        {"value": json_value(value), **effect} for (_, value), effect in zip(sides, effects, strict=True)
    )
    turns = iter([_turn(question, found, next(confirmed), next(confirmed)) for found in thresholds])
    return [sorted(islice(turns, len(group)), key=_nearest) for group in groups]


def _turn(question: ThresholdQuestion, found: _Threshold, below: TurnSide, above: TurnSide) -> Turn:
    distance = found.moved.distance(found.value)
    return {
        **described(found.moved),
        "direction": found.direction,
        "value": json_value(found.value),
        "ranges": None if distance is None else round(distance, DIGITS),
        "within": found.moved.within(found.value),
        "back_at": None if found.back_at is None else json_value(found.back_at),
        "by_scenario": found.moved.path in question.by_scenario,
        "below": below,
        "above": above,
    }


def _nearest(turn: Turn) -> tuple[bool, float]:
    """Sort key: thresholds within the range first, then by distance in ranges."""
    return not turn["within"], math.inf if turn["ranges"] is None else turn["ranges"]
