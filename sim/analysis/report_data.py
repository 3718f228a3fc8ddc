"""Everything that a report on some scenarios says, as plain data: each part as the command that asks for it alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, TypeAlias

from sim.analysis.counterfactuals.flip import flip
from sim.analysis.experiments.ensemble import ensemble
from sim.analysis.experiments.ensemble_plan import Plan
from sim.analysis.judging.proposals import proposals
from sim.analysis.judging.sources import sources
from sim.analysis.judging.verdicts import verdicts
from sim.analysis.outcomes.enumeration import walk
from sim.analysis.outcomes.outcomes import outcomes
from sim.analysis.outcomes.tradeoff import plane
from sim.analysis.runner.executors import WorkerPool
from sim.analysis.runner.versions import versions
from sim.analysis.sensitivity.model_outputs import quantity
from sim.analysis.sensitivity.sensitivity import sensitivity
from sim.case.models import Case, Scenario
from sim.errors import UsageError
from sim.negotiation.protocols import protocol_of
from sim.negotiation.protocols.base import sponsors_of
from sim.negotiation.record.move_data import protocol_json
from sim.negotiation.record.summary import summarise
from sim.negotiation.run import play

FORMAT = "parley.report/1"
SECTIONS = ("talks", "verdicts", "proposals", "ensemble", "outcomes", "flip", "sensitivity", "sources")
LONG = ("outcomes", "flip", "sensitivity")
"""The sections that take most of the time."""
RARE = 0.01
"""What happens in fewer worlds than this share, or fails to in fewer, varies too little to be asked about."""
Progress: TypeAlias = Callable[[int, int], None]
Stage: TypeAlias = Callable[[str, str | None], AbstractContextManager[Progress | None]]
"""Says what is computed, and the unit of its steps; gives what counts them, or None."""


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
) -> dict[str, Any]:
    """Ask of some scenarios of one case everything that a report tells.

    Parameters
    ----------
    scenarios : at least one
    program : version of the program
    stage : opened for every part that takes time
    beside : the case's scenarios, with whose proposals theirs are compared
    sections : which of `SECTIONS` to fill; the others are null, or empty
    worlds : of the ensemble
    seed : of all worlds that are drawn
    of : what the sensitivity is asked about; None: agreement, or, where that hardly varies, whether the actor blocks
        that does so most often of those who do not always
    by : who plays worlds; None plays in this process

    Returns
    -------
    plain data (`docs/reference/json.md`), the same whoever plays

    Raises
    ------
    UsageError
        if the scenarios are of several cases, `of` names nothing, or the worlds cannot be played
    """
    case = _one_case(scenarios)
    if of is not None:
        for one in scenarios:
            quantity(one, of)  # a wrong name is a mistake, and is told before the work
    asks = _ReportParts(scenarios, stage, sections, worlds, seed, by)
    drawn = asks.ensemble()
    told = [
        {
            **_set_up(one),
            "run": asks.run(one),
            "verdicts": verdicts(one) if "verdicts" in sections else None,
            "flip": asks.flip(one),
            "sensitivity": asks.sensitivity(one, of or _worth_asking(drawn, one)),
        }
        for one in scenarios
    ]
    return {
        "format": FORMAT,
        "seed": seed,
        "worlds": worlds,
        "of": of,
        "sections": [name for name in SECTIONS if name in sections],
        "versions": dict(versions(program)),
        **_about(case),
        "scenarios": told,
        "ensemble": drawn,
        "proposals": asks.proposals(beside),
        "outcomes": list(asks.outcomes()),
        "sources": sources(scenarios[0]) if "sources" in sections else None,
        "left_out": asks.left_out,
    }


class _ReportParts:
    """Asks what takes time, part by part; what cannot be asked is left out, with the reason."""

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
        self.left_out: list[dict[str, Any]] = []
        self._stage = stage

    def ensemble(self) -> dict[str, Any] | None:
        if "ensemble" not in self.sections:
            return None
        runs = self.worlds * len(self.scenarios)
        with self._stage(f"Playing {runs:,} worlds", "worlds") as tick:
            return ensemble(Plan(tuple(self.scenarios), self.worlds, self.seed), by=self.by, progress=tick)

    def run(self, one: Scenario) -> dict[str, Any] | None:
        if "talks" not in self.sections:
            return None
        with self._stage(f"{one.id}: the talks", None):
            return summarise(play(one))

    def flip(self, one: Scenario) -> dict[str, Any] | None:
        return self._of(one, "flip", "what would turn the answer", None, lambda tick: flip(one, progress=tick))

    def sensitivity(self, one: Scenario, of: str) -> dict[str, Any] | None:
        def ask(tick: Progress | None) -> dict[str, Any]:
            return sensitivity(one, of, seed=self.seed, by=self.by, progress=tick)

        return self._of(one, "sensitivity", "on which numbers it hangs", "worlds", ask)

    def outcomes(self) -> Iterator[dict[str, Any]]:
        """The outcome space, once for all scenarios that change the same in the case."""
        for one, alike in _by_changes(self.scenarios):

            def ask(tick: Progress | None, one: Scenario = one) -> dict[str, Any]:
                walked = walk(one.case, tick)
                return {"space": outcomes(one, walked=walked), "plane": plane(one.case, walked)}

            if (found := self._of(one, "outcomes", "every possible package", None, ask)) is not None:
                yield {"scenarios": alike, **found}

    def proposals(self, beside: Sequence[Scenario]) -> dict[str, Any] | None:
        """The proposals of the case's scenarios, each under what its own scenario changes."""
        if "proposals" not in self.sections:
            return None
        every = {one.id: one for one in (*beside, *self.scenarios)}
        with self._stage(f"{len(every)} proposals side by side", None):
            return proposals(list(every.values()), worlds=self.worlds, seed=self.seed)

    def _of(
        self,
        one: Scenario,
        section: str,
        what: str,
        unit: str | None,
        ask: Callable[[Progress | None], dict[str, Any]],
    ) -> dict[str, Any] | None:
        if section not in self.sections:
            return None
        with self._stage(f"{one.id}: {what}", unit) as tick:
            try:
                return ask(tick)
            except UsageError as error:
                self.left_out.append({"section": section, "scenario": one.id, "why": str(error)})
                return None


def _one_case(scenarios: Sequence[Scenario]) -> Case:
    cases = dict.fromkeys(one.case.id for one in scenarios)
    if len(cases) > 1:
        raise UsageError(f"a report is on scenarios of one case, not of {' and '.join(cases)}.")
    return scenarios[0].case


def _about(case: Case) -> dict[str, Any]:
    """The case: what it asks, who is in it, what is to be settled, and the claims on which its numbers rest."""
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


def _set_up(one: Scenario) -> dict[str, Any]:
    return {
        "scenario": one.id,
        "title": one.title,
        "question": one.question,
        "sponsors": list(sponsors_of(one)),
        "proposal": dict(one.proposal),
        "adjusted": [adjusted.model_dump() for adjusted in one.adjusted],
        "protocol": protocol_json(protocol_of(one)),
        "changes": dict(one.changes),
        "events": [{"month": event.month, "set": dict(event.set), "says": event.says} for event in one.events],
    }


def _by_changes(scenarios: Sequence[Scenario]) -> Iterator[tuple[Scenario, list[str]]]:
    """The scenarios in which the case is the same, by the first of them."""
    left = list(scenarios)
    while left:
        alike = [one for one in left if one.changes == left[0].changes]
        yield left[0], [one.id for one in alike]
        left = [one for one in left if one not in alike]


def _worth_asking(drawn: Mapping[str, Any] | None, one: Scenario) -> str:
    """What of a scenario varies enough that one may ask on which numbers it hangs."""
    if drawn is None:
        return "agreed"
    [found] = [played for played in drawn["scenarios"] if played["scenario"] == one.id]
    if _varies(found["outcomes"]["agreed"]["share"]):
        return "agreed"
    blocking = [other["name"] for other in found["blockers"] if _varies(other["share"])]
    return next((f"blocked_by.{name}" for name in blocking if name in one.case.actors), "agreed")


def _varies(share: float) -> bool:
    return RARE <= share <= 1 - RARE
