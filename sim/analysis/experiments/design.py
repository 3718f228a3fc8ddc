"""Designs: which values the varied numbers of a sweep take together.

A grid has every combination; the last path varies fastest. A Latin hypercube and a Sobol sequence are samples spread
over the ranges, drawn from a seed (scipy.stats.qmc). A list has the points that a file names. The number of a point
determines its values, so a design can be played in pieces without being written out.

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
Kind: TypeAlias = Literal["grid", "latin_hypercube", "sobol", "list"]
DIGITS = 12
"""Significant digits of a value within a range: few enough to type."""
GRID_FORM = "{low: 0, high: 1, n: 11}"
RANGE_FORM = "{low: 0, high: 1}"


@dataclass(frozen=True)
class Axis:
    """One varied number.

    Parameters
    ----------
    path : dotted path, as for ``--set``
    low, high : its range; 0 if its values are listed instead
    steps : the number of evenly spaced values in the range; None if every value in it may occur
    listed : its values, if they are listed instead
    """

    path: str
    low: float = 0.0
    high: float = 0.0
    steps: int | None = None
    listed: tuple[Value, ...] = ()

    @property
    def size(self) -> int | None:
        """The number of values; None if every value between `low` and `high` may occur."""
        return len(self.listed) or self.steps

    @property
    def numeric(self) -> bool:
        """Whether all of its values are numbers; `never` is the number infinity."""
        return all(is_number(value) for value in self.listed)

    @property
    def extremes(self) -> tuple[Value, ...]:
        """The least and the largest value; all values if some are words."""
        if not self.listed:
            return tuple(dict.fromkeys((rounded_value(self.low), rounded_value(self.high))))
        if not self.numeric:
            return self.listed
        return tuple(dict.fromkeys((min(self.listed, key=as_float), max(self.listed, key=as_float))))

    def level(self, index: int) -> Value:
        """Return one of its values by its number, from 0."""
        if self.listed:
            return self.listed[index]
        assert self.steps is not None
        return rounded_value(self.low + (self.high - self.low) * index / max(self.steps - 1, 1))

    def within(self, share: float) -> Value:
        """Return the value at a share, in [0, 1), of its range or of its list."""
        if self.listed:
            return self.listed[int(share * len(self.listed))]
        return rounded_value(self.low + share * (self.high - self.low))

    def column(self, values: Sequence[Value]) -> NDArray[Any]:
        """Return values (point,) as a column of a table; it has the same type in every part of a design."""
        if not self.numeric:
            return np.array([as_text(value) for value in values], dtype=object)
        whole = bool(self.listed) and all(isinstance(value, int) for value in self.listed)
        return np.array([as_float(value) for value in values], dtype=np.int64 if whole else np.float64)

    def value_of(self, entry: Any) -> Value:
        """Return an entry of such a column as the user would type it."""
        if isinstance(entry, str):
            return entry
        number = float(entry)
        return NEVER if math.isinf(number) else rounded_value(number)


def is_number(value: Value) -> bool:
    """Return whether a value is a number; `never` is the number infinity."""
    return value == NEVER or (isinstance(value, int | float) and not isinstance(value, bool))


def as_float(value: Value) -> float:
    """Return a number, or `never`, as a float."""
    return math.inf if value == NEVER else float(value)


def rounded_value(value: float) -> Value:
    """Return a number rounded to 12 digits; an integer if it is whole, since for example months must be integers."""
    rounded = float(f"{value:.{DIGITS}g}")
    return int(rounded) if rounded.is_integer() else rounded


def as_text(value: Value) -> str:
    """Return a value as the user would type it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


@dataclass(frozen=True)
class Design:
    """The points of a sweep.

    Parameters
    ----------
    kind : how the points are spread
    axes : at least one; in a grid each has a size
    points : the number of points
    seed : the seed of a sample
    places : path to a problem without a message, which says where the user wrote the axis
    picks : in a list, the index of each point's value among the listed values of each axis, (axis, point)
    """

    kind: Kind
    axes: tuple[Axis, ...]
    points: int
    seed: int = 0
    places: Mapping[str, Problem] = field(default_factory=dict, compare=False, repr=False)
    picks: tuple[tuple[int, ...], ...] = ()

    @classmethod
    def grid(cls, axes: Sequence[Axis], places: Mapping[str, Problem] | None = None) -> Design:
        """Return the design with every combination of the levels of some axes."""
        return cls("grid", tuple(axes), math.prod(axis.size or 1 for axis in axes), places=places or {})

    @property
    def sampled(self) -> bool:
        """Whether its points are drawn from a seed."""
        return self.kind in ("latin_hypercube", "sobol")

    def values(self, start: int, count: int) -> dict[str, list[Value]]:
        """Return path to the values (point,) of some consecutive points."""
        numbers = np.arange(start, start + count)
        if self.kind == "grid":
            places = np.unravel_index(numbers, [axis.size or 1 for axis in self.axes])
            return {
                axis.path: [axis.level(index) for index in indices.tolist()]
                for axis, indices in zip(self.axes, places, strict=True)
            }
        if self.kind == "list":
            return {
                axis.path: [axis.level(index) for index in picks[start : start + count]]
                for axis, picks in zip(self.axes, self.picks, strict=True)
            }
        sample = _sample(self)[numbers]
        return {
            axis.path: [axis.within(share) for share in shares]
            for axis, shares in zip(self.axes, sample.T.tolist(), strict=True)
        }


@lru_cache(maxsize=1)
def _sample(design: Design) -> NDArray[np.float64]:
    """Return the shares (point, axis) of a sample in [0, 1)."""
    # Only samples need SciPy's statistics, which take long to import.
    from scipy.stats import qmc

    # A generator, because SciPy has had two names for a seed's argument, which give two sequences.
    sampler = {"latin_hypercube": qmc.LatinHypercube, "sobol": qmc.Sobol}[design.kind]
    sample: NDArray[np.float64] = sampler(len(design.axes), seed=np.random.default_rng(design.seed)).random(
        design.points
    )
    sample.setflags(write=False)
    return sample


def parse_axis(path: str, raw: object, kind: Kind) -> Axis:
    """Read the values that a design gives to a path.

    They are a range (low, high, and n in a grid), or a list of values. Raises ValueError with a message for the user.
    """
    if isinstance(raw, list):
        return Axis(path, listed=_listed(raw))
    form = GRID_FORM if kind == "grid" else RANGE_FORM
    if not isinstance(raw, Mapping):
        raise ValueError(f"{quoted(raw)} is not a range; write {form}, or a list of values.")
    if "n" in raw and kind != "grid":
        raise ValueError(f"'n' belongs to a grid; a {kind} design takes 'points' values from the range.")
    keys = ("low", "high", "n") if kind == "grid" else ("low", "high")
    if set(raw) != set(keys):
        present = ", ".join(map(str, raw)) or "nothing"
        raise ValueError(f"{{{present}}} is not a range; write {form}, or a list of values.")
    return range_axis(path, raw["low"], raw["high"], raw.get("n"))


def range_axis(path: str, low: object, high: object, steps: object = None) -> Axis:
    """Return an axis over a range, with a number of steps or continuous.

    Raises ValueError with a message for the user.
    """
    least, most = float(parse_plain(low)), float(parse_plain(high))
    if least > most:
        raise ValueError(f"low {least:g} is above high {most:g}; swap them.")
    if steps is None:
        if least == most:
            raise ValueError(f"low and high are both {least:g}; write a list of one value: [{least:g}].")
        return Axis(path, least, most)
    if isinstance(steps, bool) or not isinstance(steps, int):
        raise ValueError(f"n {quoted(steps)} is not a whole number.")
    if steps < 1:
        raise ValueError(f"n {quoted(steps)} is below 1; a grid needs at least one value.")
    if least == most and steps > 1:
        raise ValueError(f"low and high are both {least:g}, but n is {steps}; write n 1, or widen the range.")
    return Axis(path, least, most, steps)


def _listed(raw: Sequence[object]) -> tuple[Value, ...]:
    levels: list[Value] = []
    for value in raw:
        if isinstance(value, str | bool):
            levels.append(value)
        elif isinstance(value, int | float):
            levels.append(rounded_value(parse_plain(value)))
        else:
            raise ValueError(f"{quoted(value)} is in the list of values; write only numbers or words.")
    if not levels:
        raise ValueError("the list of values is empty; write at least one.")
    texts = [as_text(level) for level in levels]
    if repeated := next((level for index, level in enumerate(levels) if texts[index] in texts[:index]), None):
        raise ValueError(f"{quoted(repeated)} is in the list of values twice.")
    return tuple(levels)
