"""What would turn a refusal into acceptance: by hand, and against every package there is."""

from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.case.loader import build_case, load_case
from sim.case.models import Case, Package
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.rule_matrix import CompiledRules
from sim.engine.verdict_rules import Verdict
from sim.engine.worlds import Central, Streams, Uniforms
from sim.negotiation.answers import yes_if as module
from sim.negotiation.answers.evaluation import Evaluation
from sim.negotiation.answers.evaluation_context import evaluate
from sim.negotiation.answers.yes_if import YesIf, yes_if
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import load_scenario
from tests import reference, reference_terms
from tests.drawn import numbers as on_the_grid
from tests.engine.generated import cases
from tests.engine.test_invariants import every_text, thorough
from tests.engine.test_terms import constrained
from tests.engine.villages import CASE, rule

SCENARIOS = Path(__file__).parent.parent.parent / "scenarios"


def judged(case: Case, package: Package, uniforms: Uniforms | None = None, **when: int) -> Evaluation:
    return evaluate(
        case, uniforms or Central(), OutcomeSpace(case).encode({**case.default, **package})[None], **when
    ).one()


def proposed(name: str) -> Evaluation:
    found = load_scenario(SCENARIOS / f"{name}.yaml")
    return judged(found.case, found.proposal)


def well(**changes: Any) -> Case:
    source = copy.deepcopy(CASE)
    source.update(changes)
    return build_case(source)


def test_upper_agrees_if_lower_pays_twenty() -> None:
    found = yes_if(judged(well(), {"price": 0}))
    # It gains at 20 and more; at 20 nobody is lost, at 30 Lower is.
    upper = {"sets": [{"price": [0, 20]}, {"price": [0, 30]}], "terms": 1, "tried": 3, "line": None, "short": None}
    assert found == {"upper": upper, "lower": None, "mayor": None}


def test_the_core_is_not_for_change_and_no_set_may_be_an_answer() -> None:
    found = yes_if(judged(well(), {"price": 0}), ("price",))
    assert found["upper"] == {"sets": [], "terms": None, "tried": 3, "line": None, "short": None}
    assert yes_if(judged(well(), {"price": 0}), tuple(CASE["issues"]))["upper"] == found["upper"]


def test_a_guard_with_its_men_is_one_term() -> None:
    source = copy.deepcopy(CASE)
    guarded = rule("guarded", when={"guard": ["small", "large"]}, points=30)
    source["actors"]["upper"]["preferences"].append(guarded)
    case = build_case(source)
    found = yes_if(judged(case, {"price": 0}))["upper"]
    assert found is not None
    assert found["terms"] == 1
    # The price alone takes as many steps as a small guard of five men: then the order of the options decides.
    assert found["sets"] == [
        {"guard": ["none", "small"], "men": [0, 5]},
        {"price": [0, 20]},
        {"guard": ["none", "small"], "men": [0, 10]},
    ]
    guardless = yes_if(judged(case, {"price": 0}), ("guard",))["upper"]
    assert guardless is not None
    assert guardless["sets"] == [{"price": [0, 20]}, {"price": [0, 30]}]
    without_men = yes_if(judged(case, {"price": 0}), ("men",))["upper"]  # a repair may not touch the core either
    assert without_men == guardless


def test_dropping_a_guard_is_one_term_too() -> None:
    source = copy.deepcopy(CASE)
    source["actors"]["lower"]["preferences"].append(rule("no_guard", when={"not": {"guard": "none"}}, points=-50))
    found = yes_if(judged(build_case(source), {"price": 10, "guard": "large", "men": 10}))["lower"]
    assert found is not None
    assert (found["terms"], found["sets"]) == (1, [{"guard": ["large", "none"], "men": [10, 0]}])


def test_a_line_that_is_not_for_sale_is_named_if_no_set_leaves_it() -> None:
    source = copy.deepcopy(CASE)
    line = rule("no_guard", when={"not": {"guard": "none"}}, price="never")
    source["actors"]["upper"]["red_lines"] = [line]
    evaluation = judged(build_case(source), {"price": 0, "guard": "small", "men": 5})
    blocked = yes_if(evaluation, ("guard",))["upper"]
    # Upper is 15 points short even without its line.
    assert blocked == {"sets": [], "terms": None, "tried": 3, "line": "no_guard", "short": 15.0}
    left = yes_if(evaluation)["upper"]
    assert left is not None
    assert left["sets"][0] == {"price": [0, 20], "guard": ["small", "none"], "men": [5, 0]}
    assert (left["terms"], left["line"], left["short"]) == (2, None, None)
    paid = judged(build_case(source), {"price": 30, "guard": "small", "men": 5})
    assert yes_if(paid, ("guard",))["upper"] == {**blocked, "short": 0.0}


def test_a_line_that_a_set_leaves_is_not_in_the_way() -> None:
    source = copy.deepcopy(CASE)
    source["actors"]["upper"]["red_lines"] = [rule("no_guard", when={"not": {"guard": "none"}}, price="never")]
    source["actors"]["upper"]["reservation"]["base"] = 1000
    found = yes_if(judged(build_case(source), {"price": 0, "guard": "small", "men": 5}))["upper"]
    assert found == {"sets": [], "terms": None, "tried": 3, "line": None, "short": None}


def test_the_aspiration_of_the_month_counts() -> None:
    source = copy.deepcopy(CASE)
    source["actors"]["upper"]["aspiration"] = {"opening": 20, "e": 1, "assumption": "made up for a test"}
    case = build_case(source)
    # Upper holds out for 10 in month 2 of 4, and for nothing in the last.
    early, late = (yes_if(judged(case, {"price": 0}, month=month, months=4))["upper"] for month in (2, 4))
    assert early is not None
    assert early["sets"] == [{"price": [0, 30]}]
    assert late is not None
    assert late["sets"][0] == {"price": [0, 20]}


def test_a_contributor_knows_who_accepts_the_changed_text() -> None:
    source = copy.deepcopy(CASE)
    source["actors"]["upper"]["red_lines"] = [rule("no_guard", when={"guard": "large"}, price=15, declared=True)]
    source["actors"]["mayor"]["preferences"] = [rule("heeds", when={"declared_red_line": "upper"}, points=-10)]
    source["actors"]["upper"]["reservation"]["base"] = 16
    alone = yes_if(judged(build_case(source), {"price": 10, "guard": "large", "men": 5}), ("guard",))["mayor"]
    assert alone is not None
    assert alone["terms"] is None  # Upper stands by its line whatever the price
    source["actors"]["upper"]["reservation"]["base"] = 15
    found = yes_if(judged(build_case(source), {"price": 10, "guard": "large", "men": 5}), ("guard",))["mayor"]
    assert found is not None
    assert found["sets"] == [{"price": [10, 30]}]  # at 30 Upper accepts, and no longer stands by its line


def test_answers_of_people_are_taken_as_they_are_and_their_rules_judge_the_rest() -> None:
    evaluation = judged(well(), {"price": 0})

    def says(name: str, verdict: Verdict) -> Evaluation:
        answers = dict(evaluation.responses.answers)
        answers[name] = replace(answers[name], given=np.array([[verdict]], dtype=np.uint8))
        return replace(evaluation, responses=replace(evaluation.responses, answers=answers))

    assert yes_if(says("upper", Verdict.ACCEPT))["upper"] is None
    refused = yes_if(says("lower", Verdict.HOLDING_OUT))
    assert refused["lower"] is None  # its rules accept: no set of terms is what is missing
    assert refused["upper"] == yes_if(evaluation)["upper"]


def test_fewer_terms_are_tried_where_three_would_lead_to_too_many_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    evaluation = judged(well(), {"price": 0})
    for most, tried in ((0, 1), (35, 2), (59, 3)):
        monkeypatch.setattr(module, "TEXTS_MOST", most)
        upper = yes_if(evaluation)["upper"]
        assert upper is not None
        assert upper["tried"] == tried


def test_a_set_of_the_flatmates_is_the_best_of_all_packages() -> None:
    case = load_case(SCENARIOS / "flatmates")
    numbers, space, texts = on_the_grid(case, Central(), 0), OutcomeSpace(case), every_text(case)
    known = [reference.evaluate(case, space.decode(text), numbers, month=(2, 6)).answers for text in texts]
    accepts = {name: np.array([one[name].verdict == "accept" for one in known]) for name in case.actors}
    for core in ((), ("heating",)):
        conditions = YesIf(CompiledRules(case), core)
        fixed = [list(case.issues).index(name) for name in core]
        for here, text in enumerate(texts):
            found = conditions.of(judged(case, space.decode(text), month=2, months=6))
            for name in case.actors:
                ranked = sorted(
                    (terms, sum(accepts[other][here] and not accepts[other][at] for other in case.actors), *rest)
                    for at, one in enumerate(texts)
                    if accepts[name][at] and not (one != text)[fixed].any()
                    if (terms := int((one != text).sum())) <= 3
                    for rest in [(int(np.abs(one.astype(int) - text.astype(int)).sum()), at)]
                )
                if accepts[name][here]:
                    assert found[name] is None
                elif ranked:
                    best = [one[-1] for one in ranked if one[0] == ranked[0][0]][:3]
                    assert found[name] is not None
                    assert found[name]["terms"] == ranked[0][0]
                    assert found[name]["sets"] == [difference(space, text, texts[at]) for at in best]
                else:
                    assert found[name] is not None
                    assert (found[name]["terms"], found[name]["sets"]) == (None, [])


def difference(space: OutcomeSpace, text: Any, other: Any) -> dict[str, list[Any]]:
    here, there = space.decode(text), space.decode(other)
    return {name: [here[name], there[name]] for name in here if here[name] != there[name]}


def by_definition(
    evaluation: Evaluation, uniforms: Uniforms, world: int, core: tuple[str, ...], **when: int
) -> dict[str, Any]:
    """Each actor's best sets, from every text within three terms, each judged for itself."""
    case, space = evaluation.case, OutcomeSpace(evaluation.case)
    text = evaluation.matrix.texts[0]
    package = space.decode(text)
    negotiable = [name for name in case.issues if name not in core]
    near = reference_terms.amendments(case, package, negotiable, 3)
    candidates = [
        (len(chosen), space.encode(dict(zip(case.issues, options, strict=True))))
        for options, chosen in near.items()
        if all(dict(zip(case.issues, options, strict=True))[name] == package[name] for name in core)
    ]
    now = evaluation.responses.answers
    found: dict[str, list[tuple[Any, ...]]] = {name: [] for name in case.actors}
    if candidates:
        heard = evaluate(case, uniforms, np.stack([one for _, one in candidates]), **when)
        for at, (terms, one) in enumerate(candidates):
            answers = heard.one(world, at).responses.answers
            lost = sum(now[name].accepts[0, 0] and not answers[name].accepts[0, 0] for name in case.actors)
            steps = int(np.abs(one.astype(int) - text.astype(int)).sum())
            for name in case.actors:
                if answers[name].accepts[0, 0]:
                    key = terms, lost, steps, int(space.codes(one[None])[0])
                    found[name].append((key, difference(space, text, one)))
    return {name: sorted(some, key=lambda one: one[0]) for name, some in found.items()}


@pytest.mark.slow
@thorough
@given(cases(), st.integers(0, 2), st.integers(0, 99), st.sampled_from([(), ("land",), ("money",)]))
def test_sets_in_generated_cases_are_those_of_the_definition(
    source: dict[str, Any], world: int, at: int, core: tuple[str, ...]
) -> None:
    source["constraints"].append(rule("some", when={"land": ["half", "all"]}, then={"troops": ">0", "money": "much"}))
    case, uniforms = build_case(source), Streams(4, 3)
    texts = every_text(case)
    evaluation = evaluate(case, uniforms, texts[[at % len(texts)]], month=2, months=5).one(world)
    expected = by_definition(evaluation, uniforms, world, core, month=2, months=5)
    for name, told in yes_if(evaluation, core).items():
        if told is None:
            assert evaluation.responses.answers[name].accepts[0, 0]
        elif expected[name]:
            terms = expected[name][0][0][0]
            assert told["terms"] == terms
            assert told["sets"] == [one for key, one in expected[name] if key[0] == terms][:3]
        else:
            assert (told["terms"], told["sets"]) == (None, [])
            line = told["line"] is not None
            assert not line or evaluation.responses.answers[name].never[0, 0]
            assert (told["short"] is not None) == line


@pytest.mark.slow
@thorough
@given(constrained(), st.integers(0, 99))
def test_sets_keep_the_constraints_of_a_case(case: Case, at: int) -> None:
    texts = every_text(case)
    evaluation = evaluate(case, Central(), texts[[at % len(texts)]]).one()
    for told in yes_if(evaluation, ("second",)).values():
        for one in told["sets"] if told else []:
            package = {
                **OutcomeSpace(case).decode(evaluation.matrix.texts[0]),
                **{name: to for name, (_, to) in one.items()},
            }
            assert reference.possible(case, package)
            assert "second" not in one


def test_russia_does_not_agree_while_its_line_is_crossed_and_is_short_even_without_it() -> None:
    russia = yes_if(proposed("ukraine_2025/european_force"), ("force", "mandate"))["russia"]
    assert russia is not None
    assert (russia["sets"], russia["line"]) == ([], "western_troops")
    assert russia["short"] > 0


def test_dropping_the_force_with_all_that_it_has_is_one_of_two_terms_that_russia_asks_for() -> None:
    russia = yes_if(proposed("ukraine_2025/european_force"))["russia"]
    assert russia is not None
    assert russia["sets"]
    dropped = {"force": ["european", "none"], "force_size": [50000, 0], "mandate": ["tripwire", "none"]}
    assert all(one.items() >= dropped.items() or one["force"][1] == "un" for one in russia["sets"])
    assert all(len(one) > russia["terms"] for one in russia["sets"] if one["force"][1] == "none")


def test_the_conditions_of_one_world_are_the_same_asked_at_once_and_one_by_one() -> None:
    run = play(load_scenario(SCENARIOS / "ukraine_2025/european_force.yaml"))
    evaluations = [month.evaluation.one() for month in run.months]
    conditions = YesIf(CompiledRules(run.scenario.case), ("force", "mandate"))
    assert [conditions.of(one) for one in [*evaluations, *evaluations]] == 2 * [
        yes_if(one, ("force", "mandate")) for one in evaluations
    ]


def test_a_month_of_many_worlds_is_answered_by_the_numbers_of_each() -> None:
    found = load_scenario(SCENARIOS / "flatmates/cleaner.yaml")
    run = play(found, 6, seed=3)
    for at, month in enumerate(run.months[:2]):
        for world in range(len(month.rows)):
            alone = play(found, seed=3, uniforms=Streams(3, 1, int(month.rows[world])))
            assert yes_if(month.evaluation.one(world)) == yes_if(alone.months[at].evaluation.one())


def test_sets_that_lose_nobody_come_before_sets_of_fewer_steps() -> None:
    """The Mayor accepts a price of 0 and minds one of 20, two steps away; a small guard of ten is three."""
    source = copy.deepcopy(CASE)
    source["actors"]["upper"]["preferences"].append(rule("guarded", when={"guard": "small"}, points=30))
    source["actors"]["mayor"]["preferences"] = [rule("dear", when={"price": [20, 30]}, points=-1)]
    found = yes_if(judged(build_case(source), {"price": 0}))["upper"]
    assert found is not None
    assert found["sets"] == [
        {"guard": ["none", "small"], "men": [0, 5]},
        {"guard": ["none", "small"], "men": [0, 10]},
        {"price": [0, 20]},
    ]
