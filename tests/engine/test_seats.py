"""Moves from outside: what a seat may do, what is refused, and that the record replays them."""

from __future__ import annotations

from typing import Any

import pytest

from sim.deliberation.account import account
from sim.deliberation.model import DeliberationModel
from sim.deliberation.moves import PHASES, Move, Phase
from sim.deliberation.record import Run
from sim.deliberation.replay import record, replay
from sim.deliberation.scenarios import build_scenario
from sim.errors import ParleyError, RecordError, UsageError
from tests.engine.villages import rule, scenario

OPENING = {"price": 30}
SINGLE_TEXT = {"name": "single_text", "amend_terms": 1, "months": 4, "negotiable": ["price"]}


def seated(
    *seats: str, proposal: dict[str, Any] = OPENING, protocol: dict[str, Any] = SINGLE_TEXT
) -> DeliberationModel:
    source = scenario(proposal, protocol)
    pledged = {"of": "guards", "from": ["mayor"], "cover": "men"}
    source["case"]["consent"].append(rule("guarded", when={"men": ">0"}, pledges=pledged))
    return DeliberationModel(build_scenario(source), seats=seats, rng=0)


def run_to(model: DeliberationModel, phase: Phase) -> None:
    while model.phase is not phase:
        model.advance()


def finish(model: DeliberationModel, **answers: Move) -> Run:
    """Play on; each seat gives the same answer whenever it is waited for."""
    while model.running:
        for name in model.waiting:
            model.give(name, answers[name] if model.phase is not Phase.AMENDMENT else Move())
        model.advance()
    return model.result


def test_the_model_can_stop_after_any_phase() -> None:
    model = seated()
    seen = []
    while model.month < 2 and model.running:
        seen.append(model.phase)
        model.advance()
    assert tuple(seen[: len(PHASES)]) == PHASES


def test_without_seats_it_waits_for_nobody_and_ends_as_a_run_does() -> None:
    model = seated()
    model.run_model()
    assert account(model.result)["outcome"] == "agreed"


def test_a_seat_is_waited_for_and_its_answer_counts() -> None:
    model = seated("lower")
    run_to(model, Phase.REACTIONS)
    assert model.waiting == {"lower"}
    with pytest.raises(UsageError, match="the reactions of month 1 wait for lower"):
        model.advance()
    model.give("lower", Move(verdict="accept", says="We pay."))
    model.advance()
    run_to(model, Phase.DECISION)
    model.advance()
    told = account(model.result)
    assert (told["outcome"], told["months"]) == ("agreed", 1)  # by its rules it would have refused 30
    reaction = told["timeline"][0]["reactions"]["lower"]
    assert (reaction["verdict"], reaction["understudy"], reaction["said"]) == (
        "accept",
        "worse_than_no_deal",
        "We pay.",
    )


def test_a_seat_may_change_its_mind_at_the_decision() -> None:
    model = seated("lower")
    run_to(model, Phase.REACTIONS)
    model.give("lower", Move(verdict="accept"))
    run_to(model, Phase.DECISION)
    model.give("lower", Move(verdict="red_line"))
    model.advance()
    assert model.running
    assert model.months[0].sitting.hearing.consent.blockers["lower"][0, 0]


def test_a_seated_contributor_may_pledge_less() -> None:
    model = seated("mayor", proposal={"price": 20, "guard": "small", "men": 5}, protocol={"name": "one_shot"})
    told = account(finish(model, mayor=Move(verdict="accept", pledge={"guards": 4})))
    assert told["blocked_by"] == ["guarded"]
    assert told["timeline"][0]["reactions"]["mayor"]["pledge"] == {"guards": 4}


def test_a_seated_sponsor_amends_and_withdraws() -> None:
    model = seated("upper")
    run_to(model, Phase.REACTIONS)
    model.give("upper", Move(verdict="accept"))
    run_to(model, Phase.AMENDMENT)
    model.give("upper", Move(amend={"price": 10}))
    run_to(model, Phase.REACTIONS)
    assert model.space.decode(model.text[0])["price"] == 10
    model.give("upper", Move(verdict="accept"))
    run_to(model, Phase.DECISION)
    model.give("upper", Move(withdraw=True))
    model.advance()
    told = account(model.result)
    assert told["outcome"] == "agreed"  # what is agreed can no longer be withdrawn
    assert told["timeline"][1]["tabled_by"] == ["upper"]


def test_a_sponsor_that_withdraws_ends_the_talks() -> None:
    model = seated("upper", "lower")
    run_to(model, Phase.REACTIONS)
    model.give("upper", Move(verdict="accept"))
    model.give("lower", Move(verdict="holding_out"))
    run_to(model, Phase.DECISION)
    model.give("upper", Move(withdraw=True))
    model.advance()
    assert account(model.result)["outcome"] == "collapsed"


def test_drafters_who_are_all_seated_and_pass_leave_the_text_as_it_is() -> None:
    told = account(finish(seated("upper", "lower"), upper=Move(verdict="accept"), lower=Move(verdict="holding_out")))
    assert [month["decision"] for month in told["timeline"]] == ["repeated"] * 3 + ["expired"]


def test_a_record_with_moves_replays_to_itself() -> None:
    run = finish(seated("upper", "lower"), upper=Move(verdict="accept"), lower=Move(verdict="holding_out", says="No."))
    told = record(run)
    assert len(told["moves"]) > 8
    assert record(replay(told)) == told


def test_an_edited_record_is_found_out() -> None:
    told = record(finish(seated()))
    with pytest.raises(RecordError, match="does not come out as it says"):
        replay({**told, "months": told["months"] + 1})
    with pytest.raises(RecordError, match="no record of a run"):
        replay({"format": "something/1"})


def test_a_chair_may_be_taken_and_left_in_the_middle_of_the_talks() -> None:
    model = seated()
    model.advance()
    model.seats = {"lower"}
    assert model.waiting == {"lower"}
    model.give("lower", Move(verdict="red_line", says="Not while I sit here."))
    model.step()
    model.seats = ()
    model.run_model()
    run = model.result
    assert [list(month.understudies) for month in run.months] == [["lower"], []]
    assert record(replay(record(run))) == record(run)


def test_talks_that_are_open_have_no_record_yet() -> None:
    with pytest.raises(RecordError, match="still open"):
        record(seated().result)


@pytest.mark.parametrize(
    ("phase", "actor", "move", "message"),
    [
        (Phase.REACTIONS, "mayor", Move(verdict="accept"), "nobody is seated for 'mayor' (seats: lower, upper)."),
        (
            Phase.REACTIONS,
            "lower",
            Move(),
            "'lower' must give a verdict (accept, holding_out, worse_than_no_deal, red_line).",
        ),
        (Phase.REACTIONS, "lower", Move(verdict="maybe"), "'maybe' is no verdict here;"),
        (Phase.REACTIONS, "lower", Move(verdict="accept", amend={"price": 10}), "amended in the phase amendment."),
        (Phase.REACTIONS, "lower", Move(verdict="accept", withdraw=True), "only a sponsor may withdraw"),
        (Phase.REACTIONS, "lower", Move(verdict="accept", pledge={"gold": 1}), "'lower' has no gold to pledge."),
        (Phase.PLEDGES, "lower", Move(verdict="accept"), "'lower' does not move in the phase pledges;"),
        (Phase.DECISION, "lower", Move(pledge={"guards": 1}), "'lower' pledges when it answers"),
        (Phase.AMENDMENT, "lower", Move(amend={"price": 10}), "'lower' does not amend the text this month."),
        (Phase.AMENDMENT, "upper", Move(amend={"price": 15}), "'15' is no option of 'price' (0, 10, 20, 30)."),
        (Phase.AMENDMENT, "upper", Move(amend={"guard": "small"}), "'guard' is not negotiable (price)."),
        (Phase.AMENDMENT, "upper", Move(amend={"price": 10, "men": 5}), "changes at most 1 issues, not 2."),
        (Phase.AMENDMENT, "upper", Move(verdict="accept"), "'accept' is no verdict here;"),
    ],
)
def test_a_move_that_does_not_fit_is_refused_with_the_reason(
    phase: Phase, actor: str, move: Move, message: str
) -> None:
    model = seated("lower", "upper")
    run_to_waiting(model, phase)
    with pytest.raises(UsageError) as refused:
        model.give(actor, move)
    assert message in str(refused.value)
    assert not [given for given in model.moves if given.phase is phase]  # nothing was taken of it


def run_to_waiting(model: DeliberationModel, phase: Phase) -> None:
    while model.phase is not phase:
        for name in model.waiting:
            model.give(name, Move(verdict="holding_out"))
        model.advance()


def test_an_impossible_amendment_names_its_constraint() -> None:
    model = seated("upper", protocol={**SINGLE_TEXT, "negotiable": ["guard", "price"]})
    run_to_waiting(model, Phase.AMENDMENT)
    with pytest.raises(UsageError, match=r"impossible: a guard has men \(a_guard_has_men\)"):
        model.give("upper", Move(amend={"guard": "small"}))


def test_a_pledge_above_the_capacity_is_refused() -> None:
    model = seated("mayor")
    run_to(model, Phase.PLEDGES)
    with pytest.raises(UsageError, match="'mayor' can pledge 0 to 6 guards, not 7"):
        model.give("mayor", Move(verdict="accept", pledge={"guards": 7}))


def test_an_unknown_seat_is_refused() -> None:
    with pytest.raises(UsageError, match="no actor nobody in the case"):
        seated("nobody")


def test_talks_that_are_over_go_no_further() -> None:
    model = seated()
    model.run_model()
    with pytest.raises(ParleyError, match="the talks are over"):
        model.advance()
