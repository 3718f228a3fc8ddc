"""Why an actor judges a text as it does: each rule that holds, its points, its sources (model, section 4)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sim.case.base_models import Sourced
from sim.case.models import Case
from sim.engine.measures import DURABILITY, Situation
from sim.engine.rule_matrix import LINES, NOBODY, PREFERENCES, SENDING, RuleMatrix
from sim.engine.verdict_rules import ActorParameters

Kind = Literal["preference", "measure", "reservation", "red_line", "sending"]


@dataclass(frozen=True)
class LedgerEntry:
    """One reason, and what it adds to the surplus.

    Parameters
    ----------
    rule : name of the rule, the measure, or the context indicator; ``base`` for a reservation without context
    kind : where it stands in the actor's file
    says : in words
    points : float, signed; ``-inf`` for a crossed red line that no price buys
    source, assumption : where it comes from
    """

    rule: str
    kind: Kind
    says: str
    points: float
    source: tuple[str, ...]
    assumption: str | None

    @property
    def never(self) -> bool:
        return math.isinf(self.points)


def ledger(
    case: Case, parameters: ActorParameters, matrix: RuleMatrix, situation: Situation, accepted: Mapping[str, bool]
) -> tuple[LedgerEntry, ...]:
    """List one actor's reasons for its judgement of one text in one world.

    The finite points sum to the actor's surplus.

    Parameters
    ----------
    parameters : of the actor, one world
    matrix : of one text
    situation : of one world and that text
    accepted : who of those who reacted first accepts the text
    """
    actor, entries = parameters.actor, []

    def add(rule: str, kind: Kind, says: str, points: float, sourced: Sourced) -> None:
        entries.append(LedgerEntry(rule, kind, says, float(points), sourced.source, sourced.assumption))

    accepting = _accepting(parameters, matrix, accepted)
    holding = np.flatnonzero(matrix.block(PREFERENCES, parameters.name, accepting)[:, 0])
    for at in holding.tolist():
        preference = actor.preferences[at]
        add(preference.rule, "preference", preference.says, parameters.points[0, at], preference)
    for at, weight in enumerate(actor.weighs):
        lasting = case.durability
        known = lasting if weight.measure == DURABILITY and lasting else case.measures[weight.measure]
        points = parameters.weights[0, at] * situation.measures[weight.measure][0, 0]
        add(weight.measure, "measure", weight.says or known.says, points, weight)
    reservation = actor.reservation
    add("base", "reservation", "What no agreement is worth to it", -parameters.base[0, 0], reservation)
    for at, slope in enumerate(reservation.slopes):
        points = -parameters.slopes[0, at] * situation.context[slope.context][0]
        add(slope.context, "reservation", slope.says or case.context[slope.context].says, points, slope)
    for at in np.flatnonzero(matrix.block(LINES, parameters.name)[:, 0]).tolist():
        line = actor.red_lines[at]
        price = -math.inf if parameters.nevers[0, at] else -parameters.prices[0, at]
        add(line.rule, "red_line", line.says, price, line)
    return tuple(entries)


def sending_ledger(
    parameters: ActorParameters, resource: str, matrix: RuleMatrix, accepted: Mapping[str, bool]
) -> tuple[LedgerEntry, ...]:
    """List what weighs on one actor's decision to send a resource under one text in one world, beside its surplus.

    The points of these entries and the actor's surplus sum to what decides: it sends if it accepts the text and the sum
    is 0 or more.

    Parameters
    ----------
    parameters : of the actor, one world
    resource : one of its capacities
    matrix : of one text
    accepted : who of those who reacted first accepts the text
    """
    rules = parameters.actor.capacities[resource].when_sent
    holding = matrix.block(SENDING, f"{parameters.name}.{resource}", _accepting(parameters, matrix, accepted))[:, 0]
    return tuple(
        LedgerEntry(
            rule.rule, "sending", rule.says, float(parameters.sending[resource][0, at]), rule.source, rule.assumption
        )
        for at, rule in enumerate(rules)
        if holding[at]
    )


def _accepting(parameters: ActorParameters, matrix: RuleMatrix, accepted: Mapping[str, bool]) -> frozenset[str]:
    """Of the actors to whom these rules listen, those who accept."""
    return frozenset(
        name for name in NOBODY.union(*matrix.accepting_sets(parameters.name)) if accepted.get(name, False)
    )
