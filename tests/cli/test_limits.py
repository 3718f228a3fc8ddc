"""What is too much is refused, with what it would take."""

from __future__ import annotations

import pytest

from sim.cli import limits
from sim.errors import UsageError


@pytest.mark.parametrize("count", [None, 1, limits.WORLDS_MOST])
def test_counts_of_worlds_that_can_be_played(count: int | None) -> None:
    limits.check_worlds(count)


@pytest.mark.parametrize("count", [0, -3])
def test_there_is_at_least_one_world(count: int) -> None:
    with pytest.raises(UsageError, match=f"--worlds {count}: a run needs at least 1 world"):
        limits.check_worlds(count)


def test_a_count_beyond_all_means_is_refused_with_what_it_would_take() -> None:
    with pytest.raises(UsageError, match=r"--worlds 1,000,000,000,000 .* [\d,]+ GiB of memory and \d+ years"):
        limits.check_worlds(10**12)
