"""A hand-made case whose uncertainty can be worked out in the head: two villages, a well, and a price of 20."""

from __future__ import annotations

from typing import Any

from sim.case.models import Scenario
from sim.negotiation.scenario_loader import build_scenario
from tests.engine import villages


def well(months: int = 1, **changes: Any) -> Scenario:
    """Lower pays 20, take it or leave it; numbers of the case changed by their paths, with ``__`` for the dots."""
    protocol = {"name": "one_shot" if months == 1 else "single_text", "months": months, "negotiable": ["guard"]}
    paths = {path.replace("__", "."): value for path, value in changes.items()}
    return build_scenario(villages.scenario({"price": 20}, protocol, changes=paths))


UNSURE = {
    "actors__upper__reservation__base": {"low": 8, "high": 32},
    "actors__upper__preferences__price_20__points": {"low": 14, "high": 26},
}
"""Upper gains 14 to 26 from a price that is worth 8 to 32 to it: variances of 12 and 48 points squared."""
