"""The numbers of a case as controls: a range, a source, and a place among those of their owner; as plain data."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from sim.analysis.counterfactuals.parameters import Parameter
from sim.case.distributions import NEVER
from sim.case.models import Case
from sim.engine.measures import HIGHEST
from sim.lab.scenario_state import LoadedScenario

STEPS = 100
"""A slider has about so many steps."""
ROUND = (1, 2, 5, 10)
SECTIONS = {
    "reservation": "reservation",
    "preferences": "preferences",
    "weighs": "weighs",
    "red_lines": "red_lines",
    "aspiration": "tactics",
    "audience_cost": "tactics",
    "capacities": "capacities",
}
"""Parts of an actor's path to the heading under which its numbers stand."""
Plain = dict[str, Any]


def groups(loaded: LoadedScenario) -> list[Plain]:
    """All numbers as they stand in the scenario, by their owners; actors first, then the world around them."""
    case = loaded.base.case
    highest_price = max((one.high for one in loaded.numbers.values() if one.never and one.width), default=float(HIGHEST))
    found: dict[str, dict[str, list[Plain]]] = {}
    for path, number in loaded.numbers.items():
        steps = path.split(".")
        owner = steps[1] if steps[0] == "actors" else steps[0]
        section = SECTIONS[steps[2]] if steps[0] == "actors" else ("" if steps[0] == "durability" else steps[1])
        control = _control(case, number, highest_price)
        found.setdefault(owner, {}).setdefault(section, []).append(control)
    return [
        {
            "owner": owner,
            "actor": case.actors.get(owner),
            "sections": found[owner],
            "count": sum(map(len, found[owner].values())),
        }
        for owner in [*case.actors, *(one for one in found if one not in case.actors)]
        if owner in found
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
        "claims": [{"id": one, "text": case.claims[one].text} for one in _known(entry["source"], case)],
    }


def _known(claims: Iterable[str], case: Case) -> list[str]:
    return [one for one in claims if one in case.claims]


def _declared(case: Case, path: str) -> Mapping[str, Any] | None:
    """For the price of a red line: whether it is declared in public, which may be changed too."""
    match path.split("."):
        case ["actors", actor, "red_lines", rule, "price"]:
            [line] = [one for one in case.actors[actor].red_lines if one.rule == rule]
            return {"path": f"actors.{actor}.red_lines.{rule}.declared", "base": line.declared}
        case _:
            return None


def _step(width: float) -> float:
    """A round step that makes about `STEPS` of a width.

    >>> _step(60), _step(1), _step(10000), _step(0)
    (0.5, 0.01, 100.0, 1.0)
    """
    if width <= 0:
        return 1.0
    size = 10.0 ** math.floor(math.log10(width / STEPS))
    step = max(one for one in ROUND if one * size <= width / STEPS * (1 + 1e-9)) * size
    return float(f"{step:.6g}")
