"""Everybody's numbers in some worlds: who sits at the table, and the yardsticks known to all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.case.shapes import Case
from sim.rules.measures import Situation, Yardsticks
from sim.rules.reading import Floats, Read
from sim.rules.verdicts import Stance
from sim.rules.worlds import Worlds


@dataclass(frozen=True)
class Bench:
    """The stances of all actors, in the order of the case, and the yardsticks, in some worlds."""

    case: Case
    stances: tuple[Stance, ...]
    yardsticks: Yardsticks

    @classmethod
    def draw(cls, worlds: Worlds) -> Bench:
        """Take all numbers from the worlds."""
        case = worlds.case
        return cls(case, tuple(Stance.draw(worlds, name) for name in case.actors), Yardsticks.draw(worlds))

    def only(self, rows: NDArray[np.intp] | slice) -> Bench:
        """Return the bench in some of the worlds; a slice copies nothing."""
        return Bench(self.case, tuple(stance.only(rows) for stance in self.stances), self.yardsticks.only(rows))

    def situation(
        self, reading: Read, context: Mapping[str, Floats], month: int | None = None, months: int = 1
    ) -> Situation:
        """Measure some texts under a context; without a month they are take it or leave it."""
        return Situation(context, month, months, self.yardsticks.measure(reading, context))
