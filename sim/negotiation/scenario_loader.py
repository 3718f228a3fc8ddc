"""Loads scenarios from files or plain data, and checks them by the rules of the protocol that they name."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from sim import case_paths
from sim.case.loader import OUTSIDE, ReadCase, ScenarioBuilder, load_case, read_scenario
from sim.case.models import Case, Scenario
from sim.case.reading.case_files import case_files
from sim.case_paths import check_path, is_case
from sim.errors import UsageError, quoted
from sim.negotiation.protocols import protocol_findings

SCENARIO_FORM = "Give a scenario, its name such as 'european_force', or the path of its file."
TARGET_FORM = "Give one that was loaded, its name such as 'ukraine_2025', or its path."
ScenarioLike: TypeAlias = Scenario | str | os.PathLike[str]
"""A scenario, its bundled name, or the path of its file."""
TargetLike: TypeAlias = Case | Scenario | str | os.PathLike[str]
"""A case or a scenario, its bundled name, or its path."""


def load(path: Path | str, *, read_case: ReadCase = case_files) -> Case | Scenario:
    """Load a case (its folder, or its `case.yaml`) or a scenario (any other file).

    `read_case` is that of `load_scenario`.

    Raises
    ------
    CaseError
        with every problem in its files
    """
    of_case = is_case(Path(path)) or check_path(Path(path), Path.is_dir)
    return load_case(path) if of_case else load_scenario(path, read_case=read_case)


def load_scenario(
    path: Path | str,
    changes: Mapping[str, object] | None = None,
    *,
    changes_from: str = OUTSIDE,
    read_case: ReadCase = case_files,
) -> Scenario:
    """Load a scenario with its case.

    Parameters
    ----------
    path : the scenario file
    changes : changes to what the file says: dotted path to value; a number of the case, ``proposal.ISSUE`` or
        ``protocol.KEY``
    changes_from : where the changes come from, for messages
    read_case : reads the files of the case; a caller that loads many scenarios of one case can cache it

    Raises
    ------
    CaseError
        with every problem in its files and in the changes
    """
    return read_scenario(path, changes, protocol_findings, changes_from=changes_from, read_case=read_case)


def build_scenario(source: Mapping[str, Any], changes: Mapping[str, object] | None = None) -> Scenario:
    """Build a scenario from plain data, such as `Scenario.source`.

    Parameters
    ----------
    source : the keys of a scenario file except ``extends``, and ``id``; ``case`` holds the source of its case
    changes : changes to what the data says, as in `load_scenario`

    Raises
    ------
    CaseError
        with every problem
    """
    return scenario_builder(source).build(changes)


def scenario_builder(source: Mapping[str, Any]) -> ScenarioBuilder:
    """Return what builds scenarios from the same plain data with many sets of changes, faster than `build_scenario`."""
    return ScenarioBuilder(source, protocol_findings)


def as_scenario(scenario: object, changes: Mapping[str, object] | None = None) -> Scenario:
    """Return what a caller gave as a scenario, with some changes.

    Parameters
    ----------
    scenario : a scenario, its bundled name, or the path of its file
    changes : as in `load_scenario`

    Raises
    ------
    UsageError
        if it is anything else, or there is no scenario of that name
    CaseError
        with every problem in its files and in the changes
    """
    match scenario:
        case Scenario():
            return build_scenario(scenario.source, changes) if changes else scenario
        case str() | os.PathLike():
            return load_scenario(case_paths.find(os.fspath(scenario)), changes, changes_from="changes")
    raise UsageError(f"{_described(scenario)} is not a scenario. {SCENARIO_FORM}")


def as_scenarios(scenarios: object) -> tuple[Scenario, ...]:
    """Return what a caller gave as one scenario or several.

    Raises
    ------
    UsageError
        as `as_scenario`, or if there is none
    """
    if isinstance(scenarios, str) or not isinstance(scenarios, Iterable):
        return (as_scenario(scenarios),)
    found = tuple(as_scenario(one) for one in scenarios)
    if not found:
        raise UsageError(f"No scenario is given. {SCENARIO_FORM}")
    return found


def as_target(target: object) -> Case | Scenario:
    """Return what a caller gave as a case or a scenario.

    Parameters
    ----------
    target : a case or a scenario, its bundled name, or the path of its file or folder

    Raises
    ------
    UsageError
        if it is anything else, or there is nothing of that name
    CaseError
        with every problem in its files
    """
    match target:
        case Case() | Scenario():
            return target
        case str() | os.PathLike():
            return load(case_paths.find(os.fspath(target)))
    raise UsageError(f"{_described(target)} is not a case or a scenario. {TARGET_FORM}")


def _described(value: object) -> str:
    """Return a value as the beginning of a message shows it."""
    text = f"the case '{value.id}'" if isinstance(value, Case) else quoted(value)
    return text[0].upper() + text[1:]
