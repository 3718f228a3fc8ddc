"""Worlds: each is a row of uniform random numbers, from which every uncertain number is drawn (model, section 6).

Every uncertain number and every monthly shock has a column, named by its dotted path in the case. Column c of seed s
is a counter-based stream of its own (Philox, keyed by s and a hash of c), and world i is its i-th draw. So a world is
the same however many worlds are drawn, in whatever chunks, and whatever other numbers the case has.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.arguments import whole_number
from sim.case.distributions import Fixed, normal_correlation, normal_rank, standard_normal
from sim.case.models import Case, CountedRule
from sim.case.rule_models import Correlation
from sim.engine.fixed_point import to_points

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Floats = NDArray[np.float64]
ParametersT = TypeVar("ParametersT", bound="DataclassInstance")
SEEDS = 2**64
"""The number of seeds; the smallest is 0."""
_DRAWS_PER_BLOCK = 4  # Philox 4x64 makes four 64-bit numbers at each value of its counter


class Uniforms(Protocol):
    """A source of worlds: seeded streams, or a matrix of uniforms made elsewhere."""

    @property
    def count(self) -> int:
        """The number of worlds."""

    def column(self, name: str) -> Floats | None:
        """Return (world,) uniforms in [0, 1), or None if the column has its central value in every world."""


@dataclass(frozen=True)
class Central:
    """One world, in which every number has its central value and every shock is zero."""

    count: int = 1

    def column(self, name: str) -> Floats | None:
        return None


@dataclass(frozen=True)
class Streams:
    """Worlds `start` to `start + count - 1` of a seed.

    A seed lies between 0 and 2^64 - 1, and worlds are numbered from 0.
    """

    seed: int
    count: int
    start: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "seed", whole_number(self.seed, "seed", 0, SEEDS - 1))
        object.__setattr__(self, "count", whole_number(self.count, "worlds"))

    def column(self, name: str) -> Floats:
        key = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")
        blocks, skipped = divmod(self.start, _DRAWS_PER_BLOCK)
        bits = np.random.Philox(key=np.array([self.seed, key], dtype=np.uint64)).advance(blocks)
        return np.random.Generator(bits).random(skipped + self.count)[skipped:]


@dataclass(frozen=True)
class UniformMatrix:
    """Worlds from a matrix of uniforms made elsewhere (Sobol points, a Latin hypercube, Saltelli's matrices).

    `columns` maps names to (world,) uniforms in [0, 1); a column that is not named has its central value.
    """

    columns: Mapping[str, Floats]

    @property
    def count(self) -> int:
        return len(next(iter(self.columns.values())))

    def column(self, name: str) -> Floats | None:
        return self.columns.get(name)


@dataclass(frozen=True)
class GivenValues:
    """Worlds whose numbers are given instead of drawn: values to try out.

    `numbers` maps dotted paths to (world,) float; a number that is not named has its central value, and all shocks are
    zero.
    """

    numbers: Mapping[str, Floats]
    count: int

    def column(self, name: str) -> Floats | None:
        return None


def select_worlds(parameters: ParametersT, rows: NDArray[np.intp] | slice) -> ParametersT:
    """Return a dataclass of arrays, or of mappings to arrays, in some of its worlds; a slice copies nothing.

    An array whose first axis has length 1 is the same in every world.
    """

    def some(value: Any) -> Any:
        if isinstance(value, np.ndarray):
            return value if len(value) == 1 else value[rows]
        return {name: some(item) for name, item in value.items()} if isinstance(value, dict) else value

    selected = {part.name: some(getattr(parameters, part.name)) for part in fields(parameters)}
    return replace(parameters, **selected)


def correlated_uniforms(group: Correlation, path: str, uniforms: Uniforms) -> Floats | None:
    """Return the uniforms of one number of a group from the independent ones of all; None if it is central.

    As in Iman and Conover (1982), normal scores carry the correlation, so it is one of ranks and holds for any
    distributions. They reorder a finished sample; here each world is changed by itself, so that it stays the same
    however many are drawn: scores are combined by the Cholesky factor of their correlations, and become uniforms again.
    A member without uniforms moves no other.

    References
    ----------
    Iman, R. L. and Conover, W. J. (1982). A distribution-free approach to inducing rank correlation among input
    variables. *Communications in Statistics: Simulation and Computation* 11.
    """
    place, own = group.numbers.index(path), uniforms.column(path)
    if own is None or place == 0:
        return own
    correlations = np.full((len(group.numbers),) * 2, normal_correlation(group.rank))
    np.fill_diagonal(correlations, 1.0)
    score = np.zeros_like(own)
    for factor, member in zip(np.linalg.cholesky(correlations)[place], group.numbers, strict=True):
        if factor and (drawn := uniforms.column(member)) is not None:
            score += factor * standard_normal(drawn)
    return normal_rank(score)


@dataclass(frozen=True)
class Worlds:
    """The numbers of a case in each of some worlds.

    Numbers that are the same in every world keep a first axis of length 1.
    """

    case: Case
    uniforms: Uniforms
    _drawn: dict[str, Floats] = field(default_factory=dict, repr=False, compare=False)

    @property
    def count(self) -> int:
        return self.uniforms.count

    def number(self, path: str) -> Floats:
        """Return (world,) or (1,) float, the number at a dotted path, as drawn or given."""
        if isinstance(self.uniforms, GivenValues) and path in self.uniforms.numbers:
            return self.uniforms.numbers[path]
        if (draw := self.case.numbers[path].draw) != path:
            return self.number(draw)
        if path not in self._drawn:
            distribution = self.case.numbers[path].distribution
            uniforms = None if isinstance(distribution, Fixed) else self._column(path)
            self._drawn[path] = (
                np.array([distribution.central]) if uniforms is None else distribution.quantile(uniforms)
            )
        return self._drawn[path]

    def _column(self, path: str) -> Floats | None:
        """Return the uniforms of a number, correlated with those of the numbers that it is drawn together with."""
        group = self.case.correlations.get(path)
        return self.uniforms.column(path) if group is None else correlated_uniforms(group, path, self.uniforms)

    def points(self, paths: Sequence[str]) -> Floats:
        """Return (world or 1, path) float, on the grid of points."""
        return to_points(self.table(paths))

    def counted(self, rules: Sequence[CountedRule]) -> Floats:
        """Return (world or 1, rule) float, the points of rules; a number times its units is rounded once."""
        return to_points(self.table([rule.number for rule in rules]) * np.array([rule.times for rule in rules]))

    def table(self, paths: Sequence[str]) -> Floats:
        """Return (world or 1, path) float, as drawn or given."""
        if not paths:
            return np.zeros((1, 0))
        return np.stack(np.broadcast_arrays(*map(self.number, paths)), axis=1)

    def shock(self, indicator: str, month: int) -> Floats | None:
        """Return (world,) standard normal shocks of a context indicator in a month, or None if they are zero."""
        uniforms = self.uniforms.column(f"context.{indicator}.shock.{month}")
        return None if uniforms is None else standard_normal(uniforms)
