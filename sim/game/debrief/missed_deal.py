"""The last moment when a deal was in reach: a text, one amendment away, that everybody's rules would have accepted."""

from __future__ import annotations

from typing import Any, TypedDict

import numpy as np

from sim.analysis.counterfactuals.flip import flip
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.terms import amendments
from sim.game.debrief.table_results import TableResult, judge, least_surplus
from sim.game.session.draft_editing import changed_terms
from sim.negotiation.answers.evaluation import number
from sim.negotiation.protocols import protocol_of


class MissedDeal(TypedDict):
    """The last deal in reach (`docs/reference/json.md`, `tables[].in_reach`)."""

    month: int
    package: dict[str, Any]
    change: dict[str, list[Any]]
    texts: int
    """The number of texts in reach that month."""
    surplus: dict[str, float]


def last_deal_in_reach(table: TableResult) -> MissedDeal | None:
    """Find the last month in which everybody's rules would have agreed on a text within one amendment.

    The text on the table counts too. The rules judge as they did that month: in its context, and with what each actor
    held out for. Of several such texts, the one that is best for the worst-off of those whose consent it needs is
    named. None if there was no such month.
    """
    for month in reversed(range(1, table.months + 1)):
        deal = _in_reach(table, month)
        if deal is not None:
            return deal
    return None


def _in_reach(table: TableResult, month: int) -> MissedDeal | None:
    run, case, space = table.run, table.case, OutcomeSpace(table.case)
    current = run.months[month - 1].evaluation.matrix.texts[0]
    protocol = protocol_of(run.scenario)
    near, _ = amendments(space, current, protocol.negotiable, protocol.terms)
    texts = np.concatenate([current[None], near])
    evaluation = judge(run, texts, month, holding_out=True)
    agreed = np.flatnonzero(np.broadcast_to(evaluation.responses.consent.agreed, (1, len(texts)))[0])
    if not len(agreed):
        return None
    best = int(agreed[np.argmax(least_surplus(evaluation)[agreed])])
    package = space.decode(texts[best])
    answers = evaluation.one(text=best).responses.answers
    return {
        "month": month,
        "package": package,
        "change": changed_terms(space.decode(current), package),
        "texts": len(agreed),
        "surplus": {name: number(answers[name].surplus[0, 0]) for name in case.actors},
    }


def smallest_flip(table: TableResult) -> dict[str, Any] | None:
    """The smallest sets of changed terms with which a text that was not agreed would have been, at the start."""
    if table.agreed:
        return None
    result = flip(table.run.scenario, OutcomeSpace(table.case).decode(table.text), by="terms")
    return {key: result[key] for key in ("agreed", "most_terms", "terms", "flips")}
