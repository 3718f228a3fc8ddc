"""Runs long computations in the background, one at a time, and keeps recent results."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from itertools import count
from queue import PriorityQueue
from typing import Any

from sim.errors import UsageError
from sim.strings import spoken

MAX_KEPT = 64
"""Results that are kept: those requested most recently."""
MAX_WAITING = 12
"""Unfinished computations at the same time; further requests are rejected. Those of guests count for guests only."""


@dataclass(frozen=True)
class BackgroundJob:
    """A computation in the language of the request, and the `guest` who requested it, if one did."""

    work: Callable[[], Any]
    guest: Hashable | None
    future: Future[Any] = field(default_factory=Future)
    context: Context = field(default_factory=copy_context)

    def run(self) -> None:
        """Compute, unless the job was cancelled."""
        if not self.future.set_running_or_notify_cancel():
            return
        try:
            self.future.set_result(self.context.run(self.work))
        except BaseException as error:  # raised again for whoever asks for the result
            self.future.set_exception(error)


class BackgroundJobs:
    """One background thread and the results of its jobs."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="computing")
        self._waiting: PriorityQueue[tuple[bool, int, BackgroundJob]] = PriorityQueue()
        self._numbers = count()
        self._jobs: OrderedDict[Hashable, BackgroundJob] = OrderedDict()

    async def get(
        self, key: Hashable, work: Callable[[], Any], patience: float = 0, guest: Hashable | None = None
    ) -> Any:
        """Return the result of a computation; None while it is running. Start it on the first call.

        Equal keys have equal results. It waits up to `patience` seconds for the result. A `guest` has one request
        waiting at most, which a newer one replaces, and everybody else's go first. Raises `UsageError` if too many
        computations are waiting, and whatever the computation raised; the next call tries again.
        """
        job = self._jobs.get(key)
        if job is None or job.future.cancelled():
            job = self._started(work, guest)
            while len(self._jobs) >= MAX_KEPT:
                self._jobs.pop(self._least_needed()).future.cancel()
            self._jobs[key] = job
        self._jobs.move_to_end(key)
        future = job.future
        if patience and not future.done():
            waited = asyncio.wrap_future(future)
            waited.add_done_callback(lambda job: job.cancelled() or job.exception())  # raised below or by the next call
            await asyncio.wait([waited], timeout=patience)
        if not future.done() or future.cancelled():
            return None
        if future.exception() is not None:
            self._jobs.pop(key, None)
        return future.result()

    def _started(self, work: Callable[[], Any], guest: Hashable | None) -> BackgroundJob:
        if guest is not None:
            for other in self._jobs.values():
                if other.guest == guest:
                    other.future.cancel()  # does nothing to a job that runs or is done
        unfinished = [other for other in self._jobs.values() if not other.future.done()]
        if sum(guest is not None or other.guest is None for other in unfinished) >= MAX_WAITING:
            raise UsageError(spoken()("web.busy"))
        job = BackgroundJob(work, guest)
        self._waiting.put((guest is not None, next(self._numbers), job))
        self._thread.submit(self._run_first)
        return job

    def _run_first(self) -> None:
        self._waiting.get()[-1].run()  # one call is submitted for each job

    def _least_needed(self) -> Hashable:
        return next((key for key, job in self._jobs.items() if job.guest is not None), next(iter(self._jobs)))

    def forget(self, subject: Hashable) -> None:
        """Delete the results about a subject, such as a session: those whose key starts with it."""
        for key in [key for key in self._jobs if isinstance(key, tuple) and key[0] == subject]:
            self._jobs.pop(key).future.cancel()

    def close(self) -> None:
        """Cancel waiting computations and accept no new ones."""
        self._thread.shutdown(wait=False, cancel_futures=True)
