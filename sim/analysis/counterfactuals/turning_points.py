"""The values at which something changes as one number moves: a search that misses no turn wider than a step.

The search looks at signs: those of margins, and whether somebody blocks. First a sample of values is judged. Wherever
two neighbours differ, the middle between them is judged, until they are no more than a step apart. Two turns between
the same neighbours would hide each other. So wherever a margin approaches zero and moves away again, without reaching
it in the sample, the values around are sampled more densely. A margin is linear in almost every number, and bends only
a few times in any (measures end at 0 and 100, durability is a logistic curve).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from sim.analysis.counterfactuals.parameters import STEP, Parameter
from sim.analysis.counterfactuals.probe import WhichMoved
from sim.case.distributions import LARGEST
from sim.engine.rule_matrix import Bools, Floats
from sim.negotiation.answers.evaluation import DIGITS

REACH = 3
"""How many ranges beyond either end of its range a number is tried."""
SAMPLE = 64
"""Values of each number that are judged at first, and wherever the search looks more closely."""

Judgement = Callable[[WhichMoved, Floats], tuple[Bools, Floats]]
"""A function from numbers and their values, both (world,), to (world, sign) bool and (world, margin) float, where there
may be no margins."""


@dataclass(frozen=True)
class TriedValues:
    """The values of some numbers that were tried, and their judgements, sorted by number and value.

    Parameters
    ----------
    which : (world,) int, the index of the number that was moved
    values : (world,) float
    signs : (world, sign) bool
    margins : (world, margin) float
    """

    which: WhichMoved
    values: Floats
    signs: Bools
    margins: Floats

    def of(self, number: int) -> slice:
        """Return the worlds in which one number was moved."""
        first, last = np.searchsorted(self.which, [number, number + 1])
        return slice(int(first), int(last))


def wide_sample(number: Parameter, sample: int = SAMPLE) -> Floats:
    """Return (value,) float, sorted, from its range and `REACH` times as far on either side, if files allow that."""
    span = REACH * number.width
    high = number.high + span if number.width else LARGEST
    ends = np.clip(np.round([number.low - span, high], DIGITS), number.least, number.most)
    inner = np.linspace(number.low, number.high, sample)
    outer = [np.linspace(ends[0], number.low, sample), np.linspace(number.high, ends[1], sample)]
    # One step from the ends, to notice a margin that turns around right behind them.
    near = np.array([number.low + STEP, number.high - STEP, ends[0] + STEP, ends[1] - STEP])
    return _values(number, np.concatenate([inner, *outer, near]), *ends)


def range_sample(number: Parameter, sample: int) -> Floats:
    """Return (value,) float, sorted, from its range alone."""
    return _values(number, np.linspace(number.low, number.high, sample), number.low, number.high)


def _values(number: Parameter, values: Floats, low: float, high: float) -> Floats:
    never = [LARGEST, np.inf] if number.never else []
    return np.unique(np.concatenate([np.clip(np.round(values, DIGITS), low, high), [number.present], never]))


def refine(samples: Sequence[Floats], judge: Judgement) -> TriedValues:
    """Judge samples of values of some numbers, then more values until every turn is located.

    Returns
    -------
    all values that were judged; neighbours with different signs are no more than a step apart
    """
    new = np.repeat(np.arange(len(samples)), [len(sample) for sample in samples]), np.concatenate(samples)
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


def _between(tried: TriedValues) -> tuple[WhichMoved, Floats]:
    """The middles between neighbours of one number whose signs differ, unless they are only a step apart."""
    turns = np.flatnonzero((tried.which[1:] == tried.which[:-1]) & (tried.signs[1:] != tried.signs[:-1]).any(axis=1))
    low, high = tried.values[turns], tried.values[turns + 1]
    middle = np.round((low + high) / 2, DIGITS)
    inside = (middle > low) & (middle < high)
    return tried.which[turns][inside], middle[inside]


def _closer(tried: TriedValues) -> tuple[WhichMoved, Floats]:
    """Values around those at which a margin is nearest to zero without reaching it, and moves away again."""
    which, closer = [], []
    for number in np.unique(tried.which):
        rows = tried.of(number)
        margins = tried.margins[rows]
        changing = margins[:, (margins != margins[:1]).any(axis=0)]
        dips = [dip for column in changing.T for dip in _dips(column)]
        values = tried.values[rows]
        around = [np.linspace(values[first], values[last], SAMPLE) for first, last in dict.fromkeys(dips)]
        new = np.setdiff1d(np.round(np.concatenate([np.zeros(0), *around]), DIGITS), values)
        which.append(np.full(len(new), number))
        closer.append(new)
    return np.concatenate(which), np.concatenate(closer)


def _dips(margins: Floats) -> Iterator[tuple[int, int]]:
    """The indices before and after each run of equal margins that is nearer to zero than its neighbours."""
    edges = np.flatnonzero(np.diff(margins)) + 1
    first = np.concatenate([[0], edges])  # of each run of equal margins
    runs = margins[first]
    with np.errstate(invalid="ignore"):  # infinite margins cannot be compared
        nearer = (np.abs(runs[1:-1]) < np.abs(runs[:-2])) & (np.abs(runs[1:-1]) < np.abs(runs[2:]))
    one_side = ((runs[:-2] < 0) == (runs[1:-1] < 0)) & ((runs[2:] < 0) == (runs[1:-1] < 0))
    for run in np.flatnonzero(nearer & one_side) + 1:
        yield int(first[run] - 1), int(first[run + 1])
