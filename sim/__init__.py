"""Parley plays out peace negotiations: declared red lines, rules and a reason for every no.

The names below are the public ones (`docs/reference/python.md`); each is loaded when it is first asked for, so that
`import sim` takes no time. The rooms of the package never import from here.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.analysis.counterfactuals.flip import flip
    from sim.analysis.discovery.discover import discover
    from sim.analysis.judging.compare import compare
    from sim.analysis.judging.sources import sources
    from sim.analysis.judging.verdicts import verdicts
    from sim.analysis.judging.why import why
    from sim.analysis.outcomes.outcomes import outcomes
    from sim.analysis.runner.executors import crew
    from sim.analysis.sensitivity.sensitivity import sensitivity
    from sim.api import ensemble, load_case, load_scenario, play, scenarios, sweep, worlds
    from sim.case.models import Case, Scenario
    from sim.errors import CaseError, ParleyError, UsageError
    from sim.negotiation.model import DeliberationModel

__all__ = [
    "Case",
    "CaseError",
    "DeliberationModel",
    "ParleyError",
    "Scenario",
    "UsageError",
    "compare",
    "crew",
    "discover",
    "ensemble",
    "flip",
    "load_case",
    "load_scenario",
    "outcomes",
    "play",
    "scenarios",
    "sensitivity",
    "sources",
    "sweep",
    "verdicts",
    "why",
    "worlds",
]

_HOMES = {
    "Case": "sim.case.models",
    "CaseError": "sim.errors",
    "DeliberationModel": "sim.negotiation.model",
    "ParleyError": "sim.errors",
    "Scenario": "sim.case.models",
    "UsageError": "sim.errors",
    "crew": "sim.analysis.runner.executors",
    **dict.fromkeys(("ensemble", "load_case", "load_scenario", "play", "scenarios", "sweep", "worlds"), "sim.api"),
    **{
        name: f"sim.analysis.{name}"
        for name in ("compare", "discover", "flip", "outcomes", "sensitivity", "sources", "verdicts", "why")
    },
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
