"""In which share of the worlds each of some packages is agreed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.case.models import Case
from sim.engine.allocator import keep_at_hand
from sim.engine.drawn_parameters import DrawnParameters
from sim.engine.grouping import GroupedTexts
from sim.engine.outcome_space import Texts
from sim.engine.responses import collect_responses
from sim.engine.rule_matrix import CompiledRules, Floats
from sim.engine.worlds import Streams, Worlds
from sim.negotiation.context import in_worlds, start
from sim.negotiation.drafting.amendments import BLOCK, one_thread

DRAWN = 4_096
"""Worlds that are drawn at once, so that memory does not grow with their number."""


def agreed_shares(
    case: Case, texts: Texts, worlds: int, seed: int, progress: Callable[[int, int], None] | None = None
) -> tuple[Floats, float]:
    """Judge some packages in many worlds, take it or leave it.

    Parameters
    ----------
    texts : (text, issue) uint8
    worlds : how many
    seed : of the worlds
    progress : called with how many worlds are done, and how many there are

    Returns
    -------
    (text,) float, the share of worlds in which each is agreed; and the share in which any of them is
    """
    keep_at_hand()
    alike, counts, anything = GroupedTexts(case, CompiledRules(case).read(texts)), np.zeros(len(texts)), 0
    size = max(1, BLOCK // len(texts))
    with one_thread():
        for first in range(0, worlds, DRAWN):
            drawn = Worlds(case, Streams(seed, min(DRAWN, worlds - first), first))
            drawn_parameters, context = DrawnParameters.draw(drawn), start(drawn)
            for begin in range(0, drawn.count, size):
                some = slice(begin, min(begin + size, drawn.count))
                seated = drawn_parameters.only(some)
                situation = seated.situation(alike, in_worlds(context, some))
                agreed = collect_responses(
                    case, alike.respondents(seated.actor_parameters), alike, situation
                ).consent.agreed
                agreed = np.broadcast_to(agreed, (some.stop - some.start, len(texts)))
                counts += agreed.sum(axis=0)
                anything += int(agreed.any(axis=1).sum())
                if progress is not None:
                    progress(first + some.stop, worlds)
    return counts / worlds, anything / worlds
