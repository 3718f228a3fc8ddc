"""Validates what several entries of a case say together: names must be known, numbers must make sense."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from sim.case.base_models import CONDITIONS, NAMES, Sourced, item_name, walk
from sim.case.compiled_conditions import admitted_options
from sim.case.conditions import ACCEPTED, DECLARED, RESERVED, actors_asked_about, condition_entries
from sim.case.consent_rules.demands import ConsentDemand, Pledges
from sim.case.consent_rules.quorums import Quorum
from sim.case.models import Case
from sim.case.number_validation import number_findings
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
Walked: TypeAlias = Sequence[tuple[DataPath, object]]
"""All models and leaves of a case with their paths, from `walk`."""
ASKED_ABOUT_MOST = 4
"""The most actors whose answers a contributor's rules may depend on: the rules are read once for each set of them."""
PARTS = ("codebook", "issues", "constraints", "context", "measures", DURABILITY, "consent", "injects", "actors")


def case_findings(case: Case, actors: Collection[str], original: Case) -> Iterator[Finding]:
    """Find all mistakes of a parsed case.

    `actors` has the ids of all actors, including those that `case` lacks because their files could not be parsed.
    `original` is the case without a scenario's changes: an actor whose only declared red line a scenario changes to
    undeclared still counts as declaring one.
    """
    walked = [item for part in PARTS for item in walk(getattr(case, part), (part,))]
    in_issues = list(_issues(case, actors))
    in_conditions = list(_conditions(case, walked, actors, original))
    yield from in_issues
    yield from in_conditions
    for path, value in walked:
        if isinstance(value, Sourced):
            yield from _claims(case, path, value)
    yield from _repeated_names(walked)
    yield from _references(case, walked)
    for index, rule in enumerate(case.consent):
        yield from _consent(case, actors, ("consent", index), rule)
    for name, inject in case.injects.items():
        yield from indicator_findings(("injects", name, "set"), inject.set, case)
    yield from number_findings(case, walked)
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
        if isinstance(value, Rule | Slope | Weight) and isinstance(path[-1], int):
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


def _conditions(case: Case, walked: Walked, actors: Collection[str], original: Case) -> Iterator[Finding]:
    for path, value in walked:
        if path[-1:] in CONDITIONS and isinstance(value, Mapping):
            for inside, name, entry in condition_entries(value):
                place = path + inside
                if name == ACCEPTED:
                    yield from _accepted_by(case, actors, path, place, entry)
                elif name != DECLARED:
                    yield from _options(case, place, name, entry)
                elif "red_lines" in path:
                    message = "a red line cannot depend on declared red lines: it might depend on itself. Name issues."
                    yield Finding(place, message, key=True)
                else:
                    yield from _declared_red_line(original, actors, place, entry)
    for name, actor in case.actors.items():
        asked = frozenset[str]().union(*(actors_asked_about(rule.when) for rule in actor.heeding_rules))
        if not actor.reacts_first and len(asked) > ASKED_ABOUT_MOST:
            listed = ", ".join(sorted(asked))
            message = (
                f"its rules depend on the answers of {len(asked)} actors ({listed}); {ASKED_ABOUT_MOST} is the most."
            )
            yield Finding(("actors", name, "preferences"), message, key=True)


def _items(path: DataPath, entry: object) -> Iterator[tuple[DataPath, object]]:
    """Yield the values of an entry that holds one value or a list, each with its path."""
    if isinstance(entry, list | tuple):
        yield from (((*path, index), item) for index, item in enumerate(entry))
    else:
        yield path, entry


def _accepted_by(
    case: Case, actors: Collection[str], path: DataPath, place: DataPath, entry: object
) -> Iterator[Finding]:
    """Only preferences and sending rules of contributors may use it, and only for actors who answer before them."""
    asking = case.actors.get(str(path[1])) if path[0] == "actors" else None
    if "red_lines" in path or path[0] != "actors":
        message = f"'{ACCEPTED}' can only be used in the preferences or the 'when_sent' of a contributor."
        yield Finding(place, message, key=True)
        return
    if asking is not None and asking.reacts_first:
        message = (
            f"'{path[1]}' is a {asking.role}, which answers before any other answer is known; "
            f"only a contributor can use '{ACCEPTED}'."
        )
        yield Finding(place, message, key=True)
        return
    for item_place, item in _items(place, entry):
        name = str(item)
        if name not in actors:
            yield Finding(item_place, unknown_name("actor", name, actors))
        elif name in case.actors and not case.actors[name].reacts_first:
            message = f"'{name}' is a contributor, which answers at the same time; name actors who react first."
            yield Finding(item_place, message)


def _options(case: Case, path: DataPath, name: str, entry: object) -> Iterator[Finding]:
    issue = case.issues.get(name)
    if issue is None:
        yield Finding(path, unknown_name("issue", name, case.issues), key=True)
        return
    for place, item in _items(path, entry):
        try:
            admitted_options(issue, item)
        except ValueError as error:
            yield Finding(place, unknown_option(name, issue, error.args[0]))


def _declared_red_line(case: Case, actors: Collection[str], path: DataPath, entry: object) -> Iterator[Finding]:
    declaring = [name for name, actor in case.actors.items() if any(line.declared for line in actor.red_lines)]
    for place, name in _items(path, entry):
        if name not in actors:
            yield Finding(place, unknown_name("actor", name, actors))
        elif name not in declaring and name in case.actors:
            yield Finding(place, f"'{name}' has no red line with 'declared: true', so this never holds.")


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
