"""The alternating offers protocol: offers and counter-offers."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np

from sim.case.models import Case, ProtocolSettings
from sim.case.reading.source_map import Finding
from sim.engine.rule_matrix import Bools
from sim.negotiation.drafting import admissibility
from sim.negotiation.drafting.admissibility import Candidates
from sim.negotiation.drafting.amendments import DraftSearch
from sim.negotiation.drafting.decision import Decision, MoveKind
from sim.negotiation.drafting.ranking import Keys, for_proposer
from sim.negotiation.protocols.base import Protocol

PARTIES_LEAST = 2
TOO_FEW = "alternating offers need at least two parties who take turns."


class Alternating(Protocol):
    """The parties table offers in turn; each concedes from its own last offer (model, section 7).

    An offer meets its proposer's own aspiration. Compared with the proposer's last offer, it brings somebody closer
    and pushes nobody away. A party without such an offer repeats its last one. The talks end in an impasse after a full
    round in which no party has anything left to offer, not even at its reservation value; a party that merely holds out
    may concede later.
    """

    name = "alternating"
    label = "Alternating offers"
    summary = "Alternating offers: the parties propose in turn"
    keys = ("parties",)

    @classmethod
    def findings(cls, settings: ProtocolSettings, case: Case, actors: Collection[str]) -> Iterator[Finding]:
        """Find what every protocol finds, and fewer than two parties."""
        yield from super().findings(settings, case, actors)
        if not set(actors) <= case.actors.keys():
            return  # an actor whose file has problems may be one of the parties
        if settings.parties is not None and len(settings.parties) < PARTIES_LEAST:
            yield Finding(("protocol", "parties"), TOO_FEW)
        if settings.parties is None and len(_default_parties(case)) < PARTIES_LEAST:
            yield Finding(("protocol", "name"), f"{TOO_FEW} Name them in 'parties'.")

    @property
    def takes_turns(self) -> tuple[str, ...]:
        """The parties, the sponsor first if it is one of them."""
        parties = self.settings.parties or _default_parties(self.scenario.case)
        if self.scenario.sponsor not in parties:
            return parties
        index = parties.index(self.scenario.sponsor)
        return parties[index:] + parties[:index]

    def drafters(self, month: int) -> tuple[str, ...]:
        """The party whose turn it is; the opening text counts as the offer of a sponsor who takes turns."""
        turn = month if self.scenario.sponsor in self.takes_turns else month - 1
        return (self.takes_turns[turn % len(self.takes_turns)],)

    def offers_of(self, month: int) -> str:
        """Each party's drafts are compared with its own last offer."""
        return self.drafters(month)[0]

    def draft(self, drafting: DraftSearch) -> Decision:
        """Make a new offer, repeat the last one, or end after a full round in which nothing is left to offer."""
        origins, everywhere = [drafting.own_offer, drafting.current], np.ones(len(drafting.current), dtype=bool)
        offered = drafting.search(origins, everywhere, self.may_offer, self.rank)
        later = drafting.search(origins, ~offered.found, self.may_offer_later, self.rank)
        idle = ~offered.found & ~later.found
        ends = idle & (drafting.memory.waited + 1 >= len(self.takes_turns))
        if self.event_ahead(drafting.month):
            ends = ~everywhere
        return Decision.of(
            {MoveKind.OFFER: offered},
            stands={MoveKind.REPEAT: ~offered.found & ~ends},
            standing_text=drafting.own_offer,
            idle=idle,
        )

    def may_offer(self, drafts: Candidates) -> Bools:
        """(world, text) bool: the proposer's aspiration and (c) to (f) are met; for a first offer only (c) and (f)."""
        return admissibility.accepted_by(drafts, *drafts.drafted_by) & self._concedes(drafts)

    def may_offer_later(self, drafts: Candidates) -> Bools:
        """(world, text) bool: the same for a proposer that asks for no more than its reservation value."""
        return admissibility.refused_by_none(drafts, drafts.drafted_by) & self._concedes(drafts)

    def _concedes(self, drafts: Candidates) -> Bools:
        (proposer,) = drafts.drafted_by
        first = drafts.first_offer
        return (
            drafts.available
            & (admissibility.makes_progress(drafts, but=proposer) | first)
            & admissibility.respects_lines(drafts, but=proposer)
            & (admissibility.returns_nothing(drafts) | first)
            & admissibility.within_means(drafts)
        )

    def rank(self, drafts: Candidates) -> Keys:
        """Of the offers that meet its aspiration, the proposer makes the one with the smallest gaps for the others."""
        return for_proposer(drafts, *drafts.drafted_by)

    def briefing(self, actor: str) -> str:
        """One sentence for whoever plays an actor."""
        who = "You and the other parties" if actor in self.takes_turns else "The parties"
        return f"{who} propose in turn; the text on the table is the offer of whoever is named beside it."


def _default_parties(case: Case) -> tuple[str, ...]:
    return tuple(name for name, actor in case.actors.items() if actor.role in ("belligerent", "party"))
