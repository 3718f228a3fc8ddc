"""Who may put which text on the table next (model, section 6).

Both protocols rank the same candidates by the same keys; they differ in who drafts, which candidates that drafter
would put its name to, and what happens when there is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.case.shapes import Scenario
from sim.rules.hearing import Hearing
from sim.rules.reading import Bools

NO_TEXT = -1


def drafters(scenario: Scenario, month: int) -> tuple[str, ...]:
    """Who amends the text after a month: the mediator or the sponsors, or the party whose turn it is."""
    protocol = scenario.protocol
    if protocol.name == "alternating":
        parties = parties_of(scenario)
        turn = month if scenario.sponsor in parties else month - 1
        return (parties[turn % len(parties)],)
    if protocol.mediator is not None:
        return (protocol.mediator,)
    return sponsors_of(scenario)


def sponsors_of(scenario: Scenario) -> tuple[str, ...]:
    """The sponsor and the co-sponsors."""
    return (scenario.sponsor, *scenario.co_sponsors)


def parties_of(scenario: Scenario) -> tuple[str, ...]:
    """Who proposes in turn under alternating offers, the sponsor first if it is one of them."""
    named = scenario.protocol.parties
    if named is None:
        named = tuple(name for name, actor in scenario.case.actors.items() if actor.role in ("belligerent", "party"))
    if scenario.sponsor not in named:
        return named
    at = named.index(scenario.sponsor)
    return named[at:] + named[:at]


def choose(
    scenario: Scenario, hearing: Hearing, drafted_by: Sequence[str], tabled: Bools, changes: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Which candidate the drafters put on the table in each world.

    A single text must be one that no sponsor and no drafter would refuse at its reservation value; an offer in turn
    must meet its proposer's aspiration. Then: the fewest blockers, the fewest lines among them that no price buys,
    the smallest summed shortfall of those who block, the drafters' own highest surplus, the fewest changed issues,
    and, where all that is equal, the first in the order of the case's options.

    Parameters
    ----------
    hearing : what everybody would answer to the candidates, (world, text)
    drafted_by : the drafters
    tabled : (world, text) bool, whether the candidate was on the table before
    changes : (text,) int, in how many issues the candidate differs from the current text

    Returns
    -------
    (world,) int, the index of the candidate, or `NO_TEXT`
    """
    answers, consent = hearing.answers, hearing.consent
    admissible = ~tabled
    if scenario.protocol.name == "alternating":
        for name in drafted_by:
            admissible = admissible & ~answers[name].never & (answers[name].shortfall == 0)
    else:
        for name in {*drafted_by, *sponsors_of(scenario)}:
            admissible = admissible & ~answers[name].refuses
    shape = tabled.shape
    blockers = np.asarray(consent.stuck, dtype=np.float64)
    nevers, shortfall = np.zeros(shape), np.zeros(shape)
    for name, blocks in consent.blockers.items():
        blockers = blockers + blocks
        nevers = nevers + (blocks & answers[name].never)
        shortfall = shortfall + np.where(blocks, answers[name].shortfall, 0)
    own = np.add.reduce([answers[name].surplus for name in drafted_by])
    for key in (blockers, nevers, shortfall, -own, changes[None, :].astype(np.float64)):
        admissible = _least(key, admissible)
    return np.where(admissible.any(axis=1), admissible.argmax(axis=1), NO_TEXT)


def _least(key: NDArray[np.floating[Any]], admissible: Bools) -> Bools:
    """Of the admissible texts of each world, those with the least key."""
    ranked = np.where(admissible, key, np.inf)
    return admissible & (ranked == ranked.min(axis=1, keepdims=True))
