"""Pieces of work, computed by any executor of `concurrent.futures`, with the results in the order of the pieces.

An executor decides only where a piece is computed. A piece contains everything it needs, so its result is the same to
the last bit everywhere.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from multiprocessing.connection import wait
from typing import Any, Generic, TypeVar

from threadpoolctl import threadpool_limits

from sim.arguments import whole_number
from sim.errors import UsageError

Piece = TypeVar("Piece")
Result = TypeVar("Result")

DEATHS_MOST = 3
"""A piece is abandoned when this many workers have died on it."""
AHEAD = 2
"""Pieces submitted per worker: one to compute, and one that waits."""


@dataclass(frozen=True)
class WorkerPool:
    """The workers that compute pieces.

    `new_executor` is called again when an executor breaks; `in_flight` is the most pieces that may be submitted and not
    yet returned.
    """

    new_executor: Callable[[], Executor]
    in_flight: int


class InProcess(Executor):
    """Computes each piece immediately, in this process."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as error:
            done.set_exception(error)
        return done


def crew(workers: int) -> WorkerPool:
    """Return a pool: one worker is this process, more are separate processes, started by spawning on every system.

    Raises
    ------
    UsageError
        if `workers` is not a whole number of at least 1
    """
    workers = whole_number(workers, "workers")
    if workers == 1:
        return WorkerPool(InProcess, 1)
    context = multiprocessing.get_context("spawn")
    return WorkerPool(partial(ProcessPoolExecutor, workers, context, initializer=_end_with_parent), AHEAD * workers)


def in_order(
    pool: WorkerPool, compute: Callable[[Piece], Result], pieces: Iterable[Piece]
) -> Generator[Result, None, None]:
    """Yield the result of each piece, in the order of the pieces.

    A worker that dies breaks its executor. A new executor takes its place and computes the unfinished pieces again.
    `compute` is a module-level function, so that another process can import it. Pieces are taken one by one, no more at
    a time than may be in flight. Raises UsageError if workers keep dying on the same piece.
    """
    source = iter(pieces)
    waiting: deque[_Submitted[Piece, Result]] = deque()
    executor = pool.new_executor()
    try:
        while True:
            waiting.extend(_Submitted(piece) for piece in islice(source, pool.in_flight - len(waiting)))
            if not waiting:
                return
            try:
                futures = [entry.submit(executor, compute) for entry in waiting]
                result = futures[0].result()
            except BrokenExecutor:
                executor.shutdown()  # now every future has a result or an error
                executor = pool.new_executor()
                for entry in waiting:
                    entry.reset()
                continue
            waiting.popleft()
            yield result
    finally:
        executor.shutdown(cancel_futures=True)


@dataclass
class _Submitted(Generic[Piece, Result]):
    """A piece, its future once it is submitted, and how many workers have died meanwhile."""

    piece: Piece
    future: Future[Result] | None = None
    deaths: int = 0

    def submit(self, executor: Executor, compute: Callable[[Piece], Result]) -> Future[Result]:
        """Submit the piece, if it is not submitted yet."""
        self.future = self.future or executor.submit(single_threaded, compute, self.piece)
        return self.future

    def reset(self) -> None:
        """Drop a future that the broken executor left without a result."""
        if self.future is None or not isinstance(self.future.exception(), BrokenExecutor):
            return
        self.future, self.deaths = None, self.deaths + 1
        if self.deaths == DEATHS_MOST:
            raise workers_died(self.piece)


def workers_died(piece: object) -> UsageError:
    """Return the error for a piece whose workers keep dying."""
    return UsageError(
        f"{DEATHS_MOST} workers died on {piece}, perhaps because memory ran out; try smaller chunks or fewer workers."
    )


def single_threaded(compute: Callable[[Piece], Result], piece: Piece) -> Result:
    """Compute a piece with one thread of linear algebra: with a worker per processor, more threads would only wait."""
    with threadpool_limits(1, user_api="blas"):
        return compute(piece)


def _end_with_parent() -> None:
    """Make a worker end silently on an interrupt, and when its parent ends, even if that was killed."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    parent = multiprocessing.parent_process()
    assert parent is not None
    threading.Thread(target=_exit_after, args=(parent.sentinel,), daemon=True).start()


def _exit_after(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
