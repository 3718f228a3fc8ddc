"""Loads scenarios from files or plain data, and checks them by the rules of the protocol that they name."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim import case_paths
from sim.case.loader import OUTSIDE, ReadCase, assemble_scenario, load_case, read_scenario
from sim.case.models import Case, Scenario
from sim.case.reading.case_files import case_files
from sim.case_paths import check_path, is_case
from sim.negotiation.protocols import protocol_findings


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
    return assemble_scenario(source, changes, protocol_findings)


def as_scenario(scenario: Scenario | str | os.PathLike[str], changes: Mapping[str, object]) -> Scenario:
    """Return a scenario, given as such, by its path or by its bundled name, with some changes."""
    if not isinstance(scenario, Scenario):
        return load_scenario(case_paths.find(os.fspath(scenario)), changes, changes_from="changes")
    return build_scenario(scenario.source, changes) if changes else scenario
