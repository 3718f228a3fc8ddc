"""How talks end: every scenario of a case, at central values and in many worlds, and the deals that they miss.

    python benchmarks/talks.py [CASE] [--worlds 50] [--seed 0] [--set PATH=VALUE] [--mediator ACTOR] [--possible]

CASE is the folder of a case, or any folder of scenarios; the default is `scenarios/ukraine_2025`. Each row is one
scenario:

- *central*: how the talks end at central values, and in which month;
- *agreed, impasse, collapsed, expired*: how many worlds end so;
- *length*: the mean month of the end, as a share of the months of the protocol;
- *surplus*: the sponsor's surplus on the text that was agreed, in that month; the mean over the worlds that agree;
- *possible* and *found*, with `--possible`: in how many worlds some text that can be reached is agreed in some month,
  and in what share of these the talks agree. This reads every such text, which takes a minute for a large scenario.

`--set` changes every scenario as it does on the command line, and may be repeated: `--set protocol.patience=1`. A
change that some scenario does not know ends the benchmark with its message. The last row counts all worlds together.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import sim
from sim import case_paths, load_scenario
from sim.analysis.outcomes.zone import agreement_possible
from sim.case.models import Scenario
from sim.engine.worlds import Streams
from sim.errors import ParleyError
from sim.negotiation.record.history import Outcome
from sim.negotiation.run import play

TOP = Path(__file__).resolve().parent.parent
CASE = TOP / "scenarios" / "ukraine_2025"
ENDS = (Outcome.AGREED, Outcome.IMPASSE, Outcome.COLLAPSED, Outcome.EXPIRED)


@dataclass(frozen=True)
class Row:
    """What came of one scenario.

    Parameters
    ----------
    central, month : how the talks end at central values, and when
    ends : how many worlds agree, end in an impasse, collapse and expire
    length : the mean month of the end as a share of the protocol's months
    surplus : points, the sponsor's mean over the worlds that agree; not a number if none does
    possible, found : in how many worlds an agreement is possible, and in how many of these the talks agree; None if
        that was not computed
    """

    name: str
    central: str
    month: int
    ends: tuple[int, ...]
    length: float
    surplus: float
    possible: int | None = None
    found: int = 0


def measure(scenario: Scenario, worlds: int, seed: int, search: bool) -> Row:
    """Play one scenario."""
    nominal, drawn = play(scenario), sim.worlds(scenario, worlds, seed=seed)
    outcome = np.array(drawn["outcome"])
    agreed = outcome == Outcome.AGREED.word
    could = agreement_possible(scenario, Streams(seed, worlds)) if search else None
    return Row(
        name=scenario.id,
        central=Outcome(int(nominal.outcome[0])).word,
        month=int(nominal.ended[0]),
        ends=tuple(int((outcome == end.word).sum()) for end in ENDS),
        length=float(np.mean(drawn["months"]) / scenario.protocol.months),
        surplus=float(np.mean(np.array(drawn[f"surplus.{scenario.sponsor}"])[agreed])) if agreed.any() else math.nan,
        possible=None if could is None else int(could.sum()),
        found=0 if could is None else int((could & agreed).sum()),
    )


def together(rows: Sequence[Row]) -> Row:
    """Count all scenarios together; each weighs as much as it has worlds, or worlds that agree."""
    agreed = np.array([row.ends[0] for row in rows])
    surplus = np.array([row.surplus for row in rows])
    return Row(
        name="all",
        central=f"{sum(row.central == Outcome.AGREED.word for row in rows)} agreed",
        month=0,
        ends=tuple(np.sum([row.ends for row in rows], axis=0).tolist()),
        length=float(np.mean([row.length for row in rows])),
        surplus=float((surplus * agreed)[agreed > 0].sum() / agreed.sum()) if agreed.any() else math.nan,
        possible=None if rows[0].possible is None else sum(row.possible or 0 for row in rows),
        found=sum(row.found for row in rows),
    )


def line(row: Row, seconds: float | None = None) -> str:
    """One row of the table."""
    central = f"{row.central} {row.month}" if row.month else row.central
    ends = "".join(f"{count:>10,}" for count in row.ends)
    told = f"{row.name:<26}{central:<14}{ends}{row.length:>8.2f}{row.surplus:>9.1f}"
    if row.possible is not None:
        told += f"{row.possible:>10,}" + (f"{row.found / row.possible:>7.2f}" if row.possible else f"{'-':>7}")
    return told if seconds is None else f"{told}{seconds:>8.1f} s"


def changes(arguments: argparse.Namespace) -> dict[str, object]:
    """What `--set` and `--mediator` change, as `load_scenario` takes it."""
    found: dict[str, object] = {}
    for one in arguments.set:
        path, _, value = one.partition("=")
        try:
            found[path] = json.loads(value)
        except ValueError:
            found[path] = value
    return found | ({} if arguments.mediator is None else {"protocol.mediator": arguments.mediator})


def parsed() -> argparse.Namespace:
    """The arguments."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "case", nargs="?", type=Path, default=CASE, help="a folder with scenarios, or one scenario file"
    )
    parser.add_argument("--only", nargs="+", metavar="NAME", help="these scenarios alone, such as z1 z2")
    parser.add_argument("--worlds", type=int, default=50, help="worlds of each scenario")
    parser.add_argument("--seed", type=int, default=0, help="of the worlds")
    parser.add_argument("--set", action="append", default=[], metavar="PATH=VALUE", help="change every scenario")
    parser.add_argument("--mediator", metavar="ACTOR", help="who drafts in every scenario with a single text")
    parser.add_argument("--possible", action="store_true", help="count the worlds with a possible agreement, too")
    return parser.parse_args()


def main() -> None:
    """Measure and print."""
    arguments = parsed()
    paths = [arguments.case] if arguments.case.is_file() else case_paths.scenarios(arguments.case)
    some = [path for path in paths if not arguments.only or path.stem in arguments.only]
    heads = "".join(f"{end.word:>10}" for end in ENDS)
    more = f"{'possible':>10}{'found':>7}" if arguments.possible else ""
    print(f"{'scenario':<26}{'central':<14}{heads}{'length':>8}{'surplus':>9}{more}")
    rows = []
    for path in some:
        begun = time.perf_counter()
        given = changes(arguments)
        if load_scenario(path).protocol.name != "single_text":
            given.pop("protocol.mediator", None)  # other protocols know no mediator
        rows.append(measure(load_scenario(path, given), arguments.worlds, arguments.seed, arguments.possible))
        print(line(rows[-1], time.perf_counter() - begun), flush=True)
    if len(rows) > 1:
        print(line(together(rows)))


if __name__ == "__main__":
    try:
        main()
    except ParleyError as error:
        raise SystemExit(str(error)) from None
