"""A case as a scenario of NegMAS: a folder with a file of issues and one of utilities an actor.

What an actor has of a package, without its reservation value, becomes its utility, at central values and before the
first month: the points of its preferences, weight times measure, and, negative, the prices of red lines. Each of these
adds its points where a condition holds, and a condition is a set of choices on the issues that it mentions. If each
mentions one issue, the utility is linear additive; if not, it is a sum over hyper-rectangles, of one value an issue,
since NegMAS takes two numbers in a list for the ends of a range. Both are exact: points are multiples of 2^-20, so that
their sums are exact in every order.

What has no such form is refused by name, or left out where that is asked for.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from sim.analysis.interchange.negmas import LINEAR, RECTANGLES
from sim.analysis.subject import Target, case_of, subject_of
from sim.case.conditions import (
    ACTOR_KEYS,
    NOTHING_KNOWN,
    Condition,
    KnownAnswers,
    Option,
    actors_asked_about,
    compile_condition,
    condition_entries,
    declared_line_owners,
)
from sim.case.models import Case, Issue, Scenario
from sim.case.reading.yaml_documents import to_yaml
from sim.engine.drawn_parameters import DrawnParameters
from sim.engine.measures import DURABILITY, HIGHEST, LOWEST, MeasureParameters, Situation
from sim.engine.outcome_space import OutcomeSpace, Texts
from sim.engine.rule_matrix import Bools
from sim.engine.verdict_rules import ActorParameters
from sim.engine.worlds import Central, Worlds
from sim.errors import UsageError
from sim.negotiation.context import start
from sim.negotiation.evaluation import number

FORMAT = "parley.export/1"
DOMAIN = "domain.yml"
BOXES_MOST = 20_000
"""An actor's utility is a sum over at most so many hyper-rectangles."""
CHOICES_MOST = 2**20
"""So many choices on the issues of one condition, or of one measure, are written out at most."""
Box = tuple[tuple[int, int], ...]
"""(issue, option) pairs that must all hold; empty holds always."""


@dataclass(frozen=True)
class ExportNote:
    """Something of the case that NegMAS cannot say, and why."""

    path: str
    why: str


@dataclass(frozen=True)
class ExportedDomain:
    """The files of a scenario of NegMAS, by name, and what was done, as plain data (`docs/reference/json.md`)."""

    files: Mapping[str, str]
    told: Mapping[str, Any]


def export(target: Target, *, drop: bool = False) -> ExportedDomain:
    """Write a case as a scenario of NegMAS.

    Parameters
    ----------
    target : a case, or a scenario for its case with the scenario's changes
    drop : whether to leave out what NegMAS cannot say

    Raises
    ------
    UsageError
        naming every rule that NegMAS cannot say, unless they are left out
    """
    case = case_of(target)
    worlds = Worlds(case, Central())
    drawn_parameters, now = DrawnParameters.draw(worlds), Situation(start(worlds), None, 1, {})
    refused = [
        ExportNote(f"constraints.{one.rule}", "NegMAS has no constraints on outcomes") for one in case.constraints
    ]
    files, actors = {DOMAIN: to_yaml(_domain(case))}, {}
    for at, parameters in enumerate(drawn_parameters.actor_parameters, 1):
        boxes, notes = _utility(case, parameters, drawn_parameters.measure_parameters)
        refused += notes
        reserved = float(parameters.reservation(now)[0, 0])
        data = {"name": parameters.name, "reserved_value": reserved, **_function(case, boxes)}
        name = f"{at:02}_{parameters.name}.yml"
        files[name] = to_yaml(data)
        actors[parameters.name] = {
            "name": parameters.actor.name,
            "file": name,
            "utility": data["type"],
            "rectangles": len(data.get("utilities", ())),
            "reserved_value": number(reserved),
        }
    if refused and not drop:
        listed = "".join(f"\n  {one.path}: {one.why}" for one in refused)
        raise UsageError(f"NegMAS cannot say these rules of case '{case.id}'; --drop leaves them out:{listed}")
    told = {
        "format": FORMAT,
        **subject_of(target),
        "to": "negmas",
        "packages": OutcomeSpace(case).count,
        "actors": actors,
        "dropped": [asdict(one) for one in refused],
        "left_out": [asdict(one) for one in _beyond(target)],
    }
    return ExportedDomain(files, told)


def _utility(
    case: Case, parameters: ActorParameters, measure_parameters: MeasureParameters
) -> tuple[list[tuple[Box, float]], list[ExportNote]]:
    """What an actor's utility is the sum of, and what of it has no such form."""
    path, actor = f"actors.{parameters.name}", parameters.actor
    parts: list[tuple[str, Condition, float]] = []
    notes = []
    for rule, points in zip(actor.preferences, parameters.points[0].tolist(), strict=True):
        at = f"{path}.preferences.{rule.rule}"
        if not actor.reacts_first and actors_asked_about(rule.when):
            notes.append(ExportNote(at, "it asks what others have just answered, and a utility knows of no answers"))
        else:
            parts.append((at, rule.when, points))
    for weighed, weight in zip(actor.weighs, parameters.weights[0].tolist(), strict=True):
        name, at = weighed.measure, f"{path}.weighs.{weighed.measure}"
        if name == DURABILITY:
            notes.append(ExportNote(at, "durability is a logistic curve, and no sum"))
        elif weight and _cut(case, name, measure_parameters):
            notes.append(
                ExportNote(at, f"'{name}' is kept within {LOWEST:g} and {HIGHEST:g}, which some packages need")
            )
        else:
            rules = zip(case.measures[name].rules, measure_parameters.points[name][0].tolist(), strict=True)
            parts.append((at, {}, weight * float(measure_parameters.base[name][0, 0])))
            parts += [(at, rule.when, weight * points) for rule, points in rules]
    for line, price, never in zip(actor.red_lines, parameters.prices[0].tolist(), parameters.nevers[0], strict=True):
        at = f"{path}.red_lines.{line.rule}"
        if never:
            notes.append(ExportNote(at, "no price buys it, and utilities are finite"))
        else:
            parts.append((at, line.when, -price))
    summed: dict[Box, float] = {}
    for at, condition, points in parts:
        for box in _boxes(case, condition) if points else ():
            summed[box] = summed.get(box, 0.0) + points
        if len(summed) > BOXES_MOST:
            raise UsageError(f"{at}: with this rule, the utility is a sum over more than {BOXES_MOST:,} rectangles.")
    return list(summed.items()), notes


@dataclass(frozen=True)
class _Choices:
    """Every choice on the issues that some conditions mention; the other issues are at their first option.

    Parameters
    ----------
    case : the case
    issues : the indices of the issues
    texts : (choice, issue) uint8
    heard : whose declared red lines are crossed; nobody has answered yet
    """

    case: Case
    issues: Sequence[int]
    texts: Texts
    heard: KnownAnswers

    @classmethod
    def of(cls, case: Case, conditions: Sequence[Condition]) -> _Choices:
        """Write out the choices that some conditions are about; UsageError if there are too many."""
        declared = {
            name: [line.when for line in case.actors[name].red_lines if line.declared]
            for name in frozenset[str]().union(*map(declared_line_owners, conditions))
        }
        asked = [*conditions, *(one for lines in declared.values() for one in lines)]
        mentioned = {key for one in asked for _, key, _ in condition_entries(one)} - set(ACTOR_KEYS)
        issues = [at for at, name in enumerate(case.issues) if name in mentioned]
        sizes = OutcomeSpace(case).sizes[issues].tolist()
        if math.prod(sizes) > CHOICES_MOST:
            names = ", ".join(sorted(mentioned))
            raise UsageError(f"what is said of {names} together is more than {CHOICES_MOST:,} cases, one by one.")
        texts = np.zeros((math.prod(sizes), len(case.issues)), dtype=np.uint8)
        if issues:
            texts[:, issues] = np.indices(sizes).reshape(len(sizes), -1).T
        crossed = {
            name: np.logical_or.reduce([compile_condition(one, case.issues)(texts, NOTHING_KNOWN) for one in lines])
            for name, lines in declared.items()
        }
        return cls(case, issues, texts, KnownAnswers(crossed))

    def holds(self, condition: Condition) -> Bools:
        """(choice,) bool, whether a condition holds."""
        return compile_condition(condition, self.case.issues)(self.texts, self.heard)


def _boxes(case: Case, condition: Condition) -> Iterator[Box]:
    """The choices on the issues that a condition mentions with which it holds."""
    choices = _Choices.of(case, [condition])
    for text in choices.texts[choices.holds(condition)].tolist():
        yield tuple((at, text[at]) for at in choices.issues)


def _cut(case: Case, name: str, measure_parameters: MeasureParameters) -> bool:
    """Whether the rules of a measure take some package out of its bounds."""
    rules = case.measures[name].rules
    choices = _Choices.of(case, [rule.when for rule in rules])
    score = np.full(len(choices.texts), measure_parameters.base[name][0, 0])
    for rule, points in zip(rules, measure_parameters.points[name][0].tolist(), strict=True):
        score += points * choices.holds(rule.when)
    return bool(score.min() < LOWEST or score.max() > HIGHEST)


def _domain(case: Case) -> dict[str, Any]:
    """The file of the issues."""
    return {
        "name": case.id,
        "type": "DiscreteCartesianOutcomeSpace",
        "issues": [
            {
                "name": name,
                "type": "DiscreteCardinalIssue" if issue.numeric else "CategoricalIssue",
                "values": _values(issue),
            }
            for name, issue in case.issues.items()
        ],
    }


def _values(issue: Issue) -> list[Option]:
    """The options of an issue; where some numbers have decimals, all of them do, as NegMAS wants it."""
    if issue.numeric and any(isinstance(option, float) for option in issue.options):
        return [float(option) for option in issue.options]
    return list(issue.options)


def _function(case: Case, boxes: Sequence[tuple[Box, float]]) -> dict[str, Any]:
    """A utility in NegMAS's keys: linear additive if it can be, else over hyper-rectangles."""
    values = [_values(issue) for issue in case.issues.values()]
    bias = sum(points for box, points in boxes if not box)
    if all(len(box) <= 1 for box, _ in boxes):
        tables: list[dict[Option, float]] = [dict.fromkeys(options, 0.0) for options in values]
        for box, points in boxes:
            for at, option in box:
                tables[at][values[at][option]] += points
        return {
            "type": LINEAR,
            "bias": bias,
            "values": [{"type": "TableFun", "mapping": table} for table in tables],
            "weights": [1.0] * len(tables),
        }
    rectangles = [(box, points) for box, points in boxes if box]
    return {
        "type": RECTANGLES,
        "bias": bias,
        "outcome_ranges": [{at: values[at][option] for at, option in box} for box, _ in rectangles],
        "utilities": [points for _, points in rectangles],
    }


def _beyond(target: Target) -> Iterator[ExportNote]:
    """What a case says besides issues and utilities: a scenario of NegMAS has no place for it."""
    case = case_of(target)
    everybody = any(not rule.when and set(rule.needs) == set(case.actors) for rule in case.consent)
    if not everybody or len(case.consent) > 1:
        yield ExportNote("consent", "every negotiator of a mechanism has to agree there")
    for name, actor in case.actors.items():
        if actor.aspiration is not None:
            yield ExportNote(f"actors.{name}.aspiration", "a negotiator brings its own concession")
        for resource, capacity in actor.capacities.items():
            path = f"actors.{name}.capacities.{resource}"
            yield ExportNote(path, "there are no pledges there")
            if capacity.when_sent:
                yield ExportNote(f"{path}.when_sent", "there nobody decides what to send")
    if any(number.distribution.range[0] != number.distribution.range[1] for number in case.numbers.values()):
        yield ExportNote("ranges of numbers", "central values are written")
    if case.context:
        yield ExportNote("context", "reserved values are those before the first month")
    if isinstance(target, Scenario):
        yield ExportNote("proposal and protocol", "a mechanism brings its own")
