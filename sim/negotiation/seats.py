"""Seats: actors of the model that people play, whose moves come from outside (model, section 6)."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.case.models import Scenario
from sim.engine.outcome_space import OutcomeSpace, Texts
from sim.errors import UsageError
from sim.negotiation.agents import Negotiator
from sim.negotiation.external_moves import amended_texts, check_move
from sim.negotiation.moves import Move, Phase, RecordedMove
from sim.negotiation.protocols import Protocol
from sim.negotiation.record.history import Outcome


class SeatedModel(mesa.Model):
    """A model of talks in which moves may come from outside; `sim.negotiation.model` says what its attributes are."""

    script: Scenario
    protocol: Protocol
    space: OutcomeSpace
    month: int
    phase: Phase
    text: Texts
    outcome: NDArray[np.uint8]
    moves: list[RecordedMove]
    negotiators: Mapping[str, Negotiator]

    @property
    def seats(self) -> frozenset[str]:
        """The actors whose moves come from outside; may be set before any phase.

        Raises
        ------
        UsageError
            on setting, if the case has no such actor
        """
        return self._seats

    @seats.setter
    def seats(self, names: Collection[str]) -> None:
        actors = self.script.case.actors
        if unknown := set(names) - actors.keys():
            raise UsageError(f"unknown actor {', '.join(sorted(unknown))}; the case has {', '.join(actors)}.")
        self._seats = frozenset(names)

    @property
    def waiting(self) -> frozenset[str]:
        """The seated actors who have to move before the next phase can run."""
        if self.phase is Phase.AMENDMENT:
            expected = set(self.protocol.drafters(self.month))
        else:
            expected = {
                respondent.name for respondent in self.negotiators.values() if respondent.answers_in is self.phase
            }
        return frozenset(name for name in expected & self.seats if self.phase not in self.negotiators[name].said)

    def give(self, actor: str, move: Move) -> None:
        """Move for a seated actor in the phase that runs next.

        Raises
        ------
        UsageError
            if the actor is not seated, or the move does not fit the phase or the protocol
        """
        if actor not in self.seats:
            raise UsageError(f"nobody is seated for '{actor}' (seats: {', '.join(sorted(self.seats)) or 'none'}).")
        check_move(self.script, self.month, self.phase, self.negotiators[actor], move)
        if move.amend:
            amended_texts(self.protocol, self.space, self.text[self.outcome == Outcome.OPEN], move.amend)
        self.negotiators[actor].said[self.phase] = move
        self.moves.append(RecordedMove(self.month, self.phase, actor, move))
