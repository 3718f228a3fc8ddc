"""The numbers of one world as the engine draws them, for the slow model."""

from __future__ import annotations

from sim.case.models import Case
from sim.engine.worlds import Uniforms, Worlds
from tests.reference import Number, exact, rounded

FACTORS = (".scale", ".volatility", ".aspiration.e", ".weight")
"""Endings of the paths of numbers that are not summed, and so are not rounded."""


def numbers(case: Case, uniforms: Uniforms, world: int = 0) -> dict[str, Number]:
    """Every number of the case in one world, rounded as the model rounds what it adds (decision 0001)."""
    drawn = Worlds(case, uniforms)
    columns = {path: drawn.number(path) for path in case.numbers}
    return {path: as_used(path, float(one[world if len(one) > 1 else 0])) for path, one in columns.items()}


def as_used(path: str, value: float) -> Number:
    """A number as an exact fraction: rounded to millionths, unless it is a factor."""
    return exact(value) if path.endswith(FACTORS) or ".slopes." in path else rounded(exact(value))
