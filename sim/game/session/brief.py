"""The brief of a role: who it is, what it wants, what it will not have, and when it walks away. For its chair alone.

Everything is in the case's own words, with the claims behind it; nothing is added.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sim.case.base_models import Sourced
from sim.case.conditions import condition_in_words
from sim.case.distributions import CodebookNumber
from sim.case.models import Actor, Case, ConsentRule, PointsRule
from sim.engine.measures import DURABILITY, Situation
from sim.engine.verdict_rules import ActorParameters
from sim.game.session.settings import Level
from sim.negotiation.evaluation import number
from sim.negotiation.model import DeliberationModel

INTERESTS_BASIC = 6
"""So many interests stand in a basic brief, the largest first."""


def brief(case: Case, actor: str, level: Level, model: DeliberationModel | None = None) -> dict[str, Any]:
    """The brief of a role, as plain data.

    Parameters
    ----------
    level : basic (what weighs most, in words) or advanced (all of it)
    model : the talks, by whose world and context numbers are given; None leaves numbers out (no score sheet)
    """
    who = case.actors[actor]
    sheet = None if model is None else _Sheet(model, actor)
    interests = _interests(case, who, sheet)
    if level == "basic":
        interests = sorted(interests, key=lambda one: -abs(one["central"]))[:INTERESTS_BASIC]
    found = {
        "actor": actor,
        "name": who.name,
        "role": who.role,
        "level": level,
        "brief": who.brief,
        "interests": [{key: value for key, value in one.items() if key != "central"} for one in interests],
        "red_lines": _red_lines(who, sheet),
        "weighs": _weighs(case, who, sheet) if level == "advanced" else [],
        "walk_away": _walk_away(case, who, sheet),
        "capacities": {of: None if sheet is None else sheet.capacity(of) for of in who.capacities},
        "when_sent": _when_sent(case, who, sheet),
        "consent": [_consent(case, rule) for rule in case.consent if _asks(rule, actor)],
    }
    cited = dict.fromkeys(claim for one in _sourced(found) for claim in one)
    found["claims"] = [
        {"id": claim, "text": case.claims[claim].text, "voice": case.claims[claim].voice} for claim in cited
    ]
    return found


class _Sheet:
    """The numbers of one actor in the world that is played."""

    def __init__(self, model: DeliberationModel, actor: str) -> None:
        self.parameters: ActorParameters = next(
            one for one in model.drawn_parameters.actor_parameters if one.name == actor
        )
        self._context = model.context

    def points(self, at: int) -> float:
        return number(self.parameters.points[0, at])

    def sending(self, resource: str, at: int) -> float:
        return number(self.parameters.sending[resource][0, at])

    def price(self, at: int) -> float | str:
        return "never" if self.parameters.nevers[0, at] else number(self.parameters.prices[0, at])

    def weight(self, at: int) -> float:
        return number(self.parameters.weights[0, at])

    def walk_away(self) -> float:
        return number(self.parameters.reservation(Situation(self._context, None, 1, {}))[0, 0])

    def slope(self, at: int) -> float:
        return number(self.parameters.slopes[0, at])

    def now(self, indicator: str) -> float:
        return number(self._context[indicator][0])

    def capacity(self, resource: str) -> float:
        return number(self.parameters.capacities[resource].max())


def _where(one: Sourced) -> dict[str, Any]:
    return {"sources": list(one.source), "assumption": one.assumption}


def _size(value: Any) -> str | None:
    """A word of the codebook, which says how large a number is without one."""
    return str(value) if isinstance(value, CodebookNumber) else None


def _interests(case: Case, who: Actor, sheet: _Sheet | None) -> list[dict[str, Any]]:
    """Its preferences: whether each is a gain or a cost, and how large, by number or by a word of the codebook."""
    return [
        {
            **_counts(case, one, None if sheet is None else sheet.points(at)),
            "central": number(case.resolve(one.points).central),
        }
        for at, one in enumerate(who.preferences)
    ]


def _when_sent(case: Case, who: Actor, sheet: _Sheet | None) -> list[dict[str, Any]]:
    """What counts only if it sends a resource."""
    return [
        {"resource": of, **_counts(case, one, None if sheet is None else sheet.sending(of, at))}
        for of, capacity in who.capacities.items()
        for at, one in enumerate(capacity.when_sent)
    ]


def _counts(case: Case, one: PointsRule, points: float | None) -> dict[str, Any]:
    return {
        "rule": one.rule,
        "says": one.says,
        "when": condition_in_words(one.when) if one.when else "",
        "gain": number(case.resolve(one.points).central) >= 0,
        "size": _size(one.points),
        "points": points,
        **_where(one),
    }


def _red_lines(who: Actor, sheet: _Sheet | None) -> list[dict[str, Any]]:
    return [
        {
            "rule": line.rule,
            "says": line.says,
            "when": condition_in_words(line.when) if line.when else "",
            "declared": line.declared,
            "price": None if sheet is None else sheet.price(at),
            **_where(line),
        }
        for at, line in enumerate(who.red_lines)
    ]


def _weighs(case: Case, who: Actor, sheet: _Sheet | None) -> list[dict[str, Any]]:
    return [
        {
            "measure": one.measure,
            "says": one.says or _measure(case, one.measure),
            "gain": number(case.resolve(one.weight).central) >= 0,
            "weight": None if sheet is None else sheet.weight(at),
            **_where(one),
        }
        for at, one in enumerate(who.weighs)
    ]


def _measure(case: Case, name: str) -> str:
    return case.durability.says if name == DURABILITY and case.durability else case.measures[name].says


def _walk_away(case: Case, who: Actor, sheet: _Sheet | None) -> dict[str, Any]:
    """What no agreement is worth to it now, and what in the state of the world moves that."""
    return {
        "now": None if sheet is None else sheet.walk_away(),
        **_where(who.reservation),
        "moved_by": [
            {
                "context": slope.context,
                "says": slope.says or case.context[slope.context].says,
                "up": number(case.resolve(slope.points).central) >= 0,
                "points": None if sheet is None else sheet.slope(at),
                "now": None if sheet is None else sheet.now(slope.context),
                **_where(slope),
            }
            for at, slope in enumerate(who.reservation.slopes)
        ],
    }


def _asks(rule: ConsentRule, actor: str) -> bool:
    asked = {*rule.needs, *rule.veto, *(rule.quorum.of if rule.quorum else ())}
    return actor in asked or (rule.pledges is not None and actor in rule.pledges.from_)


def _consent(case: Case, rule: ConsentRule) -> dict[str, Any]:
    """A consent rule that asks this actor."""
    return {
        "rule": rule.rule,
        "says": rule.says,
        "when": condition_in_words(rule.when) if rule.when else "",
        "needs": list(rule.needs),
        "veto": list(rule.veto),
        "quorum": rule.quorum.model_dump() if rule.quorum else None,
        "pledges": rule.pledges.model_dump(by_alias=True) if rule.pledges else None,
        **_where(rule),
    }


def _sourced(found: dict[str, Any]) -> Iterator[Sequence[str]]:
    """The claims behind every part of a brief."""
    for part in ("interests", "red_lines", "weighs", "when_sent", "consent"):
        yield from (one["sources"] for one in found[part])
    yield found["walk_away"]["sources"]
    yield from (one["sources"] for one in found["walk_away"]["moved_by"])
