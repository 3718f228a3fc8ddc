"""The numbers of a case: plain numbers, words of its codebook, and distributions (model, section 1).

A number is written in a file as ``5``, ``strong``, ``-vital``, ``{low, high}``, ``{low, mode, high}``,
``{mean, sd}``, ``{choices: {never: 0.8, 60: 0.2}}``, or ``{same_as: PATH}``, which shares another number's draw.
`sim.case.number_syntax` reads all of them. Every distribution has a `central` value (mode, mean, or most likely
choice), a `range`, and an inverse distribution function `quantile`, through which every world of an ensemble is drawn.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

LARGEST = 1e6
"""The largest number allowed in a case: up to here, sums of points are exact (see `sim.engine.fixed_point`)."""
NEVER = "never"
NORMAL_RANGE = 2.0
"""The range of a normal number is its mean plus or minus this many standard deviations (about 95%)."""


@dataclass(frozen=True)
class Fixed:
    """A plain number, known for certain; `inf` is the price `never`."""

    value: float

    @property
    def central(self) -> float:
        return self.value

    @property
    def range(self) -> tuple[float, float]:
        return self.value, self.value

    def quantile(self, uniform: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.full_like(uniform, self.value)


@dataclass(frozen=True)
class Uniform:
    """Equally likely between `low` and `high`."""

    low: float
    high: float

    @property
    def central(self) -> float:
        return (self.low + self.high) / 2

    @property
    def range(self) -> tuple[float, float]:
        return self.low, self.high

    def quantile(self, uniform: NDArray[np.float64]) -> NDArray[np.float64]:
        return self.low + uniform * (self.high - self.low)


@dataclass(frozen=True)
class Triangular:
    """Most likely at `mode`, falling in a straight line to `low` and `high`."""

    low: float
    mode: float
    high: float

    @property
    def central(self) -> float:
        return self.mode

    @property
    def range(self) -> tuple[float, float]:
        return self.low, self.high

    def quantile(self, uniform: NDArray[np.float64]) -> NDArray[np.float64]:
        width, rise, fall = self.high - self.low, self.mode - self.low, self.high - self.mode
        rising = self.low + np.sqrt(uniform * width * rise)
        falling = self.high - np.sqrt((1 - uniform) * width * fall)
        return np.where(uniform * width < rise, rising, falling)


@dataclass(frozen=True)
class Normal:
    """Normal with mean `mean` and standard deviation `sd`."""

    mean: float
    sd: float

    @property
    def central(self) -> float:
        return self.mean

    @property
    def range(self) -> tuple[float, float]:
        return self.mean - NORMAL_RANGE * self.sd, self.mean + NORMAL_RANGE * self.sd

    def quantile(self, uniform: NDArray[np.float64]) -> NDArray[np.float64]:
        return self.mean + self.sd * standard_normal(uniform)


@dataclass(frozen=True)
class Choices:
    """One of `values`, with probabilities `weights` that sum to 1."""

    values: tuple[float, ...]
    weights: tuple[float, ...]

    @property
    def central(self) -> float:
        return self.values[self.weights.index(max(self.weights))]

    @property
    def range(self) -> tuple[float, float]:
        return min(self.values), max(self.values)

    def quantile(self, uniform: NDArray[np.float64]) -> NDArray[np.float64]:
        chosen = np.searchsorted(np.cumsum(self.weights)[:-1], uniform, side="right")
        return np.array(self.values)[chosen]


@dataclass(frozen=True)
class CodebookNumber:
    """A word of the case's codebook, such as ``strong`` or ``-vital``."""

    word: str
    negative: bool

    def __str__(self) -> str:
        return f"-{self.word}" if self.negative else self.word


@dataclass(frozen=True)
class SameAs:
    """The number at another dotted path of the case: one draw for both."""

    path: str


Distribution: TypeAlias = Fixed | Uniform | Triangular | Normal | Choices
Number: TypeAlias = Distribution | CodebookNumber | SameAs


def written(number: Number) -> str:
    """Return a number as a file writes it.

    >>> written(Triangular(1, 2.5, 4)), written(Fixed(30.0)), written(Choices((math.inf, 60.0), (0.8, 0.2)))
    ('{low: 1, mode: 2.5, high: 4}', '30', '{choices: {never: 0.8, 60: 0.2}}')
    """

    def plain(value: float) -> str:
        return NEVER if math.isinf(value) else f"{value:.12g}"

    match number:
        case Fixed(value):
            return plain(value)
        case Choices(values, weights):
            listed = ", ".join(
                f"{plain(value)}: {plain(weight)}" for value, weight in zip(values, weights, strict=True)
            )
            return f"{{choices: {{{listed}}}}}"
        case CodebookNumber():
            return str(number)
        case SameAs(path):
            return f"{{same_as: {path}}}"
        case _:
            return (
                "{" + ", ".join(f"{field.name}: {plain(getattr(number, field.name))}" for field in fields(number)) + "}"
            )


def standard_normal(uniform: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the inverse of the standard normal distribution function; 0 and 1 are moved just inside."""
    # SciPy is imported here, not at start-up: a run at central values never needs it.
    from scipy.special import ndtri

    drawn: NDArray[np.float64] = ndtri(np.clip(uniform, np.finfo(np.float64).tiny, np.nextafter(1.0, 0.0)))
    return drawn


def normal_rank(normal: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the standard normal distribution function, as uniforms below 1."""
    from scipy.special import ndtr

    uniform: NDArray[np.float64] = np.minimum(ndtr(normal), np.nextafter(1.0, 0.0))
    return uniform


def normal_correlation(rank: float) -> float:
    """Return the correlation of two normal numbers that have a rank correlation (Pearson 1907).

    >>> round(normal_correlation(0.5), 4)
    0.5176
    """
    return 2 * math.sin(math.pi * rank / 6)


def least_rank(count: int) -> float:
    """Return the rank correlation above which so many normal numbers can all be correlated alike.

    >>> least_rank(2), round(least_rank(3), 4)
    (-1.0, -0.4826)
    """
    return -6 / math.pi * math.asin(0.5 / (count - 1))


def negated(number: Distribution) -> Distribution:
    """Return the distribution of minus the number (the sign of a codebook word)."""
    match number:
        case Fixed(value):
            return Fixed(-value)
        case Uniform(low, high):
            return Uniform(-high, -low)
        case Triangular(low, mode, high):
            return Triangular(-high, -mode, -low)
        case Normal(mean, sd):
            return Normal(-mean, sd)
        case Choices(values, weights):
            return Choices(tuple(-value for value in values), weights)
