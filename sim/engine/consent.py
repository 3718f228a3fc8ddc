"""The consent rules: whose acceptance a text needs, and whether it has it (model, section 5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Literal, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.case.consent_rules.demands import ConsentDemand
from sim.case.models import Case
from sim.engine.fixed_point import to_points
from sim.engine.rule_matrix import Bools, Floats, RuleSource
from sim.engine.voting.pledge_cover import short_of
from sim.engine.voting.quorum_votes import missed_quorum

WhyNeeded: TypeAlias = Literal["consent", "pledge"]
"""What a text needs of an actor: that it accepts, or that it sends what it is asked to send."""
Pledged = Mapping[str, Mapping[str, Floats]]
"""Resource to actor to (world or 1, text or 1) float, what the actor gives if it sends."""


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
        return np.asarray(~reduce(np.logical_or, self.unmet.values(), _false(self.stuck.shape)))


@dataclass(frozen=True)
class _Said:
    """All answers to some texts, as the demands of consent rules read them; arrays are (world, text) bool.

    `sends` maps an actor and a resource to whether it sends what the rules ask it for.
    """

    rejects: Mapping[str, Bools]
    refuses: Mapping[str, Bools]
    sends: Mapping[tuple[str, str], Bools]
    pledged: Pledged
    matrix: RuleSource
    shape: tuple[int, ...]


def consent(case: Case, matrix: RuleSource, votes: Mapping[str, ConsentAnswer], pledged: Pledged) -> Consent:
    """Apply the consent rules to the answers."""
    applies = matrix.applies()
    sends = _sends(case, applies, votes)
    pledge_shapes = (amount.shape for amounts in pledged.values() for amount in amounts.values())
    answers = (*(vote.accepts for vote in votes.values()), *sends.values())
    shape = np.broadcast_shapes(matrix.shape, *pledge_shapes, *(answer.shape for answer in answers))
    unmet: dict[str, Bools] = {}
    withheld: dict[str, dict[str, Bools]] = {}
    blockers = {name: _false(shape) for name in case.actors}
    stuck = np.zeros(shape, dtype=np.uint8, order="F")
    rejects = {name: ~vote.accepts for name, vote in votes.items()}
    refusing = {name for rule in case.consent for part in rule.nested() for name in part.refusal_counts}
    said = _Said(rejects, {name: votes[name].refuses for name in refusing}, sends, pledged, matrix, shape)
    for rule, rule_applies in zip(case.consent, applies, strict=True):
        if not rule_applies.any():
            continue
        missing, members = _unmet(rule, rule_applies, said)
        for name, blocks in members.items():
            blockers[name] |= blocks
        unmet[rule.rule], withheld[rule.rule] = missing, members
        if rule.pledges_asked:  # only pledges can fall short although nobody withholds any
            for blocks in members.values():
                missing = missing & ~blocks
            stuck += missing
    return Consent(unmet, withheld, blockers, stuck)


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


def _unmet(demand: ConsentDemand, applies: Bools | None, said: _Said) -> tuple[Bools, dict[str, Bools]]:
    """Find where a demand that applies is not met, (world, text) bool, and who withholds what it asks for.

    `applies` is (world or 1, text) bool; None for everywhere.
    """
    missing, members = _false(said.shape), dict[str, Bools]()
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


def _demands(demand: ConsentDemand, said: _Said) -> Iterator[tuple[Bools | None, Mapping[str, Bools]]]:
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
        yield _none_met([_unmet(part, None, said) for part in demand.any_])


def _none_met(branches: Sequence[tuple[Bools, Mapping[str, Bools]]]) -> tuple[Bools, dict[str, Bools]]:
    """Find where no branch of an `any` is met; then whoever withholds what any branch asks for is in the way."""
    members: dict[str, Bools] = {}
    for _, withholding in branches:
        for name, withholds in withholding.items():
            members[name] = members[name] | withholds if name in members else withholds
    return np.asarray(reduce(np.logical_and, (missing for missing, _ in branches))), members


def required_actors(case: Case, matrix: RuleSource, pledged: Pledged) -> dict[str, Bools]:
    """Find the actors whose acceptance a text needs even if everybody else accepts.

    The result maps an actor to (world or 1, text) bool, or (world, 1) if the texts are paired with worlds.
    """
    result = {name: np.zeros((1, 1), dtype=bool) for name in case.actors}
    for rule, rule_applies in zip(case.consent, matrix.applies(), strict=True):
        for name, where in _required(rule, matrix, pledged)[0].items():
            result[name] = result[name] | (rule_applies & where)
    return result


def _required(demand: ConsentDemand, matrix: RuleSource, pledged: Pledged) -> tuple[dict[str, Bools], Bools]:
    """Find where a demand cannot be met without an actor, and where it cannot be met at all.

    Returns
    -------
    actor to (world or 1, text or 1) bool; and (world or 1, text or 1) bool
    """
    everywhere, never = np.ones((1, 1), dtype=bool), np.zeros((1, 1), dtype=bool)
    members = dict.fromkeys((*demand.needs, *demand.veto), everywhere)
    if demand.quorum:
        tally = demand.quorum.tally
        members |= {name: everywhere for name, votes in tally.votes.items() if tally.total - votes < tally.need}
    if demand.pledges:
        amounts = {name: pledged[demand.pledges.of][name] for name in demand.pledges.from_}
        asked = matrix.asked(demand.pledges.cover)
        everything = reduce(np.add, amounts.values())
        short = {name: to_points(everything - amount) < asked for name, amount in amounts.items()}
        members |= {name: members.get(name, never) | where for name, where in short.items()}
        never = to_points(everything) < asked
    for part in demand.all_:
        inner, impossible = _required(part, matrix, pledged)
        never = never | impossible
        members |= {name: members[name] | where if name in members else where for name, where in inner.items()}
    if demand.any_:
        branches = [_required(part, matrix, pledged) for part in demand.any_]
        never = never | reduce(np.logical_and, (impossible for _, impossible in branches))
        for name in dict.fromkeys(name for inner, _ in branches for name in inner):
            without = [inner.get(name, impossible) | impossible for inner, impossible in branches]
            members[name] = members.get(name, False) | reduce(np.logical_and, without)
    return members, never


def asked_to_consent(case: Case, matrix: RuleSource) -> dict[str, Bools]:
    """Find the actors whose consent some rule that applies asks for, as against their pledge.

    Returns
    -------
    actor to (world or 1, text) bool, or (world, 1) if the texts are paired with worlds
    """
    result = {name: np.zeros((1, 1), dtype=bool) for name in case.actors}
    for rule, rule_applies in zip(case.consent, matrix.applies(), strict=True):
        for name in rule.voters:
            result[name] = result[name] | rule_applies
    return result


def why_needed(required: bool, asked_to_consent: bool, blocks: bool, accepts: bool) -> WhyNeeded | None:
    """Return what a text needs of an actor.

    Parameters
    ----------
    required : whether some rule cannot be met without the actor
    asked_to_consent : whether some rule asks for its consent, as against its pledge
    blocks, accepts : whether it is in the way, and whether it accepts the text
    """
    if not (required or blocks):
        return None
    return "consent" if asked_to_consent and not (blocks and accepts) else "pledge"


def _false(shape: tuple[int, ...]) -> Bools:
    """Return (world, text) bool, all False; in memory, the worlds of a text are adjacent, as in all evaluations."""
    return np.zeros(shape, dtype=bool, order="F")
