"""Where the results of a class lie among many rule-based worlds of the same scenario."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

import numpy as np

from sim.analysis.experiments.ensemble_plan import Plan, play_chunk
from sim.analysis.experiments.world_counts import Tally, statistics, tally
from sim.analysis.outcomes.enumeration import Progress
from sim.case.models import Scenario
from sim.engine.measures import DURABILITY, HIGHEST
from sim.engine.rule_matrix import Bools, Floats
from sim.game.debrief.table_results import TableResult
from sim.negotiation.answers.evaluation import number
from sim.negotiation.record.history import Outcome

WORLDS = 10_000
CHUNK = 1_000
"""Worlds that are played between two reports of progress."""
SHARE_DIGITS = 6
BARS = 20
"""Bars of the distribution of durability, over 0 to 1."""


@dataclass(frozen=True)
class RuleBenchmark:
    """Many worlds of a scenario, played by agents only, with which a class is compared.

    Parameters
    ----------
    statistics : plain data, as for one scenario of an ensemble (`docs/reference/json.md`)
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


class PlacedTable(TypedDict):
    """A table among the worlds: shares of worlds are 0 to 1."""

    same_outcome: float | None
    durability: float | None
    lasts_longer_than: float | None
    """The share of the agreeing worlds whose deal lasts less long."""
    got: dict[str, float]
    better_than: dict[str, float]
    worse_than: dict[str, float]


class BenchmarkComparison(TypedDict):
    """The worlds, and every table among them (`docs/reference/json.md`, `worlds`)."""

    worlds: int
    seed: int
    outcomes: dict[str, Any]
    months: Any
    durability: Any
    blockers: Any
    final_texts: list[dict[str, Any]]
    bars: list[int] | None
    tables: dict[str, PlacedTable]


def play_benchmark(
    scenario: Scenario, worlds: int = WORLDS, seed: int = 0, progress: Progress | None = None
) -> RuleBenchmark:
    """Play a scenario in many worlds by agents only.

    10,000 worlds take seconds. The result depends only on the arguments, so a caller can run it in the background and
    keep it. `progress` is called with the number of worlds done and in all.
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


def place_tables(benchmark: RuleBenchmark, tables: Sequence[TableResult]) -> BenchmarkComparison:
    """Place every table among the worlds."""
    shares = benchmark.statistics
    return {
        "worlds": benchmark.worlds,
        "seed": benchmark.seed,
        "outcomes": shares["outcomes"],
        "months": shares["months"],
        "durability": shares["durability"],
        "blockers": shares["blockers"],
        "final_texts": shares["final_texts"],
        "bars": _bars(benchmark),
        "tables": {table.name: _place(benchmark, table) for table in tables},
    }


def _bars(benchmark: RuleBenchmark) -> list[int] | None:
    """The number of agreeing worlds per bar of durability from 0 to 1; None if there are none."""
    if benchmark.lasting is None or not benchmark.agreed.any():
        return None
    counts: list[int] = np.histogram(benchmark.lasting[benchmark.agreed], BARS, (0.0, 1.0))[0].tolist()
    return counts


def _place(benchmark: RuleBenchmark, table: TableResult) -> PlacedTable:
    same = benchmark.statistics["outcomes"].get(table.outcome)
    last, lasting = table.ending, None
    below = None
    if table.agreed and benchmark.lasting is not None:
        lasting = float(last.situation.measures[DURABILITY][0, 0]) / HIGHEST
        among_agreed = benchmark.lasting[benchmark.agreed]
        below = _share(among_agreed < lasting) if len(among_agreed) else None
    answers = last.responses.answers
    got = {name: float(answers[name].surplus[0, 0]) if table.agreed else 0.0 for name in table.case.actors}
    return {
        "same_outcome": same["share"] if same else None,
        "durability": None if lasting is None else number(lasting),
        "lasts_longer_than": below,
        "got": {name: number(points) for name, points in got.items()},
        "better_than": {name: _share(benchmark.got[name] < points) for name, points in got.items()},
        "worse_than": {name: _share(benchmark.got[name] > points) for name, points in got.items()},
    }


def _share(true: Bools) -> float:
    return round(float(true.mean()), SHARE_DIGITS)
