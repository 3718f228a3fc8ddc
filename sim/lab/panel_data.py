"""From plain data to what a template shows: rows, shades, bars; no words of its own but those of the case."""

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
"""The label of the text on the table, where it is none of the bundled proposals."""
SUMS = ((("preference", "measure"), "utility"), (("reservation", "red_line"), "surplus"))
"""Kinds of reasons, and the sum that stands below them."""
NOTCH = 10
"""The scale of shades is a multiple of so many points."""


def scale(found: Plain) -> float:
    """The surplus at which the darkest shade begins, so that it stays the same while numbers are moved."""
    spare = [abs(one["surplus"]) for row in found["rows"] for one in row["actors"].values() if not one["never"]]
    ranked = sorted(spare) or [0.0]
    return float(max(NOTCH, NOTCH * round(ranked[int(0.9 * (len(ranked) - 1))] / NOTCH)))


def rows(found: Plain, across: str) -> list[dict[str, Any]]:
    """The proposals, the one on the table among them, from the least to the most of a measure, each once.

    Parameters
    ----------
    found : as of `sim.lab.answers.immediate_answers`
    """
    kept = {
        row["scenario"]: {**row, "also": [], "now": False} for row in found["proposals"]["rows"] if not row["same_as"]
    }
    for row in found["proposals"]["rows"]:
        if row["same_as"]:
            kept[row["same_as"]]["also"].append(row["title"])
    ordered = sorted(kept.values(), key=lambda row: float(row["measures"].get(across, 0.0)))
    for at, row in enumerate(ordered, 1):
        row["label"] = str(at)
    now = found["now"]
    if now is None:
        return ordered
    same = next((row for row in ordered if row["package"] == now["package"]), None)
    if same is not None:
        same["now"] = True
        return ordered
    return [{**now, "scenario": None, "title": None, "also": [], "now": True, "label": NOW}, *ordered]


def heat(listed: Sequence[Plain], actors: Mapping[str, str], scale_: float, across: str) -> dict[str, Any]:
    """The heat map: columns and rows of cells."""
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


def _cell(one: Plain, name: str, scale_: float) -> dict[str, Any]:
    look = VERDICTS[one["verdict"]]
    return {
        **one,
        "name": name,
        "shade": palette.shade(one["surplus"], one["never"], scale_),
        "mark": look.mark,
        "words": look.words,
        "said": f"{look.mark} {wording.NEVER if one['never'] else rounded(one['surplus'])}",
    }


def rounded(surplus: float) -> str:
    """A surplus for a narrow cell: whole points, and a decimal where these would be none.

    >>> rounded(12.4), rounded(0.3)
    ('+12', '+0.3')
    """
    return number(round(surplus) if abs(surplus) >= 1 else surplus, True)


def asked(listed: Iterable[Plain], actors: Mapping[str, str]) -> list[str]:
    """The actors whose consent every proposal needs."""
    return [name for name in actors if all(row["actors"][name]["needed"] for row in listed)]


def points(
    listed: Sequence[Plain], actors: Mapping[str, str], across: str, of: str
) -> tuple[list[PlotPoint], list[str]]:
    """The plane: every proposal as points, and the names of the series that are there.

    Returns
    -------
    points by what an actor has to spare: of one actor, in series by its verdict; of all whose consent every proposal
    needs, or of the least willing of those whom each needs, in series by who that is
    """
    of = LEAST if of == ASKED and not asked(listed, actors) else of
    found: list[tuple[str, PlotPoint]] = []
    for row in listed:
        least = [row["least_willing"]] if row["least_willing"] else []
        for at, who in enumerate(asked(listed, actors) if of == ASKED else least if of == LEAST else [of]):
            one = row["actors"][who]
            series = actors[who] if of in (ASKED, LEAST) else VERDICTS[one["verdict"]].words
            height = None if one["never"] else one["surplus"]
            label = "" if row["label"] == NOW or (at and of == ASKED) else row["label"]
            found.append((series, PlotPoint(label, row["title"], row["measures"][across], height, 0, row["now"])))
    order = [*actors.values(), *(look.words for look in VERDICTS.values())]
    there = sorted({series for series, _ in found}, key=order.index)
    return [replace(point, series=there.index(series)) for series, point in found], there


def bars(actor: Plain, t: Strings) -> list[tuple[WaterfallBar, Plain | None]]:
    """An actor's reasons as steps down to its surplus, each with its entry of the ledger; sums have none."""
    found: list[tuple[WaterfallBar, Plain | None]] = []
    at = 0.0
    for kinds, total in SUMS:
        for entry in (one for one in actor["ledger"] if one["kind"] in kinds):
            if entry["points"] == wording.NEVER:
                found.append((WaterfallBar(entry["says"], wording.NEVER, None, None), entry))
                continue
            found.append((WaterfallBar(entry["says"], number(entry["points"], True), at, at + entry["points"]), entry))
            at += entry["points"]
        says = t(f"lab.sum.{total}")
        found.append((WaterfallBar(says, number(actor[total], True), 0.0, actor[total], total=True), None))
    return found


def sending(actor: Plain, resource: str, t: Strings) -> list[tuple[WaterfallBar, Plain | None]]:
    """The decision to send a resource as steps on from an actor's surplus, as of `bars`."""
    found: list[tuple[WaterfallBar, Plain | None]] = [
        (WaterfallBar(t("lab.sum.surplus"), number(actor["surplus"], True), 0.0, actor["surplus"], total=True), None)
    ]
    at = actor["surplus"]
    for entry in actor["sends"][resource]["ledger"]:
        found.append((WaterfallBar(entry["says"], number(entry["points"], True), at, at + entry["points"]), entry))
        at += entry["points"]
    surplus = actor["sends"][resource]["surplus"]
    found.append((WaterfallBar(t("lab.sum.sending"), number(surplus, True), 0.0, surplus, total=True), None))
    return found


def both_answers(actor: Plain) -> str:
    """What a supporter of a text sends, if the text asks it for anything: ``supports, sends nothing``; else nothing."""
    sent = sends(actor) if actor["verdict"] == "accept" else None
    return f"supports, {sent}" if sent else ""


def stacked(shares: Mapping[str, float]) -> list[dict[str, Any]]:
    """Shares as parts of a bar of 100: where each begins, and how wide it is."""
    parts, at = [], 0.0
    for name, share in shares.items():
        parts.append({"name": name, "at": round(100 * at, 2), "width": round(100 * share, 2), "share": share})
        at += share
    return parts


def blockers(blocked_by: Iterable[str], actors: Mapping[str, str]) -> str:
    """Who stands in the way, in words."""
    return wording.names(blocked_by, {one: {"name": name} for one, name in actors.items()})
