"""A reference implementation of the three protocols, in plain Python (model, section 7).

Part of the reference implementation (`tests.reference`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cached_property

from sim.case.models import Case, Scenario
from tests.reference import Number, Numbers, Outcome, Package, exact
from tests.reference_lines import Line
from tests.reference_talks import Contexts, Draft, Learnt, Move, Story, Talks
from tests.reference_terms import package_of


def talk(scenario: Scenario, numbers: Numbers, contexts: Contexts) -> Story:
    """Play a scenario in one world, given the context of each month."""
    protocols: dict[str, type[OneShot | SingleText | Alternating]] = {
        "one_shot": OneShot,
        "single_text": SingleText,
        "alternating": Alternating,
    }
    return protocols[scenario.protocol.name](scenario, numbers, contexts).play()


class OneShot(Talks):
    """Take it or leave it."""

    def __init__(self, scenario: Scenario, numbers: Numbers, contexts: Contexts) -> None:
        super().__init__(scenario, numbers, contexts)
        self.months = 1

    def amend(self, outcome: Outcome, learnt: Learnt) -> Move | None:
        return None

    def interest(self, draft: Draft, now: Outcome, blockers: Sequence[str]) -> tuple[float, ...]:
        return ()


class SingleText(Talks):
    """The sponsors or a mediator improve one text."""

    @cached_property
    def drafters(self) -> tuple[str, ...]:
        return self.sponsors if self.protocol.mediator is None else (self.protocol.mediator,)

    @cached_property
    def insiders(self) -> frozenset[str]:
        return frozenset((*self.drafters, *self.sponsors))

    def amend(self, outcome: Outcome, learnt: Learnt) -> Move | None:
        self.outcome, self.learnt = outcome, learnt
        self.believed = self.beliefs(self.insiders)
        self.now = self.expected(outcome, self.believed)
        self.blockers = (*outcome.blocking, *outcome.stuck)
        memory = self.memory
        if not any(line in memory.closed and line.owner in outcome.blocking for line in self.crossed(self.text)):
            if (draft := self.best(self.improvements(), self.text, self.now, self.blockers)) is not None:
                memory.mark(self.text, draft.package, draft.chosen)
                memory.waited = 0
                return self.table("improve", draft)
            if memory.waited < self.protocol.patience or self.only_held_out():
                return self.stand()
        if (draft := self.best(self.retreats(), self.text, self.now, self.blockers)) is not None:
            memory.yielded |= self.left_by(draft.package)
            memory.waited = 0
            memory.path.clear()
            return self.table("retreat", draft)
        if self.event_to_come():
            return self.stand()
        return None

    def only_held_out(self) -> bool:
        """Whether all blockers merely hold out for more."""
        verdicts = {self.outcome.answers[name].verdict for name in self.outcome.blocking}
        return not self.outcome.stuck and verdicts <= {"holding_out"}

    def improvements(self) -> Iterator[Draft]:
        """The admissible drafts, (a) to (f)."""
        for draft in self.drafts(self.around(self.text), self.now, self.believed, None):
            then = draft.outcome
            if (
                not any(then.answers[name].refuses for name in self.insiders)
                and set(then.blocking) <= set(self.outcome.blocking)
                and not self.memory.returns(self.text, draft.package)
                and self.brings_closer(self.blockers, self.now, then)
            ):
                yield draft

    def retreats(self) -> Iterator[Draft]:
        """The texts that leave a known line of a blocker who refuses, and meet (a), (c) and (f)."""
        found = self.around_both(self.text, self.scenario.proposal)
        leaving = {text: chosen for text, chosen in found.items() if self.left_by(package_of(self.case, text))}
        for draft in self.drafts(leaving, self.now, self.believed, None):
            if not any(draft.outcome.answers[name].refuses for name in self.insiders):
                yield draft

    def left_by(self, package: Package) -> set[Line]:
        """The known lines of blockers who refuse that the current text crosses and another text does not."""
        refusing = {name for name in self.outcome.blocking if self.outcome.answers[name].refuses}
        left = self.crossed(self.text) - self.crossed(package)
        return {line for line in left if line in self.memory.known and line.owner in refusing}

    def interest(self, draft: Draft, now: Outcome, blockers: Sequence[str]) -> tuple[float, ...]:
        if self.protocol.mediator is not None:
            return (-min(share_closed(name, now, draft.outcome) for name in blockers),)
        return (draft.terms, *(-draft.outcome.answers[name].surplus for name in self.sponsors))

    def stand(self) -> Move:
        """Let the text stand for a month."""
        self.memory.waited += 1
        return self.told("stand", self.drafters, (), self.now, self.now, (), self.learnt)

    def table(self, kind: str, draft: Draft) -> Move:
        """Put a draft on the table."""
        self.text = draft.package
        return self.told(kind, self.drafters, draft.chosen, self.now, draft.outcome, self.blockers, self.learnt)


def share_closed(blocker: str, now: Outcome, then: Outcome) -> Number:
    """The share of a blocker's gap that a draft closes: 1 if it stops blocking, 0 across a closed line."""
    if blocker not in then.blocked_by:
        return 1.0
    if blocker not in now.answers:
        return 0.0
    before, after = now.gap(blocker), then.gap(blocker)
    if math.inf in (before, after) or before == 0:
        return 0.0
    return max(Fraction(), (before - after) / before)


class Alternating(Talks):
    """The parties propose in turn; each compares drafts with its own last offer."""

    def __init__(self, scenario: Scenario, numbers: Numbers, contexts: Contexts) -> None:
        super().__init__(scenario, numbers, contexts)
        self.parties = parties_of(self.case, scenario)
        self.opened = scenario.sponsor in self.parties
        self.author = scenario.sponsor if self.opened else None
        self.offers: dict[str, Package] = {scenario.sponsor: self.text} if self.opened else {}
        self.paths: dict[str, dict[str, set[object]]] = {name: {} for name in self.parties}
        self.repeated = 0

    def forget_paths(self) -> None:
        for path in self.paths.values():
            path.clear()

    def amend(self, outcome: Outcome, learnt: Learnt) -> Move | None:
        if self.month == 1 and self.opened:
            mine = outcome.answers[self.scenario.sponsor]
            if mine.surplus < mine.aspiration:  # an opening below the sponsor's aspiration does not bind it
                del self.offers[self.scenario.sponsor]
        turn = self.month if self.opened else self.month - 1
        proposer = self.parties[turn % len(self.parties)]
        self.memory.path = self.paths[proposer]
        self.proposer = proposer
        self.believed = self.beliefs((proposer,))
        first = proposer not in self.offers
        own = self.offers.get(proposer, self.text)
        now = self.judge(own, self.believed, self.author if first else proposer)
        blockers = () if first else (*(name for name in now.blocking if name != proposer), *now.stuck)
        conceding = list(self.concessions(own, now, blockers, first))
        draft = self.best(filter(self.meets_aspiration, conceding), own, now, blockers)
        if draft is None:
            idle = all(one.outcome.answers[proposer].below_reservation for one in conceding)
            return self.repeat(own, now, idle, learnt)
        self.memory.mark(own, draft.package, draft.chosen)
        self.text = self.offers[proposer] = draft.package
        self.author, self.repeated = proposer, 0
        chosen = () if first else draft.chosen
        return self.told("offer", (proposer,), chosen, now, draft.outcome, blockers, learnt)

    def concessions(self, own: Package, now: Outcome, blockers: Sequence[str], first: bool) -> Iterator[Draft]:
        """The texts that meet (c) to (f), compared with the proposer's last offer, whatever its own interest."""
        for draft in self.drafts(self.around_both(own, self.text), now, self.believed, self.proposer):
            if first or (
                not self.memory.returns(own, draft.package) and self.brings_closer(blockers, now, draft.outcome)
            ):
                yield draft

    def meets_aspiration(self, draft: Draft) -> bool:
        """Whether an offer meets the proposer's aspiration."""
        mine = draft.outcome.answers[self.proposer]
        return not mine.never and mine.surplus >= mine.aspiration

    def repeat(self, own: Package, now: Outcome, idle: bool, learnt: Learnt) -> Move | None:
        """Table the proposer's last offer again, or let the text stand if there was none.

        A full round in which nobody has anything to offer, not even at its reservation value, ends the talks.
        """
        self.repeated = self.repeated + 1 if idle else 0
        if self.repeated >= len(self.parties) and not self.event_to_come():
            return None
        if self.proposer in self.offers:
            self.text, self.author = own, self.proposer
        return self.told("repeat", (self.proposer,), (), now, now, (), learnt)

    def interest(self, draft: Draft, now: Outcome, blockers: Sequence[str]) -> tuple[float, ...]:
        outcome, lacking = draft.outcome, [Fraction()]
        for name in outcome.blocking:
            if name != self.proposer and outcome.gap(name) < math.inf:
                lacking.append(outcome.gap(name) / max(outcome.answers[name].aspiration, exact(self.protocol.step)))
        return max(lacking), -outcome.answers[self.proposer].surplus


def parties_of(case: Case, scenario: Scenario) -> tuple[str, ...]:
    """The parties that propose in turn, the sponsor first if it is one of them."""
    named = scenario.protocol.parties
    if named is None:
        named = tuple(name for name, actor in case.actors.items() if actor.role in ("belligerent", "party"))
    if scenario.sponsor not in named:
        return named
    at = named.index(scenario.sponsor)
    return named[at:] + named[:at]
