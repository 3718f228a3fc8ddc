"""Many worlds of one or several scenarios: how sure an outcome is, and how much of a difference a proposal makes."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.experiments.ensemble_plan import Plan, play_chunk
from sim.analysis.experiments.intervals import CONFIDENCE
from sim.analysis.experiments.world_counts import Tally, difference, statistics, tally
from sim.analysis.runner.executors import WorkerPool, crew
from sim.analysis.runner.pieces import Progress, RowStore, run_job
from sim.negotiation.record.history import Outcome

FORMAT = "parley.ensemble/1"


def ensemble(
    plan: Plan, *, by: WorkerPool | None = None, store: RowStore | None = None, progress: Progress | None = None
) -> dict[str, Any]:
    """Play scenarios in the same worlds, chunk by chunk, and count how they end.

    Memory does not grow with the worlds, but for one bit a world and scenario, from which differences are counted.

    Parameters
    ----------
    by : who plays; None plays in this process
    store : where every world is kept as a row; chunks that it has already are read, not played again
    progress : called with how many worlds are done, and how many there are, over all scenarios

    Returns
    -------
    plain data (`docs/reference/json.md`), the same whatever the chunks and whoever plays

    Raises
    ------
    UsageError
        if the store cannot be written, or workers keep dying
    """
    counts: dict[str, Tally] = {one.id: Counter() for one in plan.scenarios}
    agreed: dict[str, list[NDArray[np.uint8]]] = {one.id: [] for one in plan.scenarios}
    with closing(run_job(plan, play_chunk, by or crew(1), store=store, progress=progress)) as played:
        for chunk, rows in played:
            counts[chunk.scenario].update(tally(rows))
            agreed[chunk.scenario].append(np.packbits(rows["outcome"] == Outcome.AGREED))
    return {
        "format": FORMAT,
        "seed": plan.seed,
        "worlds": plan.worlds,
        "confidence": CONFIDENCE,
        "scenarios": [statistics(one, counts[one.id]) for one in plan.scenarios],
        "differences": [
            {"first": one, "second": other, **difference(zip(agreed[one], agreed[other], strict=True), plan.worlds)}
            for one, other in combinations(agreed, 2)
        ],
    }
