"""Why one actor judges a package as it does, and which single term would change its mind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

import numpy as np

from sim.analysis.judging.claims import cited
from sim.analysis.judging.judged_text import AskedMonth, AskedText, Judged, JudgedText, core_of, judge_text
from sim.analysis.subject import case_of, subject_of
from sim.case.conditions import Option
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.terms import amendments
from sim.engine.verdict_rules import Verdict
from sim.errors import UsageError, did_you_mean
from sim.negotiation.answers.answer_data import AnswerData, DeclaredRedLine, LedgerRow, SendingData, YesIfResult
from sim.negotiation.answers.evaluation import number
from sim.negotiation.answers.yes_if import yes_if
from sim.negotiation.scenario_loader import TargetLike, as_target

FORMAT = "parley.why/1"
TURNS_LISTED = 5
"""The most terms that are listed if some make the actor accept."""
HELPS_LISTED = 3
"""The most terms that are listed if none makes it accept."""


class TermTurn(TypedDict):
    """A single changed term, with the changes that it requires, and the actor's answer to the changed text."""

    change: dict[str, list[Option]]
    verdict: str
    surplus: float
    accepts: bool


class _Explained(TypedDict):
    name: str
    role: str
    verdict: str
    surplus: float
    aspiration: float
    reservation: float
    utility: float
    price: float
    never: bool
    short: float | str
    gap: float | None
    needed: bool
    why_needed: str | None
    sends: dict[str, SendingData]
    declared_lines: list[DeclaredRedLine]


class WhyReport(_Explained):
    """The result of `why`."""

    format: str
    case: str
    scenario: str | None
    title: str
    month: int | None
    judged: Judged
    core: list[str]
    actor: str
    brief: str
    yes_if: YesIfResult | None
    beyond_core: YesIfResult | None
    ledger: list[LedgerRow]
    package: dict[str, Option]
    measures: dict[str, float]
    turns: list[TermTurn]
    claims: dict[str, str]


def why(
    target: TargetLike,
    actor: str,
    propose: Mapping[str, object] | None = None,
    *,
    month: AskedMonth = None,
    text: AskedText = None,
) -> WhyReport:
    """Explain one actor's verdict on a package at central values.

    Parameters
    ----------
    target : a case (its defaults are the package) or a scenario (its proposal is), or the name of one
    propose : issue to option, on top of that
    month : of the scenario's talks, or ``"end"``: the text on the table then is explained, unless `propose` or `text`
        name another; None for take it or leave it, as talks open
    text : ``"opening"`` for the text that opens the talks, whatever the month

    Returns
    -------
    plain data (`docs/reference/json.md`); `turns` lists the single changed terms with which it would accept, or, if
    there are none, those that help it most; `beyond_core` the smallest sets with terms of the core, if no others do

    Raises
    ------
    UsageError
        if the case has no such actor, the month lies outside the talks, or a case has none
    CaseError
        if the package is impossible
    """
    target = as_target(target)
    case = case_of(target)
    if actor not in case.actors:
        known = ", ".join(case.actors)
        raise UsageError(f"'{actor}' is no actor of this case ({known}).{did_you_mean(actor, list(case.actors))}")
    judged, about, core = judge_text(target, propose, month, text), subject_of(target), core_of(target)
    answer = judged.evaluation.describe_actor(actor)
    way = yes_if(judged.evaluation, core, [actor])[actor]
    blocked = way is not None and way["terms"] is None and bool(core)
    return {
        "format": FORMAT,
        "case": case.id,
        "scenario": about["scenario"],
        "title": about["title"],
        "month": judged.judged["month"],
        "judged": judged.judged,
        "core": list(core),
        "actor": actor,
        "brief": case.actors[actor].brief,
        **_explained(answer),
        "yes_if": way,
        "beyond_core": yes_if(judged.evaluation, (), [actor])[actor] if blocked else None,
        "ledger": answer["ledger"],
        "package": OutcomeSpace(case).decode(judged.text),
        "measures": judged.evaluation.measures(),
        "turns": _turns(judged, actor),
        "claims": cited(case, answer),
    }


def _explained(answer: AnswerData) -> _Explained:
    """What a page says about the answer, beside its ledger."""
    return {
        "name": answer["name"],
        "role": answer["role"],
        "verdict": answer["verdict"],
        "surplus": answer["surplus"],
        "aspiration": answer["aspiration"],
        "reservation": answer["reservation"],
        "utility": answer["utility"],
        "price": answer["price"],
        "never": answer["never"],
        "short": answer["short"],
        "gap": answer["gap"],
        "needed": answer["needed"],
        "why_needed": answer["why_needed"],
        "sends": answer["sends"],
        "declared_lines": answer["declared_lines"],
    }


def _turns(judged: JudgedText, actor: str) -> list[TermTurn]:
    """The single changed terms that make one actor accept, or if there are none those that help it, best first.

    Where the text crosses a red line that is not for sale, only a term with which it no longer does can help.
    """
    space = OutcomeSpace(judged.context.case)
    texts, _ = amendments(space, judged.text, tuple(space.case.issues), 1)
    if not len(texts):
        return []
    answer = judged.context.evaluate(texts).responses.answers[actor]
    verdicts, surpluses = answer.verdict[0], answer.surplus[0]
    if np.shape(verdicts) != (len(texts),):  # none of its rules tells the texts apart
        return []
    now = judged.evaluation.responses.answers[actor]
    crosses = np.broadcast_to(answer.never, (1, len(texts)))[0]
    helps = ~crosses if now.never[0, 0] else ~crosses & (surpluses > now.surplus[0, 0])
    order = np.lexsort((-surpluses, verdicts != Verdict.ACCEPT))
    accepting = [index for index in order if verdicts[index] == Verdict.ACCEPT][:TURNS_LISTED]
    helping = [index for index in order if helps[index]][:HELPS_LISTED]
    package = space.decode(judged.text)
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
