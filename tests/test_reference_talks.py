"""The slow model of the talks on cases that can be worked out by hand.

Upper sponsors and earns what Lower pays: its surplus is price - 15. Lower's is 25 - price. Both must accept.
"""

from __future__ import annotations

import itertools
import math
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from sim.case.loader import build_case
from sim.case.models import Package
from sim.negotiation.scenario_loader import build_scenario
from tests.engine.generated import scenarios
from tests.engine.villages import CASE, WHY, rule, scenario
from tests.reference import central, possible, starts
from tests.reference_protocols import talk
from tests.reference_talks import Story
from tests.reference_terms import amendments

GUARDED = {"guard": ["small", "large"]}


def story(source: dict[str, Any], droughts: tuple[float, ...] = ()) -> Story:
    """Play a scenario at central values; the drought of each month as given, 0 where it is not."""
    built = build_scenario(source)
    contexts = [{"drought": droughts[at] if at < len(droughts) else 0.0} for at in range(built.protocol.months)]
    return talk(built, central(built.case), contexts)


def single_text(proposal: dict[str, Any], negotiable: list[str], **keys: Any) -> dict[str, Any]:
    """A scenario of one term per month."""
    protocol = {"name": "single_text", "amend_terms": 1, "negotiable": negotiable, **keys}
    return scenario({"price": 20, **proposal}, protocol)


def of(source: dict[str, Any], actor: str) -> dict[str, Any]:
    found: dict[str, Any] = source["case"]["actors"][actor]
    return found


def kinds(told: Story) -> list[str | None]:
    return [month.move.kind if month.move else None for month in told.months]


def prices(told: Story) -> list[Any]:
    return [month.text["price"] for month in told.months]


def guarded(negotiable: list[str]) -> dict[str, Any]:
    """A guard is worth 20 to Upper; to Lower it crosses a line that most would think costs 10, but is not for sale."""
    source = single_text({"guard": "small", "men": 5}, negotiable)
    of(source, "upper")["preferences"].append(rule("wants_a_guard", when=GUARDED, points=20))
    price = {"choices": {"never": 0.6, 10: 0.4}}
    of(source, "lower")["red_lines"] = [rule("no_guard", when=GUARDED, price=price, declared=True)]
    return source


def test_a_line_that_is_not_for_sale_is_closed_after_its_price_was_met() -> None:
    """At a price of 20 Lower is believed to be 25 - 20 - 10 = -5; at 10 it is believed to gain 5, and still refuses."""
    told = story(guarded(["price"]))
    assert (prices(told), told.ending) == ([20, 10], "impasse")
    first, second = told.months
    assert (first.learnt, second.learnt) == ((), (("lower", "no_guard", True),))
    assert second.move is not None
    assert second.move.gaps == {"lower": (5, 0)}
    assert second.move.surplus == {"lower": (-5, 5)}
    assert second.move.changed == ("price",)


def test_what_was_conceded_is_withdrawn_when_the_drafters_retreat_from_the_opening_text() -> None:
    """Without the guard Upper refuses a price of 10, but not the 20 of the opening text; nobody waits.

    A text that only the opening text leads to is told by all that is different from the text on the table.
    """
    told = story(guarded(["price", "guard"]))
    assert (prices(told), told.ending) == ([20, 10, 20], "agreed")
    assert kinds(told) == [None, "improve", "retreat"]
    retreat = told.months[2].move
    assert retreat is not None
    assert (told.months[2].text["guard"], told.months[2].text["men"]) == ("none", 0)
    assert retreat.changed == ("price", "guard", "men")
    assert retreat.gaps == {"lower": (math.inf, 0)}
    assert retreat.learnt == (("lower", "no_guard", True),)


def test_a_line_that_can_only_be_never_counts_as_absent_until_it_is_known() -> None:
    """Undeclared, it is not expected; declared, it is closed from the start, and the guard is given up at once."""
    source = guarded(["price", "guard"])
    line = of(source, "lower")["red_lines"][0]
    line |= {"price": "never", "declared": False}
    told = story(source)
    assert kinds(told) == [None, "retreat"]
    assert told.months[0].learnt == (("lower", "no_guard", True),)
    line["declared"] = True
    told = story(source)
    assert (kinds(told), told.months[0].learnt) == ([None, "retreat"], ())


def test_lines_that_share_a_draw_close_together() -> None:
    source = guarded(["price"])
    shared = {"same_as": "actors.lower.red_lines.no_guard.price"}
    of(source, "lower")["red_lines"].append(rule("no_army", when={"men": 10}, price=shared))
    told = story(source)
    assert told.months[1].learnt == (("lower", "no_guard", True), ("lower", "no_army", True))


def test_the_path_of_an_issue_forbids_a_return_until_an_event() -> None:
    """The price falls from 30 to 20; then a drought makes Upper want 30 again, and Lower ready to pay it."""
    source = single_text({"price": 30}, ["price"], patience=0)
    for name, points in (("upper", 10), ("lower", -25)):
        of(source, name)["reservation"]["slopes"] = [{"context": "drought", "points": points, **WHY}]
    told = story(source, droughts=(0, 1, 1))
    assert (prices(told), told.ending) == ([30, 20], "collapsed")
    source["events"] = [{"month": 2, "set": {"drought": 1}, "says": "It does not rain"}]
    told = story(source, droughts=(0, 1, 1))
    assert (prices(told), told.ending) == ([30, 20, 30], "agreed")


def test_the_drafters_wait_as_long_as_they_are_patient() -> None:
    """A guard means nothing to anybody: nothing brings Lower closer, which lacks 5 at a price of 30."""
    for patience in (0, 2):
        told = story(single_text({"price": 30}, ["guard"], patience=patience))
        assert (kinds(told), told.ending) == ([None, *["stand"] * patience], "impasse")
    source = single_text({"price": 30}, ["guard"], patience=0)
    source["events"] = [{"month": 4, "set": {"drought": 1}, "says": "It does not rain"}]
    assert kinds(story(source)) == [None, "stand", "stand", "stand"]  # an announced event is still to come


def test_the_drafters_give_up_a_line_after_waiting_and_do_not_come_back_to_it() -> None:
    """Lower's line costs 60. Dropping the guard wins Lower and loses the mayor, so it is no draft but a retreat."""
    source = single_text({"guard": "small", "men": 5}, ["guard"], patience=1)
    of(source, "lower")["red_lines"] = [rule("no_guard", when=GUARDED, price=60, declared=True)]
    of(source, "mayor")["preferences"] = [rule("order", when={"guard": "none"}, points=-5)]
    source["case"]["consent"].append(rule("mayor_too", needs=["mayor"]))
    told = story(source)
    assert kinds(told) == [None, "stand", "retreat", "stand"]
    assert told.ending == "impasse"  # a guard would win the mayor, but the line was yielded
    retreat = told.months[2].move
    assert retreat is not None
    assert retreat.gaps == {"lower": (55, 0)}
    assert told.months[3].outcome.blocking == ("mayor",)


def test_a_draft_loses_nobody_and_asks_for_no_more_than_exists() -> None:
    """The mayor has 6 guards: 5 men are a draft that wins Lower, 10 are not."""
    source = single_text({}, ["guard", "men"])
    pledges = {"of": "guards", "from": ["mayor"], "cover": "men"}
    source["case"]["consent"].append(rule("guarded", when={"men": ">0"}, pledges=pledges))
    of(source, "lower")["preferences"].append(rule("protected", when={"men": 5}, points=3))
    of(source, "lower")["preferences"].append(rule("well_protected", when={"men": 10}, points=30))
    of(source, "lower")["reservation"]["base"] = -18
    told = story(source)
    assert (told.months[1].text["men"], told.ending) == (5, "agreed")


def test_who_supports_a_text_and_does_not_send_what_it_asks_for_is_a_blocker() -> None:
    """The mayor gains 3 by a guard and loses 5 by sending it: it accepts, lacks 2, and is won by dropping the guard."""
    source = single_text({"guard": "small", "men": 5}, ["guard"])
    pledges = {"of": "guards", "from": ["mayor"], "cover": "men"}
    source["case"]["consent"].append(rule("guarded", when={"men": ">0"}, pledges=pledges))
    mayor = of(source, "mayor")
    mayor["preferences"] = [rule("order", when=GUARDED, points=3)]
    mayor["capacities"]["guards"]["when_sent"] = [rule("own_men", when=GUARDED, points=-5)]
    told = story(source)
    answer = told.months[0].outcome.answers["mayor"]
    assert (answer.verdict, answer.sends, answer.pledge) == ("accept", {"guards": False}, {"guards": 0})
    assert told.months[0].outcome.blocking == ("mayor",)
    move = told.months[1].move
    assert move is not None
    assert (move.changed, move.gaps, told.ending) == (("guard",), {"mayor": (2, 0)}, "agreed")


def test_a_mediator_closes_the_largest_least_share_of_a_gap_and_a_sponsor_looks_to_itself() -> None:
    """Guards are worth nothing to Upper and 4 (few) or 5 (many) of the 10 that Lower lacks; a lower price is worth 10.

    Upper would lose by a lower price; so it drafts a guard, and the mediator the price.
    """
    source = single_text({"price": 30}, ["guard", "price"], months=2)
    of(source, "lower")["reservation"]["base"] = -15
    of(source, "lower")["preferences"].append(rule("protected", when={"guard": "small"}, points=4))
    of(source, "lower")["preferences"].append(rule("well_protected", when={"guard": "large"}, points=5))
    assert story(source).months[1].text["guard"] == "small"
    source["protocol"]["mediator"] = "mayor"
    assert prices(story(source)) == [30, 20]


def test_repairs_are_part_of_a_term_and_every_way_is_a_text() -> None:
    case = build_case(CASE)
    start: Package = {"price": 0, "guard": "none", "men": 0}
    found = amendments(case, start, ["guard", "men"], 1)
    assert found == {(0, guard, men): ("guard",) for guard in ("small", "large") for men in (5, 10)}
    back = amendments(case, {"price": 0, "guard": "large", "men": 10}, ["guard", "men"], 2)
    assert back[0, "none", 0] == ("guard",)
    assert back[0, "small", 10] == ("guard",)
    assert back[0, "small", 5] == ("guard", "men")
    assert (0, "large", 0) not in back  # a repair never undoes what makes it necessary


def test_alternating_offers_come_closer_term_by_term() -> None:
    """Both open at an aspiration of 24 and concede evenly over 6 months: 20, 16, 12, 8, 4, 0.

    Lower can offer 0 after month 1, 10 after month 3 and 20 after month 5. Upper has nothing but 30 to offer, which is
    worth 15 to it, so it can make its first offer after month 4; before that it leaves Lower's on the table.
    """
    source = scenario({"price": 30}, {"name": "alternating", "amend_terms": 1, "months": 6, "negotiable": ["price"]})
    for name in ("upper", "lower"):
        of(source, name)["aspiration"] = {"opening": 24, "e": 1, **WHY}
    told = story(source)
    assert (prices(told), told.ending) == ([30, 0, 0, 10, 30, 20], "agreed")
    assert kinds(told) == [None, "offer", "repeat", "offer", "offer", "offer"]
    third, last = told.months[3].move, told.months[5].move
    assert third is not None
    assert last is not None
    assert (third.gaps, last.gaps) == ({"upper": (27, 17)}, {"upper": (9, 0)})


def test_a_full_round_of_repeated_offers_ends_the_talks() -> None:
    """Upper takes nothing below 30. Lower holds out for nothing, so it offers 20 at once, and pays no more."""
    source = scenario({"price": 30}, {"name": "alternating", "amend_terms": 1, "months": 12, "negotiable": ["price"]})
    of(source, "upper")["reservation"]["base"] = 25
    told = story(source)
    assert prices(told) == [30, 20, 30]
    assert kinds(told) == [None, "offer", "repeat"]
    assert told.ending == "impasse"


@pytest.mark.slow
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(scenarios())
def test_every_draft_wins_somebody_and_costs_nobody(source: dict[str, Any]) -> None:
    """What a single text promises, whatever the case (model, section 7 in one paragraph)."""
    source["protocol"]["name"] = "single_text"
    built = build_scenario(source)
    known = central(built.case)
    told = talk(built, known, [starts(built.case, known)] * built.protocol.months)
    assert len(told.months) <= built.protocol.months
    waited = 0
    for before, after in itertools.pairwise(told.months):
        move = after.move
        assert move is not None
        assert possible(built.case, after.text)
        waited = waited + 1 if move.kind == "stand" else 0
        to_come = any(event.month > before.month for event in built.events)
        blocking = {before.outcome.answers[name].verdict for name in before.outcome.blocking}
        only_held_out = blocking <= {"holding_out"} and not before.outcome.stuck
        assert waited <= built.protocol.patience or to_come or only_held_out
        if move.kind == "improve":
            gains = [old - new if new else math.inf for old, new in move.gaps.values()]
            assert max(gains) >= built.protocol.step
            assert min(gains) > -built.protocol.step
            assert not any(blocks for _, _, blocks in move.crosses)
