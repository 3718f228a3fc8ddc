"""The ways to meet one constraint whose `then` leaves a choice."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.engine.shared_columns import Bools, Indices


@dataclass(frozen=True, eq=False)
class Repairs:
    """The minimal ways to meet a constraint, for every choice on the issues that decide it.

    A way is minimal if no other way changes a strict subset of its issues.

    Parameters
    ----------
    issues : (issue of the constraint,) int, their places in the case
    choices : (choice, issue of the constraint) uint8, every choice of their options, the first issue slowest
    changing : (issue of the constraint,) bool, whether a way may change it
    meets : (choice,) bool, whether the choice meets the constraint without avoiding it
    """

    issues: Indices
    choices: NDArray[np.uint8]
    changing: Bools
    meets: Bools

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
        held = fixed[:, self.issues] @ self._bits
        keys = (texts[:, self.issues].astype(np.int64) @ self._radix << width) + held
        asked, each = np.unique(keys, return_inverse=True)
        found = [self._way(key >> width, key & (1 << width) - 1) for key in asked.tolist()]
        lengths = np.array([len(one) for one in found], dtype=np.intp)
        begin, counts = (np.cumsum(lengths) - lengths)[each], lengths[each]
        text = np.repeat(np.arange(len(texts)), counts)
        place = np.arange(len(text)) + np.repeat(begin - (np.cumsum(counts) - counts), counts)
        return text, self.choices[np.concatenate([np.empty(0, dtype=np.intp), *found])[place]]

    @cached_property
    def _radix(self) -> NDArray[np.int64]:
        """(issue of the constraint,) int, what turns options into the number of a choice."""
        sizes = self.choices.max(axis=0).astype(np.int64) + 1
        return np.append(np.cumprod(sizes[:0:-1])[::-1], 1)[: len(sizes)]

    @cached_property
    def _bits(self) -> NDArray[np.int64]:
        """(issue of the constraint,) int, the bit of each issue in a set of issues."""
        return np.left_shift(1, np.arange(len(self.issues), dtype=np.int64))

    @cached_property
    def _minimal(self) -> dict[int, tuple[Indices, NDArray[np.int64]]]:
        return {}

    @cached_property
    def _open(self) -> dict[tuple[int, int], Indices]:
        return {}

    def _way(self, choice: int, fixed: int) -> Indices:
        """Find the minimal ways from a choice that leave a set of issues as they are; (way,) int, choices."""
        if (choice, fixed) not in self._open:
            if choice not in self._minimal:
                self._minimal[choice] = self._least(choice)
            ways, changed = self._minimal[choice]
            self._open[choice, fixed] = ways[changed & fixed == 0]
        return self._open[choice, fixed]

    def _least(self, choice: int) -> tuple[Indices, NDArray[np.int64]]:
        """Find the minimal ways from a choice: (way,) int, the choices, and (way,) int, the sets of issues changed."""
        changes = self.choices != self.choices[choice]
        ways = np.flatnonzero(self.meets & ~changes[:, ~self.changing].any(axis=1))
        changed = changes[ways] @ self._bits
        within = np.zeros(1 << len(self.issues), dtype=bool)  # whether a way changes issues of this set alone
        within[changed] = True
        halves = [(1 << axis, 2, -1) for axis in range(len(self.issues))]  # the sets without an issue, and with it
        for shape in halves:
            split = within.reshape(shape)
            split[:, 1] |= split[:, 0]
        smaller = np.zeros_like(within)  # whether a way changes a strict subset of it
        for shape in halves:
            smaller.reshape(shape)[:, 1] |= within.reshape(shape)[:, 0]
        minimal = ~smaller[changed]
        return ways[minimal], changed[minimal]
