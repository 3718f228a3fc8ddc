"""Second-order Sobol indices: the share of the variance that two numbers explain only together.

The index of a pair is the first-order index of both as one group, less the first-order index of each.

References
----------
Saltelli, A. (2002). Making best use of model evaluations to compute sensitivity indices. *Computer Physics
Communications* 145.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import TypedDict

import numpy as np

from sim.analysis.runner.executors import WorkerPool
from sim.analysis.sensitivity.sobol import Model, SaltelliDesign, SaltelliOutputs, bootstrap, indices, play_mixed
from sim.analysis.sensitivity.uncertain_inputs import InputGroup
from sim.analysis.sensitivity.variance_shares import Estimate, estimate_of


class PairShare(TypedDict):
    """The share of the variance that two numbers explain only together."""

    names: list[str]
    share: Estimate


def pair_count(numbers: int) -> int:
    """Return how many pairs so many numbers form."""
    return numbers * (numbers - 1) // 2


def second_order(
    model: Model,
    design: SaltelliDesign,
    outputs: SaltelliOutputs,
    mixed: Sequence[InputGroup],
    numbers: Sequence[InputGroup],
    seed: int,
    by: WorkerPool,
    tick: Callable[[int], None],
) -> list[PairShare]:
    """Return the second-order index of every two numbers, the largest first.

    `outputs` has the answers in the worlds of A, of B and of A with each group of `mixed`, the numbers among them,
    taken from B.
    """
    pairs = list(itertools.combinations(range(len(numbers)), 2))
    if not pairs:
        return []
    groups = [
        InputGroup(f"{numbers[one].name} {numbers[other].name}", numbers[one].columns | numbers[other].columns)
        for one, other in pairs
    ]
    both = play_mixed(model, design, groups, by, tick)
    places = {group.columns: place for place, group in enumerate(mixed)}
    single = outputs.mixed[[places[group.columns] for group in numbers]]
    sampled = SaltelliOutputs(outputs.a, outputs.b, np.concatenate([single, both]))
    first, resampled = indices(sampled).first, bootstrap(sampled, seed).first
    found: list[PairShare] = []
    for row, (one, other) in enumerate(pairs, len(numbers)):
        value = float(first[row] - first[one] - first[other])
        share = estimate_of(value, resampled[:, row] - resampled[:, one] - resampled[:, other])
        found.append({"names": [numbers[one].name, numbers[other].name], "share": share})
    return sorted(found, key=lambda pair: -pair["share"]["value"])
