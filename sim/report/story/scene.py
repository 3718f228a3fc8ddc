"""One move of the talks with everything that a sentence about it needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.report.story.cast import Cast
from sim.report.wording import Plain


@dataclass(frozen=True)
class Scene:
    """A move, the months up to the one whose text it produced, and how to word it.

    `step` is the smallest change in points that counts, and `patience` how many months in a row the drafters wait, if
    known. In public, the actors' numbers are left out.
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
        move: Plain = self.now["move"]
        return move

    @property
    def by(self) -> str:
        return self.cast.who(self.move["by"])

    def do(self, singular: str, plural: str) -> str:
        """Return the verb form that fits those who make the move."""
        return self.cast.does(self.move["by"], singular, plural)
