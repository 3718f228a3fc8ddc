"""The deals of all tables in the plane of two actors: the surplus that each of the two has from every text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict

import numpy as np

from sim.analysis.outcomes.pareto import frontier
from sim.case.models import Scenario
from sim.engine.rule_matrix import Bools, Floats
from sim.engine.voting.needed_actors import required_actors
from sim.game.debrief.table_results import TableResult, negotiable_texts
from sim.negotiation.answers.evaluation import number
from sim.negotiation.answers.evaluation_context import evaluate

AXES = 2
POINTS_MOST = 2_000
"""The most points that are listed; of more, an evenly spaced selection. The frontier is always complete."""


class TableTradeoff(TypedDict):
    """Texts and deals by the surplus of two actors (`docs/reference/json.md`, `plane`)."""

    axes: list[str]
    texts: int
    points: list[dict[str, Any]]
    frontier: list[list[float]]
    deals: list[dict[str, Any]]


def tradeoff(scenario: Scenario, tables: Sequence[TableResult]) -> TableTradeoff | None:
    """Place every negotiable text, and every table's last text, by the surplus of two actors.

    The two actors are those whose consent the most texts need; ties go to the first in the order of the case. Texts
    are judged as of the first month, so that tables can be compared. A red line that has no price costs nothing here,
    but texts across it are marked. None if there are too many texts, or fewer than two actors.
    """
    run = tables[0].run
    texts = negotiable_texts(run)
    if texts is None or len(scenario.case.actors) < AXES:
        return None
    case, uniforms = scenario.case, run.uniforms
    both = np.concatenate([texts, np.stack([table.text for table in tables])])
    evaluation = evaluate(case, uniforms, both, month=1, months=1, events=scenario.events)
    shape = (1, len(both))
    asked = required_actors(case, evaluation.matrix, evaluation.responses.pledged)
    often = {name: int(np.broadcast_to(asked[name], shape)[0][: len(texts)].sum()) for name in case.actors}
    axes = sorted(case.actors, key=lambda name: -often[name])[:AXES]
    answers = [evaluation.responses.answers[name] for name in axes]
    points = np.stack([np.broadcast_to(answer.surplus, shape)[0] for answer in answers], axis=1)
    never = np.any([np.broadcast_to(answer.never, shape)[0] for answer in answers], axis=0)
    agreed = np.broadcast_to(evaluation.responses.consent.agreed, shape)[0]
    of_texts = points[: len(texts)]
    best = frontier(of_texts)[0]
    best = best[np.argsort(of_texts[best, 0])]

    def place(row: int) -> list[float]:
        return [number(value) for value in points[row]]

    return {
        "axes": axes,
        "texts": len(texts),
        "points": [
            {"at": place(row), "agreed": bool(agreed[row]), "never": bool(never[row])}
            for row in _distinct(of_texts, agreed[: len(texts)], never[: len(texts)])
        ],
        "frontier": [place(row) for row in best],
        "deals": [
            {"table": table.name, "at": place(row), "signed": table.agreed, "never": bool(never[row])}
            for row, table in enumerate(tables, len(texts))
        ],
    }


def _distinct(points: Floats, agreed: Bools, never: Bools) -> list[int]:
    """The indices of different points, evenly thinned if there are too many."""
    rows = np.column_stack([points, agreed, never])
    _, first = np.unique(rows, axis=0, return_index=True)
    step = -(-len(first) // POINTS_MOST)
    return [int(index) for index in first[::step]]
