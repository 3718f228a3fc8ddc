"""What it would take to turn the answer to a package: other terms, or other numbers of the case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sim.analysis.counterfactuals.joint_change import JointChange, smallest_change
from sim.analysis.counterfactuals.parameters import parameters_of
from sim.analysis.counterfactuals.probe import Probe
from sim.analysis.counterfactuals.term_changes import (
    AgreedAtAll,
    TermChange,
    agreed_at_all,
    check_term_count,
    find_term_changes,
)
from sim.analysis.counterfactuals.thresholds import (
    TalksThresholds,
    ThresholdQuestion,
    Thresholds,
    find_talks_thresholds,
    find_thresholds,
)
from sim.analysis.judging.judged_text import Judged, describe_judged, proposed
from sim.analysis.outcomes.enumeration import Progress
from sim.analysis.subject import Subject, case_of, subject_of
from sim.case.conditions import Option
from sim.case.models import Scenario
from sim.engine.outcome_space import OutcomeSpace
from sim.errors import UsageError
from sim.negotiation.scenario_loader import TargetLike, as_target

FORMAT = "parley.flip/1"
TERMS = 3
"""Default for the most terms that may change."""


class FlipReport(Subject):
    """The result of `flip`."""

    format: str
    judged: Judged
    package: dict[str, Option]
    adjusted: list[dict[str, Any]]
    actors: dict[str, str]
    agreed: bool
    blocked_by: list[str]
    most_terms: int
    terms: int | None
    flips: list[TermChange]
    at_all: AgreedAtAll | None
    only: str | None
    numbers: Thresholds | None
    joint: JointChange | None
    talks: TalksThresholds | None


def flip(
    target: TargetLike,
    propose: Mapping[str, object] | None = None,
    *,
    terms: int = TERMS,
    by: str | None = None,
    only: str | None = None,
    talks: bool = False,
    progress: Progress | None = None,
) -> FlipReport:
    """Find what would turn the answer to a package, at central values, as a take-it-or-leave-it proposal.

    Parameters
    ----------
    target : a case (the package is its defaults) or a scenario (the package is its proposal), or
        the name of one
    propose : issue to option, changes of that package
    terms : the most terms that may change
    by : ``terms`` or ``numbers`` if only these may change; None tries both, each alone
    only : ``assumed`` or ``sourced`` if only such numbers may move
    talks : whether to look also for the values of numbers at which the outcome of a scenario's talks turns
    progress : called with the steps done and the steps in all, of one part after the other

    Returns
    -------
    plain data (`docs/reference/json.md`)

    Raises
    ------
    UsageError
        if this many terms allow too many packages to judge each, or the target is a case but `talks` is set
    CaseError
        if the package is impossible
    """
    target = as_target(target)
    if talks and not isinstance(target, Scenario):
        raise UsageError("a case has no talks. Name a scenario, or leave out the talks.")
    case = case_of(target)
    package, adjusted = proposed(target, propose or {})
    space = OutcomeSpace(case)
    if by != "numbers":
        check_term_count(space, terms)
    if isinstance(target, Scenario):
        target = replace(target, proposal=package)
    question = ThresholdQuestion(Probe(case, space.encode(package)), parameters_of(target), target, only)
    blocked = list(question.blocked_by)
    most = 0 if by == "numbers" else terms
    size, flips = find_term_changes(space, package, most, progress) if blocked else (0, [])
    at_all = agreed_at_all(space, package, progress) if most and blocked and not flips else None
    numbers = None if by == "terms" else find_thresholds(question, progress)
    return {
        "format": FORMAT,
        **subject_of(target),
        "judged": describe_judged(target, propose),
        "package": dict(package),
        "adjusted": [adjustment.model_dump() for adjustment in adjusted],
        "actors": {name: actor.name for name, actor in case.actors.items()},
        "agreed": not blocked,
        "blocked_by": blocked,
        "most_terms": most,
        "terms": size,
        "flips": flips,
        "at_all": at_all,
        "only": only,
        "numbers": numbers,
        "joint": None if numbers is None else smallest_change(question, numbers["turns"], progress),
        "talks": find_talks_thresholds(question, progress) if talks and numbers is not None else None,
    }
