"""What `check` says of conditions that never or always hold, and of audience costs that are never due."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from sim.analysis.case_warnings import case_warnings
from sim.analysis.dead_conditions import dead_rules, idle_audience_costs
from sim.case.loader import build_case
from sim.case_paths import scenarios
from sim.negotiation.scenario_loader import build_scenario, load_scenario
from tests.engine.villages import CASE, WHY, rule, scenario

BUNDLED = Path(__file__).parents[2] / "scenarios"


def warned(when: dict[str, Any], **keys: Any) -> list[str]:
    """What is said of one preference of Upper with this condition."""
    source = copy.deepcopy(CASE) | keys
    source["actors"]["upper"]["preferences"] = [rule("dear", when=when, points=1)]
    found = list(dead_rules(build_case(source)))
    assert {place for place, _ in found} <= {("actors/upper.yaml", "preferences.dear")}
    return [message for _, message in found]


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ({}, []),
        ({"price": ">=20"}, []),
        ({"price": ">=100"}, ["no option of 'price' meets '>=100' (0, 10, 20, 30), so it never holds"]),
        ({"price": [10, ">30"]}, ["no option of 'price' meets '>30'"]),
        ({"any": [{"guard": "small"}, {"price": ">30"}]}, ["no option of 'price' meets '>30'"]),
        ({"price": ">=0"}, ["every option of 'price' meets '>=0', so it limits nothing"]),
        ({"guard": ["none", "small", "large"]}, ["every option of 'guard' meets 'none, small, large'"]),
        ({"guard": "none", "men": 5}, ["no possible package meets 'guard is none, men is 5'"]),
        ({"any": [{"guard": "none"}, {"men": ">0"}]}, ["every possible package meets '(guard is none or men > 0)'"]),
        ({"sum": {"price": 1, "men": 2}, "at_least": 51}, ["no possible package meets 'price + 2 times men is at"]),
        ({"sum": {"price": 1, "men": 2}, "at_least": 50}, []),
        ({"sum": {"price": 1, "men": 2}, "at_most": 50}, ["every possible package meets"]),
        ({"count": [{"price": 10}, {"price": 20}], "at_least": 2}, ["no possible package meets 'at least 2 of"]),
    ],
)
def test_a_condition_that_never_or_always_holds_is_named(when: dict[str, Any], said: list[str]) -> None:
    found = warned(when)
    assert len(found) == len(said)
    assert all(message.startswith(part) for message, part in zip(found, said, strict=True)), found


def test_a_constraint_that_excludes_nothing_is_named() -> None:
    vain = rule("vain", when={"price": 30}, then={"sum": {"price": 1, "men": 1}, "at_most": 40})
    real = rule("real", when={"price": 30}, then={"sum": {"price": 1, "men": 1}, "at_most": 39})
    case = build_case({**copy.deepcopy(CASE), "constraints": [*CASE["constraints"], vain, real]})
    [(place, message)] = dead_rules(case)
    assert place == ("case.yaml", "constraints.vain")
    assert message.startswith("this constraint excludes no package.")


def test_rules_of_all_kinds_are_tried() -> None:
    source = copy.deepcopy(CASE)
    dead = {"price": ">99"}
    source["measures"] = {"calm": {"says": "x", "base": 1, "rules": [rule("m", when=dead, points=1)], **WHY}}
    source["consent"].append(rule("c", when=dead, needs=["upper"]))
    source["actors"]["upper"]["red_lines"] = [rule("l", when=dead, price=1)]
    source["actors"]["mayor"]["capacities"]["guards"]["when_sent"] = [rule("s", when=dead, points=1)]
    assert [place for place, _ in dead_rules(build_case(source))] == [
        ("case.yaml", "measures.calm.rules.m"),
        ("case.yaml", "consent.c"),
        ("actors/upper.yaml", "red_lines.l"),
        ("actors/mayor.yaml", "capacities.guards.when_sent.s"),
    ]


def test_an_audience_cost_without_a_declared_line_is_named_unless_a_scenario_declares_one() -> None:
    source = scenario({"price": 10}, {"name": "one_shot"})
    upper = source["case"]["actors"]["upper"]
    upper["audience_cost"] = {"points": 3, **WHY}
    upper["red_lines"] = [rule("dear", when={"price": 30}, price=5, declared=False)]
    undeclared, declared = (
        build_scenario(source, {"actors.upper.red_lines.dear.declared": told}) for told in (False, True)
    )
    [(place, _)] = idle_audience_costs(undeclared.case)
    assert place == ("actors/upper.yaml", "audience_cost")
    assert list(idle_audience_costs(declared.case)) == []
    assert list(case_warnings([declared, undeclared])) == []
    assert list(case_warnings([undeclared])) == [
        "audience_cost in actors/upper.yaml: Upper has declared no red line, so this is never due. "
        "Write 'declared: true' at a red line, or drop the audience cost."
    ]


@pytest.mark.parametrize("case", ["ukraine_2025", "flatmates"])
def test_the_bundled_cases_have_no_dead_conditions(case: str) -> None:
    first = load_scenario(scenarios(BUNDLED / case)[0])
    assert list(dead_rules(first.case)) == []
