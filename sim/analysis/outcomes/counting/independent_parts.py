"""Splits the issues of a case into parts that do not affect each other, at central values.

Two issues belong to the same part if a constraint, the condition of a consent rule, or the answer of an actor depends
on both. An answer depends on the issues of the actor's red lines and preferences, of the rules on what it sends, and of
the measures that it weighs; if the actor answers last, also on everything on which the answers depend that it heeds.

So each of these depends on the issues of one part alone, whatever the other issues are: a part can be judged with all
other issues at their defaults, and the possible packages of the case are all combinations of the possible choices of
its parts. (A constraint on other issues holds there, because the defaults are a possible package.)
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sim.case.models import Case
from sim.engine.drawn_parameters import ActorParameters, DrawnParameters
from sim.engine.measures import DURABILITY
from sim.engine.outcome_space import scope
from sim.engine.rule_matrix import (
    CONSENT,
    LINES,
    MEASURES,
    NOBODY,
    PREFERENCES,
    SENDING,
    Bools,
    CompiledRules,
    Section,
    heeded_actors,
)

Issues = frozenset[int]
"""Some issues, by their indices in the case."""


@dataclass(frozen=True)
class Part:
    """Issues that hang together, and what depends on them.

    Parameters
    ----------
    issues : issue to its index in the case, in its order; none for what depends on no issue
    actors : the actors whose answers depend on them
    rules : the names of the consent rules whose conditions depend on them
    tied_by : in words, what depends on several of them
    packages : how many choices there are on these issues, possible or not
    """

    issues: Mapping[str, int]
    actors: tuple[str, ...]
    rules: tuple[str, ...]
    tied_by: tuple[str, ...]
    packages: int


def independent_parts(compiled_rules: CompiledRules, drawn_parameters: DrawnParameters) -> list[Part]:
    """Split the issues of a case into as many parts as possible, in the order of their first issues."""
    case = compiled_rules.case
    actors = dict(_answers(compiled_rules, drawn_parameters))
    applies = compiled_rules.scopes[compiled_rules.sections[CONSENT, "", NOBODY]]
    rules = {rule.rule: frozenset(read) for rule, read in zip(case.consent, applies, strict=True)}
    reads = [(f"the constraint '{rule.rule}'", _constraint(case, at)) for at, rule in enumerate(case.constraints)]
    reads += [(case.actors[name].name, read) for name, read in actors.items()]
    reads += [(f"the condition of the consent rule '{name}'", read) for name, read in rules.items()]
    groups = _groups(len(case.issues), [read for _, read in reads])
    if not all([*actors.values(), *rules.values()]):
        groups = [Issues(), *groups]
    sizes = [len(issue.options) for issue in case.issues.values()]
    return [
        Part(
            issues={name: index for index, name in enumerate(case.issues) if index in group},
            actors=tuple(name for name, read in actors.items() if _belongs(read, group)),
            rules=tuple(name for name, read in rules.items() if _belongs(read, group)),
            tied_by=tuple(what for what, read in reads if len(read) > 1 and read <= group),
            packages=math.prod(sizes[issue] for issue in group),
        )
        for group in groups
    ]


def heeded_first(case: Case, name: str) -> frozenset[str]:
    """Return the actors whose answers an actor knows when it answers, and heeds."""
    return frozenset(other for other in heeded_actors(case.actors[name]) if case.actors[other].reacts_first)


def _belongs(read: Issues, group: Issues) -> bool:
    return read <= group if read else not group


def _groups(issues: int, reads: Iterable[Issues]) -> list[Issues]:
    groups = [Issues([issue]) for issue in range(issues)]
    for read in reads:
        touched = [group for group in groups if not group.isdisjoint(read)]
        groups = [group for group in groups if group.isdisjoint(read)]
        groups += [Issues().union(*touched)] if touched else []
    return sorted(groups, key=min)


def _constraint(case: Case, index: int) -> Issues:
    rule = case.constraints[index]
    return frozenset({*scope(case, rule.when), *scope(case, rule.then)})


def _answers(compiled_rules: CompiledRules, drawn_parameters: DrawnParameters) -> Iterator[tuple[str, Issues]]:
    """Yield each actor with the issues on which its answer depends."""
    case = compiled_rules.case
    own = {
        parameters.name: _own(compiled_rules, drawn_parameters, parameters)
        for parameters in drawn_parameters.actor_parameters
    }
    for name, read in own.items():
        yield name, read.union(*(own[other] for other in heeded_first(case, name)))


def _own(compiled_rules: CompiledRules, drawn_parameters: DrawnParameters, parameters: ActorParameters) -> Issues:
    """Return the issues on which an answer depends by the actor's own rules, without those that add no points."""
    name, measures = parameters.name, drawn_parameters.measure_parameters
    parts: list[tuple[Section, Bools]] = [
        ((LINES, name, NOBODY), parameters.nevers[0] | (parameters.prices[0] != 0)),
        ((PREFERENCES, name, NOBODY), parameters.points[0] != 0),
    ]
    for resource, points in parameters.sending.items():
        parts.append(((SENDING, f"{name}.{resource}", NOBODY), points[0] != 0))
    for weight, number in zip(parameters.actor.weighs, parameters.weights[0], strict=True):
        durability = drawn_parameters.case.durability
        measure = durability.deterrence if durability and weight.measure == DURABILITY else weight.measure
        if number:
            parts.append(((MEASURES, measure, NOBODY), measures.points[measure][0] != 0))
    return frozenset(
        issue
        for section, counts in parts
        for read, count in zip(compiled_rules.scopes[compiled_rules.sections[section]], counts, strict=True)
        if count
        for issue in read
    )
