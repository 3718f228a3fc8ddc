"""How the next text is found: everybody's answers to all that may be tabled, in blocks of worlds."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from sim.case.shapes import Scenario
from sim.deliberation import protocols
from sim.deliberation.context import Context, in_worlds
from sim.deliberation.dockets import Docket, Dockets
from sim.rules.bench import Bench
from sim.rules.reading import Bools, Reader
from sim.rules.space import Space, Texts

BLOCK = 2**19
"""World-text pairs that are judged at once: enough to fill the arithmetic, few enough for the processor's memory."""


@cache
def _linear_algebra() -> ThreadpoolController:
    return ThreadpoolController()


def one_thread() -> AbstractContextManager[Any]:
    """One thread of linear algebra: several wait for each other, busily, over matrices as small as these."""
    limit: AbstractContextManager[Any] = _linear_algebra().limit(limits=1, user_api="blas")
    return limit


class Drafting:
    """Finds the next text under the protocol of a scenario.

    Parameters
    ----------
    scenario : the scenario
    space, reader : of its case
    """

    def __init__(self, scenario: Scenario, space: Space, reader: Reader) -> None:
        protocol = scenario.protocol
        self._scenario, self._space = scenario, space
        negotiable = protocol.negotiable or tuple(scenario.case.issues)
        self._dockets = Dockets(space, reader, negotiable, protocol.amend_terms)

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
        drafted, found = texts.copy(), np.zeros(len(texts), dtype=bool)
        with one_thread() if len(texts) > 1 else nullcontext():
            for rows, docket in self._dockets.find(texts):
                if len(rows) < len(texts):
                    here = bench.only(rows), in_worlds(context, rows), tabled[:, rows]
                else:
                    here = bench, context, tabled
                drafted[rows], found[rows] = self._draft(docket, *here, month, drafted_by)
        return drafted, found

    def _draft(
        self,
        docket: Docket,
        bench: Bench,
        context: Context,
        tabled: NDArray[np.int64],
        month: int,
        drafted_by: Sequence[str],
    ) -> tuple[Texts, Bools]:
        """Find the best text of a docket for each world, block by block of worlds."""
        drafted, found = docket.current.copy(), np.zeros(len(docket.current), dtype=bool)
        size = max(1, BLOCK // max(1, docket.width))
        for start in range(0, len(drafted) if docket.width else 0, size):
            some = slice(start, start + size)
            here = docket.only(some)
            hearing = here.hear(bench.only(some), in_worlds(context, some), month, horizon(self._scenario))
            chosen = protocols.choose(self._scenario, hearing, drafted_by, here.left(tabled[:, some]), here)
            there = np.flatnonzero(chosen != protocols.NO_TEXT)
            drafted[start + there] = here.texts(there, chosen[there])
            found[start + there] = True
        return drafted, found


def horizon(scenario: Scenario) -> int:
    """The last month of the talks; one shot is take it or leave it, so its first month is its last."""
    return 1 if scenario.protocol.name == "one_shot" else scenario.protocol.months
