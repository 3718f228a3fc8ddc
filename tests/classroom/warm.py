"""Servers that start at once, for a test that needs many: forked from a process that has loaded what a server needs."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TextIO

from tests.browser.served import Served, running

WARM = multiprocessing.get_context("forkserver")
WARM.set_forkserver_preload(["sim.cli", "sim.classroom.class_server"])


class Forked:
    """A process that runs the command line; of `Popen` it has what a test asks of a server."""

    def __init__(self, arguments: tuple[str, ...], folder: Path) -> None:
        ours, theirs = WARM.Pipe(duplex=False)
        with theirs:
            self._process = WARM.Process(target=_run, args=(arguments, folder, theirs))
            self._process.start()
        with ours:
            self.stdout: TextIO = os.fdopen(os.dup(ours.fileno()), encoding="utf-8")
        self.pid = self._process.pid
        self.kill, self.terminate = self._process.kill, self._process.terminate

    def communicate(self, input: None = None, timeout: float | None = None) -> tuple[str, None]:
        """Wait until it has ended, and return what it printed that nobody read."""
        self._process.join(timeout)
        if self._process.exitcode is None:
            self._process.kill()
            raise subprocess.TimeoutExpired("a forked server", timeout or 0)
        said = "" if self.stdout.closed else self.stdout.read()
        self.stdout.close()
        return said, None


def _run(arguments: tuple[str, ...], folder: Path, said: Connection) -> None:
    from sim.cli import main

    for stream in (1, 2):
        os.dup2(said.fileno(), stream)
    said.close()
    sys.stdout = sys.stderr = os.fdopen(1, "w", buffering=1, encoding="utf-8")
    os.chdir(folder)
    main(arguments)


@contextmanager
def forked(*arguments: str, folder: Path) -> Iterator[Served]:
    """What `tests.browser.served.served` gives, in a hundredth of its time."""
    with running(Forked(arguments, folder), " ".join(arguments)) as server:
        yield server
