"""The context of the talks, and how it changes from month to month (model, section 6)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sim.case.models import Event
from sim.engine.fixed_point import to_points
from sim.engine.rule_matrix import Floats
from sim.engine.worlds import Worlds

Context = Mapping[str, Floats]
"""Indicator to its level, (world or 1,) float, rounded as points are."""


def start(worlds: Worlds) -> Context:
    """Return the context before the first month."""
    return {name: worlds.points([f"context.{name}.start"])[:, 0] for name in worlds.case.context}


def drift(worlds: Worlds, context: Context, month: int) -> Context:
    """Return the context of the month after `month`: add drift and a shock times volatility, then apply the bounds."""
    drifted = {}
    for name, indicator in worlds.case.context.items():
        level = context[name] + worlds.number(f"context.{name}.drift")
        shock = worlds.shock(name, month)
        if shock is not None:
            level = level + worlds.number(f"context.{name}.volatility") * shock
        drifted[name] = to_points(np.clip(level, indicator.low, indicator.high))
    return drifted


def apply_events(context: Context, events: tuple[Event, ...], month: int) -> Context:
    """Return the context after the events of a month have set it."""
    changed = dict(context)
    for event in events:
        if event.month == month:
            for name, value in event.set.items():
                changed[name] = to_points(np.array([float(value)]))
    return changed


def at_month(worlds: Worlds, events: tuple[Event, ...], month: int) -> Context:
    """Return the context of a month, which does not depend on what happens in the talks."""
    context = apply_events(start(worlds), events, 1)
    for past in range(1, month):
        context = apply_events(drift(worlds, context, past), events, past + 1)
    return context


def in_worlds(context: Context, rows: NDArray[np.intp] | slice) -> Context:
    """Return the context in some of the worlds."""
    return {name: level if len(level) == 1 else level[rows] for name, level in context.items()}
