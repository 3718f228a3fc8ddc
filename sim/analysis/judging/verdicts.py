"""Every actor's verdict on one package, without talks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.analysis.judging.judged_text import context_of, core_of, proposed
from sim.analysis.subject import Target, subject_of
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.worlds import Central, Streams
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
