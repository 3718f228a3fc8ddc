"""What the drafters decide after a month: in each world a new text, the same text again, or the end of the talks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.outcome_space import Texts
from sim.engine.rule_matrix import Bools, Floats


class MoveKind(StrEnum):
    """What the drafters did after a month."""

    IMPROVE = "improve"
    STAND = "stand"
    RETREAT = "retreat"
    OFFER = "offer"
    REPEAT = "repeat"


KINDS = tuple(MoveKind)
"""A kind of move is an index into this tuple where it is kept in arrays."""
ENDS = -1
"""The talks end here; used in place of the index of a kind."""


@dataclass(frozen=True)
class BestDraft:
    """The best draft of each world, where there is one.

    Parameters
    ----------
    found : (world,) bool
    texts : (world, issue) uint8
    chosen : (world, issue) bool, the issues that the draft chose to change; the rest are repairs
    keys : each (world,), by which drafts are ranked
    gap, surplus : (world, actor) float, points, as the drafters expect them
    blocks : (world, actor) bool
    """

    found: Bools
    texts: Texts
    chosen: Bools
    keys: tuple[NDArray[Any], ...]
    gap: Floats
    surplus: Floats
    blocks: Bools

    @classmethod
    def none(cls, texts: Texts, actors: int) -> BestDraft:
        """No draft in any world; `texts`, (world, issue) uint8, fill the places of drafts."""
        numbers = np.zeros((len(texts), actors))
        found = np.zeros(len(texts), dtype=bool)
        chosen = np.zeros(texts.shape, dtype=bool)
        return cls(found, texts.copy(), chosen, (), numbers, numbers.copy(), numbers.astype(bool))

    def put(self, where: Any, other: BestDraft) -> BestDraft:
        """Take over the drafts of `other`, which has the worlds `where`, wherever they rank better."""
        if not other.keys:
            return self
        own_keys = [key[where] for key in self.keys]
        better = other.found & (~self.found[where] | _less(other.keys, own_keys))
        rows = np.arange(len(self.found))[where][better]
        keys = self.keys or tuple(np.zeros(len(self.found), dtype=key.dtype) for key in other.keys)
        self.overwrite(rows, other, better)
        for key, other_key in zip(keys, other.keys, strict=True):
            key[rows] = other_key[better]
        return replace(self, keys=keys)

    def overwrite(self, rows: Any, other: BestDraft, where: Bools) -> None:
        """Write the drafts that `other` has in the worlds `where` into the worlds `rows`, keys excepted."""
        for name in ("found", "texts", "chosen", "gap", "surplus", "blocks"):
            getattr(self, name)[rows] = getattr(other, name)[where]


def _less(keys: Sequence[NDArray[Any]], others: Sequence[NDArray[Any]]) -> Bools:
    """(world,) bool, whether the first keys come before the others in lexicographic order; False without any keys."""
    less = np.zeros(len(keys[0]), dtype=bool) if keys else np.zeros(0, dtype=bool)
    equal = ~less
    for key, other in zip(keys, others, strict=False):
        less |= equal & (key < other)
        equal &= key == other
    return less


@dataclass(frozen=True)
class Decision:
    """What the drafters do in each world.

    Parameters
    ----------
    kind : (world,) int, an index into `KINDS`, or `ENDS`
    draft : the drafts; where the text stands or is repeated, that text
    idle : (world,) bool, where a month without a draft counts as waiting in vain
    """

    kind: NDArray[np.int64]
    draft: BestDraft
    idle: Bools

    @classmethod
    def of(
        cls,
        drafts: Mapping[MoveKind, BestDraft],
        stands: Mapping[MoveKind, Bools],
        standing_text: Texts | None = None,
        idle: Bools | None = None,
    ) -> Decision:
        """Combine what was drafted and where the text stands; everywhere else the talks end.

        Parameters
        ----------
        drafts : kind of move to its drafts; at most one kind has found a draft in any world
        stands : kind of move to (world,) bool, where nothing is drafted and the talks continue
        standing_text : (world, issue) uint8, the text where it stands; None for the current one
        idle : (world,) bool, where that counts as waiting in vain; None for everywhere
        """
        (merged, *_) = drafts.values()
        kind = np.full(len(merged.found), ENDS)
        for name, draft in drafts.items():
            kind[draft.found] = KINDS.index(name)
            if draft is not merged:
                merged.overwrite(draft.found, draft, draft.found)
        for name, where in stands.items():
            kind[where] = KINDS.index(name)
            if standing_text is not None:
                merged.texts[where] = standing_text[where]
        return cls(kind, merged, np.ones(len(kind), dtype=bool) if idle is None else idle)
