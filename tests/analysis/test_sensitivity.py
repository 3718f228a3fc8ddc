"""Sensitivity: whole answers, of cases that are worked out in the head, and of the bundled ones."""

from __future__ import annotations

import json
from copy import deepcopy
from itertools import pairwise

import numpy as np
import pytest

from sim import case_paths
from sim.analysis.runner.executors import crew
from sim.analysis.sensitivity.model_outputs import model_output
from sim.analysis.sensitivity.protocol_effects import settings_of
from sim.analysis.sensitivity.sensitivity import MANY, cost, sensitivity
from sim.analysis.sensitivity.uncertain_inputs import FAMILIES, LUCK, group_families, shock_columns, uncertain_numbers
from sim.case.distributions import Triangular
from sim.case.models import Scenario
from sim.engine.worlds import UniformMatrix, Worlds
from sim.errors import UsageError
from sim.negotiation.scenario_loader import build_scenario, load_scenario
from tests.analysis.wells import UNSURE, well

BASE, POINTS = "actors.upper.reservation.base", "actors.upper.preferences.price_20.points"


@pytest.fixture(scope="module")
def concessions() -> Scenario:
    return load_scenario(case_paths.find("force_with_concessions"))


def test_a_surplus_that_adds_up_divides_by_its_variances() -> None:
    found = sensitivity(well(**UNSURE), "surplus.upper", base=1_024)
    numbers = {one["name"]: one for one in found["numbers"]}
    assert found["variance"] == pytest.approx(60, rel=0.01)
    assert [one["name"] for one in found["numbers"]] == [BASE, POINTS]
    assert numbers[BASE]["first"]["value"] == pytest.approx(0.8, abs=0.01)
    assert numbers[POINTS]["total"]["value"] == pytest.approx(0.2, abs=0.01)
    assert found["interactions"]["kind"]["value"] == pytest.approx(0, abs=0.01)
    assert [one["places"] for one in found["numbers"]] == [[1, 1], [2, 2]]
    assert {one["name"]: one["numbers"] for one in found["groups"]["kind"]} == {"reservation": 1, "preference": 1}


def test_a_yes_or_no_divides_by_its_closed_form() -> None:
    # Agreed where the base is at most the points. Scaled to x, y in [-1, 1]: 12 x <= 6 y, a share of 1/2; given x, the
    # share is (1 - 2 x) / 2 for |x| <= 1/2, else 0 or 1; given y, it is (1 + y / 2) / 2.
    found = sensitivity(well(**UNSURE), base=4_096)
    numbers = {one["name"]: one for one in found["numbers"]}
    variance, of_base, of_points = 1 / 4, 1 / 12 * 1 / 2 + 1 / 4 * 1 / 2, 1 / 48
    assert found["mean"] == pytest.approx(0.5, abs=0.01)
    assert numbers[BASE]["first"]["value"] == pytest.approx(of_base / variance, abs=0.02)
    assert numbers[POINTS]["first"]["value"] == pytest.approx(of_points / variance, abs=0.02)
    assert numbers[BASE]["total"]["value"] == pytest.approx(1 - of_points / variance, abs=0.02)
    assert found["interactions"]["kind"]["value"] == pytest.approx(1 - (of_base + of_points) / variance, abs=0.03)


def test_triangular_numbers_of_a_bundled_case_divide_by_their_variances() -> None:
    scenario = load_scenario(case_paths.find("house_rules"))
    found = sensitivity(scenario, "surplus.ben", base=1_024)

    def variance(path: str) -> float:
        one = scenario.case.numbers[path].distribution
        assert isinstance(one, Triangular)
        low, mode, high = one.low, one.mode, one.high
        return (low**2 + mode**2 + high**2 - low * mode - low * high - mode * high) / 18

    shares = {one["name"]: one["total"]["value"] for one in found["numbers"] if one["total"]["value"] > 0.01}
    points = [path for path in shares if path.endswith(".points")]
    assert len(points) >= 2
    for one, other in pairwise(points):
        assert shares[one] / shares[other] == pytest.approx(variance(one) / variance(other), rel=0.02)
    assert sum(shares.values()) == pytest.approx(1, abs=0.02)


def without_assumption(scenario: Scenario) -> Scenario:
    """The same, with claims alone behind Russia's price for Western troops."""
    source = deepcopy(dict(scenario.source))
    (line,) = [one for one in source["case"]["actors"]["russia"]["red_lines"] if one["rule"] == "western_troops"]
    del line["assumption"]
    return build_scenario(source)


def test_an_answer_that_never_varies_says_so_and_stops_early() -> None:
    found = sensitivity(load_scenario(case_paths.find("cleaner")), base=64)
    assert (found["varies"], found["mean"], found["variance"]) == (False, 0, 0)
    assert found["worlds"] == 128 * (1 + 5)  # and two more steps, and three more patiences
    assert (found["numbers"], found["unsupported"], found["set_aside"]) == ([], None, None)
    assert "NaN" not in json.dumps(found)


def test_many_numbers_are_screened_first_and_what_is_set_aside_is_told(concessions: Scenario) -> None:
    found = sensitivity(concessions, "accepts.ukraine", base=256, singles=2, trajectories=8)
    assert found["uncertain"] > MANY
    kept = [one["name"] for one in found["numbers"]]
    effects = {one["path"]: one["mu_star"] for one in found["screening"]["effects"]}
    assert sorted(effects.values(), reverse=True) == list(effects.values())
    assert set(kept) == set(list(effects)[:2])
    assert found["screening"]["kept"] == 2
    assert found["set_aside"]["numbers"] == found["uncertain"] - 2
    assert found["shocks"] == 0  # nobody waits for a month to answer a proposal
    assert found["worlds"] == cost(concessions, "accepts.ukraine", 256, 2, 8)


def test_a_number_that_is_a_group_by_itself_is_not_played_twice() -> None:
    """Two numbers of two kinds: A, B, and A with each of both exchanged."""
    found = sensitivity(well(**UNSURE), "surplus.upper", base=256)
    assert [len(found["groups"][family]) for family in FAMILIES] == [1, 1, 2]
    assert len(found["numbers"]) == 2
    assert found["worlds"] == 4 * 256


def test_an_effect_on_the_proposal_is_that_of_those_who_answer(concessions: Scenario) -> None:
    """Ukraine answers first: what others think of the text is nothing to it."""
    found = sensitivity(concessions, "accepts.ukraine", base=512, singles=1, trajectories=2)
    owners = {one["name"]: one["total"]["value"] for one in found["groups"]["owner"]}
    assert owners["france"] == owners["uk"] == owners["russia"] == 0
    assert owners["ukraine"] > 0.3


def test_families_hold_every_column_once(concessions: Scenario) -> None:
    numbers, luck = uncertain_numbers(concessions), shock_columns(concessions)
    for groups in group_families(numbers, luck).values():
        columns = [column for group in groups for column in group.columns]
        assert sorted(columns) == sorted([*numbers, *luck])
        assert groups[-1].name == LUCK
    assert len(luck) == len(concessions.case.context) * (concessions.protocol.months - 1)


def test_only_what_is_drawn_is_uncertain(concessions: Scenario) -> None:
    """A number that is the same as another is drawn with it, and is no uncertain number of its own."""
    numbers = uncertain_numbers(concessions)
    shared = 0
    for path, number in concessions.case.numbers.items():
        low, high = number.distribution.range
        assert (path in numbers) == (low < high and number.draw == path)
        assert number.draw == path or number.draw in numbers
        shared += number.draw != path
    assert shared
    table = UniformMatrix({path: np.array([0.1, 0.9]) for path in numbers})
    worlds = Worlds(concessions.case, table)
    for path, number in concessions.case.numbers.items():
        assert np.array_equal(worlds.number(path), worlds.number(number.draw))


def test_what_weighs_on_sending_is_a_number_of_its_actor(concessions: Scenario) -> None:
    sending = {path: one for path, one in uncertain_numbers(concessions).items() if ".when_sent." in path}
    assert {one.kind for one in sending.values()} == {"sending"}
    assert all(one.owner == path.split(".")[1] for path, one in sending.items())
    assert all("decision to send troops" in one.what for one in sending.values())


def test_a_number_rests_on_claims_on_a_word_or_on_an_assumption(concessions: Scenario) -> None:
    support = {path: one.support for path, one in uncertain_numbers(concessions).items()}
    price = "actors.russia.red_lines.western_troops.price"
    assert support[price] == "assumed"
    assert uncertain_numbers(without_assumption(concessions))[price].support == "sourced"
    assert support["measures.deterrence.rules.tripwire.points"] == "worded"
    assert support["actors.russia.reservation.base"] == "assumed"
    assert support["actors.russia.preferences.front_frozen.points"] == "assumed"  # a word, but it names an assumption
    changed = load_scenario(
        case_paths.find("force_with_concessions"), {"measures.deterrence.rules.tripwire.points": {"low": 1, "high": 9}}
    )
    assert uncertain_numbers(changed)["measures.deterrence.rules.tripwire.points"].support == "assumed"


@pytest.mark.slow
def test_settings_of_the_protocol_are_tried_on_the_same_worlds() -> None:
    """Each value gives what the scenario gives in which it is set."""
    found = sensitivity(load_scenario(case_paths.find("house_rules"), {"protocol.patience": 2}), base=32)
    assert [(one["path"], one["now"]) for one in found["protocol"]] == [("protocol.step", 2), ("protocol.patience", 2)]
    step, patience = ([tried["value"] for tried in one["values"]] for one in found["protocol"])
    assert (step, patience) == ([1, 2, 4], [0, 1, 2, 3, 6])
    for one in found["protocol"]:
        for tried in one["values"]:
            changes = {"protocol.patience": 2, one["path"]: tried["value"]}
            alone = sensitivity(load_scenario(case_paths.find("house_rules"), changes), base=32)
            assert tried["mean"] == alone["mean"]
            assert tried["changed"] >= abs(tried["mean"] - found["mean"]) - 1e-6
            assert tried["value"] != one["now"] or tried["changed"] == 0


@pytest.mark.parametrize(
    ("name", "of", "expected"),
    [
        ("warm_flat", "agreed", ["protocol.step"]),  # who takes turns is never patient
        ("house_rules", "accepts.cleo", []),  # nobody talks
        ("bare_ceasefire", "months", ["protocol.step", "protocol.patience"]),
    ],
)
def test_settings_that_cannot_matter_are_not_tried(name: str, of: str, expected: list[str]) -> None:
    scenario = load_scenario(case_paths.find(name))
    assert [one.path for one in settings_of(scenario, model_output(scenario, of))] == expected


def test_what_families_leave_is_one_less_their_parts() -> None:
    found = sensitivity(load_scenario(case_paths.find("warm_flat")), base=256)
    for family in FAMILIES:
        parts = sum(one["first"]["value"] for one in found["groups"][family])
        assert found["interactions"][family]["value"] == pytest.approx(1 - parts, abs=1e-5)
        totals = [one["total"]["value"] for one in found["groups"][family]]
        assert totals == sorted(totals, reverse=True)
    weak = {one["name"]: one["first"]["value"] for one in found["groups"]["support"]}
    assert found["unsupported"]["total"]["value"] == pytest.approx(1)  # no range comes from a claim
    assert set(weak) == {"assumed", "worded"}
    for estimate in (found["unsupported"]["first"], *(one["total"] for one in found["numbers"])):
        assert estimate["low"] <= estimate["value"] <= estimate["high"]


@pytest.mark.slow
def test_seeds_and_workers() -> None:
    scenario = load_scenario(case_paths.find("warm_flat"))
    zero = sensitivity(scenario, base=64)
    assert zero == sensitivity(scenario, base=64, seed=0)
    assert zero != sensitivity(scenario, base=64, seed=1)
    assert zero == sensitivity(scenario, base=64, by=crew(2))


def test_progress_comes_to_the_cost() -> None:
    scenario = load_scenario(case_paths.find("warm_flat"))
    told: list[tuple[int, int]] = []
    found = sensitivity(scenario, base=32, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (found["worlds"], found["worlds"])
    assert {total for _, total in told} == {cost(scenario, "agreed", 32, 20, 64)}
    assert np.all(np.diff([done for done, _ in told]) > 0)


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"base": 1_000}, "of 1,000 worlds: it must be a power of two from 2 to 65,536, such as 1,024."),
        ({"base": 0}, "of 0 worlds: it must be a power of two from 2 to 65,536, such as 2."),
        ({"base": 2**17}, "of 131,072 worlds: it must be a power of two from 2 to 65,536, such as 65,536."),
        ({"singles": 0}, "'singles' must be a whole number of at least 1, not '0'"),
        ({"trajectories": 1}, "'trajectories' must be a whole number of at least 2, not '1'"),
        (
            {"of": "agred"},
            "Unknown output 'agred'. Choose from agreed, months, blocked_by.ACTOR, accepts.",
        ),
        ({"of": "surplus.uper"}, "Did you mean 'surplus.upper'?"),
    ],
)
def test_what_makes_no_sense_is_refused(keys: dict[str, object], said: str) -> None:
    with pytest.raises(UsageError) as refused:
        sensitivity(well(**UNSURE), **keys)
    assert said in str(refused.value)


def test_where_nothing_is_uncertain_there_is_nothing_to_ask() -> None:
    with pytest.raises(UsageError, match=r"Nothing is uncertain in 'well'"):
        sensitivity(well())


def test_a_surplus_is_no_number_where_a_line_is_never_sold(concessions: Scenario) -> None:
    with pytest.raises(UsageError) as refused:
        sensitivity(concessions, "surplus.russia", base=64)
    assert str(refused.value) == (
        "surplus.russia is undefined where the proposal crosses a red line that has no price; ask for "
        "accepts.russia, or give the line a price with --set."
    )
