"""Dask as who plays: the same bits, a worker that dies, a cluster that is not there. All on the loopback address."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from distributed import Client

from sim.analysis.experiments.design_file import read_vary
from sim.analysis.experiments.ensemble import ensemble
from sim.analysis.experiments.ensemble_plan import Plan
from sim.analysis.experiments.sweep import Sweep, sweep
from sim.analysis.runner.dask_executor import on_dask
from sim.analysis.runner.executors import WorkerPool, crew, in_order
from sim.analysis.runner.result_store import ResultStore
from sim.case.models import Scenario
from sim.errors import UsageError
from tests.analysis import workers
from tests.analysis.kills import ROOT, kept

pytestmark = pytest.mark.filterwarnings("default")  # an error in a thread of Dask's would be lost
PATIENT = 300
"""Seconds within which a process of Dask is there, on a machine however busy."""


@contextmanager
def process(*command: str, path: Path = ROOT) -> Iterator[subprocess.Popen[bytes]]:
    """A process of Dask, which finds the modules of a folder."""
    environment = {**os.environ, "PYTHONPATH": str(path)}
    words = [sys.executable, "-m", *command, "--no-dashboard"]
    running = subprocess.Popen(words, cwd=path, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield running
    finally:
        running.kill()
        running.wait()


@contextmanager
def scheduler(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A scheduler without workers: its address, and its process."""
    file = folder / "scheduler.json"
    command = ("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file))
    with process(*command) as running:
        yield address(file), running


def address(file: Path) -> str:
    """Where a scheduler answers, as soon as its file is whole."""
    end = time.monotonic() + PATIENT
    while True:
        try:
            return str(json.loads(file.read_text())["address"])
        except (FileNotFoundError, json.JSONDecodeError):
            assert time.monotonic() < end, "no scheduler has started"
            time.sleep(0.05)


def wait_for_workers(address: str, many: int) -> None:
    """Wait for them longer than the program does: how soon they are there says how busy the machine is."""
    with Client(address, timeout=PATIENT, set_as_default=False) as client:
        client.wait_for_workers(many, timeout=PATIENT)


def worker(address: str) -> list[str]:
    return ["distributed.cli.dask_worker", address, "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny"]


@pytest.fixture(scope="module")
def local() -> Iterator[WorkerPool]:
    """A cluster of two processes, which their nannies start again."""
    with on_dask("local", 2) as by:
        yield by


@pytest.fixture(scope="module")
def points(flatmates: tuple[Scenario, ...]) -> Sweep:
    return Sweep(flatmates[0], read_vary(["actors.ana.reservation.base=0:12:8"]), worlds=20, seed=7, chunk=40)


@pytest.mark.slow
def test_a_sweep_is_the_same_to_the_bit_whoever_plays(local: WorkerPool, points: Sweep, tmp_path: Path) -> None:
    for name, by in (("here", crew(1)), ("processes", crew(2)), ("dask", local)):
        sweep(points, by=by, store=ResultStore(tmp_path / name, points, program="1"))
    assert kept(tmp_path / "here") == kept(tmp_path / "processes") == kept(tmp_path / "dask")


@pytest.mark.slow
def test_an_ensemble_is_the_same_to_the_bit_on_dask(local: WorkerPool, plan: Plan, tmp_path: Path) -> None:
    for name, by in (("here", crew(1)), ("dask", local)):
        ensemble(plan, by=by, store=ResultStore(tmp_path / name, plan, program="1"))
    assert kept(tmp_path / "here") == kept(tmp_path / "dask")


def test_no_more_pieces_are_given_out_than_workers_can_have_at_hand(local: WorkerPool) -> None:
    assert local.in_flight == 4


def test_what_goes_wrong_in_a_worker_goes_wrong_here(local: WorkerPool) -> None:
    with pytest.raises(ValueError, match="no 0"):
        list(in_order(local, workers.fail, range(3)))


def test_a_worker_that_is_killed_costs_its_chunk_alone(local: WorkerPool, tmp_path: Path) -> None:
    orders = [(tmp_path, number) for number in range(8)]
    assert list(in_order(local, workers.die_once, orders)) == [2 * number for number in range(8)]
    assert (tmp_path / "died").exists()


@pytest.mark.slow
def test_a_piece_that_kills_every_worker_is_given_up(local: WorkerPool) -> None:
    with pytest.raises(UsageError, match=r"^3 workers died on \d, perhaps because memory ran out"):
        list(in_order(local, workers.die, range(3, 4)))


def test_a_worker_of_another_version_is_refused(local: WorkerPool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.analysis.runner.dask_executor._environment", lambda: {"parley": "x", "numpy": "y"})
    with pytest.raises(
        UsageError, match="A worker of the cluster has another version of parley and of numpy and might"
    ):
        list(in_order(local, workers.double, range(2)))


@pytest.mark.slow
def test_a_cluster_without_a_worker_is_told(tmp_path: Path) -> None:
    with (
        scheduler(tmp_path) as (address, _),
        pytest.raises(UsageError, match=r"the scheduler has no worker; start one \(dask worker tcp://"),
        on_dask(address),
    ):
        raise AssertionError


@pytest.mark.slow
def test_a_cluster_elsewhere_plays_and_outlives_the_loss_of_a_worker(points: Sweep, tmp_path: Path) -> None:
    with ExitStack() as stack:
        address, running = stack.enter_context(scheduler(tmp_path))
        first = stack.enter_context(process(*worker(address)))
        second = stack.enter_context(process(*worker(address)))
        wait_for_workers(address, 2)
        by = stack.enter_context(on_dask(address))
        plan = replace(points, chunk=20)
        whole = sweep(plan)
        with closing(in_order(by, workers.slowly, range(8))) as results:
            assert next(results) == 0
            first.kill()
            assert list(results) == [2 * number for number in range(1, 8)]
        assert second.poll() is None
        assert sweep(plan, by=by) == whole
        with closing(in_order(by, workers.slowly, range(8))) as results:
            next(results)
            running.kill()
            with pytest.raises(UsageError, match=r"the cluster has disappeared; start it, and resume\.$"):
                list(results)


@pytest.mark.slow
def test_a_worker_without_the_program_is_told(tmp_path: Path) -> None:
    (tmp_path / "sim").mkdir()
    lost = "raise ModuleNotFoundError(\"No module named 'sim'\", name='sim')\n"
    (tmp_path / "sim" / "__init__.py").write_text(lost)
    with ExitStack() as stack:
        address, _ = stack.enter_context(scheduler(tmp_path))
        stack.enter_context(process(*worker(address), path=tmp_path))
        wait_for_workers(address, 1)
        with pytest.raises(UsageError, match="a worker lacks this program; install the same version of Parley"):
            stack.enter_context(on_dask(address))


@pytest.mark.slow
def test_a_cluster_that_is_not_there_is_told() -> None:
    said = r"^--dask tcp://127\.0\.0\.1:9: no Dask scheduler answers there \(.*\)\.$"
    with pytest.raises(UsageError, match=said), on_dask("tcp://127.0.0.1:9"):
        raise AssertionError


@pytest.mark.parametrize("address", ["127.0.0.1:8786", "", "http://127.0.0.1", "Local"])
def test_what_is_no_address_is_told(address: str) -> None:
    said = r"write the address of a scheduler, such as tcp://127\.0\.0\.1:8786, or local"
    with pytest.raises(UsageError, match=said), on_dask(address):
        raise AssertionError


def test_workers_use_one_thread_of_linear_algebra(local: WorkerPool) -> None:
    for by in (crew(1), crew(2), local):
        assert list(in_order(by, workers.threads, range(2))) == [1, 1]
