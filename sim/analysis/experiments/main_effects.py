"""What the varied numbers of a sweep do to its outcome: shares of agreement by one of them, and by two together.

All sums are of whole numbers, so that they are the same in whatever pieces the points come.
"""

from __future__ import annotations

import itertools
from collections import Counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.experiments.design import Axis, Design, Value, as_float, plain
from sim.analysis.experiments.world_counts import SHARE_DIGITS
from sim.analysis.runner.pieces import Rows
from sim.negotiation.record.history import Outcome

LEVELS = 20
"""A number with at most so many values is told value by value; one with more, in `BINS` stretches of its range."""
BINS = 10
PARTS = 10**SHARE_DIGITS
"""Shares are summed in the steps in which they are reported."""


class MainEffects:
    """Shares of agreement by the varied numbers, counted as the points come."""

    def __init__(self, design: Design) -> None:
        self._axes = [_Bins(axis) for axis in design.axes]
        shape = tuple(bins.count for bins in self._axes) if len(self._axes) == len(("down", "across")) else (1, 1)
        self._map = np.zeros((2, *shape), dtype=np.int64)
        self._points, self._agreed = 0, 0
        self._blocks: Counter[str] = Counter()
        self._most: tuple[int, dict[str, Any]] | None = None
        self._least: tuple[int, dict[str, Any]] | None = None

    def add(self, rows: Rows) -> None:
        """Count the rows of some points, as `sim.analysis.experiments.design_points.play_points` gives them."""
        agreed = rows["agreed"] if "agreed" in rows else rows["outcome"] == Outcome.AGREED
        parts = np.rint(agreed * PARTS).astype(np.int64)
        self._points, self._agreed = self._points + len(parts), self._agreed + int(parts.sum())
        for name, column in rows.items():
            if name.startswith(("blocks.", "stuck.")):
                self._blocks[name.partition(".")[2]] += int(np.rint(column * PARTS).astype(np.int64).sum())
        at = [bins.add(rows[bins.axis.path], parts) for bins in self._axes]
        if self._map[0].size > 1:
            np.add.at(self._map[0], tuple(at), 1)
            np.add.at(self._map[1], tuple(at), parts)
        self._extremes(rows, parts)

    def _extremes(self, rows: Rows, parts: NDArray[np.int64]) -> None:
        """Keep the first of the points that are agreed most often, and least often."""
        most, least = int(parts.argmax()), int(parts.argmin())
        if self._most is None or parts[most] > self._most[0]:
            self._most = int(parts[most]), self._point(rows, most)
        if self._least is None or parts[least] < self._least[0]:
            self._least = int(parts[least]), self._point(rows, least)

    def _point(self, rows: Rows, at: int) -> dict[str, Any]:
        return {bins.axis.path: bins.axis.told(rows[bins.axis.path][at]) for bins in self._axes}

    def told(self) -> dict[str, Any]:
        """Plain data (`docs/reference/json.md`)."""
        assert self._most is not None  # a design has a point
        assert self._least is not None
        blockers = [{"name": name, "share": _mean(sum_, self._points)} for name, sum_ in self._blocks.items() if sum_]
        return {
            "agreed": _mean(self._agreed, self._points),
            "most": {"agreed": self._most[0] / PARTS, "values": self._most[1]},
            "least": {"agreed": self._least[0] / PARTS, "values": self._least[1]},
            "blockers": sorted(blockers, key=lambda one: -one["share"]),
            "effects": [{"path": bins.axis.path, "bins": bins.told()} for bins in self._axes],
            "map": self._told_map(),
        }

    def _told_map(self) -> dict[str, Any] | None:
        if self._map[0].size == 1:
            return None
        down, across = (bins.axis.path for bins in self._axes)
        cells = zip(self._map[1].tolist(), self._map[0].tolist(), strict=True)
        return {
            "down": down,
            "across": across,
            "agreed": [[_mean(*cell) for cell in zip(*row, strict=True)] for row in cells],
        }


class _Bins:
    """The values of one axis, or the stretches of its range, and what was counted in each."""

    def __init__(self, axis: Axis) -> None:
        self.axis = axis
        levels = axis.size is not None and (axis.size <= LEVELS or not axis.numeric)
        self._levels = [axis.level(at) for at in range(axis.size or 0)] if levels else []
        ends = [as_float(value) for value in axis.extremes] if axis.numeric else [0.0]
        finite = [as_float(value) for value in axis.listed if axis.numeric and np.isfinite(as_float(value))]
        self._low, self._high = min(ends), max(finite or ends)
        self.count = len(self._levels) or BINS
        self._points = np.zeros(self.count, dtype=np.int64)
        self._agreed = np.zeros(self.count, dtype=np.int64)

    def add(self, column: NDArray[Any], agreed: NDArray[np.int64]) -> NDArray[np.intp]:
        """Count points (point,), and return (point,), in which bin each lies."""
        if self._levels:
            places = {value: at for at, value in enumerate(self.axis.column(self._levels).tolist())}
            at = np.array([places[value] for value in column.tolist()])
        else:
            part = (column - self._low) / (self._high - self._low)
            at = np.clip(part * BINS, 0, BINS - 1).astype(np.intp)
        np.add.at(self._points, at, 1)
        np.add.at(self._agreed, at, agreed)
        return at

    def told(self) -> list[dict[str, Any]]:
        return [
            {"low": low, "high": high, "points": points, "agreed": _mean(agreed, points)}
            for (low, high), points, agreed in zip(
                self._ends(), self._points.tolist(), self._agreed.tolist(), strict=True
            )
        ]

    def _ends(self) -> list[tuple[Value, Value]]:
        if self._levels:
            return [(level, level) for level in self._levels]
        ends = [plain(self._low + (self._high - self._low) * at / BINS) for at in range(BINS + 1)]
        return list(itertools.pairwise(ends))


def _mean(sum_: int, points: int) -> float | None:
    return round(sum_ / PARTS / points, SHARE_DIGITS) if points else None
