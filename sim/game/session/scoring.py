"""What a text is worth to one chair: for that chair alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.engine.explain import ledger, sending_ledger
from sim.engine.outcome_space import Texts
from sim.engine.rule_matrix import Bools
from sim.engine.verdict_rules import Verdict
from sim.game.session.table import GameTable
from sim.negotiation.evaluation import entry_json, number
from sim.negotiation.protocols import protocol_of


def score(table: GameTable, actor: str, text: Texts | None = None) -> dict[str, Any]:
    """Judge a text by the rules of one actor, in the context and the month of the table.

    Of what others would say it knows what everybody has heard: the answers to the text on the table, once they are
    given. Before, and for any other text, declared red lines stand.

    Parameters
    ----------
    text : (1, issue) uint8; the text on the table if left out

    Returns
    -------
    plain data: `verdict` (of the rules), `surplus`, `utility`, `reservation`, `aspiration`, `price`, `never`,
    `ledger`, and the `measures` of the text; and `sends`: resource to whether it is `asked` for by the text, whether
    the rules would send it (`sends`), the `capacity`, the `surplus` with the rules that count only if it is sent, and
    their `ledger`
    """
    model = table.model
    heard: Mapping[str, Bools] = {}
    if text is None:
        text = model.text[:1]
        heard = {name: one.accepts for name, one in model.answers.items() if _first(table, name)}
    matrix = model.compiled_rules.read(text)
    situation = model.drawn_parameters.situation(matrix, model.context, model.month, protocol_of(model.script).months)
    parameters = next(one for one in model.drawn_parameters.actor_parameters if one.name == actor)
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
        "ledger": [entry_json(one) for one in ledger(model.script.case, parameters, matrix, situation, accepted)],
        "measures": {name: number(level[0, 0]) for name, level in situation.measures.items()},
        "sends": {
            of: {
                "asked": bool(answer.asked[of][0, 0]),
                "sends": bool(answer.sends(of)[0, 0]),
                "capacity": number(parameters.capacities[of][0]),
                "surplus": number(points[0, 0]),
                "ledger": [entry_json(one) for one in sending_ledger(parameters, of, matrix, accepted)],
            }
            for of, points in answer.sending.items()
        },
    }


def _first(table: GameTable, actor: str) -> bool:
    return table.scenario.case.actors[actor].reacts_first
