"""Validates the conditions of a case: their names must be known, and they may not depend on themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TypeAlias

from sim.case.base_models import CONDITIONS
from sim.case.compiled_conditions import admitted_options, named_option
from sim.case.conditions import ACCEPTED, DECLARED, actors_asked_about, condition_entries, is_weight
from sim.case.models import Case
from sim.case.packages import unknown_name, unknown_option
from sim.case.reading.source_map import Finding
from sim.case.reading.yaml_documents import DataPath

Walked: TypeAlias = Sequence[tuple[DataPath, object]]
"""All models and leaves of a case with their paths, from `walk`."""
ASKED_ABOUT_MOST = 4
"""The most actors whose answers a contributor's rules may depend on: the rules are read once for each set of them."""


def condition_findings(case: Case, walked: Walked, actors: Collection[str], original: Case) -> Iterator[Finding]:
    """Find names in conditions that the case does not have, and conditions that may not be used where they are.

    `walked` has all models and leaves of the case with their paths; the others are those of `case_findings`.
    """
    for path, value in walked:
        if path[-1:] in CONDITIONS and isinstance(value, Mapping):
            for inside, name, entry in condition_entries(value):
                place = path + inside
                if name == ACCEPTED:
                    yield from _accepted_by(case, actors, path, place, entry)
                elif is_weight(inside):
                    yield from _weight(case, place, name, entry)
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
                f"its rules depend on the answers of {len(asked)} actors ({listed}); at most {ASKED_ABOUT_MOST} may."
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


def _weight(case: Case, path: DataPath, name: str, weight: object) -> Iterator[Finding]:
    """An issue in a sum has a weight if its options are numbers, and points of its options in any case."""
    issue = case.issues.get(name)
    if issue is None:
        yield Finding(path, unknown_name("issue", name, case.issues), key=True)
    elif isinstance(weight, Mapping):
        for option in weight:
            try:
                named_option(issue, option)
            except ValueError:
                yield Finding((*path, option), unknown_option(name, issue, option), key=True)
    elif not issue.numeric:
        fix = f"give each option its points, such as {{{issue.options[-1]}: {weight}}}"
        yield Finding(path, f"the options of '{name}' are words, which no weight can multiply; {fix}.")


def _declared_red_line(case: Case, actors: Collection[str], path: DataPath, entry: object) -> Iterator[Finding]:
    declaring = [name for name, actor in case.actors.items() if any(line.declared for line in actor.red_lines)]
    for place, name in _items(path, entry):
        if name not in actors:
            yield Finding(place, unknown_name("actor", name, actors))
        elif name not in declaring and name in case.actors:
            yield Finding(place, f"'{name}' has no red line with 'declared: true', so this never holds.")
