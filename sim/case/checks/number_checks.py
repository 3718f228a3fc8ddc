"""Validates the numbers of a case: words and shared draws must exist, sizes must be within their bounds."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any, TypeAlias

from sim.case.distributions import NEVER, CodebookNumber, Distribution, Fixed, Normal, Number, SameAs
from sim.case.models import Case
from sim.case.number_syntax import as_written
from sim.case.packages import unknown_name
from sim.case.reading.source_map import Finding
from sim.case.reading.yaml_documents import DataPath
from sim.case.rule_models import (
    Aspiration,
    AudienceCost,
    Capacity,
    Durability,
    Indicator,
    Level,
    Measure,
    PointsRule,
    RedLine,
    ScoreSheet,
    Slope,
    Weight,
)
from sim.errors import did_you_mean

_NOT_NEGATIVE: Mapping[type, tuple[tuple[str, bool], ...]] = {
    Aspiration: (("opening", False), ("e", True)),
    AudienceCost: (("points", False),),
    Capacity: (("amount", False),),
    Durability: (("scale", True),),
    Indicator: (("volatility", False),),
    RedLine: (("price", False),),
}
"""Numbers that must be 0 or more (False), or above 0 (True)."""


GRAINS = 10**6
"""Points are counted in whole numbers of this part of a point (`sim.engine.fixed_point`)."""
LOSS_MOST = Fraction(1, 100)
"""The largest share of a number's effect that may be lost when it is rounded to millionths of a point."""
EXACT_MOST = 10**8
"""The most points that are still exact."""
MEASURE_MOST = 100
"""The highest score of a measure."""
EFFECTS_KEPT = 4096
"""The most sizes of numbers of which it is remembered whether rounding loses them: most cases repeat a few sizes."""


# What each model counts in points: place in the model, number, and the most it is multiplied by. The issue or indicator
# of a number may not exist, which is reported elsewhere.

_Effect: TypeAlias = tuple[DataPath, Number, Fraction]
_ONCE = Fraction(1)


def _of_rule(case: Case, rule: PointsRule) -> Iterator[_Effect]:
    factor = _ONCE
    if rule.per is not None and rule.per in case.issues:
        options = [option for option in case.issues[rule.per].options if not isinstance(option, str)]
        factor = max((abs(as_written(option) - as_written(rule.from_ or 0)) for option in options), default=_ONCE)
    yield ("points",), rule.points, factor


def _of_slope(case: Case, slope: Slope) -> Iterator[_Effect]:
    indicator = case.context.get(slope.context)
    if indicator is not None:
        yield ("points",), slope.points, max(abs(as_written(indicator.low)), abs(as_written(indicator.high)))


def _of_sheet(case: Case, sheet: ScoreSheet) -> Iterator[_Effect]:
    for issue, scores in sheet.scores.items():
        yield from (((issue, option), number, _ONCE) for option, number in scores.items())


def _once(*keys: str, factor: Fraction = _ONCE) -> Callable[[Case, Any], Iterator[_Effect]]:
    """Return what a model counts whose numbers are all multiplied by the same factor."""
    return lambda case, model: (((key,), getattr(model, key), factor) for key in keys)


_EFFECTS: Mapping[type, Callable[[Case, Any], Iterator[_Effect]]] = {
    PointsRule: _of_rule,
    AudienceCost: _once("points"),
    RedLine: _once("price"),
    Level: _once("base"),
    Measure: _once("base"),
    Aspiration: _once("opening"),
    Capacity: _once("amount"),
    Weight: _once("weight", factor=Fraction(MEASURE_MOST)),
    Indicator: _once("start", "drift", "volatility"),
    Slope: _of_slope,
    ScoreSheet: _of_sheet,
}


def number_findings(case: Case, walked: Iterable[tuple[DataPath, object]]) -> Iterator[Finding]:
    """Find mistakes in the numbers among the models and leaves of a case, given with their paths."""
    for path, value in walked:
        if effects := _EFFECTS.get(type(value)):
            for place, number, factor in effects(case, value):
                yield from _lost(case, (*path, *place), number, factor)
        if isinstance(value, CodebookNumber):
            yield from _codebook_number(case, path, value)
        if isinstance(value, SameAs):
            yield from _same_as(case, path, value)
        for key, above in _NOT_NEGATIVE.get(type(value), ()):
            yield from _side(case, (*path, key), getattr(value, key), above)
        if isinstance(value, Indicator):
            yield from _bounds(case, path, value)


def _codebook_number(case: Case, path: DataPath, number: CodebookNumber) -> Iterator[Finding]:
    if path[0] == "codebook":
        yield Finding(path, f"a codebook word stands for a number, not for another word ('{number}').")
    elif number.word not in case.codebook:
        never = [NEVER] if path[-1] == "price" else []
        yield Finding(path, unknown_name("codebook word", number.word, [*case.codebook, *never]))


def _same_as(case: Case, path: DataPath, number: SameAs) -> Iterator[Finding]:
    """A number may share the draw of another number only if that number exists and is allowed in its place."""
    if path[0] == "codebook":
        yield Finding(path, "a codebook word stands for a number of its own, not for another number.")
    elif number.path not in case.written:
        yield Finding(path, f"the case has no number '{number.path}'.{did_you_mean(number.path, list(case.written))}")
    else:
        try:
            distribution = case.resolve(number)
        except KeyError:
            return  # a number further along the chain does not exist, which is reported there
        except ValueError as circle:
            yield Finding(path, f"this number is defined by itself: {circle}. Give one of them a value.")
        else:
            if math.inf in distribution.range and path[-1] != "price":
                yield Finding(path, f"'{number.path}' may be 'never', but only the price of a red line can be.")


def _side(case: Case, path: DataPath, number: Number, above: bool) -> Iterator[Finding]:
    distribution = _distribution(case, number)
    if distribution is None:
        return
    unbounded = above and isinstance(distribution, Normal) and distribution.sd > 0
    lowest = -math.inf if unbounded else distribution.range[0]
    if lowest < 0 or (above and lowest == 0):
        limit = "above 0" if above else "0 or more"
        hint = " A normal distribution has no lower limit; write {low, mode, high}." if unbounded else ""
        reach = "" if unbounded or isinstance(distribution, Fixed) else f" (it can be as low as {lowest:g})"
        yield Finding(path, f"this number must be {limit}{reach}.{hint}")


def _lost(case: Case, path: DataPath, number: Number, factor: Fraction) -> Iterator[Finding]:
    """Find a number that is lost, or loses much, when points are rounded, and one that is too large to be exact."""
    distribution = _distribution(case, number)
    finite = [] if distribution is None else [abs(end) for end in distribution.range if math.isfinite(end)]
    effect, lost = _effect(max(finite, default=0.0), factor)
    what, unit = ("this counts for", "points") if path[0] != "context" else ("this is", "units")
    if lost:
        message = f"{what} at most {float(effect):g} {unit}, too little to be exact in millionths."
        yield Finding(path, f"{message} Use a smaller unit: multiply all {unit} of this kind by the same number.")
    if effect > EXACT_MOST:
        message = f"this counts for more than {EXACT_MOST:,} points, up to which points are exact."
        yield Finding(path, f"{message} Use a larger unit: divide all points by the same number.")


@lru_cache(EFFECTS_KEPT)
def _effect(size: float, factor: Fraction) -> tuple[Fraction, bool]:
    """Return the most that a number counts for, and whether rounding loses it."""
    effect = as_written(size) * factor
    return effect, loses(effect)


def loses(effect: Fraction) -> bool:
    """Whether a number, 0 or more, loses more than `LOSS_MOST` of its size when it is rounded to millionths.

    >>> loses(Fraction("0.0000004")), loses(Fraction("0.0004")), loses(Fraction(0))
    (True, False, False)
    """
    return abs(Fraction(round(effect * GRAINS), GRAINS) - effect) > LOSS_MOST * effect


def _distribution(case: Case, number: Number) -> Distribution | None:
    """Return the distribution of a number; None if it refers to something unknown, which is reported elsewhere."""
    try:
        return case.resolve(number)
    except (KeyError, ValueError):
        return None


def _bounds(case: Case, path: DataPath, indicator: Indicator) -> Iterator[Finding]:
    if indicator.low >= indicator.high:
        yield Finding((*path, "low"), f"low {indicator.low:g} is not below high {indicator.high:g}.")
        return
    start = _distribution(case, indicator.start)
    if start is not None and not indicator.low <= start.range[0] <= start.range[1] <= indicator.high:
        reach = f"{start.range[0]:g}" if isinstance(start, Fixed) else f"{start.range[0]:g} to {start.range[1]:g}"
        message = f"start {reach} is outside the bounds {indicator.low:g} to {indicator.high:g}."
        yield Finding((*path, "start"), message)
