"""The consent rules: whose acceptance a text needs, and whether it has it (model, section 5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Literal, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.case.models import Case, ConsentRule
from sim.engine.fixed_point import to_points
from sim.engine.rule_matrix import Bools, Floats, RuleSource
from sim.engine.shared_columns import columns

COALITION_MOST = 4
"""The most actors for whom pledges are compared by coalition: they form at most 16, one bit for each."""
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
    for rule, rule_applies in zip(case.consent, applies, strict=True):
        if not rule_applies.any():
            continue
        missing, members = _false(shape), dict[str, Bools]()
        for failed, withholding in _demands(rule, votes, rejects, sends, pledged, matrix):
            where = rule_applies if failed is None else failed & rule_applies
            if failed is not None:
                missing |= where
            everywhere = bool(where.all())
            for name, withholds in withholding.items():
                blocks = withholds if everywhere else withholds & where
                members[name] = members[name] | blocks if name in members else blocks
                missing |= blocks
                blockers[name] |= blocks
        unmet[rule.rule], withheld[rule.rule] = missing, members
        if rule.pledges:  # only pledges can fall short although nobody withholds any
            for blocks in members.values():
                missing = missing & ~blocks
            stuck += missing
    return Consent(unmet, withheld, blockers, stuck)


def _sends(case: Case, applies: Sequence[Bools], votes: Mapping[str, ConsentAnswer]) -> dict[tuple[str, str], Bools]:
    """Find who sends what the rules that apply ask for: actor and resource to (world, text) bool."""
    asked = {
        (name, rule.pledges.of): None
        for rule, rule_applies in zip(case.consent, applies, strict=True)
        if rule.pledges and rule_applies.any()
        for name in rule.pledges.from_
    }
    return {(name, resource): votes[name].sends(resource) for name, resource in asked}


def _demands(
    rule: ConsentRule,
    votes: Mapping[str, ConsentAnswer],
    rejects: Mapping[str, Bools],
    sends: Mapping[tuple[str, str], Bools],
    pledged: Pledged,
    matrix: RuleSource,
) -> Iterator[tuple[Bools | None, dict[str, Bools]]]:
    """Yield for each demand of a rule where it is not met, (world, text) bool, and who withholds what it asks for.

    None means that the demand is unmet wherever anybody withholds it.
    """
    if rule.needs:
        yield None, {name: rejects[name] for name in rule.needs}
    if rule.veto:
        yield None, {name: votes[name].refuses for name in rule.veto}
    if rule.quorum:
        withheld = {name: rejects[name] for name in rule.quorum.of}
        accepting = np.zeros((1, 1), dtype=np.uint8)
        for rejects_it in withheld.values():  # an answer that is the same for all texts has one column
            accepting = accepting + ~rejects_it
        yield accepting < rule.quorum.at_least, withheld
    if rule.pledges:
        resource = rule.pledges.of
        withheld = {name: ~sends[name, resource] for name in rule.pledges.from_}
        offers = [(sends[name, resource], pledged[resource][name]) for name in rule.pledges.from_]
        yield _short(offers, matrix.asked(rule.pledges.cover)), withheld


def _short(offers: Sequence[tuple[Bools, Floats]], asked: Floats) -> Bools:
    """Return where the actors who send do not give as much as is asked, (world, text) bool.

    An offer is (world, text) bool, where the actor sends, and (world or 1, text or 1) float, what it then gives;
    `asked` is (world or 1, text) float.
    """
    if len(offers) <= COALITION_MOST and len(asked) == 1 and all(amount.shape[1] == 1 for _, amount in offers):
        return _short_coalitions(offers, asked[0])
    offered = np.zeros((1, 1))
    for sends, amount in offers:
        offered = offered + sends * amount
    return to_points(offered) < asked


def _short_coalitions(offers: Sequence[tuple[Bools, Floats]], asked: Floats) -> Bools:
    """Do the same by coalition, where each actor gives the same to all texts and all worlds ask for the same.

    The senders of a text form one of a few coalitions, and each world has a bit for each coalition that falls short.
    This is several times as fast as adding up what is given for each text.
    """
    amounts, amount_index = np.unique(asked, return_inverse=True)
    offered, coalition = [np.zeros(1)], np.zeros((1, 1), dtype=np.uint8)
    for sends, amount in offers:
        offered = [total for without in offered for total in (without, without + amount[:, 0])]
        coalition = coalition + coalition + sends.view(np.uint8)
    bits = np.zeros((len(amounts), len(offered[-1])), dtype=np.uint16)
    for index, total in enumerate(offered):
        bits |= (to_points(total) < amounts[:, None]).astype(np.uint16) << np.uint16(index)
    return np.asarray((columns(bits.T, amount_index) >> coalition & np.uint16(1)).astype(bool))


def required_actors(case: Case, matrix: RuleSource, pledged: Pledged) -> dict[str, Bools]:
    """Find the actors whose acceptance a text needs even if everybody else accepts.

    The result maps an actor to (world or 1, text) bool, or (world, 1) if the texts are paired with worlds.
    """
    result = {name: np.zeros((1, 1), dtype=bool) for name in case.actors}
    for rule, rule_applies in zip(case.consent, matrix.applies(), strict=True):
        members = dict.fromkeys((*rule.needs, *rule.veto), rule_applies)
        if rule.quorum and len(rule.quorum.of) == rule.quorum.at_least:
            members |= dict.fromkeys(rule.quorum.of, rule_applies)
        if rule.pledges:
            amounts = {name: pledged[rule.pledges.of][name] for name in rule.pledges.from_}
            asked = matrix.asked(rule.pledges.cover)
            everything = reduce(np.add, amounts.values())
            short = {name: rule_applies & (to_points(everything - amount) < asked) for name, amount in amounts.items()}
            members |= {name: members.get(name, False) | where for name, where in short.items()}
        for name, where in members.items():
            result[name] = result[name] | where
    return result


def asked_to_consent(case: Case, matrix: RuleSource) -> dict[str, Bools]:
    """Find the actors whose consent some rule that applies asks for, as against their pledge.

    Returns
    -------
    actor to (world or 1, text) bool, or (world, 1) if the texts are paired with worlds
    """
    result = {name: np.zeros((1, 1), dtype=bool) for name in case.actors}
    for rule, rule_applies in zip(case.consent, matrix.applies(), strict=True):
        for name in (*rule.needs, *rule.veto, *(rule.quorum.of if rule.quorum else ())):
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
