"""Work in pieces: in order, a bounded number at a time, and unharmed by a worker that dies."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.analysis.runner.executors import InProcess, WorkerPool, crew, in_order
from sim.errors import UsageError
from tests.analysis import workers

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("many", [1, 2])
def test_results_come_in_the_order_of_the_pieces(many: int) -> None:
    assert list(in_order(crew(many), workers.double, range(20))) == [2 * number for number in range(20)]


def test_one_worker_is_this_process() -> None:
    assert list(in_order(crew(1), workers.who, range(2))) == [os.getpid()] * 2


def test_pieces_are_taken_only_as_they_are_needed() -> None:
    taken = []

    def pieces() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    results = in_order(WorkerPool(InProcess, 3), workers.double, pieces())
    assert next(results) == 0
    assert taken == [0, 1, 2]
    assert next(results) == 2
    assert taken == [0, 1, 2, 3]


def test_a_worker_that_dies_costs_nothing_but_time(tmp_path: Path) -> None:
    orders = [(tmp_path, number) for number in range(8)]
    assert list(in_order(crew(2), workers.die_once, orders)) == [2 * number for number in range(8)]
    assert (tmp_path / "died").exists()


def test_a_piece_that_kills_every_worker_is_given_up() -> None:
    with pytest.raises(UsageError, match=r"^3 workers died on \d, perhaps because memory ran out; try smaller chunks"):
        list(in_order(crew(2), workers.die, range(8)))


@pytest.mark.parametrize("many", [1, 2])
def test_what_goes_wrong_in_a_worker_goes_wrong_here(many: int) -> None:
    with pytest.raises(ValueError, match="no 0"):
        list(in_order(crew(many), workers.fail, range(3)))


PARENT = """
import os, signal
from sim.analysis.runner.executors import crew, in_order
from tests.analysis.workers import who
if __name__ == "__main__":
    print(next(in_order(crew(2), who, range(4))), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_workers_end_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ended = subprocess.run([sys.executable, script], env=environment, capture_output=True, text=True, timeout=600)
    assert ended.returncode == -9
    assert not workers.is_alive(int(ended.stdout))
