"""Krippendorff's alpha: how far coders agree beyond chance.

The steps follow Krippendorff (2011). The values that coders gave to units form a matrix of coincidences. Its row sums
are how often each value was given. Alpha is 1 minus the ratio of the observed disagreement to the disagreement expected
if all values were paired at random. Missing values are left out, and so is a unit that only one coder coded.

References
----------
Krippendorff, K. (2011). *Computing Krippendorff's Alpha-Reliability*. Annenberg School for Communication, University
of Pennsylvania. Krippendorff, K. (2004). *Content Analysis: An Introduction to Its Methodology*, 2nd edition. Sage.
Zapf, A., Castell, S., Morawietz, L. and Karch, A. (2016). Measuring inter-rater reliability for nominal data: which
coefficients and confidence intervals are appropriate? *BMC Medical Research Methodology* 16, 93.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.analysis.experiments.intervals import CONFIDENCE
from sim.engine.rule_matrix import Floats

MISSING = -1
"""The code of a value that a coder did not give."""
RELIABLE, TENTATIVE = 0.8, 0.667
"""The lowest alpha of reliable data, and the lowest one for tentative conclusions (Krippendorff 2004, p. 241)."""
RESAMPLES = 2000
"""Bootstrap resamples behind each interval."""
Difference: TypeAlias = Callable[[Floats], Floats]
"""A function from how often each value was given, (value,), to the squared differences of values, (value, value)."""


def nominal(counts: Floats) -> Floats:
    """Return the differences of nominal values: 0 if two are the same, else 1."""
    return 1 - np.eye(len(counts))


def ordinal(counts: Floats) -> Floats:
    """Return the squared differences of ranks: the values given from one to the other, these two counted half."""
    up_to = np.cumsum(counts) - counts / 2
    return np.square(up_to[:, None] - up_to[None, :])


def jaccard(values: Sequence[Collection[object]]) -> Difference:
    """Return the differences of sets, none of them empty: the share of their members that two do not have in common."""
    sets = [frozenset(members) for members in values]
    distances = np.array([1 - len(first & second) / len(first | second) for first in sets for second in sets])
    return lambda counts: distances.reshape(len(sets), len(sets))


def coincidences(codes: NDArray[np.int64], values: int) -> Floats:
    """Count how often two coders gave a unit these two values.

    Parameters
    ----------
    codes : (coder, unit) int, 0 to `values` - 1, or `MISSING`
    values : int, how many values there are

    Returns
    -------
    (unit, value, value) float, symmetric: each pair of values of a unit is counted twice and divided by the number of
    its values less one, so that they sum to the number of its values, or to 0 if there are fewer than two
    """
    counts = (codes[:, :, None] == np.arange(values)).sum(axis=0).astype(np.float64)
    own = np.eye(values) * counts[:, None, :]
    pairs = counts[:, :, None] * counts[:, None, :] - own
    shared: Floats = pairs / np.maximum(1, counts.sum(axis=1) - 1)[:, None, None]
    return shared


def alpha(coincidence: Floats, difference: Difference) -> float | None:
    """Compute Krippendorff's alpha: 1 is full agreement, 0 agreement by chance, less than 0 worse than chance.

    `coincidence` is the result of `coincidences` summed over units. Returns None if nothing varies, so that nobody
    knows whether coders can tell values apart.
    """
    counts = coincidence.sum(axis=1)
    differences = difference(counts)
    expected = float(counts @ differences @ counts)
    if expected == 0:
        return None
    return 1 - float(counts.sum() - 1) * float((coincidence * differences).sum()) / expected


def agreement(coincidence: Floats) -> float | None:
    """Return the share of pairs of values that are the same; None if there is no pair."""
    total = float(coincidence.sum())
    return float(np.trace(coincidence)) / total if total else None


def bootstrap(units: Floats, difference: Difference, seed: int = 0) -> tuple[float | None, float | None, int]:
    """Compute an interval of alpha from percentiles over resampled units (Zapf et al. 2016).

    `units` is the result of `coincidences`. Returns the lower and the upper end, None if alpha is undefined in all
    resamples, and in how many resamples it is undefined.
    """
    units = units[units.sum(axis=(1, 2)) > 0]
    if not len(units):
        return None, None, RESAMPLES
    draw = np.random.default_rng(seed)
    counts = draw.multinomial(len(units), np.full(len(units), 1 / len(units)), size=RESAMPLES)
    alphas = [alpha(coincidence, difference) for coincidence in np.einsum("ru,uck->rck", counts, units)]
    defined = [value for value in alphas if value is not None]
    if not defined:
        return None, None, RESAMPLES
    low, high = np.quantile(defined, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return float(low), float(high), RESAMPLES - len(defined)
