"""Conditions: which texts each form admits, and how a condition reads in words."""

import re
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.case.compiled_conditions import (
    KnownAnswers,
    admitted_options,
    compile_condition,
    option_index,
)
from sim.case.conditions import (
    ConditionError,
    condition_entries,
    condition_in_words,
    declared_line_owners,
    parse_condition,
)
from sim.case.models import Issue

ISSUES = {
    "force": Issue(says="Who sends it", options=["none", "un", "european", "nato"], default="none", source=["C1"]),
    "size": Issue(says="How large it is", options=[0, 5000, 30000], default=0, source=["C1"]),
}
TEXTS = np.array([[force, size] for force in range(4) for size in range(3)])


def admitted(condition, crossed=None):
    """The texts, as pairs of options, for which a condition holds."""
    return {
        (ISSUES["force"].options[force], ISSUES["size"].options[size])
        for force, size in TEXTS[
            compile_condition(parse_condition(condition), ISSUES)(TEXTS, KnownAnswers(crossed or {}))
        ]
    }


ALL = admitted({})


@pytest.mark.parametrize(
    ("condition", "test"),
    [
        ({}, lambda force, size: True),
        ({"force": "un"}, lambda force, size: force == "un"),
        ({"force": ["un", "nato"]}, lambda force, size: force in ("un", "nato")),
        ({"size": 5000}, lambda force, size: size == 5000),
        ({"size": ">=5000"}, lambda force, size: size >= 5000),
        ({"size": "< 30,000"}, lambda force, size: size < 30000),
        ({"size": "!=0"}, lambda force, size: size != 0),
        ({"size": ">7000"}, lambda force, size: size > 7000),
        ({"force": ">=european"}, lambda force, size: force in ("european", "nato")),
        ({"force": "<un"}, lambda force, size: force == "none"),
        ({"force": ["none", ">european"]}, lambda force, size: force in ("none", "nato")),
        ({"force": "un", "size": 0}, lambda force, size: (force, size) == ("un", 0)),
        ({"any": [{"force": "un"}, {"size": 0}]}, lambda force, size: force == "un" or size == 0),
        ({"not": {"force": "un", "size": 0}}, lambda force, size: not (force == "un" and size == 0)),
        ({"not": {"any": [{"force": "un"}, {"not": {"size": 0}}]}}, lambda force, size: force != "un" and size == 0),
        ({"all": [{"force": ">none"}, {"force": "<nato"}]}, lambda force, size: force in ("un", "european")),
        ({"count": [{"force": "un"}, {"size": 0}], "at_least": 1}, lambda force, size: force == "un" or size == 0),
        ({"count": [{"force": "un"}, {"size": 0}], "at_most": 1}, lambda force, size: force != "un" or size != 0),
        (
            {"count": [{"force": "un"}, {"force": ">none"}, {"size": 0}], "at_least": 1, "at_most": 2},
            lambda force, size: 1 <= (force == "un") + (force != "none") + (size == 0) <= 2,
        ),
        ({"sum": {"size": 1}, "at_most": 5000}, lambda force, size: size <= 5000),
        ({"sum": {"size": -0.001}, "at_least": -5}, lambda force, size: size <= 5000),
        (
            {"sum": {"size": 0.002, "force": {"un": 50, "nato": 80}}, "at_least": 60, "at_most": 80},
            lambda force, size: 60 <= size / 500 + {"un": 50, "nato": 80}.get(force, 0) <= 80,
        ),
        ({"size": 0, "sum": {"force": {"un": 1}}, "at_least": 1}, lambda force, size: (force, size) == ("un", 0)),
        ({"not": {"sum": {"size": {"5000": 1, "30000.0": 1}}, "at_least": 1}}, lambda force, size: size == 0),
    ],
)
def test_each_form_admits_its_texts(condition, test):
    assert admitted(condition) == {text for text in ALL if test(*text)}


def test_a_declared_red_line_holds_where_its_owner_says_so():
    crossed = {"russia": TEXTS[:, 0] >= 2}
    assert admitted({"declared_red_line": "russia"}, crossed) == {one for one in ALL if one[0] in ("european", "nato")}
    assert admitted({"declared_red_line": ["us", "russia"], "size": 0}, crossed) == {("european", 0), ("nato", 0)}
    assert admitted({"declared_red_line": "us"}, crossed) == set()


@given(st.lists(st.sampled_from([{"force": "un"}, {"size": ">=5000"}, {"force": ["none", "nato"]}]), min_size=1))
def test_not_any_is_all_not(parts):
    everywhere_else = ALL.intersection(*(admitted({"not": part}) for part in parts))
    assert admitted({"not": {"any": parts}}) == everywhere_else


def test_a_number_among_words_is_compared_by_its_place():
    issue = Issue(says="How warm", options=["none", 2.5, 2, 1.5], default="none", source=["C1"])
    assert admitted_options(issue, ">=2").tolist() == [False, False, True, True]


def test_true_is_not_the_option_1():
    issue = Issue(says="One or two", options=[1, 2], default=1, source=["C1"])
    with pytest.raises(ValueError, match="True"):
        option_index(issue, True)


@pytest.mark.parametrize(("value", "word"), [("unn", "unn"), (["un", "oun"], "oun"), (">=nat", "nat")])
def test_a_name_that_is_no_option_is_named(value, word):
    with pytest.raises(ValueError, match=f"^{word}$"):
        admitted_options(ISSUES["force"], value)


@pytest.mark.parametrize("bound", ["1,5", "1.500,0", "0,500", "1,5000", "12,34", "1234,567", ",5"])
def test_a_comma_that_does_not_separate_thousands_is_refused(bound):
    issue = Issue(says="How many litres", options=[1, 1.5, 2, 15, 20, 1500], default=1, source=["C1"])
    with pytest.raises(ValueError, match=f"^{re.escape(bound)}$"):
        admitted_options(issue, f">={bound}")
    assert admitted_options(issue, ">=1.5").tolist() == [False, True, True, True, True, True]
    assert admitted_options(issue, ">= 1,500").tolist() == [False] * 5 + [True]


@pytest.mark.parametrize(
    ("condition", "path"),
    [
        ([], ()),
        ({"any": {}}, ("any",)),
        ({"any": []}, ("any",)),
        ({"any": [{"force": "un"}, 3]}, ("any", 1)),
        ({"not": "un"}, ("not",)),
        ({"force": None}, ("force",)),
        ({"force": True}, ("force",)),
        ({"force": []}, ("force",)),
        ({"not": {"force": ["un", {}]}}, ("not", "force", 1)),
        ({"declared_red_line": 7}, ("declared_red_line",)),
        ({"all": []}, ("all",)),
        ({"count": {"force": "un"}, "at_least": 1}, ("count",)),
        ({"count": [{"force": "un"}, {"size": 0}]}, ("count",)),
        ({"count": [{"force": "un"}, {"size": None}], "at_least": 1}, ("count", 1, "size")),
        ({"count": [{"force": "un"}, {"size": 0}], "at_least": 3}, ("at_least",)),
        ({"count": [{"force": "un"}, {"size": 0}], "at_least": 0}, ("at_least",)),
        ({"count": [{"force": "un"}, {"size": 0}], "at_least": 1.5}, ("at_least",)),
        ({"count": [{"force": "un"}, {"size": 0}], "at_most": 2}, ("at_most",)),
        ({"count": [{"force": "un"}, {"size": 0}], "at_least": 2, "at_most": 1}, ("at_most",)),
        ({"count": [{"force": "un"}, {"size": 0}], "at_least": True}, ("at_least",)),
        ({"any": [{"size": 0, "at_least": 1}]}, ("any", 0, "at_least")),
        ({"count": [{"size": 0}, {"size": 5000}], "sum": {"size": 1}, "at_most": 1}, ("sum",)),
        ({"sum": {"size": 1}}, ("sum",)),
        ({"sum": {}, "at_most": 1}, ("sum",)),
        ({"sum": ["size"], "at_most": 1}, ("sum",)),
        ({"sum": {"size": "1"}, "at_most": 1}, ("sum", "size")),
        ({"sum": {"force": {}}, "at_most": 1}, ("sum", "force")),
        ({"sum": {"force": {"un": "many"}}, "at_most": 1}, ("sum", "force", "un")),
        ({"sum": {"size": 1}, "at_most": float("inf")}, ("at_most",)),
    ],
)
def test_a_wrong_shape_is_refused_where_it_is(condition, path):
    with pytest.raises(ConditionError) as caught:
        parse_condition(condition)
    assert caught.value.path == path


def test_mentions_and_owners():
    condition = {"any": [{"force": "un"}, {"not": {"declared_red_line": ["us", "uk"]}}], "size": 0}
    assert list(condition_entries(condition)) == [
        (("any", 0, "force"), "force", "un"),
        (("any", 1, "not", "declared_red_line"), "declared_red_line", ["us", "uk"]),
        (("size",), "size", 0),
    ]
    counted = {"count": [{"force": "un"}, {"sum": {"size": 2}, "at_most": 7}], "at_least": 1}
    assert list(condition_entries(counted)) == [
        (("count", 0, "force"), "force", "un"),
        (("count", 1, "sum", "size"), "size", 2),
    ]
    assert declared_line_owners(condition) == {"us", "uk"}


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ({}, "always"),
        ({"force": ["un", "nato"], "size": ">=5000"}, "force is un or nato, size >= 5000"),
        ({"any": [{"force": "un"}, {"not": {"size": 0}}]}, "(force is un or not (size is 0))"),
        ({"declared_red_line": "russia"}, "it crosses a declared red line of russia"),
        ({"all": [{"force": "un"}, {"size": ">0"}]}, "(force is un and size > 0)"),
        ({"count": [{"force": "un"}, {"size": 0}], "at_least": 1}, "at least 1 of (force is un; size is 0)"),
        ({"sum": {"roads": 1, "rail": 2}, "at_most": 80}, "roads + 2 times rail is at most 80"),
        (
            {"sum": {"roads": {"yes": 30, "no": 0}}, "at_least": 1, "at_most": 80},
            "roads (yes 30, no 0) is at least 1 and at most 80",
        ),
    ],
)
def test_in_words(condition, words):
    assert condition_in_words(condition) == words


DECIMALS = st.integers(-3000, 3000).map(lambda whole: whole / 1000)


@given(
    st.lists(st.tuples(DECIMALS, st.lists(DECIMALS, min_size=2, max_size=4, unique=True)), min_size=1, max_size=4),
    st.lists(DECIMALS, min_size=2, max_size=2).map(sorted),
    st.randoms(use_true_random=False),
)
def test_a_sum_is_what_fractions_give_at_every_tie(weighted, limits, draw):
    """The upper limit is the exact sum of some package, so that there is always a tie."""
    issues = {
        f"i{at}": Issue(says="x", options=options, default=options[0], source=["C1"])
        for at, (_, options) in enumerate(weighted)
    }
    texts = np.indices([len(options) for _, options in weighted]).reshape(len(weighted), -1).T
    sums = [
        sum(
            Fraction(str(weight)) * Fraction(str(options[at]))
            for (weight, options), at in zip(weighted, text, strict=True)
        )
        for text in texts.tolist()
    ]
    tie = draw.choice(sums)
    weights = {f"i{at}": weight for at, (weight, _) in enumerate(weighted)}
    for key, kept in (("at_least", [one >= tie for one in sums]), ("at_most", [one <= tie for one in sums])):
        condition = parse_condition({"sum": weights, key: float(tie)})
        assert compile_condition(condition, issues)(texts, KnownAnswers()).tolist() == kept
    both = {"sum": weights, "at_least": limits[0], "at_most": limits[1]}
    within = [Fraction(str(limits[0])) <= one <= Fraction(str(limits[1])) for one in sums]
    assert compile_condition(parse_condition(both), issues)(texts, KnownAnswers()).tolist() == within


def test_numbers_too_long_for_64_bits_are_summed_exactly():
    issues = {"x": Issue(says="x", options=[1e-15, 999_999.0], default=999_999.0, source=["C1"])}
    condition = parse_condition({"sum": {"x": 1e-7}, "at_least": 1e-22})
    assert compile_condition(condition, issues)(np.array([[0], [1]]), KnownAnswers()).tolist() == [True, True]
    condition = parse_condition({"sum": {"x": 1e-7}, "at_most": 1e-22})
    assert compile_condition(condition, issues)(np.array([[0], [1]]), KnownAnswers()).tolist() == [True, False]
