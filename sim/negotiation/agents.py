"""The agents of the model: each is one actor, in all worlds at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.case.models import Actor
from sim.engine.drawn_parameters import ActorParameters
from sim.engine.measures import Situation
from sim.engine.rule_matrix import Bools, Floats, RuleMatrix
from sim.engine.verdict_rules import Assessment, Verdict
from sim.negotiation.moves import Move, Phase

WORDS = np.array([verdict.word for verdict in Verdict])
"""The words of the verdicts, by their codes."""


class Negotiator(mesa.Agent):
    """An actor in the talks.

    It answers by its rules (its `parameters`), unless somebody plays it: then the move from outside is its answer, and
    what its rules would have answered is kept beside it as its understudy.

    Attributes
    ----------
    name : the actor's id in the case
    all_parameters : its numbers, in all worlds
    parameters : its numbers, in the worlds that are still open
    said : this month's moves from outside, by phase
    understudy : (world, 1) uint8, the verdict that its rules give on the text on the table
    assessment : its answer to the text on the table, in the worlds that were open when it was tabled (the rows of
        its model); None until its first answer
    """

    def __init__(self, model: mesa.Model, parameters: ActorParameters) -> None:
        super().__init__(model)
        self.name = parameters.name
        self.all_parameters = self.parameters = parameters
        self.said: dict[Phase, Move] = {}
        self.assessment: Assessment | None = None

    def __repr__(self) -> str:
        start = f"<{type(self).__name__} '{self.name}'"
        match self.verdict:
            case None:
                return f"{start}: no answer yet>"
            case str() as word:
                return f"{start}: {word}, surplus {self.surplus:.1f}>"
            case words:
                share = (words == Verdict.ACCEPT.word).mean()
                return f"{start}: accepts in {share:.0%} of {len(words):,} worlds>"

    @property
    def verdict(self) -> str | NDArray[np.str_] | None:
        """Its latest answer as a word: a str if the model has one world, otherwise (open world,); None before it."""
        if self.assessment is None:
            return None
        words = WORDS[self.assessment.verdict[:, 0]]
        return str(words[0]) if self.model.worlds.count == 1 else words

    @property
    def surplus(self) -> float | Floats | None:
        """Its latest surplus in points: a float if the model has one world, otherwise (open world,); None before it.

        It is net of the prices of the red lines that the text crosses. A line that is not for sale has no price, so
        its owner can have a surplus above 0 and still refuse; `verdict` says so.
        """
        if self.assessment is None:
            return None
        points = self.assessment.surplus[:, 0]
        return float(points[0]) if self.model.worlds.count == 1 else points

    @property
    def actor(self) -> Actor:
        """The actor as the case describes it."""
        return self.all_parameters.actor

    @property
    def answers_in(self) -> Phase:
        """The phase in which it answers the text on the table."""
        return Phase.REACTIONS if self.actor.reacts_first else Phase.PLEDGES

    @property
    def capacities(self) -> Mapping[str, Floats]:
        """Resource to (world or 1,) float: what it gives to a text that it accepts."""
        move = self.said.get(self.answers_in)
        return {
            resource: np.minimum(amount, move.pledge[resource]) if move and resource in move.pledge else amount
            for resource, amount in self.parameters.capacities.items()
        }

    def begin_month(self, parameters: ActorParameters, is_author: Bools) -> None:
        """Begin a month.

        Parameters
        ----------
        parameters : its numbers in the worlds that are still open
        is_author : (open world,) bool, whether its own offer is on the table
        """
        self.parameters, self.said, self._is_author = parameters, {}, is_author[:, None]

    def answer(self, matrix: RuleMatrix, situation: Situation, accepted: Mapping[str, Bools]) -> Assessment:
        """Answer the text on the table, knowing who has accepted it: see `sim.engine.verdict_rules`.

        It accepts a text that it proposed itself.
        """
        assessment = self.parameters.answer(matrix, situation, accepted)
        self.understudy = np.where(self._is_author, np.uint8(Verdict.ACCEPT), assessment.verdict)
        return self.settle(self.answers_in, replace(assessment, given=self.understudy))

    def settle(self, phase: Phase, assessment: Assessment) -> Assessment:
        """Replace the verdict and the pledge by those of a move from outside in a phase, if there are any."""
        move = self.said.get(phase)
        if move is not None and move.verdict is not None:
            assessment = replace(assessment, given=np.full_like(assessment.verdict, Verdict[move.verdict.upper()]))
        if move is not None and move.pledge:
            assessment = replace(assessment, promised=dict(move.pledge))
        self.assessment = assessment
        return assessment
