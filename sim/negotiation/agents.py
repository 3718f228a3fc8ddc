"""The agents of the deliberation: one actor each, in all worlds at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import mesa
import numpy as np

from sim.case.models import Actor
from sim.engine.measures import Situation
from sim.engine.rule_matrix import Bools, Floats, RuleMatrix
from sim.engine.verdict_rules import ActorParameters, Assessment, Verdict
from sim.negotiation.moves import Move, Phase


class Negotiator(mesa.Agent):
    """An actor at the table.

    It answers by its rules (its `parameters`), unless somebody sits in its chair: then the move from outside is its
    answer, and the rules are its understudy.

    Attributes
    ----------
    name : the actor's id in the case
    everywhere : its numbers, in all worlds
    parameters : its numbers, in the worlds that are still open
    said : what was said from outside this month, by phase
    understudy : (world, 1) uint8, the verdict that its rules give on the text on the table
    assessment : its answer to the text on the table, in the worlds that were open when it was tabled
    """

    def __init__(self, model: mesa.Model, parameters: ActorParameters) -> None:
        super().__init__(model)
        self.name = parameters.name
        self.everywhere = self.parameters = parameters
        self.said: dict[Phase, Move] = {}

    @property
    def actor(self) -> Actor:
        """The actor as the case describes it."""
        return self.everywhere.actor

    @property
    def answers_in(self) -> Phase:
        """The phase in which it answers the text on the table."""
        return Phase.REACTIONS if self.actor.reacts_first else Phase.PLEDGES

    @property
    def capacities(self) -> Mapping[str, Floats]:
        """Resource to (world or 1,) float: what it gives to a text that it accepts."""
        said = self.said.get(self.answers_in)
        return {
            resource: np.minimum(amount, said.pledge[resource]) if said and resource in said.pledge else amount
            for resource, amount in self.parameters.capacities.items()
        }

    def attend(self, parameters: ActorParameters, own: Bools) -> None:
        """Begin a month, with its numbers in the worlds that are still open; in some, its own offer is on the table."""
        self.parameters, self.said, self._own = parameters, {}, own[:, None]

    def answer(self, matrix: RuleMatrix, situation: Situation, accepted: Mapping[str, Bools]) -> Assessment:
        """Answer the text on the table, knowing who has accepted it: see `sim.engine.verdict_rules`.

        A text that it proposed itself, it accepts.
        """
        assessment = self.parameters.answer(matrix, situation, accepted)
        self.understudy = np.where(self._own, np.uint8(Verdict.ACCEPT), assessment.verdict)
        return self.settle(self.answers_in, replace(assessment, given=self.understudy))

    def settle(self, phase: Phase, assessment: Assessment) -> Assessment:
        """Replace the verdict by what was said from outside in a phase, if anything was."""
        said = self.said.get(phase)
        if said is not None and said.verdict is not None:
            assessment = replace(assessment, given=np.full_like(assessment.verdict, Verdict[said.verdict.upper()]))
        if said is not None and said.pledge:
            assessment = replace(assessment, promised=dict(said.pledge))
        self.assessment = assessment
        return assessment
