"""Exact arithmetic: sums that do not depend on the order of their terms.

Points are rounded to a grid of 2^-20 (about a millionth of a point). Factors (weights, measures, context indicators,
slopes) are rounded to a grid of 2^-10, so that the product of two factors lies on the grid of points. Double precision
holds every sum of such numbers exactly as long as it is below 2^33, far beyond the points of any case. So a verdict is
the same to the last bit whatever the order of rules, actors or issues, the number of worlds computed together, or the
machine's linear algebra.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

POINT_GRAIN = 2.0**-20
"""The grid of points, in points."""
FACTOR_GRAIN = 2.0**-10
"""The grid of factors."""


def to_points(values: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Round to the grid of points; infinity (the price `never`) does not change."""
    return np.asarray(np.rint(values / POINT_GRAIN) * POINT_GRAIN, dtype=np.float64)


def to_factors(values: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Round to the grid of factors."""
    return np.asarray(np.rint(values / FACTOR_GRAIN) * FACTOR_GRAIN, dtype=np.float64)
