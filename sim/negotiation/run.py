"""Plays a scenario to its end."""

from __future__ import annotations

from collections.abc import Callable

from sim.case.models import Scenario
from sim.engine.allocator import keep_at_hand
from sim.engine.worlds import Uniforms
from sim.negotiation.model import DeliberationModel
from sim.negotiation.record.history import Run


def play(
    scenario: Scenario,
    worlds: int | None = None,
    seed: int = 0,
    *,
    uniforms: Uniforms | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Run:
    """Play a scenario until all worlds have ended, and return the run.

    Parameters
    ----------
    worlds : how many worlds to draw; None plays one at central values
    seed : of the worlds
    uniforms : worlds that were made elsewhere, instead of `worlds` and `seed`
    progress : called after every month with the number of months played and the largest possible number
    """
    keep_at_hand()
    model = DeliberationModel(scenario, worlds, rng=seed, uniforms=uniforms)
    while model.running:
        model.step()
        if progress is not None:
            progress(model.month, scenario.protocol.months)
    result = model.result
    # A Mesa model and its agents refer to each other, so without this their arrays would stay in memory for long.
    model.__dict__.clear()
    return result
