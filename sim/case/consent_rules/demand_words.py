"""A demand in words, for those who vote: whose acceptance it asks for, and with how many votes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sim.case.consent_rules.demands import ConsentDemand
from sim.case.consent_rules.quorums import Quorum, VoteShare


def demand_in_words(demand: ConsentDemand, names: Mapping[str, str]) -> str:
    """Return a demand as a short phrase: ``at least 6 votes of North (4), South (3) and East (2)``.

    `names` maps actors to their names in words.
    """
    parts = []
    if demand.needs:
        parts.append(f"the acceptance of {_listed(names[name] for name in demand.needs)}")
    if demand.veto:
        parts.append(f"no outright refusal by {_listed((names[name] for name in demand.veto), 'or')}")
    if demand.quorum:
        parts.append(_quorum(demand.quorum, names))
    if demand.pledges:
        givers = _listed(names[name] for name in demand.pledges.from_)
        parts.append(f"pledges of {givers} that cover {demand.pledges.cover}")
    parts += [demand_in_words(part, names) for part in demand.all_]
    if demand.any_:
        parts.append("either " + ", or ".join(demand_in_words(part, names) for part in demand.any_))
    return "; and ".join(parts)


def _quorum(quorum: Quorum, names: Mapping[str, str]) -> str:
    if isinstance(quorum.of, Mapping):
        voters = _listed(f"{names[name]} ({votes:,g})" for name, votes in quorum.of.items())
    else:
        voters = _listed(names[name] for name in quorum.of)
    more = "more than" if quorum.at_least is None else "at least"
    cast = " cast" if quorum.abstain == "ignored" else ""
    threshold = quorum.threshold
    if isinstance(threshold, VoteShare):
        return f"{more} {threshold} of the votes{cast} by {voters}"
    return f"{more} {threshold:,g} {'vote' if threshold == 1 else 'votes'} of {voters}"


def _listed(names: Iterable[str], word: str = "and") -> str:
    *first, last = names
    return f"{', '.join(first)} {word} {last}" if first else last
