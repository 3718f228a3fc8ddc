"""Conditions: which texts each form admits, and how a condition reads in words."""

import re

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
    assert declared_line_owners(condition) == {"us", "uk"}


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ({}, "always"),
        ({"force": ["un", "nato"], "size": ">=5000"}, "force is un or nato, size >= 5000"),
        ({"any": [{"force": "un"}, {"not": {"size": 0}}]}, "(force is un or not (size is 0))"),
        ({"declared_red_line": "russia"}, "it crosses a declared red line of russia"),
    ],
)
def test_in_words(condition, words):
    assert condition_in_words(condition) == words
