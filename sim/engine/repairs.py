"""The minimal ways to meet a constraint that can be met in several ways."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.engine.shared_columns import Bools, Indices


@dataclass(frozen=True, eq=False)
class Repairs:
    """The minimal ways to meet a constraint, from every combination of options on the issues that decide it.

    A way is minimal if no other way changes a strict subset of its issues.

    Parameters
    ----------
    issues : (issue of the constraint,) int, their indices in the case
    choices : (choice, issue of the constraint) uint8, every combination of their options, in which the first issue
        changes slowest
    changing : (issue of the constraint,) bool, whether a way may change it
    meets : (choice,) bool, whether the choice meets the constraint, and does not just keep it from applying
    """

    issues: Indices
    choices: NDArray[np.uint8]
    changing: Bools
    meets: Bools
    _minimal: dict[int, tuple[Indices, NDArray[np.int64]]] = field(default_factory=dict, repr=False)
    _open: dict[tuple[int, int], Indices] = field(default_factory=dict, repr=False)

    def ways(self, texts: NDArray[np.uint8], fixed: Bools) -> tuple[Indices, NDArray[np.uint8]]:
        """Find every minimal way for some texts that break the constraint.

        Parameters
        ----------
        texts : (text, issue) uint8
        fixed : (text, issue) bool, the issues that no way may change

        Returns
        -------
        (way,) int, the text of each way, ascending, and (way, issue of the constraint) uint8, the options it sets
        """
        width = len(self.issues)
        fixed_set = fixed[:, self.issues] @ self._bits
        keys = (texts[:, self.issues].astype(np.int64) @ self._radix << width) + fixed_set
        distinct, key_of_text = np.unique(keys, return_inverse=True)
        ways = [self._ways_from(key >> width, key & (1 << width) - 1) for key in distinct.tolist()]
        lengths = np.array([len(way) for way in ways], dtype=np.intp)
        start, counts = (np.cumsum(lengths) - lengths)[key_of_text], lengths[key_of_text]
        text = np.repeat(np.arange(len(texts)), counts)
        index = np.arange(len(text)) + np.repeat(start - (np.cumsum(counts) - counts), counts)
        return text, self.choices[np.concatenate([np.empty(0, dtype=np.intp), *ways])[index]]

    @cached_property
    def _radix(self) -> NDArray[np.int64]:
        """(issue of the constraint,) int, the factors that turn options into the index of a choice."""
        sizes = self.choices.max(axis=0).astype(np.int64) + 1
        return np.append(np.cumprod(sizes[:0:-1])[::-1], 1)[: len(sizes)]

    @cached_property
    def _bits(self) -> NDArray[np.int64]:
        """(issue of the constraint,) int, the bit of each issue in a set of issues."""
        return np.left_shift(1, np.arange(len(self.issues), dtype=np.int64))

    def _ways_from(self, choice: int, fixed: int) -> Indices:
        """Find the minimal ways from a choice that do not change a set of issues; (way,) int, choices."""
        if (choice, fixed) not in self._open:
            if choice not in self._minimal:
                self._minimal[choice] = self._minimal_ways(choice)
            ways, changed = self._minimal[choice]
            self._open[choice, fixed] = ways[changed & fixed == 0]
        return self._open[choice, fixed]

    def _minimal_ways(self, choice: int) -> tuple[Indices, NDArray[np.int64]]:
        """Find the minimal ways from a choice: (way,) int, the choices, and (way,) int, the sets of changed issues."""
        changes = self.choices != self.choices[choice]
        ways = np.flatnonzero(self.meets & ~changes[:, ~self.changing].any(axis=1))
        changed = changes[ways] @ self._bits
        within = np.zeros(1 << len(self.issues), dtype=bool)  # whether a way changes only issues of this set
        within[changed] = True
        halves = [
            (1 << axis, 2, -1) for axis in range(len(self.issues))
        ]  # splits the sets into those without an issue and those with it
        for shape in halves:
            split = within.reshape(shape)
            split[:, 1] |= split[:, 0]
        smaller = np.zeros_like(within)  # whether a way changes a strict subset of this set
        for shape in halves:
            smaller.reshape(shape)[:, 1] |= within.reshape(shape)[:, 0]
        minimal = ~smaller[changed]
        return ways[minimal], changed[minimal]
