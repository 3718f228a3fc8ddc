"""How one actor judges, against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sim.engine.measures import durability
from sim.engine.verdict_rules import Verdict, aspiration, judge


@pytest.mark.parametrize(
    ("surplus", "never", "price", "held_out", "verdict"),
    [
        (5.0, False, 0.0, 5.0, Verdict.ACCEPT),  # at its aspiration
        (4.0, False, 0.0, 5.0, Verdict.HOLDING_OUT),
        (0.0, False, 0.0, 0.0, Verdict.ACCEPT),  # at its reservation value
        (-1.0, False, 0.0, 0.0, Verdict.WORSE_THAN_NO_DEAL),
        (-1.0, False, 1.0, 0.0, Verdict.RED_LINE),  # without the price it would not be below 0
        (-2.0, False, 1.0, 0.0, Verdict.WORSE_THAN_NO_DEAL),  # nor without the price
        (50.0, True, 0.0, 0.0, Verdict.RED_LINE),  # no surplus buys it
        (50.0, False, 40.0, 0.0, Verdict.ACCEPT),  # bought off
    ],
)
def test_the_first_verdict_that_applies(
    surplus: float, never: bool, price: float, held_out: float, verdict: Verdict
) -> None:
    cell = [np.array([[value]]) for value in (surplus, never, price, held_out)]
    assert judge(*cell)[0, 0] == verdict


def test_aspiration_follows_the_tactic() -> None:
    """Faratin, Sierra and Jennings (1998): e = 1 concedes evenly, e < 1 late, e > 1 early, all to nothing."""
    opening = np.array([12.0])
    even = [aspiration(opening, np.array([1.0]), month, 12)[0] for month in range(1, 13)]
    assert even == pytest.approx([11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0], abs=1e-5)
    late, early = (aspiration(opening, np.array([e]), 6, 12)[0] for e in (0.5, 2.0))
    assert late == pytest.approx(12 * (1 - 0.25), abs=1e-5)
    assert early == pytest.approx(12 * (1 - 0.5**0.5), abs=1e-5)
    assert late > even[5] > early


def test_durability_is_what_is_left_after_five_years_of_the_same_hazard() -> None:
    hazard = 1 / (1 + np.exp(-(30 - 50) / 10))
    [[lasts]] = durability(np.array([[30.0]]), np.array([[50.0]]), np.array([[10.0]]), horizon=5)
    assert lasts == pytest.approx((1 - hazard) ** 5)


def test_durability_of_hopeless_odds_is_nought_without_a_warning() -> None:
    [[lasts]] = durability(np.array([[1e6]]), np.array([[0.0]]), np.array([[0.001]]), horizon=5)
    assert lasts == 0
