"""Many proposals at once: each as if judged by itself."""

from __future__ import annotations

import pytest

from sim import case_paths
from sim.analysis.judging.judged_text import context_of
from sim.analysis.judging.package_rows import judged
from sim.analysis.judging.proposals import proposals
from sim.analysis.judging.verdicts import verdicts
from sim.case.models import Scenario
from sim.engine.worlds import Central
from sim.errors import UsageError
from sim.negotiation.scenario_loader import build_scenario, load_scenario

CHANGES = {"actors.russia.red_lines.western_troops.price": 5, "context.us_aid.start": 0.2}


@pytest.fixture(scope="module")
def bundled() -> list[Scenario]:
    return [load_scenario(one) for one in case_paths.scenarios(case_paths.bundled() / "ukraine_2025")]


@pytest.fixture(scope="module")
def force(bundled: list[Scenario]) -> Scenario:
    [one] = [one for one in bundled if one.id == "european_force"]
    return build_scenario(one.source, CHANGES)


def same(row: dict, alone: dict) -> None:
    for key in ("package", "measures", "durability", "agreed", "agreed_share", "blocked_by"):
        assert row[key] == alone[key], key
    for name, actor in alone["actors"].items():
        told = row["actors"][name]
        assert {key: told[key] for key in ("verdict", "surplus", "never", "needed")} == {
            key: actor[key] for key in ("verdict", "surplus", "never", "needed")
        }
        lines = [(entry["rule"], entry["points"]) for entry in actor["ledger"] if entry["kind"] == "red_line"]
        assert [(line["rule"], line["price"]) for line in told["crossed"]] == [
            (rule, points if points == "never" else -points) for rule, points in lines
        ]
        assert told["accepts_share"] == actor["shares"]["accept"]


@pytest.mark.slow
def test_each_keeps_its_own_numbers_unless_told_otherwise(bundled: list[Scenario]) -> None:
    for scenario, row in zip(bundled, proposals(bundled, worlds=50, seed=3)["rows"], strict=True):
        assert row["scenario"] == scenario.id
        assert row["same_as"] is None
        same(row, verdicts(scenario, worlds=50, seed=3))


@pytest.mark.slow
@pytest.mark.parametrize("worlds", [None, 50])
def test_a_change_on_top_holds_for_all_in_each_own_world(
    bundled: list[Scenario], force: Scenario, worlds: int | None
) -> None:
    found = proposals(bundled, force, worlds=worlds)
    assert (found["under"], found["deterrence"]) == ("european_force", "deterrence")
    for scenario, row in zip(bundled, found["rows"], strict=True):
        alone = verdicts(build_scenario(scenario.source, CHANGES), worlds=worlds, conditions=False)
        same(row, alone)
        assert row["judged"] == alone["judged"]


@pytest.mark.slow
def test_a_change_that_is_no_number_holds_for_all_too(bundled: list[Scenario]) -> None:
    changes = {"codebook.strong.is": 25, "actors.us.red_lines.long_reach.declared": True}
    [one] = [one for one in bundled if one.id == "nato_force"]
    for scenario, row in zip(bundled, proposals(bundled, build_scenario(one.source, changes))["rows"], strict=True):
        same(row, verdicts(build_scenario(scenario.source, changes), conditions=False))


def test_a_proposal_in_the_same_world_is_named_once(bundled: list[Scenario], force: Scenario) -> None:
    """Other changes of the case or other events make it another question."""
    again = {row["scenario"]: row["same_as"] for row in proposals(bundled, force)["rows"] if row["same_as"]}
    assert not {"european_force_undeclared", "front_stalls"} & again.keys()
    twice = [*bundled, build_scenario({**bundled[0].source, "id": "again"})]
    assert proposals(twice, force)["rows"][-1]["same_as"] == bundled[0].id
    order = [one.id for one in bundled]
    assert all(order.index(first) < order.index(name) for name, first in again.items())


def test_the_least_willing_has_least_to_spare_of_those_who_are_asked(bundled: list[Scenario]) -> None:
    for row in proposals(bundled)["rows"]:
        asked = {name: one for name, one in row["actors"].items() if one["needed"]}
        least = row["least_willing"]
        refused = [name for name, one in asked.items() if one["never"]]
        assert least in (refused or asked)
        assert all(asked[least]["surplus"] <= asked[name]["surplus"] for name in (refused or asked))


def test_a_case_without_durability_has_no_measure_that_deters() -> None:
    flat = [load_scenario(one) for one in case_paths.scenarios(case_paths.bundled() / "flatmates")]
    found = proposals(flat)
    assert found["deterrence"] is None
    assert {row["durability"] for row in found["rows"]} == {None}
    assert list(found["measures"]) == ["bills"]


def test_scenarios_of_two_cases_are_refused(bundled: list[Scenario]) -> None:
    flat = load_scenario(case_paths.find("warm_flat"))
    for wrong in ([bundled[0], flat], []):
        with pytest.raises(UsageError, match="of one case"):
            proposals(wrong)
    with pytest.raises(UsageError, match="of one case"):
        proposals([flat], bundled[0])


def test_packages_need_no_scenario() -> None:
    flat = load_scenario(case_paths.find("warm_flat"))
    [row] = judged(context_of(flat.case, Central()), [flat.proposal])
    assert row["package"] == flat.proposal
    assert row["agreed"] == verdicts(flat)["agreed"]
