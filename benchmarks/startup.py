"""How long the program takes to start, against `import mesa` alone: paired medians of whole processes.

Run by hand, on a machine with nothing else to do::

    python benchmarks/startup.py [rounds]

A first round compiles, as a first start does, and does not count. Each round then starts `python -c "import mesa"`,
`run.py --help` and `run.py SCENARIO` in turn, so that a slow moment of the machine meets all three. The ratio is the
median over rounds of each pair's own.
"""

import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parent.parent
ROUNDS = 15
BASE = ("import mesa", ["-c", "import mesa"])
AGAINST = (
    ("run.py --help", ["run.py", "--help"], 0.5),
    ("run.py SCENARIO", ["run.py", "european_force"], 1.5),
)
"""Name, arguments of Python, and the most that it may take as a multiple of `import mesa`."""


def seconds(arguments: list[str], compiled: str) -> float:
    """Wall-clock seconds of one process of this Python, which keeps what it compiles in a folder."""
    environment = {**os.environ, "COLUMNS": "80", "PYTHONPYCACHEPREFIX": compiled}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    begun = time.perf_counter()
    subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - begun


def main() -> int:
    """Measure and print; 1 if a bound is passed."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    everything = [BASE[1], *(arguments for _, arguments, _ in AGAINST)]
    with TemporaryDirectory() as compiled:
        _, *times = [[seconds(arguments, compiled) for arguments in everything] for _ in range(rounds + 1)]
    print(f"{BASE[0]:<16} {median(row[0] for row in times):.3f} s")
    passed = []
    for column, (name, _, most) in enumerate(AGAINST, start=1):
        ratio = median(row[column] / row[0] for row in times)
        passed.append(ratio <= most)
        print(f"{name:<16} {median(row[column] for row in times):.3f} s   {ratio:.2f} x, at most {most} x")
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
