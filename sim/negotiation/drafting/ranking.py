"""Which of the admissible drafts is tabled: keys of a draft, the least of which wins (model, section 7)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.engine.rule_matrix import Bools, Floats
from sim.engine.shared_columns import Indices, pick
from sim.negotiation.drafting.admissibility import Candidates

Key: TypeAlias = Callable[[Indices, Indices], NDArray[Any]]
"""From (pair,) worlds and texts to (pair,) numbers."""
Keys: TypeAlias = Sequence[Key]
NO_TEXT = -1
NOT_ADMISSIBLE = np.uint8(255)
"""More than the number of actors and rules that can block."""


def for_sponsors(drafts: Candidates, names: Sequence[str]) -> Keys:
    """After the blockers: the fewest terms, the surplus of each of these in turn, then the smallest change.

    Few terms come before the sponsors' gain so that nobody asks for something new while giving something up: a demand
    beside a concession wins nobody, and may not be taken back later.
    """
    return [_infinite_gaps(drafts), _fewest_terms(drafts), *_own_gain(drafts, names), *_smallest_change(drafts)]


def for_proposer(drafts: Candidates, name: str) -> Keys:
    """After the blockers: the most that any of them would still lack, then the proposer's own surplus.

    Of all offers that meet what it holds out for, a party makes the one that is best for the others: a trade-off
    (Faratin, Sierra and Jennings 2002). What each lacks is a share of what it holds out for itself, a step at least.
    """

    def lacking(worlds: Indices, texts: Indices) -> NDArray[Any]:
        most = np.zeros(len(worlds))
        for other, answer in drafts.answers.items():
            if other != name and drafts.blocks(other).any():
                gap = drafts.gap(other, worlds, texts)
                whole = np.maximum(answer.pick(answer.aspiration, worlds, np.zeros_like(texts)), drafts.step)
                most = np.maximum(most, np.where(np.isfinite(gap), gap, 0) / whole)
        return most

    return [_infinite_gaps(drafts), lacking, *_own_gain(drafts, [name]), *_smallest_change(drafts)]


def _own_gain(drafts: Candidates, names: Sequence[str]) -> list[Key]:
    return [_minus_surplus(drafts, name) for name in names]


def for_mediator(drafts: Candidates) -> Keys:
    """After the blockers: the least share of its gap that any of them has closed, then the smallest change."""

    def least_share(worlds: Indices, texts: Indices) -> NDArray[Any]:
        least = np.ones(len(worlds))
        for name, blocked in drafts.base.blocks.items():
            if not blocked.any():
                continue
            before = drafts.base.gap[name][worlds, 0]
            share = _share_closed(before, drafts.gap(name, worlds, texts))
            least = np.where(blocked[worlds, 0], np.minimum(least, share), least)
        return -least

    return [_infinite_gaps(drafts), least_share, *_smallest_change(drafts)]


def _share_closed(before: Floats, after: Floats) -> Floats:
    """(pair,) float, 0 to 1: which share of a gap has been closed; 1 where it is gone, 0 where it was infinite."""
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


def _fewest_terms(drafts: Candidates) -> Key:
    """The fewest chosen changes."""
    return lambda worlds, texts: np.bitwise_count(drafts.candidate_set.chosen(worlds, texts))


def _minus_surplus(drafts: Candidates, name: str) -> Key:
    answer = drafts.answers[name]
    return lambda worlds, texts: -answer.pick(answer.surplus, worlds, texts)


def _smallest_change(drafts: Candidates) -> Iterator[Key]:
    """The fewest changed issues, the smallest steps along the options, and the order of the options."""

    def moved(worlds: Indices, texts: Indices) -> NDArray[Any]:
        now = drafts.candidate_set.texts(worlds, texts).astype(np.int64)
        return np.asarray(np.abs(now - drafts.base.texts[worlds]))

    yield lambda worlds, texts: np.count_nonzero(moved(worlds, texts), axis=1)
    yield lambda worlds, texts: moved(worlds, texts).sum(axis=1)
    yield lambda worlds, texts: drafts.candidate_set.codes(worlds, texts)


def choose(drafts: Candidates, admissible: Bools, keys: Keys) -> tuple[Indices, list[NDArray[Any]]]:
    """Find the best admissible draft of each world.

    Parameters
    ----------
    admissible : (world, text) bool
    keys : after the number of blockers

    Returns
    -------
    (world,) int, the index of the draft, or `NO_TEXT`; and the keys of the chosen drafts, each (world,), of which only
    the worlds with a draft count
    """
    count = len(admissible)
    chosen = np.full(count, NO_TEXT)
    blockers = np.zeros((1, 1), dtype=np.uint8) + drafts.consent.stuck
    for blocks in drafts.consent.blockers.values():
        if blocks.any():
            blockers = blockers + blocks
    fewest = blockers | (~admissible).view(np.uint8) * NOT_ADMISSIBLE
    best = admissible & (fewest == fewest.min(axis=1, keepdims=True))
    texts, worlds = np.divmod(np.flatnonzero(best.T), count)
    shortlist = _Shortlist(worlds, texts, count)
    for key in keys:
        if shortlist.settled:
            break
        shortlist = shortlist.least(key(shortlist.worlds, shortlist.texts))
    chosen[shortlist.worlds] = shortlist.texts

    def everywhere(key: Key) -> NDArray[Any]:
        values = key(shortlist.worlds, shortlist.texts)
        spread = np.zeros(count, dtype=values.dtype)
        spread[shortlist.worlds] = values
        return spread

    def how_many_block(worlds: Indices, texts: Indices) -> NDArray[Any]:
        return pick(fewest, worlds, texts)

    return chosen, [everywhere(key) for key in (how_many_block, *keys)]


class _Shortlist:
    """The texts still in the running in each world: (pair,) arrays of worlds and of their texts, in any order."""

    def __init__(self, worlds: Indices, texts: Indices, count: int) -> None:
        self.worlds, self.texts, self.count = worlds, texts, count

    @property
    def settled(self) -> bool:
        """Whether no world has more than one text left."""
        return not len(self.worlds) or int(np.bincount(self.worlds).max()) == 1

    def least(self, key: NDArray[Any]) -> _Shortlist:
        """Return the texts with the least key (pair,) of each world."""
        lowest = np.full(self.count, key.max())
        np.minimum.at(lowest, self.worlds, key)
        keep = key == lowest[self.worlds]
        return _Shortlist(self.worlds[keep], self.texts[keep], self.count)
