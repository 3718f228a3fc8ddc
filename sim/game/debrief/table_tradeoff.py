"""The deals of all tables in the plane of two actors: what each of the two would have of every text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.analysis.outcomes.pareto import frontier
from sim.case.models import Scenario
from sim.engine.consent import required_actors
from sim.engine.rule_matrix import Floats
from sim.game.debrief.table_results import TableResult, negotiable
from sim.negotiation.evaluation import evaluate, number

AXES = 2
POINTS_MOST = 2_000
"""So many outcomes are told at most; of more, an evenly spaced choice, with the frontier whole."""


def plane(scenario: Scenario, tables: Sequence[TableResult]) -> dict[str, Any] | None:
    """Every text that could be negotiated, and every table's last one, by what two actors have of it.

    The two are the first, in the order of the case, whose consent the most texts cannot do without. All is judged as
    everybody stood in the first month, so that the tables can be compared. A line that is never sold costs nothing
    here, but a text across it is marked.

    Returns
    -------
    plain data (`docs/reference/json.md`); None if there are too many texts, or nobody to draw
    """
    run = tables[0].run
    texts = negotiable(run)
    if texts is None or len(scenario.case.actors) < AXES:
        return None
    case, uniforms = scenario.case, run.uniforms
    both = np.concatenate([texts, np.stack([played.text for played in tables])])
    evaluation = evaluate(case, uniforms, both, month=1, months=1, events=scenario.events)
    shape = (1, len(both))
    asked = required_actors(case, evaluation.matrix, evaluation.responses.pledged)
    often = {name: int(np.broadcast_to(asked[name], shape)[0][: len(texts)].sum()) for name in case.actors}
    axes = sorted(case.actors, key=lambda name: -often[name])[:AXES]
    answers = [evaluation.responses.answers[name] for name in axes]
    points = np.stack([np.broadcast_to(one.surplus, shape)[0] for one in answers], axis=1)
    never = np.any([np.broadcast_to(one.never, shape)[0] for one in answers], axis=0)
    agreed = np.broadcast_to(evaluation.responses.consent.agreed, shape)[0]
    of_texts = points[: len(texts)]
    best = frontier(of_texts)[0]
    best = best[np.argsort(of_texts[best, 0])]
    shown = _unique(of_texts, agreed[: len(texts)], never[: len(texts)])
    return {
        "axes": axes,
        "texts": len(texts),
        "points": [
            {"at": [number(value) for value in points[at]], "agreed": bool(agreed[at]), "never": bool(never[at])}
            for at in shown
        ],
        "frontier": [[number(value) for value in points[at]] for at in best],
        "deals": [
            {
                "table": played.name,
                "at": [number(value) for value in points[len(texts) + at]],
                "signed": played.agreed,
                "never": bool(never[len(texts) + at]),
            }
            for at, played in enumerate(tables)
        ],
    }


def _unique(points: Floats, agreed: Any, never: Any) -> list[int]:
    """The indices of different points, evenly thinned if there are too many."""
    rows = np.column_stack([points, agreed, never])
    _, first = np.unique(rows, axis=0, return_index=True)
    step = -(-len(first) // POINTS_MOST)
    return [int(at) for at in first[::step]]
