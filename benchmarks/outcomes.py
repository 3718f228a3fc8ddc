"""How long the whole outcome space of the Ukraine case takes to judge, and in how much memory.

    python benchmarks/outcomes.py [--runs 5]

All packages at central values, with everything that `parley outcomes` tells but worlds: who accepts what, the zone of
possible agreement, the frontier, the solutions, and what comes nearest. Each run is a process of its own; memory is
that of the whole process. The medians are to be quoted.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

TOP = Path(__file__).parent.parent
CASE = "ukraine_2025"
SECONDS, MEBIBYTES = 5, 1_536


def once() -> None:
    """Judge all packages, and print how many, processor seconds, and peak memory in MiB."""
    sys.path.insert(0, str(TOP))
    from sim import case_paths
    from sim.analysis.outcomes.outcomes import outcomes
    from sim.case.loader import load_case

    case = load_case(case_paths.find(CASE))
    before = time.process_time()
    found = outcomes(case)
    spent = time.process_time() - before
    print(found["packages"], spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def main() -> None:
    """Run, and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--once", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.once:
        once()
        return
    runs = []
    for _ in range(asked.runs):
        command = [sys.executable, __file__, "--once"]
        printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        packages, spent, memory = map(float, printed.split())
        runs.append((spent, memory))
        print(f"{packages:,.0f} packages in {spent:.2f} CPU-seconds, {memory:,.0f} MiB at the most", flush=True)
    spent, memory = (statistics.median(one) for one in zip(*runs, strict=True))
    print(f"median {spent:.2f} CPU-seconds (at most {SECONDS} asked), {memory:,.0f} MiB (at most {MEBIBYTES:,} asked)")


if __name__ == "__main__":
    main()
