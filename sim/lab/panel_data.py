"""Turns answers of the model into template data: rows, shades and bars."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sim.lab.acceptance_plot import PlotPoint
from sim.lab.lab_charts import WaterfallBar
from sim.lab.scenario_state import ASKED, LEAST
from sim.report import wording
from sim.report.charts import palette
from sim.report.story.pledges import sends
from sim.report.wording import VERDICTS
from sim.strings import Strings
from sim.web.templating import number

Plain = Mapping[str, Any]
NOW = "\N{BULLET}"
"""Label of the text on the table if it is not one of the bundled proposals."""
SUMS = ((("preference", "measure"), "utility"), (("reservation", "red_line"), "surplus"))
"""Kinds of reasons, and the sum below them."""
SCALE_STEP = 10
"""The scale of shades is a multiple of this many points."""


def scale(data: Plain) -> float:
    """Return the surplus (points) at which the darkest shade begins; it stays the same while numbers change."""
    answers = [answer for row in data["rows"] for answer in row["actors"].values()]
    surpluses = [abs(answer["surplus"]) for answer in answers if not answer["never"]]
    ranked = sorted(surpluses) or [0.0]
    return float(max(SCALE_STEP, SCALE_STEP * round(ranked[int(0.9 * (len(ranked) - 1))] / SCALE_STEP)))


def rows(data: Plain, across: str) -> list[dict[str, Any]]:
    """Return the distinct proposals, the text on the table included, in ascending order of a measure.

    Parameters
    ----------
    data : as of `sim.lab.answers.immediate_answers`
    """
    kept = {
        row["scenario"]: {**row, "also": [], "now": False} for row in data["proposals"]["rows"] if not row["same_as"]
    }
    for row in data["proposals"]["rows"]:
        if row["same_as"]:
            kept[row["same_as"]]["also"].append(row["title"])
    ordered = sorted(kept.values(), key=lambda row: float(row["measures"].get(across, 0.0)))
    for number_, row in enumerate(ordered, 1):
        row["label"] = str(number_)
    now = data["now"]
    if now is None:
        return ordered
    same = next((row for row in ordered if row["package"] == now["package"]), None)
    if same is not None:
        same["now"] = True
        return ordered
    return [{**now, "scenario": None, "title": None, "also": [], "now": True, "label": NOW}, *ordered]


def heat(listed: Sequence[Plain], actors: Mapping[str, str], scale_: float, across: str) -> dict[str, Any]:
    """Return the columns and the rows of cells of the heat map."""
    short = wording.short_names(actors)
    return {
        "columns": [{"id": name, "short": short[name], "name": full} for name, full in actors.items()],
        "rows": [
            {
                **{key: row[key] for key in ("label", "title", "also", "now", "agreed", "blocked_by", "scenario")},
                "terms": json.dumps(row["package"]),
                "measure": row["measures"].get(across),
                "cells": [_cell(row["actors"][name], full, scale_) for name, full in actors.items()],
            }
            for row in listed
        ],
    }


def _cell(answer: Plain, name: str, scale_: float) -> dict[str, Any]:
    look = VERDICTS[answer["verdict"]]
    return {
        **answer,
        "name": name,
        "shade": palette.shade(answer["surplus"], answer["never"], scale_),
        "mark": look.mark,
        "words": look.words,
        "said": f"{look.mark} {wording.NEVER if answer['never'] else rounded(answer['surplus'])}",
    }


def rounded(surplus: float) -> str:
    """Format a surplus for a narrow cell: whole points, with a decimal below one point.

    >>> rounded(12.4), rounded(0.3)
    ('+12', '+0.3')
    """
    return number(round(surplus) if abs(surplus) >= 1 else surplus, True)


def always_asked(listed: Iterable[Plain], actors: Mapping[str, str]) -> list[str]:
    """Return the actors whose consent every proposal needs."""
    return [name for name in actors if all(row["actors"][name]["needed"] for row in listed)]


def points(
    listed: Sequence[Plain], actors: Mapping[str, str], across: str, of: str
) -> tuple[list[PlotPoint], list[str]]:
    """Return the points of the plane, and the names of their series.

    Parameters
    ----------
    listed : the proposals, as of `rows`
    across : measure on the horizontal axis
    of : an actor, whose surplus is shown with one series per verdict; or `ASKED`, the actors whose consent every
        proposal needs, or `LEAST`, the least willing of those whose consent a proposal needs, with one series per actor
    """
    of = LEAST if of == ASKED and not always_asked(listed, actors) else of
    named: list[tuple[str, PlotPoint]] = []
    for row in listed:
        least = [row["least_willing"]] if row["least_willing"] else []
        for index, actor in enumerate(always_asked(listed, actors) if of == ASKED else least if of == LEAST else [of]):
            answer = row["actors"][actor]
            series = actors[actor] if of in (ASKED, LEAST) else VERDICTS[answer["verdict"]].words
            height = None if answer["never"] else answer["surplus"]
            label = "" if row["label"] == NOW or (index and of == ASKED) else row["label"]
            named.append((series, PlotPoint(label, row["title"], row["measures"][across], height, 0, row["now"])))
    order = [*actors.values(), *(look.words for look in VERDICTS.values())]
    shown = sorted({series for series, _ in named}, key=order.index)
    return [replace(point, series=shown.index(series)) for series, point in named], shown


def bars(actor: Plain, t: Strings) -> list[tuple[WaterfallBar, Plain | None]]:
    """Return an actor's reasons as bars down to its surplus, each with its entry of the ledger; sums have none."""
    result: list[tuple[WaterfallBar, Plain | None]] = []
    height = 0.0
    for kinds, total in SUMS:
        steps, height = _steps((entry for entry in actor["ledger"] if entry["kind"] in kinds), height)
        result += [*steps, (_total(t(f"lab.sum.{total}"), actor[total]), None)]
    return result


def sending(actor: Plain, resource: str, t: Strings) -> list[tuple[WaterfallBar, Plain | None]]:
    """Return the decision to send a resource as bars that start from an actor's surplus, as of `bars`."""
    decision = actor["sends"][resource]
    steps, _ = _steps(decision["ledger"], actor["surplus"])
    first, last = _total(t("lab.sum.surplus"), actor["surplus"]), _total(t("lab.sum.sending"), decision["surplus"])
    return [(first, None), *steps, (last, None)]


def _steps(entries: Iterable[Plain], height: float) -> tuple[list[tuple[WaterfallBar, Plain | None]], float]:
    """Return entries of a ledger as bars that start at a height (points), and the height at which they end."""
    steps: list[tuple[WaterfallBar, Plain | None]] = []
    for entry in entries:
        if entry["points"] == wording.NEVER:
            steps.append((WaterfallBar(entry["says"], wording.NEVER, None, None), entry))
            continue
        after = height + entry["points"]
        steps.append((WaterfallBar(entry["says"], number(entry["points"], True), height, after), entry))
        height = after
    return steps, height


def _total(says: str, value: float) -> WaterfallBar:
    return WaterfallBar(says, number(value, True), 0.0, value, total=True)


def both_answers(actor: Plain) -> str:
    """Return what a supporter of a text sends, such as ``supports, sends nothing``; empty if asked for nothing."""
    sent = sends(actor) if actor["verdict"] == "accept" else None
    return f"supports, {sent}" if sent else ""


def stacked(shares: Mapping[str, float]) -> list[dict[str, Any]]:
    """Return shares as parts of a bar of width 100: where each begins and how wide it is."""
    parts, start = [], 0.0
    for name, share in shares.items():
        parts.append({"name": name, "at": round(100 * start, 2), "width": round(100 * share, 2), "share": share})
        start += share
    return parts


def blockers(blocked_by: Iterable[str], actors: Mapping[str, str]) -> str:
    """Return the names of those who block, as a list in words."""
    return wording.names(blocked_by, {id_: {"name": name} for id_, name in actors.items()})
