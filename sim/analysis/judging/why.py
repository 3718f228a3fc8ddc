"""Why one actor judges a package as it does, and which single term would change its mind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.analysis.judging.judged_text import context_of, core_of, proposed
from sim.analysis.subject import Target, case_of, subject_of
from sim.engine.outcome_space import OutcomeSpace, Texts
from sim.engine.terms import amendments
from sim.engine.verdict_rules import Verdict
from sim.engine.worlds import Central
from sim.errors import UsageError, did_you_mean
from sim.negotiation.evaluation import EvaluationContext, number
from sim.negotiation.yes_if import yes_if

FORMAT = "parley.why/1"
TURNS_LISTED = 5
"""The most terms that are listed if some make the actor accept."""
HELPS_LISTED = 3
"""The most terms that are listed if none makes it accept."""
DESCRIBED = (
    "name",
    "role",
    "verdict",
    "surplus",
    "aspiration",
    "reservation",
    "utility",
    "price",
    "never",
    "short",
    "gap",
    "sends",
    "declared_lines",
)
"""What is taken from the description of the actor's answer, besides its ledger."""


def why(
    target: Target, actor: str, propose: Mapping[str, object] | None = None, *, month: int | None = None
) -> dict[str, Any]:
    """Explain one actor's verdict on a package at central values.

    Parameters
    ----------
    target : a case (its defaults are the package) or a scenario (its proposal is)
    propose : issue to option, on top of that
    month : of the scenario's talks, whose context and aspirations hold; None for take it or leave it at their start

    Returns
    -------
    plain data (`docs/reference/json.md`); `turns` lists the single changed terms with which it would accept, or, if
    there are none, those that help it most

    Raises
    ------
    UsageError
        if the case has no such actor, the month lies outside the talks, or a case has none
    CaseError
        if the package is impossible
    """
    case = case_of(target)
    if actor not in case.actors:
        known = ", ".join(case.actors)
        raise UsageError(f"'{actor}' is no actor of this case ({known}).{did_you_mean(actor, list(case.actors))}")
    package, _ = proposed(target, propose or {})
    space, context, core = OutcomeSpace(case), context_of(target, Central(), month), core_of(target)
    text = space.encode(package)
    evaluation = context.evaluate(text[None]).one()
    described = evaluation.describe_actor(actor)
    about = subject_of(target)
    return {
        "format": FORMAT,
        "case": case.id,
        "scenario": about["scenario"],
        "title": about["title"],
        "month": month,
        "core": list(core),
        "actor": actor,
        "brief": case.actors[actor].brief,
        **{key: described[key] for key in DESCRIBED},
        "yes_if": yes_if(evaluation, core, [actor])[actor],
        "ledger": described["ledger"],
        "package": space.decode(text),
        "measures": evaluation.measures(),
        "turns": _turns(space, context, actor, text, described["surplus"]),
    }


def _turns(
    space: OutcomeSpace, context: EvaluationContext, actor: str, text: Texts, surplus: float
) -> list[dict[str, Any]]:
    """The single changed terms that make one actor accept, or if there are none those that help it, best first."""
    texts, _ = amendments(space, text, tuple(space.case.issues), 1)
    if not len(texts):
        return []
    answer = context.evaluate(texts).responses.answers[actor]
    verdicts, surpluses = answer.verdict[0], answer.surplus[0]
    if np.shape(verdicts) != (len(texts),):  # none of its rules tells the texts apart
        return []
    order = np.lexsort((-surpluses, verdicts != Verdict.ACCEPT))
    accepting = [index for index in order if verdicts[index] == Verdict.ACCEPT][:TURNS_LISTED]
    helping = [index for index in order if surpluses[index] > surplus][:HELPS_LISTED]
    package = space.decode(text)
    return [
        {
            "change": {
                name: [package[name], option]
                for name, option in space.decode(texts[index]).items()
                if option != package[name]
            },
            "verdict": Verdict(int(verdicts[index])).word,
            "surplus": number(surpluses[index]),
            "accepts": bool(verdicts[index] == Verdict.ACCEPT),
        }
        for index in accepting or helping
    ]
