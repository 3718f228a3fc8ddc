"""Conditions: the one language in which every rule of a case says when it holds (model, section 3).

A condition is a mapping, all of whose entries must hold:

- ``{force: european}``, ``{force: [european, nato]}``: the package has that option, or one of them
- ``{force_size: ">=30000"}``, ``{arms: ">=sustained"}``: a comparison, by number or by the order of the options
- ``{any: [condition, ...]}``: at least one holds; ``{not: condition}``: it does not hold
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

from sim.case.base_models import Parsed
from sim.errors import quoted

Option: TypeAlias = str | int | float
Condition: TypeAlias = Mapping[str, Any]
"""A condition as written in the file, its shape checked by `parse_condition`."""

ANY, NOT, DECLARED, ACCEPTED = "any", "not", "declared_red_line", "accepted_by"
ACTOR_KEYS = (DECLARED, ACCEPTED)
"""Entries that name actors, not options."""
RESERVED = (ANY, NOT, *ACTOR_KEYS)
COMPARISON = re.compile(r"^\s*(>=|<=|==|!=|>|<)\s*(.+?)\s*$")
"""Matches a comparison: its operator, and the option or number on its right."""


class ConditionError(ValueError):
    """A condition has the wrong shape; `path` leads to the mistake inside it."""

    def __init__(self, path: tuple[str | int, ...], message: str) -> None:
        super().__init__(message)
        self.path = path


def parse_option(raw: object) -> Option:
    """Check that a value can be an option: a word or a finite number. Raises ValueError with a message for the user."""
    if isinstance(raw, bool):
        raise ValueError(f"{quoted(raw)} cannot be an option; put the word in quotes, or write yes or no.")
    if isinstance(raw, str | int | float) and raw != "" and not (isinstance(raw, float) and not math.isfinite(raw)):
        return raw
    raise ValueError(f"expected an option (a word or a number), not {quoted(raw)}.")


def parse_condition(raw: object, path: tuple[str | int, ...] = ()) -> Condition:
    """Check the shape of a condition (`sim.case.validation` checks its names).

    Raises ConditionError with a message for the user.
    """
    if not isinstance(raw, Mapping):
        raise ConditionError(
            path, f"{quoted(raw)} is not a condition; write {{issue: option}}, {{any: [...]}} or {{not: {{...}}}}."
        )
    for key, value in raw.items():
        if key == ANY:
            if not isinstance(value, list | tuple) or not value:
                raise ConditionError((*path, key), "any: needs a list of conditions.")
            for index, part in enumerate(value):
                parse_condition(part, (*path, key, index))
        elif key == NOT:
            parse_condition(value, (*path, key))
        else:
            _parse_entry(key, value, (*path, key))
    return dict(raw)


def _parse_entry(key: object, value: object, path: tuple[str | int, ...]) -> None:
    values = [((*path, index), item) for index, item in enumerate(value)] if isinstance(value, list | tuple) else None
    if values == []:
        raise ConditionError(path, f"the list for '{key}' is empty; name at least one option.")
    for place, item in values or [(path, value)]:
        try:
            parse_option(item)
        except ValueError as error:
            hint = " Only any: and not: can contain conditions." if isinstance(item, Mapping) else ""
            raise ConditionError(place, f"{error}{hint}") from None
        if key in ACTOR_KEYS and not isinstance(item, str):
            raise ConditionError(place, f"{quoted(item)} is not an actor.")


When = Annotated[
    Condition,
    Parsed(
        parse_condition,
        {
            "type": "object",
            "description": "issue: option, [options] or a comparison such as '>=30000'; "
            "any:, not:, declared_red_line:, accepted_by:",
            "properties": {
                ANY: {"type": "array", "items": {"type": "object"}, "minItems": 1},
                NOT: {"type": "object"},
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
    """Yield every entry that names an issue or actors as (path in the condition, key, value), in file order."""
    for key, value in condition.items():
        if key == ANY:
            for index, part in enumerate(value):
                for path, name, entry in condition_entries(part):
                    yield (ANY, index, *path), name, entry
        elif key == NOT:
            for path, name, entry in condition_entries(value):
                yield (NOT, *path), name, entry
        else:
            yield (key,), key, value


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


JOINTS: Mapping[str, str] = {"or": " or ", "not_all": "not ({condition})", "always": "always"}
"""The words between and around the entries of a condition."""


def condition_in_words(
    condition: Condition,
    entry: Callable[[str, str, Sequence[str]], str] = _entry_in_words,
    joints: Mapping[str, str] = JOINTS,
) -> str:
    """Return a condition as a short phrase: ``force is european or nato, force_size >= 30000``.

    Parameters
    ----------
    entry : puts one entry in words, from an issue (or one of `ACTOR_KEYS`), a relation (``is``, ``>=``, …) and options
        (or actors)
    joints : the words of another language, as `JOINTS`
    """
    parts = []
    for key, value in condition.items():
        if key == ANY:
            parts.append("(" + joints["or"].join(condition_in_words(part, entry, joints) for part in value) + ")")
        elif key == NOT:
            parts.append(joints["not_all"].format(condition=condition_in_words(value, entry, joints)))
        elif isinstance(value, str) and key not in ACTOR_KEYS and (comparison := COMPARISON.match(value)):
            parts.append(entry(key, comparison[1], [comparison[2]]))
        else:
            options = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
            parts.append(entry(key, "is", list(map(str, options))))
    return ", ".join(parts) or joints["always"]
