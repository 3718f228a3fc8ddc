"""Exact arithmetic in decimals: a tie on paper is a tie here, whatever the order of the terms.

Points are whole numbers of `POINT_GRAIN`, a millionth of a point, so 0.1 is one tenth and not the nearest binary
fraction. A double holds the number nearest to each of these, and its sums are off by far less than a grain. So
`to_points` after a sum gives the exact result, and two sums that are equal on paper are equal to the last bit. The same
holds for the product of two factors (weights, measures, slopes, context indicators), which is rounded once, to the
nearest grain.

This holds as long as sums stay below 10^8 points, which are 10^14 grains; a double has 53 bits, about 9 x 10^15.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

POINT_GRAIN = 1e-6
"""The grid of points, in points."""
GRAINS = 1e6
"""Grains in a point."""


def to_grains(values: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Return points as whole numbers of grains, whose quotients are equal wherever they are equal on paper."""
    grains = np.asarray(np.multiply(values, GRAINS))
    return np.asarray(np.rint(grains, out=grains))


def to_points(values: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Return the nearest numbers on the grid of points; infinity (the price `never`) does not change.

    Examples
    --------
    >>> tenth, fifth = np.array(0.1), np.array(0.2)
    >>> float(tenth + fifth), float(to_points(tenth + fifth))
    (0.30000000000000004, 0.3)
    """
    grains = to_grains(values)
    return np.asarray(np.divide(grains, GRAINS, out=grains))
