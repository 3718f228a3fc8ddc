"""At which value of each number of a case, all others as they are, the answer to a package turns."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.counterfactuals.parameters import Parameter
from sim.analysis.counterfactuals.probe import Probe, with_values
from sim.analysis.counterfactuals.talks_probe import TalksProbe
from sim.analysis.counterfactuals.turning_points import narrow, refine, wide
from sim.analysis.subject import Target
from sim.case.distributions import NEVER
from sim.case.models import Scenario
from sim.engine.rule_matrix import Bools, Floats
from sim.negotiation.evaluation import DIGITS, number

NUMBERS_AT_ONCE = 64
"""So many numbers are searched together, so that memory does not grow with the case."""
TALKS_SAMPLE = 9
"""So many values of each number, evenly over its range, are played at first: talks turn more often than verdicts."""
TALKS_AT_ONCE = 512
"""So many worlds are played together."""

Progress = Callable[[int, int], None]
Entry = dict[str, Any]


@dataclass(frozen=True)
class ThresholdQuestion:
    """One package, and the numbers that may be moved.

    Parameters
    ----------
    probe : who judges it
    everything : all numbers of the case by path
    target : the case, or the scenario, with the package as its proposal
    only : ``assumed`` or ``sourced``, if no other numbers may be moved
    """

    probe: Probe
    everything: Mapping[str, Parameter]
    target: Target
    only: str | None = None

    @cached_property
    def numbers(self) -> list[Parameter]:
        """Those that may be moved; one that is the same as another moves with it."""
        return [one for one in self.everything.values() if one.own and self.only in (None, one.entry["kind"])]

    @cached_property
    def blocked_by(self) -> tuple[str, ...]:
        """Who blocks the package now."""
        return tuple(self.probe.names(self.probe.blocked(with_values(self.everything, [{}]))[0]))

    @cached_property
    def talks(self) -> TalksProbe | None:
        """The talks of the scenario; a case has none."""
        return TalksProbe(self.target) if isinstance(self.target, Scenario) else None

    def sides(self, changed: Sequence[Mapping[str, float]]) -> list[Entry]:
        """What comes of the package where some numbers have other values, judged and played, as plain data.

        A number that is given its present value stays as it is written.
        """
        if not changed:
            return []
        blocked = self.probe.blocked(with_values(self.everything, changed))
        told = [{"agreed": not one.any(), "blocked_by": self.probe.names(one)} for one in blocked]
        if self.talks is None:
            return [{**one, "outcome": None, "months": None} for one in told]
        played: list[Entry] = []
        for begin in range(0, len(changed), TALKS_AT_ONCE):
            played += self.talks.endings(with_values(self.everything, changed[begin : begin + TALKS_AT_ONCE]))
        return [{**one, **end} for one, end in zip(told, played, strict=True)]


def find_thresholds(question: ThresholdQuestion, progress: Progress | None = None) -> Entry:
    """Find, for each number alone, the nearest values on either side at which the answer turns, and whom each frees.

    Returns
    -------
    plain data (`docs/reference/json.md`)
    """
    numbers = question.numbers
    turns: list[Entry] = []
    frees: dict[str, list[Entry]] = {name: [] for name in question.blocked_by}
    for begin in range(0, len(numbers), NUMBERS_AT_ONCE):
        some = numbers[begin : begin + NUMBERS_AT_ONCE]
        tried = refine([wide(one) for one in some], partial(question.probe.signs, some))
        for at, moved in enumerate(some):
            here = tried.of(at)
            blocked = tried.signs[here, : len(question.probe.blockers)]
            turns += _turns(moved, tried.values[here], np.asarray(~blocked.any(axis=1)))
            for name, found in frees.items():
                found += _turns(moved, tried.values[here], ~blocked[:, question.probe.blockers.index(name)])
        if progress is not None:
            progress(begin + len(some), len(numbers))
    _confirm(question, [*turns, *(one for found in frees.values() for one in found)])
    return {
        "tried": len(numbers),
        "turns": sorted(turns, key=_nearest),
        "frees": {name: sorted(found, key=_nearest) for name, found in frees.items()},
    }


def talks_turns(question: ThresholdQuestion, progress: Progress | None = None) -> Entry:
    """Find, for each number alone, values within its range at which the talks come to agree, or cease to.

    An even sample of the range is played, and what lies between neighbours that end differently. A turn and its
    opposite between two neighbours stay unseen.
    """
    talks, numbers = question.talks, question.numbers
    assert talks is not None  # a case is refused before
    turns: list[Entry] = []
    size = max(1, TALKS_AT_ONCE // TALKS_SAMPLE)
    for begin in range(0, len(numbers), size):
        some = numbers[begin : begin + size]

        def judge(which: NDArray[np.intp], values: Floats, some: Sequence[Parameter] = some) -> tuple[Bools, Floats]:
            return talks.agreed(some, which, values), np.zeros((len(which), 0))

        tried = refine([narrow(one, TALKS_SAMPLE) for one in some], judge)
        for at, moved in enumerate(some):
            here = tried.of(at)
            turns += _turns(moved, tried.values[here], tried.signs[here, 0])
        if progress is not None:
            progress(begin + len(some), len(numbers))
    _confirm(question, turns)
    [now] = question.sides([{}])
    return {"tried": len(numbers), "sample": TALKS_SAMPLE, "now": now, "turns": sorted(turns, key=_nearest)}


def described(moved: Parameter) -> Entry:
    """What a page has to say of a number, as plain data."""
    kept = ("says", "owner", "kind", "source", "assumption", "note", "written")
    no_range = moved.range == "none"
    return {
        "path": moved.path,
        "also": list(moved.also),
        "what": moved.what,
        "unit": moved.unit,
        **{key: moved.entry[key] for key in kept},
        "now": plain(moved.present),
        "low": None if no_range else number(moved.low),
        "high": None if no_range else number(moved.high),
        "range": moved.range,
    }


def plain(value: float) -> float | str:
    """A value as JSON has it: not rounded any more, as it is what was judged."""
    return NEVER if math.isinf(value) else float(value) + 0.0


def _turns(moved: Parameter, values: Floats, good: Bools) -> Iterator[Entry]:
    """The nearest value on either side of the present one where something is not as it is at present.

    Parameters
    ----------
    values : (value,) float, sorted, the present one among them
    good : (value,) bool
    """
    now = int(np.searchsorted(values, moved.present))
    other = np.flatnonzero(good != good[now])
    for direction, side, step in (("at_most", other[other < now][::-1], -1), ("at_least", other[other > now], 1)):
        if not len(side):
            continue
        at = int(side[0])
        back = [float(values[one]) for one in np.flatnonzero(good == good[now]) if (one - at) * step > 0]
        endings = back[-1 if step < 0 else 0] if back else None
        pair = sorted([float(values[at]), float(values[at - step])])
        yield {
            **described(moved),
            "direction": direction,
            "value": plain(values[at]),
            "ranges": _rounded(moved.distance(float(values[at]))),
            "within": moved.within(float(values[at])),
            "back_at": None if endings is None else plain(endings),
            "below": {"value": plain(pair[0])},
            "above": {"value": plain(pair[1])},
        }


def _confirm(question: ThresholdQuestion, turns: Sequence[Entry]) -> None:
    """Judge and play both sides of some turns, with the very values that are reported."""
    sides = [turn[side] for turn in turns for side in ("below", "above")]
    changed = [
        {turn["path"]: math.inf if turn[side]["value"] == NEVER else turn[side]["value"]}
        for turn in turns
        for side in ("below", "above")
    ]
    for side, came in zip(sides, question.sides(changed), strict=True):
        side |= came


def _rounded(distance: float | None) -> float | None:
    return None if distance is None else round(distance, DIGITS)


def _nearest(turn: Entry) -> tuple[bool, float]:
    """What turns within its range first, by how much of it it takes; then what lies beyond."""
    return not turn["within"], math.inf if turn["ranges"] is None else turn["ranges"]
