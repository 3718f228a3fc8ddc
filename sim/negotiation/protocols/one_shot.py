"""The one shot protocol: take it or leave it."""

from __future__ import annotations

from sim.negotiation.drafting.amendments import DraftSearch
from sim.negotiation.drafting.decision import Decision
from sim.negotiation.protocols.base import Protocol


class OneShot(Protocol):
    """One text and one answer: agreed, an impasse, or collapsed if even a sponsor refuses it (model, section 7)."""

    name = "one_shot"
    label = "One shot"
    summary = "Take it or leave it: one text, no amendment"
    amends = False

    @property
    def months(self) -> int:
        """One month; since it is the last, nobody holds out."""
        return 1

    @property
    def expires(self) -> bool:
        """A refusal ends the talks in an impasse; they do not expire."""
        return False

    def drafters(self, month: int) -> tuple[str, ...]:
        """Nobody: the text is not amended."""
        return ()

    def draft(self, drafting: DraftSearch) -> Decision:
        """Draft nothing; the talks end."""
        return drafting.end_the_talks()

    def briefing(self, actor: str) -> str:
        """One sentence for whoever plays an actor."""
        return "There is one text, and one answer: take it or leave it."
