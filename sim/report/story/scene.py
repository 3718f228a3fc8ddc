"""A month of the talks with everything that sentences about it need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.report.story.cast import Cast
from sim.report.wording import Plain


@dataclass(frozen=True)
class Scene:
    """A month, the move that produced its text, the months before it, and how to word them.

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
        """The month before; empty in the first."""
        return self.timeline[-2] if len(self.timeline) > 1 else {}

    @property
    def move(self) -> Plain:
        """The move; empty in the first month and for many worlds."""
        return self.now.get("move") or {}

    @property
    def takes_turns(self) -> bool:
        """Whether the text is an offer, so that the previous text may have been another actor's."""
        return self.move.get("kind") in ("offer", "repeat")

    @property
    def by(self) -> str:
        return self.cast.who(self.move["by"])

    def do(self, singular: str, plural: str) -> str:
        """Return the verb form that fits those who make the move."""
        return self.cast.does(self.move["by"], singular, plural)
