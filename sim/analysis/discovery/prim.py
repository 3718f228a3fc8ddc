"""PRIM, the patient rule induction method: boxes of uncertain numbers in which an outcome is frequent.

A box bounds some numbers and leaves the others free. Peeling starts from all worlds and repeatedly removes a thin slice
at one end of one number: the slice whose loss raises the outcome's share most per world lost. Pasting then adds slices
back as long as that raises the share. Every box on the way is kept, so that an analyst can choose between boxes that
hold many of the worlds of interest (coverage) and boxes that hold few others (density).

The steps, the objective, the quantiles and the order in which ties are broken are those of the EMA Workbench 2.5
(`ema_workbench.analysis.prim`, with its defaults), so both find the same boxes.

References
----------
Friedman, J. H. and Fisher, N. I. (1999). Bump hunting in high-dimensional data. *Statistics and Computing* 9. Bryant,
B. P. and Lempert, R. J. (2010). Thinking inside the box: a participatory, computer-assisted approach to scenario
discovery. *Technological Forecasting and Social Change* 77. Kwakkel, J. H. (2017). The Exploratory Modeling Workbench:
an open source toolkit for exploratory modeling, scenario discovery, and (multi-objective) robust decision making.
*Environmental Modelling & Software* 96.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import binom

from sim.analysis.discovery.boxes import Box, BoxSide, DiscoveryData
from sim.engine.rule_matrix import Bools, Floats

ALPHA = 0.05
"""The share of a box's worlds that one peel removes and one paste adds: Friedman and Fisher's patience."""
MASS = 0.05
"""The least share of all worlds in a box."""


def trajectory(
    data: DiscoveryData, *, remaining: Bools | None = None, alpha: float = ALPHA, mass: float = MASS
) -> tuple[Box, ...]:
    """Peel, then paste.

    Parameters
    ----------
    remaining : (world,) bool, the worlds outside all earlier boxes; None takes all
    alpha : the share of a box's worlds in a slice
    mass : the least share of all worlds in a box

    Returns
    -------
    the boxes from all remaining worlds to the last box, one per peel and paste; empty if no world remains
    """
    search = _BoxSearch(data, np.ones(len(data.hits), dtype=bool) if remaining is None else remaining, alpha, mass)
    if not search.remaining.any():
        return ()
    boxes = [search.unlimited]
    while (peeled := search.peel(boxes[-1])) is not None:
        boxes.append(peeled)
    while (pasted := search.paste(boxes[-1])) is not None:
        boxes.append(pasted)
    return tuple(search.describe(box) for box in boxes)


def simplify(data: DiscoveryData, box: Box, chance: float, *, remaining: Bools | None = None) -> Box:
    """Return a box without the restrictions that may be due to chance.

    Among the restrictions with a quasi-p value above `chance`, the one with the largest is dropped and the others are
    tested again, until none is left (Bryant and Lempert 2010, section 3.4).
    """
    search = _BoxSearch(data, np.ones(len(data.hits), dtype=bool) if remaining is None else remaining)
    while doubtful := [side for side in box.sides if side.quasi_p > chance]:
        weakest = max(doubtful, key=lambda side: side.quasi_p)
        box = search.describe(search.bounded(side for side in box.sides if side is not weakest))
    return box


@dataclass(frozen=True)
class _Limits:
    """The bounds of a box, (number,) float each; the remaining codes of each choice; and (world,) bool, is inside."""

    low: Floats
    high: Floats
    left: tuple[frozenset[int], ...]
    inside: Bools


class _BoxSearch:
    """The data as arrays, and the steps from one box to the next."""

    def __init__(self, data: DiscoveryData, remaining: Bools, alpha: float = ALPHA, mass: float = MASS) -> None:
        self.data, self.remaining, self.alpha, self.mass = data, remaining, alpha, mass
        self.hits = data.hits
        self.values = np.stack(list(data.numbers.values())) if data.numbers else np.zeros((0, len(self.hits)))
        coded = [np.unique(choice, return_inverse=True) for choice in data.choices.values()]
        self.labels = [labels.tolist() for labels, _ in coded]
        self.codes = [codes for _, codes in coded]
        self.unlimited = _Limits(
            self.values.min(axis=1),
            self.values.max(axis=1),
            tuple(frozenset(range(len(labels))) for labels in self.labels),
            remaining,
        )

    def bounded(self, sides: Iterable[BoxSide]) -> _Limits:
        """Return the box of all remaining worlds within some restrictions."""
        box, numbers, choices = self.unlimited, list(self.data.numbers), list(self.data.choices)
        for side in sides:
            if side.values is not None:
                index = choices.index(side.name)
                codes = frozenset(self.labels[index].index(value) for value in side.values)
                box = replace(box, left=_swap(box.left, index, codes))
            elif side.low is not None:
                box = replace(box, low=_set(box.low, numbers.index(side.name), side.low))
            elif side.high is not None:
                box = replace(box, high=_set(box.high, numbers.index(side.name), side.high))
        return replace(box, inside=self.remaining & ~self._outside(box).any(axis=0))

    def peel(self, box: _Limits) -> _Limits | None:
        """Return the best box with one slice less; None if it is too small or not better."""
        candidates = [*self._peeled_numbers(box), *self._peeled_choices(box)]
        best = self._best(box, candidates)
        return None if best is None or self._mass(best) < self.mass else best

    def paste(self, box: _Limits) -> _Limits | None:
        """Return the best box with one slice more; None if it is not denser."""
        outside = self._outside(box)
        candidates = list(self._pasted_numbers(box, outside))
        if candidates:  # the EMA Workbench pastes choices only where a number is restricted too
            candidates += self._pasted_choices(box, outside)
        return self._best(box, candidates)

    def describe(self, limits: _Limits) -> Box:
        """Return a box with its statistics and those of each restriction."""
        count, hits = int(limits.inside.sum()), int((limits.inside & self.hits).sum())
        return Box(
            limits.inside,
            count,
            hits,
            hits / int(self.hits.sum()),
            hits / count,
            count / len(self.hits),
            tuple(self._sides(limits, count, hits)),
        )

    def _best(self, box: _Limits, candidates: list[_Limits]) -> _Limits | None:
        """Return the candidate that gains the largest share of hits per world lost or won; None if none gains any.

        Ties go to the candidate with the fewest restrictions, then to the first.
        """
        ranked = [(self._gain(box, candidate), -self._restricted(candidate), candidate) for candidate in candidates]
        if not ranked:
            return None
        gain, _, best = max(ranked, key=lambda entry: entry[:2])
        return best if gain > 0 else None

    def _gain(self, old: _Limits, new: _Limits) -> float:
        before, after = int(old.inside.sum()), int(new.inside.sum())
        if before == after:
            return 0.0
        share = int((new.inside & self.hits).sum()) / after if after else 0.0
        return (share - int((old.inside & self.hits).sum()) / before) / abs(before - after)

    def _restricted(self, box: _Limits) -> int:
        free = self.unlimited
        numbers = (box.low != free.low) | (box.high != free.high)
        return int(numbers.sum()) + sum(left != whole for left, whole in zip(box.left, free.left, strict=True))

    def _mass(self, box: _Limits) -> float:
        return int(box.inside.sum()) / len(self.hits)

    def _peeled_numbers(self, box: _Limits) -> Iterator[_Limits]:
        inside = self.values[:, box.inside]
        high, low = quantile(inside, 1 - self.alpha), quantile(inside, self.alpha)
        for index in range(len(inside)):
            yield replace(
                box, high=_set(box.high, index, high[index]), inside=box.inside & (self.values[index] <= high[index])
            )
            yield replace(
                box, low=_set(box.low, index, low[index]), inside=box.inside & (self.values[index] >= low[index])
            )

    def _peeled_choices(self, box: _Limits) -> Iterator[_Limits]:
        for index, left in enumerate(box.left):
            for code in sorted(left) if len(left) > 1 else ():
                yield replace(
                    box, left=_swap(box.left, index, left - {code}), inside=box.inside & (self.codes[index] != code)
                )

    def _pasted_numbers(self, box: _Limits, outside: Bools) -> Iterator[_Limits]:
        free, others = self.unlimited, outside.sum(axis=0)
        for index in np.flatnonzero((box.low != free.low) | (box.high != free.high)).tolist():
            values = self.values[index]
            fits = self.remaining & (others == outside[index])
            below, above = values[fits & (values <= box.low[index])], values[fits & (values >= box.high[index])]
            low = quantile(below[None], 1 - self.alpha)[0] if len(below) else free.low[index]
            high = quantile(above[None], self.alpha)[0] if len(above) else free.high[index]
            yield replace(
                box, low=_set(box.low, index, low), inside=fits & (values >= low) & (values <= box.high[index])
            )
            yield replace(
                box, high=_set(box.high, index, high), inside=fits & (values >= box.low[index]) & (values <= high)
            )

    def _pasted_choices(self, box: _Limits, outside: Bools) -> Iterator[_Limits]:
        others = outside.sum(axis=0)
        for index, left in enumerate(box.left):
            fits = self.remaining & (others == outside[len(self.values) + index])
            for code in sorted(self.unlimited.left[index] - left):
                more = left | {code}
                yield replace(box, left=_swap(box.left, index, more), inside=fits & self._chosen(index, more))

    def _outside(self, box: _Limits) -> Bools:
        """Return (number or choice, world) bool, whether it is outside its bounds."""
        numbers = (self.values < box.low[:, None]) | (self.values > box.high[:, None])
        return np.stack([*numbers, *(~self._chosen(index, left) for index, left in enumerate(box.left))])

    def _chosen(self, index: int, left: frozenset[int]) -> Bools:
        return np.isin(self.codes[index], list(left))

    def _sides(self, box: _Limits, count: int, hits: int) -> Iterator[BoxSide]:
        free, outside = self.unlimited, self._outside(box)
        others = outside.sum(axis=0)

        def quasi_p(fits: Bools) -> float:
            share = int((fits & self.hits).sum()) / int(fits.sum())
            return float(binom.sf(hits - 1, count, share))

        for index, name in enumerate(self.data.numbers):
            fits, values = self.remaining & (others == outside[index]), self.values[index]
            if box.low[index] != free.low[index]:
                yield BoxSide(name, quasi_p(fits & (values <= box.high[index])), low=float(box.low[index]))
            if box.high[index] != free.high[index]:
                yield BoxSide(name, quasi_p(fits & (values >= box.low[index])), high=float(box.high[index]))
        for index, name in enumerate(self.data.choices):
            if box.left[index] != free.left[index]:
                fits = self.remaining & (others == outside[len(self.values) + index])
                values = tuple(self.labels[index][code] for code in sorted(box.left[index]))
                yield BoxSide(name, quasi_p(fits), values=values)


def quantile(values: Floats, share: float) -> Floats:
    """Return the bound that cuts off a share of each row: midway between two neighbours that differ.

    Parameters
    ----------
    values : (row, value) float, at least one value
    share : float, below 1/2 for a lower bound, above it for an upper

    Returns
    -------
    (row,) float
    """
    last = values.shape[1] - 1
    below, above = int(np.floor(last * share)), int(np.ceil(last * share))
    partitioned = np.partition(values, [below, above], axis=1)
    lower, upper = partitioned[:, below], partitioned[:, above]
    same = lower == upper
    if same.any():  # ties: step over them, inward from the end that is cut
        rows = values[same]
        if share > 1 / 2:
            smaller = np.where(rows < upper[same, None], rows, -np.inf).max(axis=1)
            lower = lower.copy()
            lower[same] = np.where(np.isfinite(smaller), smaller, upper[same])
        else:
            larger = np.where(rows > lower[same, None], rows, np.inf).min(axis=1)
            upper = upper.copy()
            upper[same] = np.where(np.isfinite(larger), larger, lower[same])
    return (lower + upper) / 2


def _set(values: Floats, index: int, value: float) -> Floats:
    changed = values.copy()
    changed[index] = value
    return changed


def _swap(left: tuple[frozenset[int], ...], index: int, codes: frozenset[int]) -> tuple[frozenset[int], ...]:
    return (*left[:index], codes, *left[index + 1 :])
