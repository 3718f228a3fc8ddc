"""Counts of worlds. They add up to the same in any order and in any pieces, so no statistic depends on either."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, TypeAlias, TypedDict

import numpy as np
from numpy.typing import NDArray

from sim.analysis.experiments.intervals import paired, rounded, wilson
from sim.analysis.experiments.world_rows import pledge_rules
from sim.analysis.runner.pieces import Rows
from sim.analysis.subject import Subject, subject_of
from sim.case.conditions import Option
from sim.case.models import Case, Scenario
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.verdict_rules import Verdict
from sim.negotiation.answers.evaluation import DIGITS
from sim.negotiation.record.history import Outcome

Tally: TypeAlias = "Counter[tuple[str | int, ...]]"
"""A fact, such as ``("verdict.russia", 3)``, to the number of worlds in which it holds."""
Packed: TypeAlias = NDArray[np.uint8]
"""One bit per world, eight to a byte; the last byte is filled with 0."""
TEXTS_LISTED = 10
QUARTILES = (0.25, 0.5, 0.75)
STEPS = 10**DIGITS
"""Durability is counted in the steps in which it is reported."""
PARTS = 2**40
"""Durability is summed in these parts of 1, so that sums are whole numbers."""
_SUM = ("durability.sum",)


class ShareInterval(TypedDict):
    """A share, or a difference of shares, with its interval."""

    share: float
    low: float
    high: float


class WorldShare(ShareInterval):
    """A share of worlds with their number."""

    worlds: int


class Difference(ShareInterval):
    """How much more often the second of two scenarios is agreed than the first, and in how many worlds each is."""

    agreed_in_both: int
    in_first_alone: int
    in_second_alone: int
    in_neither: int


class MonthStatistics(TypedDict):
    """How long the talks took, and the number of worlds by month."""

    lower_quartile: int
    median: int
    upper_quartile: int
    worlds: dict[str, int]


class DurabilityStatistics(TypedDict):
    """How likely peace would last."""

    mean: float
    lower_quartile: float
    median: float
    upper_quartile: float


class Blocker(WorldShare):
    """An actor, or a consent rule, that blocked the last text, and the actor's verdicts in those worlds."""

    name: str
    verdicts: dict[str, float]


class FinalText(TypedDict):
    """A last text with its outcome, and the worlds where the talks ended with it."""

    package: dict[str, Option]
    outcome: str
    share: float
    worlds: int


class ScenarioStatistics(Subject):
    """The statistics of one scenario over many worlds."""

    changes: dict[str, object]
    proposal: dict[str, Option]
    actors: dict[str, str]
    outcomes: dict[str, WorldShare]
    months: MonthStatistics | None
    durability: DurabilityStatistics | None
    verdicts: dict[str, dict[str, float]]
    blockers: list[Blocker]
    final_texts: list[FinalText]


def tally(rows: Rows) -> Tally:
    """Count the facts that the statistics need."""
    agreed = rows["outcome"] == Outcome.AGREED
    counts: Tally = Counter()
    counts.update(_counted("text", rows["outcome"], rows["text"]))
    counts.update(_counted("months", rows["months"][agreed]))
    for column, values in rows.items():
        kind, _, name = column.partition(".")
        if kind in ("outcome", "verdict"):
            counts.update(_counted(column, values))
        elif kind == "blocks":
            counts.update(_counted(column, rows[f"verdict.{name}"][values]))
        elif kind == "stuck":
            counts[(column,)] += int(values.sum())
    if "durability" in rows:
        durability = rows["durability"][agreed]
        counts.update(_counted("durability", np.rint(durability * STEPS)))
        counts[_SUM] += int(np.rint(durability * PARTS).astype(np.int64).sum())
    return counts


def _counted(fact: str, *columns: NDArray[Any]) -> Tally:
    """Return how often each combination of the values of some columns (world,) occurs."""
    values, counts = np.unique(np.stack(columns).astype(np.int64), axis=1, return_counts=True)
    return Counter({(fact, *value): count for value, count in zip(values.T.tolist(), counts.tolist(), strict=True)})


def statistics(scenario: Scenario, counts: Tally) -> ScenarioStatistics:
    """Return the statistics of one scenario as plain data (`docs/reference/json.md`)."""
    case = scenario.case
    outcomes = {outcome.word: counts[("outcome", outcome)] for outcome in Outcome if outcome is not Outcome.OPEN}
    worlds = sum(outcomes.values())
    agreed = outcomes[Outcome.AGREED.word]
    return {
        **subject_of(scenario),
        "changes": dict(scenario.changes),
        "proposal": dict(scenario.proposal),
        "actors": {name: actor.name for name, actor in case.actors.items()},
        "outcomes": {name: share_of(count, worlds) for name, count in outcomes.items()},
        "months": _months(counts, agreed),
        "durability": _durability(counts, agreed),
        "verdicts": {name: _verdicts(f"verdict.{name}", counts, worlds) for name in case.actors},
        "blockers": _blockers(case, counts, worlds - agreed),
        "final_texts": _texts(case, counts, worlds),
    }


def share_of(hits: int, worlds: int) -> WorldShare:
    """Return a share with its count and its interval."""
    return {"worlds": hits, **_interval(hits / worlds, *wilson(hits, worlds))}


def difference(agreed: Iterable[tuple[Packed, Packed]], worlds: int) -> Difference:
    """Return how much more often the second of two scenarios is agreed than the first, in the same worlds.

    `agreed` has, for one chunk of worlds after another, whether each of the two scenarios is agreed, as packed bits.
    """
    both = first = second = 0
    for in_first, in_second in agreed:
        both += _bits(in_first & in_second)
        first += _bits(in_first & ~in_second)
        second += _bits(~in_first & in_second)
    neither = worlds - both - first - second
    low, high = paired(both, first, second, neither)
    return {
        "agreed_in_both": both,
        "in_first_alone": first,
        "in_second_alone": second,
        "in_neither": neither,
        **_interval((second - first) / worlds, low, high),
    }


def _bits(packed: Packed) -> int:
    return int(np.unpackbits(packed).sum())


def _interval(share: float, low: float, high: float) -> ShareInterval:
    return {"share": rounded(share), "low": rounded(low), "high": rounded(high)}


def _months(counts: Tally, agreed: int) -> MonthStatistics | None:
    """Return how long the talks took where they agreed; None if they never did."""
    if not agreed:
        return None
    by_month = _by_value("months", counts)
    lower, median, upper = _quartiles(by_month)
    return {
        "lower_quartile": lower,
        "median": median,
        "upper_quartile": upper,
        "worlds": {str(month): count for month, count in by_month.items()},
    }


def _durability(counts: Tally, agreed: int) -> DurabilityStatistics | None:
    """Return how likely agreed peace would last; None if it was never agreed, or the case has no durability."""
    by_step = _by_value("durability", counts)
    if not by_step:
        return None
    lower, median, upper = (step / STEPS for step in _quartiles(by_step))
    mean = round(counts[_SUM] / PARTS / agreed, DIGITS)
    return {"mean": mean, "lower_quartile": lower, "median": median, "upper_quartile": upper}


def _by_value(fact: str, counts: Tally) -> dict[int, int]:
    """Return value to count of a fact with one value, sorted by value."""
    return {int(key[1]): count for key, count in sorted(_entries(fact, counts))}


def _entries(fact: str, counts: Tally) -> list[tuple[tuple[str | int, ...], int]]:
    return [(key, count) for key, count in counts.items() if key[0] == fact and len(key) > 1]


def _quartiles(by_value: dict[int, int]) -> list[int]:
    """Return for each quartile the least value that this share does not exceed, which is always one that occurs."""
    values, up_to = list(by_value), np.cumsum(list(by_value.values()))
    return [values[int(np.searchsorted(up_to, share * up_to[-1]))] for share in QUARTILES]


def _verdicts(fact: str, counts: Tally, worlds: int) -> dict[str, float]:
    return {verdict.word: rounded(counts[(fact, verdict)] / worlds) for verdict in Verdict}


def _blockers(case: Case, counts: Tally, failed: int) -> list[Blocker]:
    """Return who blocked at the end, in what share of the worlds without agreement, and with which verdicts."""
    blockers: list[Blocker] = []
    for name in case.actors:
        if hits := sum(_by_value(f"blocks.{name}", counts).values()):
            verdicts = _verdicts(f"blocks.{name}", counts, hits)
            blockers.append({"name": name, **share_of(hits, failed), "verdicts": verdicts})
    for name in pledge_rules(case):
        if hits := counts[(f"stuck.{name}",)]:
            blockers.append({"name": name, **share_of(hits, failed), "verdicts": {}})
    return sorted(blockers, key=lambda blocker: -blocker["worlds"])


def _texts(case: Case, counts: Tally, worlds: int) -> list[FinalText]:
    """Return the most frequent last texts with their outcome; ties are in the order of the space of packages."""
    space = OutcomeSpace(case)
    ranked = sorted(_entries("text", counts), key=lambda item: (-item[1], item[0]))[:TEXTS_LISTED]
    texts = space.texts(np.array([code for (_, _, code), _ in ranked], dtype=np.int64))
    return [
        {
            "package": space.decode(text),
            "outcome": Outcome(int(outcome)).word,
            "share": rounded(count / worlds),
            "worlds": count,
        }
        for ((_, outcome, _), count), text in zip(ranked, texts, strict=True)
    ]
