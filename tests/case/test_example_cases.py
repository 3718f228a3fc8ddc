"""Cases written only as data, whose answers are worked out from their files by hand."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.analysis.case_warnings import case_warnings
from sim.case.loader import load_case
from sim.case.reading.yaml_documents import read_document
from sim.negotiation.scenario_loader import load_scenario
from tests import reference
from tests.case.test_json_schema import kind, mistakes
from tests.conftest import Command

CASES = Path(__file__).parents[1] / "cases"
PARK = CASES / "wind_park"
COSTS = {"nature": {"nothing": 0, "pauses": 5, "reserve": 14}, "site": {"near": 0, "middle": 6, "far": 15}}


@pytest.mark.parametrize("file", sorted(CASES.rglob("*.yaml")), ids=lambda file: f"{file.parent.name}/{file.name}")
def test_each_file_keeps_its_schema(file: Path) -> None:
    assert mistakes(read_document(file).data, kind(file)) == []


@pytest.mark.parametrize("scenario", ["wind_park/first_plan.yaml", "prisoners/silence.yaml"])
def test_check_has_nothing_to_say(scenario: str) -> None:
    assert list(case_warnings([load_scenario(CASES / scenario)])) == []


def park_scores() -> dict[str, dict[str, Any]]:
    return {file.stem: dict(read_document(file).data) for file in (PARK / "actors").iterdir()}


def points(party: dict[str, Any], issues: dict[str, Any], package: dict[str, Any]) -> float:
    """What a party gets above no agreement, from its file alone."""
    total = -float(party["reservation"]["base"])
    for issue, option in package.items():
        scores = party["scores"].get(issue, {})
        named = (
            scores if isinstance(scores, dict) else dict(zip(map(str, issues[issue]["options"]), scores, strict=True))
        )
        total += named.get(str(option), 0)
    for rule in party.get("preferences", ()):
        total += rule["points"] * (package[rule["per"]] - rule.get("from", 0))
    return total


def test_the_wind_park_is_agreed_where_its_score_sheets_say_so() -> None:
    issues = read_document(PARK / "case.yaml").data["issues"]
    parties, agreed, within = park_scores(), [], 0
    for options in itertools.product(*(issue["options"] for issue in issues.values())):
        package = dict(zip(issues, options, strict=True))
        cost = package["fishing"] + COSTS["nature"][package["nature"]] + COSTS["site"][package["site"]]
        if cost > 20 + package["grant"] / 2:
            continue
        within += 1
        yes = {name for name, party in parties.items() if round(points(party, issues, package), 6) >= 0}
        if {"developer", "ministry"} <= yes and len(yes - {"developer"}) >= 3:
            agreed.append(package)
    found = sim.outcomes(PARK / "first_plan.yaml")
    assert (found["packages"], found["agreed"]) == (within, len(agreed)) == (584, 64)
    assert found["solutions"]["nash"]["package"] in agreed


def test_the_wind_park_in_the_slow_model_and_in_the_engine() -> None:
    case = load_case(PARK)
    numbers = reference.central(case)
    for options in list(itertools.product(*(issue.options for issue in case.issues.values())))[::17]:
        package = dict(zip(case.issues, options, strict=True))
        if reference.possible(case, package):
            slow = reference.evaluate(case, package, numbers)
            fast = sim.verdicts(PARK, propose=package)
            assert fast["agreed"] == slow.agreed
            assert {name: one["surplus"] for name, one in fast["actors"].items()} == pytest.approx(
                {name: float(one.surplus) for name, one in slow.answers.items()}
            )


def test_the_talks_about_the_wind_park_end_in_a_deal() -> None:
    told = sim.play(load_scenario(PARK / "first_plan.yaml"))
    assert told["outcome"] == "agreed"
    assert told["final"]["actors"]["ministry"]["surplus"] >= 0


def test_pages_show_the_issues_of_the_wind_park_under_their_groups() -> None:
    case = load_case(PARK)
    assert [(name, issue.group) for name, issue in case.issues_by_group.items()] == [
        ("site", "The park"),
        ("nature", "The park"),
        ("jobs", "People"),
        ("grant", "Money"),
        ("fishing", "Money"),
    ]


def test_each_prisoner_moves_its_own_issue_and_gains_by_talking() -> None:
    case = load_case(CASES / "prisoners")
    assert [(issue.moved_by, issue.one_way) for issue in case.issues.values()] == [("first", False), ("second", False)]
    surplus = {
        (first, second): [
            one["surplus"]
            for one in sim.verdicts(CASES / "prisoners", propose={"first_talks": first, "second_talks": second})[
                "actors"
            ].values()
        ]
        for first in ("no", "yes")
        for second in ("no", "yes")
    }
    assert surplus == {("no", "no"): [2, 2], ("no", "yes"): [0, 3], ("yes", "no"): [3, 0], ("yes", "yes"): [1, 1]}


@pytest.mark.parametrize("command", ["verdicts", "outcomes", "sources"])
def test_a_case_without_measures_has_its_pages(parley: Command, command: str) -> None:
    ended = parley(command, CASES / "prisoners" / "silence.yaml")
    assert (ended.code, ended.err) == (0, "")
    assert "out of 100" not in ended.out
    assert "(0 to 100)" not in ended.out
