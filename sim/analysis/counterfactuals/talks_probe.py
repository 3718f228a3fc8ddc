"""The talks of a scenario in worlds in which some numbers of the case are moved."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias, TypedDict

import numpy as np
from numpy.typing import NDArray

from sim.analysis.counterfactuals.parameters import Parameter
from sim.analysis.counterfactuals.probe import WhichMoved, with_one_moved
from sim.case.distributions import NEVER
from sim.case.models import Scenario
from sim.engine.rule_matrix import Bools, Floats
from sim.engine.worlds import GivenValues
from sim.negotiation.record.history import Outcome
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import build_scenario

Prices: TypeAlias = tuple[tuple[str, float | str], ...]
"""Paths of prices, and what they are set to: `never`, or some number."""


class Ending(TypedDict):
    """How the talks end; None for a case, which has no talks."""

    outcome: str | None
    months: int | None


@dataclass(frozen=True)
class TalksProbe:
    """The talks of a scenario, for any values of its numbers.

    They end as if a file set these values. In a file, the price of a red line matters beyond its size: if it may be
    `never` or a number, the drafters do not know which; if it is set, they do. So worlds in which such a price is moved
    are played in a scenario in which it is a plain number.
    """

    scenario: Scenario
    _with_prices: dict[Prices, Scenario] = field(default_factory=dict, repr=False, compare=False)

    def endings(self, worlds: GivenValues) -> list[Ending]:
        """Return how the talks end in each world."""
        outcomes, months = self._play(worlds)
        pairs = zip(outcomes.tolist(), months.tolist(), strict=True)
        return [{"outcome": Outcome(outcome).word, "months": month} for outcome, month in pairs]

    def agreed(self, numbers: Sequence[Parameter], which: WhichMoved, values: Floats) -> Bools:
        """Return (world, 1) bool, whether the talks end in agreement, with one number moved in each world."""
        return np.asarray(self._play(with_one_moved(numbers, which, values))[0] == Outcome.AGREED)[:, None]

    def _play(self, worlds: GivenValues) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """(world,) int each: the outcomes, and the months in which the talks ended."""
        outcome, ended = np.zeros(worlds.count, dtype=np.int64), np.zeros(worlds.count, dtype=np.int64)
        for prices, rows in self._grouped(worlds).items():
            group = GivenValues({path: column[rows] for path, column in worlds.numbers.items()}, len(rows))
            run = play(self._scenario_with(prices), uniforms=group)
            outcome[rows], ended[rows] = run.outcome, run.ended
        return outcome, ended

    def _grouped(self, worlds: GivenValues) -> dict[Prices, NDArray[np.intp]]:
        """The worlds, grouped by which prices that may be `never` have another value than at present."""
        numbers = self.scenario.case.numbers
        prices: list[list[tuple[str, float | str]]] = [[] for _ in range(worlds.count)]
        for path, column in worlds.numbers.items():
            distribution = numbers[path].distribution
            if math.isinf(distribution.range[1]):
                for row in np.flatnonzero(column != distribution.central).tolist():
                    prices[row].append((path, NEVER if math.isinf(column[row]) else 0.0))
        groups: dict[Prices, list[int]] = defaultdict(list)
        for row, moved in enumerate(prices):
            groups[tuple(moved)].append(row)
        return {moved: np.array(rows) for moved, rows in groups.items()}

    def _scenario_with(self, prices: Prices) -> Scenario:
        """The scenario in which some prices are plain numbers; the worlds say how large they are."""
        if prices not in self._with_prices:
            scenario = build_scenario(self.scenario.source, dict(prices)) if prices else self.scenario
            self._with_prices[prices] = replace(scenario, proposal=self.scenario.proposal)
        return self._with_prices[prices]
