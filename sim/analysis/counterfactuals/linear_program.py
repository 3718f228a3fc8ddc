"""The linear program for the smallest change of numbers with which one coalition turns the answer to a package.

Least absolute values (L1), solved by SciPy's HiGHS: minimise the sum over the numbers of |move| / range, such that the
margins of those who must accept or send are 0 or more, the margins of those who must refuse or withhold are negative,
pledges cover or fall short, and every number stays within its range. Whatever is not linear enters the program by its
slopes at given values.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.analysis.counterfactuals.coalitions import Coalition, Coalitions
from sim.analysis.counterfactuals.parameters import STEP, Parameter
from sim.analysis.counterfactuals.probe import Probe
from sim.engine.rule_matrix import Floats, heeded_actors
from sim.engine.worlds import GivenValues
from sim.negotiation.answers.evaluation import DIGITS

MISS_COST = 100.0
"""Cost, in ranges, of each point by which a row is missed: more than any move that would avoid it."""
TOLERANCE = 0.1
"""Points by which rounded numbers together may miss what the exact ones reach."""
SLOPE_PARTS = 16
"""Slopes are measured over one part in this many of a number's range."""


@dataclass(frozen=True)
class LinearSolution:
    """A solution of the program.

    Parameters
    ----------
    values : (number,) float
    change : path to new value, rounded outwards so that it does no less
    promise : the cost by the slopes, in ranges: how far the numbers move, and how much it costs to miss rows
    cost : the same by an exact evaluation; lower is better
    feasible : whether no row is missed in the exact evaluation, apart from rounding
    """

    values: Floats
    change: Mapping[str, float]
    promise: float
    cost: float
    feasible: bool


class LinearProgram:
    """The linear program for one package and one coalition.

    Its rows are what must be 0 or more: a margin (or, for those who must refuse, its negative), or what pledges cover
    beyond what is asked. Its variables, in this order: for each number how far it goes up and how far down, in ranges;
    for each row by how much it is missed, which is so expensive that a solution avoids it. A red line without a price
    that has to get one starts from the highest price of the case; getting a price at all costs one range.

    Parameters
    ----------
    numbers : the numbers that may move

    Attributes
    ----------
    now : (number,) float, their present values; the highest price where that is `never`
    """

    def __init__(
        self, probe: Probe, coalitions: Coalitions, coalition: Coalition, numbers: Sequence[Parameter]
    ) -> None:
        self.probe, self.coalition = probe, coalition
        self.priced = {path for name in coalition.accepting for path in coalitions.priceable[name]}
        priceable = {path for paths in coalitions.priceable.values() for path in paths}
        fixed = (priceable - self.priced) | coalition.never
        self.numbers = [number for number in numbers if number.width > 0 and number.path not in fixed]
        self.single = {
            number.path: number.high for number in numbers if number.width == 0 and number.path in self.priced
        }
        self.low = np.array([number.low for number in self.numbers])
        self.high = np.array([number.high for number in self.numbers])
        self.width = self.high - self.low
        self.now = np.array([number.high if math.isinf(number.present) else number.present for number in self.numbers])
        self.switched = float(len(self.priced) + len(coalition.never))
        crossed = {name for name, paths in coalitions.crossed.items() if fixed & {*paths}}
        self.refusing = coalition.refusing | coalitions.certain | crossed
        willing: list[tuple[str, str | None]] = [(name, None) for name in sorted(coalition.accepting)]
        willing += sorted((name, resource) for name, resource in coalition.sending if resource in probe.decides(name))
        unwilling: list[tuple[str, str | None]] = [(name, None) for name in sorted(coalition.refusing)]
        unwilling += sorted(coalition.withholding)
        self.sign = np.array([1.0] * len(willing) + [-1.0] * len(unwilling))
        self._decisions = [
            probe.decisions.index((name, resource, coalition.accepting & heeded_actors(probe.case.actors[name])))
            for name, resource in (*willing, *unwilling)
        ]
        counted = coalition.covered | coalition.short
        self._pledges = [pledges for rule in probe.rules for pledges in rule.pledges_asked if pledges in counted]

    def helpful(self) -> Floats:
        """Return (number,) float, every number at the end of its range that helps, by the slopes at present."""
        rows, slopes = self._linearised(self.now)
        lacking = rows < 0 if (rows < 0).any() else np.ones(len(rows), dtype=bool)
        benefit = slopes[lacking].sum(axis=0)
        return np.where(benefit > 0, self.high, np.where(benefit < 0, self.low, self.now))

    def solve(self, values: Floats, margin: float, reach: float) -> LinearSolution:
        """Solve the program with the slopes at some values.

        Parameters
        ----------
        values : (number,) float
        margin : points that those who accept or send must have to spare, and that the others must lack
        reach : ranges by which any number may move away from `values`
        """
        from scipy.optimize import linprog  # 10 MB, which a class server needs in the debriefing alone

        spare, slopes = self._linearised(values)
        moves = slopes * self.width
        base = spare + slopes @ (self.now - values)
        away = (values - self.now) / self.width
        low = np.maximum((self.low - self.now) / self.width, away - reach)
        high = np.minimum((self.high - self.now) / self.width, away + reach)
        count, rows = len(self.numbers), len(spare)
        if not rows:  # gaining and losing prices is enough
            return LinearSolution(self.now, self._change(self.now), self.switched, self.switched, True)
        none, free = np.zeros(rows), np.full(rows, np.inf)
        result = linprog(
            np.concatenate([np.ones(2 * count), np.full(rows, MISS_COST)]),
            A_ub=-np.hstack([moves, -moves, np.eye(rows)]),
            b_ub=base - margin,
            bounds=np.column_stack([
                np.concatenate([np.maximum(low, 0), np.maximum(-high, 0), none]),
                np.concatenate([np.maximum(high, 0), np.maximum(-low, 0), free]),
            ]),
            method="highs",
        )  # fmt: skip
        moved = result.x[:count] - result.x[count : 2 * count]
        solution = np.clip(self.now + moved * self.width, self.low, self.high)
        lacking = float(np.maximum(margin - self._rows(solution[None])[0], 0).sum())
        cost = self.switched + float(np.abs(moved).sum()) + MISS_COST * lacking
        return LinearSolution(solution, self._change(solution), self.switched + result.fun, cost, lacking <= TOLERANCE)

    def _linearised(self, values: Floats) -> tuple[Floats, Floats]:
        """The rows at some values, and their slopes.

        Returns
        -------
        (row,) float, what each row has to spare; and (row, number) float, how much more per unit of each number
        """
        over = self.width / SLOPE_PARTS
        over = np.where(values + over > self.high, -over, over)
        rows = self._rows(values + np.vstack([np.zeros(len(values)), np.diag(over)]))
        slopes: NDArray[np.float64] = (rows[1:] - rows[0]).T / over
        return rows[0], slopes

    def _rows(self, values: Floats) -> Floats:
        """(world, row) float, for (world, number) values: what must be 0 or more for each decision and pledge."""
        numbers = {number.path: values[:, column] for column, number in enumerate(self.numbers)}
        numbers |= {path: np.full(len(values), value) for path, value in self.single.items()}
        responses, margins = self.probe.evaluate(GivenValues(numbers, len(values)))
        rows = [margins[:, self._decisions] * self.sign]
        nothing = np.zeros((1, 1))
        for pledges in self._pledges:
            resource, cover = pledges.of, self.probe.cover(pledges)
            pledged = responses.pledged[resource]
            if pledges in self.coalition.short:
                without = self.refusing | {name for name, of in self.coalition.withholding if of == resource}
                senders = [name for name in pledges.from_ if name not in without]
                left = cover - STEP - sum((pledged[name] for name in senders), nothing)
            else:
                senders = [name for name in pledges.from_ if (name, resource) in self.coalition.sending]
                left = sum((pledged[name] for name in senders), nothing) - cover
            rows.append(np.broadcast_to(left / max(cover, 1), (len(values), 1)))
        return np.hstack(rows)

    def _change(self, values: Floats) -> dict[str, float]:
        """The change to some values as it is reported: path to new value, rounded so that it does no less."""
        change: dict[str, float] = dict.fromkeys(self.coalition.never, math.inf) | self.single
        for number, now, value in zip(self.numbers, self.now.tolist(), values.tolist(), strict=True):
            if number.path in self.priced or abs(value - now) > STEP / 2:
                outwards = math.ceil if value > now else math.floor
                rounded = round(outwards(round(value / STEP, DIGITS)) * STEP, DIGITS)
                change[number.path] = min(max(rounded, number.low), number.high)
        return change
