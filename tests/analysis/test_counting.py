"""Packages that are counted part by part, against a list of all, and against published and countable numbers."""

from __future__ import annotations

import copy
import time
from collections.abc import Mapping
from math import comb
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from sim.analysis.outcomes.counting import merged_states
from sim.analysis.outcomes.counting.counted_packages import CountedPackages, count_packages
from sim.analysis.outcomes.enumeration import central_blocks, enumerate_packages
from sim.analysis.outcomes.outcomes import outcomes
from sim.case.loader import build_case
from sim.case.models import Case
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.rule_matrix import Bools
from sim.engine.voting.consent import ConsentAnswer, consent
from sim.errors import UsageError
from sim.game.paper.rehearsal import rehearse
from sim.negotiation.scenario_loader import build_scenario
from tests.engine import generated, villages
from tests.engine.villages import rule
from tests.test_committees import SCENARIOS, committee

WHY = villages.WHY


def agrees_with_list(case: Case) -> CountedPackages:
    """Count a case whose packages are few, and compare with all packages, listed one by one."""
    counted, listed = count_packages(case), enumerate_packages(case)
    assert (counted.packages, counted.agreed) == (len(listed.codes), listed.agreed.sum())
    assert counted.accepts == listed.accepts
    assert counted.agreed_without == listed.agreed_without
    assert counted.required_actors == listed.required_actors
    assert counted.decisive == {name: decisive(case, name) for name in case.actors}
    for actors in (listed.required_actors, list(case.actors)[:2], list(case.actors)):
        assert counted.accepted_by_all(actors) == (listed.surplus_of(actors) >= 0).all(axis=1).sum()
    return counted


class Refuses:
    """The answer of an actor that refuses everything and sends nothing."""

    accepts = np.zeros((1, 1), dtype=bool)
    refuses = np.ones((1, 1), dtype=bool)

    def sends(self, resource: str) -> Bools:
        return self.accepts


def decisive(case: Case, name: str) -> int:
    """How many agreed packages would not be agreed if an actor refused, each package judged."""
    count = 0
    for _, matrix, given_ in central_blocks(case, OutcomeSpace(case)):
        votes: Mapping[str, ConsentAnswer] = {**given_.answers, name: Refuses()}
        without = consent(case, matrix, votes, given_.pledged).agreed
        count += int((given_.consent.agreed & ~without).sum())
    return count


def vote(name: str) -> dict[str, Any]:
    return {"says": name, "options": ["against", "in_favour"], "default": "against", **WHY}


def voter(name: str) -> dict[str, Any]:
    """An actor that accepts a package if it votes in favour in it."""
    return villages.actor(name, base=1, preferences=[rule("in_favour", when={name: "in_favour"}, points=1)])


def members(count: int, first: int = 1) -> list[str]:
    return [f"m{number}" for number in range(first, first + count)]


def council_data(names: list[str], *consent: dict[str, Any], **others: Any) -> dict[str, Any]:
    """A council in which each member votes on an issue of its own."""
    return {
        **copy.deepcopy(villages.CASE),
        "constraints": [],
        "consent": [rule(f"rule_{at}", **one) for at, one in enumerate(consent)],
        "issues": {name: vote(name) for name in names},
        "actors": {name: voter(name) for name in names},
        **others,
    }


def council(names: list[str], *consent: dict[str, Any], **others: Any) -> Case:
    return build_case(council_data(names, *consent, **others))


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_coalitions_of_a_committee_are_counted_as_they_are_listed(name: str) -> None:
    case = committee(name).case
    assert agrees_with_list(case).part_issues == [[issue] for issue in case.issues]


@pytest.mark.slow
@given(generated.cases())
def test_a_case_that_hangs_together_is_counted_as_it_is_listed(source: dict[str, Any]) -> None:
    agrees_with_list(build_case(source))


@pytest.mark.slow
@settings(max_examples=40)
@given(generated.divided_cases())
def test_a_divided_case_is_counted_as_it_is_listed(source: dict[str, Any]) -> None:
    counted = agrees_with_list(build_case(source))
    assert len(counted.part_issues) > 1


def test_two_villages_beside_a_council_of_two() -> None:
    """Constraints, pledges that tie, and a rule that applies only to some packages.

    Of 20 packages on the well, the villages agree on five, with a price of 20: one without guards, and two sizes of
    guards with five or ten men. Men need guards from the mayor and the second voter: 0.1 and 4.9 add up to five.
    """
    case = copy.deepcopy(villages.CASE)
    case["issues"] |= {name: vote(name) for name in ("one", "two")}
    case["actors"] |= {name: voter(name) for name in ("one", "two")}
    case["actors"]["mayor"]["capacities"]["guards"]["amount"] = 0.1
    case["actors"]["two"]["capacities"] = {"guards": {"amount": 4.9, **WHY}}
    pledges = {"of": "guards", "from": ["mayor", "two"], "cover": "men"}
    case["consent"] += [
        rule("sent", when={"men": ">0"}, pledges=pledges),
        rule("asked", when={"guard": "large"}, needs=["one"]),
    ]
    counted = agrees_with_list(build_case(case))
    assert counted.part_issues == [["price"], ["guard", "men"], ["one"], ["two"]]
    assert counted.packages == 20 * 4
    # no guards: 4 votes; a small guard of five: two votes in favour with "two"; a large one of five: "one" as well
    assert counted.agreed == 4 + 2 + 1
    assert set(counted.required_actors) == {"lower", "upper", "mayor", "one", "two"}
    assert counted.agreed_without == {"lower": 14, "upper": 21, "mayor": 7, "one": 8, "two": 7}


@pytest.mark.parametrize(
    ("demand", "winning"),
    [
        ({"quorum": {"of": {"m1": 4, "m2": 3, "m3": 2, "m4": 1}, "at_least": "1/2"}}, 9),  # two ties of five in ten
        ({"quorum": {"of": {"m1": 4, "m2": 3, "m3": 2, "m4": 1}, "more_than": "1/2"}}, 7),
        ({"quorum": {"of": {"m1": 4, "m2": 3, "m3": 2, "m4": 1}, "more_than": 5}}, 7),
        ({"quorum": {"of": {"m1": 0.4, "m2": 0.3, "m3": 0.2, "m4": 0.1}, "at_least": 0.6}}, 7),
        ({"quorum": {"of": members(4), "more_than": "1/2", "abstain": "ignored"}}, 5),
        ({"all": [{"quorum": {"of": members(4), "at_least": "75%"}}, {"veto": ["m1"]}]}, 4),
        ({"any": [{"needs": ["m1", "m2"]}, {"quorum": {"of": members(4), "at_least": 3}}]}, 6),
    ],
)
def test_votes_are_counted_exactly(demand: dict[str, Any], winning: int) -> None:
    assert agrees_with_list(council(members(4), demand)).agreed == winning


def test_the_council_of_1958_and_the_security_council_have_their_published_swings() -> None:
    """Raw Banzhaf indices: 10, 6 and 0 in the council, 848 and 84 in today's Security Council."""
    six = count_packages(committee("council_1958").case)
    assert (six.agreed, six.packages) == (14, 64)
    assert [six.decisive[name] for name in ("germany", "france", "italy")] == [10, 10, 10]
    assert [six.decisive[name] for name in ("belgium", "netherlands", "luxembourg")] == [6, 6, 0]
    security = count_packages(committee("security_council").case)
    assert (security.agreed, security.packages) == (848, 32_768)
    permanent = dict.fromkeys(("china", "france", "russia", "uk", "us"), 848)
    assert security.decisive == {**{f"elected_{number}": 84 for number in range(1, 11)}, **permanent}


def test_twenty_seven_equal_votes() -> None:
    found = outcomes(council(members(27), {"quorum": {"of": members(27), "at_least": 15}}))
    winning = sum(comb(27, votes) for votes in range(15, 28))
    assert (found["packages"], found["agreed"], found["counted"]) == (2**27, winning, True)
    assert found["parts"] == [[name] for name in sorted(members(27), key=members(27).index)]
    assert found["acceptable"] == 1  # nobody is needed, so this is among all members
    for actor in found["actors"].values():
        assert (actor["accepts"], actor["share"], actor["needed"]) == (2**26, 0.5, False)
        assert actor["decisive"] == comb(26, 14)  # it is the fifteenth
        assert actor["agreed_without"] == winning + comb(26, 14)  # and nobody is if it refuses
    assert (found["frontier"], found["solutions"], found["nearest"], found["in_worlds"]) == (None, {}, [], None)


def test_twenty_nine_weighted_votes_take_less_than_five_seconds() -> None:
    """The coefficients of the product of 1 + x^w say how many coalitions have how many votes."""
    votes = {name: 1 + number * 7 % 13 for number, name in enumerate(members(29))}
    ways = [1]
    for weight in votes.values():
        ways = [one + other for one, other in zip([*ways, *[0] * weight], [*[0] * weight, *ways], strict=True)]
    need = 1 + sum(votes.values()) * 62 // 100
    case = council(members(29), {"quorum": {"of": votes, "more_than": "62%"}})
    began = time.process_time()
    found = outcomes(case)
    assert time.process_time() - began < 5
    assert (found["packages"], found["agreed"]) == (2**29, sum(ways[need:]))


def test_a_majority_of_the_states_with_65_percent_of_the_people() -> None:
    """A table of coalitions by their number of states and their share of the people, in hundredths of a per cent."""
    people = {name: 1880 // number + number for number, name in enumerate(members(27), 1)}
    ways = np.zeros((28, sum(people.values()) + 1), dtype=np.int64)
    ways[0, 0] = 1
    for share in people.values():
        ways[1:, share:] += ways[:-1, :-share].copy()
    need = -(-sum(people.values()) * 65 // 100)
    shares = {name: share / 100 for name, share in people.items()}
    both = [{"quorum": {"of": members(27), "at_least": "55%"}}, {"quorum": {"of": shares, "at_least": "65%"}}]
    assert count_packages(council(members(27), {"all": both})).agreed == ways[15:, need:].sum()
    # As in the Treaty of Lisbon, fewer than four states cannot block.
    counted = count_packages(
        council(members(27), {"any": [{"all": both}, {"quorum": {"of": members(27), "at_least": 24}}]})
    )
    assert counted.agreed == ways[15:, need:].sum() + ways[24:, :need].sum()


def test_populations_to_the_last_person_are_counted() -> None:
    """The sums of these votes are all different, so states merge only where the result is certain."""
    people = {name: 2 ** (29 - number) + number for number, name in enumerate(members(27))}
    whole = sum(people.values())
    counted = count_packages(council(members(27), {"quorum": {"of": people, "more_than": "1/2"}}))
    assert counted.agreed == 2**26  # a coalition or the rest, as no two halves are equal
    assert whole % 2 or counted.packages == 2**27


def test_two_councils_beside_two_villages() -> None:
    """The second council is asked about guards: of the five packages that the villages agree on, one has none."""
    first, second = members(12), members(13, first=13)
    names = [*first, *second]
    case = copy.deepcopy(villages.CASE)
    case["issues"] |= {name: vote(name) for name in names}
    case["actors"] |= {name: voter(name) for name in names}
    weights = {name: number for number, name in enumerate(second, 1)}
    case["consent"] += [
        rule("first", quorum={"of": first, "more_than": "1/2"}),
        rule("second", when={"not": {"guard": "none"}}, quorum={"of": weights, "at_least": "2/3"}),
    ]
    found = outcomes(build_case(case))
    majorities = sum(comb(12, votes) for votes in range(7, 13))
    heavy = sum(
        sum(weights[one] for one in second if bits >> weights[one] - 1 & 1) * 3 >= 91 * 2 for bits in range(2**13)
    )
    assert (found["packages"], found["agreed"]) == (20 * 2**25, majorities * (2**13 + 4 * heavy))
    assert found["among"] == ["lower", "upper"]
    assert found["acceptable"] == 5 * 2**25
    assert found["actors"]["m12"]["accepts"] == 10 * 2**25


def test_issues_that_matter_to_nobody_multiply_everything() -> None:
    issues = {f"i{at}": {"says": "x", "options": [0, 1], "default": 0, **WHY} for at in range(25)}
    case = copy.deepcopy(villages.CASE)
    case["issues"] |= issues
    found = outcomes(build_case(case))
    assert (found["packages"], found["agreed"], found["actors"]["upper"]["accepts"]) == tuple(
        count * 2**25 for count in (20, 5, 10)
    )


def test_a_rule_without_points_does_not_tie_issues_together() -> None:
    case = council(members(3), {"needs": members(3)})
    assert count_packages(case).part_issues == [["m1"], ["m2"], ["m3"]]
    actors = {name: voter(name) for name in members(3)}
    for points, parts in ((0, [["m1"], ["m2"], ["m3"]]), (1, [["m1", "m2"], ["m3"]])):
        both = rule("both", when={"m1": "in_favour", "m2": "in_favour"}, points=points)
        actors["m1"] = voter("m1") | {"preferences": [*voter("m1")["preferences"], both]}
        assert agrees_with_list(council(members(3), {"needs": members(3)}, actors=actors)).part_issues == parts


def test_progress_ends_with_all_choices() -> None:
    told: list[tuple[int, int]] = []
    count_packages(committee("council_1958").case, lambda done, whole: told.append((done, whole)))
    assert told[-1] == (13, 13)  # two votes of each of the six, and one line for what depends on no vote


def test_packages_that_are_counted_are_not_judged_in_many_worlds() -> None:
    case = council(members(25), {"needs": members(2)})
    with pytest.raises(UsageError, match=r"too many to list.*Leave out --worlds"):
        outcomes(case, worlds=10)


def test_a_rehearsal_counts_where_it_cannot_list() -> None:
    names = members(25)
    scenario = {"id": "vote", "title": "A vote", "question": "x?", "sponsor": "m1", "proposal": {"m1": "in_favour"}}
    data = council_data(names, {"quorum": {"of": names, "at_least": 24}})
    whole = rehearse(build_scenario({**scenario, "case": data}), whole=True)["whole"]
    assert whole == {
        "packages": 2**25,
        "agreed": 26,
        "agreed_without": dict.fromkeys(names, 26 + comb(24, 23)),  # 23 of the others accept, and it refuses
        "nearest": None,
    }


def test_what_hangs_together_is_refused_by_name() -> None:
    names, actors = members(25), {name: voter(name) for name in members(25)}
    pairs = [rule(f"with_{name}", when={"m1": "in_favour", name: "in_favour"}, points=1) for name in names[1:]]
    actors["m1"]["preferences"] = pairs
    with pytest.raises(UsageError) as refused:
        outcomes(council(names, {"needs": names}, actors=actors))
    assert "has 33,554,432 packages; at most 16,777,216 can be judged one by one" in str(refused.value)
    assert "m1, m2, m3 and 22 more hang together (33,554,432 choices)" in str(refused.value)
    assert "each of these depends on several of them: M1." in str(refused.value)


def test_votes_that_add_up_in_too_many_ways_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merged_states, "NUMBERS_MOST", 200)
    votes = {name: 1_000 + number**2 for number, name in enumerate(members(25))}
    with pytest.raises(UsageError, match=r"votes and pledges .* add up in too many .* Round the numbers of votes"):
        outcomes(council(members(25), {"quorum": {"of": votes, "at_least": "55%"}}))
