"""Work in pieces, by any executor of `concurrent.futures`, with its results in the order of the pieces.

An executor decides who does a piece, and nothing else: a piece carries all that it needs, so that its result is the
same to the last bit wherever it is done.
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
from itertools import islice
from multiprocessing.connection import wait
from typing import Any, Generic, TypeVar

from threadpoolctl import threadpool_limits

from sim.errors import UsageError

Piece = TypeVar("Piece")
Result = TypeVar("Result")

DEATHS_MOST = 3
"""A piece whose worker has died so often is given up."""
AHEAD = 2
"""Pieces given out for each worker: one that it does, and one that waits for it."""


@dataclass(frozen=True)
class WorkerPool:
    """Who does the work.

    Parameters
    ----------
    hire : makes a new executor; called again when one has broken
    in_flight : int, how many pieces are given out and not yet taken back, at most
    """

    hire: Callable[[], Executor]
    in_flight: int


class InProcess(Executor):
    """Does each piece at once, in this process."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as error:
            done.set_exception(error)
        return done


def crew(workers: int) -> WorkerPool:
    """One worker is this process; more are processes of their own, which start afresh (spawn) on every system."""
    if workers == 1:
        return WorkerPool(InProcess, 1)
    context = multiprocessing.get_context("spawn")

    def hire() -> Executor:
        return ProcessPoolExecutor(workers, context, initializer=_follow)

    return WorkerPool(hire, AHEAD * workers)


def in_order(crew: WorkerPool, do: Callable[[Piece], Result], pieces: Iterable[Piece]) -> Generator[Result, None, None]:
    """Yield the result of each piece, in the order of the pieces.

    A worker that dies breaks its executor: another takes its place, and does again what had been given out and was not
    done.

    Parameters
    ----------
    crew : who does it
    do : a function of a module, so that another process finds it
    pieces : taken one by one, no more of them at a time than may be in flight

    Raises
    ------
    UsageError
        if workers keep dying over the same piece
    """
    source = iter(pieces)
    waiting: deque[_Submitted[Piece, Result]] = deque()
    executor = crew.hire()
    try:
        while True:
            waiting.extend(_Submitted(piece) for piece in islice(source, crew.in_flight - len(waiting)))
            if not waiting:
                return
            try:
                futures = [given.out(executor, do) for given in waiting]
                result = futures[0].result()
            except BrokenExecutor:
                executor.shutdown()  # from here on every future is done, well or badly
                executor = crew.hire()
                for given in waiting:
                    given.take_back()
                continue
            waiting.popleft()
            yield result
    finally:
        executor.shutdown(cancel_futures=True)


@dataclass
class _Submitted(Generic[Piece, Result]):
    """A piece, its result once it is given out, and how many workers have died while it was."""

    piece: Piece
    future: Future[Result] | None = None
    deaths: int = 0

    def out(self, executor: Executor, do: Callable[[Piece], Result]) -> Future[Result]:
        """Give it out, unless it is."""
        self.future = self.future or executor.submit(alone, do, self.piece)
        return self.future

    def take_back(self) -> None:
        """Forget a result that never came; one that came before the executor broke is kept."""
        if self.future is None or not isinstance(self.future.exception(), BrokenExecutor):
            return
        self.future, self.deaths = None, self.deaths + 1
        if self.deaths == DEATHS_MOST:
            raise given_up(self.piece)


def given_up(piece: object) -> UsageError:
    """What is said of a piece whose workers keep dying."""
    return UsageError(
        f"{DEATHS_MOST} workers have died over {piece}, perhaps for want of memory; "
        "try smaller chunks or fewer workers."
    )


def alone(do: Callable[[Piece], Result], piece: Piece) -> Result:
    """Do a piece with one thread of linear algebra: there are workers enough, and threads would wait for each other."""
    with threadpool_limits(1, user_api="blas"):
        return do(piece)


def _follow() -> None:
    """Let an interrupt end a worker at once and without a word; and the end of its parent, even if it was killed."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    parent = multiprocessing.parent_process()
    assert parent is not None
    threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
