"""Who may put which text on the table next (model, section 6).

Both protocols rank the same candidates by the same keys; they differ in who drafts, which candidates that drafter
would put its name to, and what happens when there is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.case.shapes import Scenario
from sim.rules.hearing import Hearing
from sim.rules.reading import Bools, Floats
from sim.rules.verdicts import Appraisal

NO_TEXT = -1
NOT_ADMISSIBLE = np.uint8(255)
"""More than the number of actors and rules that can block."""


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
            admissible &= answers[name].accepts
    else:
        for name in {*drafted_by, *sponsors_of(scenario)}:
            admissible &= ~answers[name].refuses
    blocking = {name: blocks for name, blocks in consent.blockers.items() if blocks.any()}
    blockers = np.add.reduce([consent.stuck, *blocking.values()], dtype=np.uint8)
    fewest = np.where(admissible, blockers, NOT_ADMISSIBLE)
    shortlist = _Shortlist(
        *np.divmod(np.flatnonzero(admissible & (fewest == fewest.min(axis=1, keepdims=True))), len(changes))
    )

    def nevers() -> Floats:
        return shortlist.total(
            shortlist.of(blocks) & shortlist.of(answers[name].never)
            for name, blocks in blocking.items()
            if answers[name].never.any()
        )

    def shortfall() -> Floats:
        return shortlist.total(
            shortlist.of(blocks) * _short(shortlist, answers[name]) for name, blocks in blocking.items()
        )

    def own() -> Floats:
        return -shortlist.total(shortlist.of(answers[name].surplus) for name in drafted_by)

    def changed() -> Floats:
        return changes[shortlist.texts].astype(np.float64)

    for key in (nevers, shortfall, own, changed):
        if shortlist.settled:
            break
        shortlist = shortlist.least(key())
    chosen = np.full(len(tabled), NO_TEXT)
    chosen[shortlist.worlds[shortlist.firsts]] = shortlist.texts[shortlist.firsts]
    return chosen


class _Shortlist:
    """The texts still in the running in each world: (pair,) arrays of worlds, in order, and of their texts."""

    def __init__(self, worlds: NDArray[np.intp], texts: NDArray[np.intp]) -> None:
        self.worlds, self.texts = worlds, texts
        self.firsts = np.flatnonzero(np.diff(worlds, prepend=-1))

    @property
    def settled(self) -> bool:
        """Whether no world has more than one text left."""
        return len(self.firsts) == len(self.worlds)

    def of(self, array: NDArray[Any]) -> NDArray[Any]:
        """Return (pair,) of a (world or 1, text or 1) array."""
        if array.shape[1] == 1:
            return np.asarray(array[self.worlds if len(array) > 1 else self.worlds * 0, 0])
        return np.asarray(array.ravel()[self.texts + (self.worlds * array.shape[1] if len(array) > 1 else 0)])

    def total(self, parts: Iterable[NDArray[Any]]) -> Floats:
        """Return (pair,), the sum of parts (pair,); 0 if there are none."""
        summed: Floats = sum(parts, start=np.zeros(len(self.worlds)))
        return summed

    def least(self, key: Floats) -> _Shortlist:
        """Return the texts with the least key (pair,) of each world."""
        counts = np.diff(np.append(self.firsts, len(self.worlds)))
        keep = key == np.repeat(np.minimum.reduceat(key, self.firsts), counts)
        return _Shortlist(self.worlds[keep], self.texts[keep])


def _short(shortlist: _Shortlist, answer: Appraisal) -> Floats:
    short: Floats = np.maximum(shortlist.of(answer.aspiration) - shortlist.of(answer.surplus), 0)
    return short
