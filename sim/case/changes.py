"""Changes of a case's numbers by their dotted paths, on the plain data, before it is checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import reduce
from typing import Any

from sim.case.base_models import walk
from sim.case.distributions import Choices, CodebookNumber, Fixed, Normal, SameAs, Triangular, Uniform
from sim.case.models import Case
from sim.case.reading.source_map import Finding, SourceMap, dotted, inner
from sim.case.reading.yaml_documents import DataPath
from sim.errors import did_you_mean, quoted

CHANGEABLE = ("codebook", "context", "measures", "durability", "consent", "actors")
"""The parts of a case whose numbers a scenario may change; issues, constraints and claims stay."""
_NUMBERS = (Fixed, Uniform, Triangular, Normal, Choices, CodebookNumber, SameAs, bool, int, float)


def changeable(case: Case, data: Mapping[str, Any]) -> dict[str, DataPath]:
    """Every number and truth value that may be changed: its dotted path, and its path in the plain data.

    A number that the file leaves to its default is among them.
    """
    paths = [
        path for part in CHANGEABLE for path, leaf in walk(getattr(case, part), (part,)) if isinstance(leaf, _NUMBERS)
    ]
    return {dotted(path, data): path for path in paths}


def changed(
    case: Case, whole: SourceMap, changes: Mapping[str, object], scenario: SourceMap
) -> tuple[SourceMap, list[Finding]]:
    """Set the numbers that a scenario changes.

    Parameters
    ----------
    case : the case without the changes
    whole : its plain data
    changes : dotted path to value
    scenario : the scenario's plain data, under whose ``changes`` these stand

    Returns
    -------
    the case's plain data with the changes; what is wrong with their paths, as findings in the scenario
    """
    findings: list[Finding] = []
    known = changeable(case, whole.data) if changes else {}
    for name, value in changes.items():
        number, inside = _number(name, known)
        path = known[number] + inside if number in known else None
        if path is None or (inside and not _leads_to_a_part(whole.data, path)):
            findings.append(Finding(("changes", name), _no_number(name, number, known, whole.data), key=True))
            continue
        origin = scenario.origin(("changes", name))
        whole = whole.replaced(path, value, origin)
        if inside:  # a distribution that makes no sense with the new value is this change's mistake
            whole = replace(whole, origins={**whole.origins, known[number]: origin})
    return whole, findings


def _number(name: str, known: Mapping[str, DataPath]) -> tuple[str, DataPath]:
    """The number that a dotted path names, and the way on into its distribution."""
    head, inside = name, ""
    while head not in known and "." in head:
        head, _, last = head.rpartition(".")
        inside = f"{last}.{inside}" if inside else last
    if head not in known:
        return name, ()
    first, _, outcome = inside.partition(".")  # the outcome of a choice may be 0.5
    return head, tuple(step for step in (first, outcome) if step)


def _leads_to_a_part(data: Any, path: DataPath) -> bool:
    part = reduce(inner, path, data)
    return part is not None and not isinstance(part, Mapping)


def _no_number(name: str, number: str, known: Mapping[str, DataPath], data: Any) -> str:
    if number in known and number != name:
        value = reduce(inner, known[number], data)
        parts = ", ".join(value) if isinstance(value, Mapping) else quoted(value)
        return f"'{number}' is a number ({parts}), and has no part '{name.removeprefix(number + '.')}'."
    return f"the case has no number '{name}'.{did_you_mean(name, list(known))}"
