"""Whose acceptance a text needs, and whether it has it (model, section 5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sim.case.models import Case, ConsentRule
from sim.engine.rule_matrix import Bools, Floats, RuleSource
from sim.engine.shared_columns import columns

COALITION_MOST = 4
"""So many who may pledge make at most 16 coalitions, a bit for each."""
Pledged = Mapping[str, Mapping[str, Floats]]


class ConsentAnswer(Protocol):
    """An answer, as far as consent goes; an `Appraisal` is one."""

    @property
    def accepts(self) -> Bools:
        """(world, text) bool."""

    @property
    def refuses(self) -> Bools:
        """(world, text) bool, whether it refuses outright; one who neither accepts nor refuses holds out."""

    def sends(self, resource: str) -> Bools:
        """(world, text) bool, whether it accepts, and sends what it can of a resource."""


@dataclass(frozen=True)
class Consent:
    """Which texts are agreed, and who stands in the way.

    Parameters
    ----------
    unmet : consent rule to (world, text) bool, for the rules that apply to any of the texts
    withheld : consent rule to actor to (world, text) bool, who withholds what an unmet rule asks
    blockers : actor to (world, text) bool, whether it withholds what any unmet rule asks of it
    stuck : (world, text) int, how many rules are unmet although nobody in them withholds anything
    """

    unmet: Mapping[str, Bools]
    withheld: Mapping[str, Mapping[str, Bools]]
    blockers: Mapping[str, Bools]
    stuck: NDArray[np.uint8]

    @property
    def agreed(self) -> Bools:
        """(world, text) bool, whether every rule that applies is met."""
        return np.asarray(~np.logical_or.reduce([*self.unmet.values(), _no(self.stuck.shape)]))


def consent(case: Case, matrix: RuleSource, votes: Mapping[str, ConsentAnswer], pledged: Pledged) -> Consent:
    """Weigh the answers by the consent rules.

    Parameters
    ----------
    matrix : what the rules say of the texts
    votes : actor to its answer
    pledged : resource to actor to (world or 1, text or 1) float, what each would give if it sends
    """
    applies = matrix.applies()
    sends = _sends(case, applies, votes)
    given = (amount.shape for giving in pledged.values() for amount in giving.values())
    told = (*(vote.accepts for vote in votes.values()), *sends.values())
    shape = np.broadcast_shapes(matrix.shape, *given, *(one.shape for one in told))
    unmet: dict[str, Bools] = {}
    withheld: dict[str, dict[str, Bools]] = {}
    blockers = {name: _no(shape) for name in case.actors}
    stuck = np.zeros(shape, dtype=np.uint8, order="F")
    rejects = {name: ~vote.accepts for name, vote in votes.items()}
    for rule, each in zip(case.consent, applies, strict=True):
        if not each.any():
            continue
        missing, members = _no(shape), dict[str, Bools]()
        for failed, holding_back in _ask(rule, votes, rejects, sends, pledged, matrix):
            where = each if failed is None else failed & each
            if failed is not None:
                missing |= where
            everywhere = bool(where.all())
            for name, withholds in holding_back.items():
                blocks = withholds if everywhere else withholds & where
                members[name] = members[name] | blocks if name in members else blocks
                missing |= blocks
                blockers[name] |= blocks
        unmet[rule.rule], withheld[rule.rule] = missing, members
        if rule.pledges:  # only pledges can fall short though nobody withholds any
            for blocks in members.values():
                missing = missing & ~blocks
            stuck += missing
    return Consent(unmet, withheld, blockers, stuck)


def _sends(case: Case, applies: Sequence[Bools], votes: Mapping[str, ConsentAnswer]) -> dict[tuple[str, str], Bools]:
    """Who sends what the rules that apply ask for: actor and resource to (world, text) bool."""
    asked = {
        (name, rule.pledges.of): None
        for rule, each in zip(case.consent, applies, strict=True)
        if rule.pledges and each.any()
        for name in rule.pledges.from_
    }
    return {(name, of): votes[name].sends(of) for name, of in asked}


def _ask(
    rule: ConsentRule,
    votes: Mapping[str, ConsentAnswer],
    rejects: Mapping[str, Bools],
    sends: Mapping[tuple[str, str], Bools],
    pledged: Pledged,
    matrix: RuleSource,
) -> Iterator[tuple[Bools | None, dict[str, Bools]]]:
    """Yield for everything that a rule asks where it is not met, (world, text) bool, and who withholds it there.

    None stands for: wherever anybody withholds it.
    """
    if rule.needs:
        yield None, {name: rejects[name] for name in rule.needs}
    if rule.veto:
        yield None, {name: votes[name].refuses for name in rule.veto}
    if rule.quorum:
        withheld = {name: rejects[name] for name in rule.quorum.of}
        accepting = np.zeros((1, 1), dtype=np.uint8)
        for rejects_it in withheld.values():  # an answer that is the same to all texts has one column
            accepting = accepting + ~rejects_it
        yield accepting < rule.quorum.at_least, withheld
    if rule.pledges:
        of = rule.pledges.of
        withheld = {name: ~sends[name, of] for name in rule.pledges.from_}
        given = [(sends[name, of], pledged[of][name]) for name in rule.pledges.from_]
        yield _short(given, matrix.asked(rule.pledges.cover)), withheld


def _short(given: Sequence[tuple[Bools, Floats]], asked: Floats) -> Bools:
    """Where those who send do not give as much as is asked, (world, text) bool.

    Parameters
    ----------
    given : for each, (world, text) bool, where it sends, and (world or 1, text or 1) float, what it gives then
    asked : (world or 1, text) float
    """
    if len(given) <= COALITION_MOST and len(asked) == 1 and all(amount.shape[1] == 1 for _, amount in given):
        return _short_coalitions(given, asked[0])
    offered = np.zeros((1, 1))
    for sends, amount in given:
        offered = offered + sends * amount
    return offered < asked


def _short_coalitions(given: Sequence[tuple[Bools, Floats]], asked: Floats) -> Bools:
    """The same where what each gives goes by the world, and what is asked by the text: by coalition.

    The senders of a text make one of a few coalitions, and each world has a bit for each one that falls short: several
    times as fast as adding up for each text what is given.
    """
    amounts, each = np.unique(asked, return_inverse=True)
    offered, coalition = [np.zeros(1)], np.zeros((1, 1), dtype=np.uint8)
    for sends, amount in given:
        offered = [one for sofar in offered for one in (sofar, sofar + amount[:, 0])]
        coalition = coalition + coalition + sends.view(np.uint8)
    bits = np.zeros((len(amounts), len(offered[-1])), dtype=np.uint16)
    for at, total in enumerate(offered):
        bits |= (total < amounts[:, None]).astype(np.uint16) << np.uint16(at)
    return np.asarray((columns(bits.T, each) >> coalition & np.uint16(1)).astype(bool))


def required_actors(case: Case, matrix: RuleSource, pledged: Pledged) -> dict[str, Bools]:
    """Whose acceptance a text cannot do without, even if everybody else accepts.

    Parameters
    ----------
    matrix : what the rules say of the texts
    pledged : resource to actor to (world or 1, text or 1) float, what each gives if it sends

    Returns
    -------
    actor to (world or 1, text) bool, or (world, 1) if the texts are paired with worlds
    """
    result = {name: np.zeros((1, 1), dtype=bool) for name in case.actors}
    for rule, each in zip(case.consent, matrix.applies(), strict=True):
        members = dict.fromkeys((*rule.needs, *rule.veto), each)
        if rule.quorum and len(rule.quorum.of) == rule.quorum.at_least:
            members |= dict.fromkeys(rule.quorum.of, each)
        if rule.pledges:
            given = {name: pledged[rule.pledges.of][name] for name in rule.pledges.from_}
            asked = matrix.asked(rule.pledges.cover)
            everything = np.add.reduce(list(given.values()))
            short = {name: each & (everything - amount < asked) for name, amount in given.items()}
            members |= {name: members.get(name, False) | where for name, where in short.items()}
        for name, where in members.items():
            result[name] = result[name] | where
    return result


def _no(shape: tuple[int, ...]) -> Bools:
    """(world, text) bool, False; in memory, the worlds of a text lie side by side, as in every judgement."""
    return np.zeros(shape, dtype=bool, order="F")
