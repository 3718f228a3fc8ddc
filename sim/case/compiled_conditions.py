"""Compiles conditions into tests of many texts at once (see `sim.case.conditions` for the language)."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from sim.case.conditions import (
    ACCEPTED,
    ALL,
    ANY,
    AT_LEAST,
    AT_MOST,
    COMPARISON,
    COUNT,
    DECLARED,
    LIMITS,
    LISTS,
    NOT,
    SUM,
    Condition,
    actor_names,
)
from sim.case.number_syntax import as_written
from sim.case.rule_models import Actor, Issue

if TYPE_CHECKING:
    from numpy.typing import NDArray

_Texts: TypeAlias = "NDArray[np.integer[Any]]"
_OPERATORS = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
}
_THOUSANDS = re.compile(r"[-+]?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]*)?")
"""Matches a number whose commas separate thousands; a decimal comma never matches."""
_WHOLE_MOST = 2**62
"""Sums of whole numbers up to here fit into 64 bits; larger ones are summed as Python's own numbers."""


@dataclass(frozen=True)
class KnownAnswers:
    """What is known about other actors' answers to some texts, as far as conditions ask for it.

    Parameters
    ----------
    crossed : actor to (text,) bool, whether the text crosses a red line that the actor declared and has not given up;
        an actor that is not named has none
    accepting : the actors who accept the texts
    """

    crossed: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict)
    accepting: frozenset[str] = frozenset()


NOTHING_KNOWN = KnownAnswers()
Test: TypeAlias = "Callable[[_Texts, KnownAnswers], NDArray[np.bool_]]"
"""A compiled condition: takes texts and what is known about other actors' answers, returns (text,) bool."""


def admitted_options(issue: Issue, value: object) -> NDArray[np.bool_]:
    """Return which options of an issue an entry of a condition admits.

    Returns (option,) bool. Raises ValueError if `value` names no option of the issue; carries the wrong word as
    `args[0]`.
    """
    admitted = np.zeros(len(issue.options), dtype=bool)
    if isinstance(value, Sequence) and not isinstance(value, str):
        for item in value:
            admitted |= admitted_options(issue, item)
        return admitted
    comparison = COMPARISON.match(value) if isinstance(value, str) else None
    if comparison is None:
        admitted[option_index(issue, value)] = True
        return admitted
    compare, right = _OPERATORS[comparison[1]], comparison[2]
    if issue.numeric:
        bound = _bound(right)
        return np.array([compare(option, bound) for option in issue.options])
    # among words, a number is written as text
    rank = option_index(issue, next((option for option in issue.options if str(option) == right), right))
    return np.array([compare(index, rank) for index in range(len(issue.options))])


def _bound(text: str) -> float:
    """Read the number of a comparison; ValueError with the text if it is not a finite number."""
    digits = text.replace(",", "") if _THOUSANDS.fullmatch(text) else text
    try:
        bound = float(digits.replace("_", ""))
    except ValueError:
        raise ValueError(text) from None
    if not math.isfinite(bound):
        raise ValueError(text)
    return bound


def option_index(issue: Issue, option: object) -> int:
    """Return the index of an option in its issue; ValueError with the option if the issue does not have it.

    The truth value ``true`` is not the number 1.
    """
    for index, known in enumerate(issue.options):
        if not isinstance(option, bool) and option == known:
            return index
    raise ValueError(option)


def named_option(issue: Issue, name: str) -> int:
    """Return the index of the option that a key of a mapping names; ValueError with the key if there is none.

    Keys are text, so ``30`` and ``30.0`` both name the number 30.
    """
    for index, option in enumerate(issue.options):
        if str(option) == name:
            return index
    try:
        return option_index(issue, float(name))
    except ValueError:
        raise ValueError(name) from None


def option_points(issue: Issue, weight: object) -> list[Fraction]:
    """Return what each option of an issue counts in a sum.

    `weight` is a number, which multiplies the numbers of a numeric issue, or maps the names of options to points; an
    option that is not named counts 0. Raises ValueError with the name if it is not an option.
    """
    if isinstance(weight, Mapping):
        points = [Fraction()] * len(issue.options)
        for name, number in weight.items():
            points[named_option(issue, str(name))] = as_written(number)
        return points
    if not isinstance(weight, int | float):
        raise TypeError(weight)
    return [as_written(weight) * as_written(option) for option in issue.options if not isinstance(option, str)]


def compile_condition(
    condition: Condition, issues: Mapping[str, Issue], actors: Mapping[str, Actor] | None = None
) -> Test:
    """Compile a condition, whose names have been checked, into a test of texts.

    Without `actors`, whose declared red lines a text crosses must be known when it is tested.
    """
    parts: list[Test] = []
    for key, value in condition.items():
        if key in LISTS:
            nested = [compile_condition(part, issues, actors) for part in value]
            joins = {ANY: np.logical_or, ALL: np.logical_and}
            parts.append(_counted(nested, condition) if key == COUNT else _joined(nested, joins[key]))
        elif key == NOT:
            parts.append(_not(compile_condition(value, issues, actors)))
        elif key == SUM:
            parts.append(_summed(value, condition, issues))
        elif key == DECLARED and actors is not None:
            owners = [actors[name] for name in actor_names(value) if name in actors]
            lines = [line.when for owner in owners for line in owner.red_lines if line.declared]
            parts.append(_joined([_never, *(compile_condition(line, issues) for line in lines)], np.logical_or))
        elif key == DECLARED:
            parts.append(_declared(actor_names(value)))
        elif key == ACCEPTED:
            parts.append(_accepted(frozenset(actor_names(value))))
        elif key not in LIMITS:
            parts.append(_option(list(issues).index(key), admitted_options(issues[key], value)))
    if not parts:
        return lambda texts, _: np.ones(len(texts), dtype=bool)
    return parts[0] if len(parts) == 1 else _joined(parts, np.logical_and)


def condition_holds(
    condition: Condition,
    issues: Mapping[str, Issue],
    texts: NDArray[np.integer[Any]],
    actors: Mapping[str, Actor] | None = None,
) -> NDArray[np.bool_]:
    """Return (text,) bool, whether a condition holds if nobody has answered: compiles it and tests the texts once."""
    return compile_condition(condition, issues, actors)(texts, NOTHING_KNOWN)


def all_choices(issues: Mapping[str, Issue], chosen: Sequence[int]) -> NDArray[np.uint8]:
    """Return (text, issue) uint8, every choice on some issues, the last changing fastest; the others have option 0."""
    sizes = [len(list(issues.values())[index].options) for index in chosen]
    texts = np.zeros((math.prod(sizes), len(issues)), dtype=np.uint8)
    texts[:, chosen] = np.indices(sizes).reshape(len(sizes), len(texts)).T
    return texts


def _never(texts: _Texts, known: KnownAnswers) -> NDArray[np.bool_]:
    return np.zeros(len(texts), dtype=bool)


def _option(issue: int, admitted: NDArray[np.bool_]) -> Test:
    return lambda texts, _: admitted.take(texts[:, issue])  # twice as fast as an index in brackets


def _declared(names: Sequence[str]) -> Test:
    return lambda texts, known: np.logical_or.reduce(
        [_never(texts, known), *(known.crossed[name] for name in names if name in known.crossed)]
    )


def _accepted(names: frozenset[str]) -> Test:
    return lambda texts, known: np.full(len(texts), not names.isdisjoint(known.accepting))


def _within(condition: Condition) -> tuple[Fraction | None, Fraction | None]:
    """Return the lower and the upper limit of a count or a sum, None where it has none."""
    low, high = condition.get(AT_LEAST), condition.get(AT_MOST)
    return None if low is None else as_written(low), None if high is None else as_written(high)


def _counted(parts: Sequence[Test], condition: Condition) -> Test:
    low, high = _within(condition)
    least, most = int(low or 0), len(parts) if high is None else int(high)

    def test(texts: _Texts, known: KnownAnswers) -> NDArray[np.bool_]:
        held = np.sum([part(texts, known) for part in parts], axis=0, dtype=np.intp)
        return np.asarray((held >= least) & (held <= most))

    return test


def _summed(weights: Mapping[str, object], condition: Condition, issues: Mapping[str, Issue]) -> Test:
    """Sum in whole numbers of the smallest decimal that occurs, so that a tie on paper is a tie here."""
    low, high = _within(condition)
    points = [option_points(issues[name], weight) for name, weight in weights.items()]
    numbers = [*(one for listed in points for one in listed), *(one for one in (low, high) if one is not None)]
    unit = math.lcm(*(one.denominator for one in numbers))
    fits = sum(max(abs(one) for one in listed) for listed in [*points, numbers]) * unit < _WHOLE_MOST
    tables = [np.array([int(one * unit) for one in listed], dtype=np.int64 if fits else object) for listed in points]
    columns = [list(issues).index(name) for name in weights]
    least, most = (None if one is None else int(one * unit) for one in (low, high))

    def test(texts: _Texts, _: KnownAnswers) -> NDArray[np.bool_]:
        total = sum(table.take(texts[:, column]) for table, column in zip(tables, columns, strict=True))
        within = np.ones(len(texts), dtype=bool)
        if least is not None:
            within &= np.asarray(total >= least, dtype=bool)
        if most is not None:
            within &= np.asarray(total <= most, dtype=bool)
        return within

    return test


def _not(part: Test) -> Test:
    return lambda texts, known: ~part(texts, known)


def _joined(parts: Sequence[Test], join: np.ufunc) -> Test:
    return lambda texts, known: join.reduce([part(texts, known) for part in parts])
