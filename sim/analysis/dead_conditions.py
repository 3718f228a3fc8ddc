"""Conditions of a case that no possible package meets, or that every one meets, and what else can never count."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from textwrap import shorten
from typing import TypeAlias

import numpy as np

from sim.case.compiled_conditions import admitted_options, all_choices, condition_holds
from sim.case.conditions import ACCEPTED, ACTOR_KEYS, Condition, condition_entries, condition_in_words, is_weight
from sim.case.models import Case, Issue
from sim.engine.outcome_space import OutcomeSpace, Scope, Texts, scope

CHOICES_MOST = 2**16
"""A condition is tried on at most this many combinations of options; one that depends on more is not."""
OPTIONS_SHOWN = 80
"""The most characters of a list of options that a message shows."""
Place: TypeAlias = tuple[str, str]
"""A file of the case, and the dotted path of something in it."""


def dead_rules(case: Case) -> Iterator[tuple[Place, str]]:
    """Yield each place whose condition never, or always, holds, with what is wrong and what to do about it."""
    for place, when in _conditions(case):
        dead = list(_dead_entries(case, when))
        yield from ((place, message) for message in dead)
        if not dead and (message := _dead_as_a_whole(case, when)):
            yield place, message
    for index, constraint in enumerate(case.constraints):
        place = ("case.yaml", f"constraints.{constraint.rule}")
        texts = _choices(case, _reach(case, index))
        if texts is not None and not OutcomeSpace(case).breaks(index, texts).any():
            yield place, "this constraint excludes no package. Correct its 'when' or its 'then', or drop it."


def idle_audience_costs(case: Case) -> Iterator[tuple[Place, str]]:
    """Yield the audience costs of actors that have declared no red line, so that they can never be due."""
    for name, actor in case.actors.items():
        if actor.audience_cost is not None and not any(line.declared for line in actor.red_lines):
            message = (
                f"{actor.name} has declared no red line, so this is never due. Write 'declared: true' at a red line, "
                "or drop the audience cost."
            )
            yield (f"actors/{name}.yaml", "audience_cost"), message


def _conditions(case: Case) -> Iterator[tuple[Place, Condition]]:
    """The conditions of all rules except constraints, which may well exclude what they name."""
    for name, measure in case.measures.items():
        yield from ((("case.yaml", f"measures.{name}.rules.{rule.rule}"), rule.when) for rule in measure.rules)
    yield from ((("case.yaml", f"consent.{rule.rule}"), rule.when) for rule in case.consent)
    for name, actor in case.actors.items():
        lists = [("preferences", actor.preferences), ("red_lines", actor.red_lines)]
        lists += [
            (f"capacities.{resource}.when_sent", capacity.when_sent) for resource, capacity in actor.capacities.items()
        ]
        for part, rules in lists:
            yield from (((f"actors/{name}.yaml", f"{part}.{rule.rule}"), rule.when) for rule in rules)


def _dead_entries(case: Case, when: Condition) -> Iterator[str]:
    """The entries that admit no option of their issue, or all of them."""
    for path, name, entry in condition_entries(when):
        if name in ACTOR_KEYS or is_weight(path):
            continue
        issue = case.issues[name]
        for item in entry if isinstance(entry, list | tuple) else [entry]:
            if not admitted_options(issue, item).any():
                never = f"no option of '{name}' meets '{item}' ({_options(issue)}), so it never holds"
                yield f"{never}. Correct or drop it."
        if admitted_options(issue, entry).all():
            yield f"every option of '{name}' meets '{_written(entry)}', so it limits nothing. Correct or drop it."


def _options(issue: Issue) -> str:
    return shorten(", ".join(map(str, issue.options)), OPTIONS_SHOWN, placeholder="…")


def _written(entry: object) -> str:
    return ", ".join(map(str, entry)) if isinstance(entry, list | tuple) else str(entry)


def _dead_as_a_whole(case: Case, when: Condition) -> str | None:
    if not when or any(name == ACCEPTED for _, name, _ in condition_entries(when)):
        return None
    texts = _possible(case, scope(case, when))
    if texts is None or not len(texts):
        return None
    holds = condition_holds(when, case.issues, texts, case.actors)
    if not holds.any():
        return f"no possible package meets '{condition_in_words(when)}'. Correct the condition, or drop the rule."
    if holds.all():
        return f"every possible package meets '{condition_in_words(when)}'. Correct the condition, or drop it."
    return None


def _possible(case: Case, issues: Scope) -> Texts | None:
    """The possible choices on some issues and all that constraints tie to them; None if there are too many."""
    reached, constraints = set(issues), dict(enumerate(_reach(case, index) for index in range(len(case.constraints))))
    while tied := [index for index, own in constraints.items() if not reached.isdisjoint(own)]:
        reached.update(*(constraints.pop(index) for index in tied))
    texts = _choices(case, sorted(reached))
    if texts is None:
        return None
    space = OutcomeSpace(case)
    kept = [~space.breaks(index, texts) for index in range(len(case.constraints)) if index not in constraints]
    return texts[np.logical_and.reduce(kept)] if kept else texts


def _reach(case: Case, constraint: int) -> Scope:
    rule = case.constraints[constraint]
    return tuple(sorted({*scope(case, rule.when), *scope(case, rule.then)}))


def _choices(case: Case, issues: Sequence[int]) -> Texts | None:
    sizes = [len(list(case.issues.values())[issue].options) for issue in issues]
    return all_choices(case.issues, issues) if math.prod(sizes) <= CHOICES_MOST else None
