"""What a verdict judges: which text, in which month, after which events, with which changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

import sim
from sim.analysis.counterfactuals.actor_turning import actor_turning
from sim.analysis.judging.claims import claims
from sim.analysis.judging.judged_text import judge_text, judged_at
from sim.case_paths import find
from sim.engine.worlds import Streams
from sim.errors import UsageError
from sim.negotiation.scenario_loader import load_scenario
from sim.report import judged_wording

STOPS = {"month": 3, "says": "Russia's advance stops"}


def test_as_talks_open_an_event_is_still_to_come() -> None:
    about = judged_at("front_stalls")
    assert (about["text"], about["moment"], about["month"]) == ("tabled", "opening", None)
    assert (about["events_passed"], about["events_to_come"]) == ([], [STOPS])
    assert [(one["path"], one["value"]) for one in about["changes"]] == [("context.war_cost_russia.drift", 0.03)]
    assert not about["holding_out"]


@pytest.mark.parametrize("month", [3, "end"])
def test_from_its_month_on_an_event_has_passed(month: Any) -> None:
    about = judged_at("front_stalls", month=month)
    assert (about["text"], about["moment"]) == ("month", "end" if month == "end" else "month")
    assert (about["events_passed"], about["events_to_come"]) == ([STOPS], [])
    assert about["holding_out"]


def test_changes_on_top_are_named_after_the_scenario_s() -> None:
    changed = load_scenario(find("front_stalls"), {"context.us_aid.start": 0.2})
    assert [one["path"] for one in judged_at(changed)["changes"]] == [
        "context.war_cost_russia.drift",
        "context.us_aid.start",
    ]


def test_the_end_is_the_month_in_which_the_talks_end() -> None:
    played = sim.play("front_stalls")
    about = judged_at("front_stalls", month="end")
    assert (about["month"], about["text_month"]) == (played["months"], played["months"])


def test_after_the_talks_their_last_text_is_judged() -> None:
    played = sim.play("front_stalls")
    last = sim.verdicts("front_stalls", month=12)
    assert played["months"] < 12
    assert last["package"] == played["final_package"]
    assert (last["judged"]["text_month"], last["judged"]["month"]) == (played["months"], 12)
    assert (
        f"when the talks ended (month {played['months']}), in the circumstances of month 12"
        in judged_wording.judged(last["judged"])
    )


def test_another_text_may_be_judged_in_a_month() -> None:
    opening = sim.verdicts("us_halts_aid", month=4, text="opening")
    assert opening["package"] == dict(load_scenario(find("us_halts_aid")).proposal)
    assert (opening["judged"]["text"], opening["judged"]["text_month"]) == ("tabled", None)
    proposed = sim.verdicts("us_halts_aid", {"arms": "massive"}, month=4)
    assert proposed["package"] == {**opening["package"], "arms": "massive"}
    assert proposed["judged"]["text"] == "proposed"
    assert sim.verdicts("us_halts_aid", month=4)["package"] == sim.play("us_halts_aid")["timeline"][3]["text"]


def test_the_author_of_an_offer_accepts_it_in_every_world() -> None:
    """Where parties take turns, a party stands by its own offer, whatever its rules say later."""
    judged = judge_text(load_scenario(find("european_force")))
    own = replace(judged, authors=frozenset({"russia"})).in_worlds(Streams(seed=0, count=20))
    assert not judged.in_worlds(Streams(seed=0, count=20)).responses.answers["russia"].accepts.any()
    assert own.responses.answers["russia"].accepts.all()
    assert not own.blocks("russia").any()


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"target": "flatmates", "month": 2}, "A case has no months"),
        ({"target": "warm_flat", "month": 40}, "outside the talks"),
        ({"target": "warm_flat", "text": "month"}, "needs a month"),
        ({"target": "warm_flat", "month": 2, "propose": {"heating": 18}, "text": "month"}, "needs a month"),
        ({"target": "warm_flat", "month": "last"}, "'month' must be a whole number"),
    ],
)
def test_a_question_that_has_no_answer_is_refused(asked: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        judged_at(**asked)


@pytest.mark.parametrize(
    ("ask", "text"),
    [
        (sim.verdicts, "tabled"),
        (lambda name: sim.why(name, "ben"), "tabled"),
        (lambda name: sim.flip(name, by="terms"), "tabled"),
        (sim.outcomes, "every"),
        (lambda name: sim.discover(name, worlds=200), "talks"),
        (lambda name: sim.discover(name, "accepts.ben", worlds=200), "tabled"),
        (lambda name: sim.compare([name])["rows"][0], "tabled"),
    ],
)
def test_every_result_says_what_it_judges_and_takes_a_name(ask: Callable[[Any], Any], text: str) -> None:
    by_name, as_such = ask("warm_flat"), ask(load_scenario(find("warm_flat")))
    assert by_name == as_such
    assert by_name["judged"]["text"] == text
    assert judged_wording.judged(by_name["judged"]).startswith("This judges ")


def test_whoever_is_in_the_way_is_needed_for_its_consent_or_its_pledge() -> None:
    """In month 3 of these talks either of the two pledges would do, and neither comes."""
    actors = sim.verdicts("european_force", month=3)["actors"]
    assert [(actors[name]["blocks"], actors[name]["why_needed"]) for name in ("russia", "baltics", "poland")] == [
        (True, "consent"),
        (True, "pledge"),
        (True, "pledge"),
    ]
    assert not actors["uk"]["blocks"]
    turning = actor_turning("european_force", month=3, numbers=False)
    assert {name: one["why_needed"] for name, one in turning.items()} == {
        "russia": "consent",
        "baltics": "pledge",
        "poland": "pledge",
    }


def test_only_a_change_that_helps_is_said_to_help() -> None:
    """Land for Russia is worth much to it, and leaves the troops where it will not have them."""
    why = sim.why("european_force", "russia")
    assert why["turns"]
    assert all(turn["verdict"] != "red_line" for turn in why["turns"])
    assert why["beyond_core"] is not None
    [first, *_] = why["beyond_core"]["sets"]
    assert first["force"][0] == "european"
    assert sim.verdicts("european_force", {name: new for name, (_, new) in first.items()})["actors"]["russia"][
        "verdict"
    ] == ("accept")


def test_a_claim_comes_with_its_words_and_what_rests_on_it() -> None:
    [claim] = claims("ukraine_2025", ["C05"])["claims"]
    assert claim["text"] == "That idea looks like a non-starter for Moscow."
    assert "actors.russia.red_lines.western_troops.price" in [one["path"] for one in claim["rests"]]
    assert len(claims("ukraine_2025")["claims"]) == len(sim.load_case("ukraine_2025").claims)
    with pytest.raises(UsageError, match=r"'c5' is not a claim of case 'ukraine_2025'\. Did you mean 'C"):
        claims("ukraine_2025", ["c5"])


def test_results_carry_the_words_of_the_claims_that_they_cite() -> None:
    texts = {name: claim.text for name, claim in sim.load_case("ukraine_2025").claims.items()}
    why = sim.why("european_force", "russia")
    cited = {name for entry in why["ledger"] for name in entry["sources"]}
    assert cited <= why["claims"].keys()
    assert why["claims"].items() <= texts.items()
    assert sim.verdicts("european_force")["claims"].items() <= texts.items()
    assert sim.sources("ukraine_2025")["claims"] == texts
