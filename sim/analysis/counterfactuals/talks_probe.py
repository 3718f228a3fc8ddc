"""The talks of a scenario in worlds in which some numbers of the case were moved."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.analysis.counterfactuals.parameters import Parameter
from sim.analysis.counterfactuals.probe import Which, with_one_moved
from sim.case.distributions import NEVER
from sim.case.models import Scenario
from sim.engine.rule_matrix import Bools, Floats
from sim.engine.worlds import GivenValues
from sim.negotiation.record.history import Outcome
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import build_scenario

Prices: TypeAlias = tuple[tuple[str, float | str], ...]
"""Paths of prices, and what they are said to be: `never`, or some number."""


@dataclass(frozen=True)
class TalksProbe:
    """The talks of a scenario, for any values of its numbers.

    They end as if a file said so. What a file says of the price of a red line matters beyond its size: of a price that
    may be `never` and may be something else, the drafters do not know which it is; of one that is set, they do. So the
    worlds in which such a price was moved are played in a scenario in which it is a plain number.
    """

    scenario: Scenario
    _settled: dict[Prices, Scenario] = field(default_factory=dict, repr=False, compare=False)

    def endings(self, worlds: GivenValues) -> list[dict[str, Any]]:
        """How the talks end in each world: outcome and months, as plain data."""
        outcomes, months = self._play(worlds)
        pairs = zip(outcomes.tolist(), months.tolist(), strict=True)
        return [{"outcome": Outcome(outcome).word, "months": month} for outcome, month in pairs]

    def agreed(self, numbers: Sequence[Parameter], which: Which, values: Floats) -> Bools:
        """(world, 1) bool, whether the talks end in agreement, with one number moved in each world."""
        return np.asarray(self._play(with_one_moved(numbers, which, values))[0] == Outcome.AGREED)[:, None]

    def _play(self, worlds: GivenValues) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """(world,) int each: the outcomes, and the months in which the talks ended."""
        outcome, ended = np.zeros(worlds.count, dtype=np.int64), np.zeros(worlds.count, dtype=np.int64)
        for prices, rows in self._grouped(worlds).items():
            some = GivenValues({path: column[rows] for path, column in worlds.numbers.items()}, len(rows))
            run = play(self._with(prices), uniforms=some)
            outcome[rows], ended[rows] = run.outcome, run.ended
        return outcome, ended

    def _grouped(self, worlds: GivenValues) -> dict[Prices, NDArray[np.intp]]:
        """The worlds by which prices that may be `never` are set to another value than their present one."""
        numbers, kinds = self.scenario.case.numbers, []
        for path, column in worlds.numbers.items():
            distribution = numbers[path].distribution
            if math.isinf(distribution.range[1]):
                for at in np.flatnonzero(column != distribution.central).tolist():
                    kinds.append((at, path, NEVER if math.isinf(column[at]) else 0.0))
        each: list[list[tuple[str, float | str]]] = [[] for _ in range(worlds.count)]
        for at, path, price in kinds:
            each[at].append((path, price))
        found: dict[Prices, list[int]] = defaultdict(list)
        for at, prices in enumerate(each):
            found[tuple(prices)].append(at)
        return {prices: np.array(rows) for prices, rows in found.items()}

    def _with(self, prices: Prices) -> Scenario:
        """The scenario in which some prices are plain numbers; worlds say how large they are."""
        if prices not in self._settled:
            made = build_scenario(self.scenario.source, dict(prices)) if prices else self.scenario
            self._settled[prices] = replace(made, proposal=self.scenario.proposal)
        return self._settled[prices]
