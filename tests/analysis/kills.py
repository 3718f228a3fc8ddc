"""Runs that are killed again and again, as a power cut would."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from itertools import count
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import numpy as np

from sim.cli import main

ROOT = Path(__file__).parents[2]
MOMENTS = 20
WARM = multiprocessing.get_context("forkserver")
"""Processes that begin with what a command needs loaded: loading it twenty times is no part of what is tested."""
WARM.set_forkserver_preload(
    [
        "sim.cli.commands.sweep_command",
        "sim.analysis.experiments.ensemble",
        "sim.analysis.experiments.sweep",
        "sim.analysis.runner.parquet",
    ]
)


def kept(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, with its bytes."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def start(command: list[str], folder: Path, *more: str) -> ForkServerProcess:
    """Start a command that writes to a folder, in a process of its own."""
    running = WARM.Process(target=_in_silence, args=([*command, "--out", str(folder), *more],))
    running.start()
    return running


def _in_silence(arguments: list[str]) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    main(arguments)


def ended(running: ForkServerProcess) -> int | None:
    """Wait for the end of a process: its exit code."""
    running.join(300)
    return running.exitcode


def written(folder: Path) -> int:
    """How many files of rows are there, in a folder in which they come and go."""
    return sum(name.endswith(".parquet") for _, _, names in os.walk(folder) for name in names)


def killed_and_resumed(command: list[str], tmp_path: Path, seed: int = 0) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Run a command once in peace, and once killed (SIGKILL) at random moments and resumed after each.

    Returns
    -------
    the files of the one and of the other
    """
    assert ended(start(command, tmp_path / "whole")) == 0
    folders, moments, kills = (tmp_path / f"killed{number}" for number in count()), np.random.default_rng(seed), 0
    folder = next(folders)
    while kills < MOMENTS:
        target = written(folder) + int(moments.integers(0, 4))
        running = start(command, folder, "--resume")
        while running.is_alive() and written(folder) < target:
            time.sleep(0.001)
        time.sleep(float(moments.uniform(0, 0.05)))
        running.kill()
        if ended(running) == 0:  # it was done before: the next begins anew, in another folder
            assert kept(folder) == kept(tmp_path / "whole")
            folder = next(folders)
        else:
            assert running.exitcode == -signal.SIGKILL
            kills += 1
    assert ended(start(command, folder, "--resume", "--workers", "2")) == 0
    return kept(tmp_path / "whole"), kept(folder)
