"""Which texts drafters may table: chosen changes of negotiable issues, and what the constraints then demand of others.

Part of the slow model (`tests.reference`): plain enumeration, for small cases.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sim.case.conditions import Condition
from sim.case.shapes import Case, Constraint
from tests.reference import Package, holds

Text = tuple[Any, ...]
"""A package as the options alone, in the order of the issues."""
Chosen = tuple[str, ...]
"""The issues that a draft chose to change, in the order of the case."""


def text_of(package: Package) -> Text:
    """A package that can be a key."""
    return tuple(package.values())


def package_of(case: Case, text: Text) -> dict[str, Any]:
    """The package of a text."""
    return dict(zip(case.issues, text, strict=True))


def amendments(case: Case, start: Package, negotiable: Sequence[str], terms: int) -> dict[Text, Chosen]:
    """Every possible text that is 1 to `terms` terms away, with the smallest set of issues that leads to it.

    Of two sets of the same size, the one that comes first in the order of the case counts.
    """
    open_issues = [issue for issue in case.issues if issue in negotiable]
    found: dict[Text, Chosen] = {}
    for size in range(1, terms + 1):
        for chosen in itertools.combinations(open_issues, size):
            others = [[one for one in case.issues[issue].options if one != start[issue]] for issue in chosen]
            for options in itertools.product(*others):
                changed = {**start, **dict(zip(chosen, options, strict=True))}
                for whole in repaired(case, changed, frozenset(chosen), ()):
                    found.setdefault(text_of(whole), chosen)
    return found


def nearest(case: Case, first: Mapping[Text, Chosen], second: Mapping[Text, Chosen]) -> dict[Text, Chosen]:
    """The texts of both, each with its smaller set of issues; of two as small, the first in the order of the case."""
    place = list(case.issues).index

    def rank(chosen: Chosen) -> tuple[int, list[int]]:
        return len(chosen), [place(issue) for issue in chosen]

    joined = dict(first)
    for text, chosen in second.items():
        if text not in joined or rank(chosen) < rank(joined[text]):
            joined[text] = chosen
    return joined


def repaired(
    case: Case, package: Package, fixed: frozenset[str], triggered: tuple[Constraint, ...]
) -> Iterator[dict[str, Any]]:
    """Every way to make a package possible without touching fixed issues.

    The first constraint that is broken is met in each of its minimal ways; what was repaired stays as it is, and no
    constraint that was repaired is met by undoing its `when`.
    """
    broken = next(
        (one for one in case.constraints if holds(case, one.when, package) and not holds(case, one.then, package)),
        None,
    )
    if broken is None:
        yield dict(package)
        return
    for changes in minimal_ways(case, package, broken, fixed, (*triggered, broken)):
        yield from repaired(case, {**package, **changes}, fixed | changes.keys(), (*triggered, broken))


def minimal_ways(
    case: Case, package: Package, broken: Constraint, fixed: frozenset[str], triggered: Sequence[Constraint]
) -> list[dict[str, Any]]:
    """The changes that make a constraint's `then` hold; none for which a strict subset of its issues would do."""
    free = [issue for issue in case.issues if issue in mentioned(case, broken.then) - fixed]
    ways = []
    for options in itertools.product(*(case.issues[issue].options for issue in free)):
        whole = {**package, **dict(zip(free, options, strict=True))}
        if holds(case, broken.then, whole) and all(holds(case, one.when, whole) for one in triggered):
            ways.append({issue: whole[issue] for issue in free if whole[issue] != package[issue]})
    return [way for way in ways if not any(other.keys() < way.keys() for other in ways)]


def mentioned(case: Case, condition: Condition) -> frozenset[str]:
    """The issues on which a condition depends, those of declared red lines included."""
    found: set[str] = set()
    for key, value in condition.items():
        listed = value if isinstance(value, list | tuple) else [value]
        if key in ("any", "not"):
            found.update(*(mentioned(case, one) for one in listed))
        elif key == "declared_red_line":
            lines = [line.when for owner in listed for line in case.actors[owner].red_lines if line.declared]
            found.update(*(mentioned(case, when) for when in lines))
        else:
            found.add(key)
    return frozenset(found)


def steps_between(case: Case, start: Package, end: Package) -> int:
    """The summed steps along the options from one package to another."""
    options = {issue: list(one.options) for issue, one in case.issues.items()}
    return sum(abs(options[issue].index(end[issue]) - options[issue].index(start[issue])) for issue in options)


def code(case: Case, package: Package) -> tuple[int, ...]:
    """The place of a package in the order of the options, the first issue most significant."""
    return tuple(list(issue.options).index(package[name]) for name, issue in case.issues.items())
