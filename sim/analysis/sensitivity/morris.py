"""Which of many uncertain numbers an answer hangs on at all: Morris's screening by elementary effects.

A trajectory starts at a point of a grid and changes one number after the other, each by half of its range of
probability, in an order drawn at random. What the answer changes by, per unit of probability, is the elementary effect
of that number there. `mu_star`, the mean of its absolute value over the trajectories, ranks numbers; `sigma`, its
standard deviation, tells effects that differ from place to place, by curvature or interaction.

The grid has four levels, at the middles of four equal parts of the range of probability, and not at its ends as in
Morris (1991): a normal number has no ends.

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

from sim.analysis.runner.executors import WorkerPool, in_order
from sim.analysis.sensitivity.sobol import PIECE, Model
from sim.engine.rule_matrix import Floats
from sim.engine.worlds import Streams, UniformMatrix

LEVELS = 4
"""Of the grid. It must be even, so that half of it leads from every level to another, and each is as likely."""
_START, _TURN = "morris.start", "morris.turn"
"""Ends of the names of the columns from which a number's first level, and its place in the order, are drawn."""


class ElementaryEffects(NamedTuple):
    """Of every number, (number,) float, in units of the answer."""

    mu: Floats
    mu_star: Floats
    sigma: Floats


class Trajectories(NamedTuple):
    """Where the numbers stand, and when they change.

    Parameters
    ----------
    start : (trajectory, number) uniforms
    step : (trajectory, number) float, what a change adds: half of the range of probability, up or down
    turn : (trajectory, number) int, the place of a number in the order of the changes
    held : (trajectory, other column) uniforms, which stay
    """

    start: Floats
    step: Floats
    turn: NDArray[np.intp]
    held: Floats

    def only(self, some: slice) -> Trajectories:
        """Some of the trajectories."""
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
    """Screen some numbers.

    Parameters
    ----------
    model : to be asked `count` times (numbers + 1) worlds
    numbers : the columns to be screened
    held : columns that are drawn once a trajectory, and are not screened
    count : int, at least 2, of trajectories
    seed : of the trajectories
    by : who plays
    tick : told the worlds of every finished piece
    """
    drawn = _draw(numbers, held, count, seed)
    at_once = max(1, PIECE // (len(numbers) + 1))
    tables = (_table(drawn.only(slice(start, start + at_once)), numbers, held) for start in range(0, count, at_once))
    answers = []
    for part in in_order(by, model, tables):
        answers.append(part)
        tick(len(part))
    changes = np.diff(np.concatenate(answers).reshape(count, len(numbers) + 1), axis=1)
    elementary = np.take_along_axis(changes, drawn.turn, axis=1) / drawn.step
    return ElementaryEffects(elementary.mean(axis=0), np.abs(elementary).mean(axis=0), elementary.std(axis=0, ddof=1))


def _draw(numbers: Sequence[str], held: Sequence[str], count: int, seed: int) -> Trajectories:
    streams = Streams(seed, count)

    def columns(names: Sequence[str], end: str) -> Floats:
        drawn = [streams.column(f"{name}.{end}") for name in names]
        return np.stack(drawn, axis=1) if drawn else np.zeros((count, 0))

    level = np.floor(columns(numbers, _START) * LEVELS)
    up = level < LEVELS / 2
    order = np.argsort(columns(numbers, _TURN), axis=1)
    return Trajectories((level + 1 / 2) / LEVELS, np.where(up, 1, -1) / 2, np.argsort(order), columns(held, _START))


def _table(part: Trajectories, numbers: Sequence[str], held: Sequence[str]) -> UniformMatrix:
    """The worlds of some trajectories, one after the other: the start, then the start after one change, after two."""
    worlds = len(numbers) + 1
    changed = np.arange(worlds)[None, :, None] > part.turn[:, None, :]
    uniforms = (part.start[:, None, :] + part.step[:, None, :] * changed).reshape(-1, len(numbers))
    stays = np.repeat(part.held, worlds, axis=0)
    return UniformMatrix(dict(zip((*numbers, *held), np.concatenate([uniforms, stays], axis=1).T, strict=True)))
