"""Where the results of a class lie among many rule-based worlds of the same scenario."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.analysis.experiments.ensemble_plan import Plan, play_chunk
from sim.analysis.experiments.world_counts import Tally, statistics, tally
from sim.analysis.outcomes.enumeration import Progress
from sim.case.models import Scenario
from sim.engine.measures import DURABILITY, HIGHEST
from sim.engine.rule_matrix import Bools, Floats
from sim.game.debrief.table_results import TableResult
from sim.negotiation.evaluation import number
from sim.negotiation.record.history import Outcome

WORLDS = 10_000
CHUNK = 1_000
"""Worlds that are played between two reports of progress."""
SHARE_DIGITS = 6


@dataclass(frozen=True)
class RuleBenchmark:
    """Many worlds of a scenario, played by agents alone; what a class is compared with.

    Parameters
    ----------
    worlds, seed : how many, and of which seed
    statistics : plain data, as of one scenario of an ensemble (`docs/reference/json.md`)
    agreed : (world,) bool
    lasting : (world,) float, 0 to 1, durability of the last text; None if the case has none
    got : actor to (world,) float, points: the surplus where the world agreed, and 0 where it did not
    """

    worlds: int
    seed: int
    statistics: Mapping[str, Any]
    agreed: Bools
    lasting: Floats | None
    got: dict[str, Floats]


def sample(scenario: Scenario, worlds: int = WORLDS, seed: int = 0, progress: Progress | None = None) -> RuleBenchmark:
    """Play a scenario in many worlds by agents alone.

    It takes seconds for 10,000 worlds, and depends on its arguments alone: a face lets it run beside, and keeps it.

    Parameters
    ----------
    progress : called with how many worlds are done, and how many there are
    """
    counts: Tally = Counter()
    agreed, lasting = list[Bools](), list[Floats]()
    got: dict[str, list[Floats]] = {name: [] for name in scenario.case.actors}
    for chunk in Plan((scenario,), worlds, seed, CHUNK).pieces:
        rows = play_chunk(chunk)
        counts.update(tally(rows))
        agreed.append(rows["outcome"] == Outcome.AGREED)
        if "durability" in rows:
            lasting.append(rows["durability"])
        for name, parts in got.items():
            parts.append(np.where(agreed[-1], rows[f"surplus.{name}"], 0.0))
        if progress is not None:
            progress(chunk.start + chunk.count, worlds)
    return RuleBenchmark(
        worlds=worlds,
        seed=seed,
        statistics=statistics(scenario, counts),
        agreed=np.concatenate(agreed),
        lasting=np.concatenate(lasting) if lasting else None,
        got={name: np.concatenate(parts) for name, parts in got.items()},
    )


def among(drawn: RuleBenchmark, tables: Sequence[TableResult]) -> dict[str, Any]:
    """Place every table among the worlds.

    Returns
    -------
    plain data (`docs/reference/json.md`)
    """
    told = drawn.statistics
    return {
        "worlds": drawn.worlds,
        "seed": drawn.seed,
        **{key: told[key] for key in ("outcomes", "months", "durability", "blockers", "final_texts")},
        "bars": _bars(drawn),
        "tables": {played.name: _placed(drawn, played) for played in tables},
    }


BARS = 20
"""Bars of the distribution of durability, over 0 to 1."""


def _bars(drawn: RuleBenchmark) -> list[int] | None:
    """How many agreeing worlds have a durability in each twentieth from 0 to 1; None if none has any."""
    if drawn.lasting is None or not drawn.agreed.any():
        return None
    counts: list[int] = np.histogram(drawn.lasting[drawn.agreed], BARS, (0.0, 1.0))[0].tolist()
    return counts


def _placed(drawn: RuleBenchmark, played: TableResult) -> dict[str, Any]:
    same = drawn.statistics["outcomes"].get(played.outcome)
    last, lasting = played.last, None
    below = None
    if played.agreed and drawn.lasting is not None:
        lasting = float(last.situation.measures[DURABILITY][0, 0]) / HIGHEST
        among_agreed = drawn.lasting[drawn.agreed]
        below = _share(among_agreed < lasting) if len(among_agreed) else None
    answers = last.responses.answers
    got = {name: float(answers[name].surplus[0, 0]) if played.agreed else 0.0 for name in played.case.actors}
    return {
        "same_outcome": same["share"] if same else None,
        "durability": None if lasting is None else number(lasting),
        "lasts_longer_than": below,
        "got": {name: number(points) for name, points in got.items()},
        "better_than": {name: _share(drawn.got[name] < points) for name, points in got.items()},
        "worse_than": {name: _share(drawn.got[name] > points) for name, points in got.items()},
    }


def _share(true: Bools) -> float:
    return round(float(true.mean()), SHARE_DIGITS)
