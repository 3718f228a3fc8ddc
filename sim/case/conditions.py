"""Conditions: the one language in which every rule of a case says when it holds (model, section 3).

A condition is a mapping, all of whose entries must hold:

- ``{force: european}``, ``{force: [european, nato]}``: the package has that option, or one of them
- ``{force_size: ">=30000"}``, ``{arms: ">=sustained"}``: a comparison, by number or by the order of the options
- ``{any: [condition, ...]}``: at least one holds; ``{not: condition}``: it does not hold
- ``{declared_red_line: russia}``: the package crosses a declared red line of that actor, which stands by it
- ``{}``: always
"""

from __future__ import annotations

import operator
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Protocol, TypeAlias

import numpy as np
from pydantic import PlainValidator, WithJsonSchema

if TYPE_CHECKING:
    from numpy.typing import NDArray

Option: TypeAlias = str | int | float
Condition: TypeAlias = Mapping[str, Any]
"""A condition as it stands in the file, its shape checked by `parse_condition`."""

ANY, NOT, DECLARED = "any", "not", "declared_red_line"
RESERVED = (ANY, NOT, DECLARED)
_COMPARISON = re.compile(r"^\s*(>=|<=|==|!=|>|<)\s*(.+?)\s*$")
_OPERATORS = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
}


class IssueLike(Protocol):
    """What a condition needs to know of an issue."""

    @property
    def options(self) -> Sequence[Option]: ...
    @property
    def numeric(self) -> bool: ...


def parse_condition(raw: object) -> Condition:
    """Check the shape of a condition (not its names: see `condition_problems`).

    Raises
    ------
    ValueError
        with a message for the user
    """
    if not isinstance(raw, Mapping):
        raise ValueError(f"'{raw}' is no condition; write {{issue: option}}, {{any: [...]}} or {{not: {{...}}}}.")
    for key, value in raw.items():
        if key == ANY:
            if not isinstance(value, Sequence) or isinstance(value, str) or not value:
                raise ValueError("any: needs a list of conditions.")
            for one in value:
                parse_condition(one)
        elif key == NOT:
            parse_condition(value)
        elif isinstance(value, Mapping) or value is None or isinstance(value, bool):
            found = "nothing" if value is None else f"'{str(value).lower() if isinstance(value, bool) else value}'"
            raise ValueError(f"{found} is no option, list of options or comparison for '{key}'.")
    return dict(raw)


When = Annotated[
    Condition,
    PlainValidator(parse_condition),
    WithJsonSchema(
        {
            "type": "object",
            "description": "issue: option, [options] or a comparison such as '>=30000'; any:, not:, declared_red_line:",
            "properties": {
                ANY: {"type": "array", "items": {"type": "object"}, "minItems": 1},
                NOT: {"type": "object"},
                DECLARED: {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
            },
            "additionalProperties": {
                "anyOf": [
                    {"type": ["string", "number"]},
                    {"type": "array", "items": {"type": ["string", "number"]}, "minItems": 1},
                ]
            },
        }
    ),
]


def chosen(issue: IssueLike, value: object) -> NDArray[np.bool_]:
    """Which options of an issue an entry of a condition admits.

    Parameters
    ----------
    issue : the issue
    value : an option, a list of options, or a comparison

    Returns
    -------
    (option,) bool

    Raises
    ------
    ValueError
        if `value` names no option of the issue; carries the offending word as `args[0]`
    """
    if isinstance(value, Sequence) and not isinstance(value, str):
        admitted = np.zeros(len(issue.options), dtype=bool)
        for one in value:
            admitted |= chosen(issue, one)
        return admitted
    comparison = _COMPARISON.match(value) if isinstance(value, str) else None
    if comparison is None:
        return np.arange(len(issue.options)) == position(issue, value)
    compare, right = _OPERATORS[comparison[1]], comparison[2]
    if issue.numeric:
        try:
            bound = float(right.replace(",", "").replace("_", ""))
        except ValueError:
            raise ValueError(right) from None
        return np.array([compare(option, bound) for option in issue.options])
    rank = position(issue, right)
    return np.array([compare(at, rank) for at in range(len(issue.options))])


def position(issue: IssueLike, option: object) -> int:
    """Index of an option in its issue; ValueError with the option if it is none.

    The truth value ``true`` is not the number 1.
    """
    for at, known in enumerate(issue.options):
        if not isinstance(option, bool) and option == known:
            return at
    raise ValueError(option)


def holds(
    condition: Condition,
    issues: Mapping[str, IssueLike],
    texts: NDArray[np.integer[Any]],
    crossed: Mapping[str, NDArray[np.bool_]] | None = None,
) -> NDArray[np.bool_]:
    """Whether a condition holds for each text.

    Parameters
    ----------
    condition : the condition, its names checked
    issues : the case's issues by name, in order
    texts : (text, issue) int, the index of the option that each text has on each issue
    crossed : actor to (text,) bool, whether the text crosses a declared red line by which that actor stands;
        an actor that is not named has none

    Returns
    -------
    (text,) bool
    """
    result = np.ones(len(texts), dtype=bool)
    for key, value in condition.items():
        if key == ANY:
            result &= np.any([holds(one, issues, texts, crossed) for one in value], axis=0)
        elif key == NOT:
            result &= ~holds(value, issues, texts, crossed)
        elif key == DECLARED:
            lines = [crossed[owner] for owner in _names(value) if crossed is not None and owner in crossed]
            result &= np.any(lines, axis=0) if lines else False
        else:
            at = list(issues).index(key)
            result &= chosen(issues[key], value)[texts[:, at]]
    return result


def _names(value: object) -> Sequence[str]:
    return [value] if isinstance(value, str) else list(value)  # type: ignore[call-overload,no-any-return]  # a str or a list of them, by parse_condition


def mentions(condition: Condition) -> Iterator[tuple[tuple[str | int, ...], str, object]]:
    """Every leaf of a condition as (path in the condition, key, value), in the order of the file."""
    for key, value in condition.items():
        if key == ANY:
            for at, one in enumerate(value):
                for path, name, leaf in mentions(one):
                    yield (ANY, at, *path), name, leaf
        elif key == NOT:
            for path, name, leaf in mentions(value):
                yield (NOT, *path), name, leaf
        else:
            yield (key,), key, value


def owners(condition: Condition) -> frozenset[str]:
    """The actors whose declared red lines a condition asks for."""
    return frozenset(name for _, key, value in mentions(condition) if key == DECLARED for name in _names(value))


def in_words(condition: Condition) -> str:
    """A condition as a short phrase: ``force is european or nato, force_size >= 30000``."""
    parts = []
    for key, value in condition.items():
        if key == ANY:
            parts.append("(" + " or ".join(in_words(one) for one in value) + ")")
        elif key == NOT:
            parts.append(f"not ({in_words(value)})")
        elif key == DECLARED:
            parts.append(f"it crosses a declared red line of {' or '.join(_names(value))}")
        elif isinstance(value, str) and (comparison := _COMPARISON.match(value)):
            parts.append(f"{key} {comparison[1]} {comparison[2]}")
        else:
            options = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
            parts.append(f"{key} is {' or '.join(map(str, options))}")
    return ", ".join(parts) or "always"
