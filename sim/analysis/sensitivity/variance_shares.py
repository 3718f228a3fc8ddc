"""A variance apportioned to groups of numbers, as plain data: estimates, their intervals, and their places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sim.analysis.experiments.intervals import CONFIDENCE
from sim.analysis.sensitivity.sobol import SobolIndices
from sim.analysis.sensitivity.uncertain_inputs import ASSUMED, FAMILIES, WORDED, InputGroup, UncertainInput
from sim.engine.rule_matrix import Floats

DIGITS = 6
UNSUPPORTED, SET_ASIDE = "unsupported", "set_aside"
ENDS = (50 * (1 - CONFIDENCE), 50 * (1 + CONFIDENCE))
"""The percentiles of the resamples between which an interval lies."""


class RequestedIndices:
    """Every set of columns whose indices are wanted.

    Parameters
    ----------
    grouped : family to its groups
    numbers : every uncertain number by its path
    kept : the paths of those that are given indices of their own

    Attributes
    ----------
    alone : each of these
    aside : the other numbers, together
    unsupported : the numbers that are assumed, or whose size is a word of the codebook
    every : all columns, whose index is 1
    distinct : the sets that have to be played, each once
    """

    def __init__(
        self, grouped: Mapping[str, list[InputGroup]], numbers: Mapping[str, UncertainInput], kept: list[str]
    ) -> None:
        self.alone = [InputGroup(path, frozenset([path])) for path in kept]
        self.aside = InputGroup(SET_ASIDE, frozenset(numbers) - frozenset(kept))
        weak = [group.columns for group in grouped["support"] if group.name in (ASSUMED, WORDED)]
        self.unsupported = InputGroup(UNSUPPORTED, frozenset[str]().union(*weak))
        wanted = [*(group for family in FAMILIES for group in grouped[family]), *self.alone]
        wanted += [group for group in (self.aside, self.unsupported) if group.columns]
        self.every = frozenset[str]().union(*(group.columns for group in grouped["support"]))
        distinct = {group.columns: group for group in wanted if group.columns != self.every}
        self.distinct = list(distinct.values())


class IndexReport:
    """Says what was estimated of a group, as plain data.

    Parameters
    ----------
    asked : for which sets
    found : (set,) of those that were played
    resampled : (resample, set) of the same; NaN where the answer does not vary
    """

    def __init__(self, asked: RequestedIndices, found: SobolIndices, resampled: SobolIndices) -> None:
        self._at = {group.columns: at for at, group in enumerate(asked.distinct)} | {asked.every: len(asked.distinct)}
        self._found = SobolIndices(*(np.append(one, 1) for one in found))
        self._resampled = SobolIndices(*(np.column_stack([one, np.ones(len(one))]) for one in resampled))

    def indices(self, group: InputGroup) -> dict[str, Any]:
        at = self._at[group.columns]
        return {
            name: _estimate(getattr(self._found, name)[at], getattr(self._resampled, name)[:, at])
            for name in SobolIndices._fields
        }

    def ranked(self, groups: Sequence[InputGroup]) -> list[dict[str, Any]]:
        """Some groups by their total indices, the largest first, with the places that resampling leaves open."""
        if not groups:
            return []
        at = [self._at[group.columns] for group in groups]
        order = np.argsort(-self._found.total[at], kind="stable")
        resampled = self._resampled.total[:, at]
        places = (resampled[:, None, :] > resampled[:, :, None]).sum(axis=2)[~np.isnan(resampled).any(axis=1)] + 1
        low, high = np.percentile(places, ENDS, axis=0, method="nearest").astype(int).tolist()
        return [
            {
                "name": groups[one].name,
                "numbers": len(groups[one].columns),
                **self.indices(groups[one]),
                "places": [low[one], high[one]],
            }
            for one in order.tolist()
        ]

    def rest(self, groups: Sequence[InputGroup]) -> dict[str, float]:
        """What no group of a family accounts for by itself: 1 less the sum of their first-order indices."""
        at = [self._at[group.columns] for group in groups]
        return _estimate(1 - self._found.first[at].sum(), 1 - self._resampled.first[:, at].sum(axis=1))

    def widest(self, groups: Sequence[InputGroup]) -> float:
        """The width of the widest interval of the total indices of some groups."""
        return max(float(one["total"]["high"] - one["total"]["low"]) for one in map(self.indices, groups))


def _estimate(value: float, resampled: Floats) -> dict[str, float]:
    """An estimate and its percentile interval, over the resamples in which the answer varies at all."""
    low, high = np.percentile(resampled[~np.isnan(resampled)], ENDS)
    return {"value": rounded(value), "low": rounded(low), "high": rounded(high)}


def rounded(value: float) -> float:
    """A share for a report."""
    return round(float(value), DIGITS) + 0.0  # there is no minus nought
