"""A reference implementation of terms: the packages to which changes of a package lead, in plain Python.

It is an independent reading of what a term is, against which tests check `sim.engine.terms`. It uses the conditions of
`tests.reference` and nothing of `sim.engine`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sim.case.conditions import Condition, condition_entries, declared_line_owners
from sim.case.models import Case, Constraint, Package
from sim.case.packages import forced_options
from tests.reference import holds

Key = tuple[Any, ...]
"""The options of a package, in the order of the case."""


def amendments(case: Case, package: Package, negotiable: Sequence[str], terms: int) -> dict[Key, tuple[str, ...]]:
    """Every other possible package within some terms, with the first of the smallest sets of issues to choose."""
    found: dict[Key, tuple[str, ...]] = {}
    for chosen, changed in changes(case, package, negotiable, terms):
        for one in repaired(case, changed, frozenset(chosen)):
            found.setdefault(key(case, one), chosen)
    found.pop(key(case, package), None)
    return found


def changes(
    case: Case, package: Package, negotiable: Sequence[str], terms: int
) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Every choice of other options on one issue, then on two, and so on, before repairs."""
    for size in range(1, terms + 1):
        for chosen in itertools.combinations(negotiable, size):
            others = [[one for one in case.issues[name].options if one != package[name]] for name in chosen]
            for options in itertools.product(*others):
                yield chosen, {**package, **dict(zip(chosen, options, strict=True))}


def repaired(case: Case, package: Mapping[str, Any], fixed: frozenset[str]) -> Iterator[dict[str, Any]]:
    """Every possible package that repairs lead to without changing the fixed issues."""
    mended = mend(case, package)
    if any(mended[name] != package[name] for name in fixed):
        return
    broken = [one for one in case.constraints if breaks(case, one, mended)]
    if not broken:
        yield mended
    elif all(forced_options(case, one.then) is None for one in broken):
        ways = [one for one in met(case, broken[0], mended) if not fixed & changed(mended, one)]
        for way in ways:
            if not any(changed(mended, other) < changed(mended, way) for other in ways):
                yield from repaired(case, way, fixed | changed(mended, way))


def mend(case: Case, package: Mapping[str, Any]) -> dict[str, Any]:
    """Meet the constraints that leave no choice, in the order of the case, and again where this breaks others."""
    mended = dict(package)
    ways = [(one, forced_options(case, one.then)) for one in case.constraints]
    for _ in [way for _, way in ways if way is not None]:
        for constraint, way in ways:
            if way is not None and breaks(case, constraint, mended):
                mended.update(way)
    return mended


def met(case: Case, constraint: Constraint, package: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every way to meet a constraint that changes only the issues of its `then` and keeps its `when` true."""
    names = [name for name in case.issues if name in depends(case, constraint.then)]
    for options in itertools.product(*(case.issues[name].options for name in names)):
        way = {**package, **dict(zip(names, options, strict=True))}
        if applies(case, constraint, way) and not breaks(case, constraint, way):
            yield way


def depends(case: Case, condition: Condition) -> set[str]:
    """The issues on which a condition depends, including those of the red lines that it asks about."""
    lines = [
        line.when for name in declared_line_owners(condition) for line in case.actors[name].red_lines if line.declared
    ]
    return {name for _, name, _ in condition_entries(condition)}.union(*(depends(case, line) for line in lines))


def applies(case: Case, constraint: Constraint, package: Mapping[str, Any]) -> bool:
    """Whether the constraint's `when` holds."""
    return holds(case, constraint.when, package)


def breaks(case: Case, constraint: Constraint, package: Mapping[str, Any]) -> bool:
    """Whether the package breaks the constraint."""
    return applies(case, constraint, package) and not holds(case, constraint.then, package)


def changed(package: Mapping[str, Any], other: Mapping[str, Any]) -> frozenset[str]:
    """The issues on which two packages differ."""
    return frozenset(name for name in package if package[name] != other[name])


def key(case: Case, package: Mapping[str, Any]) -> Key:
    """The options of a package, in the order of the case."""
    return tuple(package[name] for name in case.issues)


def package_of(case: Case, options: Key) -> dict[str, Any]:
    """The package with these options."""
    return dict(zip(case.issues, options, strict=True))


def steps_between(case: Case, package: Mapping[str, Any], other: Mapping[str, Any]) -> int:
    """The total number of steps along the options from one package to another."""
    here, there = code(case, package), code(case, other)
    return sum(abs(one - two) for one, two in zip(here, there, strict=True))


def code(case: Case, package: Mapping[str, Any]) -> tuple[int, ...]:
    """The indices of a package's options, in the order of the issues; sorts packages by the order of the options."""
    return tuple(list(issue.options).index(package[name]) for name, issue in case.issues.items())
