"""Packages that are better than a deal: whoever signed the deal loses nothing by them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import assume, given, settings

from sim.game.debrief.debrief import debrief
from sim.game.debrief.joint_gains import Holdings, all_gains, compare_offer, negotiable_gains
from sim.game.debrief.table_results import TableResult, negotiable_texts, tables_of
from sim.game.session import views
from sim.game.session.rejections import RejectedActionError
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import build_scenario
from sim.report.document.debrief_html import page
from sim.report.document.debrief_html import tables as debrief_tables
from sim.strings import Strings
from tests.engine.generated import scenarios
from tests.engine.villages import rule, scenario
from tests.game.hall import Hall


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


def improved() -> Hall:
    """A table whose talks expired, and whose seats then all accepted a better text."""
    registry = Hall("house_rules")
    registry.seat("ana", "ben", "cleo")
    registry.teach("start")
    while not registry.table().over:
        registry.pass_on("holding_out")
    [played] = tables_of(registry.session)
    gains = negotiable_gains(played)
    assert gains is not None
    better = next(offer for offer in gains["offers"] if not offer["worse_for"])
    registry.teach("settle", table=1, package=better["package"])
    version = registry.session.entries[-1].n
    for actor in ("ana", "ben", "cleo"):
        registry.do(actor, "settle_vote", table=1, version=version, accept=True)
    return registry


def test_a_text_that_all_accepted_after_the_talks_is_the_ending_everywhere() -> None:
    registry = improved()
    session, table = registry.session, registry.table()
    assert table.settlement is not None
    package = table.model.space.decode(table.settlement.text[0])
    for view in (views.public(session, table), views.projector(session)["tables"][0], views.seat(session, "ana")):
        assert (view["outcome"], view["improved"]) == ("agreed", True)
        assert {row["issue"]: row["option"] for row in view["text"]} == package
        assert view["decision"] == {"agreed": True, "blocked_by": [], "unmet": []}
        assert {answer["verdict"] for answer in view["answers"].values()} == {"accept"}
    [played] = tables_of(session)
    report = debrief(session.scenario, [played])
    [row] = report["side_by_side"]
    settlement = report["tables"][0]["settlement"]
    assert settlement is not None
    assert (row["outcome"], row["final"], row["blocked_by"]) == ("agreed", package, [])
    assert row["got"] == settlement["gains"]  # the talks had ended with nothing
    assert min(row["got"].values()) >= 0
    assert max(row["got"].values()) > 0
    plain = json.loads(json.dumps(report))
    assert '"agreed"' in debrief_tables(plain, Strings.load())["tables.csv"]
    assert "expired" not in debrief_tables(plain, Strings.load())["tables.csv"]
    assert "no agreement, so it kept" not in page(plain, Strings.load(), "Parley")


def test_nobody_accepts_an_improvement_that_is_worth_less_than_the_ending() -> None:
    registry = Hall("house_rules")
    registry.seat("ana", "ben", "cleo")
    registry.teach("start")
    while not registry.table().over:
        registry.pass_on("holding_out")
    [played] = tables_of(registry.session)
    texts = negotiable_texts(played.run)
    assert texts is not None
    packages = [registry.table().model.space.decode(text) for text in texts]
    worse = next(one for one in packages if compare_offer(played, one)["worse_for"])
    loser = compare_offer(played, worse)["worse_for"][0]
    registry.teach("settle", table=1, package=worse)
    version = registry.session.entries[-1].n
    with pytest.raises(RejectedActionError, match="worth less than how the talks ended"):
        registry.do(loser, "settle_vote", table=1, version=version, accept=True)
    registry.do(loser, "settle_vote", table=1, version=version, accept=False)
