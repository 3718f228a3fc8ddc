"""Confidence intervals for shares of worlds, and for the difference between two shares in the same worlds."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist

CONFIDENCE = 0.95
SHARE_DIGITS = 6
Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
"""The standard normal quantile that leaves half of the remaining probability on each side."""


def rounded(share: float) -> float:
    """Return a share as reports give it."""
    return round(float(share), SHARE_DIGITS) + 0.0  # turns -0.0 into 0.0


def wilson(hits: int, count: int) -> tuple[float, float]:
    """Return the score interval of a share (Wilson 1927; Newcombe 1998a, method 3).

    It stays within 0 and 1, and is informative even if there are no hits, or nothing but hits. Returns the lower and
    the upper end.

    References
    ----------
    Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference. *Journal of the American
    Statistical Association* 22. Newcombe, R. G. (1998a). Two-sided confidence intervals for the single proportion.
    *Statistics in Medicine* 17, 857-872.
    """
    middle = (hits + Z**2 / 2) / (count + Z**2)
    half = Z * sqrt(hits * (count - hits) / count + Z**2 / 4) / (count + Z**2)
    return max(0.0, middle - half), min(1.0, middle + half)


def paired(both: int, first: int, second: int, neither: int) -> tuple[float, float]:
    """Return the interval of the second share minus the first, in the same worlds (Newcombe 1998b, method 10).

    The Wilson intervals of both shares are combined in squares, corrected for the correlation of the shares. The
    arguments are the numbers of worlds with a hit in both, in the first only, in the second only, and in neither.
    Returns the lower and the upper end.

    References
    ----------
    Newcombe, R. G. (1998b). Improved confidence intervals for the difference between binomial proportions based on
    paired data. *Statistics in Medicine* 17, 2635-2650.
    """
    count = both + first + second + neither
    share_1, share_2 = (both + first) / count, (both + second) / count
    (low_1, high_1), (low_2, high_2) = wilson(both + first, count), wilson(both + second, count)
    phi = _correlation(both, first, second, neither)
    below = _third_side(share_2 - low_2, high_1 - share_1, phi)
    above = _third_side(high_2 - share_2, share_1 - low_1, phi)
    return share_2 - share_1 - below, share_2 - share_1 + above


def _correlation(both: int, first: int, second: int, neither: int) -> float:
    """Return Newcombe's phi: it is corrected for continuity if above 0, and 0 if a share is 0 or 1."""
    margins = (both + first) * (second + neither) * (both + second) * (first + neither)
    product: float = both * neither - first * second
    if product > 0:
        product = max(product - (both + first + second + neither) / 2, 0)
    return product / sqrt(margins) if margins else 0.0


def _third_side(first: float, second: float, phi: float) -> float:
    """Return the third side of a triangle with an angle of cosine `phi`; rounding must not take its square below 0."""
    return sqrt(max(0.0, first**2 - 2 * phi * first * second + second**2))
