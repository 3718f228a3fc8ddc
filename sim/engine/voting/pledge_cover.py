"""Where pledges fall short of what a text asks for (model, section 5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sim.engine.fixed_point import to_points
from sim.engine.rule_matrix import Bools, Floats
from sim.engine.shared_columns import columns

COALITION_MOST = 4
"""The most actors for whom pledges are compared by coalition: they form at most 16, one bit for each."""
Pledged = Mapping[str, Mapping[str, Floats]]
"""Resource to actor to (world or 1, text or 1) float, what the actor gives if it sends."""


def short_of(offers: Sequence[tuple[Bools, Floats]], asked: Floats) -> Bools:
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
