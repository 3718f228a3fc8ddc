"""Pydantic's findings in the project's own words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import reduce
from typing import Any, TypeVar, get_args, get_origin

from pydantic import ValidationError

from sim.case.base_models import CLAIM, NAME, NO_SOURCE, StrictModel
from sim.case.conditions import ConditionError
from sim.case.reading.source_map import Finding, inner, put
from sim.case.reading.yaml_documents import DataPath
from sim.errors import did_you_mean, quoted

ShapeT = TypeVar("ShapeT", bound=StrictModel)


def parse_model(shape: type[ShapeT], data: object, path: DataPath = ()) -> tuple[ShapeT | None, list[Finding]]:
    """Read plain data as a shape.

    Parameters
    ----------
    shape : the shape
    data : plain data
    path : where the data lies; the findings' paths begin with it

    Returns
    -------
    the shape, or None; all that is wrong. If only keys are unknown or sources are missing, there is a shape all the
    same, so that what it says can be checked too.
    """
    try:
        return shape.model_validate(data), []
    except ValidationError as error:
        details = _details(error)
        above = {tuple(one["loc"][:cut]) for one in details for cut in range(len(one["loc"]))}
        # Pydantic counts entries that are wrong as entries that are missing.
        told = [one for one in details if not (one["type"] == "too_short" and one["loc"] in above)]
        return _in_spite(shape, data, details), [_finding(shape, one, path) for one in told]


def _details(error: ValidationError) -> list[dict[str, Any]]:
    return [dict(one) for one in error.errors(include_url=False)]


def _in_spite(shape: type[ShapeT], data: Any, details: Sequence[Mapping[str, Any]], tries: int = 2) -> ShapeT | None:
    """The shape that the data would have without unknown keys, and with an assumption where no source is named."""
    for one in details:
        place = tuple(one["loc"])
        if one["type"] == "extra_forbidden":
            rest = {key: value for key, value in reduce(inner, place[:-1], data).items() if key != place[-1]}
            data = put(data, place[:-1], rest)
        elif one["type"] == "value_error" and str(one["ctx"]["error"]) == NO_SOURCE:
            data = put(data, (*place, "assumption"), NO_SOURCE)
        else:
            return None
    try:
        return shape.model_validate(data)
    except ValidationError as error:
        return _in_spite(shape, data, _details(error), tries - 1) if tries else None


def _finding(shape: type[StrictModel], error: dict[str, Any], path: DataPath) -> Finding:
    inside: DataPath = tuple(error["loc"])
    kind, found, context = error["type"], error["input"], error.get("ctx", {})
    if kind == "extra_forbidden":
        known = _keys(_at(shape, inside[:-1]))
        hint = did_you_mean(inside[-1], known)
        if found is None and not hint:
            hint = " A text with a comma in it stands in quotes."
        message = f"the key '{inside[-1]}' is not known here ({', '.join(known)}).{hint}"
        return Finding(path + inside, message, key=True)
    if kind == "missing":
        return Finding(path + inside[:-1], f"the key '{inside[-1]}' is missing.")
    if inside[-1:] == ("[key]",):
        return Finding(path + inside[:-1], _words(kind, found, context), key=True)
    if isinstance(context.get("error"), ConditionError):
        return Finding(path + inside + context["error"].path, str(context["error"]))
    return Finding(path + inside, _words(kind, found, context))


def _words(kind: str, found: object, context: Mapping[str, Any]) -> str:
    if kind == "value_error":
        return str(context["error"])
    if kind == "literal_error":
        known = re.findall(r"'([^']*)'", context["expected"])
        return f"{quoted(found)} is none of {', '.join(known)}.{did_you_mean(found, known)}"
    if kind == "string_pattern_mismatch":
        return f"{quoted(found)} is no {_PATTERNS[context['pattern']]}.{_as_name(found, context['pattern'])}"
    say = _MESSAGES.get(kind)
    return say(found, context) if say else f"{quoted(found)} does not belong here."


def _as_name(found: object, pattern: str) -> str:
    """The name, or the claim's id, that something is but for its spelling."""
    name = re.sub(r"\W+", "_", str(found).lower()) if pattern == NAME else re.sub(r"\W+", "", str(found))
    return f" Write '{name}'." if re.search(pattern, name) else ""


NAME_IN_WORDS = "name; a name has small letters, digits and '_', and begins with a letter"
_PATTERNS = {NAME: NAME_IN_WORDS, CLAIM: "claim; the id of a claim is letters and digits, such as C07"}
_MESSAGES: dict[str, Callable[[object, Mapping[str, Any]], str]] = {
    "string_type": lambda found, _: (
        f"{quoted(found)} is no text; put it in quotes if it is meant as text."
        if isinstance(found, int | float)
        else f"{quoted(found)} stands where a text belongs."
    ),
    "string_too_short": lambda *_: "the text is empty.",
    "bool_type": lambda found, _: f"{quoted(found)} is neither true nor false.",
    "int_type": lambda found, _: f"{quoted(found)} is no whole number.",
    "greater_than_equal": lambda found, limit: f"{quoted(found)} is too small; at least {limit['ge']}.",
    "less_than_equal": lambda found, limit: f"{quoted(found)} is too large; at most {limit['le']}.",
    "too_short": lambda _, limit: f"too few entries ({limit['actual_length']}); at least {limit['min_length']}.",
    "tuple_type": lambda found, _: f"{quoted(found)} stands where a list belongs: [...].",
    "dict_type": lambda found, _: f"{quoted(found)} stands where 'key: value' lines belong.",
    "model_type": lambda found, _: f"{quoted(found)} stands where 'key: value' lines belong.",
}


def _keys(shape: Any) -> list[str]:
    return [field.alias or name for name, field in shape.model_fields.items()]


def _at(shape: Any, path: DataPath) -> Any:
    """The shape, or the type, that stands at a path within a shape."""
    for step in path:
        options = [shape, *_arguments(shape)]
        shape = next(_step(one, step) for one in options if _step(one, step) is not None)
    return next(one for one in (shape, *_arguments(shape)) if isinstance(one, type) and issubclass(one, StrictModel))


def _step(shape: Any, step: str | int) -> Any:
    if isinstance(shape, type) and issubclass(shape, StrictModel):
        return next(field.annotation for name, field in shape.model_fields.items() if step in (name, field.alias))
    if get_origin(shape) is dict:
        return get_args(shape)[1]
    return get_args(shape)[0] if get_origin(shape) is tuple else None


def _arguments(shape: Any) -> Iterator[Any]:
    """The members of a union; nothing for any other type."""
    return iter(() if get_origin(shape) in (dict, tuple) else get_args(shape))
