"""Cases that NegMAS can say, for the tests of the exchange and for what NegMAS itself made of them.

``python -m tests.analysis.exchanged /path/to/python`` writes that again, with the Python of an environment in which
NegMAS is installed: each case is exported, and NegMAS says what every outcome is worth to every actor.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from sim import case_paths
from sim.analysis.interchange.export_negmas import export
from sim.case.loader import build_case
from sim.case.models import Case
from sim.negotiation.scenario_loader import load_scenario

ROOT = Path(__file__).parents[2]
KEPT = Path(__file__).parent / "kept" / "negmas.json"
WHY = {"assumption": "A test."}


def rule(name: str, when: dict[str, Any], points: float) -> dict[str, Any]:
    return {"rule": name, "says": name, "when": when, "points": points, **WHY}


def village() -> Case:
    """Every kind of condition, a measure, prices, an audience cost, slopes, and options of which two form a range."""
    return build_case(
        {
            "id": "village",
            "title": "A village and its mill",
            "question": "Who runs it?",
            "claims": {},
            "issues": {
                "mill": {"says": "The mill", "options": ["no", "miller", "all", 3], "default": "no", **WHY},
                "days": {"says": "Days", "options": [7, 1, 2, 4], "default": 1, **WHY},
                "toll": {"says": "Toll", "options": [0, 0.5, 2.25], "default": 0, **WHY},
            },
            "context": {"hunger": {"says": "Hunger", "start": 0.5, "drift": 0.1, **WHY}},
            "measures": {
                "bread": {
                    "says": "Bread",
                    "base": 10,
                    **WHY,
                    "rules": [rule("many", {"days": ">=4"}, 30), rule("shared", {"mill": "all", "toll": 0}, 20.125)],
                }
            },
            "consent": [{"rule": "all", "says": "All", "needs": ["miller", "smith"], **WHY}],
            "actors": {
                "miller": {
                    "name": "The miller",
                    "role": "party",
                    "brief": "It is his.",
                    "reservation": {"base": 3, **WHY, "slopes": [{"context": "hunger", "points": -4, **WHY}]},
                    "preferences": [
                        rule("always", {}, 1.5),
                        rule("his", {"mill": ["no", "miller"], "days": "!=2"}, 7.1),
                        rule("either", {"any": [{"mill": "miller"}, {"toll": ">0.5"}]}, 3),
                        rule("neither", {"not": {"mill": "all", "days": [2, 7]}}, -2),
                    ],
                    "red_lines": [
                        {
                            "rule": "not_taken",
                            "says": "Not taken",
                            "when": {"mill": "all", "toll": 0},
                            "price": 20,
                            "declared": True,
                            **WHY,
                        }
                    ],
                    "audience_cost": {"points": 5, **WHY},
                    "aspiration": {"opening": 4, "e": 1, **WHY},
                },
                "smith": {
                    "name": "The smith",
                    "role": "party",
                    "brief": "He eats bread.",
                    "reservation": {"base": 1, **WHY},
                    "preferences": [
                        rule("middle", {"days": [2, 7]}, 2),
                        rule("peace", {"declared_red_line": "miller"}, -6),
                    ],
                    "weighs": [{"measure": "bread", "weight": 0.3, **WHY}],
                },
            },
        }
    )


def flat() -> Case:
    """The flatmates, with a price for the line that nothing buys off."""
    path = case_paths.find("warm_flat")
    return load_scenario(path, {"actors.cleo.red_lines.no_cleaner.price": 40}).case


CASES = {"village": village, "flat": flat}


def main(python: str) -> None:
    """Let NegMAS read what is exported, and keep what it says."""
    kept = {}
    for name, case in CASES.items():
        with tempfile.TemporaryDirectory() as folder:
            for file, text in export(case()).files.items():
                (Path(folder) / file).write_text(text, encoding="utf-8")
            task, made = Path(folder) / "task.json", Path(folder) / "made.json"
            task.write_text(json.dumps({"task": "utilities", "folder": folder}))
            subprocess.run([python, ROOT / "benchmarks" / "negmas_side.py", task, made], check=True)
            kept[name] = json.loads(made.read_text())
    KEPT.write_text(json.dumps(kept) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
