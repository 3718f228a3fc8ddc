"""The agents of the deliberation: one actor each, in all worlds at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import mesa
import numpy as np

from sim.case.shapes import Actor
from sim.deliberation.moves import Move, Phase
from sim.rules.measures import Situation
from sim.rules.reading import Bools, Floats, Reading
from sim.rules.verdicts import Appraisal, Stance, Verdict


class Negotiator(mesa.Agent):
    """An actor at the table.

    It answers by its rules (its `stance`), unless somebody sits in its chair: then the move from outside is its
    answer, and the rules are its understudy.

    Attributes
    ----------
    name : the actor's id in the case
    everywhere : its numbers, in all worlds
    stance : its numbers, in the worlds that are still open
    said : what was said from outside this month, by phase
    understudy : (world, 1) uint8, the verdict that its rules give on the text on the table
    appraisal : its answer to the text on the table, in the worlds that were open when it was tabled
    """

    def __init__(self, model: mesa.Model, stance: Stance) -> None:
        super().__init__(model)
        self.name = stance.name
        self.everywhere = self.stance = stance
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
            for resource, amount in self.stance.capacities.items()
        }

    def attend(self, stance: Stance, own: Bools) -> None:
        """Begin a month, with its numbers in the worlds that are still open; in some, its own offer is on the table."""
        self.stance, self.said, self._own = stance, {}, own[:, None]

    def answer(self, reading: Reading, situation: Situation, accepted: Mapping[str, Bools]) -> Appraisal:
        """Answer the text on the table, knowing who has accepted it: see `sim.rules.verdicts`.

        A text that it proposed itself, it accepts.
        """
        appraisal = self.stance.answer(reading, situation, accepted)
        self.understudy = np.where(self._own, np.uint8(Verdict.ACCEPT), appraisal.verdict)
        return self.settle(self.answers_in, replace(appraisal, given=self.understudy))

    def settle(self, phase: Phase, appraisal: Appraisal) -> Appraisal:
        """Replace the verdict by what was said from outside in a phase, if anything was."""
        said = self.said.get(phase)
        if said is not None and said.verdict is not None:
            appraisal = replace(appraisal, given=np.full_like(appraisal.verdict, Verdict[said.verdict.upper()]))
        if said is not None and said.pledge:
            appraisal = replace(appraisal, promised=dict(said.pledge))
        self.appraisal = appraisal
        return appraisal
