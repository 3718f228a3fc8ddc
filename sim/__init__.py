"""Parley plays out peace negotiations: declared red lines, rules and a reason for every no.

The names below are the public ones (`docs/reference/python.md`). Each is loaded when it is first used, so that
`import sim` takes no time. No module of the package imports from here.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.analysis.counterfactuals.flip import flip as flip
    from sim.analysis.discovery.discover import discover as discover
    from sim.analysis.judging.compare import compare as compare
    from sim.analysis.judging.sources import sources as sources
    from sim.analysis.judging.verdict_table import verdict_table as verdict_table
    from sim.analysis.judging.verdicts import verdicts as verdicts
    from sim.analysis.judging.why import why as why
    from sim.analysis.outcomes.outcomes import outcomes as outcomes
    from sim.analysis.runner.executors import crew as crew
    from sim.analysis.sensitivity.sensitivity import sensitivity as sensitivity
    from sim.analysis.stability.stability import stability as stability
    from sim.api import ensemble as ensemble
    from sim.api import load_case as load_case
    from sim.api import load_scenario as load_scenario
    from sim.api import play as play
    from sim.api import scenarios as scenarios
    from sim.api import sweep as sweep
    from sim.api import worlds as worlds
    from sim.case.models import Case as Case
    from sim.case.models import Scenario as Scenario
    from sim.errors import CaseError as CaseError
    from sim.errors import ParleyError as ParleyError
    from sim.errors import UsageError as UsageError
    from sim.negotiation.agents import Negotiator as Negotiator
    from sim.negotiation.model import DeliberationModel as DeliberationModel

_MODULES = {
    "analysis.counterfactuals.flip": ["flip"],
    "analysis.discovery.discover": ["discover"],
    "analysis.judging.compare": ["compare"],
    "analysis.judging.sources": ["sources"],
    "analysis.judging.verdict_table": ["verdict_table"],
    "analysis.judging.verdicts": ["verdicts"],
    "analysis.judging.why": ["why"],
    "analysis.outcomes.outcomes": ["outcomes"],
    "analysis.runner.executors": ["crew"],
    "analysis.sensitivity.sensitivity": ["sensitivity"],
    "analysis.stability.stability": ["stability"],
    "api": ["ensemble", "load_case", "load_scenario", "play", "scenarios", "sweep", "worlds"],
    "case.models": ["Case", "Scenario"],
    "errors": ["CaseError", "ParleyError", "UsageError"],
    "negotiation.agents": ["Negotiator"],
    "negotiation.model": ["DeliberationModel"],
}
_HOMES = {name: f"sim.{module}" for module, names in _MODULES.items() for name in names}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
