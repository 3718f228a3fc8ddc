"""Conditions: the one language in which every rule of a case says when it holds (model, section 3).

A condition is a mapping, all of whose entries must hold:

- ``{force: european}``, ``{force: [european, nato]}``: the package has that option, or one of them
- ``{force_size: ">=30000"}``, ``{arms: ">=sustained"}``: a comparison, by number or by the order of the options
- ``{any: [condition, ...]}``: at least one holds; ``{all: [condition, ...]}``: every one holds
- ``{not: condition}``: it does not hold
- ``{count: [condition, ...], at_least: 2}``: at least two of them hold; also ``at_most``
- ``{sum: {roads: 1, rail: 2}, at_most: 80}``: a sum over issues is within a limit; also ``at_least``. A weight
  multiplies the option's number; ``{sum: {roads: {yes: 30}}, ...}`` gives the points of each option instead
- ``{declared_red_line: russia}``: the package crosses a red line that this actor declared and has not given up
- ``{accepted_by: ukraine}``: that actor, who answered before, accepts the package
- ``{}``: always

This module checks the shape of conditions, lists their entries and puts them in words;
`sim.case.compiled_conditions` tests packages by them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Annotated, Any, TypeAlias

from sim.case.base_models import Parsed, PlacedError
from sim.case.number_syntax import parse_plain
from sim.errors import quoted

Option: TypeAlias = str | int | float
Condition: TypeAlias = Mapping[str, Any]
"""A condition as written in the file, its shape checked by `parse_condition`."""

ANY, ALL, NOT, COUNT, SUM = "any", "all", "not", "count", "sum"
AT_LEAST, AT_MOST = "at_least", "at_most"
DECLARED, ACCEPTED = "declared_red_line", "accepted_by"
LISTS = (ANY, ALL, COUNT)
"""Entries that contain a list of conditions."""
LIMITS = (AT_LEAST, AT_MOST)
"""Entries that limit the count or the sum beside them."""
ACTOR_KEYS = (DECLARED, ACCEPTED)
"""Entries that name actors, not options."""
RESERVED = (*LISTS, NOT, SUM, *LIMITS, *ACTOR_KEYS)
COMPARISON = re.compile(r"^\s*(>=|<=|==|!=|>|<)\s*(.+?)\s*$")
"""Matches a comparison: its operator, and the option or number on its right."""


class ConditionError(PlacedError):
    """A condition has the wrong shape."""


def parse_option(raw: object) -> Option:
    """Check that a value can be an option: a word or a finite number. Raises ValueError with a message for the user."""
    if isinstance(raw, bool):
        raise ValueError(f"{quoted(raw)} cannot be an option; put the word in quotes, or write yes or no.")
    if isinstance(raw, str | int | float) and raw != "" and not (isinstance(raw, float) and not math.isfinite(raw)):
        return raw
    raise ValueError(f"expected an option (a word or a number), not {quoted(raw)}.")


def parse_condition(raw: object, path: tuple[str | int, ...] = ()) -> Condition:
    """Check the shape of a condition (`sim.case.condition_checks` checks its names).

    Raises ConditionError with a message for the user.
    """
    if not isinstance(raw, Mapping):
        raise ConditionError(
            path, f"{quoted(raw)} is not a condition; write {{issue: option}}, {{any: [...]}} or {{not: {{...}}}}."
        )
    for key, value in raw.items():
        if key in LISTS:
            if not isinstance(value, list | tuple) or not value:
                raise ConditionError((*path, key), f"{key}: needs a list of conditions.")
            for index, part in enumerate(value):
                parse_condition(part, (*path, key, index))
        elif key == NOT:
            parse_condition(value, (*path, key))
        elif key == SUM:
            _parse_sum(value, (*path, key))
        elif key not in LIMITS:
            _parse_entry(key, value, (*path, key))
    _parse_limits(raw, path)
    return dict(raw)


def _parse_sum(value: object, path: tuple[str | int, ...]) -> None:
    if not isinstance(value, Mapping) or not value:
        raise ConditionError(path, "sum: needs weights of issues, such as {price: 1} or {road: {yes: 30, no: 0}}.")
    for issue, weight in value.items():
        if isinstance(weight, Mapping) and not weight:
            raise ConditionError((*path, issue), "no option has points here; write {option: points}.")
        options = weight if isinstance(weight, Mapping) else {}
        for place, number in [((*path, issue, option), points) for option, points in options.items()] or [
            ((*path, issue), weight)
        ]:
            _parse_plain(number, place)


def _parse_plain(raw: object, path: tuple[str | int, ...]) -> float:
    try:
        return parse_plain(raw)
    except ValueError as error:
        raise ConditionError(path, str(error)) from None


def _parse_limits(raw: Mapping[Any, Any], path: tuple[str | int, ...]) -> None:
    """Check that a count or a sum has a limit, which it can both meet and miss if it is a count."""
    limits = {key: _parse_plain(raw[key], (*path, key)) for key in LIMITS if key in raw}
    limited = [key for key in (COUNT, SUM) if key in raw]
    if len(limited) > 1:
        message = "count and sum cannot share a limit; write {all: [{count: ...}, {sum: ...}]}."
        raise ConditionError((*path, SUM), message)
    if limited and not limits:
        raise ConditionError((*path, limited[0]), f"{limited[0]}: needs 'at_least' or 'at_most' beside it.")
    if limits and not limited:
        key = next(iter(limits))
        raise ConditionError((*path, key), f"'{key}' limits a count or a sum; write it beside 'count' or 'sum'.")
    if limits.get(AT_LEAST, -math.inf) > limits.get(AT_MOST, math.inf):
        message = f"at_most {limits[AT_MOST]:g} is below at_least {limits[AT_LEAST]:g}, so this never holds."
        raise ConditionError((*path, AT_MOST), message)
    for key, number in limits.items() if COUNT in raw else ():
        conditions = len(raw[COUNT])
        low, high = (1, conditions) if key == AT_LEAST else (0, conditions - 1)
        if number != int(number) or not low <= number <= high:
            message = f"{key} must be a whole number from {low} to {high}, as count lists {conditions} conditions."
            raise ConditionError((*path, key), message)


def _parse_entry(key: object, value: object, path: tuple[str | int, ...]) -> None:
    values = [((*path, index), item) for index, item in enumerate(value)] if isinstance(value, list | tuple) else None
    if values == []:
        raise ConditionError(path, f"the list for '{key}' is empty; name at least one option.")
    for place, item in values or [(path, value)]:
        try:
            parse_option(item)
        except ValueError as error:
            hint = " Only any:, all:, not: and count: can contain conditions." if isinstance(item, Mapping) else ""
            raise ConditionError(place, f"{error}{hint}") from None
        if key in ACTOR_KEYS and not isinstance(item, str):
            raise ConditionError(place, f"{quoted(item)} is not an actor.")


_CONDITIONS = {"type": "array", "items": {"type": "object"}, "minItems": 1}
When = Annotated[
    Condition,
    Parsed(
        parse_condition,
        {
            "type": "object",
            "description": "issue: option, [options] or a comparison such as '>=30000'; "
            "any:, all:, not:, count:, sum:, declared_red_line:, accepted_by:",
            "properties": {
                **dict.fromkeys(LISTS, _CONDITIONS),
                NOT: {"type": "object"},
                SUM: {
                    "type": "object",
                    "additionalProperties": {
                        "anyOf": [
                            {"type": "number"},
                            {"type": "object", "additionalProperties": {"type": "number"}, "minProperties": 1},
                        ]
                    },
                    "minProperties": 1,
                },
                **{key: {"type": "number"} for key in LIMITS},
                **{
                    key: {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
                    for key in ACTOR_KEYS
                },
            },
            "additionalProperties": {
                "anyOf": [
                    {"type": ["string", "number"]},
                    {"type": "array", "items": {"type": ["string", "number"]}, "minItems": 1},
                ]
            },
        },
    ),
]


def condition_entries(condition: Condition) -> Iterator[tuple[tuple[str | int, ...], str, object]]:
    """Yield every entry that names an issue or actors as (path in the condition, key, value), in file order.

    The value of an issue in a sum is a mapping or a number: its weight.
    """
    for key, value in condition.items():
        if key in LISTS:
            for index, part in enumerate(value):
                for path, name, entry in condition_entries(part):
                    yield (key, index, *path), name, entry
        elif key == NOT:
            for path, name, entry in condition_entries(value):
                yield (NOT, *path), name, entry
        elif key == SUM:
            for name, weight in value.items():
                yield (SUM, name), name, weight
        elif key not in LIMITS:
            yield (key,), key, value


def is_weight(path: tuple[str | int, ...]) -> bool:
    """Whether a path of `condition_entries` leads to the weight of an issue in a sum."""
    return path[-2:-1] == (SUM,)


def declared_line_owners(condition: Condition) -> frozenset[str]:
    """Return the actors whose declared red lines a condition refers to."""
    return actors_asked_about(condition, (DECLARED,))


def actors_asked_about(condition: Condition, keys: Sequence[str] = ACTOR_KEYS) -> frozenset[str]:
    """Return the actors whose answers decide whether a condition holds, by their red lines or their acceptance."""
    entries = condition_entries(condition)
    return frozenset(name for _, key, value in entries if key in keys for name in actor_names(value))


def actor_names(value: object) -> Sequence[str]:
    """Return the actors that an entry of `ACTOR_KEYS` names: one, or a list."""
    if isinstance(value, str):
        return [value]
    return list(map(str, value)) if isinstance(value, Sequence) else []


def _entry_in_words(key: str, relation: str, options: Sequence[str]) -> str:
    listed = " or ".join(options)
    if key == ACCEPTED:
        return f"{listed} accepts it"
    return f"it crosses a declared red line of {listed}" if key == DECLARED else f"{key} {relation} {listed}"


JOINTS: Mapping[str, str] = {
    "or": " or ",
    "and": " and ",
    "not_all": "not ({condition})",
    "always": "always",
    "count": "{limits} of ({parts})",
    "sum": "{terms} is {limits}",
    "at_least": "at least {number}",
    "at_most": "at most {number}",
    "times": "{weight} times {issue}",
}
"""The words between and around the entries of a condition, in English."""


def condition_in_words(
    condition: Condition,
    entry: Callable[[str, str, Sequence[str]], str] = _entry_in_words,
    issue: Callable[[str], str] = str,
    joints: Mapping[str, str] = JOINTS,
) -> str:
    """Return a condition as a short phrase: ``force is european or nato, force_size >= 30000``.

    Parameters
    ----------
    entry : puts one entry in words, from an issue (or one of `ACTOR_KEYS`), a relation (``is``, ``>=``, …) and options
        (or actors)
    issue : puts the name of an issue in a sum in words
    joints : the words of another language, as `JOINTS`
    """
    parts = []
    for key, value in condition.items():
        if key in LISTS:
            listed = [condition_in_words(part, entry, issue, joints) for part in value]
            joined = {ANY: joints["or"], ALL: joints["and"], COUNT: "; "}[key].join(listed)
            counted = joints["count"].format(limits=_limits(condition, joints), parts=joined)
            parts.append(counted if key == COUNT else f"({joined})")
        elif key == NOT:
            parts.append(joints["not_all"].format(condition=condition_in_words(value, entry, issue, joints)))
        elif key == SUM:
            terms = " + ".join(_term(issue(name), weight, joints) for name, weight in value.items())
            parts.append(joints["sum"].format(terms=terms, limits=_limits(condition, joints)))
        elif key in LIMITS:
            continue
        elif isinstance(value, str) and key not in ACTOR_KEYS and (comparison := COMPARISON.match(value)):
            parts.append(entry(key, comparison[1], [comparison[2]]))
        else:
            options = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
            parts.append(entry(key, "is", list(map(str, options))))
    return ", ".join(parts) or joints["always"]


def _limits(condition: Condition, joints: Mapping[str, str]) -> str:
    return joints["and"].join(joints[key].format(number=condition[key]) for key in LIMITS if key in condition)


def _term(issue: str, weight: object, joints: Mapping[str, str]) -> str:
    """
    >>> _term("rail", 2, JOINTS), _term("road", 1, JOINTS), _term("road", {"yes": 30, "no": 0}, JOINTS)
    ('2 times rail', 'road', 'road (yes 30, no 0)')
    """
    if isinstance(weight, Mapping):
        return f"{issue} ({', '.join(f'{option} {points}' for option, points in weight.items())})"
    return issue if weight == 1 else joints["times"].format(weight=weight, issue=issue)
