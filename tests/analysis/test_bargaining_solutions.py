"""The four solutions, in closed form and against exact brute force."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sim.analysis.outcomes.bargaining_solutions import SOLUTIONS, egalitarian, kalai_smorodinsky, nash, utilitarian
from sim.engine.fixed_point import POINT_GRAIN

Point = tuple[Fraction, ...]
GRAINS = st.one_of(st.integers(0, 6), st.integers(0, 2**32), st.just(3 * 2**20))
SETS = st.integers(1, 4).flatmap(lambda actors: st.lists(st.tuples(*[GRAINS] * actors), min_size=1, max_size=25))
FAIR = [nash, kalai_smorodinsky, egalitarian]


def by_definition(value: Callable[[Point, Point], Fraction], points: list[Point]) -> list[int]:
    """The packages with the largest value, those with the largest sum and the largest surpluses first; in fractions."""
    ideal = tuple(max(column) for column in zip(*points, strict=True))
    values = [value(point, ideal) for point in points]
    tied = [at for at, one in enumerate(values) if one == max(values)]
    return sorted(tied, key=lambda at: (-sum(points[at]), tuple(-gain for gain in points[at]), at))


def first(solve: Callable[..., NDArray[np.intp]]) -> Callable[[NDArray[np.float64]], int]:
    """The package that a solution names."""
    return lambda surplus: int(solve(surplus)[0])


def product(point: Point, ideal: Point) -> Fraction:
    return math.prod((gain for gain, most in zip(point, ideal, strict=True) if most), start=Fraction(1))


def least_share(point: Point, ideal: Point) -> Fraction:
    return min((gain / most for gain, most in zip(point, ideal, strict=True) if most), default=Fraction(1))


def least(point: Point, ideal: Point) -> Fraction:
    return min((gain for gain, most in zip(point, ideal, strict=True) if most), default=Fraction(0))


def total(point: Point, ideal: Point) -> Fraction:
    return sum(point, start=Fraction(0))


DEFINITIONS = {"nash": product, "kalai_smorodinsky": least_share, "egalitarian": least, "utilitarian": total}


@pytest.mark.parametrize("name", SOLUTIONS)
@given(grains=SETS)
def test_each_solution_is_its_definition(name: str, grains: list[tuple[int, ...]]) -> None:
    points = [tuple(map(Fraction, row)) for row in grains]
    assert SOLUTIONS[name](np.array(grains) * POINT_GRAIN).tolist() == by_definition(DEFINITIONS[name], points)


@pytest.mark.parametrize("solve", FAIR)
def test_a_pie_between_two_alike_is_split_evenly(solve: Callable[..., int]) -> None:
    """100 in 1,000 parts: all three axiomatic solutions are symmetric and waste nothing."""
    share = np.arange(1_001) / 10
    surplus = np.round(np.stack([share, 100 - share], axis=1) / POINT_GRAIN) * POINT_GRAIN
    assert share[first(solve)(surplus)] == 50


@pytest.mark.parametrize("solve", FAIR)
def test_what_no_deal_is_worth_is_paid_first(solve: Callable[..., int]) -> None:
    """A pie of 100, no deal worth 20 to one and 40 to the other: 40 are left to split, so 20 + 20 and 40 + 20."""
    share = np.arange(20, 61)
    surplus = np.stack([share - 20.0, 100.0 - share - 40.0], axis=1)
    assert share[first(solve)(surplus)] == 40


@pytest.mark.parametrize("solve", FAIR)
def test_who_gains_by_no_package_has_no_say_in_what_is_fair(solve: Callable[..., int]) -> None:
    """Of an even and a lopsided split with more to share, all three take the even one, whoever else looks on."""
    surplus = np.array([[10.0, 8.0], [25.0, 2.0]])
    assert first(solve)(surplus) == first(solve)(np.column_stack([surplus, np.zeros(2)])) == 0


def test_the_solutions_part_where_one_side_has_more_to_gain() -> None:
    """The frontier y = 2 (60 - x): ideals 60 and 120, worked out by hand.

    Nash: x (120 - 2x) is largest at x = 30. Kalai-Smorodinsky: x/60 = y/120 at x = 30. Egalitarian: x = y at x = 40.
    Utilitarian: x + y = 120 - x is largest at x = 0.
    """
    x = np.arange(61.0)
    surplus = np.stack([x, 2 * (60 - x)], axis=1)
    assert [int(x[first(solve)(surplus)]) for solve in (nash, kalai_smorodinsky, egalitarian, utilitarian)] == [
        30,
        30,
        40,
        0,
    ]


def test_nash_and_kalai_smorodinsky_part_on_a_kinked_frontier() -> None:
    """All of y = 50 up to x = 50, then y = 100 - x: ideals 100 and 50, worked out by hand.

    Nash stays at the kink (50, 50), where x (100 - x) is largest; Kalai-Smorodinsky is where x = 2y: x = 66.67.
    """
    x = np.arange(0, 100.5, 0.5)
    surplus = np.stack([x, np.minimum(50, 100 - x)], axis=1)
    assert x[first(nash)(surplus)] == 50
    assert x[first(kalai_smorodinsky)(surplus)] == 66.5  # its shares are 0.665 and 0.67; at 67 they are 0.67 and 0.66


def test_ties_beyond_floating_point_are_decided_exactly() -> None:
    """Two products that differ by one in 2^104, which no double tells apart."""
    large = 2.0**32
    surplus = np.array([[large, large], [large + POINT_GRAIN, large - POINT_GRAIN]])
    assert surplus[0].prod() == surplus[1].prod()
    assert first(nash)(surplus) == 0
    assert first(nash)(surplus[::-1]) == 1


@pytest.mark.parametrize("solve", [*FAIR, utilitarian])
def test_of_packages_as_good_the_first_is_taken(solve: Callable[..., int]) -> None:
    assert first(solve)(np.array([[1.0, 2.0], [2.0, 2.0], [2.0, 2.0]])) == 1


@pytest.mark.parametrize("solve", [*FAIR, utilitarian])
def test_one_who_cannot_gain_stops_nobody(solve: Callable[..., int]) -> None:
    assert first(solve)(np.array([[0.0, 1.0, 0.0], [0.0, 5.0, 0.0], [0.0, 0.0, 0.0]])) == 1
