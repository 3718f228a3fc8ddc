"""Parses plain data as a model, and says what is wrong in the project's own words instead of Pydantic's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from typing import Any, TypeVar, get_args, get_origin

from pydantic import ValidationError

from sim.case.base_models import CLAIM, NAME, NO_SOURCE, PlacedError, StrictModel
from sim.case.reading.source_map import Finding, child_value, with_value
from sim.case.reading.yaml_documents import DataPath
from sim.errors import did_you_mean, quoted

ModelT = TypeVar("ModelT", bound=StrictModel)


def parse_model(model: type[ModelT], data: object, path: DataPath = ()) -> tuple[ModelT | None, list[Finding]]:
    """Parse plain data as a model.

    Returns the model, or None, and all findings, whose paths begin with `path`. If the only mistakes are unknown keys
    and missing sources, the model is returned too, so that its content can be validated.
    """
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        details = _details(error)
        above = {tuple(detail["loc"][:cut]) for detail in details for cut in range(len(detail["loc"]))}
        # Pydantic counts entries with mistakes as missing entries.
        reported = [detail for detail in details if not (detail["type"] == "too_short" and detail["loc"] in above)]
        return _parse_leniently(model, data, details), [_finding(model, detail, path) for detail in reported]


def _details(error: ValidationError) -> list[dict[str, Any]]:
    return [dict(detail) for detail in error.errors(include_url=False)]


def _parse_leniently(
    model: type[ModelT], data: Any, details: Sequence[Mapping[str, Any]], tries: int = 2
) -> ModelT | None:
    """Parse data without its unknown keys, and with an assumption wherever the source is missing."""
    for detail in details:
        place = tuple(detail["loc"])
        if detail["type"] == "extra_forbidden":
            rest = {key: value for key, value in reduce(child_value, place[:-1], data).items() if key != place[-1]}
            data = with_value(data, place[:-1], rest)
        elif detail["type"] == "value_error" and str(detail["ctx"]["error"]) == NO_SOURCE:
            data = with_value(data, (*place, "assumption"), NO_SOURCE)
        else:
            return None
    try:
        return model.model_validate(data)
    except ValidationError as error:
        return _parse_leniently(model, data, _details(error), tries - 1) if tries else None


def _finding(model: type[StrictModel], error: dict[str, Any], path: DataPath) -> Finding:
    inside: DataPath = tuple(error["loc"])
    kind, value, context = error["type"], error["input"], error.get("ctx", {})
    if kind == "extra_forbidden":
        known = _keys(_model_at(model, inside[:-1]))
        hint = did_you_mean(inside[-1], known)
        if value is None and not hint:
            hint = " If a text contains a comma, put it in quotes."
        message = f"the key '{inside[-1]}' is not known here ({', '.join(known)}).{hint}"
        return Finding(path + inside, message, key=True)
    if kind == "missing":
        return Finding(path + inside[:-1], f"the key '{inside[-1]}' is missing.")
    if inside[-1:] == ("[key]",):
        return Finding(path + inside[:-1], _message(kind, value, context), key=True)
    if isinstance(context.get("error"), PlacedError):
        return Finding(path + inside + context["error"].path, str(context["error"]))
    return Finding(path + inside, _message(kind, value, context))


def _message(kind: str, value: object, context: Mapping[str, Any]) -> str:
    if kind == "value_error":
        return str(context["error"])
    if kind == "literal_error":
        known = re.findall(r"'([^']*)'", context["expected"])
        return f"{quoted(value)} is not one of {', '.join(known)}.{did_you_mean(value, known)}"
    if kind == "string_pattern_mismatch":
        pattern = context["pattern"]
        return f"{quoted(value)} is not a valid {_PATTERNS[pattern]}.{_corrected(value, pattern)}"
    if kind == "string_type" and isinstance(value, int | float):
        return f"{quoted(value)} is not a text; put it in quotes if it is meant as text."
    return _MESSAGES.get(kind, "{} does not belong here.").format(quoted(value), **context)


def _corrected(value: object, pattern: str) -> str:
    """Return a hint with the name, or the claim's id, that a misspelt one was meant to be; may be empty."""
    name = valid_name(str(value)) if pattern == NAME else re.sub(r"\W+", "", str(value))
    return f" Write '{name}'." if re.search(pattern, name) else ""


def valid_name(name: str) -> str:
    """Return a name as it should probably be written.

    >>> valid_name("North state")
    'north_state'
    """
    return re.sub(r"\W+", "_", name.lower())


def misnamed(value: object) -> str:
    """Say why a value cannot be the name of an actor; empty if it can."""
    if not isinstance(value, str):
        return _message("string_type", value, {})
    return "" if re.search(NAME, value) else _message("string_pattern_mismatch", value, {"pattern": NAME})


NAME_IN_WORDS = "name; a name consists of small letters, digits and '_', and begins with a letter"
_PATTERNS = {NAME: NAME_IN_WORDS, CLAIM: "claim id; a claim id consists of letters and then digits, such as C07"}
_MESSAGES = {
    "string_type": "expected a text, not {}.",
    "string_too_short": "the text is empty.",
    "string_too_long": "{} is too long; it may have at most {max_length} characters.",
    "bool_type": "{} is neither true nor false.",
    "int_type": "{} is not a whole number.",
    "greater_than_equal": "{} is too small; it must be at least {ge}.",
    "less_than_equal": "{} is too large; it must be at most {le}.",
    "too_short": "too few entries ({actual_length}); there must be at least {min_length}.",
    "tuple_type": "expected a list [...], not {}.",
    "dict_type": "expected 'key: value' lines, not {}.",
    "model_type": "expected 'key: value' lines, not {}.",
}
"""Pydantic's kind of error to a message; {} is the value, and names are values of the error's context."""


def _keys(model: Any) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _model_at(model: Any, path: DataPath) -> Any:
    """Return the model at a path within a model."""
    for step in path:
        options = [model, *_arguments(model)]
        model = next(_step(option, step) for option in options if _step(option, step) is not None)
    models = (model, *_arguments(model))
    return next(option for option in models if isinstance(option, type) and issubclass(option, StrictModel))


def _step(model: Any, step: str | int) -> Any:
    if isinstance(model, type) and issubclass(model, StrictModel):
        return next(field.annotation for name, field in model.model_fields.items() if step in (name, field.alias))
    if get_origin(model) is dict:
        return get_args(model)[1]
    return get_args(model)[0] if get_origin(model) is tuple else None


def _arguments(model: Any) -> Iterator[Any]:
    """Return the members of a union; nothing for any other type."""
    return iter(() if get_origin(model) in (dict, tuple) else get_args(model))
