"""Everything in a report on some scenarios, as plain data: each part is the same as from its own command."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, TypeAlias, TypedDict, TypeVar

from sim.analysis.counterfactuals.flip import FlipReport, flip
from sim.analysis.experiments.ensemble import EnsembleReport, ensemble
from sim.analysis.experiments.ensemble_plan import Plan
from sim.analysis.judging.proposals import ProposalsReport, proposals
from sim.analysis.judging.sources import SourcesReport, sources
from sim.analysis.judging.verdicts import VerdictsReport, verdicts
from sim.analysis.outcomes.enumeration import Progress, enumerate_packages
from sim.analysis.outcomes.outcomes import OutcomesReport, outcomes
from sim.analysis.outcomes.tradeoff import Tradeoff, tradeoff
from sim.analysis.runner.executors import WorkerPool
from sim.analysis.runner.versions import versions
from sim.analysis.sensitivity.model_outputs import model_output
from sim.analysis.sensitivity.sensitivity import SensitivityReport, sensitivity
from sim.case.conditions import Option
from sim.case.models import Case, Scenario
from sim.errors import UsageError
from sim.negotiation.protocols import protocol_of
from sim.negotiation.protocols.base import sponsors_of
from sim.negotiation.record.move_data import protocol_json
from sim.negotiation.record.record_data import ProtocolData, RunSummary
from sim.negotiation.record.summary import summarise
from sim.negotiation.run import play

FORMAT = "parley.report/1"
SECTIONS = ("talks", "verdicts", "proposals", "ensemble", "outcomes", "flip", "sensitivity", "sources")
LONG = ("outcomes", "flip", "sensitivity")
"""The sections that take most of the time."""
RARE = 0.01
"""An outcome that happens, or fails to happen, in a smaller share of worlds varies too little for a sensitivity."""
Stage: TypeAlias = Callable[[str, str | None], AbstractContextManager[Progress | None]]
"""A function from what is computed, and the unit of its steps, to a context that gives a progress function or None."""
Part = TypeVar("Part")


class _CaseParts(TypedDict):
    case: dict[str, str | None]
    actors: dict[str, dict[str, str]]
    issues: dict[str, dict[str, Any]]
    claims: dict[str, str]


class _ScenarioSetup(TypedDict):
    scenario: str
    title: str
    question: str
    sponsors: list[str]
    proposal: dict[str, Option]
    adjusted: list[dict[str, Any]]
    protocol: ProtocolData
    changes: dict[str, object]
    events: list[dict[str, Any]]


class ScenarioParts(_ScenarioSetup):
    """What a report says about one scenario; None for a section that is left out."""

    run: RunSummary | None
    verdicts: VerdictsReport | None
    flip: FlipReport | None
    sensitivity: SensitivityReport | None


class OutcomeSpaceParts(TypedDict):
    """The outcome space of the scenarios that change the same in the case."""

    scenarios: list[str]
    space: OutcomesReport
    plane: Tradeoff | None


class LeftOut(TypedDict):
    """A section that could not be computed for a scenario, and why."""

    section: str
    scenario: str
    why: str


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
    parts = _ReportParts(scenarios, stage, sections, worlds, seed, by)
    drawn = parts.ensemble()
    per_scenario: list[ScenarioParts] = [
        {
            **_setup(scenario),
            "run": parts.run(scenario),
            "verdicts": verdicts(scenario) if "verdicts" in sections else None,
            "flip": parts.flip(scenario),
            "sensitivity": parts.sensitivity(scenario, of or _varying_output(drawn, scenario)),
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


class _ReportParts:
    """Computes the parts that take time. A part that cannot be computed is left out, with the reason."""

    def __init__(
        self,
        scenarios: Sequence[Scenario],
        stage: Stage,
        sections: Sequence[str],
        worlds: int,
        seed: int,
        by: WorkerPool | None,
    ) -> None:
        self.scenarios, self.sections, self.worlds, self.seed, self.by = scenarios, sections, worlds, seed, by
        self.left_out: list[LeftOut] = []
        self._stage = stage

    def ensemble(self) -> EnsembleReport | None:
        if "ensemble" not in self.sections:
            return None
        runs = self.worlds * len(self.scenarios)
        with self._stage(f"Playing {runs:,} worlds", "worlds") as tick:
            return ensemble(Plan(tuple(self.scenarios), self.worlds, self.seed), by=self.by, progress=tick)

    def run(self, scenario: Scenario) -> RunSummary | None:
        if "talks" not in self.sections:
            return None
        with self._stage(f"{scenario.id}: the talks", None):
            return summarise(play(scenario))

    def flip(self, scenario: Scenario) -> FlipReport | None:
        what = "what would turn the answer"
        return self._part(scenario, "flip", what, None, lambda tick: flip(scenario, progress=tick))

    def sensitivity(self, scenario: Scenario, of: str) -> SensitivityReport | None:
        def compute(tick: Progress | None) -> SensitivityReport:
            return sensitivity(scenario, of, seed=self.seed, by=self.by, progress=tick)

        return self._part(scenario, "sensitivity", "the numbers on which it depends", "worlds", compute)

    def outcomes(self) -> Iterator[OutcomeSpaceParts]:
        """Yield the outcome space, once for all scenarios that change the same in the case."""
        for scenario, names in _by_changes(self.scenarios):

            def compute(
                tick: Progress | None, scenario: Scenario = scenario, names: list[str] = names
            ) -> OutcomeSpaceParts:
                enumeration = enumerate_packages(scenario.case, tick)
                space = outcomes(scenario, enumeration=enumeration)
                return {"scenarios": names, "space": space, "plane": tradeoff(scenario.case, enumeration)}

            if (part := self._part(scenario, "outcomes", "every possible package", None, compute)) is not None:
                yield part

    def proposals(self, beside: Sequence[Scenario]) -> ProposalsReport | None:
        """Return the proposals of the case's scenarios, each under the changes of its own scenario."""
        if "proposals" not in self.sections:
            return None
        distinct = {scenario.id: scenario for scenario in (*beside, *self.scenarios)}
        with self._stage(f"{len(distinct)} proposals side by side", None):
            return proposals(list(distinct.values()), worlds=self.worlds, seed=self.seed)

    def _part(
        self,
        scenario: Scenario,
        section: str,
        what: str,
        unit: str | None,
        compute: Callable[[Progress | None], Part],
    ) -> Part | None:
        if section not in self.sections:
            return None
        with self._stage(f"{scenario.id}: {what}", unit) as tick:
            try:
                return compute(tick)
            except UsageError as error:
                self.left_out.append({"section": section, "scenario": scenario.id, "why": str(error)})
                return None


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
            for name, issue in case.issues.items()
        },
        "claims": {name: claim.text for name, claim in case.claims.items()},
    }


def _setup(scenario: Scenario) -> _ScenarioSetup:
    return {
        "scenario": scenario.id,
        "title": scenario.title,
        "question": scenario.question,
        "sponsors": list(sponsors_of(scenario)),
        "proposal": dict(scenario.proposal),
        "adjusted": [adjustment.model_dump() for adjustment in scenario.adjusted],
        "protocol": protocol_json(protocol_of(scenario)),
        "changes": dict(scenario.changes),
        "events": [{"month": event.month, "set": dict(event.set), "says": event.says} for event in scenario.events],
    }


def _by_changes(scenarios: Sequence[Scenario]) -> Iterator[tuple[Scenario, list[str]]]:
    """The scenarios grouped by their changes: the first of each group, and the ids of all in it."""
    left = list(scenarios)
    while left:
        group = [scenario for scenario in left if scenario.changes == left[0].changes]
        yield left[0], [scenario.id for scenario in group]
        left = [scenario for scenario in left if scenario not in group]


def _varying_output(drawn: EnsembleReport | None, scenario: Scenario) -> str:
    """The output of a scenario that varies enough to ask which numbers it depends on."""
    if drawn is None:
        return "agreed"
    [played] = [played for played in drawn["scenarios"] if played["scenario"] == scenario.id]
    if _varies(played["outcomes"]["agreed"]["share"]):
        return "agreed"
    blocking = [blocker["name"] for blocker in played["blockers"] if _varies(blocker["share"])]
    return next((f"blocked_by.{name}" for name in blocking if name in scenario.case.actors), "agreed")


def _varies(share: float) -> bool:
    return RARE <= share <= 1 - RARE
