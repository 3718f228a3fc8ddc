"""Krippendorff's alpha: how far coders agree beyond what chance would bring about.

The steps and the letters are those of Krippendorff (2011): the values that coders gave to units make a matrix of
coincidences o; its sums n are how often each value was given; alpha is one less the observed disagreement over that
which pairing all values at random would show. What was not coded is left out, and a unit that only one coder
coded says nothing.

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

MISSING = -1
"""The code of a value that a coder did not give."""
RELIABLE, TENTATIVE = 0.8, 0.667
"""From here on data may be relied upon; from there on for tentative conclusions (Krippendorff 2004, p. 241)."""
RESAMPLES = 2000
Floats: TypeAlias = NDArray[np.float64]
Difference: TypeAlias = Callable[[Floats], Floats]
"""From how often each value was given, (value,), to the squared differences of values, (value, value)."""


def nominal(given: Floats) -> Floats:
    """Values are the same, 0, or not, 1."""
    return 1 - np.eye(len(given))


def ordinal(given: Floats) -> Floats:
    """Values are ranks: two differ by the values given from the one to the other, these two counted half."""
    up_to = np.cumsum(given) - given / 2
    return np.square(up_to[:, None] - up_to[None, :])


def jaccard(values: Sequence[Collection[object]]) -> Difference:
    """Values are sets, none of them empty: what two do not share, of all that they hold (Jaccard's distance)."""
    sets = [frozenset(one) for one in values]
    apart = np.array([1 - len(one & other) / len(one | other) for one in sets for other in sets])
    return lambda given: apart.reshape(len(sets), len(sets))


def coincidences(codes: NDArray[np.int64], values: int) -> Floats:
    """Count how often two coders gave a unit these two values.

    Parameters
    ----------
    codes : (coder, unit) int, 0 to `values` - 1, or `MISSING`
    values : int, how many there are

    Returns
    -------
    (unit, value, value) float, symmetric: each pair of values of a unit twice, over one less than its values; they sum
    to the values of the unit, or to 0 if it has fewer than two
    """
    counts = (codes[:, :, None] == np.arange(values)).sum(axis=0).astype(np.float64)
    own = np.eye(values) * counts[:, None, :]
    pairs = counts[:, :, None] * counts[:, None, :] - own
    shared: Floats = pairs / np.maximum(1, counts.sum(axis=1) - 1)[:, None, None]
    return shared


def alpha(coincidence: Floats, difference: Difference) -> float | None:
    """Krippendorff's alpha: 1 is full agreement, 0 what chance brings about, less than 0 is worse than chance.

    Parameters
    ----------
    coincidence : (value, value) float, as `coincidences` gives it, summed over units

    Returns
    -------
    alpha; None where nothing varies, so that nobody can tell whether coders could tell values apart
    """
    given = coincidence.sum(axis=1)
    apart = difference(given)
    expected = float(given @ apart @ given)
    if expected == 0:
        return None
    return 1 - float(given.sum() - 1) * float((coincidence * apart).sum()) / expected


def agreement(coincidence: Floats) -> float | None:
    """The share of pairs of values that are the same; None if there is no pair."""
    total = float(coincidence.sum())
    return float(np.trace(coincidence)) / total if total else None


def bootstrap(units: Floats, difference: Difference, seed: int = 0) -> tuple[float | None, float | None, int]:
    """The interval of alpha if other units of the kind had been coded: percentiles over units drawn anew (Zapf et al.).

    Parameters
    ----------
    units : (unit, value, value) float, as `coincidences` gives it

    Returns
    -------
    its lower and its upper end, None if alpha cannot be told in any resample; and in how many resamples it cannot
    """
    units = units[units.sum(axis=(1, 2)) > 0]
    if not len(units):
        return None, None, RESAMPLES
    draw = np.random.default_rng(seed)
    counts = draw.multinomial(len(units), np.full(len(units), 1 / len(units)), size=RESAMPLES)
    drawn = [alpha(one, difference) for one in np.einsum("ru,uck->rck", counts, units)]
    told = [one for one in drawn if one is not None]
    if not told:
        return None, None, RESAMPLES
    low, high = np.quantile(told, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return float(low), float(high), RESAMPLES - len(told)
