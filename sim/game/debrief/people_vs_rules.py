"""Each move of a person beside what its understudy, the rules of its chair, would have done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sim.engine.outcome_space import OutcomeSpace
from sim.engine.verdict_rules import Verdict
from sim.game.debrief.table_results import TableResult
from sim.negotiation.evaluation import number
from sim.negotiation.model import DeliberationModel
from sim.negotiation.moves import Phase, RecordedMove
from sim.negotiation.record.history import Month, Run

ANSWERS, DRAFTS = "answers", "drafts"


def compare_with_rules(played: TableResult) -> dict[str, Any]:
    """List every answer and every amendment of a person, and count how often its rules would have done the same.

    An answer is the same if both accept, or neither does (a person has more ways to say no than reasons for it), and
    if both send something, or neither does, where the text asks for it.
    An amendment is the same if it leads to the same text.

    Returns
    -------
    plain data (`docs/reference/json.md`)
    """
    moves = [*_answers(played), *_drafts(played)]
    moves.sort(key=lambda move: (move["month"], move["kind"] == DRAFTS))
    seats: dict[str, dict[str, int]] = {}
    for move in moves:
        seat = seats.setdefault(move["actor"], {ANSWERS: 0, "answers_alike": 0, DRAFTS: 0, "drafts_alike": 0})
        seat[move["kind"]] += 1
        seat[f"{move['kind']}_alike"] += move["alike"]
    answers, alike = (sum(seat[key] for seat in seats.values()) for key in (ANSWERS, "answers_alike"))
    return {"moves": moves, "seats": seats, "answers": answers, "answers_alike": alike}


def _answers(played: TableResult) -> list[dict[str, Any]]:
    found = []
    for month in played.run.months:
        for actor, understudy in month.understudies.items():
            answers = [
                given
                for given in played.run.moves
                if (given.month, given.actor) == (month.month, actor) and _is_answer(given)
            ]
            if not answers:
                continue
            did = Verdict(int(month.evaluation.responses.answers[actor].verdict[0, 0])).word
            would = Verdict(int(understudy[0, 0])).word
            sends = _sends(month, actor, accepts=would == Verdict.ACCEPT.word)
            found.append(
                {
                    "month": month.month,
                    "actor": actor,
                    "kind": ANSWERS,
                    "did": did,
                    "understudy": would,
                    "sends": sends,
                    "alike": (did == Verdict.ACCEPT.word) == (would == Verdict.ACCEPT.word)
                    and all(bool(sent) == bool(rules) for sent, rules in sends.values()),
                    "said": " ".join(given.move.says for given in answers if given.move.says),
                    "withdrew": any(given.move.withdraw for given in answers),
                }
            )
    return found


def _sends(month: Month, actor: str, *, accepts: bool) -> dict[str, list[float]]:
    """What a person sent of each resource that the text asked for, beside what its rules would have sent.

    Parameters
    ----------
    accepts : whether its rules would have accepted the text
    """
    responses, found = month.evaluation.responses, {}
    answer = responses.answers[actor]
    for of, points in answer.sending.items():
        if not answer.asked[of][0, 0]:
            continue
        sent = float(responses.pledged[of][actor][0, 0]) if answer.sends(of)[0, 0] else 0.0
        rules = (
            float(month.evaluation.actor_parameters[actor].capacities[of][0]) if accepts and points[0, 0] >= 0 else 0.0
        )
        found[of] = [number(sent), number(rules)]
    return found


def _is_answer(given: RecordedMove) -> bool:
    return given.phase is not Phase.AMENDMENT


def _drafts(played: TableResult) -> list[dict[str, Any]]:
    """The amendments of persons, each beside what the rules would have made of the same month.

    One who left the text to the others of several drafters made none.
    """
    run, found = played.run, []
    given = [one for one in run.moves if one.phase is Phase.AMENDMENT and one.month <= played.months]
    for month in dict.fromkeys(one.month for one in given):
        moves = [one for one in given if one.month == month]
        tabled = [one for one in moves if one.move.amend]
        had = OutcomeSpace(played.case).decode(run.months[month - 1].evaluation.matrix.texts[0])
        by_rules = _after_drafting(run, month, ())
        if not tabled and len(moves) < len(by_rules.tabled_by):
            continue
        for one in tabled or moves:
            did = _after_drafting(run, month, [one] if tabled else moves)
            ends = not by_rules.running
            found.append(
                {
                    "month": month,
                    "actor": one.actor,
                    "kind": DRAFTS,
                    "did": _change(did, had),
                    "understudy": {} if ends else _change(by_rules, had),
                    "understudy_ends": ends,
                    "alike": not ends and bool(np.array_equal(did.text, by_rules.text)),
                    "said": one.move.says,
                    "withdrew": False,
                }
            )
    return found


def _after_drafting(run: Run, month: int, moves: Sequence[RecordedMove]) -> DeliberationModel:
    """The talks of a run after the amendment of a month, by some moves of persons; without any, by the rules."""
    model = DeliberationModel(run.scenario, rng=run.seed, uniforms=run.uniforms)
    while (model.month, model.phase) != (month, Phase.AMENDMENT):
        _advance(model, [one for one in run.moves if (one.month, one.phase) == (model.month, model.phase)])
    _advance(model, moves)
    return model


def _advance(model: DeliberationModel, moves: Sequence[RecordedMove]) -> None:
    model.seats = {one.actor for one in moves}
    for one in moves:
        model.give(one.actor, one.move)
    model.advance()


def _change(model: DeliberationModel, had: Mapping[str, Any]) -> dict[str, list[Any]]:
    text = model.space.decode(model.text[0])
    return {name: [had[name], option] for name, option in text.items() if option != had[name]}
