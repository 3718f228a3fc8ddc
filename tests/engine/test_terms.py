"""Amendments by terms, against every change repaired by hand (`tests.reference_terms`)."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.case.compiled_conditions import condition_holds
from sim.case.loader import build_case, load_case
from sim.case.models import Case, Package
from sim.engine import outcome_space as spaces
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.terms import amendments, expansions, is_amendment
from sim.negotiation.scenario_loader import load_scenario
from tests import reference_terms as slow
from tests.engine.generated import cases
from tests.engine.test_invariants import every_text, thorough
from tests.engine.villages import WHY, actor, rule

UKRAINE = Path(__file__).parent.parent.parent / "scenarios" / "ukraine_2025"
ISSUES = {
    "first": ["a", "b", "c"],
    "second": ["a", "b"],
    "third": ["a", "b", "c"],
    "fourth": [0, 5, 10],
    "fifth": [0, 1],
}


def ukraine() -> tuple[Case, Package]:
    """The case, and the European force of 50,000."""
    scenario = load_scenario(UKRAINE / "european_force.yaml")
    return scenario.case, scenario.proposal


def named(space: OutcomeSpace, chosen: int) -> tuple[str, ...]:
    return tuple(name for at, name in enumerate(space.case.issues) if chosen >> at & 1)


def fast(case: Case, package: Package, negotiable: tuple[str, ...], terms: int) -> dict[Any, tuple[str, ...]]:
    space = OutcomeSpace(case)
    texts, chosen = amendments(space, space.encode(package), negotiable, terms)
    codes = space.codes(texts)
    assert (codes[1:] > codes[:-1]).all()
    found = zip(texts, chosen.tolist(), strict=True)
    return {slow.key(case, space.decode(text)): named(space, one) for text, one in found}


def one_term(package: Package, issue: str, case: Case) -> list[Package]:
    space = OutcomeSpace(case)
    texts, chosen = amendments(space, space.encode(package), (issue,), 1)
    assert [named(space, one) for one in chosen.tolist()] == [(issue,)] * len(texts)
    return [space.decode(text) for text in texts]


def test_adding_a_force_with_its_size_mandate_and_place_is_one_term() -> None:
    case = load_case(UKRAINE)
    reached = one_term(case.default, "force", case)
    # 6 sizes, 3 mandates and 2 places; a UN mission is no tripwire.
    assert Counter(one["force"] for one in reached) == {"un": 24, "european": 36, "nato": 36}
    assert all(one["force_size"] and one["mandate"] != "none" and one["deployment"] != "none" for one in reached)
    assert not one_term(case.default, "mandate", case)  # a mandate does not make a force


def test_dropping_a_force_is_one_term_and_a_force_without_a_mandate_is_none() -> None:
    case, proposal = ukraine()
    reached = one_term(proposal, "force", case)
    assert Counter(one["force"] for one in reached) == {"none": 1, "un": 2, "nato": 1}
    assert {one["mandate"] for one in reached if one["force"] == "un"} == {"monitor", "peacekeeping"}
    none = next(one for one in reached if one["force"] == "none")
    assert none == {**proposal, "force": "none", "force_size": 0, "mandate": "none", "deployment": "none"}
    assert {one["mandate"] for one in one_term(proposal, "mandate", case)} == {"monitor", "peacekeeping"}


def test_a_repair_does_not_change_what_was_chosen() -> None:
    case, proposal = ukraine()
    space = OutcomeSpace(case)
    texts, chosen = amendments(space, space.encode(proposal), ("force", "mandate"), 2)
    un = {
        space.decode(text)["mandate"]: named(space, one)
        for text, one in zip(texts, chosen.tolist(), strict=True)
        if space.decode(text)["force"] == "un"
    }
    assert un == {"monitor": ("force",), "peacekeeping": ("force",)}  # a smaller set than force and mandate
    assert {space.decode(text)["mandate"] for text in texts if space.decode(text)["force"] == "none"} == {"none"}


def test_a_text_is_an_amendment_exactly_if_it_is_among_all() -> None:
    case, proposal = ukraine()
    space, rng = OutcomeSpace(case), np.random.default_rng(0)
    negotiable = ("force", "force_size", "mandate", "arms")
    text = space.encode(proposal)
    texts, _ = amendments(space, text, negotiable, 2)
    others = np.concatenate(
        [amendments(space, text, tuple(case.issues), 1)[0], amendments(space, text, negotiable, 3)[0]]
    )
    found = set(space.codes(texts).tolist()) | {int(space.codes(text[None])[0])}
    sample = np.concatenate([text[None], rng.permutation(texts)[:200], rng.permutation(others)[:1000]])
    said = [is_amendment(space, text, other, negotiable, 2) for other in sample]
    assert said == [code in found for code in space.codes(sample).tolist()]
    assert {True, False} == set(said)


@pytest.mark.parametrize("terms", [1, 2])
def test_amendments_in_the_ukraine_case_are_those_of_the_definition(terms: int) -> None:
    case, proposal = ukraine()
    core = tuple(name for name in case.issues if name not in ("force", "mandate"))
    narrow = ("force", "force_size", "mandate", "arms")
    for package in (case.default, proposal):
        for negotiable in (core, narrow, tuple(case.issues) if terms == 1 else narrow[:3]):
            assert fast(case, package, negotiable, terms) == slow.amendments(case, package, negotiable, terms)


def test_three_terms_on_few_issues_are_those_of_the_definition() -> None:
    case, proposal = ukraine()
    some = ("force", "mandate", "deployment", "us_backstop")
    assert fast(case, proposal, some, 3) == slow.amendments(case, proposal, some, 3)


@st.composite
def conditions(draw: st.DrawFn, depth: int = 1) -> dict[str, Any]:
    condition: dict[str, Any] = {}
    for issue in draw(st.sets(st.sampled_from(sorted(ISSUES)), min_size=1, max_size=3 - depth)):
        several = st.lists(st.sampled_from(ISSUES[issue]), min_size=1, max_size=2, unique=True)
        condition[issue] = draw(several)
    if depth and draw(st.booleans()):
        inner = conditions(depth=0)
        condition |= draw(
            st.one_of(
                inner,
                st.builds(dict, any=st.lists(inner, min_size=1, max_size=3)),
                st.builds(dict, **{"not": inner}),
                st.builds(dict, count=st.lists(inner, min_size=3, max_size=3), at_least=st.just(2)),
                st.builds(dict, sum=st.just({"fourth": 0.1, "first": {"b": 0.2}}), at_most=st.sampled_from([0.2, 0.7])),
            )
        )
    if depth and draw(st.integers(0, 4)) == 0:
        condition["declared_red_line"] = "anna"
    return condition


@st.composite
def constrained(draw: st.DrawFn) -> Case:
    """A case of five issues and up to four constraints that its defaults keep."""
    line = rule("line", when=draw(conditions(depth=0)), price=5, declared=True)
    source: dict[str, Any] = {
        "id": "constrained",
        "title": "x",
        "question": "x?",
        "issues": {name: {"says": "x", "options": some, "default": some[0], **WHY} for name, some in ISSUES.items()},
        "constraints": [],
        "consent": [rule("all", needs=["anna"])],
        "actors": {"anna": actor("anna", red_lines=[line])},
        "claims": {},
    }
    for at in range(draw(st.integers(1, 4))):
        one = rule(f"c{at}", when=draw(conditions()), then=draw(conditions()))
        case = build_case(source)
        default = np.zeros((1, len(ISSUES)), dtype=np.uint8)
        if not condition_holds(one["when"], case.issues, default, case.actors) or condition_holds(
            one["then"], case.issues, default, case.actors
        ):
            source["constraints"].append(one)
    return build_case(source)


@pytest.mark.slow
@thorough
@given(constrained(), st.integers(1, 3), st.sets(st.sampled_from(sorted(ISSUES)), min_size=1), st.integers(0, 999))
def test_amendments_are_those_of_the_definition(case: Case, terms: int, some: set[str], at: int) -> None:
    space, texts = OutcomeSpace(case), every_text(case)
    package = space.decode(texts[at % len(texts)])
    negotiable = tuple(name for name in case.issues if name in some)
    found = fast(case, package, negotiable, terms)
    assert found == slow.amendments(case, package, negotiable, terms)
    start = space.encode(package)
    reached = [text for text in texts if is_amendment(space, start, text, negotiable, terms)]
    assert {slow.key(case, space.decode(text)) for text in reached} == found.keys() | {slow.key(case, package)}


@pytest.mark.slow
@thorough
@given(cases(), st.integers(1, 3))
def test_amendments_in_generated_cases_are_those_of_the_definition(source: dict[str, Any], terms: int) -> None:
    source["constraints"].append(rule("some", when={"land": ["half", "all"]}, then={"troops": ">0", "money": "much"}))
    case = build_case(source)
    for text in every_text(case)[::5]:
        package = OutcomeSpace(case).decode(text)
        assert fast(case, package, tuple(case.issues), terms) == slow.amendments(
            case, package, tuple(case.issues), terms
        )


@pytest.mark.slow
@thorough
@given(constrained(), st.integers(1, 3))
def test_expansions_are_what_completions_reach_first(case: Case, terms: int) -> None:
    space, names = OutcomeSpace(case), tuple(case.issues)
    tables = every_text(case)[::7]
    changed_texts, possible = space.changed_texts(tables, names, terms)
    found = expansions(space, tables, names, terms)
    again = expansions(space, tables, names, terms, (changed_texts, possible))
    assert np.array_equal(found.texts, again.texts)
    assert np.array_equal(found.change, again.change)
    reached: dict[tuple[int, slow.Key], tuple[tuple[str, ...], bool]] = {}
    for table, text in enumerate(tables):
        package = space.decode(text)
        for at, (chosen, changed) in enumerate(in_order(space, text, names, terms)):
            known = bool(possible[at, table])
            repaired = list(slow.repaired(case, changed, frozenset(chosen)))
            assert not known or repaired == [space.decode(changed_texts[:, at, table])]
            for one in repaired:
                if one != package:
                    reached.setdefault((table, slow.key(case, one)), (chosen, known))
    expanded = zip(found.table.tolist(), found.texts, found.chosen.tolist(), strict=True)
    assert {(table, slow.key(case, space.decode(text))): named(space, chosen) for table, text, chosen in expanded} == {
        text: chosen for text, (chosen, known) in reached.items() if not known
    }
    picked = space.changes(names, terms)[found.change] != spaces.UNCHANGED
    assert np.array_equal(picked @ (1 << np.arange(len(names))), found.chosen)


def in_order(
    space: OutcomeSpace, text: Any, names: tuple[str, ...], terms: int
) -> list[tuple[tuple[str, ...], Package]]:
    """Every change of a text, in the order of `OutcomeSpace.changes`."""
    listed = list(slow.changes(space.case, space.decode(text), names, terms))
    assert len(listed) == len(space.changes(names, terms))
    return listed


def test_a_case_without_choices_has_no_expansions(monkeypatch: pytest.MonkeyPatch) -> None:
    case = load_case(UKRAINE)
    monkeypatch.setattr(spaces, "REPAIRS_MOST", 1)
    space = OutcomeSpace(case)
    found = expansions(space, space.encode(case.default)[None], ("force",), 1)
    assert len(found.table) == len(found.texts) == len(found.change) == len(found.chosen) == 0


def test_a_way_is_minimal_if_no_other_changes_a_strict_subset_of_its_issues() -> None:
    draw = random.Random(3)
    sizes = (2, 3, 2, 2)
    choices = np.array(list(itertools.product(*map(range, sizes))), dtype=np.uint8)
    for _ in range(30):
        meets = np.array([draw.random() < 0.4 for _ in choices])
        changing = np.array([draw.random() < 0.8 for _ in sizes])
        repairs = spaces.Repairs(np.arange(4), choices, changing, meets)
        fixed = np.array([draw.random() < 0.2 for _ in sizes])
        text, ways = repairs.ways(choices, np.tile(fixed, (len(choices), 1)))
        for at, now in enumerate(choices):
            open_ = [one for one in choices[meets] if not ((one != now) & (fixed | ~changing)).any()]
            sets = [frozenset(np.flatnonzero(one != now)) for one in open_]
            least = [
                one.tolist() for one, here in zip(open_, sets, strict=True) if not any(other < here for other in sets)
            ]
            assert sorted(ways[text == at].tolist()) == sorted(least)
