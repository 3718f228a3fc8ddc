"""Changes numbers of a case by their dotted paths, in the plain data, before the case is validated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import reduce
from typing import Any

from sim.case.base_models import walk
from sim.case.consent_rules.quorums import VoteShare
from sim.case.distributions import Number
from sim.case.models import Case
from sim.case.reading.source_map import Finding, SourceMap, child_value, dotted_path
from sim.case.reading.yaml_documents import DataPath
from sim.errors import did_you_mean, quoted

CHANGEABLE = ("codebook", "context", "measures", "durability", "consent", "actors")
"""The parts of a case whose numbers a scenario may change; issues, constraints and claims stay as they are."""
SUGGESTED = 2
"""The most numbers that are suggested for the name of what they belong to."""


def changeable_numbers(case: Case, data: Mapping[str, Any]) -> dict[str, DataPath]:
    """Return every number and truth value that may be changed: dotted path to path in the plain data.

    Numbers that the file leaves at their defaults are included.
    """
    paths = [
        path
        for part in CHANGEABLE
        for path, leaf in walk(getattr(case, part), (part,))
        if isinstance(leaf, Number | int | float | VoteShare)
    ]
    return {dotted_path(path, data): path for path in paths}


def apply_changes(
    case: Case, numbers: Mapping[str, DataPath], source: SourceMap, changes: Mapping[str, object], scenario: SourceMap
) -> tuple[SourceMap, list[Finding]]:
    """Set the numbers that a scenario changes.

    `numbers` are the `changeable_numbers` of the case. Returns the case's plain data with the changes, and what is
    wrong with their paths, as findings in the scenario.
    """
    findings: list[Finding] = []
    for name, value in changes.items():
        number, inside = _split(name, numbers)
        path = numbers[number] + inside if number in numbers else None
        if path is None or (inside and not _is_parameter(source.data, path)):
            known = dict.fromkeys([*filter(numbers.__contains__, case.written), *numbers])  # drawn numbers first
            message = _no_such_number(name, number, {path: numbers[path] for path in known}, source.data)
            findings.append(Finding(("changes", name), message, key=True))
            continue
        origin = scenario.origin(("changes", name))
        source = source.replaced(path, value, origin)
        if inside:  # if the distribution makes no sense with the new value, the mistake is this change
            source = replace(source, origins={**source.origins, numbers[number]: origin})
    return source, findings


def _split(name: str, numbers: Mapping[str, DataPath]) -> tuple[str, DataPath]:
    """Split a dotted path into the number that it names and the path inside its distribution."""
    number, inside = name, ""
    while number not in numbers and "." in number:
        number, _, step = number.rpartition(".")
        inside = f"{step}.{inside}" if inside else step
    if number not in numbers:
        return name, ()
    first, _, outcome = inside.partition(".")  # the outcome of a choice may be 0.5
    return number, tuple(step for step in (first, outcome) if step)


def _is_parameter(data: Any, path: DataPath) -> bool:
    value = reduce(child_value, path, data)
    return value is not None and not isinstance(value, Mapping)


def _no_such_number(name: str, number: str, numbers: Mapping[str, DataPath], data: Any) -> str:
    if number in numbers and number != name:
        value = reduce(child_value, numbers[number], data)
        parts = ", ".join(value) if isinstance(value, Mapping) else quoted(value)
        return f"'{number}' is a number ({parts}), and has no part '{name.removeprefix(number + '.')}'."
    below = [path for path in numbers if f".{name}." in f".{path}."]
    suggested = " or ".join(f"'{path}'" for path in below[:SUGGESTED])
    hint = f" Did you mean {suggested}?" if below else did_you_mean(name, list(numbers))
    return f"the case has no number '{name}'.{hint}"
