"""Two panels about the levers: a tornado of their effects, and the response curves of all actors along one of them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import numpy as np

from sim.analysis.judging.judged_text import JudgedText
from sim.analysis.sensitivity.one_at_a_time import ALL, AnswersAlong
from sim.case.models import Case
from sim.engine.rule_matrix import Bools, Floats
from sim.engine.verdict_rules import Verdict
from sim.lab.panels.levers import Levers, cast_of, effects, in_words, label, responses
from sim.lab.scenario_state import FIRST
from sim.report import wording
from sim.report.charts.lever_charts import CurveScale, ResponseCurve, TornadoBar, response, rounded_ends, tornado
from sim.report.story.cast import Cast, sentence
from sim.report.wording import VERDICTS
from sim.strings import Strings
from sim.web.templating import number

BARS = 10
"""The most bars of the tornado."""
TABLE_ROWS = 5
"""Values of a lever in the table of its response curves, evenly over its range, besides those that are marked."""
t = Strings.load()
Plain = dict[str, Any]


def moment(judged: JudgedText) -> str:
    """Say when a text is judged."""
    month = judged.judged["month"]
    return t("lab.tornado.opening") if month is None else t("lab.tornado.month", month=month)


# -- the tornado ------------------------------------------------------------------------------------------------------


def tornado_panel(levers: Levers, judged: JudgedText, whose: str) -> Plain:
    """Return the data of the tornado: the numbers that move the surplus of an actor most, or what blockers lack.

    Parameters
    ----------
    whose : an actor; `ALL`; or `FIRST`, the first actor that blocks
    """
    case, found = judged.evaluation.case, effects(levers, judged)
    if not found:
        return {"chart": None}
    if whose == FIRST:
        whose = _first_in_the_way(found[0], case)
    found = sorted((along for along in found if along.swing(whose)), key=lambda along: -along.swing(whose))[:BARS]
    if not found:
        return {"chart": None}
    cast, names = cast_of(case), {along.number.path: label(case, along.number.path) for along in found}
    rows = [_tornado_row(along, whose, names[along.number.path]) for along in found]
    finding = _tornado_finding(found, whose, cast, names)
    now = float(found[0].of(whose)[found[0].now])
    of = t("lab.tornado.lacking") if whose == ALL else t("lab.tornado.surplus", whose=cast.whose(whose))
    of = sentence(of).rstrip(".")
    ends = rounded_ends([end for row in rows for end in (row["bar"].low, row["bar"].high)])
    words = {
        "title": finding,
        "text": t("lab.tornado.text", of=of, moment=moment(judged)),
        "low": number(ends[0], True),
        "high": number(ends[1], True),
        "zero": t("lab.tornado.zero_all") if whose == ALL else t("lab.tornado.zero"),
        "now": t("lab.tornado.now", points=number(now, True)),
    }
    return {
        "chart": tornado([row["bar"] for row in rows], now, ends, words),
        "finding": finding,
        "of": of,
        "moment": moment(judged),
        "whose": whose,
        "rows": rows,
    }


def _first_in_the_way(along: AnswersAlong, case: Case) -> str:
    """Return the first actor that blocks or, if no actor does, the actor with the least to spare."""
    actors = case.actors
    blocking = [name for name in along.blocked_by if name in actors]
    return blocking[0] if blocking else min(actors, key=lambda name: along.surplus[name][along.now])


def _tornado_row(along: AnswersAlong, whose: str, says: str) -> Plain:
    lever = along.number
    values, results = (lever.low, lever.high), along.of(whose)
    low, high = (along.index(value) for value in values)
    marks = [_mark(along, whose, index) for index in (low, high)]
    return {
        "bar": TornadoBar(
            says,
            float(results[low]),
            float(results[high]),
            f"{marks[0]} {in_words(values[0])}",
            f"{marks[1]} {in_words(values[1])}",
        ),
        "ends": [
            {"value": in_words(value), "points": number(float(results[index]), True), "mark": mark}
            for value, index, mark in zip(values, (low, high), marks, strict=True)
        ],
        "now": in_words(lever.present),
        "path": lever.path,
        "label": says,
    }


def _mark(along: AnswersAlong, whose: str, index: int) -> str:
    if whose == ALL:
        return "✓" if along.agreed[index] else "✗"
    return VERDICTS[Verdict(int(along.verdicts[whose][index])).word].mark


def _tornado_finding(found: Sequence[AnswersAlong], whose: str, cast: Cast, names: Mapping[str, str]) -> str:
    """Say how many levers alone change the answer, and which one does most."""
    most = found[0]
    ends = sorted((float(most.of(whose).min()), float(most.of(whose).max())))
    strongest = t(
        "lab.tornado.strongest", label=names[most.number.path], low=number(ends[0], True), high=number(ends[1], True)
    )
    yes = [_says_yes(along, whose) for along in found]
    now = bool(yes[0][found[0].now])
    turning = [along for along, one in zip(found, yes, strict=True) if (one != now).any()]
    if not turning:
        key = ("agreed" if now else "not_agreed") if whose == ALL else ("accepts" if now else "refuses")
        return f"{sentence(t(f'lab.tornado.none_{key}', who=_who(cast, whose), **_verbs(cast, whose)))} {strongest}"
    key = ("would_end" if now else "would_be") if whose == ALL else ("would_refuse" if now else "would_accept")
    turned = wording.series(names[along.number.path] for along in turning[:2])
    more = len(turning) - 2
    listed = turned if more <= 0 else t("lab.tornado.and_more", listed=turned, count=more)
    return sentence(t(f"lab.tornado.{key}", who=_who(cast, whose), listed=listed))


def _who(cast: Cast, whose: str) -> str:
    return "" if whose == ALL else cast.who([whose])


def _verbs(cast: Cast, whose: str) -> dict[str, str]:
    return {} if whose == ALL else {"accepts": cast.does([whose], "accepts", "accept")}


def _says_yes(along: AnswersAlong, whose: str) -> Bools:
    return along.agreed if whose == ALL else np.asarray(along.verdicts[whose] == Verdict.ACCEPT)


# -- response curves --------------------------------------------------------------------------------------------------


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
    scale = CurveScale(
        low=float(values[0]),
        high=float(values[-1]),
        bottom=rounded_ends(surpluses)[0],
        top=rounded_ends(surpluses)[1],
        says=(in_words(float(values[0])), in_words(float(values[-1]))),
        case=case_value if math.isfinite(case_value) else None,
        agreed=_stretches(values, along.agreed[finite]),
        turns=[value for value in thresholds.values() if values[0] <= value <= values[-1]],
    )
    return {
        "finding": _curve_finding(along, thresholds, says, cast),
        "label": says,
        "moment": moment(judged),
        "path": path,
        "present": in_words(lever.present),
        "case": in_words(case_value),
        "agreed_now": bool(along.agreed[along.now]),
        "thresholds": {direction: in_words(value) for direction, value in thresholds.items()},
        "figures": [_figure(along, name, scale, says, case) for name in shown],
        "others": wording.series(
            f"{actor.name} ({_mark(along, name, along.now)} {number(float(along.surplus[name][along.now]), True)})"
            for name, actor in case.actors.items()
            if name not in responding
        ),
        "table": list(_table(along, [case_value, *thresholds.values()], case)),
        "names": {name: actor.name for name, actor in case.actors.items()},
    }


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
    yes = _says_yes(along, name)
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


def _caption(along: AnswersAlong, name: str) -> str:
    """Say where an actor accepts."""
    yes = _says_yes(along, name)
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
                    "mark": _mark(along, name, index),
                    "words": VERDICTS[Verdict(int(along.verdicts[name][index])).word].words,
                    "points": number(float(along.surplus[name][index]), True),
                }
                for name in case.actors
            ],
        }
