"""Issues: their short names, and who moves them in an analysis of what each actor can do by itself."""

import copy
from pathlib import Path

import pytest

from sim.analysis.outcomes.zone_file import digest
from sim.case.loader import build_case
from sim.errors import CaseError
from sim.negotiation.scenario_loader import load_scenario

BASE = Path(__file__).parents[1] / "broken" / "base"
SOURCE = load_scenario(BASE / "scenario.yaml").source["case"]


def with_issue(**keys):
    """The village well, whose issue `digging` has some more keys."""
    data = copy.deepcopy(dict(SOURCE))
    data["issues"]["digging"].update(keys)
    return build_case(data)


def test_nobody_moves_an_issue_alone_unless_the_case_says_so():
    issue = with_issue().issues["digging"]
    assert (issue.moved_by, issue.one_way) == (None, False)


def test_an_issue_may_be_moved_by_one_actor_and_only_forward():
    issue = with_issue(moved_by="upper", one_way=True).issues["digging"]
    assert (issue.movers, issue.one_way) == ({"upper": issue.options}, True)


def test_each_actor_may_have_options_of_its_own():
    issue = with_issue(moved_by={"upper": ["both"], "lower": ["nobody", "both"]}).issues["digging"]
    assert issue.movers == {"upper": ("both",), "lower": ("nobody", "both")}


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"moved_by": "uper"}, "'uper' is not an actor of this case (lower, miller, upper). Did you mean 'upper'?"),
        ({"one_way": True}, "nobody moves this issue; add 'moved_by: ACTOR', or drop one_way."),
        ({"moved_by": "upper", "one_way": "yes"}, "'yes' is neither true nor false."),
    ],
)
def test_a_mover_must_be_an_actor_of_the_case(keys, said):
    with pytest.raises(CaseError) as caught:
        with_issue(**keys)
    assert said in str(caught.value)


def test_an_issue_may_have_a_short_name():
    assert with_issue().issues["digging"].short is None
    assert with_issue(short="Digging").issues["digging"].short == "Digging"


@pytest.mark.parametrize(
    ("short", "said"),
    [
        ("Who digs in which week", None),
        ("Who digs in which weekday", "'Who digs in which weekday' is too long; it may have at most 24 characters."),
        ("", "the text is empty."),
    ],
)
def test_a_short_name_fits_on_a_phone(short, said):
    if said is None:
        with_issue(short=short)
        return
    with pytest.raises(CaseError) as caught:
        with_issue(short=short)
    assert said in str(caught.value)


def test_no_stored_zone_depends_on_a_short_name():
    source = load_scenario(BASE / "scenario.yaml").source
    data = copy.deepcopy(dict(source["case"]))
    data["issues"]["digging"]["short"] = "Digging"
    assert digest({**source, "case": data}) == digest(source)
