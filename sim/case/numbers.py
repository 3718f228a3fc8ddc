"""Numbers of a case: plain, a word of its codebook, or a distribution (model, section 1).

A number is written in a file as ``5``, ``strong``, ``-vital``, ``{low, high}``, ``{low, mode, high}``,
``{mean, sd}`` or ``{choices: {never: 0.8, 60: 0.2}}``. `parse_number` reads all of them. Every distribution
has a `central` value (mode, mean, or most likely choice), a `range`, and an inverse distribution
function `quantile`, through which every world of an ensemble is drawn.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import numpy as np
from pydantic import PlainValidator, WithJsonSchema

from sim.errors import shown

if TYPE_CHECKING:
    from numpy.typing import NDArray

LARGEST = 1e6
"""No number of a case is larger: sums of points then stay exact (see `sim.rules.grain`)."""
NEVER = "never"
NORMAL_RANGE = 2.0
"""The range of a normal number is its mean give or take this many standard deviations (about 95 %)."""
SUM_TOLERANCE = 1e-9
WORD = r"-?[a-z][a-z0-9_]*"
_NUMERAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


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
class Word:
    """A word of the case's codebook, such as ``strong`` or ``-vital``."""

    word: str
    negative: bool

    def __str__(self) -> str:
        return f"-{self.word}" if self.negative else self.word


Distribution: TypeAlias = Fixed | Uniform | Triangular | Normal | Choices
Number: TypeAlias = Distribution | Word


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
            listed = ", ".join(f"{plain(value)}: {plain(weight)}" for value, weight in zip(values, weights, strict=True))
            return f"{{choices: {{{listed}}}}}"
        case Word():
            return str(number)
        case _:
            return "{" + ", ".join(f"{one.name}: {plain(getattr(number, one.name))}" for one in fields(number)) + "}"


def standard_normal(uniform: NDArray[np.float64]) -> NDArray[np.float64]:
    """Inverse of the standard normal distribution function; 0 and 1 are taken as their neighbours."""
    # SciPy is imported where an ensemble draws, not at start-up: a run at central values never needs it.
    from scipy.special import ndtri

    drawn: NDArray[np.float64] = ndtri(np.clip(uniform, np.finfo(np.float64).tiny, np.nextafter(1.0, 0.0)))
    return drawn


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


def parse_plain(raw: object) -> int | float:
    """Check a number that is known for certain: no word, no distribution.

    Raises
    ------
    ValueError
        with a message for the user
    """
    number = _value(raw, never=False)
    return int(number) if isinstance(raw, int) else number


def parse_number(raw: object, *, never: bool = False) -> Number:
    """Read a number in any of its spellings.

    Parameters
    ----------
    raw : int, float, str or mapping, as it stands in the file
    never : bool, whether ``never`` is a value here (the price of a red line)

    Raises
    ------
    ValueError
        with a message for the user that says what was found and what is expected
    """
    if isinstance(raw, (Fixed, Uniform, Triangular, Normal, Choices, Word)):
        return raw
    if isinstance(raw, Mapping):
        return _distribution(raw, never)
    if isinstance(raw, str) and raw.lstrip("-").isidentifier() and raw != NEVER:
        return Word(raw.removeprefix("-"), raw.startswith("-"))
    return Fixed(_value(raw, never))


def _value(raw: object, never: bool) -> float:
    if never and raw == NEVER:
        return math.inf
    if isinstance(raw, bool) or not isinstance(raw, (int, float)):
        hint = " 'never' is a price of red lines alone." if raw == NEVER else ""
        if isinstance(raw, str) and _NUMERAL.fullmatch(raw):
            hint = " Remove the quotes."
        raise ValueError(f"{shown(raw)} is no number.{hint}")
    if isinstance(raw, float) and not math.isfinite(raw):
        hint = " For a price that nothing buys off, write 'never'." if never else ""
        raise ValueError(f"{shown(raw)} is no finite number.{hint}")
    if abs(raw) > LARGEST:
        raise ValueError(f"{shown(raw)} is too large; numbers lie between -{LARGEST:,.0f} and {LARGEST:,.0f}.")
    return float(raw)


def _distribution(raw: Mapping[Any, object], never: bool) -> Distribution:
    keys = set(raw)
    if keys == {"choices"}:
        return _choices(raw["choices"], never)
    if keys not in ({"low", "high"}, {"low", "mode", "high"}, {"mean", "sd"}):
        found = ", ".join(sorted(map(str, raw))) or "nothing"
        raise ValueError(
            f"{{{found}}} is no distribution; write {{low, high}}, {{low, mode, high}}, {{mean, sd}} or {{choices}}."
        )
    part = {key: _value(value, never=False) for key, value in raw.items()}
    if "sd" in part:
        if part["sd"] < 0:
            raise ValueError(f"sd {part['sd']:g} is below 0.")
        return Normal(part["mean"], part["sd"])
    low, high = part["low"], part["high"]
    if low > high:
        raise ValueError(f"low {low:g} is above high {high:g}; swap them.")
    if "mode" not in part:
        return Uniform(low, high)
    if not low <= part["mode"] <= high:
        raise ValueError(f"mode {part['mode']:g} lies outside {low:g} to {high:g}.")
    return Triangular(low, part["mode"], high)


def _choices(raw: object, never: bool) -> Choices:
    if not isinstance(raw, Mapping) or not raw:
        raise ValueError("choices needs at least one 'value: probability'.")
    values = tuple(_outcome(value, never) for value in raw)
    weights = tuple(_value(weight, never=False) for weight in raw.values())
    if len(set(values)) < len(values):
        raise ValueError("choices names the same value twice.")
    if min(weights) < 0:
        raise ValueError(f"choices has a probability below 0: {min(weights):g}.")
    if abs(sum(weights) - 1) > SUM_TOLERANCE:
        raise ValueError(f"the probabilities of choices sum to {sum(weights):g}, not 1.")
    return Choices(values, weights)


def _outcome(key: object, never: bool) -> float:
    """Read a key of choices, which is text in a file: the number that it spells, or never."""
    return _value(float(key) if isinstance(key, str) and _NUMERAL.fullmatch(key) else key, never)


def _parse_price(raw: object) -> Number:
    return parse_number(raw, never=True)


def _plain() -> dict[str, Any]:
    return {"type": "number", "minimum": -LARGEST, "maximum": LARGEST}


def _schema(never: bool) -> dict[str, Any]:
    """JSON Schema of a number, for editors."""

    def closed(*names: str) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": {name: _plain() for name in names},
            "required": list(names),
            "additionalProperties": False,
        }

    choices = {
        "type": "object",
        "properties": {
            "choices": {
                "type": "object",
                "additionalProperties": {"type": "number", "minimum": 0, "maximum": 1},
                "minProperties": 1,
            }
        },
        "required": ["choices"],
        "additionalProperties": False,
    }
    what = "a number, a word of the codebook, or a distribution" + (", or never" if never else "")
    return {
        "description": what,
        "anyOf": [
            _plain(),
            {"type": "string", "pattern": f"^{WORD}$"},
            closed("low", "high"),
            closed("low", "mode", "high"),
            closed("mean", "sd"),
            choices,
        ],
    }


Plain = Annotated[int | float, PlainValidator(parse_plain), WithJsonSchema(_plain())]
"""A number in a file that is known for certain: a bound, the value that an event sets."""
Points = Annotated[Number, PlainValidator(parse_number), WithJsonSchema(_schema(never=False))]
"""A number in a file: points, a weight, a slope, a capacity, a level."""
Price = Annotated[Number, PlainValidator(_parse_price), WithJsonSchema(_schema(never=True))]
"""The price of a red line: a number, or ``never``."""
