"""Exact arithmetic: sums that are the same in every order.

Points are kept on a grid of 2^-20 (about a millionth of a point), factors (weights, measures, context indicators,
slopes) on one of 2^-10, so that a product of two factors is a number of points again. Double precision holds every
sum of such numbers exactly as long as it stays below 2^33, far beyond the points of any case. So a verdict does not
depend on the order of rules, actors or issues, on how many worlds are computed together, or on the machine's linear
algebra, to the last bit.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

POINT_GRAIN = 2.0**-20
FACTOR_GRAIN = 2.0**-10


def to_points(values: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Round to the grid of points; infinity (the price `never`) stays."""
    return np.asarray(np.rint(values / POINT_GRAIN) * POINT_GRAIN, dtype=np.float64)


def to_factors(values: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Round to the grid of factors."""
    return np.asarray(np.rint(values / FACTOR_GRAIN) * FACTOR_GRAIN, dtype=np.float64)
