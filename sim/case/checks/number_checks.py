"""Validates the numbers of a case: words and shared draws must exist, sizes must be within their bounds."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

from sim.case.distributions import NEVER, CodebookNumber, Distribution, Fixed, Normal, Number, SameAs
from sim.case.models import Case
from sim.case.packages import unknown_name
from sim.case.reading.source_map import Finding
from sim.case.reading.yaml_documents import DataPath
from sim.case.rule_models import Aspiration, AudienceCost, Capacity, Durability, Indicator, RedLine
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


def number_findings(case: Case, walked: Iterable[tuple[DataPath, object]]) -> Iterator[Finding]:
    """Find mistakes in the numbers among the models and leaves of a case, given with their paths."""
    for path, value in walked:
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
