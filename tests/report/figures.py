"""Two figures drawn from plain data that never changes, and their normal form, which is kept.

``python -m tests.report.figures`` draws them anew; look at them before you keep them.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from sim.report.charts.answer_figures import waterfall
from sim.report.charts.figure_style import svg
from sim.report.charts.share_figures import Share, ShareRow, intervals

KEPT = Path(__file__).parent / "kept"
LEDGER: list[dict[str, Any]] = [
    {"kind": "preference", "says": "A warm flat", "points": 12.0},
    {"kind": "measure", "says": "What it costs", "points": -7.5},
    {"kind": "reservation", "says": "What no agreement is worth to it", "points": -3.0},
    {
        "kind": "red_line",
        "says": "No strangers in the flat, whoever they are and whoever brought them in",
        "points": "never",
    },
]
HOUSE_RULES = ShareRow("House rules", (Share(0.5, 0.46, 0.54),))
PANELS = [
    ("agreed", [ShareRow("Warm flat", (Share(0.91, 0.89, 0.93),)), HOUSE_RULES]),
    ("expired", [ShareRow("Warm flat", (Share(0.09, 0.07, 0.11),)), HOUSE_RULES]),
]


def drawn() -> dict[str, str]:
    """The figures as SVG, by name."""
    return {
        "waterfall": svg(waterfall(LEDGER), "From nothing to a surplus", "Costs & gains"),
        "shares": svg(intervals(PANELS, "share of worlds"), "How worlds end", "Shares"),
    }


def normal(text: str) -> str:
    """An SVG with its ids by their order, and its numbers to a tenth of a point: what an eye could tell apart."""
    for at, name in enumerate(dict.fromkeys(re.findall(r'id="([^"]+)"', text))):
        text = re.sub(rf'(?<=["#]){re.escape(name)}(?=[")])', f"id-{at}", text)
    return re.sub(r"-?\d+\.\d+", lambda number: f"{float(number[0]) + 0.0:.1f}".replace("-0.0", "0.0"), text)


if __name__ == "__main__":
    KEPT.mkdir(exist_ok=True)
    for stem, text in drawn().items():
        (KEPT / f"{stem}.svg").write_text(normal(text), encoding="utf-8")
