"""The last moment when a deal was in reach: a text, an amendment away, that everybody's rules would have taken."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engine.consent import required_actors
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.terms import amendments
from sim.game.debrief.table_results import TableResult, judge
from sim.negotiation.evaluation import number
from sim.negotiation.protocols import protocol_of


def last_in_reach(played: TableResult) -> dict[str, Any] | None:
    """The last month in which some text within an amendment of the one on the table was agreed by everybody's rules.

    The text on the table counts too. Everybody's rules stand as they stood that month: its context, and what each held
    out for. Of several such texts, the best for the worst-off of those whose consent it needs is named.

    Returns
    -------
    plain data (`docs/reference/json.md`); None if there was no such month
    """
    for month in reversed(range(1, played.months + 1)):
        found = _in_reach(played, month)
        if found is not None:
            return found
    return None


def _in_reach(played: TableResult, month: int) -> dict[str, Any] | None:
    run, case, space = played.run, played.case, OutcomeSpace(played.case)
    current = run.months[month - 1].evaluation.matrix.texts[0]
    protocol = protocol_of(run.scenario)
    near, _ = amendments(space, current, protocol.negotiable, protocol.terms)
    texts = np.concatenate([current[None], near])
    evaluation = judge(run, texts, month, holding_out=True)
    shape = (1, len(texts))
    agreed = np.flatnonzero(np.broadcast_to(evaluation.responses.consent.agreed, shape)[0])
    if not len(agreed):
        return None
    least = np.full(len(texts), np.inf)
    for name, asked in required_actors(case, evaluation.matrix, evaluation.responses.pledged).items():
        surplus = np.broadcast_to(evaluation.responses.answers[name].surplus, shape)[0]
        least = np.where(np.broadcast_to(asked, shape)[0], np.minimum(least, surplus), least)
    best = int(agreed[np.argmax(least[agreed])])
    had, package = space.decode(current), space.decode(texts[best])
    answers = evaluation.one(text=best).responses.answers
    return {
        "month": month,
        "package": package,
        "change": {name: [had[name], option] for name, option in package.items() if option != had[name]},
        "texts": len(agreed),
        "surplus": {name: number(answers[name].surplus[0, 0]) for name in case.actors},
    }
