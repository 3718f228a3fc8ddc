"""Take it or leave it."""

from __future__ import annotations

from sim.negotiation.drafting.amendments import Decision, DraftSearch
from sim.negotiation.protocols.base import Protocol


class OneShot(Protocol):
    """One text, one answer: agreed, or an impasse, or collapsed if even a sponsor refuses it (model, section 7)."""

    name = "one_shot"
    label = "One shot"
    summary = "Take it or leave it: one text, no amendment"
    amends = False

    @property
    def months(self) -> int:
        """One month, which is the last: nobody holds out."""
        return 1

    @property
    def expires(self) -> bool:
        """A refusal ends the talks; they do not run out of time."""
        return False

    def drafters(self, month: int) -> tuple[str, ...]:
        """Nobody amends the text."""
        return ()

    def draft(self, drafting: DraftSearch) -> Decision:
        """Nothing is drafted."""
        return drafting.nothing()

    def briefing(self, actor: str) -> str:
        """One sentence for whoever plays an actor."""
        return "There is one text, and one answer: take it or leave it."
