"""A server of the command line, as a process of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+\S*")
PATIENCE = 60
"""Seconds in which a server that was told to stop has to be gone."""


class Process(Protocol):
    """What a test asks of the process of a server; `subprocess.Popen` has it."""

    pid: int
    stdout: IO[str] | None

    def kill(self) -> None: ...
    def terminate(self) -> None: ...
    def communicate(self, input: None = None, timeout: float | None = None) -> tuple[str, object]: ...


def printed(process: Process, until: str) -> str:
    """What a process prints, up to the line with some words."""
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if until in line:
            break
    return said


@dataclass(frozen=True)
class Served:
    """A server that runs.

    Parameters
    ----------
    link : the address that it printed; it opens what is the owner's alone
    process : the server's
    said : what it printed before, such as what it had to mend
    """

    link: str
    process: Process
    said: str = ""

    @property
    def address(self) -> str:
        """Where everybody comes in: ``http://127.0.0.1:4321``."""
        return "/".join(self.link.split("/")[:3])


@contextmanager
def served(*arguments: str, folder: Path) -> Iterator[Served]:
    """Run ``run.py`` with these arguments, from a folder, until the block ends.

    Raises
    ------
    AssertionError
        if it ends before it prints an address of this machine, or does not stop when it is told to
    """
    command = [sys.executable, "-u", str(ROOT / "run.py"), *arguments]
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, "COLUMNS": "200", "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    with process, running(process, " ".join(arguments)) as server:
        yield server


@contextmanager
def running(process: Process, command: str) -> Iterator[Served]:
    """Wait for the address that a server prints, and stop it when the block ends."""
    try:
        assert process.stdout is not None
        printed = []
        for line in process.stdout:
            printed.append(line)
            if found := ADDRESS.search(line):
                yield Served(found[0], process, "".join(printed))
                break
        else:
            raise AssertionError(f"{command} printed no address:\n{''.join(printed)}")
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)
