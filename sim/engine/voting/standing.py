"""How far a demand is from being met by one text in one world, as plain data for a report."""

from __future__ import annotations

import math
from typing import TypedDict

from sim.case.consent_rules.demands import ConsentDemand
from sim.case.consent_rules.quorums import Quorum
from sim.engine.voting.unmet_demands import Said, unmet_demand


class VoteCount(TypedDict):
    """The votes of a quorum that is missed: how many are needed, of how many, and how many accept.

    With `cast`, abstentions are ignored, and `of` counts the votes cast.
    """

    needed: float
    of: float
    accept: float
    cast: bool


class NearestBranch(TypedDict):
    """The branch of an `any` that is nearest to being met: where the fewest actors would have to change their minds.

    `branch` counts from 1, `of` is the number of branches; `missing` are the actors who withhold what it asks for.
    """

    branch: int
    of: int
    missing: list[str]
    votes: list[VoteCount]


def votes_missed(demand: ConsentDemand, said: Said) -> list[VoteCount]:
    """Return the votes of all quorums that a demand misses, without those in an `any`."""
    quorum = demand.quorum
    counts = [_count(quorum, said)] if quorum and not _met(ConsentDemand(quorum=quorum), said) else []
    return counts + [count for part in demand.all_ for count in votes_missed(part, said)]


def nearest_branch(demand: ConsentDemand, said: Said) -> NearestBranch | None:
    """Return the nearest branch of the first `any` that is not met, without those in another; None if there is none.

    Of branches that are as near, the first is returned.
    """
    if demand.any_ and not any(_met(part, said) for part in demand.any_):
        lacking = [_lacking(part, said) for part in demand.any_]
        sizes = [math.inf if names is None else len(names) for names in lacking]
        index = sizes.index(min(sizes))
        branch = demand.any_[index]
        _, members = unmet_demand(branch, None, said)
        return {
            "branch": index + 1,
            "of": len(demand.any_),
            "missing": [name for name, withholds in members.items() if withholds[0, 0]],
            "votes": votes_missed(branch, said),
        }
    return next((found for part in demand.all_ if (found := nearest_branch(part, said))), None)


def _met(demand: ConsentDemand, said: Said) -> bool:
    return not unmet_demand(demand, None, said)[0][0, 0]


def _lacking(demand: ConsentDemand, said: Said) -> frozenset[str] | None:
    """The fewest actors who would have to accept, or to send what they are asked for; None if all are not enough."""
    lacking = {name for name in demand.needs if said.rejects[name][0, 0]}
    lacking |= {name for name in demand.veto if said.refuses[name][0, 0]}
    if demand.quorum:
        lacking |= _lacking_votes(demand.quorum, said)
    if demand.pledges:
        resource, givers = demand.pledges.of, demand.pledges.from_
        amounts = {name: float(said.pledged[resource][name][0, 0]) for name in givers}
        idle = {name for name in givers if not said.sends[name, resource][0, 0]}
        short = float(said.matrix.asked(demand.pledges.cover)[0, 0])
        short -= sum(amount for name, amount in amounts.items() if name not in idle)
        for name in sorted(idle, key=lambda name: -amounts[name]):
            if short > 0:
                short -= amounts[name]
                lacking.add(name)
        if short > 0:
            return None
    parts = [_lacking(part, said) for part in demand.all_]
    if demand.any_:
        branches = [names for part in demand.any_ if (names := _lacking(part, said)) is not None]
        parts.append(min(branches, key=len, default=None))
    every = [names for names in parts if names is not None]
    return frozenset(lacking).union(*every) if len(every) == len(parts) else None


def _lacking_votes(quorum: Quorum, said: Said) -> set[str]:
    """The fewest voters who would have to accept: those with the most votes, and first those that vote against."""
    tally = quorum.tally
    rejecting = {name for name in tally.votes if said.rejects[name][0, 0]}
    against = {name for name in rejecting if tally.share is None or said.refuses[name][0, 0]}
    found: set[str] = set()
    # A vote that turns from against to in favour counts in full; one that is cast after an abstention raises what is
    # needed, too.
    gain = {
        name: tally.votes[name] * (1 if tally.share is None or name in against else 1 - tally.share)
        for name in rejecting
    }
    for name in sorted(rejecting, key=lambda name: -gain[name]):
        if _enough(quorum, rejecting - found, against - found):
            break
        found.add(name)
    return found


def _enough(quorum: Quorum, rejecting: set[str], against: set[str]) -> bool:
    """Whether a quorum is reached if these voters do not accept, and these of them vote against."""
    tally = quorum.tally
    accept = tally.total - sum(tally.votes[name] for name in rejecting)
    if tally.share is None:
        return accept >= tally.need
    needed = tally.share * (accept + sum(tally.votes[name] for name in against))
    return accept > 0 and (accept > needed if quorum.more_than is not None else accept >= needed)


def _count(quorum: Quorum, said: Said) -> VoteCount:
    tally = quorum.tally
    accept = sum(votes for name, votes in tally.votes.items() if not said.rejects[name][0, 0])
    needed, of = tally.need, tally.total
    if tally.share is not None:
        of = accept + sum(votes for name, votes in tally.votes.items() if said.refuses[name][0, 0])
        exact = tally.share * of
        needed = math.floor(exact) + 1 if quorum.more_than is not None else max(math.ceil(exact), 1)
    return {
        "needed": _written(needed, tally.unit),
        "of": _written(of, tally.unit),
        "accept": _written(accept, tally.unit),
        "cast": tally.share is not None,
    }


def _written(votes: int, unit: int) -> float:
    """Votes as they are written in the file: a whole number where they are one."""
    return votes / unit if votes % unit else votes // unit
