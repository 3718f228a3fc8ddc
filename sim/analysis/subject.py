"""The subject of an analysis: a case, or a scenario for its proposal and what it changes in its case."""

from __future__ import annotations

import os
from typing import TypeAlias, TypedDict

from sim import case_paths
from sim.case.models import Case, Scenario
from sim.negotiation.scenario_loader import load

Target: TypeAlias = Case | Scenario
Named: TypeAlias = Target | str | os.PathLike[str]
"""A case or scenario, or the path or bundled name of one."""
NamedScenario: TypeAlias = Scenario | str | os.PathLike[str]


class Subject(TypedDict):
    """The keys by which a result says what it is about (`docs/reference/json.md`)."""

    case: str
    scenario: str | None
    title: str
    question: str


def as_target(target: Named) -> Target:
    """Return a case or scenario, given as such, by its path or by its bundled name.

    Raises
    ------
    UsageError
        if there is none of that name
    CaseError
        with every mistake in its files
    """
    return target if isinstance(target, Case | Scenario) else load(case_paths.find(os.fspath(target)))


def case_of(target: Target) -> Case:
    """Return the case itself, or the case of a scenario."""
    return target.case if isinstance(target, Scenario) else target


def subject_of(target: Target) -> Subject:
    """Return what a result says about its subject."""
    return {
        "case": case_of(target).id,
        "scenario": target.id if isinstance(target, Scenario) else None,
        "title": target.title,
        "question": target.question,
    }
