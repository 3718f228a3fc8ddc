"""The outcome space, against the verdict on each package alone."""

from __future__ import annotations

import copy
import itertools
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from sim import case_paths
from sim.analysis.judging.verdicts import verdicts
from sim.analysis.outcomes import enumeration, streamed_frontier
from sim.analysis.outcomes import outcomes as outcomes_module
from sim.analysis.outcomes.enumeration import central_blocks, enumerate_packages
from sim.analysis.outcomes.outcomes import outcomes
from sim.analysis.outcomes.tradeoff import tradeoff
from sim.case.loader import build_case, load_case
from sim.case.models import Case
from sim.engine import rule_tables
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.rule_matrix import Bools
from sim.engine.voting.consent import agreed_without, consent
from sim.errors import CaseError, UsageError
from sim.negotiation.scenario_loader import build_scenario
from tests.engine import generated, villages
from tests.engine.villages import rule

ALL = 10_000


class Consenting:
    """The answer of an actor that consents wherever it is asked."""

    accepts, refuses = np.ones((1, 1), dtype=bool), np.zeros((1, 1), dtype=bool)

    def sends(self, resource: str) -> Bools:
        return self.accepts


def village(**changes: Any) -> Case:
    return build_case({**copy.deepcopy(villages.CASE), **changes})


def every_verdict(case: Case) -> list[dict[str, Any]]:
    """Everybody's verdict on each possible package, in the order of the options."""
    judged = []
    for options in itertools.product(*(issue.options for issue in case.issues.values())):
        try:
            judged.append(verdicts(case, dict(zip(case.issues, options, strict=True))))
        except CaseError:
            continue  # impossible
    return judged


def prices(packages: list[dict[str, Any]]) -> list[int]:
    return [one["package"]["price"] for one in packages]


def test_the_zone_of_two_villages() -> None:
    """Of 20 packages, Upper accepts prices of 20 and more, Lower those of 20 and less."""
    found = outcomes(village())
    assert found["packages"] == 20
    assert {name: actor["accepts"] for name, actor in found["actors"].items()} == {
        "upper": 10,
        "lower": 15,
        "mayor": 20,
    }
    assert found["agreed"] == 5
    assert found["among"] == ["lower", "upper"]


def test_a_veto_that_is_lifted_leaves_the_others_alone() -> None:
    lifted = {name: actor["agreed_without"] for name, actor in outcomes(village())["actors"].items()}
    assert lifted == {"upper": 15, "lower": 10, "mayor": 5}


def test_who_pledges_too_little_is_no_veto_to_be_lifted() -> None:
    """The mayor refuses guards, and has six of them: without its refusal there are still none."""
    case = copy.deepcopy(villages.CASE)
    case["consent"] = [rule("cover", when={"men": ">0"}, pledges={"of": "guards", "from": ["mayor"], "cover": "men"})]
    case["actors"]["mayor"]["preferences"] = [rule("idle", when={"guard": "small"}, points=-1)]
    mayor = outcomes(build_case(case))["actors"]["mayor"]
    assert mayor["accepts"] == 12
    assert outcomes(build_case(case))["agreed"] == 8  # no men, or five for a large guard
    assert mayor["agreed_without"] == 8
    assert mayor["needed"]


def test_a_quorum_counts_one_whose_refusal_does_not_count_as_willing() -> None:
    case = village(consent=[rule("two", quorum={"of": ["upper", "lower", "mayor"], "at_least": 2})])
    found = outcomes(case)
    assert found["agreed"] == 20  # the mayor accepts everything, and at every price one village does
    case = village(consent=[rule("all", quorum={"of": ["upper", "lower", "mayor"], "at_least": 3})])
    found = outcomes(case)
    assert (found["agreed"], found["actors"]["upper"]["agreed_without"]) == (5, 15)


def test_where_nobody_is_needed_the_frontier_is_among_all() -> None:
    found = outcomes(village(consent=[rule("anyone", quorum={"of": ["upper", "lower", "mayor"], "at_least": 1})]))
    assert found["agreed"] == found["packages"] == 20
    assert not any(actor["needed"] for actor in found["actors"].values())
    assert found["among"] == ["lower", "upper", "mayor"]


def test_all_solutions_of_the_villages_share_the_price_that_both_accept() -> None:
    """At 20 both gain 5; the guards matter to nobody, so five packages are alike, and the first is named."""
    found = outcomes(village(), top=ALL)
    assert found["acceptable"] == 5
    for solution in found["solutions"].values():
        assert solution["package"] == {"price": 20, "guard": "none", "men": 0}
        assert (solution["agreed"], solution["alike"]) == (True, 5)
        assert solution["surplus"] == {"lower": 5.0, "upper": 5.0, "mayor": 0.0}
    frontier = found["frontier"]
    assert sorted(prices(frontier["best"])) == [0, 10, 20, 30]
    assert (frontier["points"], frontier["packages"]) == (4, 20)
    assert (frontier["acceptable_points"], frontier["acceptable_packages"]) == (1, 5)


def test_among_names_who_counts() -> None:
    found = outcomes(village(), among=["upper"])
    assert found["among"] == ["upper"]
    assert found["solutions"]["nash"]["package"]["price"] == 30
    assert not found["solutions"]["nash"]["agreed"]


@pytest.mark.parametrize(
    ("among", "facts"),
    [
        (["uper"], ["'uper'", "Did you mean 'upper'?"]),
        (["nobody"], ["'nobody'", "lower, upper, mayor"]),
        (["upper", "upper"], ["'upper' is named twice"]),
    ],
)
def test_among_names_actors_of_the_case_each_once(among: list[str], facts: list[str]) -> None:
    with pytest.raises(UsageError) as mistake:
        outcomes(village(), among)
    assert all(fact in str(mistake.value) for fact in facts)


def test_where_the_zone_is_empty_the_nearest_packages_tell_who_stands_in_the_way() -> None:
    """Upper wants 35: at 30 it lacks 5 and Lower 5, at 20 it lacks 15 and Lower none, at 10 it is 25."""
    actors = copy.deepcopy(villages.CASE["actors"])
    actors["upper"]["reservation"]["base"] = 35
    found = outcomes(village(actors=actors), top=ALL)
    assert found["agreed"] == found["acceptable"] == 0
    assert set(found["solutions"].values()) == {None}
    nearest = found["nearest"]
    assert prices(nearest) == [30] * 5 + [20] * 5 + [10] * 5 + [0] * 5
    assert [one["shortfall"] for one in nearest[::5]] == [10, 15, 25, 35]
    assert [one["blocked_by"] for one in nearest[::5]] == [["lower", "upper"], *[["upper"]] * 3]


def test_a_line_that_is_never_sold_counts_before_points() -> None:
    actors = copy.deepcopy(villages.CASE["actors"])
    actors["lower"]["red_lines"] = [rule("tribute", when={"price": [20, 30]}, price="never")]
    found = outcomes(village(actors=actors), top=ALL)
    assert prices(found["nearest"]) == [10] * 5 + [0] * 5 + [20] * 5 + [30] * 5
    assert found["nearest"][-1]["surplus"]["lower"] == "never"
    assert found["actors"]["lower"]["accepts"] == 10
    # A line that is never sold is below every number: what it is crossed for is better for Upper alone.
    assert sorted(prices(found["frontier"]["best"])) == [0, 10, 30]


@pytest.mark.slow
@settings(max_examples=15)
@given(generated.cases())
def test_every_package_is_judged_as_it_is_alone(data: dict[str, Any]) -> None:
    case = build_case(data)
    alone, found = every_verdict(case), outcomes(case, top=ALL)
    assert found["packages"] == len(alone)
    assert found["agreed"] == sum(one["agreed"] for one in alone)
    for name, actor in found["actors"].items():
        answers = [one["actors"][name] for one in alone]
        assert actor["accepts"] == sum(answer["verdict"] == "accept" for answer in answers)
        # Whoever blocks is needed as things are, even where others could take its place.
        assert actor["needed"] <= any(answer["needed"] for answer in answers)
        assert actor["needed"] >= any(answer["needed"] and not answer["blocks"] for answer in answers)

    def lacks(actor: dict[str, Any]) -> float:
        """What an actor lacks to accept, and to send what it is asked to send."""
        sending = [one["surplus"] for one in actor["sends"].values() if one["asked"]]
        return float(max(0, -actor["surplus"], *(-surplus for surplus in sending)))

    def distance(judged: dict[str, Any]) -> tuple[float, ...]:
        blocked = judged["blocked_by"]
        short = [judged["actors"][one]["short"] if one in judged["actors"] else "never" for one in blocked]
        points = sum(lacks(judged["actors"][one]) for one in blocked if one in judged["actors"])
        return short.count("never"), round(points, 2), len(blocked)

    by_package = {tuple(one["package"].values()): one for one in alone}
    nearest = [by_package[tuple(one["package"].values())] for one in found["nearest"]]
    assert len(nearest) == len(alone)
    assert [distance(one) for one in nearest] == sorted(distance(one) for one in alone)
    for one, judged in zip(found["nearest"], nearest, strict=True):
        assert (one["agreed"], one["blocked_by"]) == (judged["agreed"], judged["blocked_by"])
        for name, points in one["surplus"].items():
            answer = judged["actors"][name]
            assert points == ("never" if answer["never"] else answer["surplus"])


@pytest.mark.parametrize("size", [1, 2, 7, 24, 1_000])
def test_blocks_hold_every_possible_text_once_in_order(size: int) -> None:
    space = OutcomeSpace(village())
    codes = [int(code) for block, _ in space.blocks(size) for code in block]
    texts = [text for _, block in space.blocks(size) for text in block.tolist()]
    assert codes == sorted(set(codes))
    assert len(codes) == 20
    assert space.texts(np.array(codes)).tolist() == texts
    assert space.codes(space.texts(np.array(codes))).tolist() == codes


def test_the_share_of_worlds_is_that_of_the_verdict() -> None:
    actors = copy.deepcopy(villages.CASE["actors"])
    actors["upper"]["reservation"]["base"] = {"low": 5, "high": 25}
    case = village(actors=actors)
    found = outcomes(case, worlds=300, seed=3, top=ALL)["in_worlds"]
    assert found["judged"] == 20
    for one in found["best"]:
        assert one["agreed_share"] == verdicts(case, one["package"], worlds=300, seed=3)["agreed_share"]
    shares = [one["agreed_share"] for one in found["best"]]
    assert shares == sorted(shares, reverse=True)
    assert 0.6 < shares[0] == found["any_agreed"] < 0.9  # a price of 20, in three worlds of four


def test_a_scenario_changes_the_numbers_and_not_the_space() -> None:
    scenario = build_scenario(
        villages.scenario({"price": 30}, {"name": "one_shot"}, changes={"actors.upper.reservation.base": 10})
    )
    found = outcomes(scenario)
    assert (found["scenario"], found["packages"], found["agreed"]) == ("well", 20, 10)


def test_progress_counts_packages_and_then_worlds() -> None:
    told: list[tuple[int, int]] = []
    outcomes(village(), worlds=50, progress=lambda done, whole: told.append((done, whole)))
    assert told == [(36, 36), (50, 50)]  # 4 x 3 x 3 packages, the impossible ones counted


@pytest.mark.slow
def test_the_zone_of_ukraine_is_thin_at_central_values() -> None:
    """Checked apart from this module in F15 (`tests/facts`)."""
    found = outcomes(load_case(case_paths.find("ukraine_2025")))
    assert found["packages"] == 2_514_240
    assert found["agreed"] < found["packages"] / 1000
    shares = {name: actor["share"] for name, actor in found["actors"].items()}
    assert shares["russia"] < shares["ukraine"]
    assert bool(found["nearest"][0]["blocked_by"]) == (found["agreed"] == 0)
    assert found["actors"]["russia"]["agreed_without"] > found["agreed"]


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(generated.cases())
def test_agreed_without_an_actor_is_agreed_if_it_consents(source: dict[str, Any]) -> None:
    """It still pledges no more than it sends, and its consent changes nothing where it is nowhere in the way."""
    case = build_case(source)
    for _, matrix, responses in central_blocks(case, OutcomeSpace(case)):
        answers, pledged, found = responses.answers, responses.pledged, responses.consent
        lifted = agreed_without(case, matrix, answers, pledged, found)
        for name in case.actors:
            expected = found.agreed
            if found.blockers[name].any():
                own = {
                    resource: {**given, name: given[name] * answers[name].sends(resource)} if name in given else given
                    for resource, given in pledged.items()
                }
                expected = consent(case, matrix, {**answers, name: Consenting()}, own).agreed
            assert np.array_equal(lifted[name], expected)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(generated.cases())
def test_surpluses_that_are_not_kept_lead_to_the_same_result(source: dict[str, Any]) -> None:
    case = build_case(source)
    kept = outcomes(case, list(generated.ACTORS)[1:])
    plane = tradeoff(case, enumerate_packages(case))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(enumeration, "KEPT_MOST", 0)
        patch.setattr(enumeration, "CHUNK_NUMBERS", 1)
        patch.setattr(outcomes_module, "CHUNK", 5)
        patch.setattr(rule_tables, "BLOCK", 8)
        patch.setattr(rule_tables, "TAIL_MOST", 2)
        patch.setattr(streamed_frontier, "MERGED", 4)
        assert enumerate_packages(case).kept is None
        assert outcomes(case, list(generated.ACTORS)[1:]) == kept
        assert tradeoff(case, enumerate_packages(case)) == plane


COMMITTEE = """
import resource, time
import sim
from tests.analysis.test_outcomes import yes_or_no
case = yes_or_no(24, 3)
found = sim.outcomes(yes_or_no(4, 3))
before = time.process_time()
found = sim.outcomes(case)
spent = time.process_time() - before
print(found["packages"], found["agreed"], found["frontier"]["points"], spent)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def yes_or_no(issues: int, actors: int, **more: Callable[[int], str]) -> Case:
    """A case of issues with two options, in which each actor likes or dislikes some combinations of two issues.

    `more` maps other keys of an issue to their values, by the number of the issue.
    """
    names, why = [f"a{place}" for place in range(actors)], {"assumption": "For a test."}
    return build_case(
        {
            "title": "Yes or no",
            "question": "Which?",
            "claims": {},
            "issues": {
                f"i{at}": {
                    "says": "An issue",
                    "options": ["no", "yes"],
                    "default": "no",
                    **{key: value(at) for key, value in more.items()},
                    **why,
                }
                for at in range(issues)
            },
            "consent": [{"rule": "all", "says": "All", "needs": names, **why}],
            "actors": {
                name: {
                    "name": name,
                    "role": "party",
                    "brief": "For a test.",
                    "reservation": {"base": 0, **why},
                    "preferences": [
                        {
                            "rule": f"r{at}",
                            "says": "Likes it or not",
                            "when": {f"i{at}": "yes", f"i{(at * 3 + place) % issues}": "no"},
                            "points": (at * 7 + place * 5) % 11 - 5,
                            **why,
                        }
                        for at in range(issues)
                        if (at * 3 + place) % issues != at
                    ],
                }
                for place, name in enumerate(names)
            },
        }
    )


@pytest.mark.slow
def test_sixteen_million_packages_take_twenty_seconds_and_a_gigabyte() -> None:
    run = subprocess.run([sys.executable, "-c", COMMITTEE], capture_output=True, text=True, check=True)
    packages, agreed, points, spent, memory = map(float, run.stdout.split())
    assert (packages, agreed, points) == (2**24, 1_936_691, 77)
    assert spent < 20 * 1.5
    assert memory < 1_000


def test_too_many_packages_are_refused_with_what_they_would_take() -> None:
    with pytest.raises(
        UsageError, match=r"has 536,870,912 packages; at most 16,777,216 .* about \d+ minutes and 24 GB"
    ):
        outcomes(yes_or_no(29, 3))
