"""Points between two months from which talks can be resumed, so that they are not played again from the beginning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.case.models import Event, Scenario
from sim.engine.outcome_space import Texts
from sim.engine.verdict_rules import Assessment
from sim.negotiation.context import Context
from sim.negotiation.model import DeliberationModel
from sim.negotiation.moves import Phase, RecordedMove
from sim.negotiation.protocols import protocol_of
from sim.negotiation.record.history import Month, MonthMoves
from sim.negotiation.talks_state import Remembered


@dataclass(frozen=True)
class Checkpoint:
    """The state of talks between two months, before the next text is read out. Its arrays are never changed.

    Parameters
    ----------
    month : the number of months that have been played, from 0
    effective_events : the events that can have had an effect so far: those of these months, and announced ones
    moves : the moves from outside so far
    assessments : actor to its last answer
    remembered : what the talks remember; the other parameters are attributes of the model
    """

    month: int
    effective_events: tuple[Event, ...]
    moves: tuple[RecordedMove, ...]
    months: tuple[Month, ...]
    text: Texts
    context: Context
    outcome: NDArray[np.uint8]
    ended: NDArray[np.int64]
    tabled_by: tuple[str, ...]
    drafting_moves: MonthMoves | None
    assessments: Mapping[str, Assessment | None]
    remembered: Remembered

    @classmethod
    def of(cls, model: DeliberationModel) -> Checkpoint:
        """Return the state of a model that is about to read out a text."""
        assert model.phase is Phase.TABLE
        return cls(
            month=model.month,
            effective_events=_effective_events(model.script, model.month),
            moves=tuple(model.moves),
            months=tuple(model.months),
            text=model.text.copy(),
            context=model.context,
            outcome=model.outcome.copy(),
            ended=model.ended.copy(),
            tabled_by=model.tabled_by,
            drafting_moves=model.drafting_moves,
            assessments={name: negotiator.assessment for name, negotiator in model.negotiators.items()},
            remembered=model.talks.remembered(),
        )

    def leads_to(self, scenario: Scenario, month: int, moves: Sequence[RecordedMove]) -> bool:
        """Whether talks over this scenario with these moves are in this state on their way to a month.

        Only the events of the scenario may differ from those of the talks from which the state was taken.
        """
        past = tuple(given for given in moves if given.month <= self.month)
        effective = _effective_events(scenario, self.month)
        return self.month < month and past == self.moves and effective == self.effective_events

    def resume(self, model: DeliberationModel, scenario: Scenario, last_month: int) -> None:
        """Return a model to this state; it continues with the events of the given scenario.

        The model is the one from which the state was taken, whatever has happened in it since, or another of the same
        case and worlds.
        """
        model.script, model.protocol, model.last_month = scenario, protocol_of(scenario), last_month
        model.phase, model.running = Phase.TABLE, True
        model.month, model.moves, model.months = self.month, list(self.moves), list(self.months)
        model.text, model.outcome, model.ended = self.text.copy(), self.outcome.copy(), self.ended.copy()
        model.context, model.tabled_by, model.drafting_moves = self.context, self.tabled_by, self.drafting_moves
        for name, assessment in self.assessments.items():
            model.negotiators[name].assessment = assessment
        model.talks.recall(model.protocol, self.remembered)


def _effective_events(scenario: Scenario, month: int) -> tuple[Event, ...]:
    return tuple(event for event in scenario.events if event.announced or event.month <= month)
