"""Sums are exact in decimals, as people write them: a tie on paper is a tie here."""

from __future__ import annotations

import copy
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from sim.case.checks import number_checks
from sim.case.distributions import LARGEST
from sim.case.loader import build_case
from sim.case.models import Case
from sim.engine.fixed_point import GRAINS
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.worlds import Central
from sim.errors import CaseError
from sim.negotiation.answers.evaluation import Evaluation
from sim.negotiation.answers.evaluation_context import evaluate
from sim.negotiation.scenario_loader import build_scenario
from tests.engine.villages import CASE, WHY, actor, price, rule, scenario

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


@pytest.mark.slow
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


# Small and large factors

SIZES = st.tuples(st.integers(1, 9999), st.integers(-12, 4)).map(lambda one: Fraction(one[0]) * Fraction(10) ** one[1])


def small(kind: str, factor: Fraction, by: Fraction) -> dict[str, Any]:
    """The data of a case in which Upper's surplus is minus the product of two factors."""
    source = copy.deepcopy(CASE)
    upper = actor("upper")
    if kind == "slope":
        source["context"] = {"level": {"says": "x", "start": float(by), "drift": 0, "high": float(by), **WHY}}
        upper["reservation"]["slopes"] = [{"context": "level", "points": float(factor), **WHY}]
    elif kind == "per":
        source["issues"]["price"]["options"] = [0, float(by)]
        upper["preferences"] = [rule("cost", per="price", points=-float(factor))]
    else:
        source["measures"] = {"calm": {"says": "x", "base": 100, **WHY}}
        upper["weighs"] = [{"measure": "calm", "weight": -float(factor), **WHY}]
    for name in ("upper", "lower"):
        source["actors"][name] = upper if name == "upper" else actor("lower")
    return source


@pytest.mark.slow
@settings(max_examples=300)
@given(st.sampled_from(["slope", "per", "weight"]), SIZES, SIZES.filter(lambda by: by <= LARGEST))
@example("slope", Fraction(4, 10**4), Fraction(50_000))
@example("slope", Fraction(4, 10**9), Fraction(50))
@example("per", Fraction(999_999), Fraction(999_999))
def test_no_factor_is_lost_silently(kind: str, factor: Fraction, by: Fraction) -> None:
    """The product is what fractions give, to within a hundredth, or the number is refused by name."""
    product = factor * (100 if kind == "weight" else by)
    assume(factor <= LARGEST)
    source = small(kind, factor, by)
    lost = [one for one in (product, by if kind == "slope" else product) if abs(millionths(one) - one) > one / 100]
    if lost or product > 10**8:
        with pytest.raises(CaseError) as caught:
            build_case(source)
        assert {problem.path.split(".")[0] for problem in caught.value.problems} <= {"actors", "context"}
        return
    case = build_case(source)
    package = {**case.default, "price": case.issues["price"].options[-1]}
    text = OutcomeSpace(case).encode(package)[None]
    surplus = -Fraction(float(evaluate(case, Central(), text).responses.answers["upper"].surplus[0, 0]))
    assert abs(surplus - product) <= product / 100


def test_a_context_of_50_000_times_a_slope_of_four_ten_thousandths_is_20() -> None:
    case = build_case(small("slope", Fraction(-4, 10**4), Fraction(50_000)))
    assert (
        evaluate(case, Central(), OutcomeSpace(case).encode(case.default)[None]).responses.answers["upper"].surplus
        == 20
    )


def test_the_loader_counts_in_the_same_grains_as_the_engine() -> None:
    assert number_checks.GRAINS == GRAINS


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("actors.upper.preferences.price_10.points", 4e-7, "counts for at most 4e-07 points"),
        ("actors.upper.reservation.base", 0.0000014, "counts for at most 1.4e-06 points"),
        ("context.drought.drift", 1e-7, "is at most 1e-07 units"),
        ("actors.mayor.capacities.guards.amount", 1e-9, "counts for at most 1e-09 points"),
    ],
)
def test_a_number_too_small_to_count_is_refused_by_name(path: str, value: float, told: str) -> None:
    source = scenario({"price": 10}, {"name": "one_shot"}, changes={path: value})
    with pytest.raises(CaseError) as caught:
        build_scenario(source)
    assert told in str(caught.value)
    assert path in str(caught.value)


def test_an_event_too_small_to_count_is_refused() -> None:
    source = scenario({"price": 10}, {"name": "one_shot"}, events=[{"month": 1, "says": "x", "set": {"drought": 1e-7}}])
    with pytest.raises(CaseError, match=r"events\.0\.set\.drought: 1e-07 is too small to be exact in millionths"):
        build_scenario(source)
