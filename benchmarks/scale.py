"""What it costs to play more: on more processors, on a Dask cluster, and in a hundred times as many worlds.

    python benchmarks/scale.py workers [--worlds 300000] [--chunk 5000] [--runs 3]
    python benchmarks/scale.py worlds [--most 1000000] [--runs 3]

`workers` plays one ensemble of the headline scenario in this process, in two processes, and on a local Dask cluster of
two workers, in turn, and compares wall time; each plays a little before, so that the imports of Dask's workers do not
count. Processes start anew for each ensemble, and import Mesa, which takes each of them over a second: of fewer worlds,
that would be what is measured. It says something on a machine that is idle and has two processors. `worlds` plays
10,000 worlds and `--most`, each in a process of its own that keeps every row, and compares processor time for a world,
and peak memory. Medians are to be quoted.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

TOP = Path(__file__).parent.parent
sys.path.insert(0, str(TOP))
SCENARIO = "european_force"
FEW = 10_000
CHUNK = 5_000
"""Worlds of a chunk in `workers`: most of a second of work each, and enough of them to share out evenly."""


def workers(worlds: int, chunk: int, runs: int) -> None:
    """Wall time by who plays."""
    from sim import case_paths
    from sim.analysis.experiments.ensemble import ensemble
    from sim.analysis.experiments.ensemble_plan import Plan
    from sim.analysis.runner.dask_executor import on_dask
    from sim.analysis.runner.executors import crew
    from sim.negotiation.scenario_loader import load_scenario

    scenario = load_scenario(case_paths.find(SCENARIO))
    plan = Plan((scenario,), worlds, chunk=chunk)
    took: dict[str, list[float]] = {"one": [], "two": [], "dask": []}
    print(f"{worlds:,} worlds, {chunk:,} at a time, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    with ExitStack() as stack:
        crews = {"one": crew(1), "two": crew(2), "dask": stack.enter_context(on_dask("local", 2))}
        for by in crews.values():
            ensemble(Plan((scenario,), 2 * chunk, chunk=chunk), by=by)
        for _ in range(runs):
            results = []
            for name, by in crews.items():
                before = time.perf_counter()
                results.append(ensemble(plan, by=by))
                took[name].append(time.perf_counter() - before)
            assert results[0] == results[1] == results[2]
            print("  ".join(f"{name} {times[-1]:6.1f} s" for name, times in took.items()))
    two = statistics.median(one / two for one, two in zip(took["one"], took["two"], strict=True))
    dask = statistics.median(two / dask for two, dask in zip(took["two"], took["dask"], strict=True))
    print(f"median: two processes are {two:.2f} times one (at least 1.8 asked)")
    print(f"median: Dask with two workers is {dask:.2f} times two processes (at least 0.9 asked)")


def worlds(most: int, runs: int) -> None:
    """Processor time for a world, and memory, of few worlds and of many."""
    costs: dict[int, list[float]] = {FEW: [], most: []}
    memory: dict[int, list[float]] = {FEW: [], most: []}
    for run in range(runs):
        for many in (FEW, most):
            command = [sys.executable, __file__, "once", "--worlds", str(many)]
            printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
            costs[many].append(float(printed[0]) / many)
            memory[many].append(float(printed[1]))
            print(
                f"{many:10,} worlds: {1e6 * costs[many][run]:6.1f} µs a world, {memory[many][run]:5.0f} MiB", flush=True
            )
    ratio = statistics.median(many / few for few, many in zip(costs[FEW], costs[most], strict=True))
    more = statistics.median(many - few for few, many in zip(memory[FEW], memory[most], strict=True))
    print(f"median: a world of {most:,} costs {ratio:.2f} times one of {FEW:,} (at most 1.1 asked), {more:+.0f} MiB")


def once(many: int) -> None:
    """Play once, keeping every row, and print processor seconds and peak memory in MiB; a chunk is played before."""
    from sim import case_paths
    from sim.analysis.experiments.ensemble import ensemble
    from sim.analysis.experiments.ensemble_plan import Plan
    from sim.analysis.runner.result_store import ResultStore
    from sim.negotiation.scenario_loader import load_scenario

    scenario = load_scenario(case_paths.find(SCENARIO))
    ensemble(Plan((scenario,), FEW))
    with tempfile.TemporaryDirectory() as folder:
        plan = Plan((scenario,), many)
        before = time.process_time()
        ensemble(plan, store=ResultStore(Path(folder) / "rows", plan, program="benchmark"))
        print(time.process_time() - before, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("workers", "worlds", "once"))
    parser.add_argument("--worlds", type=int, default=300_000)
    parser.add_argument("--chunk", type=int, default=CHUNK)
    parser.add_argument("--most", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    if asked.what == "workers":
        workers(asked.worlds, asked.chunk, asked.runs)
    elif asked.what == "worlds":
        worlds(asked.most, asked.runs)
    else:
        once(asked.worlds)


if __name__ == "__main__":
    main()
