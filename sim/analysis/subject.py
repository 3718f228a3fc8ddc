"""What an analysis is about: a case, or a scenario for what it changes in its case and proposes."""

from __future__ import annotations

from typing import Any, TypeAlias

from sim.case.models import Case, Scenario

Target: TypeAlias = Case | Scenario


def case_of(target: Target) -> Case:
    """The case itself, or the case of a scenario."""
    return target.case if isinstance(target, Scenario) else target


def subject_of(target: Target) -> dict[str, Any]:
    """What a result says that it is about, as plain data (`docs/reference/json.md`)."""
    return {
        "case": case_of(target).id,
        "scenario": target.id if isinstance(target, Scenario) else None,
        "title": target.title,
        "question": target.question,
    }
