"""The brief of a role: who it is, what it wants, what it refuses, and when it walks away. Only its chair may see it.

Everything is in the case's own words, with the claims behind it; nothing is added.
"""

from __future__ import annotations

from typing import Any, TypedDict

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
"""The number of interests in a basic brief: the largest ones."""


class Provenance(TypedDict):
    """Where a part of a brief comes from: claims, or an assumption."""

    sources: list[str]
    assumption: str | None


class Interest(Provenance):
    """A preference; `points` are None without a score sheet."""

    rule: str
    says: str
    when: str
    gain: bool
    size: str | None
    """The codebook's word for the number, if it has one."""
    points: float | None


class SendingInterest(Interest):
    """A rule that counts only if the role sends a resource."""

    resource: str


class LineInBrief(Provenance):
    """A red line; its `price` is in points, ``never``, or None without a score sheet."""

    rule: str
    says: str
    when: str
    declared: bool
    price: float | str | None


class WeighedMeasure(Provenance):
    """A measure that the actor weighs; `weight` is in points, or None without a score sheet."""

    measure: str
    says: str
    gain: bool
    weight: float | None


class WalkAway(Provenance):
    """What no agreement is worth now (`now`, points), and which indicators move that."""

    now: float | None
    moved_by: list[dict[str, Any]]


class Brief(TypedDict):
    """The brief of a role."""

    actor: str
    name: str
    role: str
    level: Level
    brief: str | None
    interests: list[Interest]
    red_lines: list[LineInBrief]
    weighs: list[WeighedMeasure]
    walk_away: WalkAway
    capacities: dict[str, float | None]
    when_sent: list[SendingInterest]
    consent: list[dict[str, Any]]
    """The consent rules that ask this actor."""
    claims: list[dict[str, Any]]
    """`id`, `text` and `voice` of every claim that the brief cites."""


def brief(case: Case, actor: str, level: Level, model: DeliberationModel | None = None) -> Brief:
    """Return the brief of a role: what weighs most, in words (basic), or all of it (advanced).

    The world and the context of `model` give the numbers; without it, there are none (no score sheet).
    """
    role = case.actors[actor]
    sheet = None if model is None else _Sheet(model, actor)
    interests = [
        _interest(case, rule, None if sheet is None else sheet.points(index))
        for index, rule in enumerate(role.preferences)
    ]
    if level == "basic":
        size = [abs(number(case.resolve(rule.points).central)) for rule in role.preferences]
        largest = sorted(range(len(size)), key=lambda index: -size[index])[:INTERESTS_BASIC]
        interests = [interests[index] for index in largest]
    red_lines, when_sent = _red_lines(role, sheet), _when_sent(case, role, sheet)
    weighs = _weighs(case, role, sheet) if level == "advanced" else []
    walk_away = _walk_away(case, role, sheet)
    claims = case.claims
    consent = [_consent(case, rule) for rule in case.consent if _asks(rule, actor)]
    parts: list[Any] = [*interests, *red_lines, *weighs, *when_sent, *consent, walk_away, *walk_away["moved_by"]]
    cited = dict.fromkeys(claim for part in parts for claim in part["sources"])
    return {
        "actor": actor,
        "name": role.name,
        "role": role.role,
        "level": level,
        "brief": role.brief,
        "interests": interests,
        "red_lines": red_lines,
        "weighs": weighs,
        "walk_away": walk_away,
        "capacities": {resource: None if sheet is None else sheet.capacity(resource) for resource in role.capacities},
        "when_sent": when_sent,
        "consent": consent,
        "claims": [{"id": name, "text": claims[name].text, "voice": claims[name].voice} for name in cited],
    }


class _Sheet:
    """The numbers of one actor in the world that is played."""

    def __init__(self, model: DeliberationModel, actor: str) -> None:
        drawn = model.drawn_parameters.actor_parameters
        self.parameters: ActorParameters = next(parameters for parameters in drawn if parameters.name == actor)
        self._context = model.context

    def points(self, index: int) -> float:
        return number(self.parameters.points[0, index])

    def sending(self, resource: str, index: int) -> float:
        return number(self.parameters.sending[resource][0, index])

    def price(self, index: int) -> float | str:
        return "never" if self.parameters.nevers[0, index] else number(self.parameters.prices[0, index])

    def weight(self, index: int) -> float:
        return number(self.parameters.weights[0, index])

    def walk_away(self) -> float:
        return number(self.parameters.reservation(Situation(self._context, None, 1, {}))[0, 0])

    def slope(self, index: int) -> float:
        return number(self.parameters.slopes[0, index])

    def now(self, indicator: str) -> float:
        return number(self._context[indicator][0])

    def capacity(self, resource: str) -> float:
        return number(self.parameters.capacities[resource].max())


def _provenance(part: Sourced) -> Provenance:
    return {"sources": list(part.source), "assumption": part.assumption}


def _interest(case: Case, rule: PointsRule, points: float | None) -> Interest:
    """A rule in words: whether it is a gain or a cost, and how large, as a number or as a word of the codebook."""
    return {
        "rule": rule.rule,
        "says": rule.says,
        "when": condition_in_words(rule.when) if rule.when else "",
        "gain": number(case.resolve(rule.points).central) >= 0,
        "size": str(rule.points) if isinstance(rule.points, CodebookNumber) else None,
        "points": points,
        **_provenance(rule),
    }


def _when_sent(case: Case, role: Actor, sheet: _Sheet | None) -> list[SendingInterest]:
    """The rules that count only if the role sends a resource."""
    return [
        {"resource": resource, **_interest(case, rule, None if sheet is None else sheet.sending(resource, index))}
        for resource, capacity in role.capacities.items()
        for index, rule in enumerate(capacity.when_sent)
    ]


def _red_lines(role: Actor, sheet: _Sheet | None) -> list[LineInBrief]:
    return [
        {
            "rule": line.rule,
            "says": line.says,
            "when": condition_in_words(line.when) if line.when else "",
            "declared": line.declared,
            "price": None if sheet is None else sheet.price(index),
            **_provenance(line),
        }
        for index, line in enumerate(role.red_lines)
    ]


def _weighs(case: Case, role: Actor, sheet: _Sheet | None) -> list[WeighedMeasure]:
    return [
        {
            "measure": weighed.measure,
            "says": weighed.says or _measure(case, weighed.measure),
            "gain": number(case.resolve(weighed.weight).central) >= 0,
            "weight": None if sheet is None else sheet.weight(index),
            **_provenance(weighed),
        }
        for index, weighed in enumerate(role.weighs)
    ]


def _measure(case: Case, name: str) -> str:
    return case.durability.says if name == DURABILITY and case.durability else case.measures[name].says


def _walk_away(case: Case, role: Actor, sheet: _Sheet | None) -> WalkAway:
    return {
        "now": None if sheet is None else sheet.walk_away(),
        **_provenance(role.reservation),
        "moved_by": [
            {
                "context": slope.context,
                "says": slope.says or case.context[slope.context].says,
                "up": number(case.resolve(slope.points).central) >= 0,
                "points": None if sheet is None else sheet.slope(index),
                "now": None if sheet is None else sheet.now(slope.context),
                **_provenance(slope),
            }
            for index, slope in enumerate(role.reservation.slopes)
        ],
    }


def _asks(rule: ConsentRule, actor: str) -> bool:
    asked = {*rule.needs, *rule.veto, *(rule.quorum.of if rule.quorum else ())}
    return actor in asked or (rule.pledges is not None and actor in rule.pledges.from_)


def _consent(case: Case, rule: ConsentRule) -> dict[str, Any]:
    return {
        "rule": rule.rule,
        "says": rule.says,
        "when": condition_in_words(rule.when) if rule.when else "",
        "needs": list(rule.needs),
        "veto": list(rule.veto),
        "quorum": rule.quorum.model_dump() if rule.quorum else None,
        "pledges": rule.pledges.model_dump(by_alias=True) if rule.pledges else None,
        **_provenance(rule),
    }
