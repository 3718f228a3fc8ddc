"""On which uncertain numbers agreement depends: worlds split in two by each number, with the agreements on either side.

A number with listed choices is split between two of them, every other number in the middle of its distribution. A split
says more than a share of variance: "all 790 agreements lie in the 1,963 worlds in which the red line has a price".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TypeAlias, TypedDict

import numpy as np

from sim.analysis.counterfactuals.thresholds import json_value
from sim.analysis.runner.pieces import Piece, Rows
from sim.analysis.sensitivity.uncertain_inputs import UncertainInput, UncertainNumberData, uncertain_numbers
from sim.case.distributions import NEVER, Choices, written
from sim.case.models import Scenario
from sim.engine.rule_matrix import Bools, Floats
from sim.engine.worlds import Streams
from sim.negotiation.record.history import Outcome

LISTED = 10
"""How many telling splits are listed, besides those of red lines that may or may not be for sale."""
DIGITS = 6
_Ends: TypeAlias = tuple[float, float, float]
"""The lowest and the highest value on a side, and its probability."""


class SplitSide(TypedDict):
    """The worlds on one side of a split: their number, the agreements among them, and the values of the number there.

    Attributes
    ----------
    low, high : the lowest and the highest value there, which may be ``"never"``
    chance : the probability of this side, as the case states it
    """

    low: float | str
    high: float | str
    chance: float
    worlds: int
    agreed: int


class Split(UncertainNumberData):
    """The worlds split by one number. `gain` is the first side's share of agreements less its share of worlds."""

    path: str
    written: str
    gain: float
    sides: list[SplitSide]


class Dependence(TypedDict):
    """The splits of one scenario's worlds, the most telling first."""

    worlds: int
    agreed: int
    uncertain: int
    splits: list[Split]


class AgreedWorlds:
    """A store for an ensemble that keeps only which worlds end in agreement."""

    def __init__(self) -> None:
        self._agreed: dict[str, list[Bools]] = {}

    def has(self, piece: Piece) -> bool:
        """Return whether a piece is stored to be read, which none is."""
        return False

    def keep(self, piece: Piece, rows: Rows) -> None:
        """Keep the outcomes of a piece."""
        self._agreed.setdefault(piece.table, []).append(rows["outcome"] == Outcome.AGREED)

    def read(self, piece: Piece) -> Rows:
        """Refuse: `has` never offers anything."""
        raise KeyError(piece.table)

    def finish(self, name: str) -> None:
        """Do nothing, because no file is written."""

    def close(self) -> None:
        """Do nothing, because no file is written."""

    def release(self) -> None:
        """Do nothing, because no folder is locked."""

    def of(self, scenario: Scenario) -> Bools:
        """Return (world,) bool, whether a scenario's worlds end in agreement, in their order."""
        return np.concatenate(self._agreed[scenario.id])


def dependence(scenario: Scenario, agreed: Bools, seed: int) -> Dependence:
    """Split the worlds of a seed by every uncertain number of a scenario.

    Parameters
    ----------
    agreed : (world,) bool, whether each of the first worlds of the seed ends in agreement
    """
    numbers = uncertain_numbers(scenario)
    streams = Streams(seed, len(agreed))
    splits = [_best(path, number, streams.column(path), agreed) for path, number in numbers.items()]
    splits.sort(key=lambda split: -split["gain"])
    telling = [split for split in splits if split["gain"]][:LISTED]
    sold = [split for split in splits if split not in telling and NEVER in [side["high"] for side in split["sides"]]]
    return {
        "worlds": len(agreed),
        "agreed": int(agreed.sum()),
        "uncertain": len(numbers),
        "splits": telling + sold,
    }


def _best(path: str, number: UncertainInput, uniforms: Floats, agreed: Bools) -> Split:
    """Return the most telling split of a number; the side with more than its share of the agreements comes first."""
    found = [[_side(ends, inside, agreed) for ends, inside in halves] for halves in _halves(number, uniforms)]
    gain, sides = max(((_gain(sides, agreed), sides) for sides in found), key=lambda pair: abs(pair[0]))
    about = number.number
    return {
        "path": path,
        "what": number.what,
        "says": about.says,
        "owner": number.owner,
        "support": number.support,
        "source": list(about.source),
        "assumption": about.assumption,
        "note": about.note,
        "written": written(about.written),
        "gain": round(abs(gain), DIGITS),
        "sides": sides if gain >= 0 else sides[::-1],
    }


def _halves(number: UncertainInput, uniforms: Floats) -> Iterator[tuple[tuple[_Ends, Bools], tuple[_Ends, Bools]]]:
    """Yield the ways to split a number: the ends and the chance of each side, and the worlds there."""
    distribution = number.number.distribution
    low, high = distribution.range
    if not isinstance(distribution, Choices):
        middle, below = float(distribution.quantile(np.array([0.5]))[0]), uniforms < 0.5
        yield ((low, middle, 0.5), below), ((middle, high, 0.5), ~below)
        return
    values, chances = sorted(distribution.values), dict(zip(distribution.values, distribution.weights, strict=True))
    drawn = distribution.quantile(uniforms)
    for last, first in pairwise(values):
        chance, below = sum(chances[value] for value in values if value <= last), drawn <= last
        yield ((low, last, chance), below), ((first, high, 1 - chance), ~below)


def _side(ends: _Ends, inside: Bools, agreed: Bools) -> SplitSide:
    low, high, chance = ends
    return {
        "low": json_value(low),
        "high": json_value(high),
        "chance": round(chance, DIGITS),
        "worlds": int(inside.sum()),
        "agreed": int((inside & agreed).sum()),
    }


def _gain(sides: Sequence[SplitSide], agreed: Bools) -> float:
    """Return by how much the first side's share of the agreements exceeds its share of the worlds; 0 without any."""
    first, hits = sides[0], int(agreed.sum())
    return first["agreed"] / hits - first["worlds"] / len(agreed) if hits else 0.0
