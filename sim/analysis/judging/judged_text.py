"""What a verdict judges: which text, in which month of the talks, with which changes and events.

A scenario's changes always apply. Its events apply from their month on. Without a month, a text is judged as talks
open, take it or leave it. With a month, it is the text that is on the table in that month, unless another is named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeAlias, TypedDict

import numpy as np

from sim.analysis.subject import Target, case_of
from sim.arguments import whole_number
from sim.case.models import Adjustment, Case, Event, Package, Scenario
from sim.case.packages import package
from sim.engine.outcome_space import OutcomeSpace, Texts
from sim.engine.responses import collect_responses
from sim.engine.rule_matrix import CompiledRules
from sim.engine.verdict_rules import Verdict, judge
from sim.engine.worlds import Central, Uniforms
from sim.errors import UsageError
from sim.negotiation.answers.evaluation import Evaluation
from sim.negotiation.answers.evaluation_context import EvaluationContext
from sim.negotiation.drafting.expected_answers import Author
from sim.negotiation.record.history import Run
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import TargetLike, as_target

AskedMonth: TypeAlias = int | Literal["end"] | None
"""A month of the talks, the month in which they end, or None for take it or leave it as talks open."""
AskedText: TypeAlias = Literal["opening", "month"] | None
"""The text that opens the talks, or the text on the table in the month; None for the latter if there is a month."""


JudgedKind: TypeAlias = Literal["tabled", "month", "proposed", "default", "every", "talks"]
"""The proposal as its sponsor tables it, the text on the table in a month, a text with other terms, the defaults of a
case, every possible package, or the talks from their first text to their last."""


class JudgedEvent(TypedDict):
    """An event of the talks."""

    month: int
    says: str


class JudgedChange(TypedDict):
    """A number that differs from the files of the case."""

    path: str
    says: str | None
    value: object


class Judged(TypedDict):
    """What a verdict judges (`docs/reference/json.md`)."""

    text: JudgedKind
    text_month: int | None
    moment: Literal["opening", "month", "end"]
    month: int | None
    months: int | None
    holding_out: bool
    events_passed: list[JudgedEvent]
    events_to_come: list[JudgedEvent]
    changes: list[JudgedChange]


@dataclass(frozen=True)
class JudgedText:
    """A text and what is needed to judge it, at central values or in other worlds.

    Parameters
    ----------
    target : the case or the scenario
    judged : what is judged, as plain data
    text : (issue,) uint8
    adjusted : the numbers in the text that took their nearest option
    context : at central values
    evaluation : of the text at central values
    authors : the actors whose own offer it is; they accept it, whatever their rules say
    """

    target: Target
    judged: Judged
    text: Texts
    adjusted: tuple[Adjustment, ...]
    context: EvaluationContext
    evaluation: Evaluation
    authors: frozenset[str] = frozenset()

    def in_worlds(self, uniforms: Uniforms) -> Evaluation:
        """Judge the text in other worlds, in the same month."""
        context = context_of(self.target, uniforms, self.context.month, self.context.compiled_rules)
        evaluation = context.evaluate(self.text[None])
        if not self.authors:
            return evaluation
        respondents = [
            Author(parameters) if name in self.authors else parameters
            for name, parameters in evaluation.actor_parameters.items()
        ]
        responses = collect_responses(context.case, respondents, evaluation.matrix, evaluation.situation)
        return Evaluation(
            evaluation.compiled_rules,
            evaluation.actor_parameters,
            evaluation.matrix,
            evaluation.situation,
            responses,
            evaluation.measure_parameters,
        )


def judge_text(
    target: Target,
    propose: Mapping[str, object] | None = None,
    month: AskedMonth = None,
    text: AskedText = None,
    context: EvaluationContext | None = None,
) -> JudgedText:
    """Find the text that a question is about, and judge it.

    Parameters
    ----------
    target : a case (its defaults are the package) or a scenario (its proposal is)
    propose : issue to option, on top of that
    month : of the scenario's talks; ``"end"`` for the month in which they end at central values; None for take it or
        leave it, as talks open
    text : which text is judged in that month; None for the text on the table then, unless `propose` names another
    context : of the target at central values, as talks open, where it exists already

    Raises
    ------
    UsageError
        if the month lies outside the talks, or a case has none
    CaseError
        if the package is impossible
    """
    if month is not None and month != "end":
        month = whole_number(month, "month")
    if text == "month" and (month is None or propose):
        raise UsageError("The text on the table needs a month, and no other text. Give a month, and propose nothing.")
    if month is not None and not isinstance(target, Scenario):
        raise UsageError("A case has no months. Name a scenario, or leave out the month.")
    on_table = isinstance(target, Scenario) and month is not None and not propose and text != "opening"
    run = play(target) if isinstance(target, Scenario) and (on_table or month == "end") else None
    number = len(run.months) if run is not None and month == "end" else month
    assert number != "end"  # a case has no months, as checked above
    context = context or context_of(target, Central(), number)
    space = OutcomeSpace(context.case)
    about = partial(describe_judged, target, propose, month, number)
    if run is not None and on_table and number is not None:
        return _on_table(target, run, context, number, about)
    whole, adjusted = proposed(target, propose or {})
    encoded = space.encode(whole)
    return JudgedText(target, about(None), encoded, adjusted, context, context.evaluate(encoded[None]).one())


def judged_at(
    target: TargetLike,
    propose: Mapping[str, object] | None = None,
    month: AskedMonth = None,
    text: AskedText = None,
) -> Judged:
    """Say what a verdict judges: see `judge_text`."""
    return judge_text(as_target(target), propose, month, text).judged


def _on_table(target: Target, run: Run, context: EvaluationContext, month: int, about: partial[Judged]) -> JudgedText:
    """The text on the table in a month of talks that were played; after their end, the last one."""
    played = min(month, len(run.months))
    evaluation = run.months[played - 1].evaluation.one()
    authors = frozenset(
        name
        for name, answer in evaluation.responses.answers.items()
        if answer.accepts[0, 0]
        and judge(answer.surplus, answer.never, answer.price, answer.aspiration)[0, 0] != Verdict.ACCEPT
    )
    text: Texts = np.array(evaluation.matrix.texts[0])
    found = JudgedText(target, about(played), text, (), context, evaluation, authors)
    if played == month:
        return found
    after_the_end = found.in_worlds(Central()).one()
    return JudgedText(target, about(played), text, (), context, after_the_end, authors)


def describe_judged(
    target: Target,
    propose: Mapping[str, object] | None = None,
    asked: AskedMonth = None,
    month: int | None = None,
    text_month: int | None = None,
    on_top: Mapping[str, object] | None = None,
    what: JudgedKind | None = None,
) -> Judged:
    """Say what is judged, of a text that was found already.

    Parameters
    ----------
    propose, asked : the text and the month that somebody asked about
    month : the number of that month
    text_month : the month in which the text is on the table, if it is judged for that reason
    on_top : changes beyond those of the target
    what : the kind of text, if it is none of a single package
    """
    case, months = case_of(target), None
    events: tuple[Event, ...] = ()
    kind: JudgedKind = "default"
    if isinstance(target, Scenario):
        kind, months = "tabled", target.protocol.months
        events = tuple(event for event in target.events if event.month <= months)
    if propose:
        kind = "proposed"
    passed = [event for event in events if month is not None and event.month <= month]
    return {
        "text": what or (kind if text_month is None else "month"),
        "text_month": text_month,
        "moment": "opening" if month is None else "end" if asked == "end" else "month",
        "month": month,
        "months": months,
        "holding_out": what == "talks" or (month is not None and month != months),
        "events_passed": [{"month": event.month, "says": event.says} for event in passed],
        "events_to_come": [{"month": event.month, "says": event.says} for event in events if event not in passed],
        "changes": [
            {"path": path, "says": case.numbers[path].says if path in case.numbers else None, "value": value}
            for path, value in {**case.changes, **(on_top or {})}.items()
        ],
    }


def proposed(target: Target, propose: Mapping[str, object]) -> tuple[Package, tuple[Adjustment, ...]]:
    """Return the whole package that is judged, and the numbers in it that took their nearest option."""
    if isinstance(target, Case):
        return package(target, propose)
    if not propose:
        return target.proposal, target.adjusted
    return package(target.case, {**target.proposal, **propose})


def core_of(target: Target) -> tuple[str, ...]:
    """Return the issues that make the proposal what it is; a case has no proposal and so none."""
    return target.core if isinstance(target, Scenario) else ()


def context_of(
    target: Target, uniforms: Uniforms, month: int | None = None, rules: CompiledRules | None = None
) -> EvaluationContext:
    """Draw what evaluations depend on, for take it or leave it, or for a month of the scenario's talks.

    Parameters
    ----------
    rules : of the target's case, where they are compiled already

    Raises
    ------
    UsageError
        if the month lies outside the talks, or the target is a case, which has no talks
    """
    rules = rules or CompiledRules(case_of(target))
    if month is None:
        return EvaluationContext.draw(rules, uniforms)
    if not isinstance(target, Scenario):
        raise UsageError("A case has no months. Name a scenario, or leave out the month.")
    months = target.protocol.months
    if not 1 <= month <= months:
        raise UsageError(f"Month {month} lies outside the talks, which last {months} months.")
    return EvaluationContext.draw(rules, uniforms, month=month, months=months, events=target.events)
