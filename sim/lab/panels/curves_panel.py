"""Response curves: every actor's answer along one number, what blockers lack together, and the share of worlds."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

import numpy as np

from sim.analysis.judging.judged_text import JudgedText
from sim.analysis.sensitivity.one_at_a_time import ALL, AnswersAlong, agreed_shares
from sim.case.models import Case
from sim.engine.rule_matrix import Bools, Floats
from sim.engine.verdict_rules import Verdict
from sim.engine.worlds import Streams
from sim.lab.answers import SEED
from sim.lab.panels.levers import Levers, cast_of, in_words, label, mark_at, moment, responses, says_yes
from sim.report import wording
from sim.report.charts.lever_charts import CurveScale, ResponseCurve, response, rounded_ends
from sim.report.story.cast import Cast, sentence
from sim.report.wording import VERDICTS
from sim.strings import Strings
from sim.web.templating import number

SHARES, WORLDS_ALONG = 9, 500
"""Values of a lever, evenly over its range, at which worlds are drawn, and how many are drawn for each."""
TABLE_ROWS = 5
"""Values of a lever in the table of its response curves, evenly over its range, besides those that are marked."""
t = Strings.load()
Plain = dict[str, Any]


def curves_panel(levers: Levers, judged: JudgedText, path: str, case_value: float) -> Plain:
    """Return the data of the response curves of all actors along one number.

    Parameters
    ----------
    path : of the number
    case_value : its value in the scenario as in its file
    """
    case, along = judged.evaluation.case, responses(levers, judged, path)
    thresholds, along = along.thresholds, along.in_range()
    lever, cast = along.number, cast_of(case)
    says = label(case, path)
    finite = np.isfinite(along.values)
    values = along.values[finite]
    responding = [name for name in case.actors if along.swing(name) or _turns(along, name)]
    shown = [*responding, ALL]
    surpluses = [float(one) for name in shown for one in along.of(name)]
    scale = _scale(values, along.agreed[finite], surpluses, case_value, list(thresholds.values()))
    return {
        "finding": _curve_finding(along, thresholds, says, cast),
        "label": says,
        "moment": moment(judged),
        "path": path,
        "present": in_words(lever.present),
        "case": in_words(case_value),
        "agreed_now": bool(along.agreed[along.now]),
        "thresholds": {direction: in_words(value) for direction, value in thresholds.items()},
        "figures": [
            *(_figure(along, name, scale, says, case) for name in shown),
            _shares(judged, along, scale, says),
        ],
        "others": wording.series(
            f"{actor.name} ({mark_at(along, name, along.now)} {number(float(along.surplus[name][along.now]), True)})"
            for name, actor in case.actors.items()
            if name not in responding
        ),
        "table": list(_table(along, [case_value, *thresholds.values()], case)),
        "names": {name: actor.name for name, actor in case.actors.items()},
    }


def _scale(
    values: Floats, agreed: Bools, surpluses: Sequence[float], case_value: float, thresholds: Sequence[float]
) -> CurveScale:
    """Return what all curves share, from the finite values of the number and all surpluses that are drawn."""
    low, high = float(values[0]), float(values[-1])
    bottom, top = rounded_ends(surpluses)
    return CurveScale(
        low=low,
        high=high,
        bottom=bottom,
        top=top,
        says=(in_words(low), in_words(high)),
        case=case_value if math.isfinite(case_value) else None,
        agreed=_stretches(values, agreed),
        turns=[value for value in thresholds if low <= value <= high],
    )


def _stretches(values: Floats, holds: Bools) -> list[tuple[float, float]]:
    """Return the stretches of values in which something holds."""
    runs = groupby(zip(values, holds, strict=True), key=lambda pair: bool(pair[1]))
    held = ([float(value) for value, _ in run] for yes, run in runs if yes)
    return [(run[0], run[-1]) for run in held]


def _curve_finding(along: AnswersAlong, thresholds: Mapping[str, float], says: str, cast: Cast) -> str:
    """Say at which values the result turns or, if it does not within the range, whose answer changes."""
    now = bool(along.agreed[along.now])
    limits = wording.series(
        t(f"lab.curves.{direction}", value=in_words(value)) for direction, value in thresholds.items()
    )
    if not along.agreed.all() and along.agreed.any():
        return t(f"lab.curves.{'would_not' if now else 'would'}", label=says, limits=limits)
    found = [t("lab.curves.still_agreed" if now else "lab.curves.still_blocked", label=says)]
    if limits:
        found.append(t("lab.curves.beyond_not" if now else "lab.curves.beyond", limits=limits))
    changing = [name for name in along.surplus if _turns(along, name)]
    if changing:
        found.append(t("lab.curves.changing", who=cast.who(changing)))
    return " ".join(found)


def _turns(along: AnswersAlong, name: str) -> bool:
    """Whether an actor's answer changes along the range."""
    yes = says_yes(along, name)
    return bool((yes != yes[along.now]).any())


def _figure(along: AnswersAlong, name: str, scale: CurveScale, says: str, case: Case) -> Plain:
    """Return one response curve, of an actor or of what all blockers lack; there, acceptance stands for agreement."""
    actor = t("lab.curves.all") if name == ALL else case.actors[name].name
    if name == ALL:
        verdicts = np.where(along.agreed, Verdict.ACCEPT, Verdict.WORSE_THAN_NO_DEAL)
    else:
        verdicts = along.verdicts[name]
    points = [
        (float(value), float(surplus), Verdict(int(verdict)).word)
        for value, surplus, verdict in zip(along.values, along.of(name), verdicts, strict=True)
    ]
    value, surplus, verdict = points[along.now]
    caption = _caption(along, name)
    chart = response(
        ResponseCurve(
            actor,
            [point for point in points if math.isfinite(point[0])],
            (value if math.isfinite(value) else None, surplus, verdict),
        ),
        scale,
        {"title": t("lab.curves.of", name=actor, label=says), "text": sentence(caption)},
    )
    return {"name": actor, "chart": chart, "caption": caption}


def _shares(judged: JudgedText, along: AnswersAlong, scale: CurveScale, says: str) -> Plain:
    """Return the curve of the share of drawn worlds in which the text is agreed."""
    lever = along.number
    values = np.unique(np.append(np.linspace(scale.low, scale.high, SHARES), lever.present))
    shares = 100 * agreed_shares(judged, lever, values, Streams(SEED, WORLDS_ALONG))
    points = [
        (float(value), float(share), Verdict.ACCEPT.word)
        for value, share in zip(values, shares, strict=True)
        if math.isfinite(value)
    ]
    at = float(shares[int(np.searchsorted(values, lever.present))])
    present = (lever.present if math.isfinite(lever.present) else None, at, Verdict.ACCEPT.word)
    name = t("lab.curves.shares")
    low, high = (wording.per_cent(float(share) / 100) for share in (shares.min(), shares.max()))
    caption = t("lab.curves.throughout", share=low) if low == high else t("lab.curves.between", low=low, high=high)
    percent = replace(scale, bottom=0, top=100, percent=True)
    words = {"title": t("lab.curves.of", name=name, label=says), "text": sentence(caption)}
    return {"name": name, "chart": response(ResponseCurve(name, points, present), percent, words), "caption": caption}


def _caption(along: AnswersAlong, name: str) -> str:
    """Say where an actor accepts."""
    yes = says_yes(along, name)
    finite = np.isfinite(along.values)
    if yes.all() or not yes.any():
        verb = "agreed" if name == ALL else "accepts" if yes.all() else "refuses"
        return t(f"lab.curves.{verb}_throughout" if yes.all() or name != ALL else "lab.curves.never_agreed")
    values = along.values[finite]
    stretches = [
        t("lab.curves.from_to", low=in_words(low), high=in_words(high))
        for low, high in _stretches(values, np.asarray(yes[finite]))
    ]
    return t("lab.curves.agreed_in" if name == ALL else "lab.curves.accepts", stretches=wording.series(stretches))


def _table(along: AnswersAlong, marked: Sequence[float], case: Case) -> Iterator[Plain]:
    """Yield the rows of the table of the curves: values evenly over the range, and those that are marked.

    Parameters
    ----------
    marked : the value in the scenario as in its file, and then the thresholds
    """
    finite = along.values[np.isfinite(along.values)]
    even = np.linspace(finite[0], finite[-1], TABLE_ROWS)
    wanted = {along.index(float(value)) for value in (*even, *marked)} | {along.now}
    if along.number.never:
        wanted.add(len(along.values) - 1)
    case_index = along.index(marked[0])
    for index in sorted(wanted):
        yield {
            "value": in_words(float(along.values[index])),
            "now": index == along.now,
            "case": index == case_index,
            "agreed": bool(along.agreed[index]),
            "cells": [
                {
                    "mark": mark_at(along, name, index),
                    "words": VERDICTS[Verdict(int(along.verdicts[name][index])).word].words,
                    "points": number(float(along.surplus[name][index]), True),
                }
                for name in case.actors
            ],
        }
