"""Many texts, judged once for all that are the same to somebody.

An actor's judgement of a text depends on nothing but which of its rules hold: its preferences, its red lines, and the
rules of the measures that it weighs. Among hundreds of texts they hold in a few dozen ways. Each such way is a column:
the actor judges the columns, by the same rules as any text (`sim.engine.verdict_rules`), and every text takes the
answer of its column. Likewise each measure is taken once for all texts in which the same of its rules hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.case.models import Actor, Case
from sim.engine.measures import DURABILITY, Situation
from sim.engine.rule_matrix import (
    LINES,
    MEASURES,
    NOBODY,
    PREFERENCES,
    SENDING,
    Bools,
    Floats,
    RuleMatrix,
    RuleSource,
    total,
)
from sim.engine.shared_columns import Indices, SharedColumns, columns
from sim.engine.verdict_rules import ActorParameters, Assessment

LARGEST_KEY = 2**62
"""The ways in which rules hold are numbered up to here, and then anew by those that there are."""


@dataclass(frozen=True)
class ActorColumns:
    """The texts as one actor sees them.

    Parameters
    ----------
    rules : of the columns, one for each way in which its rules hold: kind and owner to (rule,) int, which of its rules
        hold anywhere, and (rule, column) float, 1 where one does
    asked : resource to (1, column) bool, whether a consent rule counts on the actor to send it
    measured : weighed measure to (column,) int, the measure's own column
    each : actors who accept, to (text,) int, the column of each text
    """

    rules: Mapping[tuple[str, str], tuple[Indices, Floats]]
    asked: Mapping[str, Bools]
    measured: Mapping[str, Indices]
    each: Mapping[frozenset[str], Indices]

    def total(self, points: Floats, kind: str, owner: str = "", accepting: frozenset[str] = NOBODY) -> Floats:
        """Sum the points of the actor's rules of a kind that hold, (world or 1, column) float."""
        held, rules = self.rules[kind, owner]
        return total(points.take(held, axis=1), rules, paired=False) if len(held) else np.zeros((1, rules.shape[1]))

    def counts_on(self, actor: str, resource: str) -> Bools:
        """Return (1, column) bool, whether any consent rule counts on the actor to send the resource."""
        return self.asked[resource]


@dataclass(frozen=True)
class SituationByColumn(Situation):
    """A situation as one actor sees it, its measures by their own columns.

    Parameters
    ----------
    each : weighed measure to (column of the actor,) int, the measure's column
    """

    each: Mapping[str, Indices]

    def weighed(self, measure: str, weights: Floats) -> Floats:
        """Return (world or 1, column of the actor) float, points: what a measure counts, by weights (world or 1, 1)."""
        return columns(super().weighed(measure, weights), self.each[measure])


class GroupedTexts:
    """A reading for many worlds, in which every text takes its place in the columns of each actor and measure.

    It is a `RuleSource`, in which the texts of a measure are the measure's columns.

    Parameters
    ----------
    matrix : of the texts; not paired with worlds
    """

    def __init__(self, case: Case, matrix: RuleMatrix) -> None:
        self.matrix, self.shape, self._case = matrix, matrix.shape, case
        self._measures: dict[str, tuple[Floats, Indices]] = {}
        for name in case.measures:
            rules = matrix.holds[matrix.sections[MEASURES, name, NOBODY]]
            first, each = _columns(rules)
            self._measures[name] = rules[:, first].astype(np.float64), each
        self.columns_by_actor = {name: self._sight(actor, name) for name, actor in case.actors.items()}
        self._applies = matrix.applies()

    def respondents(self, actor_parameters: Iterable[ActorParameters]) -> list[GroupedRespondent]:
        """Everybody, in sight of these texts."""
        return [
            GroupedRespondent(parameters, self.columns_by_actor[parameters.name]) for parameters in actor_parameters
        ]

    def total(self, points: Floats, kind: str, owner: str = "", accepting: frozenset[str] = NOBODY) -> Floats:
        """Sum the points of the rules of a measure that hold, (world or 1, column of the measure) float."""
        assert kind == MEASURES  # an actor's rules are summed in its own sight
        return total(points, self._measures[owner][0], paired=False)

    def counts_on(self, actor: str, resource: str) -> Bools:
        """Return (1, text) bool, whether any consent rule counts on this actor to send the resource."""
        return self.matrix.counts_on(actor, resource)

    def crosses(self, actor: str, lines: Floats) -> Bools:
        """Return (world, text) bool, whether a text crosses any of an actor's lines, (world, line) 1 or 0."""
        actor_columns = self.columns_by_actor[actor]
        return columns(actor_columns.total(lines, LINES, actor) > 0, actor_columns.each[NOBODY])

    def applies(self) -> Sequence[Bools]:
        """Which consent rules apply; for each (1, text) bool."""
        return self._applies

    def asked(self, issue: str) -> Floats:
        """Return (1, text) float, the number of the text's option on a numeric issue."""
        return self.matrix.asked(issue)

    def accepting_sets(self, actor: str) -> list[frozenset[str]]:
        """Return the sets of accepting actors for which this actor's rules were read."""
        return self.matrix.accepting_sets(actor)

    def _sight(self, actor: Actor, name: str) -> ActorColumns:
        """Find the columns of one actor, over the texts as they are read for every set of accepting actors."""
        matrix, accepting_sets = self.matrix, self.matrix.accepting_sets(name)
        weighed = {weight.measure: self._each(weight.measure) for weight in actor.weighs}
        blocks = [(LINES, name), (PREFERENCES, name), *((SENDING, f"{name}.{one}") for one in actor.capacities)]
        listening = [kind != LINES for kind, _ in blocks]
        read = [
            [matrix.holds[matrix.sections[*block, accepting if heeds else NOBODY]] for accepting in accepting_sets]
            for block, heeds in zip(blocks, listening, strict=True)
        ]
        rules = [np.concatenate(each, axis=1) for each in read]
        asked = {one: np.tile(matrix.counts_on(name, one), len(accepting_sets)) for one in actor.capacities}
        told = [np.tile(each, len(accepting_sets))[None] for each in weighed.values()]
        first, each = _columns(np.concatenate([*rules, *told, *asked.values()]))
        texts = first % len(matrix.texts)
        held = [np.flatnonzero(block[:, first].any(axis=1)) for block in rules]
        summed = {
            block: (some, matrix[np.ix_(some, first)].astype(np.float64))
            for block, some, matrix in zip(blocks, held, rules, strict=True)
        }
        return ActorColumns(
            rules=summed,
            asked={resource: each[:, first] for resource, each in asked.items()},
            measured={measure: column[texts] for measure, column in weighed.items()},
            each=dict(zip(accepting_sets, each.reshape(len(accepting_sets), -1), strict=True)),
        )

    def _each(self, measure: str) -> Indices:
        """(text,) int, the column of a measure in which each text is; durability goes by what deters."""
        lasting = self._case.durability
        return self._measures[lasting.deterrence if measure == DURABILITY and lasting else measure][1]


@dataclass(frozen=True)
class GroupedRespondent:
    """A voice that judges texts by the columns of its sight."""

    parameters: ActorParameters
    actor_columns: ActorColumns

    @property
    def name(self) -> str:
        """The actor's id in the case."""
        return self.parameters.name

    @property
    def actor(self) -> Actor:
        """The actor as the case describes it."""
        return self.parameters.actor

    @property
    def capacities(self) -> Mapping[str, Floats]:
        """Resource to (world or 1,) float."""
        return self.parameters.capacities

    def assess(self, situation: Situation) -> Assessment:
        """Judge the columns."""
        seen = SituationByColumn(
            situation.context, situation.month, situation.months, situation.measures, self.actor_columns.measured
        )
        return self.parameters.assess(self.actor_columns, NOBODY, seen)

    def answer(self, matrix: RuleSource, situation: Situation, accepted: Mapping[str, Bools]) -> Assessment:
        """Judge the columns, and say which text is in which; see `ActorParameters.answer`."""
        applicable_sets = self.parameters.applicable_sets(matrix, accepted)
        shared_columns = SharedColumns(
            tuple((where, self.actor_columns.each[accepting]) for accepting, where in applicable_sets)
        )
        return replace(self.assess(situation), shared_columns=shared_columns)


def _columns(rows: NDArray[np.integer[Any]]) -> tuple[Indices, Indices]:
    """Find the distinct columns of (row, text): the first text of each, and (text,) the column of each text."""
    keys, most = np.zeros(rows.shape[1], dtype=np.int64), 1
    for row in rows:
        values = int(row.max()) + 1
        if most * values > LARGEST_KEY:
            keys = np.unique(keys, return_inverse=True)[1]
            most = len(keys)
        keys, most = keys * values + row, most * values
    _, first, each = np.unique(keys, return_index=True, return_inverse=True)
    return first, each
