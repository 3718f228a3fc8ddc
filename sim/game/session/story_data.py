"""The decided months of a table as a storyteller reads them, confidential numbers among them.

Who tells them during a game does so in public form (`sim.report.story`, ``public``): whom a text was meant to win, who
declares which line, who blocks; no number, and nothing of what the drafters have learnt. No view holds a tale.
"""

from __future__ import annotations

from typing import Any

from sim.negotiation.model import DeliberationModel
from sim.negotiation.record.history import Month, Run
from sim.negotiation.record.move_data import learnt_json, move_json, protocol_json

Kept = list[tuple[Month, dict[str, Any]]]
"""Decided months, each with its tale, which stays as it is."""


def tale(model: DeliberationModel, kept: Kept) -> dict[str, Any]:
    """Return the decided months of the talks.

    Parameters
    ----------
    kept : what was told of the same talks before, which is not put together again; brought up to date

    Returns
    -------
    plain data: the keys of a run (`docs/reference/json.md`) from which `sim.report.story` makes the sentences of
    months, and the ``issues`` in words
    """
    known, run = {id(month): told for month, told in kept}, model.result
    kept[:] = [(one, known.get(id(one)) or _month(run, one)) for one in model.months]
    actors = {name: {"name": actor.name} for name, actor in model.script.case.actors.items()}
    timeline = [told for _, told in kept]
    issues = {
        name: {"says": issue.says, "unit": issue.unit, "labels": issue.labels}
        for name, issue in model.script.case.issues.items()
    }
    words = {"protocol": protocol_json(model.protocol), "issues": issues}
    return {"final": {"actors": actors}, **words, "timeline": timeline}


def _month(run: Run, month: Month) -> dict[str, Any]:
    described = month.evaluation.one().describe()
    return {
        "month": month.month,
        "events": [event.says for event in run.scenario.events if event.month == month.month],
        "move": None if month.moves is None else move_json(run, month, month.moves),
        "learnt": learnt_json(run.scenario.case, month.learnt),
        "text": described["package"],
        "tabled_by": list(month.tabled_by),
        "reactions": described["actors"],
        **{key: described[key] for key in ("asked", "agreed", "blocked_by", "unmet")},
    }
