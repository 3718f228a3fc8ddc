"""How quickly the lab answers: a real server, and a client of its own process, over loopback.

Run by hand, on a machine with nothing else to do::

    python benchmarks/lab.py [scenario] [changes]

Each change moves one number to a value that was not asked for before. First each is left to run to its end; then a
slider is dragged: as soon as the verdicts of a change are there, the next one ends it; and last, each comes while the
worlds of the one before are being played. What is asked is the 95th
percentile from a change to its verdicts, and the time to the last of 2,000 worlds. Seconds of the processor stand
beside those of the clock, which are worth little on a machine that is busy.
"""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

import httpx
import psutil

ROOT = Path(__file__).parents[1]
ASKED, WORLDS_ASKED = 0.060, 0.7
"""Seconds to the verdicts (95th percentile), and to the last world (median)."""
SCENARIO, CHANGES = "european_force", 40
WHOLE, AMID = 1e9, 0.25
"""Seconds for which an answer is read."""
NUMBER = re.compile(r'class="number"[^>]*? data-path="([^"]+)".*?type="range"[^>]*? min="([^"]+)" max="([^"]+)"', re.S)
DONE = 'data-done=\\"2000\\"'


def changes(page: str, count: int) -> Iterator[str]:
    """States in which one number, any of the case, has another value."""
    numbers, rng = NUMBER.findall(page), random.Random(1)
    for _ in range(count):
        path, low, high = rng.choice(numbers)
        yield f"{path}={rng.uniform(float(low), float(high)):.6f}"


def answered(http: httpx.Client, state: str, stay: float) -> tuple[float, float]:
    """Seconds to the verdicts, and to the last world (0 if the stream is left before).

    Parameters
    ----------
    stay : seconds after which the stream is left, once the verdicts are there
    """
    begun, first, last = time.perf_counter(), 0.0, 0.0
    with http.stream("POST", "/answer", data={"scenario": "", "state": state}) as answer:
        assert answer.status_code == 200, answer.read()
        for line in answer.iter_lines():
            if not first:
                assert "tile" in json.loads(line)["parts"]["verdicts"]
                first = time.perf_counter() - begun
            if time.perf_counter() - begun - first >= stay:
                break
            if DONE in line:
                last = time.perf_counter() - begun
    return first, last


def shown(name: str, seconds: list[float], asked: float, cpu: float) -> bool:
    """Print what was measured; whether it is what is asked."""
    late = quantiles(seconds, n=20)[-1]
    print(f"{name:<34} median {median(seconds):.3f} s, 95th percentile {late:.3f} s; {cpu:.3f} s of the processor each")
    return (late if asked == ASKED else median(seconds)) <= asked


def main() -> int:
    """Measure and print; 1 if it is slower than asked."""
    scenario = sys.argv[1] if len(sys.argv) > 1 else SCENARIO
    count = int(sys.argv[2]) if len(sys.argv) > 2 else CHANGES
    command = [sys.executable, "-u", "run.py", "lab", scenario, "--port", "0", "--no-open"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            address = next(line.strip() for line in server.stdout if "http://" in line)
            worked = psutil.Process(server.pid).cpu_times

            with httpx.Client(base_url=address, timeout=60, trust_env=False) as http:
                states = list(changes(http.get("/").text, 3 * count + 2))
                for state in states[:2]:
                    answered(http, state, WHOLE)
                before = sum(worked()[:2])
                whole = [answered(http, state, WHOLE) for state in states[2 : count + 2]]
                between = sum(worked()[:2])
                dragged = [answered(http, state, 0)[0] for state in states[count + 2 : 2 * count + 2]]
                after = sum(worked()[:2])
                amid = [answered(http, state, AMID)[0] for state in states[2 * count + 2 :]]
                last = sum(worked()[:2])
        finally:
            server.terminate()
    print(f"{scenario}, {count} changes each; asked: {ASKED:.3f} s to verdicts, {WORLDS_ASKED} s to 2,000 worlds")
    each, dragging = (between - before) / count, (after - between) / count
    good = [
        shown("from a change to verdicts", [first for first, _ in whole], ASKED, each),
        shown("to verdicts, while dragging", dragged, ASKED, dragging),
        shown("to verdicts, amid other worlds", amid, ASKED, (last - after) / count),
        shown("from a change to 2,000 worlds", [last for _, last in whole], WORLDS_ASKED, each),
    ]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
