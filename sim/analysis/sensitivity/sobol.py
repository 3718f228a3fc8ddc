"""Sobol indices: the share of a model's variance due to each of its uncertain numbers, or to each group of them.

The first-order index of a group is the share of the variance that would disappear if the group were known. The total
index is the share that would be left if everything else were known. Both are estimated from Saltelli's matrices: A and
B are two samples of all columns, and AB_g is A with the columns of group g taken from B.

References
----------
Sobol', I. M. (2001). Global sensitivity indices for nonlinear mathematical models and their Monte Carlo estimates.
*Mathematics and Computers in Simulation* 55. Saltelli, A., Annoni, P., Azzini, I., Campolongo, F., Ratto, M. and
Tarantola, S. (2010). Variance based sensitivity analysis of model output. Design and estimator for the total
sensitivity index. *Computer Physics Communications* 181. Jansen, M. J. W. (1999). Analysis of variance designs for
model output. *Computer Physics Communications* 117.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
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
"""From worlds to one number each, (world,) float. A model that other processes call must be importable there."""
PIECE = 8_192
"""Worlds played per piece."""
RESAMPLES = 1_000
"""Resamples of the bootstrap: enough for 25 to lie below the 2.5th percentile."""
_RESAMPLED_AT_ONCE = 50
_BOOTSTRAP = "sensitivity.bootstrap"
"""The column of the seed from which rows are resampled."""


@dataclass(frozen=True)
class SaltelliDesign:
    """Saltelli's matrices A and B: points of one scrambled Sobol sequence with two dimensions per column.

    `a` and `b` are (column, world) uniforms, whose rows are in the order of `columns`.
    """

    columns: tuple[str, ...]
    a: Floats
    b: Floats

    @classmethod
    def draw(cls, columns: Sequence[str], base: int, seed: int) -> SaltelliDesign:
        """Draw `base` worlds, a power of two, for each of the two matrices.

        The points of one sequence cannot come from `Streams` column by column, so the seed goes to SciPy's scrambling.
        """
        names = tuple(sorted(columns))  # so that the order in which they are listed changes nothing
        points = qmc.Sobol(2 * len(names), seed=np.random.default_rng(seed)).random(base).T
        return cls(names, points[: len(names)], points[len(names) :])

    @property
    def base(self) -> int:
        """The number of worlds in each matrix."""
        return int(self.a.shape[1])

    def tables(self, exchanged: Sequence[frozenset[str]], *, row_by_row: bool = False) -> Iterator[UniformMatrix]:
        """Yield the worlds of A with some columns taken from B, in pieces.

        Parameters
        ----------
        exchanged : the sets of columns to take from B
        row_by_row : whether the order is all sets for the first row of the matrices, then all for the second;
            otherwise it is all rows for the first set, then all for the second
        """
        from_b = np.array([[name in columns for name in self.columns] for columns in exchanged])
        for start in range(0, len(exchanged) * self.base, PIECE):
            rows = np.arange(start, min(start + PIECE, len(exchanged) * self.base))
            row, which = np.divmod(rows, len(exchanged)) if row_by_row else np.divmod(rows, self.base)[::-1]
            yield UniformMatrix(
                {
                    name: np.where(from_b[which, column], self.b[column, row], self.a[column, row])
                    for column, name in enumerate(self.columns)
                }
            )


class SaltelliOutputs(NamedTuple):
    """The answers in the worlds of A, B and every AB_g: (world,), (world,) and (group, world) float."""

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
    """Return the answers in the worlds of A and of B, each (world,) float.

    `tick` is called with the number of worlds in every finished piece.
    """
    a, b = _play(model, design, [frozenset(), frozenset(design.columns)], by, tick)
    return a, b


def play_mixed(
    model: Model,
    design: SaltelliDesign,
    groups: Sequence[InputGroup],
    by: WorkerPool,
    tick: Callable[[int], None] = lambda worlds: None,
) -> Floats:
    """Return the answers in the worlds of A with the columns of each group taken from B, (group, world) float."""
    return _play(model, design, [group.columns for group in groups], by, tick)


def _play(
    model: Model, design: SaltelliDesign, exchanged: list[frozenset[str]], by: WorkerPool, tick: Callable[[int], None]
) -> Floats:
    return answers(model, design.tables(exchanged), by, tick).reshape(len(exchanged), design.base)


def answers(model: Model, pieces: Iterable[UniformMatrix], by: WorkerPool, tick: Callable[[int], None]) -> Floats:
    """Return the answers in the worlds of some pieces, (world,) float, one piece after another."""
    parts = [np.zeros(0)]
    for part in in_order(by, model, pieces):
        parts.append(part)
        tick(len(part))
    return np.concatenate(parts)


def indices(sampled: SaltelliOutputs) -> SobolIndices:
    """Estimate the indices of every group.

    The first-order index is estimator (b) in table 2 of Saltelli et al. (2010); the total index is estimator (f) there,
    due to Jansen (1999). The mean is first subtracted from the answers, and the variance is that of A and B together.
    Raises ZeroDivisionError if the answer never varies.
    """
    estimates = _estimate(sampled, np.ones((1, len(sampled.a))))
    if np.isnan(estimates.total).any():
        raise ZeroDivisionError("the answer never varies, so there is no variance to divide")
    return SobolIndices(estimates.first[0], estimates.total[0])


def bootstrap(sampled: SaltelliOutputs, seed: int, resamples: int = RESAMPLES) -> SobolIndices:
    """Estimate the indices from rows resampled with replacement (Archer, Saltelli and Sobol' 1997).

    Returns
    -------
    (resample, group) float each; NaN where the resampled answers do not vary

    References
    ----------
    Archer, G. E. B., Saltelli, A. and Sobol', I. M. (1997). Sensitivity measures, ANOVA-like techniques and the use of
    bootstrap. *Journal of Statistical Computation and Simulation* 58.
    """
    base, estimates = len(sampled.a), []
    for start in range(0, resamples, _RESAMPLED_AT_ONCE):
        count = min(_RESAMPLED_AT_ONCE, resamples - start)
        uniforms = Streams(seed, count * base, start * base).column(_BOOTSTRAP)
        resampled = (uniforms * base).astype(np.intp).reshape(count, base)
        estimates.append(_estimate(sampled, np.stack([np.bincount(rows, minlength=base) for rows in resampled])))
    return SobolIndices(*(np.concatenate(parts) for parts in zip(*estimates, strict=True)))


def _estimate(sampled: SaltelliOutputs, times: NDArray[np.float64] | NDArray[np.intp]) -> SobolIndices:
    """Return the indices, (resample, group) float each, where `times` (resample, world) says how often a row counts."""
    centre = np.concatenate([sampled.a, sampled.b]).mean()
    a, b, mixed = sampled.a - centre, sampled.b - centre, sampled.mixed - centre
    weights = times / times.sum(axis=1, keepdims=True)
    mean = weights @ (a + b)[:, None] / 2
    variance = weights @ (a**2 + b**2)[:, None] / 2 - mean**2
    variance = np.where(variance > np.finfo(float).eps * (1 + centre**2), variance, np.nan)
    first = weights @ (b * (mixed - a)).T - mean * (weights @ (mixed - a).T)
    total = weights @ ((a - mixed) ** 2).T / 2
    return SobolIndices(first / variance, total / variance)
