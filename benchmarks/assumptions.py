"""Joint variation: how the answers move if all numbers without a source move at once (`docs/explanation/reviewers.md`).

    python benchmarks/assumptions.py [FOLDER] [--worlds 200] [--seed 0] [--only NAME ...]

FOLDER holds scenarios; the default is all bundled ones. Each scenario is played in five sets of worlds:

- *files*: every uncertain number is drawn from its distribution, as in an ensemble;
- *no claim*: the same, but all numbers that no claim supports are drawn uniformly through their ranges at once;
- *no claim, doubled*: the same with ranges twice as wide, around the same middle; and numbers that are plain in the
  files, and so have no range there, are drawn through the range that `flip` gives them: from 0 to twice their value, or
  a quarter of its scale on either side of a level;
- *assumed*: also the numbers whose size is an assumption although a claim supports them;
- *assumed, doubled*: both.

Numbers that the scenario itself sets stay as it sets them. A price that may be `never` keeps its odds. Numbers tied by
`same_as` move together. The output is Markdown: how many worlds agree, and who blocks in at least half of the others.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

import sim
from sim import case_paths
from sim.analysis.counterfactuals.parameters import Parameter, parameters_of
from sim.analysis.judging.sources import rests_on_a_change
from sim.case.models import Scenario
from sim.engine.worlds import GivenValues, Streams, Uniforms
from sim.negotiation.record.history import Outcome, Run
from sim.negotiation.run import play

SETS = {
    "files": None,
    "no claim": (False, 1),
    "no claim, doubled": (False, 2),
    "assumed": (True, 1),
    "assumed, doubled": (True, 2),
}
"""Name of a set of worlds to whether numbers that a claim supports vary too, and by how much their ranges widen."""
SHOWN = 0.5
"""An actor that blocks in at least this share of the worlds without an agreement is named."""


def varied(scenario: Scenario, in_part: bool) -> dict[str, Parameter]:
    """Return the numbers that rest on an assumption alone, or also those that rest on one in part."""
    return {
        path: number
        for path, number in parameters_of(scenario).items()
        if number.has_own_draw
        and number.entry["assumption"]
        and (in_part or not number.entry["source"])
        and not rests_on_a_change(path, scenario.changes)
    }


@dataclass(frozen=True)
class Widened(GivenValues):
    """Worlds in which some numbers are given, and all others and the monthly shocks are drawn as in the files."""

    streams: Streams

    def column(self, name: str) -> NDArray[np.float64]:
        return self.streams.column(name)


def drawn(scenario: Scenario, numbers: Mapping[str, Parameter], wider: float, streams: Streams) -> Widened:
    """Draw numbers uniformly through their widened ranges, within the bounds of a file."""
    values: dict[str, NDArray[np.float64]] = {}
    for path, number in numbers.items():
        plain = number.range == "declared"
        if plain and wider == 1:
            continue
        uniforms = streams.column(path)
        middle, half = (number.low + number.high) / 2, (1 if plain else wider) * number.width / 2
        spread = np.clip(middle - half + 2 * half * uniforms, number.least, number.most if not number.never else np.inf)
        if number.never:
            asked = scenario.case.numbers[path].distribution.quantile(streams.column(f"{path}.never"))
            spread = np.where(np.isinf(asked), math.inf, spread)
        values[path] = spread
    return Widened(values, streams.count, streams)


def blockers(run: Run) -> dict[str, float]:
    """Return actor to the share of the worlds without an agreement in which it blocks at the end."""
    failed = run.outcome != Outcome.AGREED
    if not failed.any():
        return {}

    def share(actor: str) -> float:
        return float(run.at_end(lambda month: month.evaluation.blocks(actor))[failed].mean())

    return {name: share(name) for name in run.scenario.case.actors}


def cell(run: Run) -> str:
    """How many worlds agree, and who blocks the others."""
    often = sorted(((share, name) for name, share in blockers(run).items() if share >= SHOWN), reverse=True)
    return f"{(run.outcome == Outcome.AGREED).sum()} {', '.join(name for _, name in often)}".strip()


def main() -> None:
    """Play and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=case_paths.bundled(), help="a folder with scenarios")
    parser.add_argument("--worlds", type=int, default=200, help="worlds of each set")
    parser.add_argument("--seed", type=int, default=0, help="of the worlds")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="these scenarios alone")
    arguments = parser.parse_args()
    streams = Streams(arguments.seed, arguments.worlds)
    shares: dict[str, list[float]] = {name: [] for name in SETS}
    same: dict[str, int] = dict.fromkeys(SETS, 0)
    print(f"| scenario | numbers | {' | '.join(SETS)} |")
    print("| --- " * (len(SETS) + 2) + "|")
    for path in case_paths.scenarios(arguments.folder):
        scenario = sim.load_scenario(path)
        if arguments.only and scenario.id not in arguments.only:
            continue
        numbers = {in_part: varied(scenario, in_part) for in_part in (False, True)}
        cells, often = [], {}
        for name, chosen in SETS.items():
            uniforms: Uniforms = streams
            if chosen is not None:
                uniforms = drawn(scenario, numbers[chosen[0]], chosen[1], streams)
            run = play(scenario, uniforms=uniforms)
            shares[name].append(float((run.outcome == Outcome.AGREED).mean()))
            often[name] = {actor for actor, share in blockers(run).items() if share >= SHOWN}
            same[name] += often[name] == often["files"]
            cells.append(cell(run))
        counts = f"{len(numbers[False])} / {len(numbers[True])}"
        print(f"| `{scenario.id}` | {counts} | {' | '.join(cells)} |", flush=True)
    print("\n| set | agreed | largest change | rank correlation | same blockers |")
    print("| --- " * 5 + "|")
    base = np.array(shares["files"])
    for name, found in shares.items():
        change = np.abs(np.array(found) - base).max()
        rank = float(spearmanr(base, found).statistic) if len(base) > 1 else math.nan
        print(
            f"| {name} | {np.mean(found):.1%} | {100 * change:.0f} points | {rank:.2f} | {same[name]} of {len(base)} |"
        )


if __name__ == "__main__":
    main()
