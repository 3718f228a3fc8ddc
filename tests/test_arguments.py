"""What public calls accept as a count, as a scenario and as a case."""

from __future__ import annotations

import numpy as np
import pytest

from sim import case_paths
from sim.arguments import whole_number
from sim.case.models import Case, Scenario
from sim.errors import UsageError
from sim.negotiation.scenario_loader import as_scenario, as_target


@pytest.mark.parametrize("value", [3, np.int64(3), np.uint8(3), 3.0, np.float32(3), np.array(3)])
def test_a_count_is_a_whole_number_of_python_or_of_numpy(value: object) -> None:
    counted = whole_number(value, "worlds")
    assert (counted, type(counted)) == (3, int)
    assert whole_number(2**64 - 1, "seed") == 2**64 - 1


@pytest.mark.parametrize("value", [0, -1, 1.5, np.float64(0.5), float("nan"), float("inf"), True, "3", [3], None])
def test_anything_else_is_refused_in_a_sentence(value: object) -> None:
    if value is None:
        assert whole_number(None, "worlds") is None
        return
    with pytest.raises(UsageError, match=r"^'worlds' must be a whole number of at least 1, not .*\.$"):
        whole_number(value, "worlds")
    with pytest.raises(UsageError, match=r"^'size' must be a whole number from 5 to 8, not '9'\.$"):
        whole_number(9, "size", 5, 8)


def test_a_scenario_and_a_case_are_given_as_such_by_name_or_by_path() -> None:
    path = case_paths.find("warm_flat")
    scenario = as_scenario("warm_flat")
    assert as_scenario(scenario) is as_target(scenario) is scenario
    assert as_scenario(path).source == as_scenario(str(path)).source == scenario.source
    assert as_scenario(scenario, {"proposal.heating": 18}).proposal["heating"] == 18
    assert isinstance(as_target("warm_flat"), Scenario)
    assert isinstance(as_target("flatmates"), Case)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (3, "'3' is not a scenario. Give"),
        (["warm_flat"], "A list is not a scenario. Give"),
        (as_target("flatmates"), "The case 'flatmates' is not a scenario. Give"),
        ("warm_flut", "Did you mean 'warm_flat'?"),
    ],
)
def test_another_type_is_refused_with_what_to_give(value: object, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        as_scenario(value)
    assert said in str(caught.value)
