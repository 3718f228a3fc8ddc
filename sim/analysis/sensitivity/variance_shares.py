"""Shares of a variance by groups of numbers, as plain data: estimates, their intervals, and their ranks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict

import numpy as np

from sim.analysis.experiments.intervals import CONFIDENCE, rounded
from sim.analysis.sensitivity.sobol import SobolIndices
from sim.analysis.sensitivity.uncertain_inputs import ASSUMED, FAMILIES, WORDED, InputGroup, UncertainInput
from sim.engine.rule_matrix import Floats

ENDS = (50 * (1 - CONFIDENCE), 50 * (1 + CONFIDENCE))
"""The percentiles of the resamples at the ends of an interval."""


class Estimate(TypedDict):
    """A share of the variance with its interval."""

    value: float
    low: float
    high: float


class IndexEstimates(TypedDict):
    """The first-order and the total index of a group."""

    first: Estimate
    total: Estimate


class RankedGroup(IndexEstimates):
    """A group with its indices, and the best and the worst rank that resampling leaves open."""

    name: str
    numbers: int
    places: list[int]


class RequestedIndices:
    """Every set of columns whose indices are wanted.

    `kept` are the paths of the numbers that get indices of their own.

    Attributes
    ----------
    single : one group for each of those numbers
    set_aside : the other numbers, together
    unsupported : the numbers that are assumed, or whose size is a word of the codebook
    every : all columns, whose index is 1
    distinct : the sets that have to be played, each once
    """

    def __init__(
        self, families: Mapping[str, list[InputGroup]], numbers: Mapping[str, UncertainInput], kept: list[str]
    ) -> None:
        self.single = [InputGroup(path, frozenset([path])) for path in kept]
        self.set_aside = InputGroup("set_aside", frozenset(numbers) - frozenset(kept))
        weak = [group.columns for group in families["support"] if group.name in (ASSUMED, WORDED)]
        self.unsupported = InputGroup("unsupported", frozenset[str]().union(*weak))
        wanted = [*(group for family in FAMILIES for group in families[family]), *self.single]
        wanted += [group for group in (self.set_aside, self.unsupported) if group.columns]
        self.every = frozenset[str]().union(*(group.columns for group in families["support"]))
        distinct = {group.columns: group for group in wanted if group.columns != self.every}
        self.distinct = list(distinct.values())


class IndexReport:
    """Turns estimated indices into plain data.

    Parameters
    ----------
    requested : the sets
    estimates : (set,) for each set that was played
    resampled : (resample, set) for the same sets; NaN where the answer does not vary
    """

    def __init__(self, requested: RequestedIndices, estimates: SobolIndices, resampled: SobolIndices) -> None:
        self._position = {group.columns: index for index, group in enumerate(requested.distinct)}
        self._position[requested.every] = len(requested.distinct)
        self._estimates = SobolIndices(*(np.append(values, 1) for values in estimates))
        self._resampled = SobolIndices(*(np.column_stack([values, np.ones(len(values))]) for values in resampled))

    def indices(self, group: InputGroup) -> IndexEstimates:
        index = self._position[group.columns]
        return {
            "first": estimate_of(self._estimates.first[index], self._resampled.first[:, index]),
            "total": estimate_of(self._estimates.total[index], self._resampled.total[:, index]),
        }

    def ranked(self, groups: Sequence[InputGroup]) -> list[RankedGroup]:
        """Return groups by their total indices, largest first, with the ranks that resampling leaves open."""
        if not groups:
            return []
        positions = [self._position[group.columns] for group in groups]
        order = np.argsort(-self._estimates.total[positions], kind="stable")
        resampled = self._resampled.total[:, positions]
        places = (resampled[:, None, :] > resampled[:, :, None]).sum(axis=2)[~np.isnan(resampled).any(axis=1)] + 1
        low, high = np.percentile(places, ENDS, axis=0, method="nearest").astype(int).tolist()
        return [
            {
                "name": groups[index].name,
                "numbers": len(groups[index].columns),
                **self.indices(groups[index]),
                "places": [low[index], high[index]],
            }
            for index in order.tolist()
        ]

    def interactions(self, groups: Sequence[InputGroup]) -> Estimate:
        """Return the share that no group accounts for by itself: 1 less the sum of the first-order indices."""
        positions = [self._position[group.columns] for group in groups]
        return estimate_of(
            1 - self._estimates.first[positions].sum(), 1 - self._resampled.first[:, positions].sum(axis=1)
        )

    def widest(self, groups: Sequence[InputGroup]) -> float:
        """Return the width of the widest interval of the groups' total indices."""
        totals = [self.indices(group)["total"] for group in groups]
        return max(total["high"] - total["low"] for total in totals)


def estimate_of(value: float, resampled: Floats) -> Estimate:
    """Return an estimate with its percentile interval over the resamples in which the answer varies."""
    low, high = np.percentile(resampled[~np.isnan(resampled)], ENDS)
    return {"value": rounded(value), "low": rounded(low), "high": rounded(high)}
