"""Long computations: beside the pages, one at a time, each kept until others are wanted more."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from sim.errors import UsageError

MAX_KEPT = 64
"""Results that are kept, the ones that were asked for last."""
MAX_WAITING = 12
"""Computations that wait for their turn; a class that disputes the model all at once waits for itself."""


class BackgroundJobs:
    """One thread, and what it has found."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="computing")
        self._found: OrderedDict[Hashable, Future[Any]] = OrderedDict()

    async def get(self, key: Hashable, work: Callable[[], Any], patience: float = 0) -> Any:
        """What a computation has found; None as long as it is on its way.

        Parameters
        ----------
        key : says what is computed, and from what: an equal key is an equal result
        patience : seconds for which to wait for it

        Raises
        ------
        UsageError
            if too many wait already
        Exception
            what the computation raised; asked again, it is tried again
        """
        future = self._found.get(key)
        if future is None:
            if sum(not one.done() for one in self._found.values()) >= MAX_WAITING:
                raise UsageError("the server is computing for others; ask again in a few seconds.")
            future = self._found[key] = self._thread.submit(work)
            while len(self._found) > MAX_KEPT:
                self._found.popitem(last=False)[1].cancel()
        self._found.move_to_end(key)
        if patience and not future.done():
            waited = asyncio.wrap_future(future)
            waited.add_done_callback(lambda one: one.cancelled() or one.exception())  # told below, or when asked again
            await asyncio.wait([waited], timeout=patience)
        if not future.done() or future.cancelled():
            return None
        if future.exception() is not None:
            self._found.pop(key, None)
        return future.result()

    def forget(self, subject: Hashable) -> None:
        """Throw away what was found of a subject, such as a session: the first of each of its keys."""
        for key in [key for key in self._found if isinstance(key, tuple) and key[0] == subject]:
            self._found.pop(key).cancel()

    def close(self) -> None:
        """Let nothing new begin."""
        self._thread.shutdown(wait=False, cancel_futures=True)
