"""How much of the variance of a model's answer each of its uncertain numbers, or each group of them, accounts for.

First-order index of a group: the part of the variance that would go if the group were known. Total index: the part that
would be left if all else were known. Both are estimated from Saltelli's matrices: A and B are two samples of all
columns, and AB_g is A with the columns of group g taken from B.

References
----------
Sobol', I. M. (2001). Global sensitivity indices for nonlinear mathematical models and their Monte Carlo estimates.
*Mathematics and Computers in Simulation* 55. Saltelli, A., Annoni, P., Azzini, I., Campolongo, F., Ratto, M. and
Tarantola, S. (2010). Variance based sensitivity analysis of model output. Design and estimator for the total
sensitivity index. *Computer Physics Communications* 181. Jansen, M. J. W. (1999). Analysis of variance designs for
model output. *Computer Physics Communications* 117.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from sim.analysis.runner.executors import WorkerPool, in_order
from sim.analysis.sensitivity.uncertain_inputs import InputGroup
from sim.engine.rule_matrix import Floats
from sim.engine.worlds import Streams, UniformMatrix

Model: TypeAlias = Callable[[UniformMatrix], Floats]
"""From worlds to what each comes to, (world,) float. One that several processes call must be known to all of them."""
PIECE = 8_192
"""Worlds that are played at once."""
RESAMPLES = 1_000
"""Of the bootstrap: enough for the 2.5th percentile to rest on 25."""
_RESAMPLED_AT_ONCE = 50
_BOOTSTRAP = "sensitivity.bootstrap"
"""The column of the seed from which rows are drawn anew."""


@dataclass(frozen=True)
class SaltelliDesign:
    """Saltelli's matrices A and B: points of one Sobol sequence of twice as many dimensions, scrambled.

    Parameters
    ----------
    columns : names, in the order of the rows of the matrices
    a, b : (column, world) uniforms
    """

    columns: tuple[str, ...]
    a: Floats
    b: Floats

    @classmethod
    def draw(cls, columns: Sequence[str], base: int, seed: int) -> SaltelliDesign:
        """Draw `base` worlds, a power of two, for each of the two matrices.

        Points of one sequence cannot come column by column from `Streams`, so the seed goes to SciPy's scrambling.
        """
        named = tuple(sorted(columns))  # so that the order in which somebody lists them changes nothing
        points = qmc.Sobol(2 * len(named), seed=np.random.default_rng(seed)).random(base).T
        return cls(named, points[: len(named)], points[len(named) :])

    @property
    def base(self) -> int:
        """How many worlds each matrix has."""
        return int(self.a.shape[1])

    def tables(self, exchanged: Sequence[frozenset[str]], *, row_by_row: bool = False) -> Iterator[UniformMatrix]:
        """The worlds of A with some columns taken from B, in pieces.

        Parameters
        ----------
        exchanged : one set of columns after the other
        row_by_row : whether all sets come for the first row of the matrices, then for the second; else all rows come
            for the first set, then for the second
        """
        from_b = np.array([[name in columns for name in self.columns] for columns in exchanged])
        for start in range(0, len(exchanged) * self.base, PIECE):
            rows = np.arange(start, min(start + PIECE, len(exchanged) * self.base))
            at, of = np.divmod(rows, len(exchanged)) if row_by_row else np.divmod(rows, self.base)[::-1]
            yield UniformMatrix(
                {
                    name: np.where(from_b[of, column], self.b[column, at], self.a[column, at])
                    for column, name in enumerate(self.columns)
                }
            )


class SaltelliOutputs(NamedTuple):
    """What the worlds of A, B and every AB_g come to: (world,), (world,) and (group, world) float."""

    a: Floats
    b: Floats
    mixed: Floats


class SobolIndices(NamedTuple):
    """First-order and total indices, (..., group) float."""

    first: Floats
    total: Floats


def play_both(
    model: Model, design: SaltelliDesign, by: WorkerPool, tick: Callable[[int], None] = lambda worlds: None
) -> tuple[Floats, Floats]:
    """What the worlds of A and of B come to, (world,) float each; `tick` is told the worlds of every finished piece."""
    a, b = _play(model, design, [frozenset(), frozenset(design.columns)], by, tick)
    return a, b


def play_mixed(
    model: Model,
    design: SaltelliDesign,
    groups: Sequence[InputGroup],
    by: WorkerPool,
    tick: Callable[[int], None] = lambda worlds: None,
) -> Floats:
    """What the worlds of A come to with the columns of each group taken from B, (group, world) float."""
    return _play(model, design, [group.columns for group in groups], by, tick)


def _play(
    model: Model, design: SaltelliDesign, exchanged: list[frozenset[str]], by: WorkerPool, tick: Callable[[int], None]
) -> Floats:
    parts = [np.zeros(0)]
    for part in in_order(by, model, design.tables(exchanged)):
        parts.append(part)
        tick(len(part))
    return np.concatenate(parts).reshape(len(exchanged), design.base)


def indices(sampled: SaltelliOutputs) -> SobolIndices:
    """Estimate the indices of every group.

    The first-order index is estimator (b) of table 2 of Saltelli et al. (2010), the total index (f) there, which is
    Jansen's (1999), of the answers less their mean, over the variance of A and B together.

    Raises
    ------
    ZeroDivisionError
        if the answer never varies
    """
    found = _estimate(sampled, np.ones((1, len(sampled.a))))
    if np.isnan(found.total).any():
        raise ZeroDivisionError("the answer never varies, so that there is no variance to divide")
    return SobolIndices(found.first[0], found.total[0])


def bootstrap(sampled: SaltelliOutputs, seed: int, resamples: int = RESAMPLES) -> SobolIndices:
    """Estimate the indices from rows drawn anew, with replacement (Archer, Saltelli and Sobol' 1997).

    Returns
    -------
    (resample, group) float each; NaN where the rows that were drawn do not vary

    References
    ----------
    Archer, G. E. B., Saltelli, A. and Sobol', I. M. (1997). Sensitivity measures, ANOVA-like techniques and the use of
    bootstrap. *Journal of Statistical Computation and Simulation* 58.
    """
    base, found = len(sampled.a), []
    for start in range(0, resamples, _RESAMPLED_AT_ONCE):
        many = min(_RESAMPLED_AT_ONCE, resamples - start)
        uniforms = Streams(seed, many * base, start * base).column(_BOOTSTRAP)
        rows = (uniforms * base).astype(np.intp).reshape(many, base)
        found.append(_estimate(sampled, np.stack([np.bincount(one, minlength=base) for one in rows])))
    return SobolIndices(*(np.concatenate(parts) for parts in zip(*found, strict=True)))


def _estimate(sampled: SaltelliOutputs, times: NDArray[np.float64] | NDArray[np.intp]) -> SobolIndices:
    """The indices where each row counts so many times, (resample, world): (resample, group) float each."""
    middle = np.concatenate([sampled.a, sampled.b]).mean()
    a, b, mixed = sampled.a - middle, sampled.b - middle, sampled.mixed - middle
    weights = times / times.sum(axis=1, keepdims=True)
    mean = weights @ (a + b)[:, None] / 2
    variance = weights @ (a**2 + b**2)[:, None] / 2 - mean**2
    variance = np.where(variance > np.finfo(float).eps * (1 + middle**2), variance, np.nan)
    first = weights @ (b * (mixed - a)).T - mean * (weights @ (mixed - a).T)
    total = weights @ ((a - mixed) ** 2).T / 2
    return SobolIndices(first / variance, total / variance)
