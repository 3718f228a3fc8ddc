"""A reference implementation of the talks: a whole scenario in one world, in plain Python (model, section 7).

Part of the reference implementation (`tests.reference`). This module has what all protocols share;
`tests.reference_protocols` has a class for each of them.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from sim.case.consent_rules.demands import ConsentDemand
from sim.case.models import Scenario
from tests.reference import Number, Numbers, Outcome, Package, capacity_of, evaluate, exact, holds, missing, parts_of
from tests.reference_lines import Line, lines_of, price_believed
from tests.reference_terms import Key, amendments, code, package_of, steps_between

Contexts = Sequence[Mapping[str, float]]
"""The context indicators of each month, the first month first."""
Chosen = tuple[str, ...]
"""The issues that a draft chose to change, in the order of the case."""
Learnt = tuple[tuple[str, str, bool], ...]
"""What a month's answers taught: the actor, the line, and whether the line is now closed."""


@dataclass(frozen=True)
class Move:
    """The drafters' move after a month, with their reasons.

    A gap is `math.inf` across a closed line, and 0 for a blocker that is freed. There are no gaps where the text stands
    or is repeated, and none for a first offer.
    """

    kind: str
    by: tuple[str, ...]
    changed: Chosen
    gaps: Mapping[str, tuple[float, float]]
    surplus: Mapping[str, tuple[float, float]]
    crosses: tuple[tuple[str, str, bool], ...]
    """Owner and rule of each known line that is newly crossed, and whether the owner then blocks."""
    learnt: Learnt


@dataclass(frozen=True)
class Month:
    """One month: the text, everybody's answers, what they taught, and the move that produced the text."""

    month: int
    outcome: Outcome
    learnt: Learnt
    move: Move | None

    @property
    def text(self) -> Package:
        return self.outcome.package


@dataclass(frozen=True)
class Story:
    """A whole run, and how it ended."""

    months: tuple[Month, ...]
    ending: str


@dataclass
class Memory:
    """What the talks remember."""

    known: set[Line]
    closed: set[Line]
    yielded: set[Line] = field(default_factory=set)
    waited: int = 0
    path: dict[str, set[object]] = field(default_factory=dict)

    def mark(self, start: Package, end: Package, chosen: Iterable[str]) -> None:
        """Add the options before and after a draft's chosen changes to the paths of their issues."""
        for issue in chosen:
            self.path.setdefault(issue, set()).update((start[issue], end[issue]))

    def returns(self, start: Package, end: Package) -> bool:
        """Whether a draft returns an issue to an option on its path."""
        return any(end[issue] != start[issue] and end[issue] in been for issue, been in self.path.items())


@dataclass(frozen=True)
class Draft:
    """A text that may be tabled, and the outcome that the drafters expect."""

    package: Package
    chosen: Chosen
    terms: int
    outcome: Outcome


class Talks(ABC):
    """The talks, month by month: read the text, collect the answers, learn from them, and move as the protocol says."""

    def __init__(self, scenario: Scenario, numbers: Numbers, contexts: Contexts) -> None:
        self.scenario, self.case, self.numbers, self.contexts = scenario, scenario.case, numbers, contexts
        self.protocol = scenario.protocol
        self.sponsors = (scenario.sponsor, *scenario.co_sponsors)
        self.lines = lines_of(self.case)
        declared = {line for line in self.lines if line.declared}
        self.memory = Memory(known=declared, closed={line for line in declared if line.only_never})
        self.text: Package = dict(scenario.proposal)
        self.author: str | None = None
        self.month = 0
        self.months = self.protocol.months

    def play(self) -> Story:
        """Play the talks to their end."""
        told: list[Month] = []
        move = None
        while True:
            self.month += 1
            self.begin()
            outcome = self.judge(self.text, self.numbers, self.author)
            learnt = self.learn(outcome)
            told.append(Month(self.month, outcome, learnt, move))
            if outcome.agreed:
                return Story(tuple(told), "agreed")
            if self.month >= self.months and self.protocol.name != "one_shot":
                return Story(tuple(told), "expired")
            move = self.amend(outcome, learnt)
            if move is None:
                refused = any(outcome.answers[name].refuses for name in self.sponsors)
                return Story(tuple(told), "collapsed" if refused else "impasse")

    def begin(self) -> None:
        """Begin a month; an event in it clears all paths."""
        if any(event.month == self.month for event in self.scenario.events):
            self.forget_paths()

    def event_to_come(self) -> bool:
        """Whether an announced event is still to come."""
        return any(event.announced and event.month > self.month for event in self.scenario.events)

    def forget_paths(self) -> None:
        """Clear all paths."""
        self.memory.path.clear()

    @abstractmethod
    def amend(self, outcome: Outcome, learnt: Learnt) -> Move | None:
        """Table the next text; None if the talks end here."""

    # -- judging -----------------------------------------------------------------------------------------------------

    def judge(self, package: Package, numbers: Numbers, author: str | None) -> Outcome:
        """Evaluate a text in this month."""
        context = self.contexts[self.month - 1]
        return evaluate(self.case, package, numbers, context, (self.month, self.months), author)

    def beliefs(self, insiders: Iterable[str]) -> Numbers:
        """The numbers as insiders believe them to be: they know their own, and which other lines are closed."""
        inside = set(insiders)
        prices = {
            line.path: price_believed(line, self.numbers[line.path], self.memory.closed)
            for line in self.lines
            if line.owner not in inside
        }
        return {**self.numbers, **prices}

    def learn(self, outcome: Outcome) -> Learnt:
        """Learn from the answers: defended lines become known, and close if their owner was expected to accept.

        What is expected of contributors depends on the answers of those who react first.
        """
        memory, public = self.memory, self.beliefs(())
        before = {line: (line in memory.known, line in memory.closed) for line in self.lines}
        expected = self.expected(outcome, public).answers
        closing: set[Line] = set()
        for name, answer in outcome.answers.items():
            if answer.verdict != "red_line":
                continue
            crossed = {line for line in self.crossed(outcome.package) if line.owner == name}
            memory.known |= crossed
            if expected[name].surplus >= 0 and not expected[name].never:
                closing |= {line for line in crossed if line.may_be_never and line not in memory.closed}
        draws = {line.draw for line in closing}
        together = {line for line in self.lines if line.draw in draws}
        memory.known |= together
        memory.closed |= together | {line for line in memory.known if line.only_never}
        return tuple(
            (line.owner, line.rule, line in memory.closed)
            for line in self.lines
            if before[line] != (line in memory.known, line in memory.closed)
        )

    def expected(self, outcome: Outcome, numbers: Numbers) -> Outcome:
        """The expected outcome of the text on the table, given the actual answers of those who react first."""
        heard = frozenset(name for name, one in outcome.answers.items() if one.accepts)
        context, when = self.contexts[self.month - 1], (self.month, self.months)
        return evaluate(self.case, outcome.package, numbers, context, when, self.author, heard)

    def crossed(self, package: Package) -> set[Line]:
        """The red lines that a text crosses."""
        return {line for line in self.lines if holds(self.case, line.when, package)}

    # -- drafting ----------------------------------------------------------------------------------------------------

    def around(self, start: Package) -> dict[Key, Chosen]:
        """The texts that amend another."""
        negotiable = self.protocol.negotiable or tuple(self.case.issues)
        in_order = [issue for issue in self.case.issues if issue in negotiable]
        found = amendments(self.case, start, in_order, self.protocol.amend_terms)
        self.terms = {options: len(chosen) for options, chosen in found.items()}
        return found

    def around_both(self, base: Package, other: Package) -> dict[Key, Chosen]:
        """The texts that amend either of two; all differences from the first are chosen in those of the second only."""
        found = self.around(base)
        terms = self.terms
        for options in self.around(other):
            terms[options] = min(self.terms[options], terms.get(options, self.terms[options]))
            package = package_of(self.case, options)
            differing = tuple(issue for issue in base if package[issue] != base[issue])
            if differing:
                found.setdefault(options, differing)
        self.terms = terms
        return found

    def drafts(
        self, found: Mapping[Key, Chosen], now: Outcome, beliefs: Numbers, author: str | None
    ) -> Iterator[Draft]:
        """The texts that ask for no more than exists (f) and respect lines as (c) demands."""
        for text, chosen in found.items():
            package = package_of(self.case, text)
            crossed = self.crossed(package)
            if crossed & self.memory.yielded or not self.affordable(package):
                continue
            outcome = self.judge(package, beliefs, author)
            fresh = {line for line in crossed - self.crossed(now.package) if line in self.memory.known}
            if not any(line.owner in outcome.blocking for line in fresh if line.owner != author):
                yield Draft(package, chosen, self.terms[text], outcome)

    def affordable(self, package: Package) -> bool:
        """Whether a text asks for no more of a pledged resource than exists (f)."""
        applying = [rule for rule in self.case.consent if holds(self.case, rule.when, package)]
        return all(self.coverable(rule, package) for rule in applying)

    def coverable(self, demand: ConsentDemand, package: Package) -> bool:
        """Whether a demand asks for no more than exists, or has an alternative that does not."""
        pledges, enough = demand.pledges, True
        if pledges:
            most = sum(capacity_of(name, pledges.of, self.numbers) for name in pledges.from_)
            enough = package[pledges.cover] <= most
        if demand.any_:
            enough = enough and any(self.coverable(part, package) for part in demand.any_)
        return enough and all(self.coverable(part, package) for part in demand.all_)

    def brings_closer(self, blockers: Sequence[str], now: Outcome, then: Outcome) -> bool:
        """Whether some blocker stops blocking or comes a step closer, and none falls back by a step (e)."""
        step = exact(self.protocol.step)
        closer = [self.gain(name, now, then) for name in blockers]
        return any(one >= step for one in closer) and not any(one <= -step for one in closer)

    def gain(self, blocker: str, now: Outcome, then: Outcome) -> Number:
        """How much closer a blocker comes, in points; infinite if it stops blocking or a closed line is left."""
        if blocker not in then.blocked_by:
            return math.inf
        if blocker not in self.case.actors:
            return Fraction()
        before, after = now.gap(blocker), then.gap(blocker)
        if after < math.inf:
            return before - after
        return then.answers[blocker].surplus - now.answers[blocker].surplus

    def best(self, drafts: Iterable[Draft], start: Package, now: Outcome, blockers: Sequence[str]) -> Draft | None:
        """The draft that ranks first."""

        def keys(draft: Draft) -> tuple[object, ...]:
            outcome = draft.outcome
            endless = sum(outcome.answers[name].never for name in outcome.blocking)
            changed = sum(draft.package[issue] != start[issue] for issue in start)
            steps = steps_between(self.case, start, draft.package)
            interest = self.interest(draft, now, blockers)
            return len(outcome.blocked_by), endless, interest, changed, steps, code(self.case, draft.package)

        return min(drafts, key=keys, default=None)

    @abstractmethod
    def interest(self, draft: Draft, now: Outcome, blockers: Sequence[str]) -> tuple[float, ...]:
        """The keys of the ranking after the numbers of blockers and of infinite gaps; the least wins."""

    def told(
        self,
        kind: str,
        by: tuple[str, ...],
        chosen: Chosen,
        now: Outcome,
        then: Outcome,
        blockers: Sequence[str],
        learnt: Learnt,
    ) -> Move:
        """Describe a move."""
        gaps, surplus = {}, {}
        for name in blockers:
            before, after = (self.lack(name, outcome) for outcome in (now, then))
            gaps[name] = (before, after if name in then.blocked_by else Fraction())
            if name in self.case.actors:
                surplus[name] = (now.answers[name].surplus, then.answers[name].surplus)
        crossed = self.crossed(then.package) - self.crossed(now.package)
        crosses = tuple(
            (line.owner, line.rule, line.owner in then.blocking)
            for line in self.lines
            if line in crossed and line in self.memory.known
        )
        return Move(kind, by, chosen, gaps, surplus, crosses, learnt)

    def lack(self, blocker: str, outcome: Outcome) -> Number:
        """The gap of an actor, or the missing amount of a consent rule."""
        if blocker in self.case.actors:
            return outcome.gap(blocker)
        rule = next(one for one in self.case.consent if one.rule == blocker)
        asked = [part.pledges for part in parts_of(rule) if part.pledges]
        lacks = [max(Fraction(), missing(pledges, outcome.package, outcome.answers)) for pledges in asked]
        return min((lack for lack in lacks if lack > 0), default=Fraction())
