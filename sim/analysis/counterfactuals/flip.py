"""What would it take: which changed terms, which numbers of the case, would turn the answer to a package."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from sim.analysis.counterfactuals.joint_change import smallest_change
from sim.analysis.counterfactuals.parameters import movables
from sim.analysis.counterfactuals.probe import Probe
from sim.analysis.counterfactuals.term_changes import check, flipping_terms
from sim.analysis.counterfactuals.thresholds import ThresholdQuestion, talks_turns, turning_numbers
from sim.analysis.judging.verdicts import proposed
from sim.analysis.subject import Target, case_of, subject_of
from sim.case.models import Scenario
from sim.engine.outcome_space import OutcomeSpace
from sim.errors import UsageError

FORMAT = "parley.flip/1"
TERMS = 3
"""So many terms are changed at most, unless told otherwise."""

Progress = Callable[[int, int], None]


def flip(
    target: Target,
    propose: Mapping[str, object] | None = None,
    *,
    terms: int = TERMS,
    by: str | None = None,
    only: str | None = None,
    talks: bool = False,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Find what would turn the answer to a package, at central values, take it or leave it.

    Parameters
    ----------
    target : a case (its defaults are the package) or a scenario (its proposal is)
    propose : issue to option, on top of that
    terms : how many terms may change at most
    by : ``terms`` or ``numbers``, if only these may change; else both, each by itself
    only : ``assumed`` or ``sourced``, if only such numbers may move
    talks : whether to look also for the values of numbers at which the end of a scenario's talks turns
    progress : called with the steps done and the steps in all, of one part after the other

    Returns
    -------
    plain data (`docs/reference/json.md`)

    Raises
    ------
    UsageError
        if so many terms make too many packages to judge each, or a case is asked for its talks
    CaseError
        if the package is impossible
    """
    if talks and not isinstance(target, Scenario):
        raise UsageError("a case has no talks; name a scenario, or leave out the talks.")
    case = case_of(target)
    package, adjusted = proposed(target, propose or {})
    space = OutcomeSpace(case)
    if by != "numbers":
        check(space, terms)
    if isinstance(target, Scenario):
        target = replace(target, proposal=package)
    question = ThresholdQuestion(Probe(case, space.encode(package)), movables(target), target, only)
    blocked = list(question.blocked_by)
    most = 0 if by == "numbers" else terms
    size, flips = flipping_terms(space, package, most, progress) if blocked else (0, [])
    numbers = None if by == "terms" else turning_numbers(question, progress)
    return {
        "format": FORMAT,
        **subject_of(target),
        "package": package,
        "adjusted": [one.model_dump() for one in adjusted],
        "actors": {name: actor.name for name, actor in case.actors.items()},
        "agreed": not blocked,
        "blocked_by": blocked,
        "most_terms": most,
        "terms": size,
        "flips": flips,
        "only": only,
        "numbers": numbers,
        "joint": None if numbers is None else smallest_change(question, numbers["turns"], progress),
        "talks": talks_turns(question, progress) if talks and numbers is not None else None,
    }
