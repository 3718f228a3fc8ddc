"""The linear programme for the smallest change of numbers that turns the answer to a package in one way.

Least absolute values (L1), by SciPy's HiGHS: minimise the sum over the numbers of |move| / range, subject to who is to
accept or send having nothing or more to spare for that, who is to refuse or withhold less, pledges covering or falling
short, and every number staying within its range. What is not linear stands in the programme by its slopes at some
values.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from sim.analysis.counterfactuals.coalitions import Coalition, Coalitions
from sim.analysis.counterfactuals.parameters import STEP, Parameter
from sim.analysis.counterfactuals.probe import Probe
from sim.engine.fixed_point import FACTOR_GRAIN, to_factors
from sim.engine.rule_matrix import Floats, heeded_actors
from sim.engine.worlds import GivenValues
from sim.negotiation.evaluation import DIGITS

LACK = 100.0
"""Ranges that a point costs by which anybody misses: more than any move that would mend it."""
MISS = 0.1
"""Points by which numbers on their grids may miss together what they reach before they are rounded."""
SLOPE_OVER = 16
"""Slopes are taken over one such part of a number's range."""


@dataclass(frozen=True)
class LinearSolution:
    """A solution of the programme.

    Parameters
    ----------
    values : (number,) float
    changed : the change that it stands for, by path, rounded so that it does no less
    promise : ranges that it takes, and what it costs to miss, by the slopes
    merit : the same in truth: the less, the better
    reached : whether nobody misses in truth, by more than what is rounded
    """

    values: Floats
    changed: Mapping[str, float]
    promise: float
    merit: float
    reached: bool


class LinearProgram:
    """The programme for one package and one way.

    Its variables, in this order: for each number how far it goes up, and how far down, in its ranges; for each row how
    much it lacks after all, which costs so much that it is nothing in the end. A price that is `never` and has to be
    bought counts from the highest price of the case on; that there is a price at all is one range.

    Parameters
    ----------
    numbers : those that may move

    Attributes
    ----------
    now : (number,) float, their present values; the highest price where that is `never`
    """

    def __init__(self, probe: Probe, ways: Coalitions, way: Coalition, numbers: Sequence[Parameter]) -> None:
        self.probe, self.way = probe, way
        self.bought = {path for name in way.accepting for path in ways.bought[name]}
        known = {path for paths in ways.bought.values() for path in paths}
        fixed = (known - self.bought) | way.never
        self.numbers = [one for one in numbers if one.width > 0 and one.path not in fixed]
        self.flat = {one.path: one.high for one in numbers if one.width == 0 and one.path in self.bought}
        self.low = np.array([one.low for one in self.numbers])
        self.high = np.array([one.high for one in self.numbers])
        self.width = self.high - self.low
        self.now = np.array([one.high if math.isinf(one.present) else one.present for one in self.numbers])
        dear = way.never | (known - self.bought)
        self.refuse = way.refusing | ways.sure | {name for name, paths in ways.lines.items() if dear & {*paths}}
        self.switched = float(len(self.bought) + len(way.never))
        spare: list[tuple[str, str | None]] = [(name, None) for name in sorted(way.accepting)]
        spare += sorted((name, of) for name, of in way.sending if of in probe.decides(name))
        lack: list[tuple[str, str | None]] = [(name, None) for name in sorted(way.refusing)]
        lack += sorted(way.withholding)
        self.sign = np.array([1.0] * len(spare) + [-1.0] * len(lack))
        self._heard = [
            probe.heard.index((name, resource, way.accepting & heeded_actors(probe.case.actors[name])))
            for name, resource in (*spare, *lack)
        ]
        self._pledges = [rule for rule in probe.rules if rule.rule in way.covered or rule.rule == way.short]

    def helpful(self) -> Floats:
        """(number,) float: all numbers at the ends of their ranges that help, by their slopes now."""
        margins, slopes = self._rows(self.now)
        lacking = margins < 0 if (margins < 0).any() else np.ones(len(margins), dtype=bool)
        help_ = slopes[lacking].sum(axis=0)
        return np.where(help_ > 0, self.high, np.where(help_ < 0, self.low, self.now))

    def solve(self, at: Floats, margin: float, reach: float) -> LinearSolution:
        """Solve the programme with the slopes at some values.

        Parameters
        ----------
        at : (number,) float
        margin : points that those who accept or send must have to spare, and those who refuse or withhold must lack
        reach : ranges by which any number may move away from `at`
        """
        spare, slopes = self._rows(at)
        moves = slopes * self.width
        base = spare + slopes @ (self.now - at)
        away = (at - self.now) / self.width
        low = np.maximum((self.low - self.now) / self.width, away - reach)
        high = np.minimum((self.high - self.now) / self.width, away + reach)
        count, rows = len(self.numbers), len(spare)
        if not rows:  # what is switched is enough
            return LinearSolution(self.now, self._changed(self.now), self.switched, self.switched, True)
        none, free = np.zeros(rows), np.full(rows, np.inf)
        found = linprog(
            np.concatenate([np.ones(2 * count), np.full(rows, LACK)]),
            A_ub=-np.hstack([moves, -moves, np.eye(rows)]),
            b_ub=base - margin,
            bounds=np.column_stack([
                np.concatenate([np.maximum(low, 0), np.maximum(-high, 0), none]),
                np.concatenate([np.maximum(high, 0), np.maximum(-low, 0), free]),
            ]),
            method="highs",
        )  # fmt: skip
        moved = found.x[:count] - found.x[count : 2 * count]
        values = np.clip(self.now + moved * self.width, self.low, self.high)
        lacking = float(np.maximum(margin - self._spare(values[None])[0], 0).sum())
        merit = self.switched + float(np.abs(moved).sum()) + LACK * lacking
        return LinearSolution(values, self._changed(values), self.switched + found.fun, merit, lacking <= MISS)

    def _rows(self, at: Floats) -> tuple[Floats, Floats]:
        """What each row has to spare, and by how much more for each unit of each number.

        Returns
        -------
        (row,) float and (row, number) float
        """
        over = np.maximum(to_factors(self.width / SLOPE_OVER), FACTOR_GRAIN)
        over = np.where(at + over > self.high, -over, over)
        found = self._spare(at + np.vstack([np.zeros(len(at)), np.diag(over)]))
        slopes: NDArray[np.float64] = (found[1:] - found[0]).T / over
        return found[0], slopes

    def _spare(self, values: Floats) -> Floats:
        """(world, row) float, for (world, number) values: what must be 0 or more for each answer and pledge."""
        numbers = {one.path: values[:, place] for place, one in enumerate(self.numbers)}
        numbers |= {path: np.full(len(values), value) for path, value in self.flat.items()}
        responses, margins = self.probe.collect_responses(GivenValues(numbers, len(values)))
        rows = [margins[:, self._heard] * self.sign]
        for rule in self._pledges:
            assert rule.pledges is not None  # as they were chosen
            given, cover = responses.pledged[rule.pledges.of], self.probe.cover(rule)
            if rule.rule == self.way.short:
                held = self.refuse | {name for name, resource in self.way.withholding if resource == rule.pledges.of}
                giving = [given[name] for name in rule.pledges.from_ if name not in held]
                left = cover - STEP - sum(giving, np.zeros((1, 1)))
            else:
                giving = [given[name] for name in rule.pledges.from_ if (name, rule.pledges.of) in self.way.sending]
                left = sum(giving, np.zeros((1, 1))) - cover
            rows.append(np.broadcast_to(left / max(cover, 1), (len(values), 1)))
        return np.hstack(rows)

    def _changed(self, values: Floats) -> dict[str, float]:
        """The change that some values stand for, as it is reported: rounded so that it does no less."""
        changed: dict[str, float] = dict.fromkeys(self.way.never, math.inf) | self.flat
        for at, one in enumerate(self.numbers):
            value = float(values[at])
            if one.path in self.bought or abs(value - self.now[at]) > STEP / 2:
                away = math.ceil if value > self.now[at] else math.floor
                rounded = round(away(round(value / STEP, DIGITS)) * STEP, DIGITS)
                changed[one.path] = min(max(rounded, one.low), one.high)
        return changed
