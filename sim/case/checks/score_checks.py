"""Validates points per unit and score sheets: their issues and options must be those of the case."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from sim.case.checks.condition_checks import Walked
from sim.case.models import Case, PointsRule
from sim.case.packages import unknown_name, unknown_option
from sim.case.reading.source_map import Finding
from sim.case.reading.yaml_documents import DataPath
from sim.case.rule_models import Issue


def score_findings(case: Case, walked: Walked) -> Iterator[Finding]:
    """Find points per unit of what has no units, and scores of what the case does not have."""
    for path, value in walked:
        if isinstance(value, PointsRule):
            yield from _per_unit(case, path, value)
    for name, actor in case.actors.items():
        sheet = {} if actor.scores is None else actor.scores.model_extra or {}
        for issue, scores in sheet.items():
            path = ("actors", name, "scores", issue)
            if issue not in case.issues:
                yield Finding(path, unknown_name("issue", issue, case.issues), key=True)
            elif isinstance(scores, Mapping):
                yield from _options(path, case.issues[issue], scores)
            else:
                yield from _listed(path, case.issues[issue], scores)


def _per_unit(case: Case, path: DataPath, rule: PointsRule) -> Iterator[Finding]:
    if rule.per is None:
        if rule.from_ is not None:
            yield Finding((*path, "from"), "units of what? Add 'per: ISSUE', or drop 'from'.", key=True)
    elif rule.per not in case.issues:
        yield Finding((*path, "per"), unknown_name("issue", rule.per, case.issues))
    elif not case.issues[rule.per].numeric:
        message = f"the options of '{rule.per}' are words, which have no units; use scores, or a rule for each option."
        yield Finding((*path, "per"), message)


def _options(path: DataPath, issue: Issue, scores: Collection[str]) -> Iterator[Finding]:
    names = list(map(str, issue.options))
    for option in scores:
        if option not in names:
            yield Finding((*path, option), unknown_option(str(path[-1]), issue, option), key=True)


def _listed(path: DataPath, issue: Issue, scores: Sequence[object]) -> Iterator[Finding]:
    """A list that matches the options has been replaced by a mapping when the case was read."""
    options = ", ".join(map(str, issue.options))
    message = (
        f"{len(scores)} scores for the {len(issue.options)} options of '{path[-1]}' ({options}); give one for each."
    )
    yield Finding(path, message)
