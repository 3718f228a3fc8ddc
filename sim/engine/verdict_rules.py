"""One actor's verdict on a text, from its utility, reservation value and red lines (model, section 4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import cached_property, reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.case.models import Actor, Level
from sim.engine.fixed_point import to_points
from sim.engine.measures import Situation
from sim.engine.rule_matrix import LINES, NOBODY, PREFERENCES, SENDING, Bools, Floats, RuleSource, RuleSums
from sim.engine.shared_columns import SharedColumns, pick
from sim.engine.worlds import Worlds


class Verdict(IntEnum):
    """An actor's answer to a text: the first of these that applies."""

    RED_LINE = 0
    WORSE_THAN_NO_DEAL = 1
    HOLDING_OUT = 2
    ACCEPT = 3

    @property
    def word(self) -> str:
        """The verdict as files and pages write it."""
        return self.name.lower()


REFUSALS_BELOW = Verdict.HOLDING_OUT
"""Verdicts below this one refuse outright; an actor that holds out only waits for a better text."""


def accepted(surplus: Floats, crosses_never: Bools, aspiration: Floats | float = 0.0) -> Bools:
    """Whether an actor accepts each text: it crosses no line that is not for sale, and its surplus is enough.

    Parameters
    ----------
    surplus : (world, text) float, points, net of the prices of crossed red lines
    crosses_never : (world, text) bool, whether the text crosses a red line that has no price
    aspiration : (world, 1) float, points, >= 0; 0 asks for acceptance at the reservation value

    Returns
    -------
    (world, text) bool
    """
    return np.asarray((surplus >= aspiration) & ~crosses_never)


def judge(surplus: Floats, crosses_never: Bools, price_paid: Floats, aspiration: Floats) -> NDArray[np.uint8]:
    """Return one actor's verdict on each text (model, section 4).

    Parameters
    ----------
    surplus : (world, text) float, points, net of the prices of crossed red lines
    crosses_never : (world, text) bool, whether the text crosses a red line that has no price
    price_paid : (world, text) float, points, >= 0, the prices already subtracted from `surplus`
    aspiration : (world, 1) float, points, >= 0

    Returns
    -------
    (world, text) uint8, codes of `Verdict`
    """
    sunk_by_red_line = (surplus < 0) & (to_points(surplus + price_paid) >= 0)
    return np.select(
        [crosses_never | sunk_by_red_line, surplus < 0, accepted(surplus, crosses_never, aspiration)],
        [np.uint8(Verdict.RED_LINE), np.uint8(Verdict.WORSE_THAN_NO_DEAL), np.uint8(Verdict.ACCEPT)],
        default=np.uint8(Verdict.HOLDING_OUT),
    )


def aspiration(opening: Floats, e: Floats, month: int, months: int) -> Floats:
    """Return the surplus that an actor holds out for in month t of T: ``opening x (1 - (t/T)^(1/e))``.

    With e < 1 the actor concedes late (Boulware), with e = 1 evenly, with e > 1 early (conceder); see Faratin, Sierra
    and Jennings (1998).

    Parameters
    ----------
    opening : (world,) float, points
    e : (world,) float, > 0
    month : int, 1 to `months`
    months : int

    Returns
    -------
    (world,) float, points, >= 0
    """
    return to_points(np.maximum(opening, 0) * (1 - (month / months) ** (1 / e)))


@dataclass(frozen=True)
class Assessment:
    """One actor's assessment of texts in worlds; all arrays are (world or 1, text or 1).

    If several texts share a column of the numbers, `shared_columns` gives the column of each text; `verdict`, `accepts`
    and `refuses` are by text in any case.

    Parameters
    ----------
    surplus : float, points, utility - reservation - price
    price : float, points, >= 0, the finite prices of the crossed red lines
    never : bool, whether the text crosses a red line that no price can buy
    reservation : float, points, what no agreement is worth
    aspiration : float, points, >= 0
    sending : resource to float, points, the surplus plus the points of the rules that count only if the actor sends it
    asked : resource to bool, whether a consent rule counts on the actor to send it
    given : uint8, codes of `Verdict`, an answer given by a person or an agent instead of the rules; otherwise None
    promised : resource to the amount that a person has named; the rules decide for all other resources
    shared_columns : the column of each text; None if each text has its own
    """

    surplus: Floats
    price: Floats
    never: Bools
    reservation: Floats
    aspiration: Floats
    sending: Mapping[str, Floats] = field(default_factory=dict)
    asked: Mapping[str, Bools] = field(default_factory=dict)
    given: NDArray[np.uint8] | None = None
    promised: Mapping[str, float] = field(default_factory=dict)
    shared_columns: SharedColumns | None = None

    @cached_property
    def verdict(self) -> NDArray[np.uint8]:
        """(world, text) uint8, codes of `Verdict`."""
        if self.given is not None:
            return self.given
        return self.by_text(judge(self.surplus, self.never, self.price, self.aspiration))

    @cached_property
    def accepts(self) -> Bools:
        """(world, text) bool, whether the actor accepts."""
        if self.given is not None:
            return np.asarray(self.given == Verdict.ACCEPT)
        return self.by_text(accepted(self.surplus, self.never, self.aspiration))

    @cached_property
    def refuses(self) -> Bools:
        """(world, text) bool, whether it refuses even at its reservation value."""
        if self.given is not None:
            return np.asarray(self.given < REFUSALS_BELOW)
        return self.by_text(~accepted(self.surplus, self.never))

    def margin(self, resource: str | None = None) -> Floats:
        """Return (world, column) float, points to spare at the reservation value; minus infinity beyond `never`.

        Parameters
        ----------
        resource : for sending it; None for accepting the text
        """
        return np.where(self.never, -np.inf, self.surplus if resource is None else self.sending[resource])

    def sends(self, resource: str) -> Bools:
        """(world, text) bool, whether the actor accepts the text and sends what it can of a resource."""
        if resource in self.promised:
            return self.accepts if self.promised[resource] > 0 else np.zeros_like(self.accepts)
        if resource not in self.sending:
            return self.accepts
        return np.asarray(self.accepts & self.by_text(self.sending[resource] >= 0))

    @cached_property
    def gap(self) -> Floats:
        """(world, column) float, points missing for acceptance, or for sending what the actor is asked to send."""
        gap = to_points(self.aspiration - self.surplus)
        for resource, asked in self.asked.items():
            if not self.promised.get(resource, 0) and asked.any():
                gap = np.maximum(gap, np.where(asked, -self.sending[resource], -np.inf))
        return gap

    @property
    def utility(self) -> Floats:
        """(world, text) float, points."""
        return to_points(self.surplus + self.reservation + self.price)

    @property
    def shortfall(self) -> Floats:
        """(world, text) float, points short of acceptance, >= 0; red lines that no price can buy are not included."""
        return np.maximum(to_points(self.aspiration - self.surplus), 0)

    def pick(self, array: NDArray[Any], worlds: NDArray[np.intp], texts: NDArray[np.intp]) -> NDArray[Any]:
        """Return (pair,) of one of the arrays: the values for pairs of world and text."""
        if self.shared_columns is None or array.shape[1] == 1:
            return pick(array, worlds, texts)
        return pick(array, worlds, self.shared_columns.at(worlds, texts))

    def by_text(self, array: NDArray[Any]) -> NDArray[Any]:
        """Return (world, text) of an array (world, column)."""
        return np.asarray(array) if self.shared_columns is None else self.shared_columns.over(array)


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
            points=worlds.points([f"{path}.preferences.{rule.rule}.points" for rule in actor.preferences]),
            weights=worlds.table([f"{path}.weighs.{weight.measure}.weight" for weight in actor.weighs]),
            prices=np.where(nevers, 0, to_points(np.maximum(prices, 0) + audience * declared)),
            audience=audience,
            nevers=nevers,
            **_level(worlds, actor.reservation, f"{path}.reservation"),
            opening=worlds.points([f"{path}.aspiration.opening"])[:, 0] if has_aspiration else np.zeros(1),
            e=worlds.number(f"{path}.aspiration.e") if has_aspiration else np.ones(1),
            capacities={
                resource: np.maximum(worlds.points([f"{path}.capacities.{resource}.amount"])[:, 0], 0)
                for resource in actor.capacities
            },
            sending={
                resource: worlds.points(
                    [f"{path}.capacities.{resource}.when_sent.{rule.rule}.points" for rule in capacity.when_sent]
                )
                for resource, capacity in actor.capacities.items()
            },
        )

    def only(self, rows: NDArray[np.intp] | slice) -> ActorParameters:
        """Return the parameters in some of the worlds; a slice copies nothing."""

        def some(array: Floats) -> Floats:
            return array if len(array) == 1 else array[rows]

        arrays: dict[str, Any] = {
            name: some(getattr(self, name))
            for name in ("points", "weights", "prices", "audience", "nevers", "base", "slopes", "opening", "e")
        }
        return replace(
            self,
            **arrays,
            capacities={name: some(amount) for name, amount in self.capacities.items()},
            sending={name: some(points) for name, points in self.sending.items()},
        )

    def reservation(self, situation: Situation) -> Floats:
        """Return (world, 1) float, points: the base plus the slopes on the context."""
        return to_points(self.base + situation.rise(self.actor.reservation, self.slopes))

    def aspiration(self, situation: Situation) -> Floats:
        """Return (world, 1) float, points; 0 if the text is take it or leave it."""
        if situation.month is None:
            return np.zeros((1, 1))
        return aspiration(self.opening, self.e, situation.month, situation.months)[:, None]

    def answer(self, matrix: RuleSource, situation: Situation, accepted: Mapping[str, Bools]) -> Assessment:
        """Judge the texts, knowing which of the actors who react first accept them.

        Parameters
        ----------
        matrix : which rules hold for the texts
        situation : measures of the texts, context and month
        accepted : actor to (world, text) bool; used only for the actors on whose answers this actor's rules depend
        """
        versions = [
            (where, self.assess(matrix, accepting, situation))
            for accepting, where in self.applicable_sets(matrix, accepted)
        ]
        result = versions[0][1]
        for where, version in versions[1:]:
            result = _merge(where, version, result)
        return result

    def applicable_sets(
        self, matrix: RuleSource, accepted: Mapping[str, Bools]
    ) -> Iterator[tuple[frozenset[str], Bools]]:
        """Yield sets of accepting actors, of those on whose answers this actor's rules depend, and where each applies.

        The first is the empty set, which applies everywhere.

        Parameters
        ----------
        accepted : actor to (world, text) bool, the answers of the actors who react first
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


def _sum(parts: list[Floats]) -> Floats:
    """Sum parts (world or 1, text or 1), which nobody else uses: the small ones first, into the large ones."""
    summed, *rest = sorted(parts, key=lambda part: part.size)
    for part in rest:
        summed = np.add(summed, part, out=_reusable(part, summed))
    return summed


def _reusable(array: Floats, part: Floats) -> Floats | None:
    """Return `array`, which nobody else uses, if its sum with `part` fits into it; else None."""
    return array if np.broadcast_shapes(array.shape, part.shape) == array.shape else None


def _level(worlds: Worlds, level: Level, path: str) -> dict[str, Floats]:
    slopes = [f"{path}.slopes.{slope.context}.points" for slope in level.slopes]
    return {"base": worlds.points([f"{path}.base"]), "slopes": worlds.table(slopes)}


def _merge(where: Bools, this: Assessment, other: Assessment) -> Assessment:
    return replace(
        other,
        surplus=np.where(where, this.surplus, other.surplus),
        price=np.where(where, this.price, other.price),
        never=np.where(where, this.never, other.never),
        sending={name: np.where(where, this.sending[name], other.sending[name]) for name in other.sending},
    )
