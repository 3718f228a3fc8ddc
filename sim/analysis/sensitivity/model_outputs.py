"""The numbers that an analysis of uncertainty can ask about, such as whether a world ends in agreement."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np

from sim.analysis.experiments.world_rows import play_rows, scenario_from_source
from sim.case.models import Scenario
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.rule_matrix import Floats
from sim.engine.worlds import UniformMatrix
from sim.errors import UsageError, did_you_mean
from sim.negotiation.answers.evaluation_context import evaluate
from sim.negotiation.record.history import Outcome

AGREED, MONTHS, DURABILITY = "agreed", "months", "durability"
BLOCKED_BY, ACCEPTS, SURPLUS = "blocked_by", "accepts", "surplus"
SAYS = {
    AGREED: "whether the talks end agreed",
    MONTHS: "how many months the talks take",
    DURABILITY: "how likely peace would hold under the last text",
    BLOCKED_BY: "whether {actor} blocks the last text",
    ACCEPTS: "whether {actor} accepts the proposal now, take it or leave it",
    SURPLUS: "the surplus of the proposal for {actor} now, in points",
}
EVENTS = {
    AGREED: ("the talks end agreed", "the talks end without agreement"),
    BLOCKED_BY: ("{actor} blocks the last text", "{actor} does not block the last text"),
    ACCEPTS: ("{actor} accepts the proposal now", "{actor} does not accept the proposal now"),
}


@dataclass(frozen=True)
class ModelOutput:
    """One number per world of a scenario, as a function of the uniforms that any process can call.

    `source` is the scenario's `Scenario.source` in JSON.
    """

    name: str
    source: str

    @property
    def kind(self) -> str:
        """The name without the actor."""
        return self.name.partition(".")[0]

    @property
    def actor(self) -> str:
        """The actor at the end of the name; empty if there is none."""
        return self.name.partition(".")[2]

    @property
    def played(self) -> bool:
        """Whether it is a result of the talks; otherwise it is an answer to the proposal, now."""
        return self.kind not in (ACCEPTS, SURPLUS)

    @property
    def binary(self) -> bool:
        """Whether it is 0 or 1."""
        return self.kind in (AGREED, BLOCKED_BY, ACCEPTS)

    def in_words(self, scenario: Scenario) -> str:
        """Return what the number says."""
        return SAYS[self.kind].format(actor=self._actor_name(scenario))

    def event(self, scenario: Scenario, *, negated: bool) -> str:
        """Return what happens, or does not happen, in a world where a binary output is 1."""
        return EVENTS[self.kind][negated].format(actor=self._actor_name(scenario))

    def _actor_name(self, scenario: Scenario) -> str:
        return scenario.case.actors[self.actor].name if self.actor else ""

    def __call__(self, uniforms: UniformMatrix) -> Floats:
        """Return (world,) float.

        Raises UsageError if a surplus is undefined, because in some world the proposal crosses a red line that has no
        price.
        """
        if self.played:
            return self._of_talks(uniforms)
        return self._of_proposal(scenario_from_source(self.source), uniforms)

    def _of_talks(self, uniforms: UniformMatrix) -> Floats:
        rows = play_rows(self.source, uniforms)
        if self.kind == AGREED:
            return np.asarray(rows["outcome"] == Outcome.AGREED, dtype=float)
        return np.asarray(rows[f"blocks.{self.actor}" if self.kind == BLOCKED_BY else self.kind], dtype=float)

    def _of_proposal(self, scenario: Scenario, uniforms: UniformMatrix) -> Floats:
        text = OutcomeSpace(scenario.case).encode(scenario.proposal)[None]
        answer = evaluate(scenario.case, uniforms, text).responses.answers[self.actor]
        if self.kind == SURPLUS and answer.never.any():
            raise UsageError(
                f"{self.name} is undefined where the proposal crosses a red line that has no price; "
                f"ask for {ACCEPTS}.{self.actor}, or give the line a price with --set."
            )
        values = answer.accepts if self.kind == ACCEPTS else answer.surplus
        return np.broadcast_to(values[:, 0], uniforms.count).astype(float)


def model_output(scenario: Scenario, name: str = AGREED) -> ModelOutput:
    """Return the output of that name. Raises UsageError if there is none."""
    plain = [AGREED, MONTHS, *([DURABILITY] if scenario.case.durability is not None else [])]
    known = plain + [f"{kind}.{actor}" for kind in (BLOCKED_BY, ACCEPTS, SURPLUS) for actor in scenario.case.actors]
    if name not in known:
        listed = ", ".join([*plain, *(f"{kind}.ACTOR" for kind in (BLOCKED_BY, ACCEPTS, SURPLUS))])
        raise UsageError(
            f"Unknown output '{name}'. Choose from {listed}; actors: {', '.join(scenario.case.actors)}."
            f"{did_you_mean(name, known)}"
        )
    return ModelOutput(name, json.dumps(scenario.source))
