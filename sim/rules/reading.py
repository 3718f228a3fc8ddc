"""What the rules of a case say of some texts: the part of a judgement that is the same in every world.

Whether a rule holds depends on the text alone, save for `declared_red_line`: a contributor, who answers last, knows whether
the owner of a declared red line has just accepted the text, and then does not heed it (model, sections 3 and 6). So the rules of a
contributor are read once with all declared red lines standing, and once more for every set of owners who let theirs go.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.case.conditions import Condition, holds, owners
from sim.case.shapes import Actor, Case
from sim.rules.space import Texts

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ActorReading:
    """What one actor's rules say of some texts.

    Parameters
    ----------
    preferences : (rule, text) float, 1 where a preference holds, else 0
    lines : (line, text) float, 1 where a red line is crossed, else 0
    """

    preferences: Floats
    lines: Floats


@dataclass(frozen=True)
class Reading:
    """What all rules say of some texts.

    Parameters
    ----------
    texts : (text, issue) uint8
    paired : bool, whether text i belongs to world i alone; otherwise every world meets every text
    measures : measure to (rule, text) float, 1 where a rule of it holds
    consent : (rule, text) bool, which consent rules apply
    cover : issue to (text,) float, the number of the text's option on each numeric issue
    declared : actor to (text,) bool, whether a declared red line of it is crossed
    actors : actor to the set of owners who let their lines go to what its rules say then
    """

    texts: Texts
    paired: bool
    measures: Mapping[str, Floats]
    consent: Bools
    cover: Mapping[str, Floats]
    declared: Mapping[str, Bools]
    actors: Mapping[str, Mapping[frozenset[str], ActorReading]]

    def each(self, index: NDArray[np.intp]) -> Reading:
        """Return the reading in which world i meets text ``index[i]`` alone."""
        return Reading(
            texts=self.texts[index],
            paired=True,
            measures={name: rules[:, index] for name, rules in self.measures.items()},
            consent=self.consent[:, index],
            cover={name: numbers[index] for name, numbers in self.cover.items()},
            declared={name: crossed[index] for name, crossed in self.declared.items()},
            actors={
                name: {
                    gone: ActorReading(one.preferences[:, index], one.lines[:, index]) for gone, one in readings.items()
                }
                for name, readings in self.actors.items()
            },
        )


def heeds(actor: Actor) -> frozenset[str]:
    """The actors whose answer changes what this actor's rules say: none for one who reacts first."""
    if actor.reacts_first:
        return NOBODY
    rules = (*actor.preferences, *actor.red_lines)
    return NOBODY.union(*(owners(rule.when) for rule in rules))


def read(case: Case, texts: Texts) -> Reading:
    """Read all rules of a case for some texts.

    Parameters
    ----------
    case : the case
    texts : (text, issue) uint8
    """

    def table(conditions: list[Condition], crossed: Mapping[str, Bools] | None = None) -> Bools:
        rows = [holds(condition, case.issues, texts, crossed) for condition in conditions]
        return np.array(rows, dtype=bool).reshape(len(rows), len(texts))

    declared = {}
    for name, actor in case.actors.items():
        lines = table([line.when for line in actor.red_lines if line.declared])
        declared[name] = lines.any(axis=0)

    def of_actor(actor: Actor, gone: frozenset[str]) -> ActorReading:
        standing = {owner: crossed for owner, crossed in declared.items() if owner not in gone}
        return ActorReading(
            preferences=table([rule.when for rule in actor.preferences], standing).astype(np.float64),
            lines=table([line.when for line in actor.red_lines], standing).astype(np.float64),
        )

    return Reading(
        texts=texts,
        paired=False,
        measures={
            name: table([rule.when for rule in measure.rules], declared).astype(np.float64)
            for name, measure in case.measures.items()
        },
        consent=table([rule.when for rule in case.consent], declared),
        cover={
            name: np.array(issue.options, dtype=np.float64)[texts[:, at]]
            for at, (name, issue) in enumerate(case.issues.items())
            if issue.numeric
        },
        declared=declared,
        actors={
            name: {gone: of_actor(actor, gone) for gone in _subsets(heeds(actor))} for name, actor in case.actors.items()
        },
    )


def total(points: Floats, rules: NDArray[np.floating[Any]], paired: bool) -> Floats:
    """Sum the points of the rules that hold.

    Parameters
    ----------
    points : (world or 1, rule) float
    rules : (rule, text) float, 1 where the rule holds
    paired : bool, whether text i belongs to world i alone

    Returns
    -------
    (world, 1) float if paired, else (world or 1, text) float
    """
    if paired:
        summed: Floats = np.einsum("wr,rw->w", np.broadcast_to(points, rules.T.shape), rules)
        return summed[:, None]
    return np.asarray(points @ rules)


def _subsets(names: frozenset[str]) -> list[frozenset[str]]:
    ordered = sorted(names)
    return [frozenset(some) for size in range(len(ordered) + 1) for some in itertools.combinations(ordered, size)]
