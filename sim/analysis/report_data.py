"""Everything in a report on some scenarios, as plain data: each part is the same as from its own command."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict

from sim.analysis.counterfactuals.actor_turning import ActorTurning
from sim.analysis.counterfactuals.flip import FlipReport
from sim.analysis.dependence import Dependence, dependence
from sim.analysis.experiments.ensemble import EnsembleReport
from sim.analysis.judging.judged_text import Judged, judged_at
from sim.analysis.judging.proposals import ProposalsReport
from sim.analysis.judging.sources import SourcesReport, sources
from sim.analysis.judging.verdicts import VerdictsReport, verdicts
from sim.analysis.report_parts import LeftOut, OutcomeSpaceParts, ReportParts, Stage, varying_output
from sim.analysis.runner.executors import WorkerPool
from sim.analysis.runner.pieces import versions
from sim.analysis.sensitivity.model_outputs import model_output
from sim.analysis.sensitivity.sensitivity import SensitivityReport
from sim.case.conditions import Option
from sim.case.models import Case, Scenario
from sim.errors import UsageError
from sim.negotiation.protocols import protocol_of
from sim.negotiation.protocols.base import sponsors_of
from sim.negotiation.record.move_data import protocol_json
from sim.negotiation.record.record_data import ProtocolData, RunSummary

FORMAT = "parley.report/1"
SECTIONS = ("talks", "verdicts", "proposals", "ensemble", "outcomes", "flip", "sensitivity", "sources")
LONG = ("outcomes", "flip", "sensitivity")
"""The sections that take most of the time."""


class _CaseParts(TypedDict):
    case: dict[str, str | None]
    actors: dict[str, dict[str, str]]
    issues: dict[str, dict[str, Any]]
    consent: dict[str, str]
    claims: dict[str, str]


class _ScenarioSetup(TypedDict):
    scenario: str
    title: str
    question: str
    sponsors: list[str]
    core: list[str]
    proposal: dict[str, Option]
    adjusted: list[dict[str, Any]]
    protocol: ProtocolData
    changes: dict[str, object]
    events: list[dict[str, Any]]
    judged: Judged


class ScenarioParts(_ScenarioSetup):
    """What a report says about one scenario; None for a section that is left out."""

    run: RunSummary | None
    verdicts: VerdictsReport | None
    flip: FlipReport | None
    sensitivity: SensitivityReport | None
    dependence: Dependence | None
    turning: dict[str, ActorTurning] | None


class ReportData(_CaseParts):
    """The result of `report`."""

    format: str
    seed: int
    worlds: int
    of: str | None
    sections: list[str]
    versions: dict[str, str]
    scenarios: list[ScenarioParts]
    ensemble: EnsembleReport | None
    proposals: ProposalsReport | None
    outcomes: list[OutcomeSpaceParts]
    sources: SourcesReport | None
    left_out: list[LeftOut]


def report(
    scenarios: Sequence[Scenario],
    *,
    program: str,
    stage: Stage,
    beside: Sequence[Scenario] = (),
    sections: Sequence[str] = SECTIONS,
    worlds: int,
    seed: int = 0,
    of: str | None = None,
    by: WorkerPool | None = None,
) -> ReportData:
    """Compute everything that a report on some scenarios of one case needs.

    Parameters
    ----------
    scenarios : at least one
    program : the version of the program
    stage : opened for every part that takes time
    beside : the case's other scenarios, whose proposals are compared with those of `scenarios`
    sections : which of `SECTIONS` to fill; the others are null or empty
    worlds : the number of worlds of the ensemble
    seed : the seed of all drawn worlds
    of : the output of the sensitivity analysis; None for agreement or, where that hardly varies, for whether the actor
        blocks that does so most often among those whose blocking varies
    by : the workers that play worlds; None plays in this process

    Returns
    -------
    plain data (`docs/reference/json.md`), the same whoever plays

    Raises
    ------
    UsageError
        if the scenarios belong to several cases, `of` is unknown, or the worlds cannot be played
    """
    case = _one_case(scenarios)
    if of is not None:
        for scenario in scenarios:
            model_output(scenario, of)  # reports a wrong name before the work begins
    parts = ReportParts(scenarios, stage, sections, worlds, seed, by)
    drawn = parts.ensemble()
    per_scenario: list[ScenarioParts] = [
        {
            **_setup(scenario),
            "run": parts.run(scenario),
            "verdicts": verdicts(scenario) if "verdicts" in sections else None,
            "flip": parts.flip(scenario),
            "sensitivity": parts.sensitivity(scenario, of or varying_output(drawn, scenario)),
            "turning": parts.turning(scenario),
            "dependence": drawn and dependence(scenario, parts.agreed.of(scenario), seed),
        }
        for scenario in scenarios
    ]
    return {
        "format": FORMAT,
        "seed": seed,
        "worlds": worlds,
        "of": of,
        "sections": [name for name in SECTIONS if name in sections],
        "versions": dict(versions(program)),
        **_case_parts(case),
        "scenarios": per_scenario,
        "ensemble": drawn,
        "proposals": parts.proposals(beside),
        "outcomes": list(parts.outcomes()),
        "sources": sources(scenarios[0]) if "sources" in sections else None,
        "left_out": parts.left_out,
    }


def _one_case(scenarios: Sequence[Scenario]) -> Case:
    cases = dict.fromkeys(scenario.case.id for scenario in scenarios)
    if len(cases) > 1:
        raise UsageError(
            f"these scenarios belong to different cases ({', '.join(cases)}). Write a report for each case."
        )
    return scenarios[0].case


def _case_parts(case: Case) -> _CaseParts:
    """The case: its question, actors and issues, and the claims on which its numbers rest."""
    return {
        "case": {"id": case.id, "title": case.title, "question": case.question, "description": case.description},
        "actors": {
            name: {"name": actor.name, "role": actor.role, "brief": actor.brief} for name, actor in case.actors.items()
        },
        "issues": {
            name: {"says": issue.says, "unit": issue.unit, "options": list(issue.options), "labels": dict(issue.labels)}
            | ({"group": issue.group} if issue.group else {})
            for name, issue in case.issues_by_group.items()
        },
        "consent": {rule.rule: rule.says for rule in case.consent},
        "claims": {name: claim.text for name, claim in case.claims.items()},
    }


def _setup(scenario: Scenario) -> _ScenarioSetup:
    return {
        "scenario": scenario.id,
        "title": scenario.title,
        "question": scenario.question,
        "sponsors": list(sponsors_of(scenario)),
        "core": list(scenario.core),
        "proposal": dict(scenario.proposal),
        "adjusted": [adjustment.model_dump() for adjustment in scenario.adjusted],
        "protocol": protocol_json(protocol_of(scenario)),
        "changes": dict(scenario.changes),
        "events": [{"month": event.month, "set": dict(event.set), "says": event.says} for event in scenario.events],
        "judged": judged_at(scenario),
    }
