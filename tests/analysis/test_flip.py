"""What it would take: each way is judged on its own, and nothing smaller is left out."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings

from sim.analysis.counterfactuals.flip import flip
from sim.analysis.counterfactuals.term_changes import find_term_changes
from sim.analysis.judging.verdicts import verdicts
from sim.analysis.outcomes.outcomes import outcomes
from sim.case.loader import build_case
from sim.case.models import Case
from sim.case_paths import find
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.terms import amendments
from sim.errors import UsageError
from sim.negotiation.scenario_loader import load_scenario
from tests.analysis.test_outcomes import every_verdict, village
from tests.engine import generated, villages
from tests.engine.villages import rule


def with_a_mayor_who(*preferences: dict[str, Any]) -> Case:
    """The villages, whose mayor has a say."""
    actors = copy.deepcopy(villages.CASE["actors"])
    actors["mayor"]["preferences"] = list(preferences)
    return village(actors=actors, consent=[rule("all", needs=["upper", "lower", "mayor"])])


def changes(found: dict[str, Any]) -> list[dict[str, Any]]:
    return [one["change"] for one in found["flips"]]


def test_one_term_turns_the_villages() -> None:
    found = flip(village())
    assert (found["agreed"], found["blocked_by"], found["terms"]) == (False, ["upper"], 1)
    assert changes(found) == [{"price": [0, 20]}]
    assert found["flips"][0]["surplus"] == {"lower": 5.0, "upper": 5.0, "mayor": 0.0}
    assert found["flips"][0]["needed"] == ["lower", "upper"]


def test_what_is_agreed_needs_nothing() -> None:
    found = flip(village(), {"price": 20})
    assert (found["agreed"], found["terms"], found["flips"]) == (True, 0, [])


def test_all_smallest_sets_are_found() -> None:
    """The mayor wants a large guard, of which two sizes are possible; the price has to change as well.

    A guard has men: whichever number it takes is part of the same term.
    """
    case = with_a_mayor_who(rule("lax", when={"not": {"guard": "large"}}, points=-1))
    assert flip(case, terms=1)["terms"] is None
    found = flip(case)
    assert found["terms"] == 2
    assert changes(found) == [{"price": [0, 20], "guard": ["none", "large"], "men": [0, men]} for men in (5, 10)]


def test_no_text_is_judged_twice() -> None:
    """The villages agree on nothing else than a price: each size judges only what takes that many changes."""
    case = with_a_mayor_who(rule("never", points=-100))
    judged: list[tuple[int, int]] = []
    found, _ = find_term_changes(OutcomeSpace(case), case.default, 3, lambda done, total: judged.append((done, total)))
    assert found is None
    space = OutcomeSpace(case)
    every, _ = amendments(space, space.encode(case.default), tuple(case.issues), 3)
    assert sum(total for done, total in judged if done == total) == len(every)


def test_what_a_constraint_takes_along_is_part_of_the_same_change() -> None:
    case = with_a_mayor_who(rule("armed", when={"not": {"guard": "none"}}, points=-1))
    found = flip(case, {"price": 20, "guard": "small", "men": 5})
    assert found["terms"] == 1
    assert changes(found) == [{"guard": ["small", "none"], "men": [5, 0]}]


def test_the_best_for_the_worst_off_comes_first() -> None:
    actors = copy.deepcopy(villages.CASE["actors"])
    actors["upper"]["reservation"]["base"] = 8  # it accepts 10 with 2 to spare, and 20 with 12
    assert changes(flip(village(actors=actors))) == [{"price": [0, 20]}, {"price": [0, 10]}]


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        (0, "0 changed terms change nothing."),
        (9, "9 changed terms lead to 4,928,307,200 packages; at most 16,777,216 can be judged one by one."),
    ],
)
def test_a_number_of_terms_that_cannot_be_judged_is_refused(terms: int, message: str) -> None:
    issues = {f"i{at}": {"says": "x", "options": [*range(8)], "default": 0, **villages.WHY} for at in range(9)}
    with pytest.raises(UsageError) as mistake:
        flip(village(issues={**villages.CASE["issues"], **issues}), terms=terms)
    assert str(mistake.value).startswith(message)


@pytest.mark.slow
@settings(max_examples=15)
@given(generated.cases())
def test_each_way_is_agreed_and_none_is_left_out(data: dict[str, Any]) -> None:
    case = build_case(data)
    found, space = flip(case, by="terms"), OutcomeSpace(case)
    for one in found["flips"]:
        judged = verdicts(case, {name: option for name, (_, option) in one["change"].items()})
        assert judged["agreed"]
        assert one["needed"] == [name for name, actor in judged["actors"].items() if actor["needed"]]
    agreed = {tuple(one["package"].values()) for one in every_verdict(case) if one["agreed"]}
    if found["agreed"]:
        assert tuple(found["package"].values()) in agreed
        return
    current = space.encode(found["package"])
    reach = [amendments(space, current, tuple(case.issues), terms)[0] for terms in (1, 2, 3)]
    near = [{tuple(space.decode(text).values()) for text in texts} & agreed for texts in reach]
    smallest = next((at for at, packages in enumerate(near, 1) if packages), None)
    assert found["terms"] == smallest
    reached = {tuple({**found["package"], **_taken(one["change"])}.values()) for one in found["flips"]}
    assert reached == (near[smallest - 1] if smallest else set())
    assert not agreed or found["terms"] is not None  # three terms are all there are


def _taken(change: dict[str, Any]) -> dict[str, Any]:
    return {name: option for name, (_, option) in change.items()}


def test_where_no_small_change_is_enough_it_says_what_could_be_agreed_at_all() -> None:
    """All packages are far from this one, or none is agreed at all."""
    found = flip(load_scenario(find("cleaner")), terms=1, by="terms")
    assert found["flips"] == []
    assert found["at_all"] is not None
    space = outcomes(load_scenario(find("cleaner")))
    assert (found["at_all"]["packages"], found["at_all"]["agreed"]) == (space["packages"], space["agreed"])
    if found["at_all"]["change"] is not None:
        assert len(found["at_all"]["change"]) == found["at_all"]["terms"]


@pytest.mark.slow
def test_a_number_that_the_scenario_is_about_is_marked() -> None:
    """The advance stops at a momentum of 0.2, beyond the range of the momentum at the start."""
    numbers = flip(load_scenario(find("front_stalls")), by="numbers")["numbers"]
    assert numbers is not None
    own = {turn["path"]: turn["within"] for turn in numbers["frees"]["russia"] if turn["by_scenario"]}
    assert own == {"context.front_momentum.start": False}


@pytest.mark.slow
def test_no_level_is_moved_to_the_end_of_its_scale() -> None:
    """A base of 99.95 out of 100 would be another case. It is beyond the range, and never comes first."""
    found = flip(load_scenario(find("bare_ceasefire")), by="numbers")
    assert found["joint"] is not None
    assert found["numbers"] is not None
    for change in found["joint"]["changes"]:
        if change["path"].startswith("measures.") and change["path"].endswith(".base"):
            assert abs(float(change["to"]) - float(change["now"])) <= 25
    for turns in (found["numbers"]["turns"], *found["numbers"]["frees"].values()):
        inside = [turn["within"] for turn in turns]
        assert inside == sorted(inside, reverse=True)
