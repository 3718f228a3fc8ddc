"""All numbers of a case in some worlds: the parameters by which each actor judges texts, and those of the measures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from sim.case.models import Actor, Case
from sim.engine.fixed_point import to_points
from sim.engine.measures import MeasureParameters, Situation, rise
from sim.engine.rule_matrix import LINES, NOBODY, PREFERENCES, SENDING, Bools, Floats, RuleSource, RuleSums
from sim.engine.verdict_rules import Assessment, aspiration
from sim.engine.worlds import Worlds, select_worlds


@dataclass(frozen=True)
class ActorParameters:
    """The parameters of one actor in some worlds.

    Parameters
    ----------
    points : (world or 1, preference) float, points
    weights : (world or 1, weighed measure) float
    prices : (world or 1, line) float, points, audience cost included; 0 where `never`
    audience : (world or 1, 1) float, points, >= 0, included in the price of every declared line
    nevers : (world or 1, line) bool, whether no price can buy the line
    base : (world or 1, 1) float, points
    slopes : (world or 1, slope) float
    opening, e : (world or 1,) float
    capacities : resource to (world or 1,) float
    sending : resource to (world or 1, rule) float, points of the rules that count only if the actor sends it
    """

    name: str
    actor: Actor
    points: Floats
    weights: Floats
    prices: Floats
    audience: Floats
    nevers: Bools
    base: Floats
    slopes: Floats
    opening: Floats
    e: Floats
    capacities: Mapping[str, Floats]
    sending: Mapping[str, Floats]

    @classmethod
    def draw(cls, worlds: Worlds, name: str) -> ActorParameters:
        """Take an actor's numbers from the worlds; a rare draw of a price or capacity below 0 counts as 0."""
        actor, path = worlds.case.actors[name], f"actors.{name}"
        prices = worlds.points([f"{path}.red_lines.{line.rule}.price" for line in actor.red_lines])
        nevers = np.isinf(prices)
        declared = np.array([line.declared for line in actor.red_lines], dtype=bool)
        audience = worlds.points([f"{path}.audience_cost.points"]) if actor.audience_cost else np.zeros((1, 1))
        audience = np.maximum(audience, 0)
        has_aspiration = actor.aspiration is not None
        return cls(
            name=name,
            actor=actor,
            points=worlds.counted(worlds.case.preferences[name]),
            weights=worlds.table([f"{path}.weighs.{weight.measure}.weight" for weight in actor.weighs]),
            prices=np.where(nevers, 0, to_points(np.maximum(prices, 0) + audience * declared)),
            audience=audience,
            nevers=nevers,
            base=worlds.points([f"{path}.reservation.base"]),
            slopes=worlds.table(
                [f"{path}.reservation.slopes.{slope.context}.points" for slope in actor.reservation.slopes]
            ),
            opening=worlds.points([f"{path}.aspiration.opening"])[:, 0] if has_aspiration else np.zeros(1),
            e=worlds.number(f"{path}.aspiration.e") if has_aspiration else np.ones(1),
            capacities={
                resource: np.maximum(worlds.points([f"{path}.capacities.{resource}.amount"])[:, 0], 0)
                for resource in actor.capacities
            },
            sending={resource: worlds.counted(rules) for resource, rules in worlds.case.sending_rules[name].items()},
        )

    def reservation(self, situation: Situation) -> Floats:
        """Return (world, 1) float, points: the base plus the slopes on the context."""
        return to_points(self.base + rise(self.actor.reservation, self.slopes, situation.context))

    def aspiration(self, situation: Situation) -> Floats:
        """Return (world, 1) float, points; 0 if the text is take it or leave it."""
        if situation.month is None:
            return np.zeros((1, 1))
        return aspiration(self.opening, self.e, situation.month, situation.months)[:, None]

    def answer(self, matrix: RuleSource, situation: Situation, accepted: Mapping[str, Bools]) -> Assessment:
        """Judge the texts, knowing which of the actors who react first accept them.

        `accepted` maps actors to (world, text) bool; only those on whose answers this actor's rules depend are used.
        """
        (nobody, _), *others = self.applicable_sets(matrix, accepted)
        result = self.assess(matrix, nobody, situation)
        for accepting, where in others:
            result = _merge(where, self.assess(matrix, accepting, situation), result)
        return result

    def applicable_sets(
        self, matrix: RuleSource, accepted: Mapping[str, Bools]
    ) -> Iterator[tuple[frozenset[str], Bools]]:
        """Yield sets of accepting actors, of those on whose answers this actor's rules depend, and where each applies.

        The first is the empty set, which applies everywhere. `accepted` maps the actors who react first to (world,
        text) bool.
        """
        yield NOBODY, np.ones((1, 1), dtype=bool)
        accepting_sets = matrix.accepting_sets(self.name)
        heeded = sorted(NOBODY.union(*accepting_sets) & accepted.keys())
        for accepting in accepting_sets:
            if accepting and accepting <= set(heeded):
                answers = [accepted[name] if name in accepting else ~accepted[name] for name in heeded]
                where = reduce(np.logical_and, answers)
                if where.any():
                    yield accepting, where

    def assess(self, matrix: RuleSums, accepting: frozenset[str], situation: Situation) -> Assessment:
        """Judge the texts where, of the actors on whose answers its rules depend, exactly `accepting` accept."""
        price = to_points(matrix.total(self.prices, LINES, self.name))
        never = np.zeros((len(self.nevers), 1), dtype=bool)
        if self.nevers.any():
            never = matrix.total(self.nevers.astype(np.float64), LINES, self.name) > 0
        reservation = self.reservation(situation)
        preferred = matrix.total(self.points, PREFERENCES, self.name, accepting)
        weighed = [
            situation.weighed(weight.measure, self.weights[:, [index]])
            for index, weight in enumerate(self.actor.weighs)
        ]
        surplus = _sum([preferred, *weighed, -reservation])
        if price.any():
            surplus = np.subtract(surplus, price, out=_reusable(surplus, price))
        surplus = to_points(surplus)
        sending = {
            resource: to_points(surplus + matrix.total(points, SENDING, f"{self.name}.{resource}", accepting))
            for resource, points in self.sending.items()
        }
        asked = {resource: matrix.counts_on(self.name, resource) for resource in sending}
        return Assessment(surplus, price, never, reservation, self.aspiration(situation), sending, asked)


@dataclass(frozen=True)
class DrawnParameters:
    """The parameters of all actors, in the order of the case, and of the measures, in some worlds."""

    case: Case
    actor_parameters: tuple[ActorParameters, ...]
    measure_parameters: MeasureParameters

    @classmethod
    def draw(cls, worlds: Worlds) -> DrawnParameters:
        """Take all numbers from the worlds."""
        case = worlds.case
        return cls(
            case, tuple(ActorParameters.draw(worlds, name) for name in case.actors), MeasureParameters.draw(worlds)
        )

    def only(self, rows: NDArray[np.intp] | slice) -> DrawnParameters:
        """Return the parameters in some of the worlds; a slice copies nothing."""
        return DrawnParameters(
            self.case,
            tuple(select_worlds(parameters, rows) for parameters in self.actor_parameters),
            select_worlds(self.measure_parameters, rows),
        )

    def situation(
        self, matrix: RuleSource, context: Mapping[str, Floats], month: int | None = None, months: int = 1
    ) -> Situation:
        """Measure some texts in a context; without a month, the texts are take it or leave it."""
        return Situation(context, month, months, self.measure_parameters.measure(matrix, context))


def _sum(parts: list[Floats]) -> Floats:
    """Sum parts (world or 1, text or 1), which nobody else uses: the small ones first, into the large ones."""
    summed, *rest = sorted(parts, key=lambda part: part.size)
    for part in rest:
        summed = np.add(summed, part, out=_reusable(part, summed))
    return summed


def _reusable(array: Floats, part: Floats) -> Floats | None:
    """Return `array`, which nobody else uses, if its sum with `part` fits into it; else None."""
    return array if np.broadcast_shapes(array.shape, part.shape) == array.shape else None


def _merge(where: Bools, this: Assessment, other: Assessment) -> Assessment:
    return replace(
        other,
        surplus=np.where(where, this.surplus, other.surplus),
        price=np.where(where, this.price, other.price),
        never=np.where(where, this.never, other.never),
        sending={name: np.where(where, this.sending[name], other.sending[name]) for name in other.sending},
    )
