"""The single text protocol: one text is improved until nobody blocks it."""

from __future__ import annotations

from sim.engine.rule_matrix import Bools
from sim.negotiation.drafting import admissibility
from sim.negotiation.drafting.admissibility import Candidates
from sim.negotiation.drafting.amendments import DraftSearch
from sim.negotiation.drafting.decision import Decision, MoveKind
from sim.negotiation.drafting.ranking import Keys, for_mediator, for_sponsors
from sim.negotiation.protocols.base import Protocol, sponsors_of


class SingleText(Protocol):
    """The sponsors, or a mediator, improve one text until nobody blocks it (model, section 7).

    Each month they change a few terms so that some blocker comes closer, nobody else is lost, and no known red line is
    newly crossed. If there is no such change, the text stands for a while, or as long as all blockers merely hold out
    for more. Then the drafters retreat: they give up what stands in the way. When nothing is left to give up, the talks
    end in an impasse.
    """

    name = "single_text"
    label = "Single text"
    summary = "Single text: the sponsors amend it, month by month"
    keys = ("mediator",)

    def drafters(self, month: int) -> tuple[str, ...]:
        """The mediator if there is one, otherwise the sponsors."""
        mediator = self.settings.mediator
        return sponsors_of(self.scenario) if mediator is None else (mediator,)

    def draft(self, drafting: DraftSearch) -> Decision:
        """Improve the text, let it stand, retreat, or end the talks."""
        closed = drafting.blocked_by_closed_line()
        improved = drafting.search([drafting.current], ~closed, self.may_improve, self.rank)
        waits = (drafting.memory.waited < self.settings.patience) | drafting.only_holding_out()
        stands = ~improved.found & ~closed & waits
        origins = [drafting.current, drafting.opening]
        retreated = drafting.search(origins, ~improved.found & ~stands, self.may_retreat, self.rank)
        if self.event_ahead(drafting.month):
            stands = ~improved.found & ~retreated.found
        return Decision.of(
            {MoveKind.IMPROVE: improved, MoveKind.RETREAT: retreated},
            stands={MoveKind.STAND: stands},
        )

    def may_improve(self, drafts: Candidates) -> Bools:
        """(world, text) bool: the conditions (a) to (f) of the model."""
        return (
            drafts.available
            & admissibility.refused_by_none(drafts, self._drafters_and_sponsors(drafts))
            & admissibility.loses_nobody(drafts)
            & admissibility.makes_progress(drafts)
            & admissibility.respects_lines(drafts)
            & admissibility.returns_nothing(drafts)
            & admissibility.within_means(drafts)
        )

    def may_retreat(self, drafts: Candidates) -> Bools:
        """(world, text) bool: (a), (c) and (f), and the draft leaves a known line of a blocker who refuses."""
        return (
            drafts.available
            & admissibility.refused_by_none(drafts, self._drafters_and_sponsors(drafts))
            & admissibility.leaves_known_lines(drafts)
            & admissibility.respects_lines(drafts)
            & admissibility.within_means(drafts)
        )

    def rank(self, drafts: Candidates) -> Keys:
        """A mediator ranks by the blockers' gaps, sponsors by their own surplus."""
        if self.settings.mediator is not None:
            return for_mediator(drafts)
        return for_sponsors(drafts, sponsors_of(self.scenario))

    def _drafters_and_sponsors(self, drafts: Candidates) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*drafts.drafted_by, *sponsors_of(self.scenario))))

    def briefing(self, actor: str) -> str:
        """One sentence for whoever plays an actor."""
        if actor in self.drafters(1):
            return "The text on the table is yours: when it fails, you amend it."
        return "Others have tabled the text, and amend it when it fails. You accept or reject it, and say why."
