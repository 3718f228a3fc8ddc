"""The subject of an analysis: a case, or a scenario for its proposal and what it changes in its case."""

from __future__ import annotations

from typing import TypeAlias, TypedDict

from sim.case.models import Case, Scenario

Target: TypeAlias = Case | Scenario


class Subject(TypedDict):
    """The keys by which a result says what it is about (`docs/reference/json.md`)."""

    case: str
    scenario: str | None
    title: str
    question: str


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
