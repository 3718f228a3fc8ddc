"""The data on which our boxes are compared with those of the EMA Workbench.

``python -m tests.analysis.prim_data`` makes the data anew; ``benchmarks/against_ema.py`` then asks the Workbench.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from sim.analysis.discovery.boxes import DiscoveryData
from sim.analysis.discovery.discover import draw_worlds
from sim.analysis.sensitivity.model_outputs import model_output
from sim.engine.worlds import Worlds
from sim.negotiation.scenario_loader import load_scenario

FOLDER = Path(__file__).parent / "data"
NAMES = ("concessions", "choices")
HITS = "hits"
WORLDS, DIGITS = 900, 6
SCENARIO = Path(__file__).parents[2] / "scenarios" / "ukraine_2025" / "force_with_concessions.yaml"
COLUMNS = [
    "actors.russia.red_lines.western_troops.price",
    "actors.russia.reservation.base",
    "actors.russia.preferences.sphere_of_influence.points",
    "actors.russia.preferences.hold_recognised.points",
    "actors.ukraine.reservation.base",
    "actors.ukraine.weighs.durability.weight",
    "actors.france.preferences.against_a_declared_line.points",
    "measures.deterrence.rules.tripwire.points",
    "context.front_momentum.start",
    "durability.scale",
]


def read(name: str) -> DiscoveryData:
    """One of the data sets; a column of anything but numbers is one of choices."""
    with (FOLDER / f"prim_{name}.csv").open(encoding="utf-8") as stream:
        head, *rows = csv.reader(stream)
    columns = dict(zip(head, zip(*rows, strict=True), strict=True))
    hits = np.array(columns.pop(HITS)) == "1"
    numbers = {one: np.array(values, dtype=float) for one, values in columns.items() if _numeric(values)}
    return DiscoveryData(
        numbers, {one: np.array(values) for one, values in columns.items() if one not in numbers}, hits
    )


def _numeric(values: Iterable[str]) -> bool:
    try:
        return bool([float(value) for value in values])
    except ValueError:
        return False


def concessions() -> dict[str, list[str]]:
    """Worlds of a scenario that is agreed in a tenth of them, with some of the numbers drawn, one of them a choice."""
    scenario = load_scenario(SCENARIO)
    [table] = draw_worlds(scenario, model_output(scenario), WORLDS, 0)
    worlds = Worlds(scenario.case, table)
    told = {path: [f"{value:.{DIGITS}g}" for value in worlds.number(path)] for path in COLUMNS}
    told[COLUMNS[0]] = ["never" if value == "inf" else "for sixty" for value in told[COLUMNS[0]]]
    return told | {HITS: [f"{hit:.0f}" for hit in model_output(scenario)(table)]}


def choices() -> dict[str, list[str]]:
    """Numbers with many ties, two of choices, and a box in them with a tenth of exceptions."""
    rng = np.random.default_rng(0)
    x, y, z = np.round(rng.random((3, WORLDS)), 1), np.round(rng.normal(size=WORLDS), 1), rng.random(WORLDS)
    colour, side = rng.choice(["red", "green", "blue", "grey"], WORLDS), rng.choice(["left", "right"], WORLDS)
    hits = (x[0] > 0.35) & (y < 0.8) & (colour != "red") & (side == "left")
    hits ^= rng.random(WORLDS) < 0.1
    numbers = {"x": x[0], "flat": np.ones(WORLDS), "y": y, "w": x[1], "z": np.round(z, DIGITS)}
    told = {name: [f"{value:g}" for value in values] for name, values in numbers.items()}
    return told | {"colour": colour.tolist(), "side": side.tolist(), HITS: [f"{int(hit)}" for hit in hits]}


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, made in (("concessions", concessions()), ("choices", choices())):
        with (FOLDER / f"prim_{name}.csv").open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(made)
            writer.writerows(zip(*made.values(), strict=True))
