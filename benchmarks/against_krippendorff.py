"""Ask the package `krippendorff` for its alphas on drawn codings, and keep them for the tests.

The package is under the GPL, so it is no part of Parley and of no extra; this script needs it (`pip install
krippendorff==0.9.0`), and nothing of ours, so it runs in an environment of its own:
``python benchmarks/against_krippendorff.py``. The test `tests/analysis/test_krippendorff.py` then holds our alphas
equal.
"""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path

import krippendorff
import numpy as np

KEPT = Path(__file__).parents[1] / "tests" / "analysis" / "data" / "alpha.json"
SHEETS, SEED = 40, 5
MISSING = -1


def sheet(draw: np.random.Generator) -> np.ndarray:
    """Codings of some units by some coders: mostly what is true of the unit, at times another value, or none."""
    coders, units, values = (int(draw.integers(*ends)) for ends in ((2, 6), (4, 30), (2, 6)))
    true = draw.integers(0, values, units)
    astray = draw.random((coders, units)) < draw.uniform(0, 0.6)
    codes = np.where(astray, draw.integers(0, values, (coders, units)), true)
    return np.where(draw.random((coders, units)) < draw.uniform(0, 0.4), MISSING, codes)


def main() -> None:
    """Draw the codings, ask for their alphas, keep both."""
    draw = np.random.default_rng(SEED)
    kept = []
    while len(kept) < SHEETS:
        codes = sheet(draw)
        data = np.where(codes == MISSING, np.nan, codes.astype(float))
        try:
            alphas = {
                level: float(krippendorff.alpha(reliability_data=data, level_of_measurement=level))
                for level in ("nominal", "ordinal")
            }
        except ValueError:  # nothing varies
            continue
        kept.append({"codes": codes.tolist(), **alphas})
    told = {"krippendorff": version("krippendorff"), "sheets": kept}
    KEPT.write_text(json.dumps(told, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{len(kept)} sheets, alphas of krippendorff {told['krippendorff']}: {KEPT}")


if __name__ == "__main__":
    main()
