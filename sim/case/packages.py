"""From a proposal to a whole package: defaults, nearest numbers, and which packages are possible."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

import numpy as np

from sim.case.conditions import (
    RESERVED,
    Condition,
    Option,
    admitted_options,
    condition_entries,
    condition_holds,
    condition_in_words,
    declared_line_owners,
    option_index,
)
from sim.case.models import Adjustment, Case, Constraint, Issue, Package
from sim.case.reading.source_map import Finding
from sim.errors import CaseError, Problem, did_you_mean, quoted

if TYPE_CHECKING:
    from numpy.typing import NDArray

PROPOSED = "<proposal>"
"""The file that problems with a proposal from outside are said to be in."""
SLIPS = {"=>": ">=", "=<": "<=", "≥": ">=", "≤": "<=", "=": "=="}
"""Comparisons as they are written by mistake, and as they are meant."""
CURLY = "\u2018\u2019\u201a\u201c\u201d\u201e\xab\xbb"
"""Quotes that a word processor makes, and that are letters to YAML."""
SEARCH_MOST = 2**18
"""A search for a possible package looks at so many at most."""


def package(case: Case, proposal: Mapping[str, object]) -> tuple[Package, tuple[Adjustment, ...]]:
    """Complete a proposal to a possible package.

    Parameters
    ----------
    case : the case
    proposal : issue to option, or to a number near one; issues left out take their defaults

    Returns
    -------
    one option an issue, in the case's order; the numbers that were taken to their nearest option

    Raises
    ------
    CaseError
        if an issue or an option is unknown, or a constraint makes the package impossible
    """
    whole, adjusted, findings = fill_proposal(case, proposal)
    findings = findings or constraint_findings(case, whole)
    if findings:
        raise CaseError(Problem(PROPOSED, 0, 0, ".".join(map(str, one.path)), one.message) for one in findings)
    return whole, adjusted


def fill_proposal(case: Case, proposal: Mapping[str, object]) -> tuple[Package, tuple[Adjustment, ...], list[Finding]]:
    """Fill a proposal up with defaults; what is wrong with it is returned with its path in the proposal."""
    whole = dict(case.default)
    adjusted: list[Adjustment] = []
    findings: list[Finding] = []
    for name, asked in proposal.items():
        issue = case.issues.get(name)
        if issue is None:
            findings.append(Finding((name,), unknown_name("issue", name, case.issues), key=True))
            continue
        taken = _option(issue, asked)
        if taken is None:
            findings.append(Finding((name,), no_option(name, issue, asked)))
            continue
        whole[name] = taken
        if isinstance(asked, int | float) and taken != asked:
            adjusted.append(Adjustment(issue=name, asked=asked, taken=float(taken)))
    return whole, tuple(adjusted), findings


def constraint_findings(case: Case, whole: Package) -> list[Finding]:
    """The constraints that a whole package breaks, each with its words and, if there is one way, how to mend it."""
    text = np.array([[option_index(issue, whole[name]) for name, issue in case.issues.items()]])
    return [Finding((), _breach(case, one)) for one in case.constraints if not kept(case, one, text)[0]]


def unknown_name(what: str, found: object, known: Collection[str]) -> str:
    """Say that a name is unknown, which are known, and which was meant."""
    listed = ", ".join(known) if known else "there is none"
    return f"{quoted(found)} is no {what} of this case ({listed}).{did_you_mean(found, list(known))}"


def no_option(name: str, issue: Issue, found: object) -> str:
    """Say that a value is no option of an issue, and which there are."""
    message = f"{quoted(found)} is no option of '{name}' ({', '.join(map(str, issue.options))})."
    if isinstance(found, str):
        if found in [str(option) for option in issue.options]:
            return f"{message} Remove the quotes."
        if found.strip(CURLY) != found:
            return f"{message} Its quotes are not straight ones (\" or ')."
        if slip := next((one for one in SLIPS if found.startswith(one)), None):
            return f"{message} Did you mean '{SLIPS[slip]}{found.removeprefix(slip).strip()}'?"
        return message + did_you_mean(found, issue.options)
    if issue.numeric and isinstance(found, int | float) and not isinstance(found, bool):
        numbers = [one for one in issue.options if not isinstance(one, str)]
        if found > max(numbers):
            return f"{message} The largest is {max(numbers)}."
        if found < min(numbers):
            return f"{message} The smallest is {min(numbers)}."
    return message


def _option(issue: Issue, asked: object) -> Option | None:
    """The option that is meant: itself; for a number between two options the nearest, or of two as near the smaller."""
    try:
        return issue.options[option_index(issue, asked)]
    except ValueError:
        numbers = sorted(one for one in issue.options if not isinstance(one, str))
        if not issue.numeric or isinstance(asked, bool) or not isinstance(asked, int | float):
            return None
        return min(numbers, key=lambda one: abs(one - asked)) if numbers[0] <= asked <= numbers[-1] else None


def kept(case: Case, constraint: Constraint, texts: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which of the texts keep a constraint.

    Parameters
    ----------
    case : the case
    constraint : one of its constraints
    texts : (text, issue) int, the index of the option on each issue

    Returns
    -------
    (text,) bool
    """
    crossed = {
        name: np.any(
            [condition_holds(line.when, case.issues, texts) for line in actor.red_lines if line.declared], axis=0
        )
        for name, actor in case.actors.items()
        if any(line.declared for line in actor.red_lines)
    }
    when = condition_holds(constraint.when, case.issues, texts, crossed)
    return ~when | condition_holds(constraint.then, case.issues, texts, crossed)


def forced_options(case: Case, then: Condition) -> dict[str, Option] | None:
    """What a constraint's `then` asks for, if it admits exactly one option on each issue that it names."""
    if set(RESERVED) & set(then):
        return None
    options = {name: np.flatnonzero(admitted_options(case.issues[name], value)) for name, value in then.items()}
    if any(len(one) != 1 for one in options.values()):
        return None
    return {name: case.issues[name].options[one[0]] for name, one in options.items()}


def _breach(case: Case, constraint: Constraint) -> str:
    rule = f"where {condition_in_words(constraint.when)}" if constraint.when else "always"
    way = forced_options(case, constraint.then)
    mend = "" if way is None else f" Set {', '.join(f'{name}: {option}' for name, option in way.items())}."
    what = f"impossible by constraint '{constraint.rule}' ({constraint.says.rstrip('.')})"
    return f"{what}: {rule}, it must be that {condition_in_words(constraint.then)}.{mend}"


def none_possible(case: Case) -> bool:
    """Whether the constraints leave no package at all; False if too many would have to be looked at to know."""
    conditions = [condition for one in case.constraints for condition in (one.when, one.then)]
    if any(declared_line_owners(one) for one in conditions):
        conditions += [line.when for actor in case.actors.values() for line in actor.red_lines if line.declared]
    named = {key for condition in conditions for _, key, _ in condition_entries(condition)}
    columns = [at for at, name in enumerate(case.issues) if name in named]
    sizes = [len(list(case.issues.values())[at].options) for at in columns]
    if math.prod(sizes) > SEARCH_MOST:
        return False
    texts = np.zeros((math.prod(sizes), len(case.issues)), dtype=np.int64)
    texts[:, columns] = np.indices(sizes).reshape(len(sizes), -1).T
    return not np.logical_and.reduce([kept(case, one, texts) for one in case.constraints]).any()
