"""Deals are found where they exist: a case with seven scenarios, from no zone of agreement to a wide one.

The case is an earlier coding of Ukraine in 2025, kept as it was so that the rules of the talks can be measured apart
from the coding. In `z0` nothing is for sale; in `z1` Russia's line has a price; `z2` and `z3` add a front that stalls
and pressure on everybody; in `z4` aid stops; in `z5` and `z6` an American guarantee and massive arms cost the US
nothing.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.case.models import Scenario
from sim.negotiation.record.history import Outcome
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import load_scenario
from tests import coherence

HERE = Path(__file__).parent
WORLDS = 50
AT_LEAST = {"z1": 18, "z2": 32, "z3": 44, "z4": 18, "z5": 38, "z6": 22}
"""Worlds of 50 in which the talks agree, at the least: what a prototype of the rules reached."""
IN_ALL = 185


def scenario(name: str, **changes: object) -> Scenario:
    return load_scenario(HERE / f"{name}.yaml", changes)


@pytest.fixture(scope="module")
def agreed() -> dict[str, int]:
    runs = {name: play(scenario(name), WORLDS, seed=0) for name in AT_LEAST}
    assert all(coherence.count(run).senseless == 0 for run in runs.values())
    return {name: int(np.sum(run.outcome == Outcome.AGREED)) for name, run in runs.items()}


@pytest.mark.parametrize("name", ["z1", "z2", "z3"])
def test_a_deal_is_reached_at_central_values(name: str) -> None:
    assert play(scenario(name)).outcome[0] == Outcome.AGREED


@pytest.mark.slow
def test_the_talks_agree_in_most_worlds_in_which_they_can(agreed: dict[str, int]) -> None:
    short = {name: count for name, count in agreed.items() if count < AT_LEAST[name]}
    assert not short
    assert sum(agreed.values()) >= IN_ALL


@pytest.mark.slow
def test_a_mediator_agrees_too() -> None:
    changes = {"protocol.mediator": "us"}
    runs = [play(scenario(name, **changes), WORLDS, seed=0) for name in AT_LEAST]
    assert sum(int(np.sum(run.outcome == Outcome.AGREED)) for run in runs) >= IN_ALL
