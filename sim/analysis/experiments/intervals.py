"""Intervals for shares of worlds, and for the difference of two shares in the same worlds."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist

CONFIDENCE = 0.95
Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
"""The standard normal quantile that leaves half of the rest on either side."""


def wilson(hits: int, count: int) -> tuple[float, float]:
    """The score interval of a share (Wilson 1927; Newcombe 1998a, method 3).

    It stays within 0 and 1, and says something also where nothing, or everything, was hit.

    Parameters
    ----------
    hits : int, 0 to `count`
    count : int, at least 1

    Returns
    -------
    its lower and its upper end

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
    """The interval of the second share less the first, of the same worlds (Newcombe 1998b, method 10).

    The Wilson intervals of both shares, squared and added, less what their correlation takes away.

    Parameters
    ----------
    both, first, second, neither : int, in how many worlds both were hit, the first or the second alone, or none

    Returns
    -------
    its lower and its upper end

    References
    ----------
    Newcombe, R. G. (1998b). Improved confidence intervals for the difference between binomial proportions based on
    paired data. *Statistics in Medicine* 17, 2635-2650.
    """
    count = both + first + second + neither
    share_1, share_2 = (both + first) / count, (both + second) / count
    (low_1, high_1), (low_2, high_2) = wilson(both + first, count), wilson(both + second, count)
    phi = _correlation(both, first, second, neither)
    below = _sides(share_2 - low_2, high_1 - share_1, phi)
    above = _sides(high_2 - share_2, share_1 - low_1, phi)
    return share_2 - share_1 - below, share_2 - share_1 + above


def _correlation(both: int, first: int, second: int, neither: int) -> float:
    """Newcombe's phi: a correlation above 0 is corrected for continuity, and is 0 where a share is 0 or 1."""
    margins = (both + first) * (second + neither) * (both + second) * (first + neither)
    product: float = both * neither - first * second
    if product > 0:
        product = max(product - (both + first + second + neither) / 2, 0)
    return product / sqrt(margins) if margins else 0.0


def _sides(one: float, other: float, phi: float) -> float:
    """The third side of a triangle whose angle has the cosine `phi`; rounding takes it to less than nothing at most."""
    return sqrt(max(0.0, one**2 - 2 * phi * one * other + other**2))
