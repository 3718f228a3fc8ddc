"""All numbers of a case in some worlds: the parameters of each actor, and those of the measures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.case.models import Case
from sim.engine.measures import MeasureParameters, Situation
from sim.engine.rule_matrix import Floats, RuleSource
from sim.engine.verdict_rules import ActorParameters
from sim.engine.worlds import Worlds


@dataclass(frozen=True)
class DrawnParameters:
    """The parameters of all actors, in the order of the case, and of the measures, in some worlds."""

    case: Case
    actor_parameters: tuple[ActorParameters, ...]
    measure_parameters: MeasureParameters

    @classmethod
    def draw(cls, worlds: Worlds) -> DrawnParameters:
        """Take all numbers from the worlds."""
        case = worlds.case
        return cls(
            case, tuple(ActorParameters.draw(worlds, name) for name in case.actors), MeasureParameters.draw(worlds)
        )

    def only(self, rows: NDArray[np.intp] | slice) -> DrawnParameters:
        """Return the parameters in some of the worlds; a slice copies nothing."""
        return DrawnParameters(
            self.case,
            tuple(parameters.only(rows) for parameters in self.actor_parameters),
            self.measure_parameters.only(rows),
        )

    def situation(
        self, matrix: RuleSource, context: Mapping[str, Floats], month: int | None = None, months: int = 1
    ) -> Situation:
        """Measure some texts in a context; without a month, the texts are take it or leave it."""
        return Situation(context, month, months, self.measure_parameters.measure(matrix, context))
