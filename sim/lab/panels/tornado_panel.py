"""The tornado: the numbers that move the surplus of one actor most, or the points that all blockers lack together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.analysis.judging.judged_text import JudgedText
from sim.analysis.sensitivity.one_at_a_time import ALL, AnswersAlong
from sim.case.models import Case
from sim.lab.panels.levers import Levers, cast_of, effects, in_words, label, mark_at, moment, says_yes
from sim.lab.scenario_state import FIRST
from sim.report import wording
from sim.report.charts.lever_charts import TornadoBar, rounded_ends, tornado
from sim.report.story.cast import Cast, sentence
from sim.strings import Strings
from sim.web.templating import number

BARS = 10
"""The most bars of the tornado."""
t = Strings.load()
Plain = dict[str, Any]


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
    marks = [mark_at(along, whose, index) for index in (low, high)]
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


def _tornado_finding(found: Sequence[AnswersAlong], whose: str, cast: Cast, names: Mapping[str, str]) -> str:
    """Say how many levers alone change the answer, and which one does most."""
    most = found[0]
    ends = sorted((float(most.of(whose).min()), float(most.of(whose).max())))
    strongest = t(
        "lab.tornado.strongest", label=names[most.number.path], low=number(ends[0], True), high=number(ends[1], True)
    )
    yes = [says_yes(along, whose) for along in found]
    now = bool(yes[0][found[0].now])
    turning = [along for along, one in zip(found, yes, strict=True) if (one != now).any()]
    if not turning:
        key = ("agreed" if now else "not_agreed") if whose == ALL else ("accepts" if now else "refuses")
        return f"{sentence(t(f'lab.tornado.none.{key}', who=_who(cast, whose), **_verbs(cast, whose)))} {strongest}"
    key = ("would_end" if now else "would_be") if whose == ALL else ("would_refuse" if now else "would_accept")
    turned = wording.series(names[along.number.path] for along in turning[:2])
    more = len(turning) - 2
    listed = turned if more <= 0 else t("lab.tornado.and_more", listed=turned, count=more)
    return sentence(t(f"lab.tornado.{key}", who=_who(cast, whose), listed=listed))


def _who(cast: Cast, whose: str) -> str:
    return "" if whose == ALL else cast.who([whose])


def _verbs(cast: Cast, whose: str) -> dict[str, str]:
    return {} if whose == ALL else {"accepts": cast.does([whose], "accepts", "accept")}
