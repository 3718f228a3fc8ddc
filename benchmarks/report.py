"""What a report on the headline scenario costs, part by part, in processor time of one run.

    python benchmarks/report.py [SCENARIO ...] [--worlds 10000]

Parts are shares of one run, whatever else the machine does; what is drawn and written is set against what is computed.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from sim.analysis.report_data import report
from sim.cli import loading
from sim.report.document.handout_html import page
from sim.report.document.pdf import pdf
from sim.report.scenario_report.report_document import document
from sim.strings import Strings


def main() -> None:
    """Gather, draw and write once, and print where the time went."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scenarios", nargs="*", default=["european_force"])
    parser.add_argument("--worlds", type=int, default=10_000)
    asked = parser.parse_args()
    spent: dict[str, float] = {}

    @contextmanager
    def stage(what: str, unit: str | None = None) -> Iterator[None]:
        before = time.process_time()
        yield None
        spent[what] = time.process_time() - before

    loaded = loading.scenarios(asked.scenarios, {})
    beside = loading.beside(asked.scenarios[0], loaded[0], {})
    found = report(loaded, program="benchmark", stage=stage, beside=beside, worlds=asked.worlds)
    computed = sum(spent.values())
    with stage("drawing the figures"):
        made = document(found, "benchmark")
    with stage("writing HTML"):
        page(made, found, Strings.load(), "benchmark")
    with stage("writing PDF"):
        pdf(made)
    whole = sum(spent.values())
    for what, seconds in spent.items():
        print(f"{seconds:7.1f} CPU-seconds, {seconds / whole:4.0%}  {what}")
    print(f"{whole:7.1f} CPU-seconds in all, {whole / computed:.2f} times what is computed")


if __name__ == "__main__":
    main()
