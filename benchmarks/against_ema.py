"""Ask the EMA Workbench for its boxes on the data of the tests, and keep them beside the data.

It needs the Workbench (`pip install ema_workbench==2.5.3`), and nothing of ours, so it runs in an environment of its
own: ``python benchmarks/against_ema.py``. The test `tests/analysis/test_prim.py` then holds our boxes equal to them.
"""

from __future__ import annotations

import json
import logging
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
from ema_workbench.analysis import prim

FOLDER = Path(__file__).parents[1] / "tests" / "analysis" / "data"
HITS = "hits"
BOXES = 2
THRESHOLD = 0.01
"""Below any box's density, so that the Workbench keeps every box that it finds."""


def limits(box: pd.DataFrame, quasi_p: dict[str, list[float]]) -> dict[str, dict[str, list[object]]]:
    """The bounds of one box, and the quasi-p value of each."""
    told: dict[str, dict[str, list[object]]] = {}
    for name, values in quasi_p.items():
        bounds = box[name].tolist()
        categorical = isinstance(bounds[0], set)
        told[name] = {"limits": sorted(bounds[0]) if categorical else bounds, "quasi_p": values}
    return told


def boxes(path: Path) -> list[list[dict[str, object]]]:
    """The trajectories of the first boxes on one data set, with the Workbench's defaults."""
    data = pd.read_csv(path)
    search = prim.Prim(data.drop(columns=HITS), data[HITS].to_numpy(), threshold=THRESHOLD)
    found = []
    for _ in range(BOXES):
        box = search.find_box()
        steps = box.peeling_trajectory.to_dict("records")
        found.append(
            [
                {
                    **{key: float(step[key]) for key in ("coverage", "density", "mass")},
                    **{key: int(step[key]) for key in ("res_dim", "n", "k")},
                    "limits": limits(lims, quasi_p),
                }
                for step, lims, quasi_p in zip(steps, box.box_lims, box.qp, strict=True)
            ]
        )
    return found


def plain(value: object) -> object:
    """A NumPy number as Python's own."""
    assert isinstance(value, np.generic)
    return value.item()


if __name__ == "__main__":
    logging.disable()
    for path in sorted(FOLDER.glob("prim_*.csv")):
        started = time.process_time()
        found = boxes(path)
        seconds = time.process_time() - started
        kept = {"ema_workbench": version("ema_workbench"), "boxes": found}
        path.with_suffix(".ema.json").write_text(json.dumps(kept, indent=1, default=plain) + "\n", encoding="utf-8")
        print(f"{path.name}: {[len(steps) for steps in found]} boxes on the way, {seconds:.2f} s of CPU")
