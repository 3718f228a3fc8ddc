"""Designs: which values the varied numbers of a sweep take together.

A grid has every combination, the last path varying fastest. A Latin hypercube and a Sobol sequence are spread over the
ranges by a seed (scipy.stats.qmc). A point is known by its number, so that no design need be written out to be played
in pieces.

References
----------
McKay, M. D., Beckman, R. J. and Conover, W. J. (1979). A comparison of three methods for selecting values of input
variables in the analysis of output from a computer code. *Technometrics* 21. Sobol', I. M. (1967). On the distribution
of points in a cube and the approximate evaluation of integrals. *USSR Computational Mathematics and Mathematical
Physics* 7; scrambled after Owen, A. B. (1998), *Journal of Complexity* 14.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.case.distributions import NEVER
from sim.case.number_syntax import parse_plain
from sim.errors import Problem, quoted

Value: TypeAlias = str | bool | int | float
Kind: TypeAlias = Literal["grid", "latin_hypercube", "sobol"]
DIGITS = 12
"""Significant digits of a value within a range, so that a point can be typed."""
GRID_FORM = "{low: 0, high: 1, n: 11}"
RANGE_FORM = "{low: 0, high: 1}"


@dataclass(frozen=True)
class Axis:
    """One varied number.

    Parameters
    ----------
    path : dotted, as for ``--set``
    low, high : its range, where it has one
    steps : how many values of the range are taken, evenly; None where any may be
    listed : its values, where they are listed instead
    """

    path: str
    low: float = math.nan
    high: float = math.nan
    steps: int | None = None
    listed: tuple[Value, ...] = ()

    @property
    def size(self) -> int | None:
        """How many values it has; None if any between `low` and `high`."""
        return len(self.listed) or self.steps

    @property
    def numeric(self) -> bool:
        """Whether all of its values are numbers; `never` is one, without end."""
        return all(is_number(value) for value in self.listed)

    @property
    def extremes(self) -> tuple[Value, ...]:
        """The values between which all others lie; all of them, if some are words."""
        if not self.listed:
            return tuple(dict.fromkeys((plain(self.low), plain(self.high))))
        if not self.numeric:
            return self.listed
        return tuple(dict.fromkeys((min(self.listed, key=as_float), max(self.listed, key=as_float))))

    def level(self, at: int) -> Value:
        """The value of that number, from 0, among so many as it has."""
        if self.listed:
            return self.listed[at]
        assert self.steps is not None
        return plain(self.low + (self.high - self.low) * at / max(self.steps - 1, 1))

    def within(self, part: float) -> Value:
        """The value at a place in [0, 1) of its range, or of its list."""
        if self.listed:
            return self.listed[int(part * len(self.listed))]
        return plain(self.low + part * (self.high - self.low))

    def column(self, values: Sequence[Value]) -> NDArray[Any]:
        """Values (point,) as a column of a table, of the same type in every part of a design."""
        if not self.numeric:
            return np.array([written(value) for value in values], dtype=object)
        whole = bool(self.listed) and all(isinstance(value, int) for value in self.listed)
        return np.array([as_float(value) for value in values], dtype=np.int64 if whole else np.float64)

    def told(self, entry: Any) -> Value:
        """An entry of such a column as it is typed."""
        if isinstance(entry, str):
            return entry
        number = float(entry)
        return NEVER if math.isinf(number) else plain(number)


def is_number(value: Value) -> bool:
    """Whether a value is a number; `never` is one, without end."""
    return value == NEVER or (isinstance(value, int | float) and not isinstance(value, bool))


def as_float(value: Value) -> float:
    """A number as one that can be compared."""
    return math.inf if value == NEVER else float(value)


def plain(value: float) -> Value:
    """A number to 12 digits, and without a point if it is whole: so many months are an integer."""
    rounded = float(f"{value:.{DIGITS}g}")
    return int(rounded) if rounded.is_integer() else rounded


def written(value: Value) -> str:
    """A value as it is typed."""
    return str(value).lower() if isinstance(value, bool) else str(value)


@dataclass(frozen=True)
class Design:
    """The points of a sweep.

    Parameters
    ----------
    kind : how they are spread
    axes : at least one; those of a grid have a size
    points : how many
    seed : of a sample
    places : path to a problem without a message, which says where the user wrote the axis
    """

    kind: Kind
    axes: tuple[Axis, ...]
    points: int
    seed: int = 0
    places: Mapping[str, Problem] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def grid(cls, axes: Sequence[Axis], places: Mapping[str, Problem] | None = None) -> Design:
        """Every combination of the levels of some axes."""
        return cls("grid", tuple(axes), math.prod(axis.size or 1 for axis in axes), places=places or {})

    def values(self, start: int, count: int) -> dict[str, list[Value]]:
        """Path to the values (point,) of some points in a row."""
        numbers = np.arange(start, start + count)
        if self.kind == "grid":
            places = np.unravel_index(numbers, [axis.size or 1 for axis in self.axes])
            return {
                axis.path: [axis.level(at) for at in chosen.tolist()]
                for axis, chosen in zip(self.axes, places, strict=True)
            }
        unit = _unit(self)[numbers]
        return {axis.path: [axis.within(part) for part in unit[:, at].tolist()] for at, axis in enumerate(self.axes)}


@lru_cache(maxsize=1)
def _unit(design: Design) -> NDArray[np.float64]:
    """The places (point, axis) of a sample in [0, 1)."""
    # SciPy's statistics are wanted only by samples, and take long to import.
    from scipy.stats import qmc

    # A generator, since SciPy has named the argument for a seed in two ways, which give two sequences.
    maker = {"latin_hypercube": qmc.LatinHypercube, "sobol": qmc.Sobol}[design.kind]
    made: NDArray[np.float64] = maker(len(design.axes), seed=np.random.default_rng(design.seed)).random(design.points)
    made.setflags(write=False)
    return made


def axis(path: str, raw: object, kind: Kind) -> Axis:
    """Read what a design says of a path.

    Parameters
    ----------
    raw : a range (low, high, and n in a grid), or a list of values

    Raises
    ------
    ValueError
        with a message for the user
    """
    if isinstance(raw, list):
        return Axis(path, listed=_listed(raw))
    form = GRID_FORM if kind == "grid" else RANGE_FORM
    if not isinstance(raw, Mapping):
        raise ValueError(f"{quoted(raw)} is no range; write {form}, or a list of values.")
    if "n" in raw and kind != "grid":
        raise ValueError(f"'n' belongs to a grid; a {kind} design takes 'points' values from the range.")
    keys = ("low", "high", "n") if kind == "grid" else ("low", "high")
    if set(raw) != set(keys):
        found = ", ".join(map(str, raw)) or "nothing"
        raise ValueError(f"{{{found}}} is no range; write {form}, or a list of values.")
    return ranged(path, raw["low"], raw["high"], raw.get("n"))


def ranged(path: str, low: object, high: object, steps: object = None) -> Axis:
    """An axis over a range, in so many steps, or continuous.

    Raises
    ------
    ValueError
        with a message for the user
    """
    least, most = float(parse_plain(low)), float(parse_plain(high))
    if least > most:
        raise ValueError(f"low {least:g} is above high {most:g}; swap them.")
    if steps is None:
        if least == most:
            raise ValueError(f"low and high are both {least:g}; write a list of one value: [{least:g}].")
        return Axis(path, least, most)
    if isinstance(steps, bool) or not isinstance(steps, int):
        raise ValueError(f"n {quoted(steps)} is no whole number.")
    if steps < 1:
        raise ValueError(f"n {quoted(steps)} is below 1: a grid of no points.")
    if least == most and steps > 1:
        raise ValueError(f"low and high are both {least:g}, but n is {steps}; write n 1, or widen the range.")
    return Axis(path, least, most, steps)


def _listed(raw: Sequence[object]) -> tuple[Value, ...]:
    levels: list[Value] = []
    for value in raw:
        if isinstance(value, str | bool):
            levels.append(value)
        elif isinstance(value, int | float):
            levels.append(plain(parse_plain(value)))
        else:
            raise ValueError(f"{quoted(value)} stands in the list of values; write numbers or words.")
    if not levels:
        raise ValueError("the list of values is empty: a design of no points.")
    if twice := next((one for at, one in enumerate(levels) if written(one) in map(written, levels[:at])), None):
        raise ValueError(f"{quoted(twice)} stands in the list of values twice.")
    return tuple(levels)
