"""Explains an actor's verdict on a text: each rule that holds, its points, its sources (model, section 4)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sim.case.base_models import Sourced
from sim.case.models import NO_DEAL, NO_DEAL_WORDS, Case
from sim.engine.drawn_parameters import ActorParameters
from sim.engine.fixed_point import to_points
from sim.engine.measures import DURABILITY, Situation
from sim.engine.rule_matrix import LINES, NOBODY, PREFERENCES, SENDING, RuleMatrix

Kind = Literal["preference", "measure", "reservation", "red_line", "sending"]


@dataclass(frozen=True)
class LedgerEntry:
    """One reason for a verdict, with the points that it adds to the surplus.

    Parameters
    ----------
    rule : name of the rule, the measure, or the context indicator; ``base`` for a reservation without context
    kind : the part of the actor's file that it belongs to
    says : the reason in words
    points : float, signed; ``-inf`` for a crossed red line that no price can buy
    source, assumption : the claims, or the assumption, that it rests on
    audience : float, points, >= 0, the part of a red line's points that is due to the actor's audience
    """

    rule: str
    kind: Kind
    says: str
    points: float
    source: tuple[str, ...]
    assumption: str | None
    audience: float = 0.0

    @property
    def never(self) -> bool:
        return math.isinf(self.points)


def ledger(
    case: Case, parameters: ActorParameters, matrix: RuleMatrix, situation: Situation, accepted: Mapping[str, bool]
) -> tuple[LedgerEntry, ...]:
    """List one actor's reasons for its verdict on one text in one world.

    The finite points sum to the actor's surplus. The arguments are for one world and one text. `accepted` says for the
    actors who react first whether they accept it.
    """
    actor, entries = parameters.actor, []

    def add(rule: str, kind: Kind, says: str, points: float, sourced: Sourced) -> None:
        entries.append(LedgerEntry(rule, kind, says, float(points), sourced.source, sourced.assumption))

    accepting = _accepting(parameters, matrix, accepted)
    holding = np.flatnonzero(matrix.block(PREFERENCES, parameters.name, accepting)[:, 0])
    for index in holding.tolist():
        preference = case.preferences[parameters.name][index]
        add(preference.rule, "preference", preference.says, parameters.points[0, index], preference)
    for index, weight in enumerate(actor.weighs):
        durability = case.durability
        measure = durability if weight.measure == DURABILITY and durability else case.measures[weight.measure]
        points = float(to_points(parameters.weights[0, index] * situation.measures[weight.measure][0, 0]))
        add(weight.measure, "measure", weight.says or measure.says, points, weight)
    reservation = actor.reservation
    add("base", "reservation", case.names.get(NO_DEAL, NO_DEAL_WORDS), -parameters.base[0, 0], reservation)
    for index, slope in enumerate(reservation.slopes):
        points = float(to_points(-parameters.slopes[0, index] * situation.context[slope.context][0]))
        add(slope.context, "reservation", slope.says or case.context[slope.context].says, points, slope)
    for index in np.flatnonzero(matrix.block(LINES, parameters.name)[:, 0]).tolist():
        line = actor.red_lines[index]
        never = parameters.nevers[0, index]
        price = -math.inf if never else -float(parameters.prices[0, index])
        audience = float(parameters.audience[0, 0]) if line.declared and not never else 0.0
        entries.append(LedgerEntry(line.rule, "red_line", line.says, price, line.source, line.assumption, audience))
    return tuple(entries)


def sending_ledger(
    case: Case, parameters: ActorParameters, resource: str, matrix: RuleMatrix, accepted: Mapping[str, bool]
) -> tuple[LedgerEntry, ...]:
    """List one actor's reasons, beside its surplus, to send a resource or not under one text in one world.

    The actor sends the resource if it accepts the text and the points of these entries plus its surplus are 0 or more.
    The arguments are those of `ledger`; `resource` is one of the actor's capacities.
    """
    rules = case.sending_rules[parameters.name][resource]
    holding = matrix.block(SENDING, f"{parameters.name}.{resource}", _accepting(parameters, matrix, accepted))[:, 0]
    return tuple(
        LedgerEntry(
            rule.rule, "sending", rule.says, float(parameters.sending[resource][0, index]), rule.source, rule.assumption
        )
        for index, rule in enumerate(rules)
        if holding[index]
    )


def _accepting(parameters: ActorParameters, matrix: RuleMatrix, accepted: Mapping[str, bool]) -> frozenset[str]:
    """Return who accepts among the actors on whose answers these rules depend."""
    return frozenset(
        name for name in NOBODY.union(*matrix.accepting_sets(parameters.name)) if accepted.get(name, False)
    )
