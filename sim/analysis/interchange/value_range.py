"""The values of an issue that is given by its bounds: all whole numbers between them, or a number of steps."""

from __future__ import annotations

import math
from decimal import Decimal

from sim.case.checks.validation import OPTIONS_MOST
from sim.case.conditions import Option

DIGITS = 12
"""Significant digits of the values of a range of real numbers."""
MANY = 10**15
"""From here on, a count is given in powers of ten."""


class NoValuesError(Exception):
    """A range that cannot be listed; the message says why and what to do."""


def whole_numbers(name: str, low: float, high: float, steps: int | None) -> tuple[tuple[Option, ...], str | None]:
    """Return the whole numbers within two bounds, or `steps` of them if they are too many; and a note if it matters."""
    first, last = math.ceil(low), math.floor(high)
    count = last - first + 1
    if count < 2:
        message = f"issue '{name}' needs a lower bound and a larger upper bound, with 2 or more whole numbers."
        raise NoValuesError(message)
    if count <= OPTIONS_MOST:
        within = f"issue '{name}': the whole numbers from {first} to {last}, as its bounds are {low:g} and {high:g}"
        return tuple(range(first, last + 1)), None if (first, last) == (low, high) else within
    size = f"{count:,}" if count < MANY else f"about {float(count):.0e}"
    if steps is None:
        limit = f"an issue of a case has at most {OPTIONS_MOST}"
        raise NoValuesError(f"issue '{name}' has {size} values; {limit}. {_ADVICE}")
    values = tuple(first + (last - first) * step // (steps - 1) for step in range(steps))
    return values, f"issue '{name}': {steps} of its {size} whole numbers, evenly spaced from {low:g} to {high:g}"


def real_numbers(name: str, low: float, high: float, steps: int | None) -> tuple[tuple[Option, ...], str]:
    """Return `steps` evenly spaced numbers from one bound to another, and a note."""
    if not high > low:
        raise NoValuesError(f"the upper bound of issue '{name}' ({high:g}) must be above the lower bound ({low:g}).")
    if steps is None:
        raise NoValuesError(f"issue '{name}' has real numbers as values; a case lists them. {_ADVICE}")
    start, length = Decimal(repr(low)), Decimal(repr(high)) - Decimal(repr(low))
    values = (start + length * step / (steps - 1) for step in range(steps))
    rounded = tuple(float(f"{value:.{DIGITS}g}") for value in values)
    if len(set(rounded)) < steps:
        raise NoValuesError(f"the bounds of issue '{name}' ({low!r} and {high!r}) are too close for {steps} values.")
    return rounded, f"issue '{name}': {steps} of its real numbers, evenly spaced from {low:g} to {high:g}"


_ADVICE = "Say how many to take, evenly spaced, such as --steps 21."
