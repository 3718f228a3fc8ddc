"""The actors without whom a text cannot be agreed, and what it needs of them (model, section 5)."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Literal, TypeAlias

import numpy as np

from sim.case.consent_rules.demands import ConsentDemand
from sim.case.models import Case
from sim.engine.fixed_point import to_points
from sim.engine.rule_matrix import Bools, Floats, RuleSource
from sim.engine.voting.pledge_cover import Pledged

WhyNeeded: TypeAlias = Literal["consent", "pledge"]
"""What a text needs of an actor: that it accepts, or that it sends what it is asked to send."""


def required_actors(case: Case, matrix: RuleSource, pledged: Pledged) -> dict[str, Bools]:
    """Find the actors whose acceptance a text needs even if everybody else accepts.

    The result maps an actor to (world or 1, text) bool, or (world, 1) if the texts are paired with worlds.
    """
    result = {name: np.zeros((1, 1), dtype=bool) for name in case.actors}
    for rule, rule_applies in zip(case.consent, matrix.applies(), strict=True):
        for name, where in required_of(rule, matrix.asked, pledged)[0].items():
            result[name] = result[name] | (rule_applies & where)
    return result


def required_of(
    demand: ConsentDemand, asked: Callable[[str], Floats], pledged: Pledged
) -> tuple[dict[str, Bools], Bools]:
    """Find where a demand cannot be met without an actor, and where it cannot be met at all.

    `asked` returns (world or 1, text) float, the number for which texts ask on an issue.

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
        number = asked(demand.pledges.cover)
        everything = reduce(np.add, amounts.values())
        short = {name: to_points(everything - amount) < number for name, amount in amounts.items()}
        members |= {name: members.get(name, never) | where for name, where in short.items()}
        never = to_points(everything) < number
    for part in demand.all_:
        inner, impossible = required_of(part, asked, pledged)
        never = never | impossible
        members |= {name: members[name] | where if name in members else where for name, where in inner.items()}
    if demand.any_:
        branches = [required_of(part, asked, pledged) for part in demand.any_]
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
