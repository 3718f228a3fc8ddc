"""Runs that are killed again and again, as a power cut would."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
MOMENTS = 20


def kept(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, with its bytes."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def start(command: list[str], folder: Path, *more: str) -> subprocess.Popen[bytes]:
    """Start a command that writes to a folder."""
    words = [sys.executable, "run.py", *command, "--out", str(folder), *more]
    return subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def killed_and_resumed(command: list[str], tmp_path: Path, seed: int = 0) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Run a command once in peace, and once killed (SIGKILL) at random moments and resumed after each.

    Returns
    -------
    the files of the one and of the other
    """
    assert start(command, tmp_path / "whole").wait(300) == 0
    folder, moments, kills = tmp_path / "killed", np.random.default_rng(seed), 0
    while kills < MOMENTS:
        target = len(list(folder.rglob("*.parquet"))) + int(moments.integers(0, 4))
        running = start(command, folder, "--resume")
        while running.poll() is None and len(list(folder.rglob("*.parquet"))) < target:
            time.sleep(0.001)
        time.sleep(float(moments.uniform(0, 0.05)))
        running.send_signal(signal.SIGKILL)
        kills += running.wait() == -signal.SIGKILL
        if running.returncode == 0:  # it was done before: the next begins anew, in another folder
            assert kept(folder) == kept(tmp_path / "whole")
            folder = tmp_path / f"killed{kills}"
    assert start(command, folder, "--resume", "--workers", "2").wait(300) == 0
    return kept(tmp_path / "whole"), kept(folder)
