"""What workers do in the tests of executors; a module of its own, so that a new process finds it.

What only some of them need is imported within them: a process that doubles a number loads no model.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from sim.analysis.experiments.design_points import PointRange
    from sim.analysis.experiments.ensemble_plan import Chunk
    from sim.analysis.runner.pieces import Rows


def double(number: int) -> int:
    return 2 * number


def die_once(order: tuple[Path, int]) -> int:
    """Double a number; who first meets 3 is killed."""
    folder, number = order
    if number == 3 and not (folder / "died").exists():
        (folder / "died").touch()
        psutil.Process().kill()
    return double(number)


def die(number: int) -> int:
    """Double a number, but be killed by 3."""
    if number == 3:
        psutil.Process().kill()
    return double(number)


def fail(number: int) -> int:
    raise ValueError(f"no {number}")


def play_and_die_once(chunk: Chunk) -> Rows:
    """Play a chunk; who first meets the second is killed."""
    from sim.analysis.experiments.ensemble_plan import play_chunk

    _die_once(chunk.number)
    return play_chunk(chunk)


def play_points_and_die_once(stretch: PointRange) -> Rows:
    """Play some points; who first meets the second piece of them is killed."""
    from sim.analysis.experiments.design_points import play_points

    _die_once(stretch.number)
    return play_points(stretch)


def _die_once(number: int) -> None:
    """Be killed by the second piece, unless somebody was, by a mark whose place the environment names."""
    mark = Path(os.environ["PARLEY_TEST_MARK"])
    if number == 1 and not mark.exists():
        mark.touch()
        psutil.Process().kill()


def who(_: int) -> int:
    return os.getpid()


def is_alive(process: int, *, patience: float = 60) -> bool:
    """Whether a process is still there after a while."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return False
        time.sleep(0.05)
    return True


def slowly(number: int) -> int:
    """Double a number, after a while."""
    time.sleep(0.3)
    return double(number)


def threads(_: int) -> int:
    """The most threads that a library of linear algebra may use here."""
    import numpy as np
    from threadpoolctl import threadpool_info

    np.ones((2, 2)) @ np.ones((2, 2))
    return max(one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas")
