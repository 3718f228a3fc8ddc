"""What is known: issues, packages, conditions, actors, claims, numbers, scenario; the loader."""

from sim.case.documents import parse_value
from sim.case.loader import build_case, load_case
from sim.case.packages import package
from sim.case.shapes import Adjustment, Case, Package, Scenario

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
