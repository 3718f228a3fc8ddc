"""The effect of the varied numbers of a sweep on agreement: its share by each number, and by two numbers together.

All sums are of whole numbers, so they do not depend on how the points are split into pieces.
"""

from __future__ import annotations

import itertools
from collections import Counter
from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray

from sim.analysis.experiments.design import Axis, Design, Value, as_float, rounded_value
from sim.analysis.experiments.intervals import SHARE_DIGITS
from sim.analysis.runner.pieces import Rows
from sim.negotiation.record.history import Outcome

LEVELS = 20
"""A number with at most this many values is reported by value; one with more, by `BINS` parts of its range."""
BINS = 10
PARTS: int = 10**SHARE_DIGITS
"""Shares are summed in the steps in which they are reported."""


class ExtremePoint(TypedDict):
    """The point with the largest or the smallest share of agreement."""

    agreed: float
    values: dict[str, Value]


class BlockingShare(TypedDict):
    """The share of all worlds that an actor or a consent rule blocks."""

    name: str
    share: float


class AgreementBin(TypedDict):
    """The points in a part of a range, and their mean share of agreement."""

    low: Value
    high: Value
    points: int
    agreed: float | None


class AxisEffect(TypedDict):
    """Agreement by one varied number."""

    path: str
    bins: list[AgreementBin]


class AgreementMap(TypedDict):
    """Agreement by two varied numbers: one row per bin of `down`, one column per bin of `across`."""

    down: str
    across: str
    agreed: list[list[float | None]]


class MainEffectsData(TypedDict):
    """The result of `MainEffects`."""

    agreed: float
    most: ExtremePoint
    least: ExtremePoint
    blockers: list[BlockingShare]
    effects: list[AxisEffect]
    map: AgreementMap | None


class MainEffects:
    """Shares of agreement by the varied numbers, counted point by point."""

    def __init__(self, design: Design) -> None:
        self._axes = [_Bins(axis) for axis in design.axes]
        shape = tuple(bins.count for bins in self._axes) if len(self._axes) == len(("down", "across")) else (1, 1)
        self._map = np.zeros((2, *shape), dtype=np.int64)
        self._points, self._agreed = 0, 0
        self._blocks: Counter[str] = Counter()
        self._most: tuple[int, dict[str, Value]] | None = None
        self._least: tuple[int, dict[str, Value]] | None = None

    def add(self, rows: Rows) -> None:
        """Count the rows of some points (`sim.analysis.experiments.design_points.play_points`)."""
        agreed = rows["agreed"] if "agreed" in rows else rows["outcome"] == Outcome.AGREED
        parts = np.rint(agreed * PARTS).astype(np.int64)
        self._points, self._agreed = self._points + len(parts), self._agreed + int(parts.sum())
        for name, column in rows.items():
            if name.startswith(("blocks.", "stuck.")):
                self._blocks[name.partition(".")[2]] += int(np.rint(column * PARTS).astype(np.int64).sum())
        cells = tuple(bins.add(rows[bins.axis.path], parts) for bins in self._axes)
        if self._map[0].size > 1:
            np.add.at(self._map[0], cells, 1)
            np.add.at(self._map[1], cells, parts)
        self._extremes(rows, parts)

    def _extremes(self, rows: Rows, parts: NDArray[np.int64]) -> None:
        """Keep the first of the points with the largest, and with the smallest, share of agreement."""
        most, least = int(parts.argmax()), int(parts.argmin())
        if self._most is None or parts[most] > self._most[0]:
            self._most = int(parts[most]), self._values(rows, most)
        if self._least is None or parts[least] < self._least[0]:
            self._least = int(parts[least]), self._values(rows, least)

    def _values(self, rows: Rows, point: int) -> dict[str, Value]:
        return {bins.axis.path: bins.axis.value_of(rows[bins.axis.path][point]) for bins in self._axes}

    def to_dict(self) -> MainEffectsData:
        """Return plain data (`docs/reference/json.md`)."""
        assert self._most is not None  # a design has at least one point
        assert self._least is not None
        blockers: list[BlockingShare] = [
            {"name": name, "share": _mean(parts, self._points)} for name, parts in self._blocks.items() if parts
        ]
        return {
            "agreed": _mean(self._agreed, self._points),
            "most": {"agreed": self._most[0] / PARTS, "values": self._most[1]},
            "least": {"agreed": self._least[0] / PARTS, "values": self._least[1]},
            "blockers": sorted(blockers, key=lambda blocker: -blocker["share"]),
            "effects": [{"path": bins.axis.path, "bins": bins.to_list()} for bins in self._axes],
            "map": self._agreement_map(),
        }

    def _agreement_map(self) -> AgreementMap | None:
        if self._map[0].size == 1:
            return None
        down, across = (bins.axis.path for bins in self._axes)
        cells = zip(self._map[1].tolist(), self._map[0].tolist(), strict=True)
        return {
            "down": down,
            "across": across,
            "agreed": [[_mean(*cell) if cell[1] else None for cell in zip(*row, strict=True)] for row in cells],
        }


class _Bins:
    """The values of one axis, or the parts of its range, and what was counted in each."""

    def __init__(self, axis: Axis) -> None:
        self.axis = axis
        by_level = axis.size is not None and (axis.size <= LEVELS or not axis.numeric)
        self._levels = [axis.level(index) for index in range(axis.size or 0)] if by_level else []
        ends = [as_float(value) for value in axis.extremes] if axis.numeric else [0.0]
        finite = [as_float(value) for value in axis.listed if axis.numeric and np.isfinite(as_float(value))]
        self._low, self._high = min(ends), max(finite or ends)
        self.count = len(self._levels) or BINS
        self._points = np.zeros(self.count, dtype=np.int64)
        self._agreed = np.zeros(self.count, dtype=np.int64)

    def add(self, column: NDArray[Any], agreed: NDArray[np.int64]) -> NDArray[np.intp]:
        """Count points (point,), and return (point,), the bin of each."""
        if self._levels:
            numbers = {value: index for index, value in enumerate(self.axis.column(self._levels).tolist())}
            bins = np.array([numbers[value] for value in column.tolist()])
        else:
            shares = (column - self._low) / (self._high - self._low)
            bins = np.clip(shares * BINS, 0, BINS - 1).astype(np.intp)
        np.add.at(self._points, bins, 1)
        np.add.at(self._agreed, bins, agreed)
        return bins

    def to_list(self) -> list[AgreementBin]:
        counts = zip(self._ends(), self._points.tolist(), self._agreed.tolist(), strict=True)
        return [
            {"low": low, "high": high, "points": points, "agreed": _mean(agreed, points) if points else None}
            for (low, high), points, agreed in counts
        ]

    def _ends(self) -> list[tuple[Value, Value]]:
        if self._levels:
            return [(level, level) for level in self._levels]
        ends = [rounded_value(self._low + (self._high - self._low) * index / BINS) for index in range(BINS + 1)]
        return list(itertools.pairwise(ends))


def _mean(parts: int, points: int) -> float:
    return round(parts / PARTS / points, SHARE_DIGITS)
