"""The parts of a report that take time, each as its own command computes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import TypeAlias, TypedDict, TypeVar

import numpy as np

from sim.analysis.counterfactuals.actor_turning import ActorTurning, actor_turning
from sim.analysis.counterfactuals.flip import FlipReport, flip
from sim.analysis.dependence import AgreedWorlds
from sim.analysis.experiments.ensemble import EnsembleReport, ensemble
from sim.analysis.experiments.ensemble_plan import Plan
from sim.analysis.judging.proposals import ProposalsReport, proposals
from sim.analysis.outcomes.enumeration import Enumeration, Progress, enumerate_packages
from sim.analysis.outcomes.outcomes import outcomes
from sim.analysis.outcomes.outcomes_report import OutcomesReport
from sim.analysis.outcomes.tradeoff import Tradeoff, tradeoff
from sim.analysis.runner.executors import WorkerPool
from sim.analysis.sensitivity.sensitivity import SensitivityReport, sensitivity
from sim.case.models import Scenario
from sim.engine.outcome_space import OutcomeSpace
from sim.errors import UsageError
from sim.negotiation.record.record_data import RunSummary
from sim.negotiation.record.summary import summarise
from sim.negotiation.run import play

RARE = 0.01
"""An outcome that happens, or fails to happen, in a smaller share of worlds varies too little for a sensitivity."""
Stage: TypeAlias = Callable[[str, str | None], AbstractContextManager[Progress | None]]
"""A function from what is computed, and the unit of its steps, to a context that gives a progress function or None."""
Part = TypeVar("Part")


class OutcomeSpaceParts(TypedDict):
    """The outcome space of the scenarios that change the same in the case.

    `with_core` is, by scenario, how many of the agreed packages keep what makes its proposal this proposal.
    """

    scenarios: list[str]
    with_core: dict[str, int]
    space: OutcomesReport
    plane: Tradeoff | None


class LeftOut(TypedDict):
    """A section that could not be computed for a scenario, and why."""

    section: str
    scenario: str
    why: str


class ReportParts:
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
        self.agreed = AgreedWorlds()
        self._stage = stage

    def ensemble(self) -> EnsembleReport | None:
        if "ensemble" not in self.sections:
            return None
        runs = self.worlds * len(self.scenarios)
        with self._stage(f"Playing {runs:,} worlds", "worlds") as tick:
            plan = Plan(tuple(self.scenarios), self.worlds, self.seed)
            return ensemble(plan, by=self.by, store=self.agreed, progress=tick)

    def run(self, scenario: Scenario) -> RunSummary | None:
        if "talks" not in self.sections:
            return None
        with self._stage(f"{scenario.id}: the talks", None):
            return summarise(play(scenario))

    def turning(self, scenario: Scenario) -> dict[str, ActorTurning] | None:
        """Return what would turn each actor; its numbers are looked for only if the section `flip` is wanted."""
        if "verdicts" not in self.sections:
            return None
        with self._stage(f"{scenario.id}: what would turn each actor", None):
            return actor_turning(scenario, numbers="flip" in self.sections)

    def flip(self, scenario: Scenario) -> FlipReport | None:
        what = "what would turn the answer"
        return self._part(scenario, "flip", what, None, lambda tick: flip(scenario, progress=tick))

    def sensitivity(self, scenario: Scenario, of: str) -> SensitivityReport | None:
        def compute(tick: Progress | None) -> SensitivityReport:
            return sensitivity(scenario, of, seed=self.seed, by=self.by, progress=tick)

        return self._part(scenario, "sensitivity", "the numbers on which it depends", "worlds", compute)

    def outcomes(self) -> Iterator[OutcomeSpaceParts]:
        """Yield the outcome space, once for all scenarios that change the same in the case."""
        for group in by_changes(self.scenarios):

            def compute(tick: Progress | None, group: list[Scenario] = group) -> OutcomeSpaceParts:
                enumeration = enumerate_packages(group[0].case, tick)
                return {
                    "scenarios": [scenario.id for scenario in group],
                    "with_core": {scenario.id: with_core(scenario, enumeration) for scenario in group},
                    "space": outcomes(group[0], enumeration=enumeration),
                    "plane": tradeoff(group[0].case, enumeration),
                }

            if (part := self._part(group[0], "outcomes", "every possible package", None, compute)) is not None:
                yield part

    def proposals(self, beside: Sequence[Scenario]) -> ProposalsReport | None:
        """Return the case's proposals, each judged with the changes of its own scenario."""
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


def with_core(scenario: Scenario, enumeration: Enumeration) -> int:
    """How many agreed packages equal a scenario's proposal on the issues that make it this proposal."""
    space, names = OutcomeSpace(scenario.case), list(scenario.case.issues)
    texts = np.stack(np.unravel_index(enumeration.codes[enumeration.agreed], tuple(space.sizes)), axis=1)
    core = [names.index(issue) for issue in scenario.core]
    return int((texts[:, core] == space.encode(scenario.proposal)[core]).all(axis=1).sum())


def by_changes(scenarios: Sequence[Scenario]) -> Iterator[list[Scenario]]:
    """The scenarios grouped by their changes to the case."""
    left = list(scenarios)
    while left:
        group = [scenario for scenario in left if scenario.changes == left[0].changes]
        yield group
        left = [scenario for scenario in left if scenario not in group]


def varying_output(drawn: EnsembleReport | None, scenario: Scenario) -> str:
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
