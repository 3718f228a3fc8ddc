"""Runs long computations in the background, one at a time, and keeps recent results."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from sim.errors import UsageError
from sim.strings import spoken

MAX_KEPT = 64
"""Results that are kept: those requested most recently."""
MAX_WAITING = 12
"""Unfinished computations at the same time; further requests are rejected."""


class BackgroundJobs:
    """One background thread and the results of its jobs."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="computing")
        self._jobs: OrderedDict[Hashable, Future[Any]] = OrderedDict()

    async def get(self, key: Hashable, work: Callable[[], Any], patience: float = 0) -> Any:
        """Return the result of a computation; None while it is running. Start it on the first call.

        Equal keys have equal results. It waits up to `patience` seconds for the result. Raises `UsageError` if too many
        computations are waiting, and whatever the computation raised; the next call tries again.
        """
        future = self._jobs.get(key)
        if future is None:
            if sum(not job.done() for job in self._jobs.values()) >= MAX_WAITING:
                raise UsageError(spoken()("web.busy"))
            future = self._jobs[key] = self._thread.submit(work)
            while len(self._jobs) > MAX_KEPT:
                self._jobs.popitem(last=False)[1].cancel()
        self._jobs.move_to_end(key)
        if patience and not future.done():
            waited = asyncio.wrap_future(future)
            waited.add_done_callback(lambda job: job.cancelled() or job.exception())  # raised below or by the next call
            await asyncio.wait([waited], timeout=patience)
        if not future.done() or future.cancelled():
            return None
        if future.exception() is not None:
            self._jobs.pop(key, None)
        return future.result()

    def forget(self, subject: Hashable) -> None:
        """Delete the results about a subject, such as a session: those whose key starts with it."""
        for key in [key for key in self._jobs if isinstance(key, tuple) and key[0] == subject]:
            self._jobs.pop(key).cancel()

    def close(self) -> None:
        """Cancel waiting computations and accept no new ones."""
        self._thread.shutdown(wait=False, cancel_futures=True)
