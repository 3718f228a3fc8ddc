"""How the next text is found: everybody's answers to all candidates, in worlds grouped by the text on their table."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from sim.case.shapes import Scenario
from sim.deliberation import protocols
from sim.deliberation.context import Context, in_worlds
from sim.rules.bench import Bench
from sim.rules.hearing import hear
from sim.rules.reading import Bools, Reader, Reading
from sim.rules.space import Space, Texts

READINGS_KEPT = 2048
"""How many current texts keep their candidates read; a text comes back in many worlds and months."""
BLOCK = 65_536
"""World-text pairs that are judged at once: enough to fill the arithmetic, few enough to stay in memory."""


@cache
def _linear_algebra() -> ThreadpoolController:
    return ThreadpoolController()


def one_thread() -> AbstractContextManager[Any]:
    """One thread of linear algebra: several wait for each other, busily, over matrices as small as these."""
    limit: AbstractContextManager[Any] = _linear_algebra().limit(limits=1, user_api="blas")
    return limit


@dataclass(frozen=True)
class Candidates:
    """The texts an amendment away from one text: what rules say, their codes (sorted), how many issues they change."""

    reading: Reading
    codes: NDArray[np.int64]
    changes: NDArray[np.int64]


class Drafting:
    """Finds the next text under the protocol of a scenario.

    Parameters
    ----------
    scenario : the scenario
    space, reader : of its case
    """

    def __init__(self, scenario: Scenario, space: Space, reader: Reader) -> None:
        self._scenario, self._space, self._reader = scenario, space, reader
        self._candidates = lru_cache(READINGS_KEPT)(self._read)

    def amend(
        self,
        texts: Texts,
        tabled: NDArray[np.int64],
        bench: Bench,
        context: Context,
        month: int,
        drafted_by: Sequence[str],
    ) -> tuple[Texts, Bools]:
        """Find the best candidate of each world.

        Parameters
        ----------
        texts : (world, issue) uint8, on the table
        tabled : (month, world) int, the codes of all texts so far
        bench, context : of these worlds
        drafted_by : who drafts

        Returns
        -------
        (world, issue) uint8, the next texts, and (world,) bool, whether there is one
        """
        _, each = np.unique(self._space.codes(texts), return_inverse=True)
        order = np.argsort(each, kind="stable")
        bench, context, tabled = bench.only(order), in_worlds(context, order), tabled[:, order]
        found, drafted = np.zeros(len(texts), dtype=bool), texts.copy()
        with one_thread() if len(texts) > 1 else nullcontext():
            for group in np.split(np.arange(len(texts)), np.flatnonzero(np.diff(each[order])) + 1):
                candidates = self._candidates(texts[order[group[0]]].tobytes())
                size = max(1, BLOCK // max(1, len(candidates.codes)))
                for start in range(group[0], group[-1] + 1, size):
                    some = slice(start, min(start + size, group[-1] + 1))
                    chosen = self._choose(
                        candidates, tabled[:, some], bench.only(some), in_worlds(context, some), month, drafted_by
                    )
                    there = chosen != protocols.NO_TEXT
                    found[order[some]] = there
                    drafted[order[some][there]] = candidates.reading.texts[chosen[there]]
        return drafted, found

    def _choose(
        self,
        candidates: Candidates,
        tabled: NDArray[np.int64],
        bench: Bench,
        context: Context,
        month: int,
        drafted_by: Sequence[str],
    ) -> NDArray[np.int64]:
        count = tabled.shape[1]
        if not len(candidates.codes):
            return np.full(count, protocols.NO_TEXT)
        seen = np.zeros((count, len(candidates.codes)), dtype=bool)
        for past in tabled:  # the codes of the candidates are sorted
            at = np.minimum(np.searchsorted(candidates.codes, past), len(candidates.codes) - 1)
            hit = np.flatnonzero(candidates.codes[at] == past)
            seen[hit, at[hit]] = True
        situation = bench.situation(candidates.reading, context, month, horizon(self._scenario))
        hearing = hear(bench.case, bench.stances, candidates.reading, situation)
        return protocols.choose(self._scenario, hearing, drafted_by, seen, candidates.changes)

    def _read(self, text: bytes) -> Candidates:
        current = np.frombuffer(text, dtype=np.uint8)
        protocol = self._scenario.protocol
        negotiable = protocol.negotiable or tuple(self._scenario.case.issues)
        texts = self._space.neighbours(current, negotiable, protocol.amend_terms)
        return Candidates(self._reader.read(texts), self._space.codes(texts), np.sum(texts != current, axis=1))


def horizon(scenario: Scenario) -> int:
    """The last month of the talks; one shot is take it or leave it, so its first month is its last."""
    return 1 if scenario.protocol.name == "one_shot" else scenario.protocol.months
