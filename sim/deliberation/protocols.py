"""Who may put which text on the table next (model, section 6).

Both protocols rank the same candidates by the same keys; they differ in who drafts, which candidates that drafter
would put its name to, and what happens when there is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.case.shapes import Scenario
from sim.rules.hearing import Hearing
from sim.rules.reading import Bools, Floats
from sim.rules.space import Texts
from sim.rules.spread import Indices, pick

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


class Candidates(Protocol):
    """The texts that may be tabled next: those that differ from the text on the table of each world."""

    @property
    def current(self) -> Texts:
        """(world, issue) uint8, the texts on the tables."""

    def texts(self, worlds: Indices, texts: Indices) -> Texts:
        """Return (pair, issue) uint8."""

    def codes(self, worlds: Indices, texts: Indices) -> NDArray[np.int64]:
        """Return (pair,), the place of a text in the order of the case's options."""


def choose(
    scenario: Scenario,
    hearing: Hearing,
    drafted_by: Sequence[str],
    left: Bools,
    candidates: Candidates,
) -> Indices:
    """Which candidate the drafters put on the table in each world.

    A single text must be one that no sponsor and no drafter would refuse at its reservation value; an offer in turn
    must meet its proposer's aspiration. Then: the fewest blockers, the fewest lines among them that no price buys,
    the smallest summed shortfall of those who block, the drafters' own highest surplus, the fewest changed issues,
    and, where all that is equal, the first in the order of the case's options.

    Parameters
    ----------
    hearing : what everybody would answer to the texts, (world, text)
    drafted_by : the drafters
    left : (world, text) bool, whether the text is a candidate in the world, and was not on the table before
    candidates : where the texts stand

    Returns
    -------
    (world,) int, the index of the candidate, or `NO_TEXT`
    """
    answers, consent = hearing.answers, hearing.consent
    admissible = left
    if scenario.protocol.name == "alternating":
        for name in drafted_by:
            admissible = admissible & answers[name].accepts
    else:
        for name in {*drafted_by, *sponsors_of(scenario)}:
            admissible = admissible & ~answers[name].refuses
    blocking = {name: blocks for name, blocks in consent.blockers.items() if blocks.any()}
    blockers = consent.stuck
    for blocks in blocking.values():
        blockers = blockers + blocks
    fewest = blockers | (~admissible).view(np.uint8) * NOT_ADMISSIBLE
    best = admissible & (fewest == fewest.min(axis=1, keepdims=True))
    # In memory, the worlds of a text lie side by side.
    texts, worlds = np.divmod(np.flatnonzero(best.T), len(best))
    shortlist = _Shortlist(worlds, texts, len(best))

    def of(name: str, what: str) -> NDArray[Any]:
        return answers[name].pick(getattr(answers[name], what), shortlist.worlds, shortlist.texts)

    def blocked(name: str) -> NDArray[Any]:
        return pick(blocking[name], shortlist.worlds, shortlist.texts)

    def nevers() -> Floats:
        return shortlist.total(blocked(name) & of(name, "never") for name in blocking if answers[name].never.any())

    def shortfall() -> Floats:
        return shortlist.total(
            blocked(name) * np.maximum(of(name, "aspiration") - of(name, "surplus"), 0) for name in blocking
        )

    def own() -> Floats:
        return -shortlist.total(of(name, "surplus") for name in drafted_by)

    def changed() -> NDArray[np.int64]:
        worlds, texts = shortlist.worlds, shortlist.texts
        return np.asarray(np.sum(candidates.texts(worlds, texts) != candidates.current[worlds], axis=1))

    def place() -> NDArray[np.int64]:
        return candidates.codes(shortlist.worlds, shortlist.texts)

    for key in (nevers, shortfall, own, changed, place):
        if shortlist.settled:
            break
        shortlist = shortlist.least(key())
    chosen = np.full(len(best), NO_TEXT)
    chosen[shortlist.worlds] = shortlist.texts
    return chosen


class _Shortlist:
    """The texts still in the running in each world: (pair,) arrays of worlds and of their texts, in any order."""

    def __init__(self, worlds: Indices, texts: Indices, count: int) -> None:
        self.worlds, self.texts, self.count = worlds, texts, count

    @property
    def settled(self) -> bool:
        """Whether no world has more than one text left."""
        return not len(self.worlds) or int(np.bincount(self.worlds).max()) == 1

    def total(self, parts: Iterable[NDArray[Any]]) -> Floats:
        """Return (pair,), the sum of parts (pair,); 0 if there are none."""
        summed: Floats = sum(parts, start=np.zeros(len(self.worlds)))
        return summed

    def least(self, key: NDArray[Any]) -> _Shortlist:
        """Return the texts with the least key (pair,) of each world."""
        lowest = np.full(self.count, key.max())
        np.minimum.at(lowest, self.worlds, key)
        keep = key == lowest[self.worlds]
        return _Shortlist(self.worlds[keep], self.texts[keep], self.count)
