"""Workers of a Dask cluster, which may stand on other machines: the only import of Dask, which is an optional extra."""

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

from sim.analysis.runner.executors import AHEAD, WorkerPool, given_up
from sim.analysis.runner.versions import versions
from sim.case_paths import HERE
from sim.errors import UsageError

LOCAL = "local"
SCHEMES = ("tcp://", "tls://", "ucx://", "ws://", "wss://")
PATIENCE = 5
"""Seconds within which a scheduler answers, and has a first worker."""
LOOPBACK = "127.0.0.1"


@contextmanager
def on_dask(where: str, workers: int | None = None) -> Iterator[WorkerPool]:
    """Have the work done by a Dask cluster, for as long as the context lasts.

    Parameters
    ----------
    where : the address of a scheduler (``tcp://…``), or ``local`` for a cluster of processes on this machine
    workers : of the local cluster; one a processor if None

    Raises
    ------
    UsageError
        if no scheduler answers at the address, or it has no worker; in the work, if the cluster goes away, or its
        workers have another version of this program or of what it is computed with
    """
    logger = logging.getLogger("distributed")
    level = logger.level
    logger.setLevel(logging.CRITICAL)  # what goes wrong is said by an error
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
                yield _crew(client, where)
        else:
            with _client(where) as client:
                yield _crew(client, where)
    finally:
        logger.setLevel(level)


@contextmanager
def _client(address: str) -> Iterator[Client]:
    if not address.startswith(SCHEMES):
        raise UsageError(f"--dask {address}: write the address of a scheduler, such as tcp://127.0.0.1:8786, or local.")
    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise UsageError(f"--dask {address}: no scheduler of Dask answers there ({error}).") from None
    try:
        yield client
    finally:
        client.close(timeout=PATIENCE)


def _crew(client: Client, where: str) -> WorkerPool:
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError:
        raise UsageError(f"--dask {where}: the scheduler has no worker; start one (dask worker {where}).") from None
    # A worker that meets a piece which it cannot read ends itself, and the piece would wait for another for good.
    found = client.run(resolve_name, f"{__name__}:{_alike.__name__}", on_error="return")
    if any(isinstance(one, Exception) for one in found.values()):
        raise UsageError(f"--dask {where}: {_LACKS}")
    return WorkerPool(lambda: _OnDask(client, where), AHEAD * sum(client.nthreads().values()))


class _OnDask(Executor):
    """Dask's own executor, whose tasks know the program, and whose mishaps are said in words."""

    def __init__(self, client: Client, where: str) -> None:
        self._inner, self._where = client.get_executor(pure=False), where

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        given: Future[Any] = Future()
        self._inner.submit(_alike, _environment(), fn, *args, **kwargs).add_done_callback(
            lambda done: self._pass_on(done, given, args[-1])
        )
        return given

    def _pass_on(self, done: Future[Any], given: Future[Any], piece: object) -> None:
        try:
            given.set_result(done.result())
        except KilledWorker:
            given.set_exception(given_up(piece))
        except CancelledError:
            given.set_exception(UsageError(f"--dask {self._where}: the cluster has gone away; start it, and resume."))
        except Exception as error:
            lacks = isinstance(error, ModuleNotFoundError) or isinstance(error.__cause__, ModuleNotFoundError)
            given.set_exception(UsageError(f"--dask {self._where}: {_LACKS}") if lacks else error)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._inner.shutdown(wait=wait and not cancel_futures)


_LACKS = "its scheduler or a worker lacks this program; install the same Parley in the environment of each."


def _alike(known: Mapping[str, str], fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Do a piece, if what it is computed with is here what it is where the piece comes from."""
    own = _environment()
    if unlike := [name for name in known if own[name] != known[name]]:
        raise UsageError(
            f"a worker of the cluster has another {' and another '.join(unlike)}, and might give other results; "
            "install there what is installed here."
        )
    return fn(*args, **kwargs)


@lru_cache
def _environment() -> Mapping[str, str]:
    """The program, by what stands in its modules, and the versions of what it is computed with."""
    code = sha256()
    for path in sorted(HERE.rglob("*.py")):
        code.update(f"{path.relative_to(HERE).as_posix()}\0".encode() + path.read_bytes())
    return versions(code.hexdigest())
