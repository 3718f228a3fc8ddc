"""How a number is written in a file: plain, as a codebook word, or as a distribution."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from fractions import Fraction
from functools import partial
from typing import Annotated, Any

from sim.case.base_models import Parsed, PlacedError
from sim.case.distributions import (
    LARGEST,
    NEVER,
    Choices,
    CodebookNumber,
    Distribution,
    Fixed,
    Normal,
    Number,
    SameAs,
    Triangular,
    Uniform,
)
from sim.errors import quoted

SUM_TOLERANCE = 1e-9
"""How far the probabilities of choices may sum from 1."""
FRACTION_HINT = " Write a fraction with a point, not a comma: 0.5."
_PLAIN = {"type": "number", "minimum": -LARGEST, "maximum": LARGEST}
"""The JSON Schema of a plain number."""
WORD = r"-?[a-z][a-z0-9_]*"
_NUMERAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_RANGE = re.compile(r"[0-9.]+ ?(-|\u2013|\.\.|to|:) ?[0-9.]+")


def parse_plain(raw: object) -> int | float:
    """Check a number that is known for certain: not a word or a distribution.

    Raises ValueError with a message for the user.
    """
    number = _value(raw, never=False)
    return int(number) if isinstance(raw, int) else number


def as_written(number: float) -> Fraction:
    """Return a finite number exactly as its decimals say it.

    >>> as_written(0.1) + as_written(0.2) == as_written(0.3)
    True
    """
    return Fraction(str(number))


def parse_number(raw: object, *, never: bool = False) -> Number:
    """Read a number in any of its forms.

    Only the price of a red line may be ``never``. Raises ValueError with a message for the user that says what is wrong
    and what is expected.
    """
    if isinstance(raw, Number):
        return raw
    if isinstance(raw, Mapping):
        return _distribution(raw, never)
    if isinstance(raw, str) and raw.lstrip("-").isidentifier() and raw != NEVER:
        return CodebookNumber(raw.removeprefix("-"), raw.startswith("-"))
    return Fixed(_value(raw, never))


def _value(raw: object, never: bool) -> float:
    if never and raw == NEVER:
        return math.inf
    if isinstance(raw, bool) or not isinstance(raw, (int, float)):
        raise ValueError(f"{quoted(raw)} is not a number.{_hint(raw)}")
    if isinstance(raw, float) and not math.isfinite(raw):
        hint = " For a red line that no price can buy, write 'never'." if never else ""
        raise ValueError(f"{quoted(raw)} is not a finite number.{hint}")
    if abs(raw) > LARGEST:
        raise ValueError(f"{quoted(raw)} is too large; numbers must be between -{LARGEST:,.0f} and {LARGEST:,.0f}.")
    return float(raw)


def _hint(raw: object) -> str:
    """Return a hint how to write what was meant as a number; may be empty."""
    if raw == NEVER:
        return " Only the price of a red line can be 'never'."
    if isinstance(raw, list | tuple) or (isinstance(raw, str) and _RANGE.fullmatch(raw)):
        return " For a range, write {low: 10, high: 20}."
    if isinstance(raw, str) and _NUMERAL.fullmatch(raw):
        return " Remove the quotes."
    if isinstance(raw, str) and re.match("[\u2012-\u2015\u2212]", raw):
        return " Write the minus sign as '-'."
    if isinstance(raw, str) and re.search("[0-9]", raw):
        return " Write digits only, with a point before the fraction: 1500 or 0.5."
    return ""


def _distribution(raw: Mapping[Any, object], never: bool) -> Distribution | SameAs:
    keys = set(raw)
    if keys == {"choices"}:
        return _choices(raw["choices"], never)
    if keys == {"same_as"}:
        if not isinstance(raw["same_as"], str):
            raise ValueError(f"same_as needs the dotted path of another number, not {quoted(raw['same_as'])}.")
        return SameAs(raw["same_as"])
    if keys not in ({"low", "high"}, {"low", "mode", "high"}, {"mean", "sd"}):
        listed = ", ".join(sorted(map(str, raw))) or "nothing"
        hint = " Put a space after each ':'." if ":" in listed else ""
        if any(_NUMERAL.fullmatch(str(key)) for key in raw):
            hint = FRACTION_HINT
        raise ValueError(
            f"{{{listed}}} is not a distribution; "
            f"write {{low, high}}, {{low, mode, high}}, {{mean, sd}}, {{choices}} or {{same_as}}.{hint}"
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
        raise ValueError(f"mode {part['mode']:g} is outside {low:g} to {high:g}.")
    return Triangular(low, part["mode"], high)


def _choices(raw: object, never: bool) -> Choices:
    if not isinstance(raw, Mapping) or not raw:
        raise ValueError("choices needs at least one 'value: probability'.")
    values = tuple(_outcome(value, never) for value in raw)
    weights = tuple(_value(weight, never=False) for weight in raw.values())
    if len(set(values)) < len(values):
        raise ValueError("choices lists the same value twice.")
    if min(weights) < 0:
        raise ValueError(f"choices has a probability below 0: {min(weights):g}.")
    if abs(sum(weights) - 1) > SUM_TOLERANCE:
        raise ValueError(f"the probabilities of choices sum to {sum(weights):g}, not 1.")
    return Choices(values, weights)


def _outcome(key: object, never: bool) -> float:
    """Read a key of choices, which is text in a file, as a number or as never."""
    return _value(float(key) if isinstance(key, str) and _NUMERAL.fullmatch(key) else key, never)


def number_schema(never: bool) -> dict[str, Any]:
    """Return the JSON Schema of a number, or of a price if it may be ``never``."""

    def closed(**properties: dict[str, Any]) -> dict[str, Any]:
        required = list(properties)
        return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}

    plain, share = _PLAIN, {"type": "number", "minimum": 0, "maximum": 1}
    what = "a number, a word of the codebook, or a distribution" + (", or never" if never else "")
    return {
        "description": what,
        "anyOf": [
            plain,
            {"type": "string", "pattern": f"^{WORD}$" if never else f"^(?!{NEVER}$){WORD}$"},
            closed(low=plain, high=plain),
            closed(low=plain, mode=plain, high=plain),
            closed(mean=plain, sd=plain),
            closed(choices={"type": "object", "additionalProperties": share, "minProperties": 1}),
            closed(same_as={"type": "string"}),
        ],
    }


Change = Annotated[object, Parsed(lambda raw: raw, {"anyOf": [{"type": "boolean"}, number_schema(never=True)]})]
"""The new value of a number that a scenario changes; parsed like the number that it replaces."""
Plain = Annotated[int | float, Parsed(parse_plain, _PLAIN)]
"""A number in a file that is known for certain: a bound, the value that an event sets."""
Points = Annotated[Number, Parsed(parse_number, number_schema(never=False))]
"""A number in a file: points, a weight, a slope, a capacity, a level."""
Price = Annotated[Number, Parsed(partial(parse_number, never=True), number_schema(never=True))]
"""The price of a red line: a number, or ``never``."""


def parse_scores(raw: object) -> tuple[Number, ...] | dict[str, Number]:
    """Read the points of an issue's options: a list in their order, or a mapping from their names.

    Raises PlacedError with a message for the user.
    """
    if not isinstance(raw, list | tuple | Mapping) or not raw:
        message = f"expected a list of points, one per option, or {{option: points}}, not {quoted(raw)}."
        raise PlacedError((), message)
    numbers: dict[Any, Number] = {}
    for key, value in raw.items() if isinstance(raw, Mapping) else enumerate(raw):
        try:
            numbers[key] = parse_number(value)
        except ValueError as error:
            raise PlacedError((key,), str(error)) from None
    return {str(key): value for key, value in numbers.items()} if isinstance(raw, Mapping) else tuple(numbers.values())


Scores = Annotated[
    tuple[Number, ...] | dict[str, Number],
    Parsed(
        parse_scores,
        {
            "description": "The points of an issue's options: a list in their order, or option to points.",
            "anyOf": [
                {"type": "array", "items": number_schema(never=False), "minItems": 1},
                {"type": "object", "additionalProperties": number_schema(never=False), "minProperties": 1},
            ],
        },
    ),
]
"""The points of an issue's options in a score sheet."""
