"""Validates what several entries of a case say together: names must be known, numbers must make sense."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from sim.case.base_models import NAMES, Sourced, StrictModel, item_name, walk
from sim.case.checks.condition_checks import Walked, condition_findings
from sim.case.checks.correlation_checks import correlation_findings
from sim.case.checks.number_checks import loses, number_findings
from sim.case.checks.score_checks import score_findings
from sim.case.conditions import RESERVED
from sim.case.consent_rules.demands import ConsentDemand, Pledges
from sim.case.consent_rules.quorums import Quorum
from sim.case.models import Case
from sim.case.number_syntax import as_written
from sim.case.packages import constraint_findings, none_possible, unknown_name, unknown_option
from sim.case.reading.source_map import Finding
from sim.case.reading.yaml_documents import DataPath
from sim.case.rule_models import Durability, Issue, Rule, Slope, Weight
from sim.errors import did_you_mean, quoted

OPTIONS_MOST = 255
"""The most options of an issue: an option's index is one byte."""
PACKAGES_MOST = 2**62
"""The most packages of a case: a package's number in the outcome space is a 64-bit integer."""
DURABILITY = "durability"
"""The name under which an actor weighs durability like a measure."""
PARTS = (
    "codebook",
    "issues",
    "constraints",
    "context",
    "correlated",
    "measures",
    DURABILITY,
    "consent",
    "injects",
    "actors",
)


def case_findings(case: Case, actors: Collection[str], original: Case) -> Iterator[Finding]:
    """Find all mistakes of a parsed case.

    `actors` has the ids of all actors, including those that `case` lacks because their files could not be parsed.
    `original` is the case without a scenario's changes: an actor whose only declared red line a scenario changes to
    undeclared still counts as declaring one.
    """
    walked = [item for part in PARTS for item in walk(getattr(case, part), (part,))]
    in_issues = list(_issues(case, actors))
    in_conditions = list(condition_findings(case, walked, actors, original))
    yield from in_issues
    yield from in_conditions
    models = [(path, value) for path, value in walked if isinstance(value, StrictModel)]
    for path, value in models:
        if isinstance(value, Sourced):
            yield from _claims(case, path, value)
    yield from score_findings(case, models)
    yield from _repeated_names(models)
    yield from _references(case, models)
    for index, rule in enumerate(case.consent):
        yield from _consent(case, actors, ("consent", index), rule)
    for name, inject in case.injects.items():
        yield from indicator_findings(("injects", name, "set"), inject.set, case)
    yield from number_findings(case, walked)
    yield from correlation_findings(case)
    if not in_issues and not in_conditions:
        yield from _default_package(case)


def _issues(case: Case, actors: Collection[str]) -> Iterator[Finding]:
    for name, issue in case.issues.items():
        path = ("issues", name)
        options = [str(option) for option in issue.options]
        if name in RESERVED:
            message = f"'{name}' is a keyword of conditions, and cannot be the name of an issue; rename it."
            yield Finding(path, message, key=True)
        if issue.default not in issue.options:
            yield Finding((*path, "default"), unknown_option(name, issue, issue.default))
        if len(options) > OPTIONS_MOST:
            yield Finding((*path, "options"), f"{len(options)} options; an issue has at most {OPTIONS_MOST}.")
        yield from _repeated((*path, "options"), issue.options)
        for clause in issue.clauses:
            if clause not in map(str, issue.options):
                yield Finding((*path, "clauses", clause), unknown_option(name, issue, clause), key=True)
        for label in issue.labels:
            if label not in options:
                yield Finding((*path, "labels", label), unknown_option(name, issue, label), key=True)
        yield from _movers(path, issue, actors)
    packages = math.prod(len(issue.options) for issue in case.issues.values())
    if packages > PACKAGES_MOST:
        yield Finding(("issues",), "more than 2^62 packages; drop an issue, or some options.", key=True)


def _movers(path: DataPath, issue: Issue, actors: Collection[str]) -> Iterator[Finding]:
    if not issue.movers and issue.one_way:
        yield Finding((*path, "one_way"), "nobody moves this issue; add 'moved_by: ACTOR', or drop one_way.", key=True)
    for actor, options in issue.movers.items():
        several = not isinstance(issue.moved_by, str)
        here: DataPath = (*path, "moved_by", actor) if several else (*path, "moved_by")
        if actor not in actors:
            yield Finding(here, unknown_name("actor", actor, actors), key=several)
        for index, option in enumerate(options):
            if option not in issue.options:
                yield Finding((*here, index), unknown_option(str(path[-1]), issue, option))


def _repeated(path: DataPath, names: Iterable[object]) -> Iterator[Finding]:
    seen = set()
    for index, name in enumerate(names):
        if name in seen:
            yield Finding((*path, index), f"{quoted(name)} is in this list twice.")
        seen.add(name)


def _repeated_names(walked: Walked) -> Iterator[Finding]:
    """Find rules, slopes or weights with the same name in a list, which dotted paths could not tell apart."""
    seen = set()
    for path, value in walked:
        if isinstance(path[-1], int) and isinstance(value, Rule | Slope | Weight):
            if (*path[:-1], item_name(value)) in seen:
                key = next(key for key in NAMES if hasattr(value, key))
                yield Finding((*path, key), f"'{item_name(value)}' names two entries of this list; rename one.")
            seen.add((*path[:-1], item_name(value)))


def _claims(case: Case, path: DataPath, sourced: Sourced) -> Iterator[Finding]:
    for index, claim in enumerate(sourced.source):
        if claim not in case.claims:
            where = "see claims.yaml" if case.claims else "it has none; write them in claims.yaml"
            message = f"'{claim}' is not a claim of this case ({where}).{did_you_mean(claim, list(case.claims))}"
            yield Finding((*path, "source", index), message)


def _references(case: Case, walked: Walked) -> Iterator[Finding]:
    weighable = [*case.measures, *([DURABILITY] if case.durability else [])]
    if DURABILITY in case.measures:
        message = "durability has its own section in the case file; move it there, or rename this measure."
        yield Finding(("measures", DURABILITY), message, key=True)
    for path, value in walked:
        if isinstance(value, Slope) and value.context not in case.context:
            yield Finding((*path, "context"), unknown_name("context indicator", value.context, case.context))
        if isinstance(value, Weight) and value.measure not in weighable:
            yield Finding((*path, "measure"), unknown_name("measure", value.measure, weighable))
        if isinstance(value, Durability) and value.deterrence not in case.measures:
            yield Finding((*path, "deterrence"), unknown_name("measure", value.deterrence, case.measures))


def _consent(case: Case, actors: Collection[str], path: DataPath, demand: ConsentDemand) -> Iterator[Finding]:
    yield from actor_list_findings((*path, "needs"), demand.needs, actors)
    yield from actor_list_findings((*path, "veto"), demand.veto, actors)
    if demand.quorum is not None:
        yield from _quorum(actors, (*path, "quorum"), demand.quorum)
    if demand.pledges is not None:
        yield from actor_list_findings((*path, "pledges", "from"), demand.pledges.from_, actors)
        yield from _pledges(case, actors, (*path, "pledges"), demand.pledges)
    for key, parts in (("any", demand.any_), ("all", demand.all_)):
        for index, part in enumerate(parts):
            yield from _consent(case, actors, (*path, key, index), part)


def _quorum(actors: Collection[str], path: DataPath, quorum: Quorum) -> Iterator[Finding]:
    if isinstance(quorum.of, Mapping):
        for name in quorum.of:
            if name not in actors:
                yield Finding((*path, "of", name), unknown_name("actor", name, actors), key=True)
    else:
        yield from actor_list_findings((*path, "of"), quorum.of, actors)
    if (found := quorum.out_of_reach()) is not None:
        yield Finding((*path, found[0]), found[1])


def actor_list_findings(path: DataPath, names: Sequence[str], actors: Collection[str]) -> Iterator[Finding]:
    """Find entries of a list that are not actors of the case, or that are in the list twice."""
    for index, name in enumerate(names):
        if name not in actors:
            yield Finding((*path, index), unknown_name("actor", name, actors))
    yield from _repeated(path, names)


def indicator_findings(path: DataPath, values: Mapping[str, float], case: Case) -> Iterator[Finding]:
    """Find indicators set by an event that the case does not have, and values outside an indicator's bounds."""
    for name, value in values.items():
        indicator = case.context.get(name)
        if indicator is None:
            yield Finding((*path, name), unknown_name("context indicator", name, case.context), key=True)
        elif not indicator.low <= value <= indicator.high:
            bounds = f"the bounds {indicator.low:g} to {indicator.high:g} of '{name}'"
            yield Finding((*path, name), f"{value:g} is outside {bounds}.")
        elif loses(abs(as_written(value))):
            yield Finding((*path, name), f"{value:g} is too small to be exact in millionths; use a smaller unit.")


def _pledges(case: Case, actors: Collection[str], path: DataPath, pledges: Pledges) -> Iterator[Finding]:
    resources = sorted({resource for actor in case.actors.values() for resource in actor.capacities})
    issue = case.issues.get(pledges.cover)
    if issue is None:
        yield Finding((*path, "cover"), unknown_name("issue", pledges.cover, case.issues))
    elif not issue.numeric:
        message = (
            f"the options of '{pledges.cover}' are words; pledges can only cover an issue whose options are numbers."
        )
        yield Finding((*path, "cover"), message)
    else:
        for index, option in enumerate(issue.options):
            if not isinstance(option, str) and loses(abs(as_written(option))):
                message = f"{option:g} is too small to be covered exactly in millionths; use a smaller unit."
                yield Finding(("issues", pledges.cover, "options", index), message)
    if pledges.of not in resources and len(case.actors) == len(actors):
        yield Finding((*path, "of"), unknown_name("resource", pledges.of, resources))
        return
    for index, name in enumerate(pledges.from_):
        if name in case.actors and pledges.of not in case.actors[name].capacities:
            message = f"'{name}' has no capacity '{pledges.of}' to pledge; give it one in its file, or drop it here."
            yield Finding((*path, "from", index), message)


def _default_package(case: Case) -> Iterator[Finding]:
    """The status quo, every issue at its default, must be possible."""
    breaches = constraint_findings(case, case.default)
    if breaches and none_possible(case):
        rules = ", ".join(f"'{constraint.rule}'" for constraint in case.constraints)
        yield Finding(("constraints",), f"the constraints ({rules}) leave no package possible.", key=True)
    else:
        for breach in breaches:
            yield Finding(("issues",), f"the defaults together are {breach.message}", key=True)
