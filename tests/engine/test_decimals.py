"""Sums are exact in decimals, as people write them: a tie on paper is a tie here."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.case.loader import build_case
from sim.case.models import Case
from sim.engine.fixed_point import GRAINS
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.worlds import Central
from sim.negotiation.evaluation import Evaluation, evaluate
from tests.engine.villages import CASE, WHY, actor, price, rule

MANY = 10_000
"""Cases that are generated where time allows."""


def decimals(most: int, digits: int) -> st.SearchStrategy[Fraction]:
    """Numbers up to `most` in size, with a number of digits after the point."""
    return st.integers(-most * 10**digits, most * 10**digits).map(lambda whole: Fraction(whole, 10**digits))


PARTS = st.fixed_dictionaries(
    {
        "preferences": st.lists(decimals(60, 3), max_size=8),
        "weights": st.lists(st.tuples(decimals(2, 2), decimals(20, 3), decimals(20, 4)), max_size=3),
        "slopes": st.lists(st.tuples(decimals(1, 4), decimals(50_000, 2)), max_size=3),
        "price": decimals(30, 6).map(abs),
    }
)


def case_of(parts: dict[str, Any], base: Fraction) -> Case:
    """A case in which Upper's utility and reservation value are made of these parts."""
    preferences = [
        rule(f"part_{index}", when={"price": 10}, points=float(points))
        for index, points in enumerate(parts["preferences"])
    ]
    measures = {
        f"measure_{index}": {
            "says": "x",
            "base": 50,
            "rules": [
                rule("one", when={"price": 10}, points=float(first)),
                rule("two", when={"men": 0}, points=float(second)),
            ],
            **WHY,
        }
        for index, (_, first, second) in enumerate(parts["weights"])
    }
    weighs = [
        {"measure": f"measure_{index}", "weight": float(weight), **WHY}
        for index, (weight, *_) in enumerate(parts["weights"])
    ]
    context = {
        f"level_{index}": {"says": "x", "start": float(start), "drift": 0, "low": -50_000, "high": 50_000, **WHY}
        for index, (_, start) in enumerate(parts["slopes"])
    }
    slopes = [
        {"context": f"level_{index}", "points": float(slope), **WHY} for index, (slope, _) in enumerate(parts["slopes"])
    ]
    upper = actor("upper", preferences=preferences, weighs=weighs)
    upper["reservation"] = {"base": float(base), "slopes": slopes, **WHY}
    upper["red_lines"] = [rule("line", when={"price": 10}, price=float(parts["price"]))]
    actors = {**CASE["actors"], "upper": upper}
    return build_case({**CASE, "actors": actors, "context": context, "measures": measures})


def surplus_without_base(parts: dict[str, Any]) -> Fraction:
    """The sum on paper, without the base of the reservation value; every product has at most six digits."""
    weighed = (weight * (50 + first + second) for weight, first, second in parts["weights"])
    risen = sum((slope * start for slope, start in parts["slopes"]), Fraction())
    return sum((*parts["preferences"], *map(millionths, weighed)), Fraction()) - risen - parts["price"]


def millionths(value: Fraction) -> Fraction:
    return Fraction(round(value * 10**6), 10**6)


def judged(case: Case, **package: Any) -> Evaluation:
    return evaluate(case, Central(), OutcomeSpace(case).encode({**case.default, **package})[None])


def check_ties(parts: dict[str, Any], step: int) -> None:
    """Set the reservation value to a tie, or to one grain beside it, and ask for Upper's verdict."""
    total = surplus_without_base(parts)
    case = case_of(parts, total - Fraction(step, 10**6))
    evaluation = judged(case, price=10)
    assert float(evaluation.responses.answers["upper"].surplus[0, 0]) == step / GRAINS
    below = "red_line" if parts["price"] * 10**6 >= -step else "worse_than_no_deal"
    assert evaluation.describe()["actors"]["upper"]["verdict"] == ("accept" if step >= 0 else below)


@given(PARTS, st.integers(-1, 1))
def test_no_tie_of_decimals_is_lost(parts: dict[str, Any], step: int) -> None:
    check_ties(parts, step)


@pytest.mark.slow
@settings(max_examples=MANY, deadline=None)
@given(PARTS, st.integers(-1, 1))
def test_no_tie_of_ten_thousand_cases_is_lost(parts: dict[str, Any], step: int) -> None:
    check_ties(parts, step)


@given(PARTS, st.randoms(use_true_random=False))
def test_the_order_of_rules_does_not_matter(parts: dict[str, Any], random: Any) -> None:
    mixed = {
        key: random.sample(value, len(value)) if isinstance(value, list) else value for key, value in parts.items()
    }
    one, other = (
        judged(case_of(some, Fraction(1, 10)), price=10).responses.answers["upper"] for some in (parts, mixed)
    )
    assert one.surplus[0, 0] == other.surplus[0, 0]


def test_two_tenths_and_four_tenths_are_six_tenths() -> None:
    parts = [rule("two", when={"price": 10}, points=0.2), rule("four", when={"price": 10}, points=0.4)]
    upper = actor("upper", base=0.6, preferences=parts)
    case = build_case({**CASE, "actors": {**CASE["actors"], "upper": upper}})
    answer = judged(case, price=10).describe()["actors"]["upper"]
    assert (answer["verdict"], answer["surplus"]) == ("accept", 0.0)


def test_pledges_that_add_up_on_paper_cover_what_is_asked() -> None:
    source = {**CASE, "constraints": []}
    source["issues"] = {**CASE["issues"], "men": {"says": "Men", "options": [0, 65], "default": 0, **WHY}}
    givers = {
        name: actor(name, role="contributor", capacities={"men": {"amount": amount, **WHY}})
        for name, amount in (("one", 20.4), ("two", 20.4), ("three", 24.2))
    }
    free = {name: actor(name, preferences=[price(10, 1)]) for name in ("upper", "lower")}
    source["actors"] = {**free, **givers}
    source["consent"] = [rule("cover", when={"men": ">0"}, pledges={"of": "men", "cover": "men", "from": list(givers)})]
    case = build_case(source)
    assert judged(case, men=65).describe()["agreed"] is True


def test_a_small_slope_on_a_large_indicator_counts() -> None:
    """50,000 refugees at -0.0004 points each make no deal 20 points less attractive."""
    parts = {
        "preferences": [],
        "weights": [],
        "slopes": [(Fraction(-4, 10_000), Fraction(50_000))],
        "price": Fraction(),
    }
    answer = judged(case_of(parts, Fraction()), price=10).responses.answers["upper"]
    assert float(answer.surplus[0, 0]) == 20.0
