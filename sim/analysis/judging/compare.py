"""Scenarios side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sim.analysis.judging.verdicts import verdicts
from sim.case.models import Scenario
from sim.negotiation.record.summary import summarise
from sim.negotiation.run import play

FORMAT = "parley.compare/1"


def compare(
    scenarios: Sequence[Scenario],
    worlds: int | None = None,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """Judge and play each scenario: one row each.

    Parameters
    ----------
    scenarios : at least one
    worlds : how many worlds to draw for the share of agreement; None plays central values alone
    seed : of the worlds
    progress : called after each scenario with how many are done, and how many there are

    Returns
    -------
    plain data (`docs/reference/json.md`)
    """
    rows = []
    for done, scenario in enumerate(scenarios, 1):
        rows.append(_row(scenario, worlds, seed))
        if progress is not None:
            progress(done, len(scenarios))
    actors = {name: actor.name for scenario in scenarios for name, actor in scenario.case.actors.items()}
    return {
        "format": FORMAT,
        "seed": seed,
        "worlds": worlds or 1,
        "nominal": worlds is None,
        "actors": actors,
        "rows": rows,
    }


def _row(scenario: Scenario, worlds: int | None, seed: int) -> dict[str, Any]:
    judged, played = verdicts(scenario, conditions=False), summarise(play(scenario))
    row = {
        "case": scenario.case.id,
        "scenario": scenario.id,
        "title": scenario.title,
        "question": scenario.question,
        "package": judged["package"],
        "measures": judged["measures"],
        "verdicts": {name: actor["verdict"] for name, actor in judged["actors"].items()},
        "blocked_by": judged["blocked_by"],
        "agreed": judged["agreed"],
        "outcome": played["outcome"],
        "months": played["months"],
        "durability": played["durability"],
        "final_package": played["final_package"],
        "final_verdicts": played["verdicts"],
        "final_blocked_by": played["blocked_by"],
        "agreed_share": None,
        "shares": None,
    }
    if worlds is not None:
        shares = summarise(play(scenario, worlds, seed))["shares"]
        row |= {"shares": shares, "agreed_share": shares["agreed"]}
    return row
