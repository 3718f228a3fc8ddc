"""The numbers of one world as the engine draws them, for the slow model."""

from __future__ import annotations

from sim.case.models import Case, CountedRule
from sim.engine.worlds import Uniforms, Worlds
from tests.reference import Number, exact, rounded

FACTORS = (".scale", ".volatility", ".aspiration.e", ".weight")
"""Endings of the paths of numbers that are not summed, and so are not rounded."""


def numbers(case: Case, uniforms: Uniforms, world: int = 0) -> dict[str, Number]:
    """Every number of the case in one world, rounded as the model rounds what it adds (decision 0001)."""
    drawn = Worlds(case, uniforms)
    columns = {path: drawn.number(path) for path in case.numbers}
    per_unit = {
        rule.number
        for rules in (*case.preferences.values(), *case.measure_rules.values(), *sending(case))
        for rule in rules
        if rule.per is not None
    }
    return {
        path: as_used(path, float(one[world if len(one) > 1 else 0]), path in per_unit) for path, one in columns.items()
    }


def sending(case: Case) -> list[tuple[CountedRule, ...]]:
    """The rules on sending any resource, by actor and resource."""
    return [rules for resources in case.sending_rules.values() for rules in resources.values()]


def as_used(path: str, value: float, per_unit: bool = False) -> Number:
    """A number as an exact fraction: rounded to millionths, unless it is a factor."""
    factor = per_unit or path.endswith(FACTORS) or ".slopes." in path
    return exact(value) if factor else rounded(exact(value))
