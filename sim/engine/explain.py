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
    case: Case, stance: ActorParameters, reading: RuleMatrix, situation: Situation, accepted: Mapping[str, bool]
) -> tuple[LedgerEntry, ...]:
    """List one actor's reasons for its judgement of one text in one world.

    The finite points sum to the actor's surplus.

    Parameters
    ----------
    stance : of the actor, one world
    reading : of one text
    situation : of one world and that text
    accepted : who of those who reacted first accepts the text
    """
    actor, entries = stance.actor, []

    def add(rule: str, kind: Kind, says: str, points: float, sourced: Sourced) -> None:
        entries.append(LedgerEntry(rule, kind, says, float(points), sourced.source, sourced.assumption))

    gone = _accepting(stance, reading, accepted)
    holding = np.flatnonzero(reading.block(PREFERENCES, stance.name, gone)[:, 0])
    for at in holding.tolist():
        preference = actor.preferences[at]
        add(preference.rule, "preference", preference.says, stance.points[0, at], preference)
    for at, weight in enumerate(actor.weighs):
        lasting = case.durability
        known = lasting if weight.measure == DURABILITY and lasting else case.measures[weight.measure]
        points = stance.weights[0, at] * situation.measures[weight.measure][0, 0]
        add(weight.measure, "measure", weight.says or known.says, points, weight)
    reservation = actor.reservation
    add("base", "reservation", "What no agreement is worth to it", -stance.base[0, 0], reservation)
    for at, slope in enumerate(reservation.slopes):
        points = -stance.slopes[0, at] * situation.context[slope.context][0]
        add(slope.context, "reservation", slope.says or case.context[slope.context].says, points, slope)
    for at in np.flatnonzero(reading.block(LINES, stance.name)[:, 0]).tolist():
        line = actor.red_lines[at]
        price = -math.inf if stance.nevers[0, at] else -stance.prices[0, at]
        add(line.rule, "red_line", line.says, price, line)
    return tuple(entries)


def sending_ledger(
    stance: ActorParameters, resource: str, reading: RuleMatrix, accepted: Mapping[str, bool]
) -> tuple[LedgerEntry, ...]:
    """List what weighs on one actor's decision to send a resource under one text in one world, beside its surplus.

    The points of these entries and the actor's surplus sum to what decides: it sends if it accepts the text and the sum
    is 0 or more.

    Parameters
    ----------
    stance : of the actor, one world
    resource : one of its capacities
    reading : of one text
    accepted : who of those who reacted first accepts the text
    """
    rules = stance.actor.capacities[resource].when_sent
    holding = reading.block(SENDING, f"{stance.name}.{resource}", _accepting(stance, reading, accepted))[:, 0]
    return tuple(
        LedgerEntry(
            rule.rule, "sending", rule.says, float(stance.sending[resource][0, at]), rule.source, rule.assumption
        )
        for at, rule in enumerate(rules)
        if holding[at]
    )


def _accepting(stance: ActorParameters, reading: RuleMatrix, accepted: Mapping[str, bool]) -> frozenset[str]:
    """Of the actors to whom these rules listen, those who accept."""
    return frozenset(name for name in NOBODY.union(*reading.patterns(stance.name)) if accepted.get(name, False))
