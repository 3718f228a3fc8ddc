"""The effects of the protocol's settings on an answer.

A step and patience are plain numbers, the same in every world, so no share of the variance is due to them and they
have no indices. Instead, the same worlds are played again with other values of each setting.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypedDict

import numpy as np

from sim.analysis.experiments.intervals import rounded
from sim.analysis.runner.executors import WorkerPool
from sim.analysis.sensitivity.model_outputs import ModelOutput, model_output
from sim.analysis.sensitivity.sobol import SaltelliDesign, play_both
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
"""The steps to try, as multiples of the present one."""
PATIENCES = (0, 1, 3, 6)
"""The patience to try, in months, besides the present one."""


class SettingValue(TypedDict):
    """The mean answer at one value of a setting, and the share of worlds in which the answer changes."""

    value: float
    mean: float
    changed: float


class ProtocolEffect(TypedDict):
    """The effect of one setting of the protocol."""

    path: str
    says: str
    unit: str
    now: float
    values: list[SettingValue]


@dataclass(frozen=True)
class ProtocolSetting:
    """A setting of the protocol: its path, its present value, and the values to try, including the present one."""

    path: str
    now: float
    values: tuple[float, ...]


def settings_of(scenario: Scenario, output: ModelOutput) -> list[ProtocolSetting]:
    """Return the settings that may change an answer.

    There are none if no talks are held or no text is amended in them. Where the parties take turns, patience has no
    effect and is left out, because there is no single text.
    """
    protocol = protocol_of(scenario)
    if not output.played or not protocol.amends:
        return []
    step, patience = protocol.settings.step, protocol.settings.patience
    settings = [ProtocolSetting(STEP, step, tuple(step * factor for factor in STEPS))]
    if not protocol.takes_turns:
        settings.append(ProtocolSetting(PATIENCE, patience, tuple(sorted({*PATIENCES, patience}))))
    return settings


def replays(scenario: Scenario, output: ModelOutput) -> int:
    """Return how often `protocol_effects` plays the worlds of both matrices."""
    return sum(len(setting.values) - 1 for setting in settings_of(scenario, output))


def protocol_effects(
    scenario: Scenario,
    output: ModelOutput,
    design: SaltelliDesign,
    now: Floats,
    by: WorkerPool,
    tick: Callable[[int], None],
) -> list[ProtocolEffect]:
    """Play the same worlds with other settings of the protocol.

    Returns one entry per setting. `now` has the answers with the present settings, (world,) float, those of A before
    those of B; `tick` is called with the number of worlds in every finished piece.
    """

    def effects(setting: ProtocolSetting) -> Iterator[SettingValue]:
        for value in setting.values:
            answers = now
            if value != setting.now:
                changed = build_scenario(scenario.source, {setting.path: value})
                answers = np.concatenate(play_both(model_output(changed, output.name), design, by, tick))
            yield {"value": value, "mean": rounded(answers.mean()), "changed": rounded((answers != now).mean())}

    return [
        {
            "path": setting.path,
            "says": SAYS[setting.path],
            "unit": UNITS[setting.path],
            "now": setting.now,
            "values": list(effects(setting)),
        }
        for setting in settings_of(scenario, output)
    ]
