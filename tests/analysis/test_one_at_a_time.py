"""One number at a time: numbers are ranked by what they do to the answer, which here can be worked out in the head."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from sim.analysis.counterfactuals.parameters import parameters_of
from sim.analysis.counterfactuals.probe import Probe
from sim.analysis.counterfactuals.thresholds import ThresholdQuestion, find_thresholds
from sim.analysis.judging.judged_text import JudgedText, judge_text
from sim.analysis.sensitivity.one_at_a_time import (
    ALL,
    CHANGES_BLOCKER,
    MOVES,
    TURNS,
    answers_along,
    at_present,
    curve,
    range_ends,
    screen,
)
from sim.case.models import Case
from tests.analysis.test_outcomes import village
from tests.engine import villages
from tests.engine.villages import WHY, rule

BASE, GAIN = "actors.upper.reservation.base", "actors.upper.preferences.price_10.points"


def wells(**changes: Any) -> Case:
    """The villages: at a price of 10, Upper gains 10 (9 to 11) and its no deal is worth 12 (8 to 16), so it blocks."""
    actors = copy.deepcopy(villages.CASE["actors"])
    actors["upper"]["reservation"] = {"base": {"low": 8, "mode": 12, "high": 16}, **WHY}
    actors["upper"]["preferences"][0]["points"] = {"low": 9, "mode": 10, "high": 11}
    actors["lower"]["reservation"] = {"base": {"low": -30, "mode": -25, "high": -20}, **WHY}
    return village(actors={**actors, **changes.pop("actors", {})}, **changes)


def at_ten(case: Case) -> JudgedText:
    return judge_text(case, {"price": 10})


def test_a_number_that_turns_the_result_comes_before_one_that_only_moves_points() -> None:
    """Upper is two points short. Lower accepts wherever its numbers are, so they do nothing; nor do other prices."""
    case = wells()
    found = screen(at_ten(case), parameters_of(case), 10)
    assert [(one.number.path, one.rank, one.swing("upper")) for one in found] == [
        (BASE, TURNS, 8.0),
        (GAIN, MOVES, 2.0),
    ]
    assert [one.swing(ALL) for one in found] == [6.0, 2.0]  # from 6 points short to none; from 3 to 1
    assert found[0].thresholds == {"at_most": 10.0}
    assert len(screen(at_ten(case), parameters_of(case), 1)) == 1


def test_a_number_that_wins_over_one_of_two_blockers_comes_second() -> None:
    """The Mayor has a say and lacks 5 points, so no number turns the result; but Upper can be won over."""
    mayor = villages.actor("mayor", base=5)
    mayor["reservation"]["base"] = {"low": 4, "mode": 5, "high": 6}
    case = wells(actors={"mayor": mayor}, consent=[rule("all", needs=["lower", "upper", "mayor"])])
    found = screen(at_ten(case), parameters_of(case), 10)
    assert [(one.number.path, one.rank, one.changed) for one in found] == [
        (BASE, CHANGES_BLOCKER, ["upper"]),
        ("actors.mayor.reservation.base", MOVES, []),
        (GAIN, MOVES, []),
    ]


def test_the_ends_of_a_range_are_judged_as_if_they_were_set() -> None:
    case = wells()
    numbers = parameters_of(case)
    [along] = answers_along(at_ten(case), [numbers[BASE]], [range_ends(numbers[BASE])])
    assert along.values.tolist() == [8, 12, 16]
    assert along.surplus["upper"].tolist() == [2, -2, -6]
    assert along.surplus["lower"].tolist() == [15, 15, 15]
    assert along.agreed.tolist() == [True, False, False]
    assert along.blocked_by == ["upper"]
    assert along.short.tolist() == [0, 2, 6]


@pytest.mark.parametrize("path", [BASE, GAIN, "actors.lower.reservation.base"])
def test_a_curve_turns_where_a_search_for_thresholds_finds_it(path: str) -> None:
    case = wells()
    judged, numbers = at_ten(case), parameters_of(case)
    probe = Probe(case, judged.text)
    turns = find_thresholds(ThresholdQuestion(probe, {path: numbers[path]}, case))["turns"]
    along = curve(judged, numbers[path])
    assert along.thresholds == {turn["direction"]: turn["value"] for turn in turns}
    within = along.in_range()
    assert (within.values.min(), within.values.max()) == (numbers[path].low, numbers[path].high)


def test_a_number_keeps_its_range_when_it_is_changed() -> None:
    number = parameters_of(wells())[BASE]
    actors = copy.deepcopy(villages.CASE["actors"])
    actors["upper"]["reservation"]["base"] = 9
    moved = at_present(number, village(actors=actors))
    assert (moved.present, moved.low, moved.high) == (9, 8, 16)
