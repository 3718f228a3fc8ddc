"""What is known: issues, packages, conditions, actors, claims, numbers, scenario; the loader."""

from sim.case.loader import build_case, load_case
from sim.case.models import Adjustment, Case, Package, Scenario
from sim.case.packages import package
from sim.case.reading.yaml_documents import parse_value

__all__ = [
    "Adjustment",
    "Case",
    "Package",
    "Scenario",
    "build_case",
    "load_case",
    "package",
    "parse_value",
]
