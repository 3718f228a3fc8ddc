"""Votes with weights, shares and vetoes, as cases without Python, against published or countable numbers."""

from __future__ import annotations

import itertools
from math import comb
from pathlib import Path

import numpy as np
import pytest
from fastapi.testclient import TestClient

from sim.analysis.counterfactuals.coalitions import Coalitions
from sim.analysis.counterfactuals.flip import flip
from sim.analysis.counterfactuals.parameters import parameters_of
from sim.analysis.counterfactuals.probe import Probe
from sim.analysis.outcomes.enumeration import enumerate_packages
from sim.case.models import Case, Scenario
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.voting.needed_actors import required_actors
from sim.engine.worlds import Central
from sim.game.session import views
from sim.game.session.brief import brief
from sim.lab.lab_app import create
from sim.lab.scenario_cache import ScenarioCache
from sim.negotiation.answers.evaluation import Evaluation
from sim.negotiation.answers.evaluation_context import evaluate
from sim.negotiation.scenario_loader import load_scenario
from sim.report.story.cast import Cast
from sim.report.story.ending import unmet
from sim.web.catalogue import Catalogue
from tests.game.hall import Hall

COMMITTEES = Path(__file__).parent / "committees"
SCENARIOS = {
    "security_council": "no_ninth_vote",
    "council_1958": "benelux_against",
    "budget_committee": "two_against_one",
    "mayors_veto": "without_the_mayor",
}
WEIGHTS = {"germany": 4, "france": 4, "italy": 4, "belgium": 2, "netherlands": 2, "luxembourg": 1}


def committee(name: str) -> Scenario:
    return load_scenario(COMMITTEES / name / f"{SCENARIOS[name]}.yaml")


def voted(case: Case, *in_favour: str, **others: str) -> Evaluation:
    """The evaluation of the package in which these members vote in favour, in the first month of twelve."""
    package = {**case.default, **dict.fromkeys(in_favour, "in_favour"), **others}
    return evaluate(case, Central(), OutcomeSpace(case).encode(package)[None], month=1, months=12)


def said(evaluation: Evaluation) -> list[str]:
    told = evaluation.describe()
    return [sentence.partition("). ")[2] for sentence in unmet(told, Cast.of(told["actors"]))]


def test_the_security_council_has_848_winning_coalitions() -> None:
    """All five permanent members and at least four of the ten others: Shapley and Shubik (1954) in today's numbers."""
    found = enumerate_packages(committee("security_council").case)
    assert (found.agreed.sum(), len(found.agreed)) == (848, 32_768)
    assert sum(comb(10, others) for others in range(4, 11)) == 848
    assert found.required_actors == ("china", "france", "russia", "uk", "us")


def test_a_permanent_member_vetoes_and_the_others_are_counted() -> None:
    case = committee("security_council").case
    permanent = ("china", "france", "russia", "uk", "us")
    elected = [f"elected_{number}" for number in range(1, 11)]
    assert voted(case, *permanent, *elected[:4]).describe()["agreed"]
    short = voted(case, *permanent, *elected[:3])
    assert short.describe()["blocked_by"] == sorted(elected[3:])
    assert said(short)[0].endswith(". 9 of 15 votes needed, 8 accept.")
    vetoed = voted(case, *permanent[1:], *elected)
    assert vetoed.describe()["blocked_by"] == ["china"]
    assert said(vetoed) == ["Missing: China."]


def test_luxembourg_never_mattered_in_the_council_of_1958() -> None:
    """Of 64 coalitions 14 win, and none needs Luxembourg (Brams and Affuso 1976; Felsenthal and Machover 1998)."""
    case = committee("council_1958").case
    found = enumerate_packages(case)
    assert (found.agreed.sum(), len(found.agreed)) == (14, 64)
    winning = [names for names in subsets(list(WEIGHTS)) if sum(WEIGHTS[name] for name in names) >= 12]
    assert len(winning) == 14
    for names in subsets(list(WEIGHTS)):
        evaluation = voted(case, *names)
        assert evaluation.describe()["agreed"] == (names in winning)
        assert not evaluation.blocks("luxembourg")[0]
        missing = set() if names in winning else set(WEIGHTS) - {*names, "luxembourg"}
        assert set(evaluation.describe()["blocked_by"]) == missing


def test_a_weighted_vote_is_told_in_votes() -> None:
    case = committee("council_1958").case
    [sentence] = said(voted(case, "germany", "france", "luxembourg"))
    assert sentence == "Missing: Italy, Belgium and Netherlands. 12 of 17 votes needed, 9 accept."


def test_abstentions_do_not_count_in_the_budget_committee() -> None:
    """Of the 243 ways to vote, 51 are ties (the central trinomial coefficient); half of the others pass."""
    case = committee("budget_committee").case
    space = OutcomeSpace(case)
    texts = space.texts(np.arange(space.count))
    agreed = evaluate(case, Central(), texts, month=1, months=12).responses.consent.agreed[0]
    votes = texts.astype(int) - 1  # against, abstain, in favour
    assert np.array_equal(agreed, votes.sum(axis=1) > 0)
    assert agreed.sum() == (3**5 - 51) / 2 == 96


def test_an_abstention_does_not_block_unless_nobody_votes() -> None:
    case = committee("budget_committee").case
    some = voted(case, "ana", dina="abstain", emil="abstain")
    assert some.describe()["blocked_by"] == ["ben", "cleo"]
    assert said(some) == ["Missing: Ben and Cleo. 2 of 3 votes cast needed, 1 accepts."]
    nobody = voted(case, **dict.fromkeys(case.actors, "abstain"))
    assert nobody.describe()["blocked_by"] == list(case.actors)
    assert said(nobody) == ["Missing: Ana, Ben, Cleo, Dina and Emil. Nobody votes."]


def test_four_wards_override_the_mayor() -> None:
    """With the Mayor three of five wards are enough, C(5, 3..5) = 16 ways; without, four: C(5, 4..5) = 6."""
    case = committee("mayors_veto").case
    found = enumerate_packages(case)
    assert (found.agreed.sum(), found.required_actors) == (16 + 6, ())
    assert voted(case, "ward_1", "ward_2", "ward_3", "ward_4").describe()["blocked_by"] == []


def test_the_nearest_of_several_ways_is_named() -> None:
    case = committee("mayors_veto").case
    assert said(voted(case, "ward_1", "ward_2", "ward_3")) == [
        "Missing: Mayor, Ward 4 and Ward 5. Of the 2 ways to meet it, the first is nearest (missing: Mayor)."
    ]
    [told] = voted(case, "ward_1").describe()["unmet"]
    assert told["nearest"] == {
        "branch": 1,
        "of": 2,
        "missing": ["mayor", "ward_2", "ward_3", "ward_4", "ward_5"],
        "votes": [{"needed": 3, "of": 5, "accept": 1, "cast": False}],
    }


def test_an_alternative_makes_nobody_needed_for_certain() -> None:
    case = committee("mayors_veto").case
    evaluation = voted(case)
    needed = required_actors(case, evaluation.matrix, evaluation.responses.pledged)
    assert not any(where.any() for where in needed.values())


def turning(case: Case, *in_favour: str) -> Coalitions:
    package = {**case.default, **dict.fromkeys(in_favour, "in_favour")}
    numbers = parameters_of(case)
    return Coalitions(Probe(case, OutcomeSpace(case).encode(package)), numbers, list(numbers.values()))


def test_a_vote_by_weight_is_won_by_its_four_minimal_winning_coalitions() -> None:
    found = {way.accepting for way in turning(committee("council_1958").case).turning(agreed=False)}
    large = ("germany", "france", "italy")
    small = {"belgium", "netherlands"}
    assert found == {frozenset(large), *(frozenset({*pair, *small}) for pair in itertools.combinations(large, 2))}


def test_a_vote_by_weight_is_lost_by_its_minimal_blocking_coalitions() -> None:
    """17 - 12 + 1 = 6 votes block: two large states, or a large one and a small one."""
    ways = turning(committee("council_1958").case, *WEIGHTS).turning(agreed=True)
    large = ("germany", "france", "italy")
    pairs = [*itertools.combinations(large, 2), *itertools.product(large, ("belgium", "netherlands"))]
    assert {way.refusing for way in ways} == set(map(frozenset, pairs))


def test_alternatives_are_met_by_either_and_broken_only_together() -> None:
    case = committee("mayors_veto").case
    wards = [f"ward_{number}" for number in range(1, 6)]
    won = {way.accepting for way in turning(case).turning(agreed=False)}
    assert won == {
        *(frozenset({"mayor", *some}) for some in itertools.combinations(wards, 3)),
        *map(frozenset, itertools.combinations(wards, 4)),
    }
    lost = {way.refusing for way in turning(case, "mayor", *wards).turning(agreed=True)}
    minimal = {names for names in lost if not any(other < names for other in lost)}
    assert minimal == {
        *(frozenset({"mayor", *some}) for some in itertools.combinations(wards, 2)),
        *map(frozenset, itertools.combinations(wards, 3)),
    }


def test_one_more_vote_turns_a_narrow_defeat() -> None:
    scenario = committee("council_1958")
    assert [list(one["change"]) for one in flip(scenario, by="terms")["flips"]] == [["italy"]]
    scenario = committee("mayors_veto")
    found = sorted([*one["change"]] for one in flip(scenario, by="terms")["flips"])
    assert found == [["mayor"], ["ward_4"], ["ward_5"]]


def subsets(names: list[str]) -> list[tuple[str, ...]]:
    return [some for size in range(len(names) + 1) for some in itertools.combinations(names, size)]


@pytest.mark.parametrize(
    ("name", "actor", "asks"),
    [
        ("council_1958", "luxembourg", "at least 12 votes of Germany (4), France (4), Italy (4), Belgium (2), "),
        ("budget_committee", "ana", "more than 1/2 of the votes cast by Ana, Ben, Cleo, Dina and Emil"),
        (
            "mayors_veto",
            "ward_1",
            "either the acceptance of The Mayor; and more than 1/2 of the votes by Ward 1, ",
        ),
        ("security_council", "us", "; and no outright refusal by China, France, Russia, The UK or The US"),
    ],
)
def test_a_brief_says_what_the_vote_asks_for(name: str, actor: str, asks: str) -> None:
    [rule] = brief(committee(name).case, actor, "basic")["consent"]
    assert asks in rule["asks"]


def test_the_lab_and_the_class_count_the_votes() -> None:
    own = str(COMMITTEES / "council_1958" / "benelux_against.yaml")
    app = create(ScenarioCache(Catalogue(own)), {"localhost"})
    with TestClient(app, base_url="http://127.0.0.1:8010") as lab:
        page = lab.post("/answer", data={"scenario": "", "state": ""}).text
    assert "12 of 17 votes needed, 8 accept." in page
    hall = Hall(dict(committee("council_1958").source))
    hall.seat("germany")
    hall.teach("start")
    hall.vote("germany")
    [entry] = views.public(hall.session, hall.table())["history"]
    assert entry["decision"]["unmet"][0]["votes"] == [{"needed": 12, "of": 17, "accept": 8, "cast": False}]
