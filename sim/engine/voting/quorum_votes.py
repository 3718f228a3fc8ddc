"""Where a quorum is missed, and who withholds the votes that it lacks (model, section 5)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from sim.case.consent_rules.quorums import Quorum, Tally
from sim.engine.rule_matrix import Bools


def missed_quorum(
    quorum: Quorum, rejects: Mapping[str, Bools], refuses: Mapping[str, Bools]
) -> tuple[Bools, dict[str, Bools]]:
    """Count the votes.

    Parameters
    ----------
    rejects : actor to (world, text) bool, whether it does not accept
    refuses : actor to (world, text) bool, whether it refuses outright; used only where abstentions are ignored

    Returns
    -------
    (world, text) bool, where too few votes accept; and actor to (world, text) bool, whether it withholds its vote.
    Voters whose vote never matters withhold nothing.
    """
    tally = quorum.tally
    if tally.share is not None:
        return _missed_share(quorum, tally.share, rejects, refuses)
    missing = np.zeros((1, 1), dtype=np.min_scalar_type(tally.total))
    for name, votes in tally.votes.items():
        lost = rejects[name] if votes == 1 else rejects[name] * missing.dtype.type(votes)
        fits = np.broadcast_shapes(missing.shape, lost.shape) == missing.shape  # one column holds for all texts
        missing = np.add(missing, lost, out=missing if fits else None)
    return missing > tally.total - tally.need, {name: rejects[name] for name in tally.votes if name in tally.matters}


def _missed_share(
    quorum: Quorum, share: Fraction, rejects: Mapping[str, Bools], refuses: Mapping[str, Bools]
) -> tuple[Bools, dict[str, Bools]]:
    """Count the votes cast. An actor that abstains withholds its vote only if nobody votes at all."""
    tally = quorum.tally
    accepting = _count(tally, {name: ~rejects[name] for name in tally.votes})
    against = _count(tally, {name: refuses[name] for name in tally.votes})
    spare = accepting * (share.denominator - share.numerator) - against * share.numerator
    enough = spare > 0 if quorum.more_than is not None else spare >= 0
    opposed = against > 0
    withheld = {name: np.where(opposed, refuses[name], rejects[name]) for name in tally.votes}
    return ~enough | (accepting == 0), withheld


def _count(tally: Tally, votes: Mapping[str, Bools]) -> NDArray[np.int64]:
    total = np.zeros((1, 1), dtype=np.int64)
    for name, casts in votes.items():
        total = total + casts * np.int64(tally.votes[name])
    return total
