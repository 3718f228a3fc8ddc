"""Dispute the model: change one number of the case, and see which outcomes change with it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sim.analysis.judging.verdicts import verdicts
from sim.case.distributions import NEVER
from sim.case.models import Package, Scenario
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.worlds import Uniforms
from sim.game.debrief.table_results import TableResult, judge
from sim.negotiation.evaluation import number
from sim.negotiation.record.summary import summarise
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import build_scenario

FORMAT = "parley.dispute/1"


def dispute(
    scenario: Scenario, path: str, value: object, tables: Sequence[TableResult] = (), uniforms: Uniforms | None = None
) -> dict[str, Any]:
    """Change one number, as ``--set PATH=VALUE`` does, and judge and play everything again.

    Parameters
    ----------
    scenario : that was played
    path : of a number of the case (`sim.analysis.judging.sources` lists them), or ``protocol.KEY``
    value : the new one
    tables : whose last texts are judged again, each in its own world and month
    uniforms : the world in which the talks are played again by agents alone; None takes central values

    Returns
    -------
    plain data (`docs/reference/json.md`)

    Raises
    ------
    CaseError
        if there is no such number, or the case makes no sense with it
    """
    changed = build_scenario(scenario.source, {path: value})
    before, after = (summarise(play(one, uniforms=uniforms)) for one in (scenario, changed))
    played = {key: [before[key], after[key]] for key in ("outcome", "months", "blocked_by", "final_package")}
    texts = [_opening(scenario, changed), *(_last(one, path, value) for one in tables)]
    return {
        "format": FORMAT,
        "case": scenario.case.id,
        "scenario": scenario.id,
        "path": path,
        "value": [_central(scenario, path), _central(changed, path)],
        "origin": _origin(scenario, path),
        "actors": {name: actor.name for name, actor in scenario.case.actors.items()},
        "played": {**played, "changed": any(one != other for one, other in played.values())},
        "texts": texts,
        "anything_changed": any(one != other for one, other in played.values()) or any(one["changed"] for one in texts),
    }


def _opening(scenario: Scenario, changed: Scenario) -> dict[str, Any]:
    """The first text, take it or leave it at the start, before and after."""
    judged = [verdicts(one, conditions=False) for one in (scenario, changed)]
    sides = [
        {
            "agreed": one["agreed"],
            "blocked_by": one["blocked_by"],
            "actors": {name: (actor["verdict"], actor["surplus"]) for name, actor in one["actors"].items()},
        }
        for one in judged
    ]
    return _beside(None, None, scenario.proposal, sides)


def _last(played: TableResult, path: str, value: object) -> dict[str, Any]:
    """The last text of a table, by everybody's rules in its last month, before and after."""
    run, sides = played.run, []
    for scenario in (run.scenario, build_scenario(run.scenario.source, {path: value})):
        told = judge(replace(run, scenario=scenario), played.text[None], played.months).one().describe()
        sides.append(
            {
                "agreed": told["agreed"],
                "blocked_by": told["blocked_by"],
                "actors": {name: (actor["verdict"], actor["surplus"]) for name, actor in told["actors"].items()},
            }
        )
    return _beside(played.name, played.months, OutcomeSpace(played.case).decode(played.text), sides)


def _beside(table: str | None, month: int | None, package: Package, sides: Sequence[Any]) -> dict[str, Any]:
    before, after = sides
    actors = {
        name: {"verdict": [verdict, after["actors"][name][0]], "surplus": [surplus, after["actors"][name][1]]}
        for name, (verdict, surplus) in before["actors"].items()
    }
    return {
        "table": table,
        "month": month,
        "package": dict(package),
        "agreed": [before["agreed"], after["agreed"]],
        "blocked_by": [before["blocked_by"], after["blocked_by"]],
        "actors": actors,
        "changed": before["agreed"] != after["agreed"]
        or any(one["verdict"][0] != one["verdict"][1] for one in actors.values()),
    }


def _central(scenario: Scenario, path: str) -> float | str | None:
    """The central value of a number; None where the path names no number of the case, but a part of one."""
    named = scenario.case.numbers.get(path)
    if named is None:
        return None
    central = named.distribution.central
    return NEVER if math.isinf(central) else number(central)


def _origin(scenario: Scenario, path: str) -> dict[str, Any] | None:
    named = scenario.case.numbers.get(path)
    if named is None:
        return None
    return {"says": named.says, "sources": list(named.source), "assumption": named.assumption}
