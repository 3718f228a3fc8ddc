"""Worlds counted. Counts add up to the same in any order and in any pieces, so that no statistic depends on either."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.analysis.experiments.intervals import paired, wilson
from sim.analysis.experiments.world_rows import pledge_rules
from sim.analysis.runner.pieces import Rows
from sim.case.models import Case, Scenario
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.verdict_rules import Verdict
from sim.negotiation.evaluation import DIGITS
from sim.negotiation.record.history import Outcome

Tally: TypeAlias = "Counter[tuple[str | int, ...]]"
"""A fact, such as ``("verdict.russia", 3)``, to the number of worlds in which it holds."""
Packed: TypeAlias = NDArray[np.uint8]
"""Bits of worlds, eight a byte; those that fill the last byte are 0."""
TEXTS_LISTED = 10
SHARE_DIGITS = 6
QUARTILES = {"lower_quartile": 0.25, "median": 0.5, "upper_quartile": 0.75}
STEPS = 10**DIGITS
"""Durability is counted in the steps in which it is reported."""
PARTS = 2**40
"""Durability is summed in these parts of 1, whose sums are whole numbers."""
_SUM = ("durability.sum",)


def tally(rows: Rows) -> Tally:
    """Count what the statistics are made from."""
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
        lasting = rows["durability"][agreed]
        counts.update(_counted("durability", np.rint(lasting * STEPS)))
        counts[_SUM] += int(np.rint(lasting * PARTS).astype(np.int64).sum())
    return counts


def _counted(fact: str, *columns: NDArray[Any]) -> Tally:
    """How often each combination of the values of some columns (world,) occurs."""
    values, counts = np.unique(np.stack(columns).astype(np.int64), axis=1, return_counts=True)
    return Counter({(fact, *value): count for value, count in zip(values.T.tolist(), counts.tolist(), strict=True)})


def statistics(scenario: Scenario, counts: Tally) -> dict[str, Any]:
    """The statistics of one scenario as plain data (`docs/reference/json.md`)."""
    case = scenario.case
    outcomes = {one.word: counts[("outcome", one)] for one in Outcome if one is not Outcome.OPEN}
    worlds = sum(outcomes.values())
    agreed = outcomes[Outcome.AGREED.word]
    return {
        "case": case.id,
        "scenario": scenario.id,
        "title": scenario.title,
        "question": scenario.question,
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


def share_of(hits: int, worlds: int) -> dict[str, Any]:
    """A share with its count and its interval."""
    return {"worlds": hits, **_rounded(hits / worlds, *wilson(hits, worlds))}


def difference(agreed: Iterable[tuple[Packed, Packed]], worlds: int) -> dict[str, Any]:
    """How much more often the second of two scenarios is agreed than the first, in the same worlds.

    Parameters
    ----------
    agreed : of one stretch of worlds after the other, of both scenarios, whether they are agreed: packed bits
    worlds : how many in all
    """
    both = first = second = 0
    for one, other in agreed:
        both += _bits(one & other)
        first += _bits(one & ~other)
        second += _bits(~one & other)
    neither = worlds - both - first - second
    low, high = paired(both, first, second, neither)
    return {
        "agreed_in_both": both,
        "in_first_alone": first,
        "in_second_alone": second,
        "in_neither": neither,
        **_rounded((second - first) / worlds, low, high),
    }


def _bits(packed: Packed) -> int:
    return int(np.unpackbits(packed).sum())


def _rounded(share: float, low: float, high: float) -> dict[str, float]:
    return {name: _share(value) for name, value in zip(("share", "low", "high"), (share, low, high), strict=True)}


def _share(value: float) -> float:
    return round(value, SHARE_DIGITS) + 0.0  # there is no minus nought


def _months(counts: Tally, agreed: int) -> dict[str, Any] | None:
    """How long the talks took where they agreed; None if they never did."""
    if not agreed:
        return None
    found = _of("months", counts)
    return {**_quartiles(found), "worlds": {str(month): count for month, count in found.items()}}


def _durability(counts: Tally, agreed: int) -> dict[str, float] | None:
    """How likely peace would hold where it was agreed; None if it never was, or the case has no durability."""
    found = _of("durability", counts)
    if not found:
        return None
    mean = counts[_SUM] / PARTS / agreed
    return {"mean": round(mean, DIGITS), **{name: step / STEPS for name, step in _quartiles(found).items()}}


def _of(fact: str, counts: Tally) -> dict[int, int]:
    """Value to count, of a fact with one value, sorted."""
    return {int(key[1]): count for key, count in sorted(_all(fact, counts))}


def _all(fact: str, counts: Tally) -> list[tuple[tuple[str | int, ...], int]]:
    return [(key, count) for key, count in counts.items() if key[0] == fact and len(key) > 1]


def _quartiles(counted: dict[int, int]) -> dict[str, int]:
    """The least value that so many do not exceed: always one that occurs, however the values were cut in pieces."""
    values, up_to = list(counted), np.cumsum(list(counted.values()))
    return {name: values[int(np.searchsorted(up_to, part * up_to[-1]))] for name, part in QUARTILES.items()}


def _verdicts(fact: str, counts: Tally, worlds: int) -> dict[str, float]:
    """Verdict to its share of some worlds."""
    return {verdict.word: _share(counts[(fact, verdict)] / worlds) for verdict in Verdict}


def _blockers(case: Case, counts: Tally, failed: int) -> list[dict[str, Any]]:
    """Who stood in the way at the end, in what share of the worlds without agreement, and with which verdict."""
    found = []
    for name in case.actors:
        if hits := sum(_of(f"blocks.{name}", counts).values()):
            verdicts = _verdicts(f"blocks.{name}", counts, hits)
            found.append({"name": name, **share_of(hits, failed), "verdicts": verdicts})
    for name in pledge_rules(case):
        if hits := counts[(f"stuck.{name}",)]:
            found.append({"name": name, **share_of(hits, failed), "verdicts": {}})
    return sorted(found, key=lambda one: -one["worlds"])


def _texts(case: Case, counts: Tally, worlds: int) -> list[dict[str, Any]]:
    """The most frequent last texts with their outcome; of those as frequent, the first in the space of packages."""
    space = OutcomeSpace(case)
    ranked = sorted(_all("text", counts), key=lambda item: (-item[1], item[0]))
    listed = []
    for (_, outcome, code), count in ranked[:TEXTS_LISTED]:
        text = np.array(np.unravel_index(int(code), tuple(space.sizes)), dtype=np.uint8)
        share = {"share": _share(count / worlds), "worlds": count}
        listed.append({"package": space.decode(text), "outcome": Outcome(int(outcome)).word, **share})
    return listed
