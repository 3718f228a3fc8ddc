"""A case as a scenario of NegMAS: a folder with one file of issues and one of utilities per actor.

An actor's utility is the value of a package to it, without its reservation value, at central values and before the
first month: the points of its preferences, weight times measure, and minus the prices of red lines. Each of these adds
its points if a condition holds, and a condition is a set of choices on the issues that it mentions. If each condition
mentions one issue, the utility is linear additive; otherwise it is a sum over hyper-rectangles with one value per
issue, because NegMAS takes two numbers in a list for the ends of a range. Both are exact: points are multiples of
2^-20, so their sums are exact in any order.

Rules without such a form are reported as errors, or left out on request.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

import numpy as np

from sim.analysis.interchange.negmas import LINEAR, RECTANGLES
from sim.analysis.subject import Subject, Target, case_of, subject_of
from sim.case.compiled_conditions import all_choices, condition_holds
from sim.case.conditions import Condition, Option, actors_asked_about
from sim.case.models import Case, Issue, Scenario
from sim.case.reading.yaml_documents import to_yaml
from sim.engine.drawn_parameters import ActorParameters, DrawnParameters
from sim.engine.measures import DURABILITY, HIGHEST, LOWEST, MeasureParameters, Situation
from sim.engine.outcome_space import OutcomeSpace, Texts, scope
from sim.engine.rule_matrix import Bools
from sim.engine.worlds import Central, Worlds
from sim.errors import UsageError
from sim.negotiation.answers.evaluation import number
from sim.negotiation.context import start

FORMAT = "parley.export/1"
DOMAIN = "domain.yml"
BOXES_MOST = 20_000
"""The most hyper-rectangles in an actor's utility."""
CHOICES_MOST = 2**20
"""The most choices on the issues of one condition, or of one measure, that are written out."""
Box = tuple[tuple[int, int], ...]
"""A hyper-rectangle: (issue, option) pairs that must all hold. The empty one always holds."""


class ExportNote(TypedDict):
    """A part of the case that NegMAS cannot express, and why."""

    path: str
    why: str


class ExportedActor(TypedDict):
    """The file and the form of an actor's utility."""

    name: str
    file: str
    utility: str
    rectangles: int
    reserved_value: float


class ExportReport(Subject):
    """What an export did, as plain data (`docs/reference/json.md`)."""

    format: str
    to: str
    packages: int
    actors: dict[str, ExportedActor]
    dropped: list[ExportNote]
    left_out: list[ExportNote]


@dataclass(frozen=True)
class ExportedDomain:
    """The files of a scenario of NegMAS, by name, and the report on the export."""

    files: Mapping[str, str]
    report: ExportReport


def export(target: Target, *, drop: bool = False) -> ExportedDomain:
    """Write a case as a scenario of NegMAS.

    `drop` leaves out what NegMAS cannot express. Raises UsageError naming every rule that NegMAS cannot express, unless
    they are left out.
    """
    case = case_of(target)
    worlds = Worlds(case, Central())
    drawn_parameters, now = DrawnParameters.draw(worlds), Situation(start(worlds), None, 1, {})
    dropped = [_note(f"constraints.{rule.rule}", "NegMAS has no constraints on outcomes") for rule in case.constraints]
    files, actors = {DOMAIN: to_yaml(_domain(case))}, dict[str, ExportedActor]()
    for index, parameters in enumerate(drawn_parameters.actor_parameters, 1):
        boxes, notes = _utility(case, parameters, drawn_parameters.measure_parameters)
        dropped += notes
        reserved = float(parameters.reservation(now)[0, 0])
        data = {"name": parameters.name, "reserved_value": reserved, **_function(case, boxes)}
        name = f"{index:02}_{parameters.name}.yml"
        files[name] = to_yaml(data)
        actors[parameters.name] = {
            "name": parameters.actor.name,
            "file": name,
            "utility": data["type"],
            "rectangles": len(data.get("utilities", ())),
            "reserved_value": number(reserved),
        }
    if dropped and not drop:
        lines = "".join(f"\n  {note['path']}: {note['why']}" for note in dropped)
        raise UsageError(f"NegMAS cannot express these rules of case '{case.id}'; --drop leaves them out:{lines}")
    report: ExportReport = {
        "format": FORMAT,
        **subject_of(target),
        "to": "negmas",
        "packages": OutcomeSpace(case).count,
        "actors": actors,
        "dropped": dropped,
        "left_out": list(_left_out(target)),
    }
    return ExportedDomain(files, report)


def _note(path: str, why: str) -> ExportNote:
    return {"path": path, "why": why}


def _utility(
    case: Case, parameters: ActorParameters, measure_parameters: MeasureParameters
) -> tuple[list[tuple[Box, float]], list[ExportNote]]:
    """The parts whose sum is an actor's utility, and notes on its rules that have no such form."""
    root, actor = f"actors.{parameters.name}", parameters.actor
    parts: list[tuple[str, Condition, float]] = []
    notes = []
    for rule, points in zip(case.preferences[parameters.name], parameters.points[0].tolist(), strict=True):
        path = rule.number.removesuffix(".points")
        if not actor.reacts_first and actors_asked_about(rule.when):
            notes.append(_note(path, "it depends on what others have just answered, which a utility does not know"))
        else:
            parts.append((path, rule.when, points))
    for weighed, weight in zip(actor.weighs, parameters.weights[0].tolist(), strict=True):
        name, path = weighed.measure, f"{root}.weighs.{weighed.measure}"
        if name == DURABILITY:
            notes.append(_note(path, "durability is a logistic curve, not a sum"))
        elif weight and _clipped(case, name, measure_parameters):
            notes.append(_note(path, f"'{name}' is clipped to {LOWEST:g} to {HIGHEST:g}, which affects some packages"))
        else:
            rules = zip(case.measure_rules[name], measure_parameters.points[name][0].tolist(), strict=True)
            parts.append((path, {}, weight * float(measure_parameters.base[name][0, 0])))
            parts += [(path, rule.when, weight * points) for rule, points in rules]
    for line, price, never in zip(actor.red_lines, parameters.prices[0].tolist(), parameters.nevers[0], strict=True):
        path = f"{root}.red_lines.{line.rule}"
        if never:
            notes.append(_note(path, "it has no price, and utilities are finite"))
        else:
            parts.append((path, line.when, -price))
    totals: dict[Box, float] = {}
    for path, condition, points in parts:
        for box in _boxes(case, condition) if points else ():
            totals[box] = totals.get(box, 0.0) + points
        if len(totals) > BOXES_MOST:
            raise UsageError(f"{path}: with this rule, the utility is a sum over more than {BOXES_MOST:,} rectangles.")
    return list(totals.items()), notes


@dataclass(frozen=True)
class _Choices:
    """All choices on the issues that some conditions mention. The other issues have their first option."""

    case: Case
    issues: Sequence[int]
    texts: Texts

    @classmethod
    def of(cls, case: Case, conditions: Sequence[Condition]) -> _Choices:
        """List the choices that some conditions mention; raise UsageError if there are too many."""
        issues = sorted({issue for condition in conditions for issue in scope(case, condition)})
        if math.prod(OutcomeSpace(case).sizes[issues].tolist()) > CHOICES_MOST:
            names = ", ".join(sorted(list(case.issues)[issue] for issue in issues))
            raise UsageError(
                f"rules about {names} together have more than {CHOICES_MOST:,} choices, too many to write out."
            )
        return cls(case, issues, all_choices(case.issues, issues))

    def holds(self, condition: Condition) -> Bools:
        """Return (choice,) bool, whether a condition holds."""
        return condition_holds(condition, self.case.issues, self.texts, self.case.actors)


def _boxes(case: Case, condition: Condition) -> Iterator[Box]:
    """The choices, on the issues that a condition mentions, for which it holds."""
    choices = _Choices.of(case, [condition])
    for text in choices.texts[choices.holds(condition)].tolist():
        yield tuple((issue, text[issue]) for issue in choices.issues)


def _clipped(case: Case, name: str, measure_parameters: MeasureParameters) -> bool:
    """Whether the rules of a measure lead out of its bounds for some package."""
    rules = case.measure_rules[name]
    choices = _Choices.of(case, [rule.when for rule in rules])
    score = np.full(len(choices.texts), measure_parameters.base[name][0, 0])
    for rule, points in zip(rules, measure_parameters.points[name][0].tolist(), strict=True):
        score += points * choices.holds(rule.when)
    return bool(score.min() < LOWEST or score.max() > HIGHEST)


def _domain(case: Case) -> dict[str, Any]:
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
    """The options of an issue. If some numbers have decimals, all get them, as NegMAS requires."""
    if issue.numeric and any(isinstance(option, float) for option in issue.options):
        return [float(option) for option in issue.options]
    return list(issue.options)


def _function(case: Case, boxes: Sequence[tuple[Box, float]]) -> dict[str, Any]:
    """A utility in NegMAS's keys: linear additive if possible, else over hyper-rectangles."""
    values = [_values(issue) for issue in case.issues.values()]
    bias = sum(points for box, points in boxes if not box)
    if all(len(box) <= 1 for box, _ in boxes):
        tables: list[dict[Option, float]] = [dict.fromkeys(options, 0.0) for options in values]
        for box, points in boxes:
            for issue, option in box:
                tables[issue][values[issue][option]] += points
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
        "outcome_ranges": [{issue: values[issue][option] for issue, option in box} for box, _ in rectangles],
        "utilities": [points for _, points in rectangles],
    }


def _left_out(target: Target) -> Iterator[ExportNote]:
    """The parts of a case besides issues and utilities, for which a scenario of NegMAS has no place."""
    case = case_of(target)
    everybody = any(not rule.when and set(rule.needs) == set(case.actors) for rule in case.consent)
    if not everybody or len(case.consent) > 1:
        yield _note("consent", "in NegMAS every negotiator of a mechanism has to agree")
    for name, actor in case.actors.items():
        if actor.aspiration is not None:
            yield _note(f"actors.{name}.aspiration", "a negotiator brings its own way of conceding")
        for resource, capacity in actor.capacities.items():
            path = f"actors.{name}.capacities.{resource}"
            yield _note(path, "NegMAS has no pledges")
            if capacity.when_sent:
                yield _note(f"{path}.when_sent", "in NegMAS nobody decides what to send")
    if any(number.distribution.range[0] != number.distribution.range[1] for number in case.numbers.values()):
        yield _note("ranges of numbers", "central values are written")
    if case.context:
        yield _note("context", "reserved values are those before the first month")
    if isinstance(target, Scenario):
        yield _note("proposal and protocol", "a mechanism brings its own")
