"""One move of the talks with everything that a sentence about it may need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.report.story.cast import Cast
from sim.report.wording import Plain


@dataclass(frozen=True)
class Scene:
    """A move with what a sentence about it may need.

    Parameters
    ----------
    timeline : the months up to the one whose text the move produced
    step : points, the least change that counts
    patience : for how many months in a row the drafters wait; None if that is not known
    """

    timeline: Sequence[Plain]
    cast: Cast
    step: float
    patience: int | None
    public: bool

    @property
    def now(self) -> Plain:
        return self.timeline[-1]

    @property
    def before(self) -> Plain:
        return self.timeline[-2]

    @property
    def move(self) -> Plain:
        found: Plain = self.now["move"]
        return found

    @property
    def by(self) -> str:
        return self.cast.who(self.move["by"])

    def do(self, one: str, many: str) -> str:
        """The verb that fits who moves."""
        return self.cast.does(self.move["by"], one, many)
