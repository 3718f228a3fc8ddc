"""The mixed-integer linear programme for the smallest change of numbers that turns the answer to a package.

Least absolute values (L1), by SciPy's HiGHS: minimise the sum over the numbers of |move| / range, subject to everybody
whose consent is wanted having nothing or more to spare, pledges covering, and every number staying within its range.
What is not linear stands in the programme by its slopes at some values.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from sim.analysis.movable import STEP, Movable
from sim.analysis.moved import Jury
from sim.case.shapes import ConsentRule
from sim.deliberation.sitting import DIGITS
from sim.rules.grain import FACTOR_GRAIN, to_factors
from sim.rules.reading import LINES, Floats, heeds
from sim.rules.worlds import Given

MARGIN = STEP
"""Points: who is to accept must have so much to spare, who is to refuse must lack so much."""
LACK = 100.0
"""Ranges that a point costs by which anybody misses: more than any move that would mend it."""
SETTLED = 1e-6
"""What is smaller than this is nothing, in points and in ranges."""
SLOPE_OVER = 16
"""Slopes are taken over one such part of a number's range."""


@dataclass(frozen=True)
class Way:
    """One way to turn the answer.

    Parameters
    ----------
    accepting : those owners of declared red lines, whom others heed, who accept; the others of them refuse
    unmet : the consent rule that is not met any more; None where all are to be met
    """

    accepting: frozenset[str]
    unmet: str | None


@dataclass(frozen=True)
class Solution:
    """A solution of the programme.

    Parameters
    ----------
    values : (number,) float
    changed : the change that it stands for, by path, rounded so that it does no less
    merit : ranges that it takes, and what it costs to miss: the less, the better
    reached : whether nobody misses
    """

    values: Floats
    changed: Mapping[str, float]
    merit: float
    reached: bool


@dataclass
class _Rows:
    """Constraints as they are written down: each a sum of coefficients times variables, between two bounds."""

    width: int
    rows: list[Floats] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)

    def add(self, terms: Mapping[int, float] | Floats, low: float = -np.inf, high: float = np.inf) -> None:
        row = np.zeros(self.width)
        if isinstance(terms, Mapping):
            row[list(terms)] = list(terms.values())
        else:
            row[: len(terms)] = terms
        self.rows.append(row)
        self.low.append(low)
        self.high.append(high)


class Programme:
    """The programme for one package.

    Its variables, in this order: for each number how far it goes up, and how far down, in its ranges; for each price
    that may be `never` whether it changes from never to a price, or back; for each actor whether it certainly accepts,
    and whether it certainly refuses; for each pledge, how much is given; for each actor, and for the pledges together,
    how much it lacks after all, which costs so much that it is nothing in the end.

    Parameters
    ----------
    numbers : those that may move; any without a range stays where it is

    Attributes
    ----------
    now : (number,) float, their present values; the highest price where that is `never`
    """

    def __init__(self, jury: Jury, numbers: Sequence[Movable]) -> None:
        self.jury = jury
        self.numbers = [one for one in numbers if one.range != "none" and (one.width > 0 or one.never)]
        self.place = {one.path: at for at, one in enumerate(self.numbers)}
        self.low = np.array([one.low for one in self.numbers])
        self.high = np.array([one.high for one in self.numbers])
        self.width = self.high - self.low
        self.now = np.array([one.high if math.isinf(one.present) else one.present for one in self.numbers])
        self.switches = [one.path for one in self.numbers if one.never]
        self.actors = list(dict.fromkeys(name for name, _ in jury.heard))
        self.pledged = [(rule, name) for rule in jury.rules if rule.pledges for name in rule.pledges.from_]
        count = len(self.numbers)
        self.switch = {path: 2 * count + at for at, path in enumerate(self.switches)}
        self.yes = {name: 2 * count + len(self.switches) + at for at, name in enumerate(self.actors)}
        self.no = {name: at + len(self.actors) for name, at in self.yes.items()}
        begin = 2 * count + len(self.switches) + 2 * len(self.actors)
        self.given = {(rule.rule, name): begin + at for at, (rule, name) in enumerate(self.pledged)}
        begin += len(self.pledged)
        self.lacks = list(range(begin, begin + len(self.actors) + 1))
        self.variables = begin + len(self.lacks)

    def helpful(self, way: Way) -> Floats:
        """(number,) float: all numbers at the ends of their ranges that help, by their slopes now."""
        margins, slopes = self._slopes(self.now, way)
        wanted = [at for at, name in enumerate(self.actors) if np.isfinite(margins[at])]
        lacking = [at for at in wanted if (margins[at] < 0) == (way.unmet is None)] or wanted
        help_ = slopes[lacking].sum(axis=0) * (1 if way.unmet is None else -1)
        return np.where(help_ > 0, self.high, np.where(help_ < 0, self.low, self.now))

    def solve(self, way: Way, at: Floats, margin: float, reach: float) -> Solution | None:
        """Solve the programme with the slopes at some values.

        Parameters
        ----------
        at : (number,) float
        margin : points that accepting actors must have to spare, and refusing ones must lack
        reach : ranges by which any number may move away from `at`

        Returns
        -------
        the solution; None if nothing at all turns the answer in this way
        """
        low, most = self._bounds(at, reach)
        rows = _Rows(self.variables)
        self._answers(rows, most, way, at, margin)
        for rule in self.jury.rules:
            if way.unmet is None:
                self._met(rows, rule)
            elif rule.rule == way.unmet:
                self._broken(rows, rule)
        count, switches, actors = len(self.numbers), len(self.switches), len(self.actors)
        cost = np.zeros(self.variables)
        cost[: 2 * count + switches] = 1
        cost[self.lacks] = LACK
        whole = np.zeros(self.variables)
        whole[2 * count : 2 * count + switches + 2 * actors] = 1
        found = milp(
            cost,
            integrality=whole,
            bounds=Bounds(low, most),
            constraints=LinearConstraint(np.array(rows.rows), rows.low, rows.high),
        )
        if found.x is None:
            return None
        values, changed = self._read(found.x)
        lacking = self._lacking(way, values, found.x, margin) + found.x[self.lacks[-1]]
        size = float(found.x[: 2 * count + switches].sum())
        return Solution(values, changed, size + LACK * lacking, lacking <= SETTLED)

    def _bounds(self, at: Floats, reach: float) -> tuple[Floats, Floats]:
        """(variable,) float, lower and upper bounds."""
        width = np.where(self.width > 0, self.width, np.inf)
        moved = (at - self.now) / width
        low = np.maximum((self.low - self.now) / width, moved - reach)
        high = np.minimum((self.high - self.now) / width, moved + reach)
        least, most = np.zeros(self.variables), np.ones(self.variables)
        count = len(self.numbers)
        least[:count], least[count : 2 * count] = np.maximum(low, 0), np.maximum(-high, 0)
        most[:count], most[count : 2 * count] = np.maximum(high, 0), np.maximum(-low, 0)
        most[[*self.given.values(), *self.lacks]] = np.inf
        return least, most

    def _lacking(self, way: Way, values: Floats, solution: Floats, margin: float) -> float:
        """Points by which the actors of a solution miss what they are to answer, slopes aside."""
        missing = 0.0
        for name, spare in zip(self.actors, self._spare(values[None], way)[0].tolist(), strict=True):
            bought, lost = self._lines(name)
            never = any(solution[one] < 1 / 2 for one in bought) or any(solution[one] > 1 / 2 for one in lost)
            if solution[self.yes[name]] > 1 / 2:
                missing += max(0.0, margin - spare)
            elif solution[self.no[name]] > 1 / 2 and not never:
                missing += max(0.0, margin + spare)
        return missing

    def _answers(self, rows: _Rows, most: Floats, way: Way, at: Floats, margin: float) -> None:
        """Who certainly accepts has something to spare; who certainly refuses lacks something, or is at `never`."""
        margins, slopes = self._slopes(at, way)
        for row, name in enumerate(self.actors):
            yes, no = self.yes[name], self.no[name]
            rows.add({yes: 1, no: 1}, high=1)
            if name in self.jury.owners:
                rows.add({yes if name in way.accepting else no: 1}, low=1)
            bought, lost = self._lines(name)
            for line in bought:
                rows.add({yes: 1, line: -1}, high=0)
            for line in lost:
                rows.add({yes: 1, line: 1}, high=1)
            if not np.isfinite(margins[row]):  # across a line that nothing buys off, which cannot be moved
                most[yes] = 0
                continue
            slope = slopes[row] * self.width
            base = margins[row] + slopes[row] @ (self.now - at)
            large = abs(base) + np.abs(slope).sum() + margin
            moves = np.concatenate([slope, -slope])
            lack = self.lacks[row]
            self._certain(rows, moves, base, margin, large, [yes], [], lack)
            self._certain(rows, -moves, -base, margin, large, [no, *bought], lost, lack)

    def _certain(
        self,
        rows: _Rows,
        moves: Floats,
        base: float,
        margin: float,
        large: float,
        when: Sequence[int],
        unless: Sequence[int],
        lack: int,
    ) -> None:
        """Add: base + moves + lack >= margin, when some variables are 1, and none of some others."""
        row = np.zeros(self.variables)
        row[: len(moves)] = moves
        row[list(when)], row[list(unless)], row[lack] = -large, large, 1
        rows.add(row, low=margin - base - large * len(when))

    def _lines(self, name: str) -> tuple[list[int], list[int]]:
        """Variables of the red lines that the package crosses: those that are `never` now, and that might become so."""
        actor = self.jury.case.actors[name]
        crossed = self.jury.reading.block(LINES, name)[:, 0] > 0
        lines = [line.rule for line, one in zip(actor.red_lines, crossed, strict=True) if one]
        paths = [f"actors.{name}.red_lines.{line}.price" for line in lines]
        known = [path for path in paths if path in self.switch]
        never = [path for path in known if math.isinf(self.numbers[self.place[path]].present)]
        return [self.switch[path] for path in never], [self.switch[path] for path in known if path not in never]

    def _met(self, rows: _Rows, rule: ConsentRule) -> None:
        for name in (*rule.needs, *rule.veto):  # take it or leave it, nobody holds out: to accept is not to refuse
            rows.add({self.yes[name]: 1}, low=1)
        if rule.quorum:
            rows.add({self.yes[name]: 1 for name in rule.quorum.of}, low=rule.quorum.at_least)
        if rule.pledges:
            for name in rule.pledges.from_:
                amount, moves, largest = self._capacity(name, rule.pledges.of)
                given = self.given[rule.rule, name]
                rows.add({given: 1, self.yes[name]: -largest}, high=0)
                rows.add({given: 1, **{at: -by for at, by in moves.items()}}, high=amount)
            cover = self._cover(rule)
            rows.add(
                {self.lacks[-1]: cover, **{self.given[rule.rule, name]: 1 for name in rule.pledges.from_}}, low=cover
            )

    def _broken(self, rows: _Rows, rule: ConsentRule) -> None:
        """Any one of the things that a rule asks is missing."""
        if rule.pledges:
            for name in rule.pledges.from_:
                amount, moves, largest = self._capacity(name, rule.pledges.of)
                given = self.given[rule.rule, name]
                rows.add({given: 1, self.no[name]: largest, **{at: -by for at, by in moves.items()}}, low=amount)
            cover = self._cover(rule)
            total = {self.given[rule.rule, name]: 1.0 for name in rule.pledges.from_}
            rows.add({self.lacks[-1]: -cover, **total}, high=cover - STEP)
        elif rule.quorum:
            enough = len(rule.quorum.of) - rule.quorum.at_least + 1
            rows.add({self.no[name]: 1 for name in rule.quorum.of}, low=enough)
        else:
            rows.add({self.no[name]: 1 for name in (*rule.needs, *rule.veto)}, low=1)

    def _cover(self, rule: ConsentRule) -> float:
        assert rule.pledges is not None  # only such rules are asked about
        return float(self.jury.reading.cover[rule.pledges.cover][0])

    def _capacity(self, name: str, resource: str) -> tuple[float, dict[int, float], float]:
        """What an actor can give now; what it gives more for each range of a variable; and the most that it can."""
        path = f"actors.{name}.capacities.{resource}.amount"
        if path not in self.place:
            amount = max(0.0, self.jury.case.numbers[path].distribution.central)
            return amount, {}, amount
        at, count = self.place[path], len(self.numbers)
        return float(self.now[at]), {at: self.width[at], at + count: -self.width[at]}, float(self.high[at])

    def _slopes(self, at: Floats, way: Way) -> tuple[Floats, Floats]:
        """What each actor has to spare, and by how much more for each unit of each number.

        Returns
        -------
        (actor,) float and (actor, number) float
        """
        over = np.maximum(to_factors(self.width / SLOPE_OVER), FACTOR_GRAIN)
        over = np.where(at + over > self.high, -over, over)
        found = self._spare(at + np.vstack([np.zeros(len(at)), np.diag(over)]), way)
        with np.errstate(invalid="ignore"):  # beyond a line that nothing buys off there is no slope
            slopes: NDArray[np.float64] = np.nan_to_num((found[1:] - found[0]).T / over)
        return found[0], slopes

    def _spare(self, values: Floats, way: Way) -> Floats:
        """(world, actor) float, what each has to spare, for (world, number) values."""
        worlds = Given({one.path: values[:, place] for place, one in enumerate(self.numbers)})
        _, margins = self.jury.hear(worlds)
        heeded = {name: way.accepting & heeds(self.jury.case.actors[name]) for name in self.actors}
        return margins[:, [self.jury.heard.index((name, gone)) for name, gone in heeded.items()]]

    def _read(self, solution: Floats) -> tuple[Floats, dict[str, float]]:
        """The values of a solution, and the change as it is reported: rounded so that it does no less."""
        count = len(self.numbers)
        moves = (solution[:count] - solution[count : 2 * count]) * self.width
        changed: dict[str, float] = {}
        for at, one in enumerate(self.numbers):
            value = float(self.now[at] + moves[at])
            switched = one.path in self.switch and solution[self.switch[one.path]] > 1 / 2
            if switched and not math.isinf(one.present):
                changed[one.path] = math.inf
            elif switched or (abs(moves[at]) > STEP / 2 and not math.isinf(one.present)):
                away = math.ceil if moves[at] > 0 else math.floor
                rounded = round(away(round(value / STEP, DIGITS)) * STEP, DIGITS)
                changed[one.path] = min(max(rounded, one.low), one.high)
        return self.now + moves, changed
