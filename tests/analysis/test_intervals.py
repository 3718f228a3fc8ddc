"""Intervals against the tables of the papers that propose them."""

import pytest
from scipy.stats import binomtest

from sim.analysis.experiments.intervals import paired, wilson


@pytest.mark.parametrize(
    ("hits", "count", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_the_intervals_of_newcombe_1998a_table_1(hits: int, count: int, low: float, high: float) -> None:
    assert wilson(hits, count) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(("hits", "count"), [(0, 1), (1, 1), (3, 7), (5_000, 10_000), (999_999, 1_000_000)])
def test_wilson_agrees_with_scipy(hits: int, count: int) -> None:
    theirs = binomtest(hits, count).proportion_ci(method="wilson")
    assert wilson(hits, count) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


def test_paired_gives_the_interval_of_altman_2000_page_52() -> None:
    # Thallium stress test: 14 both abnormal, 5 and 0 in one alone, 22 in neither; the first less the second.
    low, high = paired(14, 0, 5, 22)
    assert (low, high) == pytest.approx((0.011, 0.226), abs=5e-4)


def test_paired_turns_round_with_its_arguments() -> None:
    low, high = paired(14, 5, 0, 22)
    assert paired(14, 0, 5, 22) == pytest.approx((-high, -low))


def test_paired_allows_for_worlds_in_which_both_end_alike() -> None:
    # The same shares, 30 and 40 of 100: together in nearly all worlds, or never.
    alike, apart = paired(30, 0, 10, 60), paired(0, 30, 40, 30)
    assert alike[1] - alike[0] < (apart[1] - apart[0]) / 2


@pytest.mark.parametrize("table", [(0, 0, 0, 9), (9, 0, 0, 0), (0, 9, 0, 0), (0, 0, 9, 0), (1, 0, 0, 0)])
def test_paired_stays_within_what_is_possible_where_a_share_is_none_or_all(table: tuple[int, ...]) -> None:
    low, high = paired(*table)
    assert -1 <= low <= (table[2] - table[1]) / sum(table) <= high <= 1
