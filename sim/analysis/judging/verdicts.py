"""Every actor's verdict on one package, without talks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.analysis.subject import Target, case_of, subject_of
from sim.case.models import Adjustment, Case, Package, Scenario
from sim.case.packages import package
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.rule_matrix import CompiledRules
from sim.engine.worlds import Central, Streams, Uniforms
from sim.errors import UsageError
from sim.negotiation.evaluation import EvaluationContext
from sim.negotiation.yes_if import yes_if

FORMAT = "parley.verdicts/1"
SHARE_DIGITS = 6


def verdicts(
    target: Target,
    propose: Mapping[str, object] | None = None,
    *,
    worlds: int | None = None,
    seed: int = 0,
    month: int | None = None,
    conditions: bool = True,
) -> dict[str, Any]:
    """Judge one package: at central values, and as shares over worlds if asked.

    Parameters
    ----------
    target : a case (its defaults are the package) or a scenario (its proposal is)
    propose : issue to option, on top of that
    worlds : how many worlds to draw for the shares; None takes central values alone
    seed : of the worlds
    month : of the scenario's talks, whose context and aspirations hold; None for take it or leave it at their start
    conditions : whether each refusal comes with the smallest sets of terms that would turn it (`yes_if`)

    Returns
    -------
    plain data (`docs/reference/json.md`)

    Raises
    ------
    UsageError
        if the month lies outside the talks, or a case has none
    CaseError
        if the package is impossible
    """
    context = context_of(target, Central(), month)
    return verdicts_in(context, target, propose, worlds=worlds, seed=seed, conditions=conditions)


def verdicts_in(
    context: EvaluationContext,
    target: Target,
    propose: Mapping[str, object] | None = None,
    *,
    worlds: int | None = None,
    seed: int = 0,
    conditions: bool = True,
) -> dict[str, Any]:
    """Judge one package as `verdicts` does, in a context of the target at central values that exists already."""
    text, adjusted = proposed(target, propose or {})
    case, texts = context.case, OutcomeSpace(context.case).encode(text)[None]
    at_central = context.evaluate(texts).one()
    central = at_central.describe()
    core = core_of(target)
    turned_by = yes_if(at_central, core) if conditions else {}
    shares = {}
    if worlds is not None:
        drawn = context_of(target, Streams(seed, worlds), context.month, context.compiled_rules).evaluate(texts)
        shares = {name: drawn.shares(name) for name in case.actors}
    return {
        "format": FORMAT,
        "seed": seed,
        "worlds": worlds or 1,
        "nominal": worlds is None,
        **subject_of(target),
        "month": context.month,
        "core": list(core),
        "adjusted": [adjustment.model_dump() for adjustment in adjusted],
        **central,
        "agreed_share": round(drawn.agreed_share, SHARE_DIGITS) if worlds is not None else float(central["agreed"]),
        "actors": {
            name: {**actor, "shares": shares.get(name, actor["shares"]), "yes_if": turned_by.get(name)}
            for name, actor in central["actors"].items()
        },
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
