"""Outputs that vary between worlds, to suggest where the one that was asked for does not."""

from __future__ import annotations

import numpy as np

from sim.analysis.experiments.world_rows import rows_of
from sim.analysis.sensitivity.model_outputs import ACCEPTS, AGREED, BLOCKED_BY, DURABILITY, MONTHS
from sim.case.models import Scenario
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.rule_matrix import Bools
from sim.engine.worlds import Streams
from sim.negotiation.answers.evaluation_context import evaluate
from sim.negotiation.record.history import Outcome
from sim.negotiation.run import play

WORLDS = 256
"""Worlds that are played to see what varies."""
SUGGESTED = 3
"""The most outputs that are suggested."""


def varying_outputs(scenario: Scenario, seed: int = 0, *, numeric: bool = True) -> list[str]:
    """Return outputs that differ between worlds of a seed, the most balanced answers of yes or no first.

    Parameters
    ----------
    numeric : whether to return outputs that are not yes or no, too
    """
    rows = rows_of(play(scenario, WORLDS, seed))
    text = OutcomeSpace(scenario.case).encode(scenario.proposal)[None]
    answers = evaluate(scenario.case, Streams(seed, WORLDS), text).responses.answers
    binary: dict[str, Bools] = {AGREED: rows["outcome"] == Outcome.AGREED}
    for actor in scenario.case.actors:
        binary[f"{ACCEPTS}.{actor}"] = answers[actor].accepts[:, 0]
        binary[f"{BLOCKED_BY}.{actor}"] = rows[f"blocks.{actor}"]
    shares = {name: float(np.mean(holds)) for name, holds in binary.items()}
    varying = sorted(
        (name for name, share in shares.items() if 0 < share < 1), key=lambda name: abs(shares[name] - 1 / 2)
    )
    others = [name for name in (MONTHS, DURABILITY) if numeric and name in rows and np.ptp(rows[name]) > 0]
    return [*varying[: SUGGESTED - bool(others)], *others][:SUGGESTED]
