"""What a text is worth to one chair. Only that chair may see it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

from sim.engine.explain import ledger, sending_ledger
from sim.engine.outcome_space import Texts
from sim.engine.rule_matrix import Bools
from sim.engine.verdict_rules import Verdict
from sim.game.session.public_record import read_text
from sim.game.session.table import GameTable
from sim.negotiation.answers.answer_data import LedgerRow
from sim.negotiation.answers.evaluation import entry_json, number
from sim.negotiation.protocols import protocol_of


class SendingScore(TypedDict):
    """What sending a resource is worth to one chair."""

    asked: bool
    """Whether the text asks for the resource."""
    sends: bool
    """Whether the rules would send it."""
    capacity: float
    surplus: float
    """Points, including the rules that count only if the resource is sent."""
    ledger: list[LedgerRow]


class Score(TypedDict):
    """A text judged by the rules of one actor; points are floats, `measures` are by name, `sends` by resource."""

    verdict: str
    surplus: float
    utility: float
    reservation: float
    aspiration: float
    price: float
    never: bool
    ledger: list[LedgerRow]
    measures: dict[str, float]
    sends: dict[str, SendingScore]


def score(table: GameTable, actor: str, text: Texts | None = None) -> Score:
    """Judge a text, (1, issue) uint8, by the rules of one actor, in the context and the month of the table.

    Without a text, it is the text on the table. Of the others' answers, the actor knows what everybody has heard: the
    first answers to the text on the table, once they are given. Before that, and for any other text, it expects what
    declared red lines imply.
    """
    model = table.model
    heard: Mapping[str, Bools] = {}
    if text is None:
        text = model.text[:1]
        actors = table.scenario.case.actors
        heard = {name: answer.accepts for name, answer in model.answers.items() if actors[name].reacts_first}
    matrix = read_text(model.compiled_rules, text)
    situation = model.drawn_parameters.situation(matrix, model.context, model.month, protocol_of(model.script).months)
    parameters = model.negotiators[actor].all_parameters
    answer = parameters.answer(matrix, situation, heard)
    accepted = {name: bool(accepts[0, 0]) for name, accepts in heard.items()}
    return {
        "verdict": Verdict(int(answer.verdict[0, 0])).word,
        "surplus": number(answer.surplus[0, 0]),
        "utility": number(answer.utility[0, 0]),
        "reservation": number(answer.reservation[0, 0]),
        "aspiration": number(answer.aspiration[0, 0]),
        "price": number(answer.price[0, 0]),
        "never": bool(answer.never[0, 0]),
        "ledger": [entry_json(entry) for entry in ledger(model.script.case, parameters, matrix, situation, accepted)],
        "measures": {name: number(level[0, 0]) for name, level in situation.measures.items()},
        "sends": {
            resource: {
                "asked": bool(answer.asked[resource][0, 0]),
                "sends": bool(answer.sends(resource)[0, 0]),
                "capacity": number(parameters.capacities[resource][0]),
                "surplus": number(points[0, 0]),
                "ledger": [
                    entry_json(entry)
                    for entry in sending_ledger(model.script.case, parameters, resource, matrix, accepted)
                ],
            }
            for resource, points in answer.sending.items()
        },
    }
