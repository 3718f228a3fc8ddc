"""Offers and counter-offers."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sim.case.models import Case, ProtocolSettings
from sim.case.reading.source_map import Finding
from sim.engine.rule_matrix import Bools
from sim.negotiation.drafting.admissibility import (
    Candidates,
    accepted_by,
    makes_progress,
    refused_by_none,
    respects_lines,
    returns_nothing,
    within_means,
)
from sim.negotiation.drafting.amendments import Decision, DraftSearch, MoveKind
from sim.negotiation.drafting.ranking import Keys, for_proposer
from sim.negotiation.protocols.base import Protocol

PARTIES_LEAST = 2
TOO_FEW = "alternating offers need two parties or more, who take turns."


class Alternating(Protocol):
    """The parties table offers in turn; each concedes from its own last offer (model, section 7).

    An offer meets its proposer's own aspiration, and, compared with its last one, brings somebody closer and pushes
    nobody away. A party without such an offer repeats its last one. A full round in which nobody has anything left to
    offer, not even at its reservation value, is an impasse; one who merely holds out may concede later.
    """

    name = "alternating"
    label = "Alternating offers"
    summary = "Alternating offers: the parties propose in turn"
    keys = ("parties",)

    @classmethod
    def findings(cls, settings: ProtocolSettings, case: Case, actors: Collection[str]) -> Iterator[Finding]:
        """Besides what every protocol asks: two parties or more."""
        yield from super().findings(settings, case, actors)
        if not set(actors) <= case.actors.keys():
            return  # an actor whose file is wrong may be one who takes turns
        if settings.parties is not None and len(settings.parties) < PARTIES_LEAST:
            yield Finding(("protocol", "parties"), TOO_FEW)
        if settings.parties is None and len(_takers(case)) < PARTIES_LEAST:
            yield Finding(("protocol", "name"), f"{TOO_FEW} Name 'parties'.")

    @property
    def takes_turns(self) -> tuple[str, ...]:
        """Who takes turns, the sponsor first if it is one of them."""
        named = self.settings.parties or _takers(self.scenario.case)
        if self.scenario.sponsor not in named:
            return named
        at = named.index(self.scenario.sponsor)
        return named[at:] + named[:at]

    def drafters(self, month: int) -> tuple[str, ...]:
        """The party whose turn it is; the opening text counts as the offer of a sponsor who takes turns."""
        turn = month if self.scenario.sponsor in self.takes_turns else month - 1
        return (self.takes_turns[turn % len(self.takes_turns)],)

    def offers_of(self, month: int) -> str:
        """Each party follows its own offers."""
        return self.drafters(month)[0]

    def draft(self, drafting: DraftSearch) -> Decision:
        """Make a new offer, repeat the last one, or end after a full round in which nothing is left to offer."""
        origins = [drafting.own_offer, drafting.current]
        offered = drafting.search(origins, ~drafting.memory.nowhere, self.may_offer, self.rank)
        later = drafting.search(origins, ~offered.found, self.may_offer_later, self.rank)
        idle = ~offered.found & ~later.found
        ends = idle & (drafting.memory.waited + 1 >= len(self.takes_turns))
        if self.announced(drafting.month):
            ends = drafting.memory.nowhere
        return Decision.of(
            {MoveKind.OFFER: offered},
            stands={MoveKind.REPEAT: ~offered.found & ~ends},
            standing_text=drafting.own_offer,
            idle=idle,
        )

    def may_offer(self, drafts: Candidates) -> Bools:
        """(world, text) bool: the proposer's aspiration, and (c) to (f); a first offer only (c) and (f)."""
        return accepted_by(drafts, *drafts.drafted_by) & self._concedes(drafts)

    def may_offer_later(self, drafts: Candidates) -> Bools:
        """(world, text) bool: the same for a proposer that holds out for nothing more than its reservation value."""
        return refused_by_none(drafts, drafts.drafted_by) & self._concedes(drafts)

    def _concedes(self, drafts: Candidates) -> Bools:
        (proposer,) = drafts.drafted_by
        first = drafts.first_offer
        return (
            drafts.there
            & (makes_progress(drafts, but=proposer) | first)
            & respects_lines(drafts, but=proposer)
            & (returns_nothing(drafts) | first)
            & within_means(drafts)
        )

    def rank(self, drafts: Candidates) -> Keys:
        """Of the offers that meet its aspiration, the proposer makes the one on which the others lack least."""
        return for_proposer(drafts, *drafts.drafted_by)

    def briefing(self, actor: str) -> str:
        """One sentence for whoever plays an actor."""
        who = "You and the other parties" if actor in self.takes_turns else "The parties"
        return f"{who} propose in turn; the text on the table is the offer of whoever is named beside it."


def _takers(case: Case) -> tuple[str, ...]:
    return tuple(name for name, actor in case.actors.items() if actor.role in ("belligerent", "party"))
