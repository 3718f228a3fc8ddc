"""The numbers of a case as controls of the page, grouped by owner: range, step, source; as plain data."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from sim.analysis.counterfactuals.parameters import Parameter
from sim.case.distributions import NEVER
from sim.case.models import Case
from sim.engine.measures import HIGHEST
from sim.lab.scenario_state import LoadedScenario

STEPS = 100
"""Approximate number of steps of a slider."""
ROUND = (1, 2, 5, 10)
"""Leading digits of a round step."""
SECTIONS = {
    "reservation": "reservation",
    "preferences": "preferences",
    "scores": "preferences",
    "weighs": "weighs",
    "red_lines": "red_lines",
    "aspiration": "tactics",
    "audience_cost": "tactics",
    "capacities": "capacities",
}
"""Part of an actor's path to the heading of its group of numbers."""
Plain = dict[str, Any]


def groups(loaded: LoadedScenario) -> list[Plain]:
    """Return all numbers of a scenario by owner: the actors first, then their context."""
    case = loaded.base.case
    numbers = loaded.numbers.values()
    highest_price = max((number.high for number in numbers if number.never and number.width), default=float(HIGHEST))
    by_owner: dict[str, dict[str, list[Plain]]] = {}
    for path, number in loaded.numbers.items():
        steps = path.split(".")
        owner = steps[1] if steps[0] == "actors" else steps[0]
        section = SECTIONS[steps[2]] if steps[0] == "actors" else ("" if steps[0] == "durability" else steps[1])
        control = _control(case, number, highest_price)
        by_owner.setdefault(owner, {}).setdefault(section, []).append(control)
    return [
        {
            "owner": owner,
            "actor": case.actors.get(owner),
            "sections": by_owner[owner],
            "count": sum(map(len, by_owner[owner].values())),
        }
        for owner in [*case.actors, *(owner for owner in by_owner if owner not in case.actors)]
        if owner in by_owner
    ]


def _control(case: Case, number: Parameter, highest_price: float) -> Plain:
    entry = number.entry
    low, high = (0.0, highest_price) if number.range == "none" else (number.low, number.high)
    present = number.present
    low, high = (low, high) if math.isinf(present) else (min(low, present), max(high, present))
    step = _step(high - low)
    owner = number.path.split(".")[1]
    own_name = owner in case.actors and entry["says"] == case.actors[owner].name
    return {
        "path": number.path,
        "id": f"n-{number.path.replace('.', '-')}",
        "says": None if own_name else entry["says"],
        "what": number.what,
        "unit": number.unit,
        "base": NEVER if math.isinf(present) else f"{present:.10g}",
        "low": low,
        "high": high,
        "step": step,
        "least": number.least,
        "most": number.most,
        "never": number.never,
        "declared": _declared(case, number.path),
        "range": number.range,
        "written": entry["written"],
        "kind": entry["kind"],
        "assumption": entry["assumption"],
        "note": entry["note"],
        "claims": [{"id": id_, "text": case.claims[id_].text} for id_ in entry["source"] if id_ in case.claims],
    }


def _declared(case: Case, path: str) -> Mapping[str, Any] | None:
    """Return path and value of a red line's public declaration, for the path of its price; else None."""
    match path.split("."):
        case ["actors", actor, "red_lines", rule, "price"]:
            [line] = [line for line in case.actors[actor].red_lines if line.rule == rule]
            return {"path": f"actors.{actor}.red_lines.{rule}.declared", "base": line.declared}
        case _:
            return None


def _step(width: float) -> float:
    """Return a round step that divides a width into about `STEPS` parts.

    >>> _step(60), _step(1), _step(10000), _step(0)
    (0.5, 0.01, 100.0, 1.0)
    """
    if width <= 0:
        return 1.0
    size = 10.0 ** math.floor(math.log10(width / STEPS))
    step = max(digit for digit in ROUND if digit * size <= width / STEPS * (1 + 1e-9)) * size
    return float(f"{step:.6g}")
