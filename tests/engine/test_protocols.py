"""The three protocols, month by month, on a case that can be worked out by hand."""

from __future__ import annotations

from typing import Any

from sim.negotiation.record.summary import summarise
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import build_scenario
from tests.engine.villages import WHY, actor, price, rule, scenario


def story(source: dict[str, Any]) -> dict[str, Any]:
    return summarise(play(build_scenario(source)))


def prices(told: dict[str, Any]) -> list[Any]:
    return [month["text"]["price"] for month in told["timeline"]]


def test_one_shot_is_take_it_or_leave_it() -> None:
    told = story(scenario({"price": 20}, {"name": "one_shot"}))
    assert (told["outcome"], told["months"], told["blocked_by"]) == ("agreed", 1, [])
    told = story(scenario({"price": 30}, {"name": "one_shot"}))
    assert (told["outcome"], told["blocked_by"]) == ("impasse", ["lower"])


def test_one_shot_ignores_what_anybody_would_hold_out_for() -> None:
    source = scenario({"price": 20}, {"name": "one_shot", "months": 12})
    source["case"]["actors"]["lower"]["aspiration"] = {"opening": 50, "e": 1, **WHY}
    assert story(source)["outcome"] == "agreed"


def test_a_sponsor_that_refuses_its_own_text_withdraws_it() -> None:
    assert story(scenario({"price": 10}, {"name": "one_shot"}))["outcome"] == "collapsed"


def test_single_text_takes_the_amendment_with_the_fewest_blockers() -> None:
    told = story(scenario({"price": 30}, {"name": "single_text", "amend_terms": 1}))
    assert prices(told) == [30, 20]
    assert told["timeline"][1]["changed"] == {"price": [30, 20]}
    assert (told["outcome"], told["months"]) == ("agreed", 2)


def test_single_text_never_tables_what_a_sponsor_would_refuse_and_waits_before_it_gives_up() -> None:
    source = scenario({"price": 30}, {"name": "single_text", "amend_terms": 1, "negotiable": ["price"]})
    source["case"]["actors"]["lower"]["reservation"]["base"] = -5  # it pays nothing; Upper takes 20 or 30
    told = story(source)
    assert prices(told) == [30, 20, 20, 20, 20]
    assert [month["move"]["kind"] for month in told["timeline"][1:]] == ["improve", "stand", "stand", "stand"]
    assert (told["outcome"], told["blocked_by"]) == ("impasse", ["lower"])
    source["protocol"]["patience"] = 0
    assert prices(story(source)) == [30, 20]


def test_single_text_expires_when_the_months_run_out() -> None:
    source = scenario({"price": 30}, {"name": "single_text", "amend_terms": 1, "months": 2})
    source["case"]["actors"]["lower"]["reservation"]["base"] = 500
    assert (story(source)["outcome"], story(source)["months"]) == ("expired", 2)


def test_a_line_that_is_known_not_to_be_for_sale_ends_the_talks_at_once_where_it_cannot_be_left() -> None:
    source = scenario({"price": 30}, {"name": "single_text", "amend_terms": 1})
    source["case"]["actors"]["lower"]["red_lines"] = [rule("no_talks", price="never")]
    told = story(source)
    assert (told["outcome"], told["months"]) == ("impasse", 1)
    assert told["timeline"][0]["learnt"] == [{"actor": "lower", "line": "no_talks", "says": "no talks", "closed": True}]


def test_a_mediator_drafts_by_its_own_surplus_but_not_against_the_sponsor() -> None:
    source = scenario({"price": 30}, {"name": "single_text", "amend_terms": 1, "mediator": "mayor"})
    mayor = actor("mayor", preferences=[price(0, 50), price(10, 40), price(20, 10)])
    source["case"]["actors"]["mayor"] = mayor
    source["case"]["actors"]["lower"]["reservation"]["base"] = -25
    told = story(source)
    assert prices(told) == [30, 20]
    assert told["timeline"][1]["tabled_by"] == ["mayor"]


def test_alternating_offers_go_in_turn_and_meet_in_the_middle() -> None:
    """Upper opens at 30. Lower offers what meets its own aspiration of the month, Upper likewise, until both meet.

    Upper's surplus at 20 is 5, at 30 it is 15; Lower's is 5 at 20, 15 at 10, 25 at 0. Both open at 24, and concede
    evenly over 6 months: 20, 16, 12, 8, 4, 0. So Lower can offer 0 alone after month 1, and 10 after month 3. Upper's
    opening is worth less than it holds out for, so it is not its offer: after month 2 it has none, and 0 stays.
    """
    source = scenario({"price": 30}, {"name": "alternating", "amend_terms": 1, "months": 6, "negotiable": ["price"]})
    for name in ("upper", "lower"):
        source["case"]["actors"][name]["aspiration"] = {"opening": 24, "e": 1, **WHY}
    told = story(source)
    assert prices(told) == [30, 0, 0, 10, 30, 20]
    proposers = [month["tabled_by"][0] for month in told["timeline"]]
    assert proposers == ["upper", "lower"] * 3
    assert [month["decision"] for month in told["timeline"]][-1] == "agreed"


def test_a_text_that_a_party_proposed_itself_it_accepts() -> None:
    source = scenario({"price": 30}, {"name": "alternating", "months": 3, "negotiable": ["price"]})
    source["case"]["actors"]["upper"]["aspiration"] = {"opening": 500, "e": 1, **WHY}
    first = story(source)["timeline"][0]
    assert first["reactions"]["upper"]["verdict"] == "accept"
    assert first["reactions"]["upper"]["surplus"] < first["reactions"]["upper"]["aspiration"]


def test_an_amendment_that_breaks_a_constraint_with_one_way_out_takes_it_along() -> None:
    """Without a guard there are no men: dropping the guard is one change of one term."""
    proposal = {"price": 20, "guard": "small", "men": 5}
    source = scenario(proposal, {"name": "single_text", "amend_terms": 1, "negotiable": ["guard"]})
    source["case"]["actors"]["lower"]["preferences"].append(rule("no_guard", when={"guard": "none"}, points=5))
    source["case"]["actors"]["lower"]["reservation"]["base"] = -18
    told = story(source)
    assert told["timeline"][1]["changed"] == {"guard": ["small", "none"], "men": [5, 0]}
    assert told["outcome"] == "agreed"


def test_an_event_sets_the_context_in_its_month_and_it_drifts_on_from_there() -> None:
    events = [{"month": 2, "set": {"drought": 0.75}, "says": "The rain stays away"}]
    source = scenario({"price": 30}, {"name": "single_text", "months": 4, "amend_terms": 2}, events=events)
    source["case"]["actors"]["lower"]["reservation"]["base"] = 500
    told = story(source)
    assert [month["context"]["drought"] for month in told["timeline"]] == [0.0, 0.75, 1.0, 1.0]
    assert told["timeline"][1]["events"] == ["The rain stays away"]


def test_nobody_gives_up_while_an_announced_event_is_still_to_come() -> None:
    events = [{"month": 4, "set": {"drought": 0.75}, "says": "The rain stays away"}]
    source = scenario({"price": 30}, {"name": "single_text", "months": 6, "amend_terms": 1}, events=events)
    source["case"]["actors"]["lower"]["red_lines"] = [rule("no_talks", price="never")]
    assert (story(source)["outcome"], story(source)["months"]) == ("impasse", 4)
    source["events"][0]["announced"] = False
    assert (story(source)["outcome"], story(source)["months"]) == ("impasse", 1)


def test_pledges_follow_the_reactions() -> None:
    """The mayor's guards come, unless Lower has declared a red line against guards and stands by it."""
    proposal = {"price": 20, "guard": "small", "men": 5}
    source = scenario(proposal, {"name": "one_shot"})
    case = source["case"]
    pledged = {"of": "guards", "from": ["mayor"], "cover": "men"}
    case["consent"].append(rule("guarded", when={"men": ">0"}, pledges=pledged))
    case["actors"]["mayor"]["preferences"] = [rule("not_against", when={"declared_red_line": "lower"}, points=-1)]
    line = rule("no_guards", when={"guard": ["small", "large"]}, price="never", declared=True)
    case["actors"]["lower"]["red_lines"] = [line]
    told = story(source)
    assert told["blocked_by"] == ["lower", "mayor"]
    assert told["timeline"][0]["reactions"]["lower"]["declares"] == ["no_guards"]
    source["changes"] = {"actors.lower.red_lines.no_guards.declared": False}
    assert story(source)["blocked_by"] == ["lower"]
    source["changes"] = {"actors.lower.red_lines.no_guards.price": 2}  # it is bought off: its line no longer stands
    assert story(source)["outcome"] == "agreed"


def test_pledges_that_fall_short_though_all_accept_block_by_themselves() -> None:
    source = scenario({"price": 20, "guard": "large", "men": 10}, {"name": "one_shot"})
    pledged = {"of": "guards", "from": ["mayor"], "cover": "men"}
    source["case"]["consent"].append(rule("guarded", when={"men": ">0"}, pledges=pledged))
    told = story(source)
    assert told["blocked_by"] == ["guarded"]
    assert told["timeline"][0]["unmet"][0]["blockers"] == []
