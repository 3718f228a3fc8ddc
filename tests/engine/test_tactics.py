"""Time-dependent tactics (Faratin, Sierra and Jennings 1998) agree where their concession curves cross."""

from __future__ import annotations

import math
from typing import Any

import pytest
from scipy.optimize import brentq

from sim.case.models import Scenario
from sim.negotiation.record.history import Outcome
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import build_scenario

PARTS, MONTHS, WHOLE = 100, 120, 100.0
"""A pie of 100 points in 100 parts, so that an option is a point; as many months as there may be."""
WHY = {"assumption": "A pie has no source."}
GOLDEN = (math.sqrt(5) - 1) / 2
CROSSINGS = {
    # With one exponent, 2 (1 - s^(1/e)) = 1 at s = 2^-e, and the pie is halved, whatever the exponent.
    (1.0, 1.0): (0.5, 50.0),
    (0.5, 0.5): (2**-0.5, 50.0),
    (0.25, 0.25): (2**-0.25, 50.0),
    (4.0, 4.0): (2**-4.0, 50.0),
    # (1 - s) + (1 - s^2) = 1 where s is the golden ratio.
    (1.0, 0.5): (GOLDEN, WHOLE * (1 - GOLDEN)),
    (0.5, 1.0): (GOLDEN, WHOLE * GOLDEN),
}
"""Exponents of Ann and Bob to the share of the time, and Ann's points, at which their demands add up to the pie."""
UNLIKE = [(0.25, 4.0), (0.5, 2.0), (1.0, 0.2)]


def demand(share: float, e: float) -> float:
    """What a tactic demands after a share of the time, in points."""
    return WHOLE * (1 - share ** (1 / e))


def crossing(ann: float, bob: float) -> tuple[float, float]:
    """The share of the time, and Ann's points, at which the demands add up to the pie."""
    share = brentq(lambda now: demand(now, ann) + demand(now, bob) - WHOLE, 1e-12, 1)
    return share, demand(share, ann)


def pie(ann: float, bob: float, first: str) -> Scenario:
    """Two parties, one issue: how many parts Ann gets. The first opens with the whole pie for itself."""

    def party(name: str, worth: list[int], e: float) -> dict[str, Any]:
        return {
            "name": name,
            "role": "party",
            "brief": "It likes pie.",
            "reservation": {"base": 0, **WHY},
            "preferences": [
                {"rule": f"parts_{parts}", "says": "pie", "when": {"ann_gets": parts}, "points": points, **WHY}
                for parts, points in enumerate(worth)
                if points
            ],
            "aspiration": {"opening": WHOLE, "e": e, **WHY},
        }

    case = {
        "id": "pie",
        "title": "A pie",
        "question": "Who gets how much?",
        "claims": {},
        "issues": {"ann_gets": {"says": "Ann's parts", "options": list(range(PARTS + 1)), "default": 0, **WHY}},
        "consent": [{"rule": "both", "says": "Both agree", "needs": ["ann", "bob"], **WHY}],
        "actors": {
            "ann": party("Ann", list(range(PARTS + 1)), ann),
            "bob": party("Bob", list(range(PARTS, -1, -1)), bob),
        },
    }
    return build_scenario(
        {
            "id": "offers",
            "case": case,
            "title": "Offers in turn",
            "question": "Where do they meet?",
            "sponsor": first,
            "proposal": {"ann_gets": PARTS if first == "ann" else 0},
            "protocol": {"name": "alternating", "months": MONTHS, "amend_terms": 1, "step": 0.5},
        }
    )


@pytest.mark.parametrize("exponents", CROSSINGS)
def test_the_crossing_is_where_its_closed_form_says(exponents: tuple[float, float]) -> None:
    assert crossing(*exponents) == pytest.approx(CROSSINGS[exponents], rel=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("first", ["ann", "bob"])
@pytest.mark.parametrize("exponents", [*CROSSINGS, *UNLIKE])
def test_two_tactics_agree_where_their_concession_curves_cross(exponents: tuple[float, float], first: str) -> None:
    """On the option next to the crossing, a few months after it: an option must lie between the two demands."""
    share, points = CROSSINGS.get(exponents) or crossing(*exponents)
    run = play(pie(*exponents, first))
    assert run.outcome[0] == Outcome.AGREED
    assert 0 <= run.ended[0] - share * MONTHS <= 3
    assert abs(int(run.last().matrix.texts[0, 0]) - points) < 1
