"""Four ways to single out one package among those that nobody concerned would refuse.

Each takes the surpluses of some packages, (package, actor), all of them 0 or more: what each actor has above its
reservation value, so that no agreement is worth 0 to everybody. The theorems are about convex sets of utilities; on a
finite set of packages the same sums are maximised over the packages that there are.

All four are decided exactly. Surpluses lie on the grid of points (`sim.engine.fixed_point`), so they are whole numbers
of grains: where floating point cannot tell the best packages apart, products and quotients of those whole numbers do.
Of packages that are exactly as good, the one with the largest summed surplus is taken, so that no solution is
dominated, and then the first.

References
----------
Kalai, E. (1977). Proportional solutions to bargaining situations: interpersonal utility comparisons. *Econometrica* 45.

Kalai, E. and Smorodinsky, M. (1975). Other solutions to Nash's bargaining problem. *Econometrica* 43.

Nash, J. F. (1950). The bargaining problem. *Econometrica* 18.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from sim.engine.fixed_point import POINT_GRAIN
from sim.engine.rule_matrix import Floats

CLOSE = 1e-9
"""Values this near to the best one, as a share of it, are compared exactly; floating point errs by far less."""


def nash(surplus: Floats) -> int:
    """The package with the largest product of surpluses (Nash 1950).

    An actor who gains by no package has no say in the product. If all products are 0 even so, nothing is left but the
    largest sum.

    Parameters
    ----------
    surplus : (package, actor) float, points, >= 0

    Returns
    -------
    int, which package

    Examples
    --------
    An equal split, a lopsided one, and one that leaves the second actor with nothing:

    >>> nash(np.array([[4.0, 4.0], [1.0, 9.0], [20.0, 0.0]]))
    0
    """
    gains = surplus[:, surplus.max(axis=0) > 0]
    return _best(surplus, gains.prod(axis=1), lambda at: math.prod(_grains(gains[at])))


def kalai_smorodinsky(surplus: Floats) -> int:
    """The package at which the worst-off actor has the largest share of its ideal (Kalai and Smorodinsky 1975).

    An actor's ideal is the most that it gets by any of the packages. On a convex set everybody has the same share of
    its ideal at the solution; of finitely many packages, the largest least share comes nearest to it. An actor who
    gains by no package has no ideal, and is left out.

    Parameters
    ----------
    surplus : (package, actor) float, points, >= 0

    Returns
    -------
    int, which package

    Examples
    --------
    The second actor can hope for 9, the first for 3 only, so two thirds of each are as fair as it gets:

    >>> kalai_smorodinsky(np.array([[3.0, 0.0], [2.0, 6.0], [2.5, 2.5], [0.0, 9.0]]))
    1
    """
    ideal = surplus.max(axis=0)
    gains, ideal = surplus[:, ideal > 0], ideal[ideal > 0]
    whole = _grains(ideal)

    def least(at: int) -> Fraction:
        return min((Fraction(gain, most) for gain, most in zip(_grains(gains[at]), whole, strict=True)), default=_NONE)

    return _best(surplus, (gains / ideal).min(axis=1, initial=1), least)


def egalitarian(surplus: Floats) -> int:
    """The package at which the worst-off actor has the largest surplus (Kalai 1977, with equal proportions).

    On a convex set everybody has the same surplus at the solution. An actor who gains by no package is left out, as in
    the others: it would be the worst-off of every package, and all would be as good.

    Parameters
    ----------
    surplus : (package, actor) float, points, >= 0

    Returns
    -------
    int, which package

    Examples
    --------
    >>> egalitarian(np.array([[3.0, 0.0], [2.0, 6.0], [2.5, 2.5], [0.0, 9.0]]))
    2
    """
    gaining = surplus.max(axis=0) > 0
    least = surplus[:, gaining | ~gaining.any()].min(axis=1)
    return _best(surplus, least, lambda at: Fraction(least[at]))


def utilitarian(surplus: Floats) -> int:
    """The package with the largest sum of surpluses; it takes the points of different actors to be alike.

    Parameters
    ----------
    surplus : (package, actor) float, points, >= 0

    Returns
    -------
    int, which package

    Examples
    --------
    >>> utilitarian(np.array([[3.0, 0.0], [2.0, 6.0], [2.5, 2.5], [0.0, 9.0]]))
    3
    """
    return int(np.argmax(surplus.sum(axis=1)))


SOLUTIONS: dict[str, Callable[[Floats], int]] = {
    "nash": nash,
    "kalai_smorodinsky": kalai_smorodinsky,
    "egalitarian": egalitarian,
    "utilitarian": utilitarian,
}
_NONE = Fraction(1)


def _best(surplus: Floats, value: Floats, exactly: Callable[[int], Fraction | int]) -> int:
    """The package of the largest exact value, then of the largest sum, then the first."""
    close = np.flatnonzero(value >= value.max() * (1 - CLOSE))
    exact = [exactly(int(at)) for at in close]
    most = max(exact)
    tied: NDArray[np.intp] = close[np.array([one == most for one in exact])]
    return int(tied[np.argmax(surplus[tied].sum(axis=1))])


def _grains(points: Floats) -> Sequence[int]:
    """Points as whole numbers of grains."""
    return [int(one) for one in (points / POINT_GRAIN).tolist()]
