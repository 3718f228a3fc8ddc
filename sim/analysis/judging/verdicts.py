"""Every actor's verdict on one package, without talks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.analysis.subject import Target, case_of, subject_of
from sim.case.models import Adjustment, Case, Package, Scenario
from sim.case.packages import package
from sim.engine.outcome_space import OutcomeSpace, Texts
from sim.engine.worlds import Central, Streams, Uniforms
from sim.errors import UsageError
from sim.negotiation.evaluation import Evaluation, evaluate
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
    case = case_of(target)
    text, adjusted = proposed(target, propose or {})
    texts = OutcomeSpace(case).encode(text)[None]

    def evaluation(uniforms: Uniforms) -> Evaluation:
        return sitting_on(target, texts, uniforms, month)

    at_central = evaluation(Central()).one()
    central = at_central.describe()
    core = target.core if isinstance(target, Scenario) else ()
    turned_by = yes_if(at_central, core) if conditions else {}
    shares = {}
    if worlds is not None:
        drawn = evaluation(Streams(seed, worlds))
        shares = {name: drawn.shares(name) for name in case.actors}
    return {
        "format": FORMAT,
        "seed": seed,
        "worlds": worlds or 1,
        "nominal": worlds is None,
        **subject_of(target),
        "month": month,
        "core": list(core),
        "adjusted": [one.model_dump() for one in adjusted],
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


def sitting_on(target: Target, texts: Texts, uniforms: Uniforms, month: int | None = None) -> Evaluation:
    """Let everybody judge some texts, take it or leave it, or as in a month of the scenario's talks.

    Raises
    ------
    UsageError
        if the month lies outside the talks, or a case has none
    """
    case = case_of(target)
    if month is None:
        return evaluate(case, uniforms, texts)
    if not isinstance(target, Scenario):
        raise UsageError("a case has no months; name a scenario, or leave out the month.")
    months = target.protocol.months
    if not 1 <= month <= months:
        raise UsageError(f"month {month} lies outside the talks, which last {months} months.")
    return evaluate(case, uniforms, texts, month=month, months=months, events=target.events)
