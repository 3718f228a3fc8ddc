"""How many worlds of the headline scenario are played in a second of processor time, and in how much memory.

    python benchmarks/ensemble.py [--worlds 10000] [--runs 5]

Each run is a process of its own; the median is to be quoted, since machines are noisy.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

TOP = Path(__file__).parent.parent
SCENARIO = "european_force"


def play(worlds: int) -> None:
    """Play once, and print processor seconds and peak memory in MiB."""
    sys.path.insert(0, str(TOP))
    from sim import case_paths
    from sim.negotiation.run import play
    from sim.negotiation.scenario_loader import load_scenario

    scenario = load_scenario(case_paths.find(SCENARIO))
    before = time.process_time()
    play(scenario, worlds)
    spent = time.process_time() - before
    print(spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def main() -> None:
    """Run and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--worlds", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--once", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.once:
        play(asked.worlds)
        return
    runs = []
    for _ in range(asked.runs):
        command = [sys.executable, __file__, "--once", "--worlds", str(asked.worlds)]
        printed = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ).stdout
        spent, memory = map(float, printed.split())
        runs.append((asked.worlds / spent, memory))
        print(f"{asked.worlds / spent:8,.0f} worlds a CPU-second, {memory:6.0f} MiB at the most")
    rates, memories = zip(*runs, strict=True)
    print(
        f"median {statistics.median(rates):,.0f} worlds a CPU-second (at least 10,000 asked), "
        f"{statistics.median(memories):.0f} MiB (at most 350 asked)"
    )


if __name__ == "__main__":
    main()
