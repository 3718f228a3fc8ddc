"""The debrief on cases small enough to work out by hand, or by trying everything."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest

from sim.analysis.judging.verdicts import verdicts
from sim.analysis.outcomes.outcomes import outcomes
from sim.case.models import Scenario
from sim.case_paths import find
from sim.engine.worlds import Streams
from sim.errors import CaseError, UsageError
from sim.game.debrief.debrief import debrief
from sim.game.debrief.joint_gains import all_gains, compare_offer, negotiable_gains
from sim.game.debrief.missed_deal import last_deal_in_reach
from sim.game.debrief.people_vs_rules import compare_with_rules
from sim.game.debrief.rule_benchmark import place_tables, play_benchmark
from sim.game.debrief.table_results import TableResult, negotiable_texts, tables_of
from sim.game.debrief.what_if import dispute
from sim.game.paper.rehearsal import rehearse
from sim.negotiation.model import DeliberationModel
from sim.negotiation.moves import Move, Phase
from sim.negotiation.record.history import Run
from sim.negotiation.record.summary import summarise
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import build_scenario, load_scenario
from tests import reference
from tests.engine.villages import WHY, guarded, rule, scenario
from tests.game.hall import Hall

SINGLE_TEXT = {"name": "single_text", "amend_terms": 1, "months": 4, "negotiable": ["price"]}
HEADLINE = load_scenario(find("european_force"))


def villages(proposal: dict[str, Any], protocol: dict[str, Any] = SINGLE_TEXT, **case: Any) -> Scenario:
    source = scenario(proposal, protocol)
    source["case"] |= case
    return build_scenario(source)


def finished(script: Scenario, answers: dict[str, list[Move]], seed: int = 0) -> Run:
    """Play with people who answer month by month, their last answer again and again; drafts are moves with terms."""
    model = DeliberationModel(script, seats=answers, rng=seed)
    while model.running:
        for name in sorted(model.waiting):
            month = min(model.month, len(answers[name])) - 1
            given = answers[name][month]
            drafting = model.phase is Phase.AMENDMENT
            model.give(
                name, Move(amend=given.amend, says=given.says) if drafting else Move(given.verdict, says=given.says)
            )
        model.advance()
    return model.result


YES, NO = Move(verdict="accept"), Move(verdict="holding_out")


def liking_guards() -> dict[str, Any]:
    """A case in which both villages like guards, so that a deal without any is not on the frontier."""
    source = scenario({"price": 20}, {"name": "one_shot"})
    for name, points in (("upper", 4), ("lower", 3)):
        source["case"]["actors"][name]["preferences"].append(rule("guards", when={"guard": "small"}, points=points))
    return source


# -- walk-away values, outcome, side by side ---------------------------------------------------------------------------


def test_every_seat_is_told_what_it_has_against_its_walk_away_value() -> None:
    # Upper earns 20 and walks away at 15; Lower pays 20 and would bear 25.
    played = TableResult("T", finished(villages({"price": 20}), {"lower": [YES]}))
    found = debrief(played.run.scenario, [played])
    assert {name: one["got"] for name, one in found["tables"][0]["walk_away"].items()} == {
        "upper": 5,
        "lower": 5,
        "mayor": 0,
    }
    assert found["side_by_side"][0]["outcome"] == "agreed"
    json.dumps(found, allow_nan=False)


def test_without_a_deal_everybody_keeps_its_walk_away_value() -> None:
    played = TableResult("T", finished(villages({"price": 20}), {"lower": [NO], "upper": [YES]}))
    found = debrief(played.run.scenario, [played])["tables"][0]
    assert found["outcome"] == "expired"
    assert {one["got"] for one in found["walk_away"].values()} == {0}
    assert [one["surplus"] for one in found["walk_away"]["lower"]["by_month"]] == [5] * 4


def test_a_table_that_is_stopped_is_told_as_far_as_it_went() -> None:
    model = DeliberationModel(villages({"price": 30}), rng=0)
    model.step()
    played = TableResult("T", model.result)
    found = debrief(played.run.scenario, [played])["tables"][0]
    assert (found["outcome"], found["months"]) == ("open", 1)


def test_before_the_first_decision_there_is_nothing_to_discuss() -> None:
    with pytest.raises(UsageError, match="T: there is nothing to discuss before the first month is decided"):
        TableResult("T", DeliberationModel(villages({"price": 30}), rng=0).result)
    with pytest.raises(UsageError, match="a table plays one world, not 20"):
        TableResult("T", play(villages({"price": 30}), 20))
    with pytest.raises(UsageError, match="no table has been played"):
        debrief(villages({"price": 30}), [])
    played = TableResult("T", play(villages({"price": 30})))
    with pytest.raises(UsageError, match=r"two tables have the same name \(T, T\)"):
        debrief(villages({"price": 30}), [played, played])


# -- gains left on the table -------------------------------------------------------------------------------------------


def better_by_brute_force(played: TableResult) -> list[dict[str, Any]]:
    """Every possible package that is worse for neither village and better for one, by the slow reading of the model."""
    case = played.case
    known = reference.central(case)
    had = dict(
        zip(
            case.issues,
            [case.issues[name].options[at] for name, at in zip(case.issues, played.text, strict=True)],
            strict=True,
        )
    )
    mine = reference.evaluate(case, had, known).answers
    found = []
    for options in itertools.product(*(issue.options for issue in case.issues.values())):
        one = dict(zip(case.issues, options, strict=True))
        if reference.possible(case, one):
            theirs = reference.evaluate(case, one, known).answers
            gains = [theirs[name].surplus - mine[name].surplus for name in ("upper", "lower")]
            if min(gains) >= 0 and max(gains) > 0:
                found.append(one)
    return found


def test_gains_left_are_those_that_trying_everything_finds() -> None:
    played = TableResult("T", play(build_scenario(liking_guards())))
    assert played.agreed
    expected = better_by_brute_force(played)
    assert expected
    found = all_gains([played], 99)["T"]
    assert sorted(map(str, expected)) == sorted(str(one["package"]) for one in found["offers"])
    assert (found["better"], found["on_frontier"]) == (len(expected), False)
    # A small guard alone gives Upper 4 and Lower 3: even the one who gains least gains 3.
    assert found["distance"] == 3
    assert found["offers"][0]["gains"] == {"upper": 4, "lower": 3, "mayor": 0}
    assert all(one["accepted"] for one in found["offers"])


def test_of_what_can_be_negotiated_the_gains_are_the_same() -> None:
    source = liking_guards() | {"protocol": {**SINGLE_TEXT, "months": 1, "negotiable": None}}
    played = TableResult("T", play(build_scenario(source)))
    assert negotiable_gains(played, 99) == all_gains([played], 99)["T"]
    unmoved = TableResult("T", play(build_scenario(liking_guards())))  # take it or leave it: nothing is negotiable
    found = negotiable_gains(unmoved, 99)
    assert found is not None
    assert (found["judged"], found["better"]) == (1, 0)


def test_a_deal_that_can_only_be_shifted_lies_on_the_frontier() -> None:
    played = TableResult("T", play(villages({"price": 20}, {"name": "one_shot"})))
    found = negotiable_gains(played)
    assert found is not None
    assert (found["better"], found["on_frontier"], found["distance"], found["offers"]) == (0, True, 0, [])


def test_where_there_is_no_deal_the_zone_is_what_was_left() -> None:
    played = TableResult("T", finished(villages({"price": 20}), {"lower": [NO]}))
    found = negotiable_gains(played)
    assert found is not None
    assert not found["on_frontier"]
    assert [one["package"]["price"] for one in found["offers"]] == [20]  # 10 is too little for Upper, 30 too much
    assert found["better"] == outcomes(villages({"price": 20}))["agreed"] / 5  # 5 ways to guard, none negotiable


@pytest.mark.parametrize(("more", "accepted"), [(0, True), (-1, False)])
def test_who_sends_for_a_deal_sends_for_what_costs_it_no_more(more: int, accepted: bool) -> None:
    """The Mayor sends guards for a deal although its rules, a point short, would not; at 10 it may lose more."""
    terms = {"price": 20, "guard": "small", "men": 5}
    source = guarded(terms, {"name": "one_shot"})
    actors = source["case"]["actors"]
    actors["upper"]["preferences"].append(rule("thrift", when={"price": 10}, points=20))
    actors["mayor"]["capacities"]["guards"]["when_sent"].append(rule("far", when={"price": 10}, points=more))
    model = DeliberationModel(build_scenario(source), seats=["mayor"], rng=0)
    while model.running:
        for name in model.waiting:
            model.give(name, Move(verdict="accept", pledge={"guards": 5}))
        model.advance()
    played = TableResult("T", model.result)
    assert played.agreed
    better = compare_offer(played, {**terms, "price": 10})
    assert better["gains"] == {"upper": 10, "lower": 10, "mayor": 0}
    assert better["accepted"] == accepted


@pytest.mark.slow
def test_the_headline_leaves_an_empty_zone() -> None:
    played = TableResult("T", play(HEADLINE))
    found = debrief(HEADLINE, [played])["tables"][0]
    assert found["gains"]["negotiable"]["better"] == 0 == rehearse(HEADLINE)["zone"]["agreed"][found["months"] - 1]
    assert found["in_reach"] is None
    last = [no for no in found["noes"] if no["last"] and no["to_month"] == found["months"]]
    assert {no["actor"] for no in last} == {one for one in found["blocked_by"] if one in HEADLINE.case.actors}
    line = next(no for no in last if no["actor"] == "russia")["against"][0]
    assert (line["rule"], line["points"], "C31" in line["sources"]) == ("western_troops", "never", True)


def test_an_offer_tells_who_would_be_worse_off() -> None:
    played = TableResult("T", play(build_scenario(liking_guards())))
    worse = compare_offer(played, {"price": 30, "guard": "none", "men": 0})
    assert worse["gains"] == {"upper": 10, "lower": -10, "mayor": 0}
    assert (worse["worse_for"], worse["accepted"]) == (["lower"], False)


# -- the last moment, noes, understudies -------------------------------------------------------------------------------


def test_the_last_moment_is_the_last_month_in_which_an_amendment_would_have_been_agreed() -> None:
    # By its rules Lower refuses 30 and Upper asks for it; 20, one term away, suits both in every month.
    script = villages({"price": 30})
    run = finished(script, {"upper": [Move("accept")], "lower": [NO]})
    found = last_deal_in_reach(TableResult("T", run))
    assert found is not None
    assert (found["month"], found["change"], found["surplus"]["upper"], found["surplus"]["lower"]) == (
        4,
        {"price": [30, 20]},
        5,
        5,
    )


def test_the_last_moment_passes_as_the_context_moves() -> None:
    """The drought rises by a quarter a month, and Upper asks for 8 points more each time: 20 is enough in month 1."""
    source = scenario({"price": 30}, {**SINGLE_TEXT, "months": 3})
    slope = {"context": "drought", "points": 32, **WHY}
    source["case"]["actors"]["upper"]["reservation"]["slopes"] = [slope]
    script = build_scenario(source)
    run = finished(script, {"upper": [NO], "lower": [NO]})
    found = last_deal_in_reach(TableResult("T", run))
    by_hand = [
        [paid for paid in (0, 10, 20, 30) if paid - 15 - 32 * min(1, 0.25 * (month - 1)) >= 0 and 25 - paid >= 0]
        for month in (1, 2, 3)
    ]
    assert by_hand == [[20], [], []]
    assert found is not None
    assert (found["month"], found["package"]["price"]) == (1, 20)


def test_a_no_is_told_with_its_reasons_and_what_would_have_turned_it() -> None:
    played = TableResult("T", finished(villages({"price": 30}), {"upper": [Move("accept")]}))
    [no] = [one for one in debrief(played.run.scenario, [played])["tables"][0]["noes"] if one["actor"] == "lower"]
    assert [entry["rule"] for entry in no["against"]] == ["price_30"]
    assert no["yes_if"]["terms"] == 1
    assert no["yes_if"]["sets"][0] == {"price": [30, 20]}  # leaves nobody against it, so it comes first
    assert (no["withholds"], no["own_mind"]) == ([], False)


def test_who_supports_a_text_and_keeps_what_it_asks_for_has_said_no_too() -> None:
    """The Mayor gains 3 by the guard, and would lose 4 by sending it."""
    source = guarded({"price": 20, "guard": "small", "men": 5}, SINGLE_TEXT)
    played = TableResult("T", play(build_scenario(source)))
    found = debrief(played.run.scenario, [played])["tables"][0]
    [no] = [one for one in found["noes"] if one["actor"] == "mayor"]
    assert (no["verdict"], no["withholds"], no["blocks"], no["own_mind"]) == ("accept", ["guards"], True, False)
    assert [entry["rule"] for entry in no["against"]] == ["own_men"]
    assert found["walk_away"]["mayor"]["last_text"]["sends"]["guards"]["surplus"] == -1
    assert found["walk_away"]["mayor"]["got"] == 0


@pytest.mark.parametrize(
    ("cost", "pledge", "sends", "alike", "own_mind"),
    [
        (-2, {"guards": 0}, [0, 6], False, True),
        (-2, {"guards": 4}, [4, 6], True, None),  # too few for the text, and more than nothing
        (-4, {"guards": 0}, [0, 0], True, False),
        (-4, {"guards": 5}, [5, 0], False, None),
    ],
)
def test_what_a_person_sends_stands_beside_what_its_rules_would_have_sent(
    cost: float, pledge: dict[str, float], sends: list[float], alike: bool, own_mind: bool | None
) -> None:
    source = guarded({"price": 20, "guard": "small", "men": 5}, {"name": "one_shot"}, cost=cost)
    model = DeliberationModel(build_scenario(source), seats=["mayor"], rng=0)
    while model.running:
        for name in model.waiting:
            model.give(name, Move(verdict="accept", pledge=pledge))
        model.advance()
    played = TableResult("T", model.result)
    [move] = compare_with_rules(played)["moves"]
    assert (move["did"], move["understudy"], move["sends"], move["alike"]) == (
        "accept",
        "accept",
        {"guards": sends},
        alike,
    )
    refusals = debrief(played.run.scenario, [played])["tables"][0]["noes"]
    assert [one["own_mind"] for one in refusals] == ([] if own_mind is None else [own_mind])


def test_moves_stand_beside_what_the_rules_would_have_done() -> None:
    # Lower holds out for no reason; Upper drafts 10, where its rules would have drafted 20.
    script = villages({"price": 30})
    run = finished(
        script, {"lower": [NO, Move("accept", says="Fine.")], "upper": [Move("accept", amend={"price": 10})]}
    )
    found = compare_with_rules(TableResult("T", run))
    [draft] = [move for move in found["moves"] if move["kind"] == "drafts"]
    assert (draft["did"], draft["understudy"], draft["alike"]) == ({"price": [30, 10]}, {"price": [30, 20]}, False)
    told = [(move["month"], move["actor"], move["did"], move["understudy"], move["alike"]) for move in found["moves"]]
    assert (1, "lower", "holding_out", "worse_than_no_deal", True) in told
    assert (2, "lower", "accept", "accept", True) in told
    assert (2, "upper", "accept", "worse_than_no_deal", False) in told
    assert (found["answers"], found["answers_alike"]) == (4, 3)


def test_one_who_plays_by_the_rules_does_what_its_understudy_does() -> None:
    model = DeliberationModel(HEADLINE, seats=["russia", "ukraine"], rng=0)
    alone = summarise(play(HEADLINE))
    while model.running:
        for name in sorted(model.waiting):
            verdict = alone["timeline"][model.month - 1]["reactions"][name]["verdict"]
            model.give(name, Move(verdict=verdict))
        model.advance()
    found = compare_with_rules(TableResult("T", model.result))
    assert found["answers"] == found["answers_alike"] == 2 * alone["months"]
    assert model.result.outcome == play(HEADLINE).outcome


def drafting(script: Scenario, *drafts: Move, **answers: Move) -> TableResult:
    """Play with Upper and others by people; Upper makes these drafts, one a month, and then passes."""
    model = DeliberationModel(script, seats=["upper", *answers], rng=0)
    while model.running:
        for name in sorted(model.waiting):
            if model.phase is Phase.AMENDMENT:
                model.give(name, drafts[model.month - 1] if model.month <= len(drafts) else Move())
            else:
                model.give(name, answers.get(name, YES))
        model.advance()
    return TableResult("T", model.result)


def test_a_draft_stands_beside_what_the_rules_would_have_drafted_knowing_the_same() -> None:
    """What a person tables changes what the rules would do next, and so does what people answer."""
    played = drafting(
        villages({"price": 30}, {**SINGLE_TEXT, "months": 5}), Move(amend={"price": 20}), Move(), lower=NO
    )
    drafts = [one for one in compare_with_rules(played)["moves"] if one["kind"] == "drafts"]
    told = [(one["month"], one["did"], one["understudy"], one["understudy_ends"], one["alike"]) for one in drafts]
    assert told[:2] == [
        (1, {"price": [30, 20]}, {"price": [30, 20]}, False, True),
        (2, {}, {}, False, True),  # by its rules Lower would accept 20; as it does not, Upper has nothing better
    ]
    assert [one["month"] for one in drafts] == [1, 2, 3, 4]


def test_where_the_rules_would_have_given_up_it_is_said() -> None:
    script = villages({"price": 20}, {**SINGLE_TEXT, "patience": 0, "negotiable": ["guard"]})
    played = drafting(script, Move(), lower=NO)
    draft = next(one for one in compare_with_rules(played)["moves"] if one["kind"] == "drafts")
    assert (draft["did"], draft["understudy"], draft["understudy_ends"], draft["alike"]) == ({}, {}, True, False)


def test_who_leaves_the_text_to_other_drafters_has_made_no_draft() -> None:
    source = scenario({"price": 30}, SINGLE_TEXT, co_sponsors=["lower"])
    model = DeliberationModel(build_scenario(source), seats=["upper"], rng=0)
    while model.running:
        for name in model.waiting:
            model.give(name, Move() if model.phase is Phase.AMENDMENT else YES)
        model.advance()
    found = compare_with_rules(TableResult("T", model.result))["moves"]
    assert [one["kind"] for one in found] == ["answers"] * len(model.months)


# -- among worlds, dispute, rehearsal ----------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_table_is_placed_among_worlds() -> None:
    script = load_scenario(find("warm_flat"))
    played = TableResult("T", play(script))
    benchmark = play_benchmark(script, 300, seed=1)
    alone = [summarise(play(script, uniforms=Streams(1, 1, world))) for world in range(300)]
    found = place_tables(benchmark, [played])
    assert found["outcomes"]["agreed"]["worlds"] == sum(one["outcome"] == "agreed" for one in alone)
    for name, better in found["tables"]["T"]["better_than"].items():
        mine = summarise(play(script))["final"]["actors"][name]["surplus"]
        got = [one["final"]["actors"][name]["surplus"] if one["outcome"] == "agreed" else 0 for one in alone]
        assert better == pytest.approx(sum(one < mine - 1e-6 for one in got) / 300, abs=1 / 300)


def test_progress_counts_to_its_end() -> None:
    script, ticks = load_scenario(find("warm_flat")), list[tuple[int, int]]()
    play_benchmark(script, 1500, progress=lambda done, total: ticks.append((done, total)))
    assert ticks == [(1000, 1500), (1500, 1500)]
    ticks.clear()
    all_gains([TableResult("T", play(script))], progress=lambda done, total: ticks.append((done, total)))
    assert ticks[-1][0] == ticks[-1][1]


def test_a_dispute_says_what_set_says() -> None:
    path, value = "actors.russia.red_lines.western_troops.price", 0
    changed = load_scenario(find("european_force"), {path: value})
    found = dispute(HEADLINE, path, value, [TableResult("T", play(HEADLINE))])
    judged, told = verdicts(changed), summarise(play(changed))
    opening = found["texts"][0]
    assert {name: one["verdict"][1] for name, one in opening["actors"].items()} == {
        name: actor["verdict"] for name, actor in judged["actors"].items()
    }
    assert [found["played"][key][1] for key in ("outcome", "months", "final_package")] == [
        told[key] for key in ("outcome", "months", "final_package")
    ]
    assert (found["value"], found["texts"][1]["table"]) == (["never", 0], "T")


def test_a_dispute_over_nothing_changes_nothing() -> None:
    price = HEADLINE.case.numbers["actors.ukraine.red_lines.more_land.price"].distribution.central
    found = dispute(HEADLINE, "actors.ukraine.red_lines.more_land.price", price)
    assert not found["anything_changed"]


def test_a_dispute_over_an_unknown_number_names_the_nearest() -> None:
    with pytest.raises(CaseError, match=r"the case has no number 'context.us_ad.start'\. Did you mean"):
        dispute(HEADLINE, "context.us_ad.start", 0)


@pytest.mark.slow
def test_a_rehearsal_is_the_run_and_warns_of_an_empty_zone() -> None:
    found, told = rehearse(HEADLINE), summarise(play(HEADLINE))
    assert [found[key] for key in ("outcome", "months", "final_package")] == [
        told[key] for key in ("outcome", "months", "final_package")
    ]
    assert found["warnings"] == ["empty"]
    assert found["zone"]["nearest"]["blocked_by"]
    assert rehearse(HEADLINE, seed=5)["outcome"] == summarise(play(HEADLINE, uniforms=Streams(5, 1)))["outcome"]


def test_a_rehearsal_says_what_would_make_a_deal_possible() -> None:
    """Lower bears 25 and Upper asks for 15: with the price not negotiable, 30 is refused, and 20 is the way out."""
    found = rehearse(villages({"price": 30}, {**SINGLE_TEXT, "negotiable": ["guard", "men"]}))
    assert found["warnings"] == ["empty"]
    assert found["zone"]["one_no_away"] == {"lower": 5}
    assert [one["change"] for one in found["possible_with"]["flips"]] == [{"price": [30, 20]}]
    free = rehearse(villages({"price": 30}))
    assert free["warnings"] == []
    assert free["zone"]["best"]["package"]["price"] == 20


def test_the_texts_that_can_be_negotiated_are_all_of_them() -> None:
    run = play(villages({"price": 30}, {**SINGLE_TEXT, "negotiable": ["price", "guard", "men"]}))
    texts = negotiable_texts(run)
    assert texts is not None
    assert len(texts) == outcomes(run.scenario)["packages"] == 4 * 5


# -- a session ---------------------------------------------------------------------------------------------------------


def test_what_came_of_the_round_after_the_talks_is_told() -> None:
    script = build_scenario(liking_guards())
    guards = {"price": 20, "guard": "small", "men": 5}
    played = TableResult("T", play(script), settlement={"text": guards, "answers": {"upper": True}, "accepted": True})
    found = debrief(script, [played])["tables"][0]["settlement"]
    assert found["change"] == {"guard": ["none", "small"], "men": [0, 5]}
    assert (found["accepted"], found["gains"]) == (True, {"upper": 4, "lower": 3, "mayor": 0})


def test_a_session_brings_its_round_along_once_it_is_decided() -> None:
    registry = Hall("house_rules")
    registry.seat("ben")
    registry.teach("start")
    while not registry.table().over:
        registry.pass_on("accept")
    registry.teach("settle", table=1, package=dict(registry.table().scenario.case.default))
    assert tables_of(registry.session)[0].settlement is None
    version = registry.session.entries[-1].n
    registry.do("ben", "settle_vote", table=1, version=version, accept=False)
    told = debrief(registry.session.scenario, tables_of(registry.session))["tables"][0]["settlement"]
    assert (told["accepted"], told["answers"]["ben"]) == (False, False)


def test_a_session_is_told_with_its_people_and_its_public_words_alone() -> None:
    registry = Hall("warm_flat")
    registry.seat("ana", "ben")
    registry.teach("start")
    registry.do("ana", "say", table=1, text="I am freezing.")
    registry.do("ben", "whisper", table=1, to="ana", text="SECRET")
    registry.pass_on()
    registry.teach("finish")
    tables = tables_of(registry.session)
    found = debrief(registry.session.scenario, tables)
    assert found["tables"][0]["people"]["ana"] == ["ana"]
    assert [note["text"] for month in found["tables"][0]["timeline"] for note in month["notes"]] == ["I am freezing."]
    assert "SECRET" not in json.dumps(found)


def test_who_has_moved_and_gone_is_remembered_beside_the_moves() -> None:
    registry = Hall("warm_flat")
    registry.seat("ana")
    registry.teach("start")
    registry.vote("ana", "red_line")
    registry.do("ana", "say", table=1, text="I am off.")
    registry.teach("remove", person="ana")
    registry.do("b", "join", person="b", name="Bea")
    registry.do("b", "sit", table=1, actor="ana")
    [played] = tables_of(registry.session)
    assert played.people["ana"] == ["ana", "Bea"]
    assert [note["by"] for note in played.notes] == ["Ana"]  # whose chair it was
