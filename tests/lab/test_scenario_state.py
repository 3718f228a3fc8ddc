"""What a scenario that is looked into says of its terms."""

from __future__ import annotations

import pytest

from sim import case_paths
from sim.case.packages import constraint_findings
from sim.lab.link_state import LinkState
from sim.lab.scenario_state import LoadedScenario


@pytest.mark.slow
@pytest.mark.parametrize("terms", [{}, {"force": "none"}, {"force_size": 0}, {"force": "un", "mandate": "tripwire"}])
def test_the_options_that_are_barred_are_the_others_that_no_constraint_allows(terms: dict[str, object]) -> None:
    """The chosen option is never among them, even where the chosen terms cannot stand together."""
    now = LoadedScenario(case_paths.find("european_force"), "x").with_changes(LinkState(terms=terms))
    assert bool(now.broken) == bool(terms)
    for name, issue in now.case.issues.items():
        others = [one for one in issue.options if one != now.package[name]]
        assert now.barred[name] == [one for one in others if constraint_findings(now.case, {**now.package, name: one})]
