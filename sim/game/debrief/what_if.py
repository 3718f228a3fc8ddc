"""Dispute the model: change one number of the case, and see which outcomes change with it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypedDict

from sim.analysis.judging.verdicts import verdicts
from sim.case.distributions import NEVER
from sim.case.models import Package, Scenario
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.worlds import Uniforms
from sim.game.debrief.table_results import TableResult, judge
from sim.negotiation.answers.evaluation import number
from sim.negotiation.record.summary import summarise
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import build_scenario

FORMAT = "parley.dispute/1"


class DisputedText(TypedDict):
    """A text judged before and after the change; every list is [before, after]. `table` is None for the opening."""

    table: str | None
    month: int | None
    package: dict[str, Any]
    agreed: list[bool]
    blocked_by: list[list[str]]
    actors: dict[str, dict[str, list[Any]]]
    changed: bool


class Dispute(TypedDict):
    """What changes with one number (`docs/reference/json.md`)."""

    format: str
    case: str
    scenario: str
    path: str
    value: list[float | str | None]
    origin: dict[str, Any] | None
    actors: dict[str, str]
    played: dict[str, Any]
    texts: list[DisputedText]
    anything_changed: bool


def dispute(
    scenario: Scenario, path: str, value: object, tables: Sequence[TableResult] = (), uniforms: Uniforms | None = None
) -> Dispute:
    """Change one number, as ``--set PATH=VALUE`` does, and judge and play everything again. Raises `CaseError` if there
    is no such number, or the case is not valid with the new value.

    Parameters
    ----------
    scenario : that was played
    path : of a number of the case (`sim.analysis.judging.sources` lists them), or ``protocol.KEY``
    value : the new value
    tables : whose last texts are judged again, each in its own world and month
    uniforms : the world in which agents play the talks again; None takes central values
    """
    changed = build_scenario(scenario.source, {path: value})
    before, after = (summarise(play(version, uniforms=uniforms)) for version in (scenario, changed))
    played = {key: [before[key], after[key]] for key in ("outcome", "months", "blocked_by", "final_package")}
    differs = any(old != new for old, new in played.values())
    texts = [_opening(scenario, changed), *(_last(table, path, value) for table in tables)]
    return {
        "format": FORMAT,
        "case": scenario.case.id,
        "scenario": scenario.id,
        "path": path,
        "value": [_central(scenario, path), _central(changed, path)],
        "origin": _origin(scenario, path),
        "actors": {name: actor.name for name, actor in scenario.case.actors.items()},
        "played": {**played, "changed": differs},
        "texts": texts,
        "anything_changed": differs or any(text["changed"] for text in texts),
    }


def _opening(scenario: Scenario, changed: Scenario) -> DisputedText:
    """The first text, take it or leave it at the start, before and after."""
    judged = [verdicts(version, conditions=False) for version in (scenario, changed)]
    return _compare(None, None, scenario.proposal, judged)


def _last(table: TableResult, path: str, value: object) -> DisputedText:
    """The last text of a table, by everybody's rules in its last month, before and after."""
    run = table.run
    judged = [
        judge(replace(run, scenario=scenario), table.text[None], table.months).one().describe()
        for scenario in (run.scenario, build_scenario(run.scenario.source, {path: value}))
    ]
    return _compare(table.name, table.months, OutcomeSpace(table.case).decode(table.text), judged)


def _compare(
    table: str | None, month: int | None, package: Package, judged: Sequence[Mapping[str, Any]]
) -> DisputedText:
    before, after = judged
    actors = {
        name: {key: [actor[key], after["actors"][name][key]] for key in ("verdict", "surplus")}
        for name, actor in before["actors"].items()
    }
    return {
        "table": table,
        "month": month,
        "package": dict(package),
        "agreed": [before["agreed"], after["agreed"]],
        "blocked_by": [before["blocked_by"], after["blocked_by"]],
        "actors": actors,
        "changed": before["agreed"] != after["agreed"]
        or any(actor["verdict"][0] != actor["verdict"][1] for actor in actors.values()),
    }


def _central(scenario: Scenario, path: str) -> float | str | None:
    """The central value of a number; None if the path names only a part of a number, or a protocol setting."""
    named = scenario.case.numbers.get(path)
    if named is None:
        return None
    central = named.distribution.central
    return NEVER if math.isinf(central) else number(central)


def _origin(scenario: Scenario, path: str) -> dict[str, Any] | None:
    if (named := scenario.case.numbers.get(path)) is None:
        return None
    return {"says": named.says, "sources": list(named.source), "assumption": named.assumption}
