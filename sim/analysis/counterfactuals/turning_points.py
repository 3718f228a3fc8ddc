"""Where something changes as one number moves: a search that misses no turn wider than a step.

What is searched is a sign: that of what an actor has to spare, or whether somebody blocks. A sample of values is judged
first. Wherever two neighbours differ, the middle between them is judged, until they lie no more than a step apart. Two
turns between the same neighbours would hide each other: so wherever what an actor has to spare comes nearer to nought
and goes away again, without reaching it in the sample, the values around are sampled more closely. What an actor has to
spare is linear in almost every number, and bends no more than a few times in any (measures end at 0 and 100,
durability is a logistic curve).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from sim.analysis.counterfactuals.parameters import STEP, Parameter
from sim.analysis.counterfactuals.probe import Which
from sim.case.distributions import LARGEST
from sim.engine.rule_matrix import Bools, Floats
from sim.negotiation.evaluation import DIGITS

REACH = 3
"""Numbers are tried so many of their ranges beyond either end."""
SAMPLE = 64
"""So many values are judged of each number at first, and wherever the search looks more closely."""

Judgement = Callable[[Which, Floats], tuple[Bools, Floats]]
"""Of (world,) numbers and their values: (world, sign) bool, and (world, margin) float; margins may be none."""


@dataclass(frozen=True)
class TriedValues:
    """Values of some numbers and what came of each, sorted by number and value.

    Parameters
    ----------
    which : (world,) int, which number was moved
    values : (world,) float
    signs : (world, sign) bool
    margins : (world, margin) float
    """

    which: Which
    values: Floats
    signs: Bools
    margins: Floats

    def of(self, number: int) -> slice:
        """The worlds in which one number was moved."""
        first, last = np.searchsorted(self.which, [number, number + 1])
        return slice(int(first), int(last))


def wide(number: Parameter, sample: int = SAMPLE) -> Floats:
    """(value,) float, sorted: a sample from its range and `REACH` times as far on either side, as files allow."""
    span = REACH * number.width
    high = number.high + span if number.width else LARGEST
    ends = np.clip(np.round([number.low - span, high], DIGITS), number.least, number.most)
    inner = np.linspace(number.low, number.high, sample)
    outer = [np.linspace(ends[0], number.low, sample), np.linspace(number.high, ends[1], sample)]
    # A step from the ends, so that what turns round right behind them is seen to turn round.
    near = np.array([number.low + STEP, number.high - STEP, ends[0] + STEP, ends[1] - STEP])
    return _values(number, np.concatenate([inner, *outer, near]), *ends)


def narrow(number: Parameter, sample: int) -> Floats:
    """(value,) float, sorted: a sample from its range alone."""
    return _values(number, np.linspace(number.low, number.high, sample), number.low, number.high)


def _values(number: Parameter, values: Floats, low: float, high: float) -> Floats:
    kept = np.unique(np.clip(np.round(values, DIGITS), low, high))
    never = [LARGEST, np.inf] if number.never else []
    return np.unique(np.concatenate([kept, [number.present], never]))


def refine(samples: Sequence[Floats], judge: Judgement) -> TriedValues:
    """Judge samples of values of some numbers, then all that it takes to have every turn between neighbours.

    Returns
    -------
    all values that were judged; neighbours with different signs lie no more than a step apart
    """
    new = np.repeat(np.arange(len(samples)), [len(one) for one in samples]), np.concatenate(samples)
    tried = TriedValues(*new, *judge(*new))
    for closer in (_closer, _between):
        while len((new := closer(tried))[0]):
            tried = _merged(tried, TriedValues(*new, *judge(*new)))
    return tried


def _merged(old: TriedValues, new: TriedValues) -> TriedValues:
    which, values = np.concatenate([old.which, new.which]), np.concatenate([old.values, new.values])
    order = np.lexsort((values, which))
    signs, margins = np.concatenate([old.signs, new.signs]), np.concatenate([old.margins, new.margins])
    return TriedValues(which[order], values[order], signs[order], margins[order])


def _between(tried: TriedValues) -> tuple[Which, Floats]:
    """The middles between neighbours of one number whose signs differ, unless they are a step apart."""
    turns = np.flatnonzero((tried.which[1:] == tried.which[:-1]) & (tried.signs[1:] != tried.signs[:-1]).any(axis=1))
    low, high = tried.values[turns], tried.values[turns + 1]
    middle = np.round((low + high) / 2, DIGITS)
    inside = (middle > low) & (middle < high)
    return tried.which[turns][inside], middle[inside]


def _closer(tried: TriedValues) -> tuple[Which, Floats]:
    """Values around those at which a margin comes nearest to nought, on one side of it, and goes away again."""
    which, found = [], []
    for number in np.unique(tried.which):
        here = tried.of(number)
        margins = tried.margins[here]
        changing = margins[:, (margins != margins[:1]).any(axis=0)]
        zones = [zone for column in changing.T for zone in _dips(column)]
        values = tried.values[here]
        around = [np.linspace(values[first], values[last], SAMPLE) for first, last in dict.fromkeys(zones)]
        new = np.setdiff1d(np.round(np.concatenate([np.zeros(0), *around]), DIGITS), values)
        which.append(np.full(len(new), number))
        found.append(new)
    return np.concatenate(which), np.concatenate(found)


def _dips(margins: Floats) -> Iterator[tuple[int, int]]:
    """Where neighbours of a value that is the nearest to nought for a while stand, before it and after it."""
    edges = np.flatnonzero(np.diff(margins)) + 1
    first = np.concatenate([[0], edges])  # of each run of equal margins
    runs = margins[first]
    with np.errstate(invalid="ignore"):  # beyond `never` there is nothing to compare
        nearer = (np.abs(runs[1:-1]) < np.abs(runs[:-2])) & (np.abs(runs[1:-1]) < np.abs(runs[2:]))
    one_side = ((runs[:-2] < 0) == (runs[1:-1] < 0)) & ((runs[2:] < 0) == (runs[1:-1] < 0))
    for at in np.flatnonzero(nearer & one_side) + 1:
        yield int(first[at] - 1), int(first[at + 1])
