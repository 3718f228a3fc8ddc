"""The talks of the engine against those of the slow model: month by month, move by move."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.case.models import Scenario
from sim.engine.worlds import Central, Streams, Uniforms
from sim.negotiation.record.summary import summarise
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import build_scenario, load_scenario
from tests.drawn import numbers
from tests.engine.generated import bargains, scenarios
from tests.engine.villages import WHY, rule, scenario
from tests.reference import Answer
from tests.reference_protocols import talk
from tests.reference_talks import Month, Move, Story
from tests.test_reference import FILES, SCENARIOS

SHORT = ("flatmates/house_rules.yaml", "ukraine_2025/european_force.yaml", "ukraine_2025/american_guarantee.yaml")
CLOSE = 0.0011
"""The record rounds to three decimals."""


def both(scenario: Scenario, uniforms: Uniforms) -> tuple[dict[str, Any], Story]:
    """The record of the engine for one world, and the story of the slow model in the same one."""
    run = play(scenario, uniforms=uniforms)
    contexts = [
        {name: float(level[0]) for name, level in month.evaluation.situation.context.items()} for month in run.months
    ]
    contexts += contexts[-1:] * scenario.protocol.months  # so that the slow model may differ by going on
    return summarise(run), talk(scenario, numbers(scenario.case, uniforms), contexts)


def compare(told: Mapping[str, Any], story: Story) -> None:
    """Hold a record against a story."""
    texts = [month["text"] for month in told["timeline"]]
    moves = [month["move"] and month["move"]["kind"] for month in told["timeline"]]
    assert moves == [month.move and month.move.kind for month in story.months]
    assert texts == [month.text for month in story.months]
    assert (told["outcome"], told["months"]) == (story.ending, len(story.months))
    for fast, slow in zip(told["timeline"], story.months, strict=True):
        compare_months(fast, slow)


def compare_months(fast: Mapping[str, Any], slow: Month) -> None:
    """Hold one month of a record against one of a story."""
    outcome = slow.outcome
    assert set(fast["blocked_by"]) == outcome.blocked_by
    assert listed(fast["learnt"], "closed") == slow.learnt
    for name, one in outcome.answers.items():
        compare_answers(fast["reactions"][name], one)
        assert fast["reactions"][name]["blocks"] == (name in outcome.blocking)
        for what, sending in fast["reactions"][name]["sends"].items():
            assert sending["asked"] == (what in outcome.asked[name])
    if slow.move is not None:
        compare_moves(fast["move"], slow.move)


def compare_answers(fast: Mapping[str, Any], slow: Answer) -> None:
    """Hold one actor's two answers against each other."""
    assert fast["verdict"] == slow.verdict
    assert fast["surplus"] == pytest.approx(slow.surplus, abs=CLOSE)
    assert fast["pledge"] == pytest.approx(slow.pledge, abs=CLOSE)
    assert {what: one["sends"] for what, one in fast["sends"].items()} == slow.sends
    assert {what: one["surplus"] for what, one in fast["sends"].items()} == pytest.approx(slow.sending, abs=CLOSE)


def compare_moves(fast: Mapping[str, Any], slow: Move) -> None:
    """Hold one move against another."""
    assert (fast["kind"], tuple(fast["by"]), set(fast["changed"])) == (slow.kind, slow.by, set(slow.changed))
    assert fast["surplus"].keys() == slow.surplus.keys()  # the gaps of rules that are stuck are for the record only
    for name in slow.surplus:
        gaps = [math.inf if one is None else one for one in fast["gaps"][name]]
        assert gaps == [pytest.approx(one, abs=CLOSE) for one in slow.gaps[name]], name
    for name, pair in slow.surplus.items():
        assert tuple(fast["surplus"][name]) == pytest.approx(pair, abs=CLOSE), name
    assert listed(fast["crosses"], "blocks") == slow.crosses
    assert listed(fast["learnt"], "closed") == slow.learnt


def listed(lines: list[dict[str, Any]], what: str) -> tuple[tuple[str, str, bool], ...]:
    return tuple((one["actor"], one["line"], one[what]) for one in lines)


@pytest.mark.slow
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(scenarios(), bargains()), st.integers(-1, 5))
def test_generated_talks_go_the_same_way(source: dict[str, Any], world: int) -> None:
    uniforms = Central() if world < 0 else Streams(seed=3, count=1, start=world)
    compare(*both(build_scenario(source), uniforms))


def test_contributors_know_that_a_party_accepts_its_own_offer() -> None:
    """Upper's own offer crosses a line that Upper has declared; the mayor would mind if Upper stood by it.

    When Upper compares a new offer with its last one, Lower alone is to be won.
    """
    source = scenario({"price": 30}, {"name": "alternating", "amend_terms": 1, "months": 6, "negotiable": ["price"]})
    actors = source["case"]["actors"]
    actors["lower"]["aspiration"] = {"opening": 24, "e": 1, **WHY}
    actors["upper"]["red_lines"] = [rule("no_more", when={"price": 30}, price="never", declared=True)]
    actors["mayor"]["preferences"] = [rule("heeds_upper", when={"declared_red_line": "upper"}, points=-1)]
    source["case"]["consent"].append(rule("mayor_too", needs=["mayor"]))
    told, story = both(build_scenario(source), Central())
    compare(told, story)
    assert told["timeline"][2]["move"]["gaps"] == {"lower": [21, 11]}


@pytest.mark.slow
@pytest.mark.parametrize("file", SHORT)
def test_bundled_talks_go_the_same_way(file: str) -> None:
    compare(*both(load_scenario(SCENARIOS / file), Central()))


@pytest.mark.slow
@pytest.mark.parametrize("file", FILES)
def test_all_bundled_talks_go_the_same_way_in_drawn_worlds(file: str) -> None:
    for world in range(2):
        compare(*both(load_scenario(SCENARIOS / file), Streams(seed=0, count=1, start=world)))
