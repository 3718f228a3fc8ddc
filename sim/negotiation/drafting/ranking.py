"""Which of the admissible drafts is tabled: drafts are ranked by keys, and the least wins (model, section 7)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.engine.fixed_point import to_grains
from sim.engine.rule_matrix import Bools, Floats
from sim.engine.shared_columns import Indices, pick
from sim.negotiation.drafting.admissibility import Candidates

Key: TypeAlias = Callable[[Indices, Indices], NDArray[Any]]
"""From worlds and texts, (pair,) each, to (pair,) numbers."""
Keys: TypeAlias = Sequence[Key]
"""Keys in order of importance."""
NO_TEXT = -1
"""No draft is admissible; used in place of the index of a text."""
NOT_ADMISSIBLE = np.uint8(255)
"""A number of blockers that no draft can have."""


def for_sponsors(drafts: Candidates, names: Sequence[str]) -> Keys:
    """After the blockers: the fewest terms, the surplus of each of these actors in turn, then the smallest change.

    Fewest terms come before the sponsors' gain so that nobody asks for something new while giving something up: a
    demand added to a concession wins nobody, and may not be taken back later.
    """

    def chosen_terms(worlds: Indices, texts: Indices) -> NDArray[Any]:
        return np.bitwise_count(drafts.candidate_set.chosen(worlds, texts))

    own_gains = [_minus_surplus(drafts, name) for name in names]
    return [_infinite_gaps(drafts), chosen_terms, *own_gains, *_smallest_change(drafts)]


def for_proposer(drafts: Candidates, name: str) -> Keys:
    """After the blockers: the largest gap that any of them would still have, then the proposer's own surplus.

    Of all offers that meet its own aspiration, a party makes the one that is best for the others: a trade-off
    (Faratin, Sierra and Jennings 2002). Each gap is measured as a share of that actor's aspiration, or of a step if
    the aspiration is lower.
    """

    def largest_gap(worlds: Indices, texts: Indices) -> NDArray[Any]:
        largest = np.zeros(len(worlds))
        for other, answer in drafts.answers.items():
            if other != name and drafts.blocks(other).any():
                gap = drafts.gap(other, worlds, texts)
                whole = np.maximum(answer.pick(answer.aspiration, worlds, np.zeros_like(texts)), drafts.step)
                largest = np.maximum(largest, to_grains(np.where(np.isfinite(gap), gap, 0)) / to_grains(whole))
        return largest

    return [_infinite_gaps(drafts), largest_gap, _minus_surplus(drafts, name), *_smallest_change(drafts)]


def for_mediator(drafts: Candidates) -> Keys:
    """After the blockers: the least share that is closed of any blocker's gap, then the smallest change."""

    def least_share(worlds: Indices, texts: Indices) -> NDArray[Any]:
        least = np.ones(len(worlds))
        for name, blocked in drafts.base.blocks.items():
            if not blocked.any():
                continue
            before = drafts.base.gap[name][worlds, 0]
            share = share_closed(before, drafts.gap(name, worlds, texts))
            least = np.where(blocked[worlds, 0], np.minimum(least, share), least)
        return -least

    return [_infinite_gaps(drafts), least_share, *_smallest_change(drafts)]


def share_closed(before: Floats, after: Floats) -> Floats:
    """(pair,) float, 0 to 1: the share of a gap that is closed; 1 where no gap is left, 0 where it was infinite."""
    before, after = to_grains(before), to_grains(after)
    finite = np.isfinite(before) & np.isfinite(after) & (before > 0)
    closed = np.where(finite, before - np.where(finite, after, 0), 0) / np.where(finite, before, 1)
    return np.where(after == 0, 1.0, np.maximum(closed, 0.0))


def _infinite_gaps(drafts: Candidates) -> Key:
    def count(worlds: Indices, texts: Indices) -> NDArray[Any]:
        total = np.zeros(len(worlds))
        for name, answer in drafts.answers.items():
            if answer.never.any():
                total += pick(drafts.blocks(name), worlds, texts) & answer.pick(answer.never, worlds, texts)
        return total

    return count


def _minus_surplus(drafts: Candidates, name: str) -> Key:
    answer = drafts.answers[name]
    return lambda worlds, texts: -answer.pick(answer.surplus, worlds, texts)


def _smallest_change(drafts: Candidates) -> Iterator[Key]:
    """The number of changed issues, the steps along the options, and the order of the options."""

    def steps(worlds: Indices, texts: Indices) -> NDArray[Any]:
        options = drafts.candidate_set.texts(worlds, texts).astype(np.int64)
        return np.asarray(np.abs(options - drafts.base.texts[worlds]))

    yield lambda worlds, texts: np.count_nonzero(steps(worlds, texts), axis=1)
    yield lambda worlds, texts: steps(worlds, texts).sum(axis=1)
    yield lambda worlds, texts: drafts.candidate_set.codes(worlds, texts)


def choose(drafts: Candidates, admissible: Bools, keys: Keys) -> tuple[Indices, list[NDArray[Any]]]:
    """Find the best admissible draft of each world.

    Parameters
    ----------
    admissible : (world, text) bool
    keys : by which drafts with equally few blockers are ranked

    Returns
    -------
    (world,) int, the index of the draft, or `NO_TEXT`; and the keys of the chosen drafts, the number of blockers first,
    each (world,) and meaningful only in the worlds with a draft
    """
    count = len(admissible)
    chosen = np.full(count, NO_TEXT)
    blockers = np.zeros((1, 1), dtype=np.uint8) + drafts.consent.stuck
    for blocks in drafts.consent.blockers.values():
        if blocks.any():
            blockers = blockers + blocks
    blockers = blockers | (~admissible).view(np.uint8) * NOT_ADMISSIBLE
    best = admissible & (blockers == blockers.min(axis=1, keepdims=True))
    texts, worlds = np.divmod(np.flatnonzero(best.T), count)
    shortlist = _Shortlist(worlds, texts, count)
    for key in keys:
        if shortlist.decided:
            break
        shortlist = shortlist.least(key(shortlist.worlds, shortlist.texts))
    chosen[shortlist.worlds[::-1]] = shortlist.texts[::-1]  # of several changes to one text the first counts

    def everywhere(key: Key) -> NDArray[Any]:
        values = key(shortlist.worlds, shortlist.texts)
        by_world = np.zeros(count, dtype=values.dtype)
        by_world[shortlist.worlds] = values
        return by_world

    def blocker_count(worlds: Indices, texts: Indices) -> NDArray[Any]:
        return pick(blockers, worlds, texts)

    return chosen, [everywhere(key) for key in (blocker_count, *keys)]


class _Shortlist:
    """The texts that are still equally good in each world: (pair,) arrays of worlds and their texts, ascending."""

    def __init__(self, worlds: Indices, texts: Indices, count: int) -> None:
        self.worlds, self.texts, self.count = worlds, texts, count

    @property
    def decided(self) -> bool:
        """Whether no world has more than one text left."""
        return not len(self.worlds) or int(np.bincount(self.worlds).max()) == 1

    def least(self, key: NDArray[Any]) -> _Shortlist:
        """Return the texts that have the least key, (pair,), in their world."""
        lowest = np.full(self.count, key.max())
        np.minimum.at(lowest, self.worlds, key)
        keep = key == lowest[self.worlds]
        return _Shortlist(self.worlds[keep], self.texts[keep], self.count)
