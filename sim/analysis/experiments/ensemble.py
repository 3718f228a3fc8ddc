"""Many worlds of one or more scenarios: how certain an outcome is, and how much difference a proposal makes."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from itertools import combinations
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from sim.analysis.experiments.ensemble_plan import Plan, play_chunk
from sim.analysis.experiments.intervals import CONFIDENCE
from sim.analysis.experiments.world_counts import Difference, ScenarioStatistics, Tally, difference, statistics, tally
from sim.analysis.runner.executors import WorkerPool, crew
from sim.analysis.runner.pieces import Progress, RowStore, run_job
from sim.negotiation.record.history import Outcome

FORMAT = "parley.ensemble/1"


class ScenarioDifference(Difference):
    """How much more often the second scenario is agreed than the first, by their ids."""

    first: str
    second: str


class EnsembleReport(TypedDict):
    """The result of `ensemble` (`docs/reference/json.md`)."""

    format: str
    seed: int
    worlds: int
    confidence: float
    scenarios: list[ScenarioStatistics]
    differences: list[ScenarioDifference]


def ensemble(
    plan: Plan, *, by: WorkerPool | None = None, store: RowStore | None = None, progress: Progress | None = None
) -> EnsembleReport:
    """Play scenarios in the same worlds, chunk by chunk, and count the outcomes.

    Memory does not grow with the number of worlds, except for one bit per world and scenario, from which differences
    are counted. Chunks that are already in the store are read, not played again. `progress` is called with the number
    of worlds done and the total, over all scenarios. The result is the same for all chunks and workers. Raises
    UsageError if the store cannot be written, or workers keep dying.
    """
    counts: dict[str, Tally] = {scenario.id: Counter() for scenario in plan.scenarios}
    agreed: dict[str, list[NDArray[np.uint8]]] = {scenario.id: [] for scenario in plan.scenarios}
    with closing(run_job(plan, play_chunk, by or crew(1), store=store, progress=progress)) as played:
        for chunk, rows in played:
            counts[chunk.scenario].update(tally(rows))
            agreed[chunk.scenario].append(np.packbits(rows["outcome"] == Outcome.AGREED))
    return {
        "format": FORMAT,
        "seed": plan.seed,
        "worlds": plan.worlds,
        "confidence": CONFIDENCE,
        "scenarios": [statistics(scenario, counts[scenario.id]) for scenario in plan.scenarios],
        "differences": [
            {
                "first": first,
                "second": second,
                **difference(zip(agreed[first], agreed[second], strict=True), plan.worlds),
            }
            for first, second in combinations(agreed, 2)
        ],
    }
