"""Where the demands of consent rules are not met, and who withholds what they ask for (model, section 5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np

from sim.case.consent_rules.demands import ConsentDemand
from sim.engine.rule_matrix import Bools, RuleSource
from sim.engine.voting.pledge_cover import Pledged, short_of
from sim.engine.voting.quorum_votes import missed_quorum


@dataclass(frozen=True)
class Said:
    """All answers to some texts, as the demands of consent rules read them; arrays are (world, text) bool.

    `sends` maps an actor and a resource to whether it sends what the rules ask it for.
    """

    rejects: Mapping[str, Bools]
    refuses: Mapping[str, Bools]
    sends: Mapping[tuple[str, str], Bools]
    pledged: Pledged
    matrix: RuleSource
    shape: tuple[int, ...]

    def with_consent_of(self, name: str) -> Said:
        """Return the answers if an actor did not withhold anything, wherever it is asked.

        It pledges no more than it sends now, because a pledge is not a veto.
        """
        withholds, sends = np.zeros((1, 1), dtype=bool), np.ones((1, 1), dtype=bool)
        own = {resource: sent for (giver, resource), sent in self.sends.items() if giver == name}
        return replace(
            self,
            rejects={**self.rejects, name: withholds},
            refuses={**self.refuses, name: withholds},
            sends={**self.sends, **{(name, resource): sends for resource in own}},
            pledged={
                resource: {**pledges, name: pledges[name] * own[resource]} if resource in own else pledges
                for resource, pledges in self.pledged.items()
            },
        )


def unmet_demand(demand: ConsentDemand, applies: Bools | None, said: Said) -> tuple[Bools, dict[str, Bools]]:
    """Find where a demand that applies is not met, (world, text) bool, and who withholds what it asks for.

    `applies` is (world or 1, text) bool; None for everywhere.
    """
    missing, members = nowhere(said.shape), dict[str, Bools]()
    for failed, withholding in _demands(demand, said):
        where = applies
        if failed is not None:
            where = failed if applies is None else failed & applies
            missing |= where
        everywhere = where is None or bool(where.all())
        for name, withholds in withholding.items():
            blocks = withholds if everywhere or where is None else withholds & where
            members[name] = members[name] | blocks if name in members else blocks
            missing |= blocks
    return missing, members


def where_unmet(demand: ConsentDemand, applies: Bools, said: Said) -> Bools:
    """Find where a demand that applies is not met, (world, text) bool; `unmet_demand` also finds who withholds what."""
    missing = nowhere(said.shape)
    for failed, withholding in _demands(demand, said):
        missing |= reduce(np.logical_or, withholding.values()) if failed is None else failed
    return missing & applies


def _demands(demand: ConsentDemand, said: Said) -> Iterator[tuple[Bools | None, Mapping[str, Bools]]]:
    """Yield for each part of a demand where it is not met, (world, text) bool, and who withholds what it asks for.

    None means that the part is unmet wherever anybody withholds it.
    """
    if demand.needs:
        yield None, {name: said.rejects[name] for name in demand.needs}
    if demand.veto:
        yield None, {name: said.refuses[name] for name in demand.veto}
    if demand.quorum:
        yield missed_quorum(demand.quorum, said.rejects, said.refuses)
    if demand.pledges:
        givers, resource = demand.pledges.from_, demand.pledges.of
        offers = [(said.sends[name, resource], said.pledged[resource][name]) for name in givers]
        withheld = {name: ~said.sends[name, resource] for name in givers}
        yield short_of(offers, said.matrix.asked(demand.pledges.cover)), withheld
    for part in demand.all_:
        yield from _demands(part, said)
    if demand.any_:
        yield _none_met([unmet_demand(part, None, said) for part in demand.any_])


def _none_met(branches: Sequence[tuple[Bools, Mapping[str, Bools]]]) -> tuple[Bools, dict[str, Bools]]:
    """Find where no branch of an `any` is met; then everybody who withholds what a branch asks for blocks."""
    members: dict[str, Bools] = {}
    for _, withholding in branches:
        for name, withholds in withholding.items():
            members[name] = members[name] | withholds if name in members else withholds
    return np.asarray(reduce(np.logical_and, (missing for missing, _ in branches))), members


def nowhere(shape: tuple[int, ...]) -> Bools:
    """Return (world, text) bool, all False; in memory, the worlds of a text are adjacent, as in all evaluations."""
    return np.zeros(shape, dtype=bool, order="F")
