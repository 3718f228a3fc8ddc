"""Small ensembles of the flatmates, which play in no time."""

from __future__ import annotations

import pytest

from sim import case_paths
from sim.analysis.experiments.ensemble_plan import Plan
from sim.case.models import Scenario
from sim.negotiation.scenario_loader import load_scenario


@pytest.fixture(scope="session")
def flatmates() -> tuple[Scenario, ...]:
    """Two scenarios that are mostly agreed, and one that never is."""
    return tuple(load_scenario(case_paths.find(name)) for name in ("warm_flat", "house_rules", "cleaner"))


@pytest.fixture(scope="session")
def plan(flatmates: tuple[Scenario, ...]) -> Plan:
    """120 worlds in chunks of 50: two whole ones, and what is left."""
    return Plan(flatmates[:2], worlds=120, seed=7, chunk=50)
