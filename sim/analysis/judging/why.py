"""Why one actor judges a package as it does, and which single term would change its mind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.analysis.judging.verdicts import proposed, sitting_on, verdicts
from sim.analysis.subject import Target, case_of
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.terms import amendments
from sim.engine.verdict_rules import Verdict
from sim.engine.worlds import Central
from sim.errors import UsageError, did_you_mean
from sim.negotiation.evaluation import number

FORMAT = "parley.why/1"
TURNS_LISTED, HELPS_LISTED = 5, 3


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
    judged = verdicts(target, propose, month=month)
    said = judged["actors"][actor]
    keys = (
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
        "yes_if",
        "ledger",
    )
    return {
        "format": FORMAT,
        "case": case.id,
        "scenario": judged["scenario"],
        "title": judged["title"],
        "month": month,
        "core": judged["core"],
        "actor": actor,
        "brief": case.actors[actor].brief,
        **{key: said[key] for key in keys},
        "package": judged["package"],
        "measures": judged["measures"],
        "turns": _turns(target, actor, propose or {}, said["surplus"], month),
    }


def _turns(
    target: Target, actor: str, propose: Mapping[str, object], surplus: float, month: int | None
) -> list[dict[str, Any]]:
    """The single changed terms that make one actor accept, else those that help it, best first."""
    case = case_of(target)
    space = OutcomeSpace(case)
    package, _ = proposed(target, propose)
    current = space.encode(package)
    texts, _ = amendments(space, current, tuple(case.issues), 1)
    if not len(texts):
        return []
    answer = sitting_on(target, texts, Central(), month).responses.answers[actor]
    verdicts_, gains = answer.verdict[0], answer.surplus[0]
    if np.shape(verdicts_) != (len(texts),):  # nothing in its rules tells the texts apart
        return []
    order = np.lexsort((-gains, verdicts_ != Verdict.ACCEPT))
    accepting = [at for at in order if verdicts_[at] == Verdict.ACCEPT][:TURNS_LISTED]
    helping = [at for at in order if gains[at] > surplus][:HELPS_LISTED]
    return [
        {
            "change": {
                name: [package[name], option]
                for name, option in space.decode(texts[at]).items()
                if option != package[name]
            },
            "verdict": Verdict(int(verdicts_[at])).word,
            "surplus": number(gains[at]),
            "accepts": bool(verdicts_[at] == Verdict.ACCEPT),
        }
        for at in accepting or helping
    ]
