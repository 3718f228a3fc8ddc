"""Morris's screening: which of many uncertain numbers matter at all, found by elementary effects.

A trajectory starts at a point of a grid and changes one number after another, in random order, each by half of its
probability range. The change in the answer per unit of probability is the elementary effect of that number at that
point. `mu_star`, the mean absolute effect over the trajectories, ranks the numbers; `sigma`, the standard deviation of
the effects, shows where they differ from place to place because of curvature or interaction.

The grid has four levels, at the middles of four equal parts of the probability range. Morris (1991) puts levels at its
ends, but a normal number has no ends.

References
----------
Morris, M. D. (1991). Factorial sampling plans for preliminary computational experiments. *Technometrics* 33.
Campolongo, F., Cariboni, J. and Saltelli, A. (2007). An effective screening design for sensitivity analysis of large
models. *Environmental Modelling & Software* 22.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.analysis.runner.executors import WorkerPool
from sim.analysis.sensitivity.sobol import PIECE, Model, answers
from sim.engine.rule_matrix import Floats
from sim.engine.worlds import Streams, UniformMatrix

LEVELS = 4
"""Levels of the grid. Their number must be even: then every level has one half of the range away from it, and all are
equally likely."""
_START, _TURN = "morris.start", "morris.turn"
"""Suffixes of the columns from which a number's first level and its place in the order are drawn."""


class ElementaryEffects(NamedTuple):
    """Statistics of every number, (number,) float, in units of the answer."""

    mu: Floats
    mu_star: Floats
    sigma: Floats


class Trajectories(NamedTuple):
    """Where the numbers start, and when they change.

    Parameters
    ----------
    start : (trajectory, number) uniforms
    step : (trajectory, number) float, the change: half of the probability range, up or down
    turn : (trajectory, number) int, the place of a number in the order of the changes
    held : (trajectory, other column) uniforms, which do not change
    """

    start: Floats
    step: Floats
    turn: NDArray[np.intp]
    held: Floats

    def only(self, some: slice) -> Trajectories:
        """Return some of the trajectories."""
        return Trajectories(self.start[some], self.step[some], self.turn[some], self.held[some])


def elementary_effects(
    model: Model,
    numbers: Sequence[str],
    held: Sequence[str],
    count: int,
    seed: int,
    by: WorkerPool,
    tick: Callable[[int], None] = lambda worlds: None,
) -> ElementaryEffects:
    """Screen some numbers by `count` trajectories, at least 2, each of which takes a world more than there are numbers.

    The columns `held` are drawn once per trajectory and are not screened. `tick` is called with the number of worlds in
    every finished piece.
    """
    trajectories = _draw(numbers, held, count, seed)
    step = max(1, PIECE // (len(numbers) + 1))
    pieces = (
        _uniforms(trajectories.only(slice(start, start + step)), numbers, held) for start in range(0, count, step)
    )
    changes = np.diff(answers(model, pieces, by, tick).reshape(count, len(numbers) + 1), axis=1)
    effects = np.take_along_axis(changes, trajectories.turn, axis=1) / trajectories.step
    return ElementaryEffects(effects.mean(axis=0), np.abs(effects).mean(axis=0), effects.std(axis=0, ddof=1))


def _draw(numbers: Sequence[str], held: Sequence[str], count: int, seed: int) -> Trajectories:
    streams = Streams(seed, count)

    def columns(names: Sequence[str], suffix: str) -> Floats:
        drawn = [streams.column(f"{name}.{suffix}") for name in names]
        return np.stack(drawn, axis=1) if drawn else np.zeros((count, 0))

    level = np.floor(columns(numbers, _START) * LEVELS)
    up = level < LEVELS / 2
    order = np.argsort(columns(numbers, _TURN), axis=1)
    return Trajectories((level + 1 / 2) / LEVELS, np.where(up, 1, -1) / 2, np.argsort(order), columns(held, _START))


def _uniforms(part: Trajectories, numbers: Sequence[str], held: Sequence[str]) -> UniformMatrix:
    """Return the worlds of some trajectories one after another: the start, then after one change, after two, ..."""
    worlds = len(numbers) + 1
    changed = np.arange(worlds)[None, :, None] > part.turn[:, None, :]
    uniforms = (part.start[:, None, :] + part.step[:, None, :] * changed).reshape(-1, len(numbers))
    unchanged = np.repeat(part.held, worlds, axis=0)
    return UniformMatrix(dict(zip((*numbers, *held), np.concatenate([uniforms, unchanged], axis=1).T, strict=True)))
