"""Each move of a person, compared with what the rules of its chair would have done (its understudy)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict

import numpy as np

from sim.engine.outcome_space import OutcomeSpace
from sim.engine.verdict_rules import Verdict
from sim.game.debrief.table_results import TableResult
from sim.game.session.draft_editing import changed_terms
from sim.negotiation.answers.evaluation import number
from sim.negotiation.model import DeliberationModel
from sim.negotiation.moves import Phase, RecordedMove
from sim.negotiation.record.history import Month, Run

ANSWERS, DRAFTS = "answers", "drafts"
YES = Verdict.ACCEPT.word


class ComparedMove(TypedDict):
    """A person's move compared with what the rules would have done."""

    month: int
    actor: str
    kind: str
    alike: bool
    said: str
    withdrew: bool


class ComparedAnswer(ComparedMove):
    """A person's answer beside that of the rules; `sends` is resource to [sent, what the rules would have sent]."""

    did: str
    understudy: str
    sends: dict[str, list[float]]


class ComparedAmendment(ComparedMove):
    """A person's amendment beside that of the rules, each by the terms that it changed."""

    did: dict[str, list[Any]]
    understudy: dict[str, list[Any]]
    understudy_ends: bool
    """Whether the rules would have ended the talks instead."""


class PeopleVsRules(TypedDict):
    """All moves of persons compared with the rules (`docs/reference/json.md`, `tables[].understudies`)."""

    moves: list[ComparedAnswer | ComparedAmendment]
    seats: dict[str, dict[str, int]]
    answers: int
    answers_alike: int


def compare_with_rules(table: TableResult) -> PeopleVsRules:
    """List every answer and every amendment of a person, and count how often its rules would have done the same.

    An answer is the same if both accept or neither does (people have more ways to refuse than reasons for it), and if
    both send something or neither does, where the text asks for it. An amendment is the same if it leads to the same
    text.
    """
    moves: list[ComparedAnswer | ComparedAmendment] = [*compared_answers(table.run), *_amendments(table)]
    moves.sort(key=lambda move: (move["month"], move["kind"] == DRAFTS))
    seats: dict[str, dict[str, int]] = {}
    for move in moves:
        seat = seats.setdefault(move["actor"], {ANSWERS: 0, "answers_alike": 0, DRAFTS: 0, "drafts_alike": 0})
        seat[move["kind"]] += 1
        seat[f"{move['kind']}_alike"] += move["alike"]
    answers, alike = (sum(seat[key] for seat in seats.values()) for key in (ANSWERS, "answers_alike"))
    return {"moves": moves, "seats": seats, "answers": answers, "answers_alike": alike}


def compared_answers(run: Run) -> list[ComparedAnswer]:
    """Return every answer of a person beside that of the rules."""
    compared: list[ComparedAnswer] = []
    for month in run.months:
        for actor, understudy in month.understudies.items():
            moves = [
                given.move
                for given in run.moves
                if (given.month, given.actor) == (month.month, actor) and given.phase is not Phase.AMENDMENT
            ]
            if not moves:
                continue
            did = Verdict(int(month.evaluation.responses.answers[actor].verdict[0, 0])).word
            would = Verdict(int(understudy[0, 0])).word
            sends = _sends(month, actor, accepts=would == YES)
            alike = (did == YES) == (would == YES) and all(bool(sent) == bool(rules) for sent, rules in sends.values())
            compared.append(
                {
                    "month": month.month,
                    "actor": actor,
                    "kind": ANSWERS,
                    "did": did,
                    "understudy": would,
                    "sends": sends,
                    "alike": alike,
                    "said": " ".join(move.says for move in moves if move.says),
                    "withdrew": any(move.withdraw for move in moves),
                }
            )
    return compared


def _sends(month: Month, actor: str, *, accepts: bool) -> dict[str, list[float]]:
    """Resource that the text asked for to [what the person sent, what the rules would have sent]."""
    responses, amounts = month.evaluation.responses, {}
    answer = responses.answers[actor]
    for resource, points in answer.sending.items():
        if not answer.asked[resource][0, 0]:
            continue
        sent = float(responses.pledged[resource][actor][0, 0]) if answer.sends(resource)[0, 0] else 0.0
        capacity = float(month.evaluation.actor_parameters[actor].capacities[resource][0])
        amounts[resource] = [number(sent), number(capacity if accepts and points[0, 0] >= 0 else 0.0)]
    return amounts


def _amendments(table: TableResult) -> list[ComparedAmendment]:
    """The amendments of persons, each compared with what the rules would have made of the same month.

    A person who left the text to the other drafters made none.
    """
    run = table.run
    compared: list[ComparedAmendment] = []
    drafting = [given for given in run.moves if given.phase is Phase.AMENDMENT and given.month <= table.months]
    for month in dict.fromkeys(given.month for given in drafting):
        moves = [given for given in drafting if given.month == month]
        tabled = [given for given in moves if given.move.amend]
        before = OutcomeSpace(table.case).decode(run.months[month - 1].evaluation.matrix.texts[0])
        by_rules = _after_drafting(run, month, ())
        if not tabled and len(moves) < len(by_rules.tabled_by):
            continue
        for given in tabled or moves:
            by_person = _after_drafting(run, month, [given] if tabled else moves)
            ends = not by_rules.running
            compared.append(
                {
                    "month": month,
                    "actor": given.actor,
                    "kind": DRAFTS,
                    "did": changed_terms(before, _text(by_person)),
                    "understudy": {} if ends else changed_terms(before, _text(by_rules)),
                    "understudy_ends": ends,
                    "alike": not ends and bool(np.array_equal(by_person.text, by_rules.text)),
                    "said": given.move.says,
                    "withdrew": False,
                }
            )
    return compared


def _after_drafting(run: Run, month: int, moves: Sequence[RecordedMove]) -> DeliberationModel:
    """The talks of a run after the amendment of a month, with some moves of persons; without any, by the rules."""
    model = DeliberationModel(run.scenario, rng=run.seed, uniforms=run.uniforms)
    while (model.month, model.phase) != (month, Phase.AMENDMENT):
        _advance(model, [given for given in run.moves if (given.month, given.phase) == (model.month, model.phase)])
    _advance(model, moves)
    return model


def _advance(model: DeliberationModel, moves: Sequence[RecordedMove]) -> None:
    model.seats = {given.actor for given in moves}
    for given in moves:
        model.give(given.actor, given.move)
    model.advance()


def _text(model: DeliberationModel) -> dict[str, Any]:
    return model.space.decode(model.text[0])
