"""One step of the grid of points decides, at sizes at which single precision does not see it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.case.loader import build_case
from sim.case.models import Case
from sim.engine.fixed_point import GRAINS
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.worlds import Central
from sim.negotiation.answers.evaluation_context import evaluate
from sim.negotiation.drafting import candidate_finder, candidate_sets
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import build_scenario
from tests import reference
from tests.engine.villages import CASE, price, rule, scenario

SIZES = st.integers(90 * 10**6, 110 * 10**6)
"""About a hundred points, in grains; the next single-precision number is some eight grains away."""
STEPS = st.integers(-1, 1)
LIMITS: list[dict[str, int]] = [
    {},
    {"GROUPED_WORLDS_LEAST": 1, "KEPT_WORLDS_LEAST": 1},
    {"SPARE": 0},
    {"SPARE": 1, "TABLES_MOST": 1, "CHOICES_MOST": 0},
]


def blind(one: float, other: float) -> bool:
    """Whether single precision takes two numbers for one."""
    return bool(np.float32(one) == np.float32(other))


def near(size: int, step: int) -> tuple[float, float]:
    """A number and one a step away that single precision takes for the same."""
    number, other = size / GRAINS, (size + step) / GRAINS
    assume(blind(number, other))
    return number, other


def villages(preferences: list[dict[str, Any]], base: float, **keys: Any) -> Case:
    upper = {**CASE["actors"]["upper"], "preferences": preferences, **keys}
    upper["reservation"] = {**upper["reservation"], "base": base}
    return build_case({**CASE, "actors": {**CASE["actors"], "upper": upper}})


def verdict(case: Case, package: dict[str, Any], month: tuple[int, int] | None = None) -> str:
    """Upper's verdict, by the engine and by the slow reading of the model, which must agree."""
    at, last = month or (None, 1)
    text = OutcomeSpace(case).encode({**case.default, **package})[None]
    fast = evaluate(case, Central(), text, month=at, months=last).one().describe()["actors"]["upper"]["verdict"]
    slow = reference.evaluate(case, {**case.default, **package}, reference.central(case), month=month)
    assert fast == slow.answers["upper"].verdict
    return str(fast)


@given(SIZES, STEPS, st.integers(0, 5))
def test_a_step_below_the_reservation_value_is_worse_than_no_deal(size: int, step: int, parts: int) -> None:
    """However many rules the utility is the sum of."""
    base, utility = near(size, step)
    pieces = [rule(f"piece_{at}", when={"guard": "none"}, points=at * 7 + 0.5) for at in range(parts)]
    rest = round(utility - sum(one["points"] for one in pieces), 6)
    case = villages([*pieces, price(10, rest)], base)
    assert verdict(case, {"price": 10}) == ("worse_than_no_deal" if step < 0 else "accept")


@given(SIZES, STEPS)
def test_a_step_below_the_aspiration_holds_out(size: int, step: int) -> None:
    """In month 1 of 2, an even conceder holds out for half of what it opens with."""
    half, utility = near(size, step)
    hold_out = {"opening": 2 * half, "e": 1, "assumption": "made up for a test"}
    case = villages([price(10, utility)], 0, aspiration=hold_out)
    assert verdict(case, {"price": 10}, (1, 2)) == ("holding_out" if step < 0 else "accept")


@given(SIZES, STEPS)
def test_a_red_line_is_bought_off_to_the_step(size: int, step: int) -> None:
    asked, utility = near(size, step)
    line = rule("no_ten", when={"price": 10}, price=asked)
    case = villages([price(10, utility)], 0, red_lines=[line])
    assert verdict(case, {"price": 10}) == ("red_line" if step < 0 else "accept")


@pytest.mark.slow
@given(SIZES, STEPS, st.sampled_from(LIMITS))
def test_the_sponsor_takes_the_text_that_is_a_step_of_the_grid_better_for_it(
    size: int, step: int, limits: dict[str, int]
) -> None:
    """Upper may table 10 or 20; Lower accepts both. Where they are worth the same to Upper, the smaller step wins."""
    ten, twenty = near(size, step)
    source = scenario({"price": 30}, {"name": "single_text", "amend_terms": 1, "negotiable": ["price"]})
    upper, lower = source["case"]["actors"]["upper"], source["case"]["actors"]["lower"]
    upper["reservation"]["base"], lower["reservation"]["base"] = 1, 0
    upper["preferences"] = [price(10, ten), price(20, twenty), price(30, 300)]
    lower["preferences"] = [
        price(10, 0),
        price(20, 0),
        price(30, -300),
        rule("no_gift", when={"price": 0}, points=-1000),
    ]
    with pytest.MonkeyPatch.context() as patch:
        for name, limit in limits.items():
            patch.setattr(candidate_sets if hasattr(candidate_sets, name) else candidate_finder, name, limit)
        second = play(build_scenario(source)).months[1].evaluation.matrix.texts[0]
    assert source["case"]["issues"]["price"]["options"][second[0]] == (20 if step >= 0 else 10)
