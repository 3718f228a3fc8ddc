"""What would turn one actor: its terms, and numbers with which the files give another answer."""

from __future__ import annotations

import time

import pytest

from sim.analysis.counterfactuals.actor_turning import ActorTurning, actor_turning
from sim.analysis.counterfactuals.flip import flip
from sim.analysis.judging.verdicts import verdicts
from sim.case_paths import find
from sim.negotiation.scenario_loader import load_scenario

SCENARIOS = ("european_force", "us_halts_aid", "front_stalls", "force_with_concessions")


@pytest.fixture(scope="module", params=SCENARIOS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def turning(name: str) -> dict[str, ActorTurning]:
    return actor_turning(load_scenario(find(name)))


def test_everybody_who_refuses_or_is_in_the_way_is_listed(name: str, turning: dict[str, ActorTurning]) -> None:
    actors = verdicts(load_scenario(find(name)))["actors"]
    assert list(turning) == [one for one, actor in actors.items() if actor["verdict"] != "accept" or actor["blocks"]]
    for one, found in turning.items():
        assert found["verdict"] == actors[one]["verdict"]
        assert found["terms"] == (actors[one]["yes_if"] or {"sets": []})["sets"]


def test_each_number_turns_its_actor_and_a_step_less_does_not(name: str, turning: dict[str, ActorTurning]) -> None:
    for actor, found in turning.items():
        for number in found["numbers"]:
            step = -0.001 if number["side"] == "at least" else 0.001
            for value, turned in ((number["then"], True), (number["then"] + step, False)):
                judged = verdicts(load_scenario(find(name), {number["path"]: value}), conditions=False)
                answer = judged["actors"][actor]
                sends = all(one["sends"] for one in answer["sends"].values() if one["asked"])
                assert (answer["verdict"] == "accept" and sends) is turned, (actor, number["path"], value)


def test_numbers_within_their_range_come_first_and_then_the_nearest(turning: dict[str, ActorTurning]) -> None:
    for found in turning.values():
        order = [(not number["within"], number["ranges"]) for number in found["numbers"]]
        assert order == sorted(order)
        assert len(order) <= 2


@pytest.mark.slow
def test_the_nearest_number_is_the_one_that_flip_finds() -> None:
    """`flip` samples each number much more densely."""
    scenario = load_scenario(find("front_stalls"))
    frees = flip(scenario, by="numbers")["numbers"]
    assert frees is not None
    for actor, found in actor_turning(scenario).items():
        expected = [(turn["path"], turn["value"]) for turn in frees["frees"][actor][: len(found["numbers"])]]
        assert [(number["path"], number["then"]) for number in found["numbers"]] == expected


def test_russia_is_short_even_without_its_red_line() -> None:
    russia = actor_turning(load_scenario(find("european_force")), numbers=False)["russia"]
    assert (russia["line"], russia["short"], russia["terms"], russia["numbers"]) == ("western_troops", 8.5, [], [])


def test_only_a_price_for_its_line_would_turn_russia() -> None:
    russia = actor_turning(load_scenario(find("force_with_concessions")))["russia"]
    [number] = russia["numbers"]
    assert (number["path"], number["now"], number["side"], number["within"]) == (
        "actors.russia.red_lines.western_troops.price",
        "never",
        "at most",
        True,
    )
    assert russia["short"] == 0


def test_a_month_asks_about_the_text_on_the_table() -> None:
    """By month 3 the US has halted its aid, and Ukraine accepts what is on the table."""
    scenario = load_scenario(find("us_halts_aid"))
    assert list(actor_turning(scenario, numbers=False)) == ["russia", "ukraine"]
    assert list(actor_turning(scenario, numbers=False, month=3)) == ["russia"]


def test_it_is_quick_enough_for_a_page() -> None:
    scenario = load_scenario(find("european_force"))
    actor_turning(scenario)
    begun = time.process_time()
    actor_turning(scenario)
    assert time.process_time() - begun < 0.5
