"""Workers of a Dask cluster, possibly on other machines: the only import of Dask, which is an optional extra."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import CancelledError, Executor, Future
from contextlib import contextmanager
from functools import lru_cache
from hashlib import sha256
from pkgutil import resolve_name
from typing import Any

from distributed import Client, KilledWorker, LocalCluster

from sim.analysis.runner.executors import AHEAD, WorkerPool, workers_died
from sim.analysis.runner.pieces import versions
from sim.case_paths import HERE
from sim.errors import UsageError

LOCAL = "local"
SCHEMES = ("tcp://", "tls://", "ucx://", "ws://", "wss://")
PATIENCE = 5
"""Seconds to wait for a scheduler to answer and to have a first worker."""
LOOPBACK = "127.0.0.1"


@contextmanager
def on_dask(where: str, workers: int | None = None) -> Iterator[WorkerPool]:
    """Use a Dask cluster as workers while the context lasts.

    `where` is the address of a scheduler (``tcp://…``), or ``local`` for a cluster of processes on this machine, with
    as many workers, by default one per processor. Raises UsageError if no scheduler answers at the address or it has no
    worker; and during the work, if the cluster disappears, or its workers have another version of this program or of
    its libraries.
    """
    logger = logging.getLogger("distributed")
    level = logger.level
    logger.setLevel(logging.CRITICAL)  # errors are raised, not logged
    try:
        if where == LOCAL:
            with (
                LocalCluster(
                    n_workers=workers or os.cpu_count(),
                    threads_per_worker=1,
                    host=LOOPBACK,
                    dashboard_address=f"{LOOPBACK}:0",  # any free port: its usual one may be taken
                    memory_limit=0,
                    silence_logs=logging.CRITICAL,
                ) as cluster,
                _client(cluster.scheduler_address) as client,
            ):
                yield _pool(client, where)
        else:
            with _client(where) as client:
                yield _pool(client, where)
    finally:
        logger.setLevel(level)


@contextmanager
def _client(address: str) -> Iterator[Client]:
    if not address.startswith(SCHEMES):
        raise UsageError(f"--dask {address}: write the address of a scheduler, such as tcp://127.0.0.1:8786, or local.")
    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise UsageError(f"--dask {address}: no Dask scheduler answers there ({error}).") from None
    try:
        yield client
    finally:
        client.close(timeout=PATIENCE)


def _pool(client: Client, where: str) -> WorkerPool:
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError:
        raise UsageError(f"--dask {where}: the scheduler has no worker; start one (dask worker {where}).") from None
    # A worker that cannot unpickle a piece would end, and the piece would wait forever for another.
    answers = client.run(resolve_name, f"{__name__}:{_if_same_versions.__name__}", on_error="return")
    if any(isinstance(answer, Exception) for answer in answers.values()):
        raise UsageError(f"--dask {where}: {_LACKS}")
    return WorkerPool(lambda: _OnDask(client, where), AHEAD * sum(client.nthreads().values()))


class _OnDask(Executor):
    """Dask's own executor, with a check of versions in every task, and with errors that say what to do."""

    def __init__(self, client: Client, where: str) -> None:
        self._inner, self._where = client.get_executor(pure=False), where

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self._inner.submit(_if_same_versions, _environment(), fn, *args, **kwargs).add_done_callback(
            lambda done: self._pass_on(done, future, args[-1])
        )
        return future

    def _pass_on(self, done: Future[Any], future: Future[Any], piece: object) -> None:
        try:
            future.set_result(done.result())
        except KilledWorker:
            future.set_exception(workers_died(piece))
        except CancelledError:
            future.set_exception(
                UsageError(f"--dask {self._where}: the cluster has disappeared; start it, and resume.")
            )
        except Exception as error:
            lacks = isinstance(error, ModuleNotFoundError) or isinstance(error.__cause__, ModuleNotFoundError)
            future.set_exception(UsageError(f"--dask {self._where}: {_LACKS}") if lacks else error)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._inner.shutdown(wait=wait and not cancel_futures)


_LACKS = "its scheduler or a worker lacks this program; install the same version of Parley in each environment."


def _if_same_versions(expected: Mapping[str, str], fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Compute a piece if the versions here are the same as where the piece comes from."""
    own = _environment()
    if different := [name for name in expected if own[name] != expected[name]]:
        raise UsageError(
            f"A worker of the cluster has another version of {' and of '.join(different)} and might give other "
            "results; install the same versions there as here."
        )
    return fn(*args, **kwargs)


@lru_cache
def _environment() -> Mapping[str, str]:
    """Return a hash of the program's modules, and the versions of its libraries."""
    code = sha256()
    for path in sorted(HERE.rglob("*.py")):
        code.update(f"{path.relative_to(HERE).as_posix()}\0".encode() + path.read_bytes())
    return versions(code.hexdigest())
