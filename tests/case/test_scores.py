"""Points per unit and score sheets: what they stand for, and what is refused."""

import copy

import numpy as np
import pytest

import sim
from sim.case.loader import build_case
from sim.engine.worlds import Streams, Worlds
from sim.errors import CaseError
from sim.negotiation.scenario_loader import build_scenario
from tests import reference
from tests.engine.villages import CASE, WHY, actor, rule, scenario

SHEET = {"price": [0, 10, 20, {"low": 25, "high": 35}], "guard": {"small": 2.5, "large": -1}, "assumption": "A book."}


def case_with(upper, issues=None):
    source = copy.deepcopy(CASE)
    source["actors"]["upper"] = actor("upper", base=15, **upper)
    for name, keys in (issues or {}).items():
        source["issues"][name] |= keys
    return source


def said(source):
    with pytest.raises(CaseError) as caught:
        build_case(source)
    return str(caught.value).splitlines()


def per_price(**keys):
    return rule("costs", per="price", **{"points": -1, **keys})


def rules(source, name="upper"):
    return {one.rule: (one.says, dict(one.when), one.times) for one in build_case(source).preferences[name]}


def test_points_per_unit_stand_for_a_rule_per_option():
    assert rules(case_with({"preferences": [per_price()]})) == {
        "costs_10": ("costs (price 10)", {"price": 10}, 10),
        "costs_20": ("costs (price 20)", {"price": 20}, 20),
        "costs_30": ("costs (price 30)", {"price": 30}, 30),
    }


def test_units_may_be_counted_from_another_number_and_under_a_condition():
    source = case_with({"preferences": [per_price(**{"from": 20.5}, when={"guard": "none", "price": "<30"})]})
    assert rules(source) == {
        name: (f"costs (price {price})", {"any": [{"guard": "none", "price": "<30"}], "price": price}, price - 20.5)
        for name, price in (("costs_0", 0), ("costs_10", 10), ("costs_20", 20), ("costs_30", 30))
    }


def test_a_unit_and_a_label_are_told_with_the_option():
    issues = {"price": {"unit": "coins", "labels": {"30": "all that they have"}}}
    assert [says for says, *_ in rules(case_with({"preferences": [per_price()]}, issues)).values()] == [
        "costs (price 10 coins)",
        "costs (price 20 coins)",
        "costs (price all that they have)",
    ]


def test_a_score_sheet_stands_for_a_rule_per_option():
    source = case_with({"scores": SHEET})
    assert [name for name, _ in zip(rules(source), range(3), strict=False)] == ["price_0", "price_10", "price_20"]
    assert rules(source)["guard_large"] == ("Who guards it: large", {"guard": "large"}, 1)
    assert "guard_none" not in rules(source)
    case = build_case(source)
    assert {one.assumption for one in case.preferences["upper"]} == {"A book."}
    assert case.numbers["actors.upper.scores.price.30"].distribution.range == (25, 35)
    assert case.numbers["actors.upper.scores.guard.small"].says == "guard: small"


def test_scores_are_judged_and_told_like_any_rules():
    source = scenario({"price": 30, "guard": "small", "men": 5}, {"name": "one_shot"})
    source["case"] = case_with({"scores": SHEET, "preferences": [per_price(points=-0.1)]})
    upper = sim.verdicts(build_scenario(source))["actors"]["upper"]
    assert upper["surplus"] == 30 + 2.5 - 3 - 15
    assert {one["says"]: one["points"] for one in upper["ledger"]} == {
        "costs (price 30)": -3,
        "What Lower pays: 30": 30,
        "Who guards it: small": 2.5,
        "The value of no deal": -15,
    }


def test_a_change_of_the_number_changes_every_rule_that_it_stands_for():
    source = scenario({"price": 30}, {"name": "one_shot"})
    source["case"] = case_with({"scores": SHEET, "preferences": [per_price()]})
    changes = {"actors.upper.preferences.costs.points": -0.5, "actors.upper.scores.price.30": 33}
    built = build_scenario(source, changes)
    assert sim.verdicts(built)["actors"]["upper"]["surplus"] == 33 - 15 - 15
    package = {**built.case.default, "price": 30}
    assert reference.evaluate(built.case, package, reference.central(built.case)).answers["upper"].surplus == 3


def test_all_options_share_one_draw_per_unit():
    case = build_case(case_with({"preferences": [per_price(points={"low": -2, "high": -1})]}))
    points = Worlds(case, Streams(seed=1, count=50)).counted(case.preferences["upper"])
    assert np.allclose(points[:, 1], 2 * points[:, 0])
    assert np.allclose(points[:, 2], 3 * points[:, 0])
    assert len(np.unique(points[:, 0])) == 50


def test_numbers_that_differ_only_in_a_sign_have_rules_of_different_names():
    source = case_with({"scores": {"price": [1, 2, 3, 4], **WHY}}, {"price": {"options": [-1, 0, 1, 2]}})
    source["actors"]["lower"]["preferences"] = []
    assert len(rules(source)) == 4


def test_measures_and_sending_may_count_per_unit_too():
    source = case_with({})
    source["measures"] = {"calm": {"says": "x", "base": 10, "rules": [rule("men", per="men", points=3)], **WHY}}
    source["actors"]["mayor"]["capacities"]["guards"]["when_sent"] = [rule("own", per="men", points=-0.5)]
    case = build_case(source)
    assert [one.times for one in case.measure_rules["calm"]] == [5, 10]
    assert [one.number for one in case.sending_rules["mayor"]["guards"]] == [
        "actors.mayor.capacities.guards.when_sent.own.points"
    ] * 2
    package = {**case.default, "guard": "small", "men": 10}
    assert reference.measure_all(case, package, reference.central(case)) == {"calm": 40}


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        (
            {"preferences": [rule("r", per="pric", points=1)]},
            "preferences.r.per: 'pric' is not an issue of this case (price, guard, men). Did you mean 'price'?",
        ),
        (
            {"preferences": [rule("r", per="guard", points=1)]},
            "preferences.r.per: the options of 'guard' are words, which have no units; use scores, or a rule for each "
            "option.",
        ),
        (
            {"preferences": [rule("r", points=1, **{"from": 5})]},
            "preferences.r.from: units of what? Add 'per: ISSUE', or drop 'from'.",
        ),
        (
            {"scores": {"gard": [1, 2, 3], **WHY}},
            "scores.gard: 'gard' is not an issue of this case (price, guard, men). Did you mean 'guard'?",
        ),
        (
            {"scores": {"guard": [1, 2], **WHY}},
            "scores.guard: 2 scores for the 3 options of 'guard' (none, small, large); give one for each.",
        ),
        (
            {"scores": {"guard": {"smal": 1}, **WHY}},
            "scores.guard.smal: 'smal' is not an option of 'guard' (none, small, large). Did you mean 'small'?",
        ),
        ({"scores": {"guard": ["x y", 1, 2], **WHY}}, "scores.guard.0: 'x y' is not a number."),
        ({"scores": {"guard": ["much", 1, 2], **WHY}}, "scores.guard.0: 'much' is not a codebook word"),
        (
            {"scores": {"guard": 4, **WHY}},
            "scores.guard: expected a list of points, one per option, or {option: points}, not '4'.",
        ),
        ({"scores": {"guard": [1, 2, 3]}}, "scores: source and assumption are both missing"),
    ],
)
def test_what_makes_no_sense_is_refused_where_it_is(keys, problem):
    assert any(line.startswith(f"<memory> actors.upper.{problem}") for line in said(case_with(keys))), said(
        case_with(keys)
    )
