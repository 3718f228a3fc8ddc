"""Four bargaining solutions: each picks the best packages among those that no actor in question would refuse.

Each takes the surpluses of some packages, (package, actor) float, in points and all of them 0 or more, and returns the
indices of the packages that share the best value, the one to name first. A surplus is what an actor has above its
reservation value, so no agreement is worth 0 to everybody. The theorems are about convex sets of utilities; here the
same quantities are maximised over a finite set of packages.

All four are decided exactly. Surpluses lie on the grid of points (`sim.engine.fixed_point`), so they are whole numbers
of grains. Where floating point cannot tell the best packages apart, products and quotients of those whole numbers can.
Among packages that are exactly as good, the one with the largest sum of surpluses comes first, so that it is not
dominated; then the one with the largest surplus of the first actor, then of the second, and so on. So the order of the
packages does not matter.

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

from sim.engine.fixed_point import to_grains
from sim.engine.rule_matrix import Floats

Ints = NDArray[np.intp]
CLOSE = 1e-9
"""Values this close to the best one, as a share of it, are compared exactly. Floating-point errors are far smaller."""


def nash(surplus: Floats) -> Ints:
    """Return the packages with the largest product of surpluses (Nash 1950).

    An actor that gains from no package is left out of the product. If all products are 0 even so, the largest sum
    decides.

    An equal split, a lopsided one, and one that leaves the second actor with nothing:

    >>> nash(np.array([[4.0, 4.0], [1.0, 9.0], [20.0, 0.0]])).tolist()
    [0]

    Two splits with the same product, 16, and the same sum: the first actor's surplus decides which is named:

    >>> nash(np.array([[2.0, 8.0], [8.0, 2.0], [3.0, 3.0]])).tolist()
    [1, 0]
    """
    gains = surplus[:, surplus.max(axis=0) > 0]
    return _best(surplus, gains.prod(axis=1), lambda index: math.prod(_grains(gains[index])))


def kalai_smorodinsky(surplus: Floats) -> Ints:
    """Return the packages at which the worst-off actor has the largest share of its ideal (Kalai and Smorodinsky 1975).

    An actor's ideal is the most that it gets from any of the packages. On a convex set everybody has the same share of
    its ideal at the solution; among finitely many packages, the one that maximises the smallest share comes nearest to
    it. An actor that gains from no package has no ideal and is left out.

    The second actor can hope for 9, the first only for 3, so two thirds of each is as fair as it gets:

    >>> kalai_smorodinsky(np.array([[3.0, 0.0], [2.0, 6.0], [2.5, 2.5], [0.0, 9.0]])).tolist()
    [1]
    """
    ideal = surplus.max(axis=0)
    gains, ideal = surplus[:, ideal > 0], ideal[ideal > 0]
    whole = _grains(ideal)

    def smallest_share(index: int) -> Fraction:
        shares = (Fraction(gain, most) for gain, most in zip(_grains(gains[index]), whole, strict=True))
        return min(shares, default=Fraction(1))

    return _best(surplus, (gains / ideal).min(axis=1, initial=1), smallest_share)


def egalitarian(surplus: Floats) -> Ints:
    """Return the packages at which the worst-off actor has the largest surplus (Kalai 1977, with equal proportions).

    On a convex set everybody has the same surplus at the solution. An actor that gains from no package is left out, as
    in the other solutions: it would be the worst-off at every package, and all would be equally good.

    >>> egalitarian(np.array([[3.0, 0.0], [2.0, 6.0], [2.5, 2.5], [0.0, 9.0]])).tolist()
    [2]
    """
    gaining = surplus.max(axis=0) > 0
    least = surplus[:, gaining | ~gaining.any()].min(axis=1)
    return _best(surplus, least, lambda index: Fraction(least[index]))


def utilitarian(surplus: Floats) -> Ints:
    """Return the packages with the largest sum of surpluses; this treats the points of different actors as equal.

    >>> utilitarian(np.array([[3.0, 0.0], [2.0, 6.0], [2.5, 2.5], [0.0, 9.0]])).tolist()
    [3]
    """
    sums = _sums(surplus)
    return _in_order(surplus, np.flatnonzero(sums == sums.max()))


SOLUTIONS: dict[str, Callable[[Floats], Ints]] = {
    "nash": nash,
    "kalai_smorodinsky": kalai_smorodinsky,
    "egalitarian": egalitarian,
    "utilitarian": utilitarian,
}


def _best(surplus: Floats, value: Floats, exact_value: Callable[[int], Fraction | int]) -> Ints:
    """The packages with the largest exact value, in order."""
    close = np.flatnonzero(value >= value.max() * (1 - CLOSE))
    exact = [exact_value(int(index)) for index in close]
    best = max(exact)
    return _in_order(surplus, close[np.array([value == best for value in exact])])


def _in_order(surplus: Floats, tied: Ints) -> Ints:
    """Packages by decreasing sum, then by decreasing surplus of each actor in turn."""
    keys = [_sums(surplus[tied]), *to_grains(surplus[tied]).T]
    return tied[np.lexsort([-key for key in reversed(keys)])]


def _sums(surplus: Floats) -> Floats:
    """The exact sums of surpluses, in grains."""
    sums: Floats = to_grains(surplus).sum(axis=1)
    return sums


def _grains(points: Floats) -> Sequence[int]:
    return [int(grains) for grains in to_grains(points).tolist()]
