"""Groups texts that are the same to an actor, so that each group is judged only once.

An actor's verdict on a text depends only on which of its rules hold: its preferences, its red lines, and the rules of
the measures that it weighs. Hundreds of texts have only a few dozen combinations of these rules. Each combination is a
column: the actor judges the columns, as it would judge any text (`sim.engine.verdict_rules`), and every text takes the
answer of its column. In the same way, each measure is computed once for all texts in which the same of its rules hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.case.models import Actor, Case
from sim.engine.drawn_parameters import ActorParameters
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
from sim.engine.shared_columns import Indices, SharedColumns, columns, distinct_columns
from sim.engine.verdict_rules import Assessment


@dataclass(frozen=True)
class ActorColumns:
    """The columns in which one actor judges the texts.

    Parameters
    ----------
    rules : kind and owner to (rule,) int, which of the actor's rules hold in any column, and (rule, column) float,
        1 where a rule holds
    asked : resource to (1, column) bool, whether a consent rule counts on the actor to send it
    measured : weighed measure to (column,) int, the measure's own column
    each : set of accepting actors to (text,) int, the column of each text
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
        return self.asked[resource]


@dataclass(frozen=True)
class SituationByColumn(Situation):
    """A situation by one actor's columns; its measures keep columns of their own.

    `each` maps a weighed measure to (column of the actor,) int, the measure's column.
    """

    each: Mapping[str, Indices]

    def weighed(self, measure: str, weights: Floats) -> Floats:
        """Return (world or 1, column of the actor) float, points: a measure times the weights (world or 1, 1)."""
        return columns(super().weighed(measure, weights), self.each[measure])


class GroupedTexts:
    """Texts grouped into columns for each actor and each measure, for evaluation in many worlds.

    It is a `RuleSource`, in which a measure is computed for its own columns instead of the texts. The `matrix` of their
    rules is not paired with worlds.
    """

    def __init__(self, case: Case, matrix: RuleMatrix) -> None:
        self.matrix, self.shape, self._case = matrix, matrix.shape, case
        self._measures: dict[str, tuple[Floats, Indices]] = {}
        for name in case.measures:
            rules = matrix.holds[matrix.sections[MEASURES, name, NOBODY]]
            first, column = distinct_columns(rules)
            self._measures[name] = rules[:, first].astype(np.float64), column
        self.columns_by_actor = {name: self._actor_columns(actor, name) for name, actor in case.actors.items()}
        self._applies = matrix.applies()

    def respondents(self, actor_parameters: Iterable[ActorParameters]) -> list[GroupedRespondent]:
        """Return the actors as respondents that judge these texts by column."""
        return [
            GroupedRespondent(parameters, self.columns_by_actor[parameters.name]) for parameters in actor_parameters
        ]

    def total(self, points: Floats, kind: str, owner: str = "", accepting: frozenset[str] = NOBODY) -> Floats:
        """Sum the points of the rules of a measure that hold, (world or 1, column of the measure) float."""
        assert kind == MEASURES  # an actor's rules are summed by its `ActorColumns`
        return total(points, self._measures[owner][0], paired=False)

    def counts_on(self, actor: str, resource: str) -> Bools:
        return self.matrix.counts_on(actor, resource)

    def crosses(self, actor: str, lines: Floats) -> Bools:
        """Return (world, text) bool, whether a text crosses any of an actor's lines, (world, line) 1 or 0."""
        actor_columns = self.columns_by_actor[actor]
        return columns(actor_columns.total(lines, LINES, actor) > 0, actor_columns.each[NOBODY])

    def applies(self) -> Sequence[Bools]:
        return self._applies

    def asked(self, issue: str) -> Floats:
        return self.matrix.asked(issue)

    def accepting_sets(self, actor: str) -> list[frozenset[str]]:
        return self.matrix.accepting_sets(actor)

    def _actor_columns(self, actor: Actor, name: str) -> ActorColumns:
        """Find the columns of one actor, over the texts as they are read for every set of accepting actors."""
        matrix, sets = self.matrix, self.matrix.accepting_sets(name)
        weighed = {weight.measure: self._measure_columns(weight.measure) for weight in actor.weighs}
        blocks = [(LINES, name), (PREFERENCES, name), *((SENDING, f"{name}.{of}") for of in actor.capacities)]
        rules = []
        for kind, owner in blocks:
            sections = [(kind, owner, NOBODY if kind == LINES else accepting) for accepting in sets]
            rules.append(np.concatenate([matrix.holds[matrix.sections[section]] for section in sections], axis=1))
        asked = {resource: np.tile(matrix.counts_on(name, resource), len(sets)) for resource in actor.capacities}
        measured = [np.tile(column, len(sets))[None] for column in weighed.values()]
        first, column = distinct_columns(np.concatenate([*rules, *measured, *asked.values()]))
        texts = first % len(matrix.texts)
        held = [np.flatnonzero(block[:, first].any(axis=1)) for block in rules]
        return ActorColumns(
            rules={
                block: (some, holds[np.ix_(some, first)].astype(np.float64))
                for block, some, holds in zip(blocks, held, rules, strict=True)
            },
            asked={resource: counts[:, first] for resource, counts in asked.items()},
            measured={measure: of_text[texts] for measure, of_text in weighed.items()},
            each=dict(zip(sets, column.reshape(len(sets), -1), strict=True)),
        )

    def _measure_columns(self, measure: str) -> Indices:
        """Return (text,) int, each text's column of a measure; durability has the columns of its deterrence measure."""
        durability = self._case.durability
        return self._measures[durability.deterrence if measure == DURABILITY and durability else measure][1]


@dataclass(frozen=True)
class GroupedRespondent:
    """A respondent that judges texts by column."""

    parameters: ActorParameters
    actor_columns: ActorColumns

    @property
    def name(self) -> str:
        return self.parameters.name

    @property
    def actor(self) -> Actor:
        return self.parameters.actor

    @property
    def capacities(self) -> Mapping[str, Floats]:
        return self.parameters.capacities

    def assess(self, situation: Situation) -> Assessment:
        """Judge the columns."""
        by_column = SituationByColumn(
            situation.context, situation.month, situation.months, situation.measures, self.actor_columns.measured
        )
        return self.parameters.assess(self.actor_columns, NOBODY, by_column)

    def answer(self, matrix: RuleSource, situation: Situation, accepted: Mapping[str, Bools]) -> Assessment:
        """Judge the columns, and note the column of each text; see `ActorParameters.answer`."""
        applicable_sets = self.parameters.applicable_sets(matrix, accepted)
        shared_columns = SharedColumns(
            tuple((where, self.actor_columns.each[accepting]) for accepting, where in applicable_sets)
        )
        return replace(self.assess(situation), shared_columns=shared_columns)
