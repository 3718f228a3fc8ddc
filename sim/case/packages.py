"""Completes proposals to whole packages (defaults, nearest numbers), and tests which packages are possible."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.case.compiled_conditions import admitted_options, all_choices, condition_holds, option_index
from sim.case.conditions import RESERVED, Condition, Option, condition_entries, condition_in_words, declared_line_owners
from sim.case.models import Adjustment, Case, Constraint, Issue, Package
from sim.case.number_syntax import FRACTION_HINT
from sim.case.reading.source_map import Finding
from sim.errors import CaseError, Problem, did_you_mean, quoted

if TYPE_CHECKING:
    from numpy.typing import NDArray

PROPOSED = "<proposal>"
"""The file name given to problems with a proposal that is in no file."""
MISWRITTEN = {"=>": ">=", "=<": "<=", "≥": ">=", "≤": "<=", "=": "=="}
"""Comparisons that are often written by mistake, and the right ones."""
CURLY = "\u2018\u2019\u201a\u201c\u201d\u201e\xab\xbb"
"""Quotation marks of word processors, which are letters to YAML."""
DECIMAL_COMMA = re.compile(r"[-+]?[0-9]*,([0-9]{1,2}|[0-9]{4,})")
"""Matches a number with a comma before its fraction."""
SEARCH_MOST = 2**18
"""The most packages that a search for a possible package looks at."""


def package(case: Case, proposal: Mapping[str, object]) -> tuple[Package, tuple[Adjustment, ...]]:
    """Complete a proposal to a whole, possible package.

    Issues left out take their defaults, and a number near an option takes that option. Returns one option per issue, in
    the case's order, and the numbers that were moved to their nearest option. Raises CaseError if an issue or an option
    is unknown, or a constraint makes the package impossible.
    """
    completed, adjusted, findings = fill_proposal(case, proposal)
    findings = findings or constraint_findings(case, completed, adjusted)
    if findings:
        raise CaseError(Problem(PROPOSED, 0, 0, ".".join(map(str, path)), message) for path, message, _ in findings)
    return completed, adjusted


def fill_proposal(case: Case, proposal: Mapping[str, object]) -> tuple[Package, tuple[Adjustment, ...], list[Finding]]:
    """Fill a proposal up with defaults; findings have their paths in the proposal."""
    completed = dict(case.default)
    adjusted: list[Adjustment] = []
    findings: list[Finding] = []
    for name, asked in proposal.items():
        issue = case.issues.get(name)
        if issue is None:
            findings.append(Finding((name,), unknown_name("issue", name, case.issues), key=True))
            continue
        option = _nearest_option(issue, asked)
        if option is None:
            findings.append(Finding((name,), unknown_option(name, issue, asked)))
            continue
        completed[name] = option
        if isinstance(asked, int | float) and option != asked:
            adjusted.append(Adjustment(issue=name, asked=asked, taken=float(option)))
    return completed, tuple(adjusted), findings


def constraint_findings(case: Case, whole: Package, adjusted: Sequence[Adjustment] = ()) -> list[Finding]:
    """Return a finding for each constraint that a whole package breaks, with the fix if only one exists.

    It names the numbers that were moved to their nearest option, which may be what breaks it.
    """
    text = np.array([[option_index(issue, whole[name]) for name, issue in case.issues.items()]])
    broken = [constraint for constraint in case.constraints if not keeps_constraint(case, constraint, text)[0]]
    moved = "".join(f" For {one.issue} {one.asked:,g}, the nearest option {one.taken:,g} was used." for one in adjusted)
    return [Finding((), _breach(case, constraint) + moved) for constraint in broken]


def unknown_name(kind: str, name: object, known: Collection[str]) -> str:
    """Say that the case has no `kind` of this name, which names it has, and which was probably meant."""
    article = "an" if kind[0] in "aeiou" else "a"
    listed = ", ".join(known) or "it has none"
    return f"{quoted(name)} is not {article} {kind} of this case ({listed}).{did_you_mean(name, list(known))}"


def unknown_option(name: str, issue: Issue, value: object) -> str:
    """Say that a value is not an option of an issue, which options there are, and how to fix it."""
    message = f"{quoted(value)} is not an option of '{name}' ({', '.join(map(str, issue.options))})."
    if isinstance(value, str):
        if value in [str(option) for option in issue.options]:
            return f"{message} Remove the quotes."
        if value.strip(CURLY) != value:
            return f"{message} Use straight quotes (\" or ')."
        if wrong := next((sign for sign in MISWRITTEN if value.startswith(sign)), None):
            return f"{message} Did you mean '{MISWRITTEN[wrong]}{value.removeprefix(wrong).strip()}'?"
        if issue.numeric and DECIMAL_COMMA.fullmatch(value):
            return message + FRACTION_HINT
        return message + did_you_mean(value, issue.options)
    if issue.numeric and isinstance(value, int | float) and not isinstance(value, bool):
        numbers = [option for option in issue.options if not isinstance(option, str)]
        if value > max(numbers):
            return f"{message} The largest is {max(numbers)}."
        if value < min(numbers):
            return f"{message} The smallest is {min(numbers)}."
    return message


def _nearest_option(issue: Issue, asked: object) -> Option | None:
    """Return the option itself, or for a number between two options the nearest one (the smaller of two as near)."""
    try:
        return issue.options[option_index(issue, asked)]
    except ValueError:
        numbers = sorted(option for option in issue.options if not isinstance(option, str))
        if not issue.numeric or isinstance(asked, bool) or not isinstance(asked, int | float):
            return None
        return min(numbers, key=lambda number: abs(number - asked)) if numbers[0] <= asked <= numbers[-1] else None


def keeps_constraint(case: Case, constraint: Constraint, texts: NDArray[np.integer[Any]]) -> NDArray[np.bool_]:
    """Test which texts keep a constraint.

    Texts are (text, issue) int, the index of the option on each issue; returns (text,) bool.
    """
    when = condition_holds(constraint.when, case.issues, texts, case.actors)
    return ~when | condition_holds(constraint.then, case.issues, texts, case.actors)


def forced_options(case: Case, then: Condition) -> dict[str, Option] | None:
    """Return the options that a constraint's `then` demands, if it admits exactly one on each issue that it names."""
    if set(RESERVED) & set(then):
        return None
    admitted = {name: np.flatnonzero(admitted_options(case.issues[name], value)) for name, value in then.items()}
    if any(len(indices) != 1 for indices in admitted.values()):
        return None
    return {name: case.issues[name].options[index] for name, (index,) in admitted.items()}


def _breach(case: Case, constraint: Constraint) -> str:
    then = condition_in_words(constraint.then)
    demand = f"if {condition_in_words(constraint.when)}, it" if constraint.when else "it always"
    forced = forced_options(case, constraint.then)
    fix = "" if forced is None else f" Set {', '.join(f'{name}: {option}' for name, option in forced.items())}."
    name = f"constraint '{constraint.rule}' ({constraint.says.rstrip('.')})"
    return f"impossible under {name}: {demand} requires that {then}.{fix}"


def none_possible(case: Case) -> bool:
    """Whether the constraints allow no package at all; False if there are too many packages to look at."""
    conditions = [condition for rule in case.constraints for condition in (rule.when, rule.then)]
    if any(map(declared_line_owners, conditions)):
        conditions += [line.when for actor in case.actors.values() for line in actor.red_lines if line.declared]
    named = {key for condition in conditions for _, key, _ in condition_entries(condition)}
    columns = [index for index, name in enumerate(case.issues) if name in named]
    sizes = [len(list(case.issues.values())[index].options) for index in columns]
    if math.prod(sizes) > SEARCH_MOST:
        return False
    texts = all_choices(case.issues, columns)
    return not np.logical_and.reduce([keeps_constraint(case, rule, texts) for rule in case.constraints]).any()
