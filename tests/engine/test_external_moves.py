"""Moves from outside: what a seat may do, what is refused, and that the record replays them."""

from __future__ import annotations

from typing import Any

import pytest

from sim.errors import ParleyError, RecordError, UsageError
from sim.negotiation.model import DeliberationModel
from sim.negotiation.moves import PHASES, Move, Phase
from sim.negotiation.record.history import Run
from sim.negotiation.record.summary import summarise
from sim.negotiation.replay import record, replay
from sim.negotiation.scenario_loader import build_scenario
from tests.engine.villages import guarded, rule, scenario

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
    assert summarise(model.result)["outcome"] == "agreed"


def test_a_seat_is_waited_for_and_its_answer_counts() -> None:
    model = seated("lower")
    run_to(model, Phase.REACTIONS)
    assert model.waiting == {"lower"}
    with pytest.raises(UsageError, match="reactions phase of month 1 waits for lower"):
        model.advance()
    model.give("lower", Move(verdict="accept", says="We pay."))
    model.advance()
    run_to(model, Phase.DECISION)
    model.advance()
    told = summarise(model.result)
    assert (told["outcome"], told["months"]) == ("agreed", 1)  # by its rules it would have refused 30
    reaction = told["timeline"][0]["reactions"]["lower"]
    assert (reaction["verdict"], reaction["understudy"], reaction["said"]) == (
        "accept",
        "worse_than_no_deal",
        "We pay.",
    )


# -- what counts as a term ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amend", "message"),
    [
        ({"guard": "small", "men": 5}, ""),  # one term: who guards needs men, and how many is a choice
        ({"guard": "large", "men": 10}, ""),
        ({"price": 10}, ""),
        ({"guard": "small"}, "impossible: a guard has men (a_guard_has_men)"),
        ({"price": 10, "men": 5}, "impossible: no guard no men (no_guard_no_men)"),
        ({"guard": "small", "men": 5, "price": 10}, "changes at most 1 terms, not 3"),
    ],
)
def test_issues_that_a_constraint_ties_together_count_as_one_term(amend: dict[str, Any], message: str) -> None:
    model = seated("upper", protocol={**SINGLE_TEXT, "negotiable": ["price", "guard", "men"]})
    run_to_waiting(model, Phase.AMENDMENT)
    if message:
        with pytest.raises(UsageError) as refused:
            model.give("upper", Move(amend=amend))
        assert message in str(refused.value)
    else:
        model.give("upper", Move(amend=amend))
        run_to(model, Phase.REACTIONS)
        assert {name: model.space.decode(model.text[0])[name] for name in amend} == amend


def test_to_drop_a_guard_with_its_men_is_one_term() -> None:
    with_men = {"price": 30, "guard": "small", "men": 5}
    model = seated("upper", proposal=with_men, protocol={**SINGLE_TEXT, "negotiable": ["guard"]})
    run_to_waiting(model, Phase.AMENDMENT)
    model.give("upper", Move(amend={"guard": "none"}))
    run_to(model, Phase.REACTIONS)
    assert model.space.decode(model.text[0]) == {"price": 30, "guard": "none", "men": 0}


# -- what the rules make of people -------------------------------------------------------------------------------------


def told(source: dict[str, Any], **answers: list[Move]) -> dict[str, Any]:
    """Play with people who answer month by month, their last answer again and again, and pass when they draft."""
    model = DeliberationModel(build_scenario(source), seats=answers, rng=0)
    while model.running:
        for name in sorted(model.waiting):
            given = answers[name][min(model.month, len(answers[name])) - 1]
            model.give(name, Move() if model.phase is Phase.AMENDMENT else given)
        model.advance()
    run = model.result
    assert record(replay(record(run))) == record(run)
    return summarise(run)


YES, NO = Move(verdict="accept"), Move(verdict="holding_out")


@pytest.mark.parametrize(("step", "price", "gap"), [(2, 10, [2, 0]), (10, 10, [10, 0]), (11, 20, None)])
def test_a_person_who_refuses_what_its_rules_accept_is_won_by_a_step_more(
    step: float, price: int, gap: list[float] | None
) -> None:
    """Lower's rules would accept 20. Each 10 less is worth 10 to it; Upper is content with 10, and not with 0."""
    source = scenario({"price": 20}, {**SINGLE_TEXT, "step": step})
    source["case"]["actors"]["upper"]["reservation"]["base"] = 5
    month = told(source, lower=[NO, YES])["timeline"][1]
    assert month["text"]["price"] == price
    assert month["move"]["kind"] == ("improve" if gap else "stand")
    assert month["move"]["gaps"].get("lower") == gap


def test_a_person_who_refuses_what_its_rules_refuse_lacks_what_they_lack() -> None:
    month = told(scenario({"price": 30}, SINGLE_TEXT), lower=[NO, YES])["timeline"][1]
    assert month["move"]["gaps"] == {"lower": [5, 0]}


def test_a_person_who_accepts_what_its_rules_refuse_is_expected_to_accept_what_is_as_good() -> None:
    """Lower accepts 30, which its rules refuse. The Mayor has 6 of 10 men; a text with 5 men does not lose Lower."""
    source = guarded({"price": 30, "guard": "small", "men": 10}, {**SINGLE_TEXT, "negotiable": ["men"]}, cost=-1)
    found = told(source, lower=[YES])
    assert [month["blocked_by"] for month in found["timeline"]] == [["guarded"], []]
    assert found["timeline"][1]["text"] == {"price": 30, "guard": "small", "men": 5}  # loses nobody
    assert found["outcome"] == "agreed"


def test_people_pass_without_limit_and_rules_do_not() -> None:
    protocol = {**SINGLE_TEXT, "months": 9, "patience": 2, "negotiable": ["men"]}
    people = told(scenario({"price": 30}, protocol), upper=[YES], lower=[NO])
    assert (people["outcome"], people["months"]) == ("expired", 9)
    assert {month["move"]["kind"] for month in people["timeline"][1:]} == {"stand"}
    assert told(scenario({"price": 30}, protocol), lower=[NO])["outcome"] == "expired"  # who holds out may come round
    rules = told(scenario({"price": 30}, protocol), lower=[Move(verdict="worse_than_no_deal")])
    assert (rules["outcome"], rules["months"]) == ("impasse", 3)


def test_after_a_persons_text_the_rules_may_return_to_what_was_tried_before() -> None:
    """The rules go from 30 to 20; a person goes back to 30; without its text, 20 would be closed to them."""
    model = DeliberationModel(build_scenario(scenario({"price": 30}, SINGLE_TEXT)), rng=0)
    model.step()
    model.seats = {"lower", "upper"}
    run_to(model, Phase.REACTIONS)
    assert model.space.decode(model.text[0])["price"] == 20
    model.give("upper", YES)
    model.give("lower", NO)
    run_to(model, Phase.AMENDMENT)
    model.give("upper", Move(amend={"price": 30}))
    model.advance()
    model.seats = ()
    model.run_model()
    found = summarise(model.result)
    assert [month["text"]["price"] for month in found["timeline"]] == [30, 20, 30, 20]
    assert [month["move"]["kind"] for month in found["timeline"][1:]] == ["improve", "offer", "improve"]
    assert found["outcome"] == "agreed"


def test_a_persons_text_takes_back_what_was_yielded() -> None:
    """The rules give way to Lower's line; once a person has tabled what crosses it, they do not shun it any more."""
    source = scenario({"price": 20, "guard": "large", "men": 10}, {**SINGLE_TEXT, "negotiable": ["guard"]})
    source["case"]["actors"]["lower"]["red_lines"] = [
        rule("no_large_guard", when={"guard": "large"}, price="never", declared=True)
    ]
    model = DeliberationModel(build_scenario(source), rng=0)
    model.step()
    model.seats = {"lower", "upper"}
    run_to(model, Phase.REACTIONS)
    assert model.space.decode(model.text[0])["guard"] != "large"
    assert model.talks._memory.yielded.tolist() == [[True]]
    model.give("upper", YES)
    model.give("lower", NO)
    run_to(model, Phase.AMENDMENT)
    model.give("upper", Move(amend={"guard": "large", "men": 10}))
    model.advance()
    assert model.talks._memory.yielded.tolist() == [[False]]
    model.seats = ()
    model.run_model()
    assert summarise(model.result)["outcome"] == "agreed"


# -- what people send --------------------------------------------------------------------------------------------------

GUARDED = {"price": 20, "guard": "small", "men": 5}


@pytest.mark.parametrize(
    ("cost", "pledge", "sent", "outcome"),
    [
        (-2, {}, 6, "agreed"),  # left to its rules, which send
        (-4, {}, 0, "impasse"),  # left to its rules, which support and send nothing
        (-4, {"guards": 5}, 5, "agreed"),
        (-2, {"guards": 0}, 0, "impasse"),
        (-2, {"guards": 4}, 4, "impasse"),
    ],
)
def test_a_person_names_what_it_sends_or_leaves_it_to_its_rules(
    cost: float, pledge: dict[str, float], sent: float, outcome: str
) -> None:
    found = told(guarded(GUARDED, {"name": "one_shot"}, cost=cost), mayor=[Move(verdict="accept", pledge=pledge)])
    mayor = found["timeline"][0]["reactions"]["mayor"]
    assert (mayor["verdict"], mayor["pledge"], found["outcome"]) == ("accept", {"guards": sent}, outcome)


def test_who_sends_against_its_rules_is_expected_to_send_again() -> None:
    """Lower refuses 30. To the rules of the Mayor nothing is worth sending; the person sends, and is not lost by 20."""
    sends = Move(verdict="accept", pledge={"guards": 5})
    found = told(guarded({**GUARDED, "price": 30}, SINGLE_TEXT), mayor=[sends])
    assert found["timeline"][1]["move"]["gaps"] == {"lower": [5, 0]}
    assert (found["outcome"], found["months"]) == ("agreed", 2)


def test_who_keeps_what_its_rules_would_send_is_one_step_away() -> None:
    keeps = Move(verdict="accept", pledge={"guards": 0})
    found = told(guarded({**GUARDED, "price": 30}, {**SINGLE_TEXT, "months": 6}, cost=-2), mayor=[keeps])
    first, second = found["timeline"][:2]
    assert (first["reactions"]["mayor"]["blocks"], second["move"]["gaps"]["mayor"]) == (True, [2, 2])
    assert found["outcome"] == "impasse"  # nothing that is negotiable is worth more to the Mayor
    free = told(guarded(GUARDED, {**SINGLE_TEXT, "negotiable": ["guard"]}, cost=-2), mayor=[keeps])
    assert free["timeline"][1]["move"]["gaps"] == {"mayor": [2, 0]}  # without a guard nobody is asked
    assert free["outcome"] == "agreed"


def test_who_sends_too_little_is_expected_to_send_as_much_again() -> None:
    """The Mayor has 6 and sends 4 of 5: to change the price would win nobody, to drop the guard does."""
    four = [Move(verdict="accept", pledge={"guards": 4})]
    found = told(guarded(GUARDED, SINGLE_TEXT, cost=-2), mayor=four)
    assert {month["move"]["kind"] for month in found["timeline"][1:]} == {"stand"}
    free = told(guarded(GUARDED, {**SINGLE_TEXT, "negotiable": ["price", "guard"]}, cost=-2), mayor=four)
    assert free["timeline"][1]["text"]["guard"] == "none"
    assert free["outcome"] == "agreed"


def test_a_seat_may_change_its_mind_at_the_decision() -> None:
    model = seated("lower")
    run_to(model, Phase.REACTIONS)
    model.give("lower", Move(verdict="accept"))
    run_to(model, Phase.DECISION)
    model.give("lower", Move(verdict="red_line"))
    model.advance()
    assert model.running
    assert model.months[0].evaluation.responses.consent.blockers["lower"][0, 0]


def test_a_seated_contributor_may_pledge_less() -> None:
    model = seated("mayor", proposal={"price": 20, "guard": "small", "men": 5}, protocol={"name": "one_shot"})
    told = summarise(finish(model, mayor=Move(verdict="accept", pledge={"guards": 4})))
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
    told = summarise(model.result)
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
    assert summarise(model.result)["outcome"] == "collapsed"


def test_drafters_who_are_all_seated_and_pass_leave_the_text_as_it_is() -> None:
    told = summarise(finish(seated("upper", "lower"), upper=Move(verdict="accept"), lower=Move(verdict="holding_out")))
    assert [month["decision"] for month in told["timeline"]] == ["repeated"] * 3 + ["expired"]


def test_a_record_with_moves_replays_to_itself() -> None:
    run = finish(seated("upper", "lower"), upper=Move(verdict="accept"), lower=Move(verdict="holding_out", says="No."))
    told = record(run)
    assert len(told["moves"]) > 8
    assert record(replay(told)) == told


def test_an_edited_record_is_found_out() -> None:
    told = record(finish(seated()))
    with pytest.raises(RecordError, match="does not match the record"):
        replay({**told, "months": told["months"] + 1})
    with pytest.raises(RecordError, match=r"saved by an earlier version of the program in the format parley\.run/1"):
        replay({**told, "format": "parley.run/1"})
    with pytest.raises(RecordError, match="not the record of a run; expected the format parley"):
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
        (Phase.REACTIONS, "lower", Move(), "choose from accept, holding_out, worse_than_no_deal, red_line."),
        (Phase.REACTIONS, "lower", Move(verdict="maybe"), "unknown verdict 'maybe' of 'lower'; choose from accept, "),
        (Phase.REACTIONS, "lower", Move(verdict="accept", amend={"price": 10}), "wait for the amendment phase."),
        (Phase.REACTIONS, "lower", Move(verdict="accept", withdraw=True), "only a sponsor can, at the decision."),
        (Phase.REACTIONS, "lower", Move(verdict="accept", pledge={"gold": 1}), "'lower' has no gold to pledge."),
        (
            Phase.PLEDGES,
            "lower",
            Move(verdict="accept"),
            "it answers in reactions.",
        ),
        (Phase.DECISION, "lower", Move(pledge={"guards": 1}), "it pledges when it answers, in reactions."),
        (
            Phase.AMENDMENT,
            "lower",
            Move(amend={"price": 10}),
            "the drafters are: upper.",
        ),
        (Phase.AMENDMENT, "upper", Move(amend={"price": 15}), "unknown option '15' for 'price' (0, 10, 20, 30)."),
        (Phase.AMENDMENT, "upper", Move(amend={"guard": "small"}), "'guard' is not negotiable (price)."),
        (Phase.AMENDMENT, "upper", Move(amend={"price": 10, "men": 5}), "'men' is not negotiable (price)."),
        (Phase.AMENDMENT, "upper", Move(verdict="accept"), "leave out 'accept'."),
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
    with pytest.raises(UsageError, match="unknown actor nobody; the case has "):
        seated("nobody")


def test_talks_that_are_over_go_no_further() -> None:
    model = seated()
    model.run_model()
    with pytest.raises(ParleyError, match="the talks are over"):
        model.advance()
