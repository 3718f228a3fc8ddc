"""Turns answers of the model into template data: rows, shades and bars."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from sim.lab.acceptance_plot import PlotPoint
from sim.lab.lab_charts import WaterfallBar, bar, reach_of
from sim.lab.scenario_state import LEAST
from sim.report import wording
from sim.report.story.pledges import sends
from sim.report.wording import VERDICTS
from sim.strings import Strings
from sim.web.templating import number

Plain = Mapping[str, Any]
SUMS = ((("preference", "measure"), "utility"), (("reservation", "red_line"), "surplus"))
"""Kinds of reasons, and the sum below them."""


def rows(proposals: Iterable[Plain], now: Plain | None, across: str, opened: str) -> list[dict[str, Any]]:
    """Return the distinct proposals, the text on the table included, in ascending order of a measure.

    Parameters
    ----------
    proposals : as of `sim.analysis.judging.proposals.proposals`
    now : the text on the table as such a row; None if its terms are impossible
    opened : the scenario of the page, which gives its title to the scenarios that are the same
    """
    groups: dict[str, list[Plain]] = {}
    for row in proposals:
        groups.setdefault(row["same_as"] or row["scenario"], []).append(row)
    kept = []
    for group in groups.values():
        shown = next((row for row in group if row["scenario"] == opened), group[0])
        kept.append({**shown, "also": [row["title"] for row in group if row is not shown], "now": False})
    ordered = sorted(kept, key=lambda row: float(row["measures"].get(across, 0.0)))
    if now is None:
        return ordered
    same = (row for row in ordered if row["package"] == now["package"] and row["actors"] == now["actors"])
    found = next(iter(sorted(same, key=lambda row: row["scenario"] != opened)), None)
    if found is not None:
        found["now"] = True
        return ordered
    return [{**now, "scenario": None, "title": None, "also": [], "now": True}, *ordered]


def heat(listed: Sequence[Plain], actors: Mapping[str, str], across: str) -> dict[str, Any]:
    """Return the columns and the rows of cells of the heat map."""
    short = wording.short_names(actors)
    return {
        "columns": [{"id": name, "short": short[name], "name": full} for name, full in actors.items()],
        "rows": [
            {
                **{key: row[key] for key in ("title", "also", "now", "agreed", "blocked_by", "scenario")},
                "terms": json.dumps(row["package"]),
                "measure": row["measures"].get(across),
                "cells": [_cell(row["actors"][name], full) for name, full in actors.items()],
            }
            for row in listed
        ],
    }


def _cell(answer: Plain, name: str) -> dict[str, Any]:
    look = VERDICTS[answer["verdict"]]
    said = look.mark if answer["never"] else f"{look.mark} {rounded(answer['surplus'])}"
    return {**answer, "name": name, "words": look.words, "said": said}


def rounded(surplus: float) -> str:
    """Format a surplus for a narrow cell: whole points, with a decimal below one point.

    >>> rounded(12.4), rounded(0.3)
    ('+12', '+0.3')
    """
    return number(round(surplus) if abs(surplus) >= 1 else surplus, True)


def points(listed: Sequence[Plain], actors: Mapping[str, str], across: str, of: str) -> list[PlotPoint]:
    """Return the points of the plane, one for each proposal.

    Parameters
    ----------
    listed : the proposals, as of `rows`
    across : measure on the horizontal axis
    of : an actor, or `LEAST`, for each proposal the least willing of those whose consent it needs
    """
    short, result = wording.short_names(actors), []
    for row in listed:
        actor = row["least_willing"] if of == LEAST else of
        if actor:
            answer = row["actors"][actor]
            label = f"{row['title']} ({short[actor]})" if of == LEAST else row["title"]
            place = row["measures"][across], answer["surplus"]
            result.append(PlotPoint(label, *place, answer["verdict"], row["now"]))
    return result


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
            steps.append(
                (WaterfallBar(entry["says"], VERDICTS["red_line"].mark, height, height, not_for_sale=True), entry)
            )
            continue
        after = height + entry["points"]
        steps.append((WaterfallBar(entry["says"], number(entry["points"], True), height, after), entry))
        height = after
    return steps, height


def _total(says: str, value: float) -> WaterfallBar:
    return WaterfallBar(says, number(value, True), 0.0, value, total=True)


def sent(actor: Plain) -> str:
    """Return what a supporter of a text sends, such as ``sends nothing``; empty if asked for nothing."""
    return (sends(actor) or "") if actor["verdict"] == "accept" else ""


def pictured(steps: Sequence[tuple[WaterfallBar, Plain | None]]) -> list[tuple[WaterfallBar, Plain | None, Markup]]:
    """Return bars of a waterfall, each with its entry of the ledger and its chart."""
    reach = reach_of([step for step, _ in steps])
    return [(step, entry, bar(step, reach)) for step, entry in steps]


def stacked(shares: Mapping[str, float]) -> list[dict[str, Any]]:
    """Return shares as parts of a bar of width 100: where each begins and how wide it is."""
    parts, start = [], 0.0
    for name, share in shares.items():
        parts.append({"name": name, "at": round(100 * start, 2), "width": round(100 * share, 2), "share": share})
        start += share
    return parts
