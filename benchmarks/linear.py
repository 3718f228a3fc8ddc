"""How many complete negotiations are played in a second of processor time, where every world has its own numbers.

    python benchmarks/linear.py [--worlds 2000] [--runs 5]

Seven parties, who all have to agree, make offers in turn over issues of three options. Utilities are linear-additive;
every world draws all points, reservation values and concessions anew, so that soon each has another text on its table.
The cost of a month in a world is set against the number of issues, for amendments of one term.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from sim.case.models import Scenario
from sim.negotiation.record.history import Outcome
from sim.negotiation.run import play
from sim.negotiation.scenario_loader import build_scenario

PARTIES, MONTHS = 7, 30
BEST = 200.0
"""Points that the best option of every issue would give together, at the most."""
WHY = {"assumption": "made up for a benchmark"}


def domain(issues: int, terms: int) -> Scenario:
    """Build talks over so many issues of three options."""
    options, names = ["low", "middle", "high"], [f"issue_{at}" for at in range(issues)]
    parties = [f"party_{at}" for at in range(PARTIES)]
    said: dict[str, Any] = {"says": "x", **WHY}
    points = {"low": 0, "high": BEST / issues}
    party = {
        "name": "x",
        "role": "party",
        "brief": "x",
        "reservation": {"base": {"low": 40, "high": 80}, **WHY},
        "preferences": [
            {"rule": f"{name}_{option}", "when": {name: option}, "points": points, **said}
            for name in names
            for option in options
        ],
        "aspiration": {"opening": {"low": 60, "high": 80}, "e": {"low": 0.2, "high": 0.6}, **WHY},
    }
    case = {
        "id": "linear",
        "title": "x",
        "question": "x?",
        "issues": {name: {"options": options, "default": "low", **said} for name in names},
        "constraints": [],
        "context": {},
        "consent": [{"rule": "all", "needs": parties, **said}],
        "actors": dict.fromkeys(parties, party),
        "claims": {},
    }
    protocol = {"name": "alternating", "months": MONTHS, "amend_terms": terms, "parties": parties}
    head = {"id": "linear", "title": "x", "question": "x?", "sponsor": parties[0], "proposal": {}}
    return build_scenario({**head, "case": case, "protocol": protocol})


def main() -> None:
    """Run and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--worlds", type=int, default=2_000)
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    for issues, terms in ((10, 1), (10, 2), (5, 1), (20, 1), (39, 1)):
        scenario, rates, costs = domain(issues, terms), [], []
        for _ in range(asked.runs):
            begun = time.process_time()
            run = play(scenario, asked.worlds)
            spent = time.process_time() - begun
            rates.append(asked.worlds / spent)
            costs.append(spent / sum(len(month.rows) for month in run.months) * 1e6)
        agreed, texts = np.mean(run.outcome == Outcome.AGREED), run.months[4].evaluation.matrix.texts
        print(
            f"{issues:2} issues, {terms} changed at a time: median {statistics.median(rates):7,.0f} talks a CPU-second "
            f"({min(rates):,.0f} to {max(rates):,.0f}), {statistics.median(costs):.1f} microseconds a month and world; "
            f"{agreed:.0%} agree, after {run.ended.mean():.1f} months; "
            f"{len(np.unique(texts, axis=0)):,} texts on {len(texts):,} tables in month 5"
        )


if __name__ == "__main__":
    main()
