"""By which numbers drafts are ranked."""

from __future__ import annotations

import numpy as np
import pytest

from sim.negotiation.drafting.ranking import share_closed


@pytest.mark.parametrize(
    ("before", "after", "share"),
    [
        (8, 0, 1),
        (8, 2, 3 / 4),
        (8, 8, 0),
        (8, 9, 0),  # it has fallen back by less than a step, which counts as nothing, and not as less than nothing
        (np.inf, 5, 0),
        (np.inf, 0, 1),
        (8, np.inf, 0),
        (0, 0, 1),
    ],
)
def test_a_mediator_looks_at_the_share_of_a_gap_that_is_closed(before: float, after: float, share: float) -> None:
    assert share_closed(np.array([float(before)]), np.array([float(after)])).tolist() == [share]
