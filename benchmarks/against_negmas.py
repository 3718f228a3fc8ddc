"""Parley beside NegMAS on one linear additive domain of seven parties: speed and results, in one run.

    python benchmarks/against_negmas.py [--negmas /path/to/python] [--runs 3] [--parts frontier,talks,issues]

NegMAS is under the AGPL and never a dependency: `--negmas` names the Python of an environment in which it is installed.
Without it, our side alone runs. Both sides get the same numbers through files, and take turns on the same machine, each
run in a process of its own with one thread of linear algebra; CPU-seconds are compared, and medians of the runs are
printed. Utilities are random as NegMAS draws its own: weights uniform, then divided by their sum; evaluations uniform.

1. *Frontier*: the Pareto frontier with the Nash and the Kalai (egalitarian) point, of 3^10 = 59,049 and 4^7 3^3 =
   442,368 outcomes, of all outcomes and of those at or above every reservation value, as NegMAS filters. Both sides
   start with utilities in memory. Weights and evaluations are multiples of 2^-10, so that the sums of both sides are
   exact, and the frontiers are compared as sets of points, for equality.
2. *Talks*: whole alternating offers. No two of our negotiations are alike: each party's points for each option, its
   reservation value and its opening are drawn anew for each. NegMAS's `BoulwareTBNegotiator` (defaults: aspiration
   1 - t^4 of the utility range) plays some of the very same worlds, normalised to 0..1, in as many steps as we have
   months; in each of its steps all seven speak, in each of our months one offers. Ours concede by the same power
   (e = 1/4) from their opening; a change counts from 5% of the utility scale on, as where a domain is imported. Nash
   products are of normalised utilities less reservation values, 0 where there is no agreement. An amendment changes one
   term, as one offer may in each of our months; two are shown beside it.
3. *Issues*: the time of a negotiation by the number of issues of three options, 4 to 10, and up to 20 for us. With two
   terms, the amendments to choose from, and so the time, grow with the square of that number.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

TOP = Path(__file__).resolve().parent.parent
THEIRS = TOP / "benchmarks" / "negmas_side.py"
PARTIES = 7
SIZES = {59_049: [3] * 10, 442_368: [4] * 7 + [3] * 3}
UNITS = 1_024
"""Weights and evaluations are whole numbers of 1/1024."""
POINTS = 100
"""Points for a utility of 1."""
RESERVED = 0.4
"""Every party's, where outcomes are filtered."""
MONTHS, E = 24, 0.25
STEP = POINTS / 20
"""The least change of a gap that counts: 5% of the scale of utilities."""
TERMS = (1, 2)
"""How many terms an amendment may change: one, by which we are measured, and two, for comparison."""
REPEATS = 5
"""Times that our side finds a frontier: once takes some 50 ms, too short to be measured well. The median counts."""
BASE, OPENING = {"low": 35, "high": 50}, {"low": 25, "high": 40}
"""Points; the best package is worth about 75 to a party, the worst 25."""
WORLDS = 2_000
MOST_OF_THEIRS = 10
"""Issues up to which NegMAS plays too; with one more, a negotiation takes it three times as long."""
SEED = 7
TARGETS = {"frontier": 50, "talks": 1_000}


def domain(sizes: Sequence[int]) -> list[list[list[float]]]:
    """Utilities (party, issue, option) of a random domain, from 0 to 1 in sum, all multiples of 2^-20."""
    rng = np.random.default_rng(SEED)
    tables = []
    for _ in range(PARTIES):
        cuts = np.rint(UNITS * np.cumsum(shares(rng, len(sizes)))).astype(int)
        evaluations = [rng.integers(0, UNITS + 1, size) for size in sizes]
        weights = np.diff(cuts, prepend=0)
        tables.append([(weight * each / UNITS**2).tolist() for weight, each in zip(weights, evaluations, strict=True)])
    return tables


def shares(rng: np.random.Generator, issues: int) -> NDArray[np.float64]:
    """Weights (issue,) that add up to 1."""
    weights = rng.random(issues)
    return weights / weights.sum()


def worst(tables: Sequence[Sequence[Sequence[float]]]) -> list[float]:
    """The utility of each party's worst outcome; NegMAS takes a reserved value below it for it."""
    return [sum(map(min, party)) for party in tables]


def source(points: Sequence[Sequence[Sequence[Any]]], **actor: Any) -> dict[str, Any]:
    """A case, from the points (party, issue, option) of its parties."""
    why = {"assumption": "A random domain."}
    return {
        "id": "random",
        "title": "A random domain",
        "question": "Which outcomes are efficient?",
        "claims": {},
        "issues": {
            f"i{at}": {"says": "an issue", "options": list(range(len(options))), "default": 0, **why}
            for at, options in enumerate(points[0])
        },
        "consent": [{"rule": "all", "says": "All agree", "needs": [f"p{at}" for at in range(PARTIES)], **why}],
        "actors": {
            f"p{at}": {
                "name": f"Party {at}",
                "role": "party",
                "brief": "It likes some options better.",
                "preferences": [
                    {
                        "rule": f"r{issue}_{option}",
                        "says": "it likes it",
                        "when": {f"i{issue}": option},
                        "points": worth,
                    }
                    | why
                    for issue, options in enumerate(party)
                    for option, worth in enumerate(options)
                ],
                **actor,
            }
            for at, party in enumerate(points)
        },
    }


def talks_source(sizes: Sequence[int], terms: int) -> dict[str, Any]:
    """A scenario in which seven parties make offers in turn, with points drawn for each option."""
    rng = np.random.default_rng(SEED)
    why = {"assumption": "A random domain."}
    points = [
        [
            [{"low": 0, "high": round(POINTS * share, 6)}] * size
            for share, size in zip(shares(rng, len(sizes)), sizes, strict=True)
        ]
        for _ in range(PARTIES)
    ]
    actor = {"reservation": {"base": BASE, **why}, "aspiration": {"opening": OPENING, "e": E, **why}}
    return {
        "id": "in_turn",
        "case": source(points, **actor),
        "title": "Offers in turn",
        "question": "Do they agree?",
        "sponsor": "p0",
        "proposal": {},
        "protocol": {"name": "alternating", "months": MONTHS, "amend_terms": terms, "step": STEP},
    }


# -- our side, in a process of its own --------------------------------------------------------------------------------


def our_frontier(task: dict[str, Any]) -> dict[str, Any]:
    """CPU-seconds of the frontier with its Nash and Kalai points, and what they are."""
    from sim.analysis.outcomes.bargaining_solutions import egalitarian, nash
    from sim.analysis.outcomes.enumeration import enumerate_packages
    from sim.analysis.outcomes.pareto import frontier
    from sim.case.loader import build_case

    def find(tables: Any, reserved: Sequence[float]) -> dict[str, Any]:
        points = [[[POINTS * worth for worth in options] for options in party] for party in tables]
        data = source(points)
        for actor, value in zip(data["actors"].values(), reserved, strict=True):
            actor["reservation"] = {"base": POINTS * value, "assumption": "A random domain."}
        case = build_case(data)
        spent = []
        for _ in range(REPEATS):
            before = time.process_time()
            surplus = enumerate_packages(case).surplus
            surplus = surplus[(surplus >= 0).all(axis=1)]
            best = surplus[frontier(surplus)[0]]
            picks = [best[solve(best)[0]] for solve in (nash, egalitarian)]
            spent.append(time.process_time() - before)
        # Whole numbers of the grid of utilities, and so exact.
        known = [np.rint((one / POINTS + np.array(reserved)) * UNITS**2) / UNITS**2 for one in (best, *picks)]
        found = dict(zip(("frontier", "nash", "kalai"), (one.tolist() for one in known), strict=True))
        return {"seconds": statistics.median(spent), **found}

    small = domain([2, 2])
    find(small, worst(small))
    return find(task["tables"], task["reserved"])


def our_talks(task: dict[str, Any]) -> dict[str, Any]:
    """CPU-seconds of all negotiations, what each party got in each, and some of the worlds for the other side."""
    from sim.engine.drawn_parameters import DrawnParameters
    from sim.engine.worlds import Streams, Worlds
    from sim.negotiation.record.history import Outcome
    from sim.negotiation.run import play
    from sim.negotiation.scenario_loader import build_scenario

    scenario = build_scenario(talks_source(task["sizes"], task["terms"]))
    play(scenario, 10, SEED)
    before = time.process_time()
    run = play(scenario, task["count"], task["seed"])
    spent = time.process_time() - before
    drawn_parameters = DrawnParameters.draw(Worlds(scenario.case, Streams(task["seed"], task["count"])))
    ends = np.cumsum([0, *task["sizes"]])
    # (party, world, rule), and the least and the most of each issue
    points = np.stack([parameters.points for parameters in drawn_parameters.actor_parameters])
    issues = [points[:, :, first:last] for first, last in pairwise(ends)]
    low = sum(one.min(axis=2) for one in issues)
    wide = sum(one.max(axis=2) for one in issues) - low
    reserved = (np.stack([parameters.base[:, 0] for parameters in drawn_parameters.actor_parameters]) - low) / wide
    texts = run.at_end(lambda month: month.evaluation.matrix.texts).astype(np.intp)
    chosen = sum(np.take_along_axis(one, texts[None, :, [at]], axis=2)[:, :, 0] for at, one in enumerate(issues))
    gain = (chosen - low) / wide - reserved
    agreed = run.outcome == Outcome.AGREED
    product = np.where(agreed, np.maximum(gain, 0).prod(axis=0), 0.0)
    some = [
        [
            [((one[party, world] - one[party, world].min()) / wide[party, world]).tolist() for one in issues]
            for party in range(PARTIES)
        ]
        for world in range(task["shared"])
    ]
    return {
        "seconds": spent,
        "agreed": agreed.tolist(),
        "product": product.tolist(),
        "worlds": some,
        "reserved": reserved.T[: task["shared"]].tolist(),
    }


OURS = {"frontier": our_frontier, "talks": our_talks}


# -- both sides, in turns ----------------------------------------------------------------------------------------------


class Match:
    """Gives tasks to both sides, and takes their results, through files of a folder; without NegMAS, to ours alone."""

    def __init__(self, negmas: str | None, folder: Path) -> None:
        self.negmas, self.folder = negmas, folder
        threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        self.environment = os.environ | threads | {"PYTHONWARNINGS": "ignore"}  # NegMAS warns as it is imported

    def ours(self, **task: Any) -> dict[str, Any]:
        return self._do([sys.executable, str(Path(__file__).resolve()), "--side"], task)

    def theirs(self, **task: Any) -> dict[str, Any] | None:
        return None if self.negmas is None else self._do([self.negmas, str(THEIRS)], task)

    def _do(self, command: list[str], task: dict[str, Any]) -> dict[str, Any]:
        given, made = self.folder / "task.json", self.folder / "result.json"
        given.write_text(json.dumps(task))
        made.unlink(missing_ok=True)
        subprocess.run([*command, str(given), str(made)], check=True, env=self.environment, cwd=self.folder)
        return dict(json.loads(made.read_text()))


def compare_frontiers(match: Match, runs: int, most: int) -> None:
    """Print how much faster the frontier with its Nash and Kalai point is found, and check that it is the same."""
    for count, sizes in SIZES.items():
        if count > most:
            continue
        tables = domain(sizes)
        for reserved in (worst(tables), [RESERVED] * PARTIES):
            filtered = reserved[0] == RESERVED
            ours, theirs = [], []
            for _ in range(runs):
                task = {"task": "frontier", "tables": tables, "reserved": reserved}
                mine, other = match.ours(**task), match.theirs(**task)
                ours.append(mine["seconds"])
                if other is None:
                    continue
                assert set(map(tuple, mine["frontier"])) == set(map(tuple, other["frontier"])), "another frontier"
                assert mine["nash"] == other["nash"], "another Nash point"
                assert mine["kalai"] == other["kalai"], "another Kalai point"
                theirs.append(other["seconds"])
            line = (
                f"frontier, {count:,} outcomes, {f'at or above {RESERVED}' if filtered else 'all'}: "
                f"{len(mine['frontier']):,} points, {statistics.median(ours):.3f} s"
            )
            if theirs:
                ratio = statistics.median(theirs) / statistics.median(ours)
                line += (
                    f" against {statistics.median(theirs):.2f} s: {ratio:,.0f} times the speed; "
                    "points, Nash and Kalai point are the same"
                ) + ("" if filtered else f" (asked: {TARGETS['frontier']})")
            print(line, flush=True)


def compare_talks(match: Match, runs: int, most: int, shared: int) -> None:
    """Print how many negotiations each side completes in a CPU-second, how often they agree, and on what."""
    print(
        f"talks: {MONTHS} months and steps; e = {E}; reservation values {BASE}, openings {OPENING}, "
        f"each option's points drawn anew; {WORLDS:,} worlds a run, {shared} of them for NegMAS too"
    )
    for count, sizes in SIZES.items():
        if count > most:
            continue
        seconds, theirs = [], []
        rates: dict[int, list[float]] = {terms: [] for terms in TERMS}
        ours: dict[int, list[tuple[bool, float]]] = {terms: [] for terms in TERMS}
        for run in range(runs):
            for terms in TERMS:
                task = {"sizes": sizes, "terms": terms, "count": WORLDS, "seed": SEED + run, "shared": shared}
                mine = match.ours(task="talks", **task)
                rates[terms].append(WORLDS / mine["seconds"])
                ours[terms] += zip(mine["agreed"], mine["product"], strict=True)
            other = match.theirs(task="talks", worlds=mine["worlds"], reserved=mine["reserved"], steps=MONTHS)
            if other is not None:
                seconds += other["seconds"]
                pairs = zip(other["got"], mine["reserved"], strict=True)
                theirs += [(got is not None, product(got, level)) for got, level in pairs]
        their_rate = 1 / statistics.median(seconds) if seconds else math.nan
        told = f": NegMAS {their_rate:.3g} a CPU-second, {summary(theirs)}" if seconds else ""
        print(f"talks, {count:,} outcomes{told}")
        for terms in TERMS:
            rate = statistics.median(rates[terms])
            asked = f" (asked: {TARGETS['talks']:,})" if terms == TERMS[0] else ""
            faster = f" {rate / their_rate:,.0f} times the rate{asked}," if seconds else ""
            print(
                f"    ours, {terms} term{'s' * (terms > 1)} a month: {rate:,.0f} a CPU-second,{faster} "
                f"{summary(ours[terms])}",
                flush=True,
            )


def summary(played: Sequence[tuple[bool, float]]) -> str:
    """How often they agreed, and on what."""
    agreed, products = zip(*played, strict=True)
    share, mean = statistics.mean(map(float, agreed)), statistics.mean(products)
    return f"agreed in {share:.3f}, mean Nash product {mean:.3g} ({len(played):,} negotiations)"


def product(got: Sequence[float] | None, reserved: Sequence[float]) -> float:
    """The product of what each has above its reserved value; 0 where there is no agreement, or somebody has less."""
    if got is None:
        return 0.0
    return math.prod(max(one - level, 0.0) for one, level in zip(got, reserved, strict=True))


def compare_issues(match: Match, runs: int, shared: int) -> None:
    """Print how the time of a negotiation grows with the number of issues of three options."""
    ours: dict[int, dict[int, float]] = {terms: {} for terms in TERMS}
    theirs: dict[int, float] = {}
    for count in (*range(4, 11), 12, 14, 16, 20):
        each: dict[int, list[float]] = {terms: [] for terms in TERMS}
        other: list[float] = []
        for run in range(runs):
            for terms in TERMS:
                task = {"sizes": [3] * count, "terms": terms, "count": WORLDS, "seed": SEED + run, "shared": shared}
                mine = match.ours(task="talks", **task)
                each[terms].append(mine["seconds"] / WORLDS)
            if count <= MOST_OF_THEIRS:
                done = match.theirs(task="talks", worlds=mine["worlds"], reserved=mine["reserved"], steps=MONTHS)
                other += done["seconds"] if done else []
        for terms in TERMS:
            ours[terms][count] = statistics.median(each[terms])
        told = ", ".join(f"{1_000 * ours[terms][count]:.3f} ms ({terms} a month)" for terms in TERMS)
        line = f"issues, {count:2}: ours {told}"
        if other:
            theirs[count] = statistics.median(other)
            line += f", NegMAS {1_000 * theirs[count]:,.1f} ms"
        print(line, flush=True)
    for terms in TERMS:
        asked = " (asked: at most 1)" if terms == TERMS[0] else ""
        print(
            f"issues: with {terms} a month, our time grows as the number of issues to the power "
            f"{power(ours[terms], MOST_OF_THEIRS):.2f} from 4 to {MOST_OF_THEIRS}{asked}, "
            f"{power(ours[terms]):.2f} to 20"
        )
    last = {count: seconds for count, seconds in theirs.items() if count >= MOST_OF_THEIRS - 2}
    if theirs:
        print(
            f"issues: NegMAS's time grows {growth(theirs):.2f}-fold with each issue, "
            f"{growth(last):.2f}-fold with each of the last two"
        )


def power(times: dict[int, float], most: int = 20) -> float:
    """The slope of log time by log number of issues."""
    counts = [count for count in times if count <= most]
    return float(np.polyfit(np.log(counts), np.log([times[count] for count in counts]), 1)[0])


def growth(times: dict[int, float]) -> float:
    """The factor by which the time grows with one issue more."""
    return float(np.exp(np.polyfit(list(times), np.log(list(times.values())), 1)[0]))


def main() -> None:
    """Run both sides in turns, and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--negmas", metavar="PYTHON", help="the Python of an environment with NegMAS; left out, our side alone"
    )
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--parts", default="frontier,talks,issues")
    parser.add_argument("--most", type=int, default=max(SIZES), help="leave out domains with more outcomes")
    parser.add_argument("--shared", type=int, default=5, help="worlds that NegMAS plays in each run")
    parser.add_argument("--side", nargs=2, metavar="FILE", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.side:
        sys.path.insert(0, str(TOP))
        task = json.loads(Path(asked.side[0]).read_text())
        Path(asked.side[1]).write_text(json.dumps(OURS[task["task"]](task)))
        return
    with tempfile.TemporaryDirectory() as folder:
        match = Match(asked.negmas, Path(folder))
        parts = asked.parts.split(",")
        if "frontier" in parts:
            compare_frontiers(match, asked.runs, asked.most)
        if "talks" in parts:
            compare_talks(match, asked.runs, asked.most, asked.shared)
        if "issues" in parts:
            compare_issues(match, asked.runs, asked.shared)


if __name__ == "__main__":
    main()
