"""How fast the engine judges, against a plain product of matrices of the same size in single precision.

    python benchmarks/inner.py [--worlds 10000] [--runs 7]

What is counted is the utility of a text for an actor in a world: of all texts within reach of the headline scenario,
for each actor, in each world. All run on one thread, in this process, in turn, in the same blocks of worlds, and by
processor time; the median ratios are to be quoted.

- The product: the sums of the same rules as plain products (world, rule) @ (rule, text) in float32, by `np.matmul` into
  an array that is there already: one for the preferences of each actor, one for the rules of each measure. Measures
  then cost nothing more: no bounds, no durability, no weights; and there are no red lines and no reservation values.
- The leanest product: of the preferences and the weights of each actor alone, as if measures came from elsewhere.
- Our utilities: measures and durability under the context of a month, and each actor's surplus, in double precision;
  texts that are the same to an actor are one column, which each of them points to.
- Written out: the same, and the surplus of every text for every actor in every world as an array of its own.
- Judged: utilities, then everybody's verdict on every text, and what the consent rules make of it.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from sim import case_paths
from sim.engine.allocator import keep_at_hand
from sim.engine.drawn_parameters import DrawnParameters
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.responses import hear
from sim.engine.rule_matrix import NOBODY, CompiledRules
from sim.engine.shared_columns import columns
from sim.engine.worlds import Streams, Worlds
from sim.negotiation.context import in_worlds, start
from sim.negotiation.drafting.amendments import BLOCK, one_thread
from sim.negotiation.drafting.candidate_sets import CandidateList
from sim.negotiation.scenario_loader import load_scenario

SCENARIO = "european_force"
ASKED = 0.5


def within_reach(space: OutcomeSpace, first: np.ndarray, negotiable: tuple[str, ...], terms: int) -> np.ndarray:
    """Return (text,) int, the codes of all texts that amendments can lead to, sorted."""
    known, new = space.codes(first[None]), first[None]
    while len(new):
        around, there = space.around(new, negotiable, terms)
        codes = np.unique(space.codes(around.reshape(len(around), -1).T)[there.ravel()])
        fresh = np.setdiff1d(codes, known)
        known, new = np.union1d(known, fresh), space.texts(fresh)
    return known


def seconds(work: Callable[[], None]) -> float:
    """Return processor seconds."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def product(rules: list[int], blocks: list[slice], texts: int) -> Callable[[], None]:
    """Return what multiplies, for so many rules each, numbers of the worlds by what holds in the texts."""
    draw, worlds = np.random.default_rng(0), blocks[-1].stop
    points = [draw.random((worlds, count), dtype=np.float32) for count in rules]
    holds = [draw.integers(0, 2, (count, texts)).astype(np.float32) for count in rules]
    out = np.empty((blocks[0].stop, texts), dtype=np.float32)

    def multiply() -> None:
        for block in blocks:
            for point, hold in zip(points, holds, strict=True):
                np.matmul(point[block], hold, out=out[: block.stop - block.start])

    return multiply


def main() -> None:
    """Run both in turn, and print rates and ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--worlds", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=7)
    asked = parser.parse_args()
    keep_at_hand()
    scenario = load_scenario(case_paths.find(SCENARIO))
    case, protocol, space = scenario.case, scenario.protocol, OutcomeSpace(scenario.case)
    codes = within_reach(space, space.encode(scenario.proposal), protocol.negotiable, protocol.amend_terms)
    candidate_set = CandidateList(space, CompiledRules(case), codes)
    worlds = Worlds(case, Streams(0, asked.worlds))
    drawn_parameters, context = DrawnParameters.draw(worlds), start(worlds)
    size = BLOCK // len(codes)
    blocks = [slice(first, min(first + size, asked.worlds)) for first in range(0, asked.worlds, size)]

    weighing = [len(actor.preferences) + len(actor.weighs) for actor in case.actors.values()]
    rules = [len(actor.preferences) for actor in case.actors.values()]
    rules += [len(measure.rules) for measure in case.measures.values()]

    def ours(written: bool) -> None:
        for block in blocks:
            here = drawn_parameters.only(block)
            situation = here.situation(candidate_set.grouped, in_worlds(context, block), 1, protocol.months)
            for respondent in candidate_set.grouped.respondents(here.actor_parameters):
                surplus = respondent.appraise(situation).surplus
                if written:
                    columns(surplus, respondent.actor_columns.each[NOBODY])

    def judged() -> None:
        for block in blocks:
            here = drawn_parameters.only(block)
            situation = here.situation(candidate_set.grouped, in_worlds(context, block), 1, protocol.months)
            hear(case, candidate_set.grouped.respondents(here.actor_parameters), candidate_set.grouped, situation)

    works = {
        "product": product(rules, blocks, len(codes)),
        "leanest product": product(weighing, blocks, len(codes)),
        "utilities": partial(ours, written=False),
        "written out": partial(ours, written=True),
        "judged": judged,
    }
    count = len(case.actors) * len(codes) * asked.worlds
    rates: dict[str, list[float]] = {name: [] for name in works}
    with one_thread():
        for work in works.values():
            work()
        for _ in range(asked.runs):
            for name, work in works.items():
                rates[name].append(count / seconds(work) / 1e6)
    print(f"{len(case.actors)} actors, {len(codes)} texts, {asked.worlds:,} worlds, {asked.runs} runs")
    print("utilities in millions a CPU-second:")
    for name, seen in rates.items():
        print(f"{name:16} median {statistics.median(seen):6,.0f}   from {min(seen):6,.0f} to {max(seen):6,.0f}")
    for one in ("utilities", "written out", "judged"):
        for other in ("product", "leanest product"):
            ratios = [ours / plain for ours, plain in zip(rates[one], rates[other], strict=True)]
            print(f"{one} / {other}: median {statistics.median(ratios):.2f}, {min(ratios):.2f} to {max(ratios):.2f}")
    print(f"(utilities / product: at least {ASKED} asked)")


if __name__ == "__main__":
    main()
