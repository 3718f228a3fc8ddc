"""Arguments of public calls: counts, as Python and NumPy write them."""

from __future__ import annotations

import operator
from numbers import Real
from typing import SupportsIndex, overload

from sim.errors import UsageError, quoted


@overload
def whole_number(value: int, name: str, least: int = 1, most: int | None = None) -> int: ...
@overload
def whole_number(value: int | None, name: str, least: int = 1, most: int | None = None) -> int | None: ...
def whole_number(value: int | None, name: str, least: int = 1, most: int | None = None) -> int | None:
    """Return a count as an `int`; None stays None.

    Parameters
    ----------
    value : an integer of Python or NumPy, or a float without a fraction
    name : the argument that it was given for
    least, most : the smallest and largest number that is allowed; None for no bound

    Raises
    ------
    UsageError
        if it is not a whole number, or out of bounds

    Examples
    --------
    >>> whole_number(1e3, "worlds")
    1000
    >>> whole_number(1.5, "worlds")
    Traceback (most recent call last):
    sim.errors.UsageError: 'worlds' must be a whole number of at least 1, not '1.5'.
    """
    if value is None:
        return None
    number = _as_int(value)
    if number is None or number < least or (most is not None and number > most):
        bounds = f"of at least {least:,}" if most is None else f"from {least:,} to {most:,}"
        shown = quoted(value) if number is None else f"'{number}'"
        raise UsageError(f"'{name}' must be a whole number {bounds}, not {shown}.")
    return number


def _as_int(value: object) -> int | None:
    """Return a whole number as an `int`; None for anything else, such as a truth value or a text."""
    if isinstance(value, bool):
        return None
    if isinstance(value, SupportsIndex):
        try:
            return operator.index(value)
        except TypeError:  # an array with an axis, or a truth value of NumPy
            return None
    return int(float(value)) if isinstance(value, Real) and float(value).is_integer() else None
