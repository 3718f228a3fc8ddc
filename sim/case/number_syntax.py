"""How a number is written in a file: plain, as a word, or as a distribution."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Annotated, Any

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
from sim.case.field_parsers import Parsed
from sim.errors import quoted

SUM_TOLERANCE = 1e-9
WORD = r"-?[a-z][a-z0-9_]*"
_NUMERAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_RANGE = re.compile(r"[0-9.]+ ?(-|\u2013|\.\.|to|:) ?[0-9.]+")


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
    if isinstance(raw, (Fixed, Uniform, Triangular, Normal, Choices, CodebookNumber, SameAs)):
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
        raise ValueError(f"{quoted(raw)} is no number.{_hint(raw)}")
    if isinstance(raw, float) and not math.isfinite(raw):
        hint = " For a price that nothing buys off, write 'never'." if never else ""
        raise ValueError(f"{quoted(raw)} is no finite number.{hint}")
    if abs(raw) > LARGEST:
        raise ValueError(f"{quoted(raw)} is too large; numbers lie between -{LARGEST:,.0f} and {LARGEST:,.0f}.")
    return float(raw)


def _hint(raw: object) -> str:
    """How to mend what was meant as a number."""
    if raw == NEVER:
        return " 'never' is a price of red lines alone."
    if isinstance(raw, list | tuple) or (isinstance(raw, str) and _RANGE.fullmatch(raw)):
        return " For a range, write {low: 10, high: 20}."
    if isinstance(raw, str) and _NUMERAL.fullmatch(raw):
        return " Remove the quotes."
    if isinstance(raw, str) and re.match("[\u2012-\u2015\u2212]", raw):
        return " Write a minus as '-'."
    if isinstance(raw, str) and re.search("[0-9]", raw):
        return " Write digits alone, and a point for the fraction, such as 1500 or 0.5."
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
        found = ", ".join(sorted(map(str, raw))) or "nothing"
        hint = " A space belongs after each ':'." if ":" in found else ""
        if any(_NUMERAL.fullmatch(str(key)) for key in raw):
            hint = " A fraction has a point, not a comma: 0.5."
        raise ValueError(
            f"{{{found}}} is no distribution; "
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


def number_schema(never: bool) -> dict[str, Any]:
    """The JSON Schema of a number, or of a price if it may be ``never``."""

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
            {"type": "string", "pattern": f"^{WORD}$" if never else f"^(?!{NEVER}$){WORD}$"},
            closed("low", "high"),
            closed("low", "mode", "high"),
            closed("mean", "sd"),
            choices,
            {
                "type": "object",
                "properties": {"same_as": {"type": "string"}},
                "required": ["same_as"],
                "additionalProperties": False,
            },
        ],
    }


Change = Annotated[object, Parsed(lambda raw: raw, {"anyOf": [{"type": "boolean"}, number_schema(never=True)]})]
"""What a scenario sets a number to; read as the number that it replaces."""
Plain = Annotated[int | float, Parsed(parse_plain, _plain())]
"""A number in a file that is known for certain: a bound, the value that an event sets."""
Points = Annotated[Number, Parsed(parse_number, number_schema(never=False))]
"""A number in a file: points, a weight, a slope, a capacity, a level."""
Price = Annotated[Number, Parsed(_parse_price, number_schema(never=True))]
"""The price of a red line: a number, or ``never``."""
