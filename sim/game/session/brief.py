"""The brief of a role: who it is, what it wants, what it refuses, and when it walks away. Only its chair may see it.

Everything is in the case's own words, with the claims behind it; nothing is added.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict

from sim.case.base_models import Sourced
from sim.case.conditions import condition_in_words
from sim.case.consent_rules.demand_words import demand_in_words
from sim.case.consent_rules.quorums import Quorum, VoteShare
from sim.case.distributions import CodebookNumber
from sim.case.models import Actor, Case, ConsentRule, CountedRule
from sim.engine.drawn_parameters import ActorParameters
from sim.engine.measures import DURABILITY, Situation
from sim.engine.rule_matrix import Floats
from sim.game.session.settings import Level
from sim.negotiation.answers.evaluation import number
from sim.negotiation.context import Context
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
    own = None if model is None else model.negotiators[actor].all_parameters
    context = None if model is None else model.context
    interests = _interests(case, case.preferences[actor], None if own is None else own.points)
    if level == "basic":
        size = [abs(_central(case, rule)) for rule in case.preferences[actor]]
        largest = sorted(range(len(size)), key=lambda index: -size[index])[:INTERESTS_BASIC]
        interests = [interests[index] for index in largest]
    red_lines, when_sent = _red_lines(role, own), _when_sent(case, actor, own)
    weighs = _weighs(case, role, own) if level == "advanced" else []
    walk_away = _walk_away(case, role, own, context)
    claims = case.claims
    consent = [_consent(case, rule) for rule in case.consent if actor in rule.members]
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
        "capacities": {
            resource: None if own is None else number(own.capacities[resource].max()) for resource in role.capacities
        },
        "when_sent": when_sent,
        "consent": consent,
        "claims": [{"id": name, "text": claims[name].text, "voice": claims[name].voice} for name in cited],
    }


def _cell(values: Floats | None, index: int) -> float | None:
    return None if values is None else number(values[0, index])


def _provenance(part: Sourced) -> Provenance:
    return {"sources": list(part.source), "assumption": part.assumption}


def _central(case: Case, rule: CountedRule) -> float:
    return number(case.resolve(rule.points).central * rule.times)


def _interests(case: Case, rules: Sequence[CountedRule], points: Floats | None) -> list[Interest]:
    """Rules in words: whether each is a gain or a cost, and how large, as a number or as a word of the codebook."""
    return [
        {
            "rule": rule.rule,
            "says": rule.says,
            "when": condition_in_words(rule.when) if rule.when else "",
            "gain": _central(case, rule) >= 0,
            "size": str(rule.points) if isinstance(rule.points, CodebookNumber) and rule.times == 1 else None,
            "points": _cell(points, index),
            **_provenance(rule),
        }
        for index, rule in enumerate(rules)
    ]


def _when_sent(case: Case, actor: str, own: ActorParameters | None) -> list[SendingInterest]:
    return [
        {"resource": resource, **interest}
        for resource, rules in case.sending_rules[actor].items()
        for interest in _interests(case, rules, None if own is None else own.sending[resource])
    ]


def _red_lines(role: Actor, own: ActorParameters | None) -> list[LineInBrief]:
    return [
        {
            "rule": line.rule,
            "says": line.says,
            "when": condition_in_words(line.when) if line.when else "",
            "declared": line.declared,
            "price": _price(own, index),
            **_provenance(line),
        }
        for index, line in enumerate(role.red_lines)
    ]


def _price(own: ActorParameters | None, index: int) -> float | str | None:
    if own is None:
        return None
    return "never" if own.nevers[0, index] else number(own.prices[0, index])


def _weighs(case: Case, role: Actor, own: ActorParameters | None) -> list[WeighedMeasure]:
    return [
        {
            "measure": weighed.measure,
            "says": weighed.says or _measure(case, weighed.measure),
            "gain": number(case.resolve(weighed.weight).central) >= 0,
            "weight": _cell(None if own is None else own.weights, index),
            **_provenance(weighed),
        }
        for index, weighed in enumerate(role.weighs)
    ]


def _measure(case: Case, name: str) -> str:
    return case.durability.says if name == DURABILITY and case.durability else case.measures[name].says


def _walk_away(case: Case, role: Actor, own: ActorParameters | None, context: Context | None) -> WalkAway:
    now = None if own is None or context is None else own.reservation(Situation(context, None, 1, {}))
    return {
        "now": _cell(now, 0),
        **_provenance(role.reservation),
        "moved_by": [
            {
                "context": slope.context,
                "says": slope.says or case.context[slope.context].says,
                "up": number(case.resolve(slope.points).central) >= 0,
                "points": _cell(None if own is None else own.slopes, index),
                "now": None if context is None else number(context[slope.context][0]),
                **_provenance(slope),
            }
            for index, slope in enumerate(role.reservation.slopes)
        ],
    }


def _consent(case: Case, rule: ConsentRule) -> dict[str, Any]:
    return {
        "rule": rule.rule,
        "says": rule.says,
        **asks_in_words(case, rule),
        "when": condition_in_words(rule.when) if rule.when else "",
        "needs": list(rule.needs),
        "veto": list(rule.veto),
        "quorum": _quorum(rule.quorum) if rule.quorum else None,
        "pledges": rule.pledges.model_dump(by_alias=True) if rule.pledges else None,
        **_provenance(rule),
    }


def asks_in_words(case: Case, rule: ConsentRule) -> dict[str, str]:
    """Return what a consent rule asks for, as `asks`, if it says more than whom it needs; otherwise nothing."""
    names = {name: actor.name for name, actor in case.actors.items()}
    return {"asks": demand_in_words(rule, names)} if rule.combined else {}


def _quorum(quorum: Quorum) -> dict[str, Any]:
    """Return a quorum as plain data: what differs from a number of actors is told only where it does."""
    key = "at_least" if quorum.more_than is None else "more_than"
    threshold = str(quorum.threshold) if isinstance(quorum.threshold, VoteShare) else quorum.threshold
    abstain = {} if quorum.abstain == "against" else {"abstain": quorum.abstain}
    return {"of": quorum.of, key: threshold, **abstain}
