"""Conditions: the one language in which every rule of a case says when it holds (model, section 3).

A condition is a mapping, all of whose entries must hold:

- ``{force: european}``, ``{force: [european, nato]}``: the package has that option, or one of them
- ``{force_size: ">=30000"}``, ``{arms: ">=sustained"}``: a comparison, by number or by the order of the options
- ``{any: [condition, ...]}``: at least one holds; ``{not: condition}``: it does not hold
- ``{declared_red_line: russia}``: the package crosses a declared red line of that actor, which stands by it
- ``{accepted_by: ukraine}``: that actor, who answered before, accepts the package
- ``{}``: always
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, Protocol, TypeAlias

import numpy as np

from sim.case.field_parsers import Parsed
from sim.errors import quoted

if TYPE_CHECKING:
    from numpy.typing import NDArray

Option: TypeAlias = str | int | float
Condition: TypeAlias = Mapping[str, Any]
"""A condition as it stands in the file, its shape checked by `parse_condition`."""

_Texts: TypeAlias = "NDArray[np.integer[Any]]"


@dataclass(frozen=True)
class KnownAnswers:
    """What others have said of some texts, as far as conditions ask for it.

    Parameters
    ----------
    crossed : actor to (text,) bool, whether the text crosses a declared red line by which that actor stands; an actor
        that is not named has none
    accepting : the actors who accept the texts
    """

    crossed: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict)
    accepting: frozenset[str] = frozenset()


NOTHING_KNOWN = KnownAnswers()
Test: TypeAlias = "Callable[[_Texts, KnownAnswers], NDArray[np.bool_]]"
"""A compiled condition: texts, and what others have said of them, to (text,) bool."""

ANY, NOT, DECLARED, ACCEPTED = "any", "not", "declared_red_line", "accepted_by"
ACTOR_KEYS = (DECLARED, ACCEPTED)
"""Entries that name actors, not options."""
RESERVED = (ANY, NOT, *ACTOR_KEYS)
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


class ConditionError(ValueError):
    """A condition has not the shape of one; `path` leads to the mistake within it."""

    def __init__(self, path: tuple[str | int, ...], message: str) -> None:
        super().__init__(message)
        self.path = path


def parse_option(raw: object) -> Option:
    """Check that something can be an option: a word or a finite number.

    Raises
    ------
    ValueError
        with a message for the user
    """
    if isinstance(raw, bool):
        raise ValueError(f"{quoted(raw)} is no option; put the word in quotes, or write yes or no.")
    if isinstance(raw, str | int | float) and raw != "" and not (isinstance(raw, float) and not math.isfinite(raw)):
        return raw
    raise ValueError(f"{quoted(raw)} is no option; an option is a word or a number.")


def parse_condition(raw: object, path: tuple[str | int, ...] = ()) -> Condition:
    """Check the shape of a condition (its names are checked in `sim.case.validation`).

    Raises
    ------
    ConditionError
        with a message for the user
    """
    if not isinstance(raw, Mapping):
        raise ConditionError(
            path, f"{quoted(raw)} is no condition; write {{issue: option}}, {{any: [...]}} or {{not: {{...}}}}."
        )
    for key, value in raw.items():
        if key == ANY:
            if not isinstance(value, list | tuple) or not value:
                raise ConditionError((*path, key), "any: needs a list of conditions.")
            for at, one in enumerate(value):
                parse_condition(one, (*path, key, at))
        elif key == NOT:
            parse_condition(value, (*path, key))
        else:
            _parse_leaf(key, value, (*path, key))
    return dict(raw)


def _parse_leaf(key: object, value: object, path: tuple[str | int, ...]) -> None:
    several = isinstance(value, list | tuple)
    leaves = list(enumerate(value)) if isinstance(value, list | tuple) else [(0, value)]
    if not leaves:
        raise ConditionError(path, f"the list for '{key}' is empty; name one option or more.")
    for at, one in leaves:
        try:
            parse_option(one)
        except ValueError as error:
            hint = " Conditions stand within any: and not: alone." if isinstance(one, Mapping) else ""
            raise ConditionError((*path, at) if several else path, f"{error}{hint}") from None
        if key in ACTOR_KEYS and not isinstance(one, str):
            raise ConditionError((*path, at) if several else path, f"{quoted(one)} is no actor.")


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


def admitted_options(issue: IssueLike, value: object) -> NDArray[np.bool_]:
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
    admitted = np.zeros(len(issue.options), dtype=bool)
    if isinstance(value, Sequence) and not isinstance(value, str):
        for one in value:
            admitted |= admitted_options(issue, one)
        return admitted
    comparison = _COMPARISON.match(value) if isinstance(value, str) else None
    if comparison is None:
        admitted[option_index(issue, value)] = True
        return admitted
    compare, right = _OPERATORS[comparison[1]], comparison[2]
    if issue.numeric:
        try:
            bound = float(right.replace(",", "").replace("_", ""))
        except ValueError:
            raise ValueError(right) from None
        if not math.isfinite(bound):
            raise ValueError(right)
        return np.array([compare(option, bound) for option in issue.options])
    rank = option_index(issue, next((one for one in issue.options if str(one) == right), right))  # words beside numbers
    return np.array([compare(at, rank) for at in range(len(issue.options))])


def option_index(issue: IssueLike, option: object) -> int:
    """Index of an option in its issue; ValueError with the option if it is none.

    The truth value ``true`` is not the number 1.
    """
    for at, known in enumerate(issue.options):
        if not isinstance(option, bool) and option == known:
            return at
    raise ValueError(option)


def compile_condition(condition: Condition, issues: Mapping[str, IssueLike]) -> Test:
    """Compile a condition, its names checked, into a test of texts.

    Parameters
    ----------
    condition : the condition
    issues : the case's issues by name, in order

    Returns
    -------
    a function of ``texts``, (text, issue) int, the index of the option that each text has on each issue, and of
    what others have said of them; it returns (text,) bool, whether the condition holds
    """
    parts: list[Test] = []
    for key, value in condition.items():
        if key == ANY:
            parts.append(_any([compile_condition(one, issues) for one in value]))
        elif key == NOT:
            parts.append(_not(compile_condition(value, issues)))
        elif key == DECLARED:
            parts.append(_declared(_names(value)))
        elif key == ACCEPTED:
            parts.append(_accepted(frozenset(_names(value))))
        else:
            parts.append(_option(list(issues).index(key), admitted_options(issues[key], value)))
    return parts[0] if len(parts) == 1 else _all(parts)


def condition_holds(
    condition: Condition,
    issues: Mapping[str, IssueLike],
    texts: NDArray[np.integer[Any]],
    crossed: Mapping[str, NDArray[np.bool_]] | None = None,
) -> NDArray[np.bool_]:
    """Whether a condition holds for each text: `compile_condition`, for a condition that is asked once."""
    return compile_condition(condition, issues)(texts, KnownAnswers(crossed or {}))


def _option(at: int, admitted: NDArray[np.bool_]) -> Test:
    return lambda texts, _: admitted.take(texts[:, at])  # half the time of an index in brackets


def _declared(names: Sequence[str]) -> Test:
    def test(texts: _Texts, heard: KnownAnswers) -> NDArray[np.bool_]:
        lines = [heard.crossed[name] for name in names if name in heard.crossed]
        held: NDArray[np.bool_] = np.logical_or.reduce([np.zeros(len(texts), dtype=bool), *lines])
        return held

    return test


def _accepted(names: frozenset[str]) -> Test:
    return lambda texts, heard: np.full(len(texts), not names.isdisjoint(heard.accepting))


def _not(part: Test) -> Test:
    return lambda texts, heard: ~part(texts, heard)


def _any(parts: Sequence[Test]) -> Test:
    def test(texts: _Texts, heard: KnownAnswers) -> NDArray[np.bool_]:
        held: NDArray[np.bool_] = np.logical_or.reduce([part(texts, heard) for part in parts])
        return held

    return test


def _all(parts: Sequence[Test]) -> Test:
    def test(texts: _Texts, heard: KnownAnswers) -> NDArray[np.bool_]:
        always = np.ones(len(texts), dtype=bool)
        held: NDArray[np.bool_] = np.logical_and.reduce([always, *(part(texts, heard) for part in parts)])
        return held

    return test


def _names(value: object) -> Sequence[str]:
    return [value] if isinstance(value, str) else [str(one) for one in value] if isinstance(value, Sequence) else []


def condition_entries(condition: Condition) -> Iterator[tuple[tuple[str | int, ...], str, object]]:
    """Every leaf of a condition as (path in the condition, key, value), in the order of the file."""
    for key, value in condition.items():
        if key == ANY:
            for at, one in enumerate(value):
                for path, name, leaf in condition_entries(one):
                    yield (ANY, at, *path), name, leaf
        elif key == NOT:
            for path, name, leaf in condition_entries(value):
                yield (NOT, *path), name, leaf
        else:
            yield (key,), key, value


def declared_line_owners(condition: Condition) -> frozenset[str]:
    """The actors whose declared red lines a condition asks for."""
    return _named(condition, DECLARED)


def actors_asked_about(condition: Condition) -> frozenset[str]:
    """The actors whose answer decides whether a condition holds: it asks for their red lines or their acceptance."""
    return _named(condition, DECLARED) | _named(condition, ACCEPTED)


def _named(condition: Condition, asked: str) -> frozenset[str]:
    return frozenset(name for _, key, value in condition_entries(condition) if key == asked for name in _names(value))


def _entry(key: str, relation: str, options: Sequence[str]) -> str:
    named = " or ".join(options)
    if key == ACCEPTED:
        return f"{named} accepts it"
    return f"it crosses a declared red line of {named}" if key == DECLARED else f"{key} {relation} {named}"


def condition_in_words(condition: Condition, entry: Callable[[str, str, Sequence[str]], str] = _entry) -> str:
    """A condition as a short phrase: ``force is european or nato, force_size >= 30000``.

    Parameters
    ----------
    entry : says one entry, of an issue (or one of `ACTOR_KEYS`), a relation (``is``, ``>=``, …) and options (or actors)
    """
    parts = []
    for key, value in condition.items():
        if key == ANY:
            parts.append("(" + " or ".join(condition_in_words(one, entry) for one in value) + ")")
        elif key == NOT:
            parts.append(f"not ({condition_in_words(value, entry)})")
        elif isinstance(value, str) and key not in ACTOR_KEYS and (comparison := _COMPARISON.match(value)):
            parts.append(entry(key, comparison[1], [comparison[2]]))
        else:
            options = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
            parts.append(entry(key, "is", list(map(str, options))))
    return ", ".join(parts) or "always"
