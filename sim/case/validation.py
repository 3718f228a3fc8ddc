"""What several entries of a case say together: names that must be known, numbers that must make sense."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from sim.case.base_models import CONDITIONS, NAMES, Sourced, item_name, walk
from sim.case.conditions import ACCEPTED, DECLARED, RESERVED, actors_asked_about, admitted_options, condition_entries
from sim.case.distributions import NEVER, CodebookNumber, Distribution, Fixed, Normal, Number, SameAs
from sim.case.models import (
    Aspiration,
    AudienceCost,
    Capacity,
    Case,
    Durability,
    Indicator,
    Pledges,
    RedLine,
    Rule,
    Slope,
    Weight,
)
from sim.case.packages import constraint_findings, no_option, none_possible, unknown_name
from sim.case.reading.source_map import Finding
from sim.case.reading.yaml_documents import DataPath
from sim.errors import did_you_mean, quoted

OPTIONS_MOST = 255
"""An option's index is one byte."""
PACKAGES_MOST = 2**62
"""A package's number in the outcome space is an integer of 64 bits."""
DURABILITY = "durability"
"""The name by which an actor weighs durability as if it were a measure."""
Walked: TypeAlias = Sequence[tuple[DataPath, object]]
"""All shapes and leaves of a case with their paths, by `walk`."""
LISTENED_MOST = 4
"""A contributor's rules may ask what this many actors answer: they are read once for each set of those who accept."""
PARTS = ("codebook", "issues", "constraints", "context", "measures", DURABILITY, "consent", "injects", "actors")
_NOT_NEGATIVE: Mapping[type, tuple[tuple[str, bool], ...]] = {
    Aspiration: (("opening", False), ("e", True)),
    AudienceCost: (("points", False),),
    Capacity: (("amount", False),),
    Durability: (("scale", True),),
    Indicator: (("volatility", False),),
    RedLine: (("price", False),),
}
"""Numbers that must be 0 or more (False), or above 0 (True)."""


def case_findings(case: Case, actors: Collection[str], before: Case) -> Iterator[Finding]:
    """Everything that is wrong with a case whose shapes are right.

    Parameters
    ----------
    case : the case
    actors : the ids of all actors, also of those whose files are so wrong that `case` lacks them
    before : the case without a scenario's changes: an actor whose red line a scenario undeclares has one all the same
    """
    walked = [one for part in PARTS for one in walk(getattr(case, part), (part,))]
    issues = list(_issues(case))
    conditions = list(_conditions(case, walked, actors, before))
    yield from issues
    yield from conditions
    for path, found in walked:
        if isinstance(found, Sourced):
            yield from _claims(case, path, found)
        if isinstance(found, CodebookNumber):
            yield from _word(case, path, found)
        if isinstance(found, SameAs):
            yield from _same(case, path, found)
    yield from _named_once(walked)
    yield from _references(case, walked)
    yield from _consent(case, actors)
    for name, inject in case.injects.items():
        yield from settings(("injects", name, "set"), inject.set, case)
    yield from _sizes(case, walked)
    if not issues and not conditions:
        yield from _possible(case)


def _issues(case: Case) -> Iterator[Finding]:
    for name, issue in case.issues.items():
        path = ("issues", name)
        options = [str(option) for option in issue.options]
        if name in RESERVED:
            yield Finding(path, f"'{name}' is a word of conditions, and cannot name an issue.", key=True)
        if issue.default not in issue.options:
            yield Finding((*path, "default"), no_option(name, issue, issue.default))
        if len(options) > OPTIONS_MOST:
            yield Finding((*path, "options"), f"{len(options)} options; an issue has at most {OPTIONS_MOST}.")
        yield from _once((*path, "options"), issue.options)
        for label in issue.labels:
            if label not in options:
                yield Finding((*path, "labels", label), no_option(name, issue, label), key=True)
    packages = math.prod(len(issue.options) for issue in case.issues.values())
    if packages > PACKAGES_MOST:
        yield Finding(("issues",), "more than 2^62 packages; drop an issue, or some options.", key=True)


def _once(path: DataPath, names: Iterable[object]) -> Iterator[Finding]:
    """Each name may stand in a list once."""
    seen = set()
    for at, name in enumerate(names):
        if name in seen:
            yield Finding((*path, at), f"{quoted(name)} stands in this list twice.")
        seen.add(name)


def _named_once(walked: Walked) -> Iterator[Finding]:
    """Each entry of a list of rules, slopes or weights has its own name, by which a dotted path finds it."""
    seen = set()
    for path, found in walked:
        if isinstance(found, Rule | Slope | Weight) and isinstance(path[-1], int):
            if (*path[:-1], item_name(found)) in seen:
                key = next(key for key in NAMES if hasattr(found, key))
                yield Finding((*path, key), f"'{item_name(found)}' names two entries of this list; rename one.")
            seen.add((*path[:-1], item_name(found)))


def _claims(case: Case, path: DataPath, found: Sourced) -> Iterator[Finding]:
    for at, claim in enumerate(found.source):
        if claim not in case.claims:
            where = "claims.yaml" if case.claims else "it has none; write them in claims.yaml"
            message = f"'{claim}' is no claim of this case ({where}).{did_you_mean(claim, list(case.claims))}"
            yield Finding((*path, "source", at), message)


def _word(case: Case, path: DataPath, found: CodebookNumber) -> Iterator[Finding]:
    if path[0] == "codebook":
        yield Finding(path, f"a word of the codebook stands for a number, not for another word ('{found}').")
    elif found.word not in case.codebook:
        never = [NEVER] if path[-1] == "price" else []
        yield Finding(path, unknown_name("word of the codebook", found.word, [*case.codebook, *never]))


def _same(case: Case, path: DataPath, found: SameAs) -> Iterator[Finding]:
    """A number may share the draw of another one that is there, and that may stand in its place."""
    if path[0] == "codebook":
        yield Finding(path, "a word of the codebook stands for a number of its own, not for another one.")
    elif found.path not in case.written:
        yield Finding(path, f"the case has no number '{found.path}'.{did_you_mean(found.path, list(case.written))}")
    else:
        try:
            meant = case.resolve(found)
        except KeyError:
            return  # further on, a number is the same as one that is not there: that one is reported
        except ValueError as circle:
            yield Finding(path, f"this number is said to be the same as itself: {circle}. Give one of them a value.")
        else:
            if math.inf in meant.range and path[-1] != "price":
                yield Finding(path, f"'{found.path}' may be never, which is a price of red lines alone.")


def _conditions(case: Case, walked: Walked, actors: Collection[str], before: Case) -> Iterator[Finding]:
    for path, found in walked:
        if path[-1:] in CONDITIONS and isinstance(found, Mapping):
            for inside, name, value in condition_entries(found):
                leaf = path + inside
                if name == ACCEPTED:
                    yield from _accepted(case, actors, path, leaf, value)
                elif name != DECLARED:
                    yield from _options(case, leaf, name, value)
                elif "red_lines" in path:
                    message = "a red line cannot ask for declared red lines: it might ask for itself. Name the issues."
                    yield Finding(leaf, message, key=True)
                else:
                    yield from _declares(before, actors, leaf, value)
    for name, actor in case.actors.items():
        asked = frozenset[str]().union(*(actors_asked_about(rule.when) for rule in actor.heeding_rules))
        if not actor.reacts_first and len(asked) > LISTENED_MOST:
            named = ", ".join(sorted(asked))
            message = f"its rules ask what {len(asked)} actors answer ({named}); {LISTENED_MOST} is the most."
            yield Finding(("actors", name, "preferences"), message, key=True)


def _accepted(case: Case, actors: Collection[str], path: DataPath, leaf: DataPath, value: object) -> Iterator[Finding]:
    """Only the preferences and sending rules of contributors may ask, and only about those who answer before them."""
    asking = case.actors.get(str(path[1])) if path[0] == "actors" else None
    if "red_lines" in path or path[0] != "actors":
        yield Finding(leaf, f"'{ACCEPTED}' belongs in the preferences or the 'when_sent' of a contributor.", key=True)
        return
    if asking is not None and asking.reacts_first:
        message = (
            f"'{path[1]}' is a {asking.role}, who answers before anybody's answer is known; only a contributor may ask."
        )
        yield Finding(leaf, message, key=True)
        return
    for at, named in enumerate(value) if isinstance(value, list | tuple) else [(None, value)]:
        where, name = leaf if at is None else (*leaf, at), str(named)
        if name not in actors:
            yield Finding(where, unknown_name("actor", name, actors))
        elif name in case.actors and not case.actors[name].reacts_first:
            message = f"'{name}' is a contributor, who answers at the same time; name actors who react first."
            yield Finding(where, message)


def _options(case: Case, path: DataPath, name: str, value: object) -> Iterator[Finding]:
    issue = case.issues.get(name)
    if issue is None:
        yield Finding(path, unknown_name("issue", name, case.issues), key=True)
        return
    for at, one in enumerate(value) if isinstance(value, list | tuple) else [(None, value)]:
        try:
            admitted_options(issue, one)
        except ValueError as error:
            yield Finding(path if at is None else (*path, at), no_option(name, issue, error.args[0]))


def _declares(case: Case, actors: Collection[str], path: DataPath, value: object) -> Iterator[Finding]:
    declaring = [name for name, actor in case.actors.items() if any(line.declared for line in actor.red_lines)]
    for at, name in enumerate(value) if isinstance(value, list | tuple) else [(None, value)]:
        leaf = path if at is None else (*path, at)
        if name not in actors:
            yield Finding(leaf, unknown_name("actor", name, actors))
        elif name not in declaring and name in case.actors:
            yield Finding(leaf, f"'{name}' has no red line with 'declared: true', so that this never holds.")


def _references(case: Case, walked: Walked) -> Iterator[Finding]:
    weighed = [*case.measures, *([DURABILITY] if case.durability else [])]
    if DURABILITY in case.measures:
        yield Finding(("measures", DURABILITY), "'durability' has its own part of the case file.", key=True)
    for path, found in walked:
        if isinstance(found, Slope) and found.context not in case.context:
            yield Finding((*path, "context"), unknown_name("context indicator", found.context, case.context))
        if isinstance(found, Weight) and found.measure not in weighed:
            yield Finding((*path, "measure"), unknown_name("measure", found.measure, weighed))
        if isinstance(found, Durability) and found.deterrence not in case.measures:
            yield Finding((*path, "deterrence"), unknown_name("measure", found.deterrence, case.measures))


def _consent(case: Case, actors: Collection[str]) -> Iterator[Finding]:
    for at, rule in enumerate(case.consent):
        path = ("consent", at)
        yield from actor_list_findings((*path, "needs"), rule.needs, actors)
        yield from actor_list_findings((*path, "veto"), rule.veto, actors)
        if rule.quorum is not None:
            members = len(rule.quorum.of)
            yield from actor_list_findings((*path, "quorum", "of"), rule.quorum.of, actors)
            if rule.quorum.at_least > members:
                message = f"{rule.quorum.at_least} must accept, but the list 'of' names only {members}."
                yield Finding((*path, "quorum", "at_least"), message)
        if rule.pledges is not None:
            yield from actor_list_findings((*path, "pledges", "from"), rule.pledges.from_, actors)
            yield from _pledges(case, actors, (*path, "pledges"), rule.pledges)


def actor_list_findings(path: DataPath, names: Sequence[str], actors: Collection[str]) -> Iterator[Finding]:
    """Each entry of a list is an actor of the case, and stands there once."""
    for at, name in enumerate(names):
        if name not in actors:
            yield Finding((*path, at), unknown_name("actor", name, actors))
    yield from _once(path, names)


def settings(path: DataPath, given: Mapping[str, float], case: Case) -> Iterator[Finding]:
    """Each indicator that an event sets is one of the case, and its value lies within its bounds."""
    for name, value in given.items():
        indicator = case.context.get(name)
        if indicator is None:
            yield Finding((*path, name), unknown_name("context indicator", name, case.context), key=True)
        elif not indicator.low <= value <= indicator.high:
            bounds = f"the bounds {indicator.low:g} to {indicator.high:g} of '{name}'"
            yield Finding((*path, name), f"{value:g} lies outside {bounds}.")


def _pledges(case: Case, actors: Collection[str], path: DataPath, pledges: Pledges) -> Iterator[Finding]:
    resources = sorted({resource for actor in case.actors.values() for resource in actor.capacities})
    issue = case.issues.get(pledges.cover)
    if issue is None:
        yield Finding((*path, "cover"), unknown_name("issue", pledges.cover, case.issues))
    elif not issue.numeric:
        message = f"the options of '{pledges.cover}' are words; pledges cover an issue whose options are numbers."
        yield Finding((*path, "cover"), message)
    if pledges.of not in resources and len(case.actors) == len(actors):
        yield Finding((*path, "of"), unknown_name("resource", pledges.of, resources))
        return
    for at, name in enumerate(pledges.from_):
        if name in case.actors and pledges.of not in case.actors[name].capacities:
            message = f"'{name}' has no capacity '{pledges.of}' to pledge; give it one in its file, or drop it here."
            yield Finding((*path, "from", at), message)


def _sizes(case: Case, walked: Walked) -> Iterator[Finding]:
    """Numbers that must lie on one side of 0, or within bounds."""
    for path, found in walked:
        for key, above in _NOT_NEGATIVE.get(type(found), ()):
            yield from _side(case, (*path, key), getattr(found, key), above)
        if isinstance(found, Indicator):
            yield from _bounds(case, path, found)


def _side(case: Case, path: DataPath, number: Number, above: bool) -> Iterator[Finding]:
    meant = _meant(case, number)
    if meant is None:
        return
    lowest = -math.inf if above and isinstance(meant, Normal) and meant.sd > 0 else meant.range[0]
    if lowest < 0 or (above and lowest == 0):
        limit = "above 0" if above else "0 or more"
        hint = " A normal number has no end; write {low, mode, high}." if math.isinf(lowest) else ""
        reach = "" if math.isinf(lowest) or isinstance(meant, Fixed) else f" (it goes down to {lowest:g})"
        yield Finding(path, f"this number must be {limit}{reach}.{hint}")


def _meant(case: Case, number: Number) -> Distribution | None:
    """What a number means; None if it names something that is not there, which is reported elsewhere."""
    if isinstance(number, CodebookNumber) and number.word not in case.codebook:
        return None
    try:
        return case.resolve(number)
    except (KeyError, ValueError):
        return None


def _bounds(case: Case, path: DataPath, found: Indicator) -> Iterator[Finding]:
    if found.low >= found.high:
        yield Finding((*path, "low"), f"low {found.low:g} is not below high {found.high:g}.")
        return
    start = _meant(case, found.start)
    if start is not None and not found.low <= start.range[0] <= start.range[1] <= found.high:
        reach = f"{start.range[0]:g}" if isinstance(start, Fixed) else f"{start.range[0]:g} to {start.range[1]:g}"
        yield Finding((*path, "start"), f"start {reach} lies outside the bounds {found.low:g} to {found.high:g}.")


def _possible(case: Case) -> Iterator[Finding]:
    breaches = constraint_findings(case, case.default)
    if breaches and none_possible(case):
        rules = ", ".join(f"'{one.rule}'" for one in case.constraints)
        yield Finding(("constraints",), f"the constraints ({rules}) leave no package at all.", key=True)
    else:
        for one in breaches:
            yield Finding(("issues",), f"the defaults together are {one.message}", key=True)
