"""The data of scenario discovery, and the boxes that it finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.engine.rule_matrix import Bools, Floats


@dataclass(frozen=True)
class DiscoveryData:
    """The numbers drawn in some worlds, and whether the outcome happened.

    Parameters
    ----------
    numbers : name to (world,) float, finite
    choices : name to (world,) values of any type that can be compared and sorted
    hits : (world,) bool, whether it is a world of interest; at least one is
    """

    numbers: Mapping[str, Floats]
    choices: Mapping[str, NDArray[np.generic]]
    hits: Bools


@dataclass(frozen=True)
class BoxSide:
    """One restriction of a box.

    Parameters
    ----------
    name : name of the number or the choice
    low, high : float, the bound, which belongs to the box; None if there is none
    values : the remaining values of a choice; None for a number
    quasi_p : the probability of at least as many hits in the box if this bound added nothing (Bryant and Lempert
        2010): a one-sided binomial test against the share of hits without it
    """

    name: str
    quasi_p: float
    low: float | None = None
    high: float | None = None
    values: tuple[object, ...] | None = None


@dataclass(frozen=True)
class Box:
    """One box of a trajectory.

    Parameters
    ----------
    inside : (world,) bool
    count, hits : int, the worlds in the box, and those of interest among them
    coverage : the share of all worlds of interest that are in the box
    density : the share of its worlds that are of interest
    mass : the share of all worlds that are in the box
    sides : its restrictions, in the order of the data, a lower bound before an upper
    """

    inside: Bools
    count: int
    hits: int
    coverage: float
    density: float
    mass: float
    sides: tuple[BoxSide, ...]

    @property
    def dimensions(self) -> int:
        """The number of restricted numbers and choices."""
        return len({side.name for side in self.sides})
