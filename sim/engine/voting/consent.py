"""The consent rules: whose acceptance a text needs, and whether it has it (model, section 5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sim.case.models import Case
from sim.engine.rule_matrix import Bools, RuleSource
from sim.engine.voting.pledge_cover import Pledged
from sim.engine.voting.unmet_demands import Said, nowhere, unmet_demand, where_unmet


class ConsentAnswer(Protocol):
    """The part of an answer that the consent rules need; an `Assessment` has it."""

    @property
    def accepts(self) -> Bools:
        """(world, text) bool, whether the actor accepts."""

    @property
    def refuses(self) -> Bools:
        """(world, text) bool, whether the actor refuses outright; one that neither accepts nor refuses holds out."""

    def sends(self, resource: str) -> Bools:
        """(world, text) bool, whether the actor accepts and sends what it can of a resource."""


@dataclass(frozen=True)
class Consent:
    """Which texts are agreed, and who blocks the others.

    Parameters
    ----------
    unmet : consent rule to (world, text) bool, for the rules that apply to any of the texts
    withheld : consent rule to actor to (world, text) bool, whether the actor withholds what an unmet rule asks for
    blockers : actor to (world, text) bool, whether the actor withholds what any unmet rule asks for
    stuck : (world, text) int, how many rules are unmet although none of their actors withholds anything
    """

    unmet: Mapping[str, Bools]
    withheld: Mapping[str, Mapping[str, Bools]]
    blockers: Mapping[str, Bools]
    stuck: NDArray[np.uint8]

    @property
    def agreed(self) -> Bools:
        """(world, text) bool, whether every rule that applies is met."""
        return np.asarray(~reduce(np.logical_or, self.unmet.values(), nowhere(self.stuck.shape)))


def consent(case: Case, matrix: RuleSource, votes: Mapping[str, ConsentAnswer], pledged: Pledged) -> Consent:
    """Apply the consent rules to the answers."""
    applies = matrix.applies()
    said = read_answers(case, matrix, applies, votes, pledged)
    unmet: dict[str, Bools] = {}
    withheld: dict[str, dict[str, Bools]] = {}
    blockers = {name: nowhere(said.shape) for name in case.actors}
    stuck = np.zeros(said.shape, dtype=np.uint8, order="F")
    for rule, rule_applies in zip(case.consent, applies, strict=True):
        if not rule_applies.any():
            continue
        missing, members = unmet_demand(rule, rule_applies, said)
        for name, blocks in members.items():
            blockers[name] |= blocks
        unmet[rule.rule], withheld[rule.rule] = missing, members
        if rule.pledges_asked:  # only pledges can fall short although nobody withholds any
            for blocks in members.values():
                missing = missing & ~blocks
            stuck += missing
    return Consent(unmet, withheld, blockers, stuck)


def agreed_without(
    case: Case, matrix: RuleSource, votes: Mapping[str, ConsentAnswer], pledged: Pledged, found: Consent
) -> dict[str, Bools]:
    """Find which texts would be agreed if the refusal of one actor did not count, and all other answers were the same.

    The actor consents wherever it is asked, and pledges no more than it sends now, because a pledge is not a veto.

    Parameters
    ----------
    found : what the consent rules make of all answers

    Returns
    -------
    actor to (world, text) bool
    """
    applies = matrix.applies()
    said, result = read_answers(case, matrix, applies, votes, pledged), dict.fromkeys(case.actors, found.agreed)
    for name in case.actors:
        if found.blockers[name].any():
            consenting, unmet = said.with_consent_of(name), nowhere(said.shape)
            for rule, where in zip(case.consent, applies, strict=True):
                if rule.rule in found.unmet:
                    unmet |= where_unmet(rule, where, consenting) if name in rule.members else found.unmet[rule.rule]
            result[name] = ~unmet
    return result


def read_answers(
    case: Case, matrix: RuleSource, applies: Sequence[Bools], votes: Mapping[str, ConsentAnswer], pledged: Pledged
) -> Said:
    """Read from all answers what the consent rules ask for where `applies`, for each rule (world or 1, text) bool."""
    sends = _sends(case, applies, votes)
    pledge_shapes = (amount.shape for amounts in pledged.values() for amount in amounts.values())
    answers = (*(vote.accepts for vote in votes.values()), *sends.values())
    shape = np.broadcast_shapes(matrix.shape, *pledge_shapes, *(answer.shape for answer in answers))
    refusing = {name for rule in case.consent for part in rule.nested() for name in part.refusal_counts}
    return Said(
        rejects={name: ~vote.accepts for name, vote in votes.items()},
        refuses={name: votes[name].refuses for name in refusing},
        sends=sends,
        pledged=pledged,
        matrix=matrix,
        shape=shape,
    )


def _sends(case: Case, applies: Sequence[Bools], votes: Mapping[str, ConsentAnswer]) -> dict[tuple[str, str], Bools]:
    """Find who sends what the rules that apply ask for: actor and resource to (world, text) bool."""
    asked = {
        (name, pledges.of): None
        for rule, rule_applies in zip(case.consent, applies, strict=True)
        for pledges in rule.pledges_asked
        if rule_applies.any()
        for name in pledges.from_
    }
    return {(name, resource): votes[name].sends(resource) for name, resource in asked}
