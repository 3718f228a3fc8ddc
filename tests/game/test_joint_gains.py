"""Packages that are better than a deal: whoever signed the deal loses nothing by them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given, settings

from sim.game.debrief.joint_gains import Holdings, all_gains, compare_offer
from sim.game.debrief.table_results import TableResult
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import build_scenario
from tests.engine.generated import scenarios
from tests.engine.villages import rule, scenario


def test_a_package_is_no_better_if_a_signer_who_is_not_asked_any_more_loses_by_it() -> None:
    """A deal with guards needs the Mayor, who likes them. Without guards nobody asks it, and both villages gain."""
    source = scenario({"price": 20, "guard": "small", "men": 5}, {"name": "one_shot"})
    actors, consent = source["case"]["actors"], source["case"]["consent"]
    actors["mayor"]["preferences"] = [rule("likes_guards", when={"guard": "small"}, points=3)]
    for name in ("upper", "lower"):
        actors[name]["preferences"].append(rule("no_soldiers", when={"guard": "none"}, points=2))
    consent.append(rule("the_mayor_too", when={"guard": ["small", "large"]}, needs=["mayor"]))
    played = TableResult("T", play(build_scenario(source)))
    assert played.agreed
    assert dict(zip(played.case.actors, Holdings.after(played).signed.tolist(), strict=True)) == {
        "upper": True,
        "lower": True,
        "mayor": True,
    }
    without = compare_offer(played, {"price": 20, "guard": "none", "men": 0})
    assert without["gains"] == {"upper": 2, "lower": 2, "mayor": -3}
    assert (without["worse_for"], without["accepted"]) == (["mayor"], False)
    found = all_gains([played])["T"]
    assert (found["better"], found["on_frontier"], found["offers"]) == (0, True, [])


def test_who_was_never_asked_may_lose_by_a_better_package_and_is_named() -> None:
    """The same package is better where the deal did not need the Mayor: it signed nothing."""
    source = scenario({"price": 20, "guard": "small", "men": 5}, {"name": "one_shot"})
    actors = source["case"]["actors"]
    actors["mayor"]["preferences"] = [rule("likes_guards", when={"guard": "small"}, points=3)]
    for name in ("upper", "lower"):
        actors[name]["preferences"].append(rule("no_soldiers", when={"guard": "none"}, points=2))
    played = TableResult("T", play(build_scenario(source)))
    without = compare_offer(played, {"price": 20, "guard": "none", "men": 0})
    assert (without["concerned"], without["worse_for"], without["accepted"]) == (["lower", "upper"], ["mayor"], True)
    found = all_gains([played])["T"]
    assert found["better"] > 0
    assert found["better_for_all"] == 0


@pytest.mark.slow
@settings(max_examples=15)
@given(scenarios())
def test_nobody_who_signed_loses_by_any_package_that_is_called_better(source: dict[str, Any]) -> None:
    played = TableResult("T", play(build_scenario(source)))
    assume(played.agreed)
    held = Holdings.after(played)
    signers = [name for name, signed in zip(played.case.actors, held.signed, strict=True) if signed]
    found = all_gains([played], most=1_000)["T"]
    assert found["better"] == len(found["offers"])
    for offer in found["offers"]:
        assert set(offer["worse_for"]).isdisjoint(signers)
        assert max(offer["gains"][name] for name in signers) > 0
