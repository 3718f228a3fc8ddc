"""What the settings of a protocol do to an answer: a step and patience are plain numbers, the same in every world.

No variance rests on them, so they have no place among the indices. Instead the same worlds are played again with other
values of each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.analysis.runner.executors import WorkerPool
from sim.analysis.sensitivity.model_outputs import ModelOutput, model_output
from sim.analysis.sensitivity.sobol import SaltelliDesign, play_both
from sim.analysis.sensitivity.variance_shares import rounded
from sim.case.models import Scenario
from sim.engine.rule_matrix import Floats
from sim.negotiation.protocols import protocol_of
from sim.negotiation.scenario_loader import build_scenario

STEP, PATIENCE = "protocol.step", "protocol.patience"
SAYS = {
    STEP: "the least change of a gap that counts as coming closer",
    PATIENCE: "for how many months in a row a single text may stand",
}
UNITS = {STEP: "point", PATIENCE: "month"}
STEPS = (0.5, 1, 2)
"""Multiples of the present step that are tried."""
PATIENCES = (0, 1, 3, 6)
"""Months that are tried, beside the present ones."""


@dataclass(frozen=True)
class ProtocolSetting:
    """A setting of the protocol: its path, its present value, and the values that are tried, that one among them."""

    path: str
    now: float
    values: tuple[float, ...]


def settings_of(scenario: Scenario, asked: ModelOutput) -> list[ProtocolSetting]:
    """The settings that may change an answer.

    There are none where no talks are held, or no text is amended in them; where parties take turns, no single text
    stands while anybody is patient.
    """
    protocol = protocol_of(scenario)
    if not asked.played or not protocol.amends:
        return []
    step, patience = protocol.settings.step, protocol.settings.patience
    found = [ProtocolSetting(STEP, step, tuple(step * times for times in STEPS))]
    if not protocol.takes_turns:
        found.append(ProtocolSetting(PATIENCE, patience, tuple(sorted({*PATIENCES, patience}))))
    return found


def plays(scenario: Scenario, asked: ModelOutput) -> int:
    """How many times the worlds of both matrices are played for all settings."""
    return sum(len(one.values) - 1 for one in settings_of(scenario, asked))


def protocol_effects(
    scenario: Scenario,
    asked: ModelOutput,
    design: SaltelliDesign,
    now: Floats,
    by: WorkerPool,
    tick: Callable[[int], None],
) -> list[dict[str, Any]]:
    """Play the same worlds with other settings of the protocol.

    Parameters
    ----------
    design : whose matrices hold the worlds
    now : (world,) float, what the worlds of both matrices come to with the present settings, those of A first
    by : who plays
    tick : told the worlds of every finished piece

    Returns
    -------
    plain data, one entry for each setting: what a world comes to on average at each value, and the share of the worlds
    that come to something else than with the present value
    """

    def told(one: ProtocolSetting) -> Iterator[dict[str, Any]]:
        for value in one.values:
            came = now
            if value != one.now:
                changed = build_scenario(scenario.source, {one.path: value})
                came = np.concatenate(play_both(model_output(changed, asked.name), design, by, tick))
            yield {"value": value, "mean": rounded(came.mean()), "changed": rounded((came != now).mean())}

    return [
        {
            "path": one.path,
            "says": SAYS[one.path],
            "unit": UNITS[one.path],
            "now": one.now,
            "values": list(told(one)),
        }
        for one in settings_of(scenario, asked)
    ]
