"""The sentences that tell a run: what each must contain, in words and numbers."""

from __future__ import annotations

from typing import Any

import pytest

from sim.report.story.cast import Cast
from sim.report.story.ending import between, ended, lasting, mistaken, outcome, unmet, yes_if
from sim.report.story.months import months
from sim.report.story.move_sentences import move_sentence
from sim.report.story.pledges import pledged, sends
from sim.report.story.scene import Scene
from tests.report import samples, stories
from tests.report.stories import OPENING, TROOPS, after, declaring, giving, keeping, month, move, reaction, run

CAST = Cast.of({one: {"name": name} for one, name in stories.NAMES.items()})
SMALLER = {**OPENING, "force_size": 30000}
NO_FORCE = {**OPENING, "force": "none", "force_size": 0}


def told(*timeline: dict[str, Any], public: bool = False) -> str:
    """Everything that is told of the last of some months."""
    return " ".join(months(run(timeline), public=public)[-1])


def sentence_on(*timeline: dict[str, Any], public: bool = False) -> str:
    """The sentence on the last move."""
    said = move_sentence(Scene(timeline, CAST, 2.0, 3, public))
    assert said is not None
    return said


# -- names ------------------------------------------------------------------------------------------------------------


def test_names_take_the_article_and_the_verb_that_english_asks_for() -> None:
    assert CAST.who(["russia", "us", "uk", "baltics"]) == "Russia, the US, the UK and the Baltics"
    assert (CAST.whose("us"), CAST.whose("baltics")) == ("the US's", "the Baltics'")
    assert CAST.does(["us"], "blocks", "block") == "blocks"
    assert CAST.does(["baltics"], "blocks", "block") == "block"


def test_a_name_that_is_short_itself_takes_no_article() -> None:
    assert Cast.of({"ana": {"name": "Ana"}, "ben": {"name": "Ben"}}).who(["ana", "ben"]) == "Ana and Ben"


# -- moves ------------------------------------------------------------------------------------------------------------


def test_the_first_month_and_months_of_many_worlds_have_no_move() -> None:
    assert move_sentence(Scene([month(1)], CAST, 2.0, 3, public=False)) is None
    shares = {"month": 1, "events": ["The US halts its aid"], "text": OPENING, "reactions": {"us": {"shares": {}}}}
    assert months({**run([month(1)]), "timeline": [shares]}) == [["The US halts its aid."]]


def test_an_improvement_says_whom_it_is_to_win_and_by_how_much_the_shortfall_falls() -> None:
    first = month(1, answers={"poland": reaction("worse_than_no_deal", -13.0)})
    made = move("improve", ["force_size"], gaps={"poland": [13.0, 7.9]})
    second = after(first, made, SMALLER, answers={"poland": reaction("worse_than_no_deal", -7.9)})
    assert sentence_on(first, second) == (
        "To win over Poland: force_size 50,000 → 30,000 (Poland's shortfall falls from 13.0 to 7.9)."
    )


def test_who_is_freed_comes_first_and_agrees() -> None:
    refuse = {name: reaction("worse_than_no_deal", -13.0) for name in ("poland", "us", "russia")}
    first = month(1, answers=refuse)
    gaps = {"russia": [40.0, 30.0], "us": [13.0, 7.9], "poland": [13.0, 0]}
    answers = {name: refuse[name] for name in ("russia", "us")}
    second = after(first, move("improve", ["force_size"], gaps=gaps), SMALLER, answers=answers)
    assert sentence_on(first, second) == (
        "To win over Poland, Russia and the US: force_size 50,000 → 30,000 (Poland now agrees; "
        "Russia's shortfall falls from 40.0 to 30.0, the US's from 13.0 to 7.9)."
    )


def test_a_supporter_that_is_won_sends() -> None:
    first = month(1, answers={"poland": keeping(-3.0)}, blocked_by=["poland"])
    made = move("improve", ["force_size"], gaps={"poland": [3.0, 0]})
    second = after(first, made, SMALLER, answers={"poland": giving(15000.0)})
    assert sentence_on(first, second).endswith("(Poland now sends 15,000 troops).")


def test_who_only_stops_blocking_is_not_said_to_agree() -> None:
    first = month(1, answers={"us": reaction("worse_than_no_deal", -3.0)})
    made = move("improve", ["force_size"], gaps={"us": [3.0, 0]})
    second = after(first, made, SMALLER, answers={"us": reaction("holding_out", 2.0)}, blocked_by=[])
    assert "(the US no longer blocks)" in sentence_on(first, second)


def test_who_should_have_been_won_and_still_blocks_is_named_in_private_only() -> None:
    first = month(1, answers={"russia": declaring()})
    made = move("improve", ["sanctions"], gaps={"russia": [6.0, 0]})
    lifted = {**OPENING, "sanctions": "lifted"}
    second = after(first, made, lifted, answers={"russia": declaring(points="never")})
    assert "as far as was known, Russia would have agreed" in sentence_on(first, second)
    assert sentence_on(first, second, public=True) == "To win over Russia: sanctions kept → lifted."


def test_a_blocker_that_falls_back_is_named() -> None:
    first = month(1, answers={name: reaction("worse_than_no_deal", -13.0) for name in ("poland", "us")})
    made = move("improve", ["force_size"], gaps={"poland": [13.0, 7.9], "us": [13.0, 14.5]})
    second = after(first, made, SMALLER, answers=first["reactions"])
    assert "To win over Poland: " in sentence_on(first, second)
    assert "the US's shortfall grows from 13.0 to 14.5" in sentence_on(first, second)


def test_who_comes_closer_by_less_than_a_step_is_no_aim_but_is_told() -> None:
    first = month(1, answers={name: reaction("worse_than_no_deal", -13.0) for name in ("poland", "us", "russia")})
    made = move("improve", ["force_size"], gaps={"poland": [13.0, 0.04], "us": [13.0, 11.8], "russia": [40.0, 39.9]})
    said = sentence_on(first, after(first, made, SMALLER, answers=first["reactions"]))
    assert said.startswith("To win over Poland: ")
    assert said.endswith("(Poland's shortfall falls from 13.0 to under 0.1, the US's from 13.0 to 11.8).")


def test_a_line_that_is_not_for_sale_and_is_left_or_kept_is_told_apart() -> None:
    first = month(1, answers={"russia": declaring(points="never")})
    left = after(first, move("improve", ["force"], gaps={"russia": [None, 4.0]}), NO_FORCE)
    assert "Russia's line that is not for sale is no longer crossed; 4.0 points are missing" in sentence_on(first, left)
    made = move("improve", ["sanctions"], gaps={"russia": [None, None]}, surplus={"russia": [-20.0, -8.5]})
    kept = after(first, made, {**OPENING, "sanctions": "lifted"}, answers={"russia": declaring(points="never")})
    assert "apart from its line that is not for sale, Russia's surplus goes from -20.0 to -8.5" in sentence_on(
        first, kept
    )


def test_a_rule_that_nobody_withholds_is_met_not_won() -> None:
    rule = {"rule": "force", "says": "A force needs pledges that cover it", "sources": ["C1"], "blockers": []}
    first = month(1, blocked_by=["force"], unmet=[{**rule, "assumption": None}])
    second = after(first, move("improve", ["force_size"], gaps={"force": [24000.0, 0]}), SMALLER)
    assert sentence_on(first, second) == ("To meet “A force needs pledges that cover it”: force_size 50,000 → 30,000.")
    assert "24,000" not in told(first, second)


def test_what_a_chosen_term_takes_along_comes_after_it() -> None:
    first = month(1, answers={"poland": reaction("worse_than_no_deal", -13.0)})
    second = after(first, move("improve", ["force"], gaps={"poland": [13.0, 0]}), NO_FORCE)
    assert "force european → none, and with it force_size 50,000 → 0" in sentence_on(first, second)


def test_standing_says_that_no_change_helps_and_for_how_long() -> None:
    timeline = [month(1, answers={"russia": reaction("worse_than_no_deal", -13.0)})]
    for _ in range(4):
        timeline.append(after(timeline[-1], move("stand"), OPENING))
    assert sentence_on(*timeline[:2]) == "No change brings anyone closer; France and the UK wait."
    assert sentence_on(*timeline[:3]).endswith("France and the UK wait for the second month in a row.")
    assert sentence_on(*timeline).endswith("wait for what has been announced.")


def test_after_their_patience_drafters_wait_only_for_those_who_ask_for_less_each_month() -> None:
    timeline = [month(1, answers={"russia": reaction("holding_out", 3.0)}, blocked_by=["russia"])]
    for _ in range(4):
        timeline.append(after(timeline[-1], move("stand"), OPENING, answers={"russia": reaction("holding_out", 3.0)}))
    assert sentence_on(*timeline).endswith("France and the UK wait, because Russia asks for less each month.")


def test_people_who_pass_are_given_no_reason() -> None:
    first = month(1)
    passed = move("stand", people=["france", "uk"])
    assert sentence_on(first, after(first, passed, OPENING)) == "France and the UK leave the text as it is."
    repeated = move("repeat", by=["us"], people=["us"])
    assert sentence_on(first, after(first, repeated, OPENING)) == "The US makes no new offer."


def test_a_retreat_names_the_line_and_whose_it_is() -> None:
    first = month(1, answers={"russia": declaring(points="never")})
    second = after(first, move("retreat", ["force"]), NO_FORCE)
    assert sentence_on(first, second) == (
        f"France and the UK give way to Russia's red line “{TROOPS}”: force european → none, and with it "
        "force_size 50,000 → 0."
    )


def test_a_retreat_to_the_opening_text_takes_back_what_was_conceded() -> None:
    first = month(1, answers={"russia": declaring()})
    lifted = {**OPENING, "sanctions": "lifted"}
    second = after(
        first, move("improve", ["sanctions"], gaps={"russia": [20.0, 9.0]}), lifted, answers={"russia": declaring()}
    )
    third = after(second, move("retreat", ["force"]), {**NO_FORCE, "force_size": 50000})
    assert sentence_on(first, second, third).endswith("and go back to the opening text with force european → none.")


def test_an_undeclared_line_is_not_named_in_public() -> None:
    hidden = reaction("red_line", -5.0, ledger=[stories.line("Nobody may know this")])
    first = month(1, answers={"russia": hidden})
    second = after(first, move("retreat", ["force"]), NO_FORCE)
    assert "Nobody may know this" in sentence_on(first, second)
    assert sentence_on(first, second, public=True) == (
        "France and the UK give way to Russia: force european → none, and with it force_size 50,000 → 0."
    )


def test_an_offer_is_compared_with_the_own_last_offer() -> None:
    first = month(1, tabled_by=["russia"], answers={"us": reaction("worse_than_no_deal", -9.0)})
    other = after(first, move("offer", ["force"], by=["us"]), NO_FORCE)
    made = move("offer", ["sanctions"], by=["russia"], gaps={"us": [9.0, 4.0]})
    third = after(other, made, {**OPENING, "sanctions": "phased"}, answers={"us": reaction("worse_than_no_deal", -4.0)})
    assert sentence_on(first, other) == "The US proposes: force european → none, and with it force_size 50,000 → 0."
    assert sentence_on(first, other, third) == (
        "To win over the US, Russia changes its last offer: sanctions kept → phased "
        "(the US's shortfall falls from 9.0 to 4.0)."
    )


def test_a_repeated_offer_says_so() -> None:
    first = month(1, tabled_by=["russia"])
    other = after(first, move("offer", ["force"], by=["us"]), NO_FORCE)
    third = after(other, move("repeat", by=["russia"]), OPENING)
    assert sentence_on(first, other, third) == (
        "Russia finds no offer that brings anyone closer, and repeats its last one."
    )


def test_the_text_of_somebody_else_is_no_offer_of_ones_own_because_it_stood() -> None:
    first = month(1)
    stood = after(first, move("repeat", by=["russia"]), OPENING)
    third = after(stood, move("offer", ["force"], by=["russia"]), NO_FORCE)
    assert sentence_on(first, stood) == "Russia finds nothing better to offer; the text stands."
    assert sentence_on(first, stood, third).startswith("Russia proposes: ")


def test_nobody_is_to_be_won_by_its_own_offer() -> None:
    no = reaction("worse_than_no_deal", -9.0)
    first = month(1, answers={"us": no, "russia": no})
    made = move("offer", ["sanctions"], by=["russia"], gaps={"us": [9.0, 11.0], "russia": [9.0, 0]})
    second = after(first, made, {**OPENING, "sanctions": "lifted"}, answers={"us": no})
    assert sentence_on(first, second) == (
        "Russia proposes: sanctions kept → lifted (the US's shortfall grows from 9.0 to 11.0)."
    )


def test_a_known_line_that_nobody_declares_is_named_where_a_draft_crosses_it() -> None:
    first = month(1, NO_FORCE)
    crosses = [{"actor": "russia", "line": "bases", "says": "No bases", "blocks": True}]
    made = move("offer", ["force"], by=["france"], crosses=crosses)
    second = after(first, made, OPENING, answers={"russia": reaction("red_line", -5.0)})
    assert "It crosses Russia's red line “No bases”." in sentence_on(first, second)
    assert "No bases" not in sentence_on(first, second, public=True)
    mild = {**made, "crosses": [{**crosses[0], "blocks": False}]}
    assert "would not make it block" in sentence_on(first, {**second, "move": mild})
    declares = {**crosses[0], "line": "western_troops"}
    declared = after(first, {**made, "crosses": [declares]}, OPENING, answers={"russia": declaring()})
    assert "crosses" not in sentence_on(first, declared)


# -- answers ----------------------------------------------------------------------------------------------------------


def test_a_declared_red_line_is_named_with_its_words_and_its_owner_once() -> None:
    first = month(1, answers={"russia": declaring()})
    second = after(first, move("stand"), OPENING, answers={"russia": declaring()})
    assert f"Russia declares: {TROOPS}." in told(first)
    assert TROOPS not in told(first, second)


def test_who_accepts_across_its_own_declared_line_is_not_said_to_refuse() -> None:
    paid = declaring() | {"verdict": "accept", "blocks": False}
    assert f"Russia accepts across its declared red line: {TROOPS}." in told(month(1, answers={"russia": paid}))


def test_blockers_are_listed_every_month() -> None:
    first = month(1, answers={"russia": declaring(), "us": reaction("worse_than_no_deal", -2.0)})
    second = after(first, move("stand"), OPENING, answers=first["reactions"])
    assert "Russia and the US block." in told(first)
    assert "Russia and the US block." in told(first, second)
    assert "The Baltics block." in told(month(1, answers={"baltics": reaction("worse_than_no_deal", -2.0)}))


def test_who_did_not_block_the_month_before_is_told_apart() -> None:
    no = reaction("worse_than_no_deal", -2.0)
    first, second = month(1, answers={"russia": no}), month(2, answers={"russia": no, "us": no}, move=move("stand"))
    assert "Russia blocks, and now the US too." in told(first, second)
    assert "Now the US blocks." in told(first, month(2, answers={"us": no}, move=move("stand")))


def test_under_offers_in_turn_the_text_before_is_no_yardstick() -> None:
    no = reaction("worse_than_no_deal", -2.0)
    first, made = month(1, answers={"us": no}), move("offer", ["force"], by=["us"])
    second = after(first, made, NO_FORCE, answers={"russia": no})
    assert "Russia blocks." in told(first, second)
    assert "agrees" not in told(first, second)


def test_who_blocks_no_longer_though_no_draft_was_to_win_it_is_told() -> None:
    first = month(1, answers={"russia": reaction("holding_out", 1.0)})
    assert told(first, after(first, move("stand"), OPENING)).endswith("wait. Russia now agrees.")
    made = move("improve", ["sanctions"], gaps={"russia": [6.7, 1.2]})
    nearly = told(first, after(first, made, {**OPENING, "sanctions": "phased"}))
    assert nearly.endswith("(Russia's shortfall falls from 6.7 to 1.2). Russia now agrees.")


def test_who_supports_a_text_and_sends_nothing_is_named_where_that_is_new() -> None:
    answers = {"poland": keeping(-3.0), "baltics": keeping(-2.0), "france": giving(13000.0), "uk": giving(13000.0)}
    first = month(1, answers=answers, asked={"troops": 50000})
    second = after(first, move("stand"), OPENING, answers=answers, asked={"troops": 50000})
    assert "Poland and the Baltics support the text and send no troops." in told(first)
    assert "Pledged: 26,000 of 50,000 troops." in told(first)
    assert "troops" not in told(first, second)


def test_pledges_that_cover_before_and_after_are_no_news() -> None:
    given = {"france": giving(30000.0), "uk": giving(30000.0)}
    first = month(1, answers=given, asked={"troops": 50000})
    smaller = after(first, move("stand"), OPENING, answers=given, asked={"troops": 30000})
    larger = after(first, move("stand"), OPENING, answers=given, asked={"troops": 90000})
    assert "Pledged" not in told(first, smaller)
    assert "Pledged: 60,000 of 90,000 troops." in told(first, larger)


def test_pledges_say_what_is_asked_where_that_is_known() -> None:
    given = month(1, answers={"france": giving(30000.0), "uk": giving(30000.0)})
    assert pledged(given, "troops") == "60,000 troops"
    assert pledged({**given, "asked": {"troops": 50000}}, "troops") == ("60,000 troops, more than the 50,000 asked for")


def test_the_second_answer_is_what_an_actor_sends() -> None:
    assert sends(giving(13000.0)) == "sends 13,000 troops"
    assert sends(keeping(-3.0)) == "sends nothing"
    assert sends(reaction("accept")) is None


def test_a_line_that_closes_was_paid_for_in_vain() -> None:
    learnt = [{"actor": "russia", "line": "western_troops", "closed": True}]
    answers = {"russia": declaring(points="never")}
    at_once = told(month(1, answers=answers, learnt=learnt))
    assert (
        f"Russia declares: {TROOPS}. Russia's price was met and it still refuses: its line is not for sale." in at_once
    )
    first = month(1, answers={"russia": declaring()})
    later = told(first, after(first, move("stand"), OPENING, answers=answers, learnt=learnt))
    assert f"Russia's price was met and it still refuses: its line is not for sale (“{TROOPS}”)." in later


def test_a_line_that_closes_with_another_one_is_told_apart() -> None:
    learnt = [
        {"actor": "russia", "line": "western_troops", "says": TROOPS, "closed": True},
        {"actor": "russia", "line": "membership", "says": "Ukraine is no member of NATO", "closed": True},
    ]
    shown = told(month(1, answers={"russia": declaring(points="never")}, learnt=learnt))
    assert "So Russia's line “Ukraine is no member of NATO” cannot be for sale either." in shown


@pytest.mark.parametrize(
    ("closed", "said"), [(False, "becomes known: “"), (True, "becomes known, and it is not for sale: “")]
)
def test_a_line_that_nobody_knew_becomes_known(closed: bool, said: str) -> None:
    hidden = reaction("red_line", -5.0, ledger=[stories.line("No bases")])
    learnt = [{"actor": "baltics", "line": "western_troops", "closed": closed}]
    shown = told(month(1, answers={"baltics": hidden}, learnt=learnt))
    assert f"The Baltics' red line {said}No bases”." in shown
    assert "price" not in shown


def test_in_public_there_are_no_numbers_nothing_learnt_and_no_price() -> None:
    learnt = [{"actor": "russia", "line": "western_troops", "closed": True}]
    first = month(1, answers={"russia": declaring(points="never")}, learnt=learnt)
    made = move("improve", ["force_size"], gaps={"russia": [20.0, 11.3]})
    second = after(first, made, SMALLER, answers={"russia": declaring(points="never")}, learnt=learnt)
    shown = told(first, public=True) + told(first, second, public=True)
    assert f"Russia declares: {TROOPS}." in shown
    assert "To win over Russia: force_size 50,000 → 30,000." in shown
    assert "Russia blocks." in shown
    for secret in ("20.0", "11.3", "price", "for sale"):
        assert secret not in shown


def test_events_and_an_agreement_are_told() -> None:
    assert told(month(1, events=["The front stalls"], agreed=True)) == "The front stalls. Agreed."


# -- the end ----------------------------------------------------------------------------------------------------------


def stands(answers: dict[str, Any], **more: Any) -> list[str]:
    found = run([month(1, answers=answers, **more)])["final"]
    return list(between(found, Cast.of(found["actors"])))


def test_the_end_says_who_was_short_by_how_much_and_what_it_would_accept() -> None:
    sets = [{"sanctions": ["kept", "phased"], "force": ["european", "none"]}, {"sanctions": ["kept", "lifted"]}]
    yes = {"sets": sets, "terms": 2, "line": None, "short": None}
    us = reaction("worse_than_no_deal", -8.5, yes_if=yes)
    assert stands({"us": us}) == [
        "The US is 8.5 points short. It would accept with sanctions kept → phased, force european → none."
    ]
    assert list(yes_if(us, "us", CAST)) == [
        "It would accept with sanctions kept → phased, force european → none.",
        "Or with sanctions kept → lifted.",
    ]


def test_a_line_that_is_not_for_sale_is_named_and_what_is_missing_without_it() -> None:
    yes: dict[str, Any] = {"sets": [], "terms": None, "line": "western_troops", "short": 8.5}
    assert stands({"russia": declaring(points="never", yes_if=yes)}) == [
        f"Russia has a red line that is not for sale: “{TROOPS}”. Even without that line it would be 8.5 points short. "
        "No change of up to three terms wins over Russia."
    ]
    kept = next(yes_if(declaring(yes_if={**yes, "line": None, "tried": 2}), "russia", CAST, core=["force", "mandate"]))
    assert kept == "No change of up to two terms other than force and mandate wins over Russia."
    enough = {**yes, "short": 0}
    assert "Without that line it would accept." in stands({"russia": declaring(points="never", yes_if=enough)})[0]


def test_a_price_that_was_not_met_is_told_with_its_line() -> None:
    assert stands({"russia": declaring()}) == [
        f"Russia is 20.0 points short, with the price of its red line “{TROOPS}”."
    ]


def test_a_supporter_that_blocks_by_not_sending_is_not_said_to_refuse() -> None:
    assert stands({"poland": keeping(-3.0)}, blocked_by=["poland"]) == [
        "Poland supports the text but sends no troops (3.0 points short of sending any)."
    ]


def test_a_refusal_may_lack_more_for_sending_than_for_accepting() -> None:
    [said] = stands({"poland": reaction("worse_than_no_deal", -3.0, gap=15.0)})
    assert "Poland is 3.0 points short of accepting and 15.0 points short of sending" in said


def test_refusals_that_block_nothing_come_last_and_say_so() -> None:
    no = reaction("worse_than_no_deal", -1.0)
    said = stands({"russia": no, "us": no}, blocked_by=["us"])
    assert said == ["The US is 1.0 point short.", "Russia, whose consent is not needed, is 1.0 point short."]


def test_a_person_that_refuses_what_its_rules_accept_is_short_of_nothing() -> None:
    assert stands({"russia": reaction("worse_than_no_deal", 3.0)}) == [
        "Russia refuses although its own rules would accept."
    ]


def test_rules_that_are_not_met_say_who_withholds_or_what_is_pledged() -> None:
    rule = {"rule": "force", "says": "A force needs pledges", "sources": ["C1"], "assumption": "Ours.", "blockers": []}
    found = run([month(1, answers={"france": giving(26000.0)}, unmet=[rule])])["final"] | {"asked": {"troops": 50000}}
    assert list(unmet(found, CAST)) == [
        "Not met: A force needs pledges (C1). Pledges fall short: 26,000 of 50,000 troops."
    ]
    withheld = {**found, "unmet": [{**rule, "blockers": ["russia", "us"]}]}
    assert list(unmet(withheld, CAST, whole=True)) == [
        "Not met: A force needs pledges (C1; Ours). Missing: Russia and the US."
    ]


def test_a_text_that_was_not_agreed_says_only_how_long_it_would_have_lasted() -> None:
    over = run([month(1, answers={"russia": declaring()})])
    assert list(lasting(over)) == ["If signed, it would have had a 94% chance of lasting five years."]
    over["final"]["horizon"] = None
    assert list(lasting(over)) == ["If signed, it would have had a 94% chance of lasting."]
    assert list(lasting({**over, "durability": None})) == []


def test_an_agreement_has_its_chance_and_many_worlds_have_their_mean() -> None:
    agreed = run([month(1, agreed=True)], durability=0.8)
    assert list(lasting(agreed)) == ["The agreement has an 80% chance of lasting five years."]
    many = {**agreed, "worlds": 100, "shares": {"agreed": 0.4, "impasse": 0.6}}
    assert list(lasting(many)) == ["On average the agreements have an 80% chance of lasting five years."]
    none = {**many, "shares": {"agreed": 0.0, "impasse": 1.0}}
    assert list(lasting(none)) == [
        "If signed, the last texts would on average have had an 80% chance of lasting five years."
    ]


def test_the_outcome_says_when_and_who_blocks() -> None:
    over = run([month(1, answers={"russia": declaring(), "us": reaction("worse_than_no_deal", -1.0)})])
    assert ended(over) == "Impasse after 1 month: no move is left that brings the parties closer."
    assert outcome(over).endswith("Russia and the US block it.")


def test_talks_that_end_at_a_closed_line_say_that_nothing_else_could_help() -> None:
    over = run([month(1, answers={"russia": declaring(points="never")})])
    assert "Only a text that leaves Russia's red line could help, and none within reach is good enough" in ended(over)
    assert ended({**over, "protocol": {"name": "one_shot", "amends": False}}) == "Impasse: it was take it or leave it."


def test_a_line_that_drafters_never_found_out_about_is_told_with_what_they_reckoned() -> None:
    never = {"russia": declaring(points="never")}
    first = month(1, answers=never)
    second = after(first, move("improve", ["force_size"], gaps={"russia": [50.5, 48.5]}), SMALLER, answers=never)
    third = after(second, move("stand"), SMALLER, answers=never)
    over = run([first, second, third])
    assert mistaken(over) == {"russia": 48.5}
    assert "Only" not in ended(over)
    [said] = between(over["final"], CAST, mistaken(over))
    assert "The drafters never found out; they take it to be 48.5 points short." in said
    learnt = [{"actor": "russia", "line": "western_troops", "says": TROOPS, "closed": True}]
    found_out = run([first, {**second, "learnt": learnt}, third])
    assert mistaken(found_out) == {}
    assert "Only a text that leaves Russia's red line could help" in ended(found_out)


def test_an_agreement_is_dated() -> None:
    assert outcome(run([month(3, agreed=True)])) == "Agreed after 3 months: everybody whose consent is needed accepts."


def test_runs_without_the_new_keys_are_told_as_far_as_they_go() -> None:
    old = samples.run(1)
    assert months(old) == [["Russia declares: No Western troops.", "Russia blocks."]]
    [russia, baltics] = between(old["final"], Cast.of(old["final"]["actors"]))
    assert russia == "Russia has a red line that is not for sale: “No Western troops”."
    assert baltics == "The Baltics, whose consent is not needed, are 8.0 points short."
