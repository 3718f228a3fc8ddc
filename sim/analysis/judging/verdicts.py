"""Every actor's verdict on one package, without talks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.analysis.judging.claims import cited
from sim.analysis.judging.judged_text import AskedMonth, AskedText, Judged, JudgedText, core_of, judge_text
from sim.analysis.subject import Subject, subject_of
from sim.arguments import whole_number
from sim.engine.worlds import Streams
from sim.negotiation.answers.answer_data import AnswerData, TextData, YesIfResult
from sim.negotiation.answers.yes_if import yes_if
from sim.negotiation.scenario_loader import TargetLike, as_target

FORMAT = "parley.verdicts/1"
SHARE_DIGITS = 6


class JudgedAnswer(AnswerData):
    """One actor's answer, and what would turn it if it refuses."""

    yes_if: YesIfResult | None


class VerdictsReport(Subject, TextData):
    """The result of `verdicts`."""

    format: str
    seed: int
    worlds: int
    nominal: bool
    month: int | None
    judged: Judged
    core: list[str]
    adjusted: list[dict[str, Any]]
    agreed_share: float
    actors: dict[str, JudgedAnswer]
    claims: dict[str, str]


def verdicts(
    target: TargetLike,
    propose: Mapping[str, object] | None = None,
    *,
    worlds: int | None = None,
    seed: int = 0,
    month: AskedMonth = None,
    text: AskedText = None,
    conditions: bool = True,
) -> VerdictsReport:
    """Judge one package: at central values, and as shares over worlds if asked.

    Parameters
    ----------
    target : a case (its defaults are the package) or a scenario (its proposal is), or the name of one
    propose : issue to option, on top of that
    worlds : how many worlds to draw for the shares; None takes central values alone
    seed : of the worlds
    month : of the scenario's talks, or ``"end"``: the text on the table then is judged, unless `propose` or `text`
        name another; None for take it or leave it, as talks open
    text : ``"opening"`` for the text that opens the talks, whatever the month
    conditions : whether each refusal comes with the smallest sets of terms that would turn it (`yes_if`)

    Returns
    -------
    plain data (`docs/reference/json.md`); `judged` says what was judged

    Raises
    ------
    UsageError
        if the month lies outside the talks, or a case has none
    CaseError
        if the package is impossible
    """
    worlds, seed = whole_number(worlds, "worlds"), whole_number(seed, "seed", 0)
    judged = judge_text(as_target(target), propose, month, text)
    return verdicts_of(judged, worlds=worlds, seed=seed, conditions=conditions)


def verdicts_of(
    judged: JudgedText, *, worlds: int | None = None, seed: int = 0, conditions: bool = True
) -> VerdictsReport:
    """Report on a text that is judged already, as `verdicts` does."""
    central, core = judged.evaluation.describe(), core_of(judged.target)
    turned_by = yes_if(judged.evaluation, core) if conditions else {}
    drawn = None if worlds is None else judged.in_worlds(Streams(seed, worlds))
    actors: dict[str, JudgedAnswer] = {
        name: {
            **actor,
            "shares": actor["shares"] if drawn is None else drawn.shares(name),
            "yes_if": turned_by.get(name),
        }
        for name, actor in central["actors"].items()
    }
    return {
        "format": FORMAT,
        "seed": seed,
        "worlds": worlds or 1,
        "nominal": worlds is None,
        **subject_of(judged.target),
        "month": judged.judged["month"],
        "judged": judged.judged,
        "core": list(core),
        "adjusted": [adjustment.model_dump() for adjustment in judged.adjusted],
        **central,
        "agreed_share": float(central["agreed"]) if drawn is None else round(drawn.agreed_share, SHARE_DIGITS),
        "actors": actors,
        "claims": cited(judged.context.case, central),
    }
