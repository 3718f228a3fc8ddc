"""The consent rules of a case as one formula over thresholds, for packages that are take it or leave it.

Then nobody holds out: whoever does not accept refuses. So every demand compares a sum with a number: names that must
accept are as many votes as names, votes are summed by weight (ignored abstentions do not occur, and a share of the
votes cast is one of all votes), and pledges must add up to what is asked for. A consent rule is met if it does not
apply, or if its demands are met.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, TypeAlias

from sim.case.consent_rules.demands import ConsentDemand
from sim.case.models import Case
from sim.engine.fixed_point import to_grains
from sim.engine.voting.pledge_cover import Pledged


@dataclass(frozen=True)
class Fact:
    """Something about a package on which agreement may depend, as a whole number.

    Parameters
    ----------
    kind : whether an actor accepts it, whether an actor accepts it and sends a resource, whether a consent rule applies
        (each 0 or 1), or the number that the package asks for on an issue, in grains
    name : the actor, the consent rule, or the issue
    resource : what the actor sends
    """

    kind: Literal["accepts", "sends", "applies", "asked"]
    name: str
    resource: str = ""


@dataclass(frozen=True)
class Threshold:
    """A demand that is met where the weighted sum of some facts is at least a number."""

    weights: Mapping[Fact, int]
    need: int


@dataclass(frozen=True)
class Combined:
    """Formulas of which every one, or at least one, must hold; a number is the index of a threshold."""

    parts: tuple[Formula, ...]
    every: bool

    @cached_property
    def thresholds(self) -> list[int]:
        """The indices of all thresholds in it; each threshold of a case occurs in only one place."""
        return [index for part in self.parts for index in ([part] if isinstance(part, int) else part.thresholds)]


Formula: TypeAlias = int | Combined


@dataclass(frozen=True)
class Agreement:
    """When a package is agreed: the formula and its thresholds."""

    thresholds: tuple[Threshold, ...]
    formula: Combined

    @cached_property
    def facts(self) -> frozenset[Fact]:
        """Everything on which agreement depends."""
        return frozenset(fact for threshold in self.thresholds for fact in threshold.weights)


def agreement_of(case: Case, pledged: Pledged) -> Agreement:
    """Return when a package of a case is agreed; `pledged` is what each actor gives if it sends, in one world."""
    writer = _Writer(pledged)
    rules = [
        Combined((writer.add({Fact("applies", rule.rule): -1}, 0), writer.demand(rule)), every=False)
        for rule in case.consent
    ]
    return Agreement(tuple(writer.thresholds), Combined(tuple(rules), every=True))


@dataclass(frozen=True)
class _Writer:
    pledged: Pledged
    thresholds: list[Threshold] = field(default_factory=list)

    def add(self, weights: Mapping[Fact, int], need: int) -> int:
        self.thresholds.append(Threshold(weights, need))
        return len(self.thresholds) - 1

    def demand(self, demand: ConsentDemand) -> Combined:
        parts = list[Formula]()
        if names := {*demand.needs, *demand.veto}:
            parts.append(self.add({Fact("accepts", name): 1 for name in sorted(names)}, len(names)))
        if demand.quorum:
            tally = demand.quorum.tally
            parts.append(self.add({Fact("accepts", name): votes for name, votes in tally.votes.items()}, tally.need))
        if demand.pledges:
            resource, givers = demand.pledges.of, self.pledged[demand.pledges.of]
            weights = {
                Fact("sends", name, resource): int(to_grains(givers[name])[0, 0]) for name in demand.pledges.from_
            }
            parts.append(self.add({**weights, Fact("asked", demand.pledges.cover): -1}, 0))
        parts += map(self.demand, demand.all_)
        if demand.any_:
            parts.append(Combined(tuple(map(self.demand, demand.any_)), every=False))
        return Combined(tuple(parts), every=True)
