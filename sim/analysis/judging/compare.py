"""Scenarios side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypedDict

from sim.analysis.judging.judged_text import AskedMonth, Judged, describe_judged
from sim.analysis.judging.verdicts import verdicts
from sim.arguments import whole_number
from sim.case.conditions import Option
from sim.case.models import Package, Scenario
from sim.negotiation.record.summary import summarise
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import ScenarioLike, as_scenarios

FORMAT = "parley.compare/1"


class ComparedScenario(TypedDict):
    """One scenario: the verdicts on its proposal, and how its talks end."""

    case: str
    scenario: str
    title: str
    question: str
    judged: Judged
    package: dict[str, Option]
    measures: dict[str, float]
    verdicts: dict[str, str]
    blocked_by: list[str]
    agreed: bool
    final_judged: Judged
    outcome: str
    months: int
    durability: float | None
    final_package: Package
    final_verdicts: dict[str, str]
    final_blocked_by: list[str]
    agreed_share: float | None
    shares: dict[str, float] | None


class ComparisonReport(TypedDict):
    """The result of `compare`."""

    format: str
    seed: int
    worlds: int
    nominal: bool
    actors: dict[str, str]
    rows: list[ComparedScenario]


def compare(
    scenarios: ScenarioLike | Sequence[ScenarioLike],
    worlds: int | None = None,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
    *,
    month: AskedMonth = None,
) -> ComparisonReport:
    """Judge and play each scenario: one row each.

    Parameters
    ----------
    scenarios : one or more, each as such, by its bundled name, or by the path of its file
    worlds : how many worlds to draw for the share of agreement; None plays central values alone
    seed : of the worlds
    progress : called after each scenario with how many are done, and how many there are
    month : of the talks, or ``"end"``: the verdicts are on the text on the table then; None for the proposals as talks
        open

    Returns
    -------
    plain data (`docs/reference/json.md`)
    """
    loaded = as_scenarios(scenarios)
    worlds, seed = whole_number(worlds, "worlds"), whole_number(seed, "seed", 0)
    rows = []
    for done, scenario in enumerate(loaded, 1):
        rows.append(_row(scenario, worlds, seed, month))
        if progress is not None:
            progress(done, len(loaded))
    return {
        "format": FORMAT,
        "seed": seed,
        "worlds": worlds or 1,
        "nominal": worlds is None,
        "actors": {name: actor.name for scenario in loaded for name, actor in scenario.case.actors.items()},
        "rows": rows,
    }


def _row(scenario: Scenario, worlds: int | None, seed: int, month: AskedMonth) -> ComparedScenario:
    judged = verdicts(scenario, month=month, conditions=False)
    played = summarise(play(scenario))
    months = played["months"]
    shares = None if worlds is None else summarise(play(scenario, worlds, seed))["shares"]
    return {
        "case": scenario.case.id,
        "scenario": scenario.id,
        "title": scenario.title,
        "question": scenario.question,
        "judged": judged["judged"],
        "package": judged["package"],
        "measures": judged["measures"],
        "verdicts": {name: actor["verdict"] for name, actor in judged["actors"].items()},
        "blocked_by": judged["blocked_by"],
        "agreed": judged["agreed"],
        "final_judged": describe_judged(scenario, asked="end", month=months, text_month=months),
        "outcome": played["outcome"],
        "months": months,
        "durability": played["durability"],
        "final_package": played["final_package"],
        "final_verdicts": played["verdicts"],
        "final_blocked_by": played["blocked_by"],
        "agreed_share": None if shares is None else shares["agreed"],
        "shares": shares,
    }
