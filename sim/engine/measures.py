"""The measures of a text, which everybody knows, and the durability of an agreement (model, section 3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.case.models import Case, Level
from sim.engine.fixed_point import to_points
from sim.engine.rule_matrix import MEASURES, Floats, RuleSource
from sim.engine.worlds import Worlds

DURABILITY = "durability"
LARGEST_LOG_ODDS = 700.0
"""Log-odds of war are cut off here, because larger ones overflow."""
LOWEST, HIGHEST = 0.0, 100.0
"""The bounds of every measure; durability is in per cent."""


@dataclass(frozen=True)
class Situation:
    """The circumstances under which texts are judged.

    Parameters
    ----------
    context : indicator to (world or 1,) float
    month : int from 1, or None for take it or leave it (nobody holds out)
    months : int, the length of the talks
    measures : measure to (world or 1, text) float, 0 to 100; durability among them if the case has it
    """

    context: Mapping[str, Floats]
    month: int | None
    months: int
    measures: Mapping[str, Floats]

    def weighed(self, measure: str, weights: Floats) -> Floats:
        """Return (world or 1, text) float, points: a measure times the weights (world or 1, 1)."""
        return to_points(weights * self.measures[measure])


def rise(level: Level, slopes: Floats, context: Mapping[str, Floats]) -> Floats:
    """Return (world or 1, 1) float: the sum over a level's slopes of slope times indicator.

    Slopes are (world or 1, slope), and indicators (world or 1,) float.
    """
    summed = np.zeros(1)
    for index, slope in enumerate(level.slopes):
        summed = summed + to_points(slopes[:, index] * context[slope.context])
    return to_points(summed)[:, None]


@dataclass(frozen=True)
class MeasureParameters:
    """The parameters of all measures in some worlds.

    Parameters
    ----------
    base : measure to (world or 1, 1) float
    points : measure to (world or 1, rule) float
    temptation : (world or 1, 1) float, the revisionist's, without the slopes
    slopes : (world or 1, slope) float
    scale : (world or 1, 1) float, > 0
    """

    case: Case
    base: Mapping[str, Floats]
    points: Mapping[str, Floats]
    temptation: Floats
    slopes: Floats
    scale: Floats

    @classmethod
    def draw(cls, worlds: Worlds) -> MeasureParameters:
        """Take the numbers of the measures from the worlds."""
        case, none = worlds.case, np.zeros((1, 1))
        temptation = case.durability.temptation if case.durability else None
        slopes = temptation.slopes if temptation else ()
        return cls(
            case=case,
            base={name: worlds.points([f"measures.{name}.base"]) for name in case.measures},
            points={name: worlds.counted(rules) for name, rules in case.measure_rules.items()},
            temptation=worlds.points(["durability.temptation.base"]) if temptation else none,
            slopes=worlds.table([f"durability.temptation.slopes.{slope.context}.points" for slope in slopes]),
            scale=worlds.number("durability.scale")[:, None] if temptation else none,
        )

    def measure(self, matrix: RuleSource, context: Mapping[str, Floats]) -> dict[str, Floats]:
        """Measure the texts.

        Returns
        -------
        measure to (world or 1, text) float, 0 to 100
        """
        measures = {}
        for name in self.case.measures:
            score = to_points(self.base[name] + matrix.total(self.points[name], MEASURES, name))
            measures[name] = np.minimum(np.maximum(score, LOWEST, out=score), HIGHEST, out=score)
        rule = self.case.durability
        if rule is not None:
            temptation = self.temptation + rise(rule.temptation, self.slopes, context)
            chance = durability(temptation, measures[rule.deterrence], self.scale, rule.horizon)
            measures[DURABILITY] = to_points(HIGHEST * chance)
        return measures


def durability(temptation: Floats, deterrence: Floats, scale: Floats, horizon: int) -> Floats:
    """Return the chance that an agreement lasts: the yearly hazard of war is logistic in temptation minus deterrence.

    Parameters
    ----------
    temptation : (world or 1, 1) float, points
    deterrence : (world or 1, text) float, 0 to 100
    scale : (world or 1, 1) float, > 0, points for one unit of log-odds
    horizon : int, years

    Returns
    -------
    (world or 1, text) float, 0 to 1

    Examples
    --------
    A yearly hazard of one half, over two years:

    >>> float(durability(np.array([[40.0]]), np.array([[40.0]]), np.array([[10.0]]), horizon=2)[0, 0])
    0.25
    """
    log_odds = (temptation - deterrence) / scale
    peaceful_year = 1 / (1 + np.exp(np.minimum(log_odds, LARGEST_LOG_ODDS)))
    return _power(peaceful_year, horizon)


def _power(base: Floats, exponent: int) -> Floats:
    """Raise to a whole power by squaring, which is faster than NumPy's logarithm of every number."""
    result = np.ones_like(base)
    while exponent:
        if exponent % 2:
            result *= base
        exponent //= 2
        base = base * base
    return result
