"""The numbers of one world as the engine draws them, for the slow model."""

from __future__ import annotations

import math

from sim.case.models import Case
from sim.engine.worlds import Uniforms, Worlds
from tests.reference import FACTORS, POINTS, rounded

AS_DRAWN = (".scale", ".drift", ".volatility", ".aspiration.e")
"""Numbers that are no summands: they are not taken to a grid."""


def numbers(case: Case, uniforms: Uniforms, world: int = 0) -> dict[str, float]:
    """Every number of the case in one world, on the grids on which the model adds (decision 0001)."""
    drawn = Worlds(case, uniforms)
    columns = {path: drawn.number(path) for path in case.numbers}
    return {path: on_its_grid(path, float(one[world if len(one) > 1 else 0])) for path, one in columns.items()}


def on_its_grid(path: str, value: float) -> float:
    """Round a number as the model does: measures and what multiplies them are factors, the rest are points."""
    if math.isinf(value) or path.endswith(AS_DRAWN):
        return value
    factor = path.startswith(("context.", "measures.")) or ".slopes." in path or path.endswith(".weight")
    return rounded(value, FACTORS if factor else POINTS)
