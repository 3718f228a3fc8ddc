"""A tiny case, made by hand, on which every rule of the engine can be worked out in the head."""

from __future__ import annotations

import copy
from typing import Any

WHY = {"assumption": "made up for a test"}


def rule(name: str, **keys: Any) -> dict[str, Any]:
    return {"rule": name, "says": name.replace("_", " "), **keys, **WHY}


def actor(name: str, role: str = "party", base: float = 0, **keys: Any) -> dict[str, Any]:
    return {"name": name.title(), "role": role, "brief": "x", "reservation": {"base": base, **WHY}, **keys}


def price(amount: float, points: float) -> dict[str, Any]:
    return rule(f"price_{amount}", when={"price": amount}, points=points)


CASE: dict[str, Any] = {
    "id": "villages",
    "title": "Two villages and a well",
    "question": "Who pays for the well?",
    "issues": {
        "price": {"says": "What Lower pays", "options": [0, 10, 20, 30], "default": 0, **WHY},
        "guard": {"says": "Who guards it", "options": ["none", "small", "large"], "default": "none", **WHY},
        "men": {"says": "How many guards", "options": [0, 5, 10], "default": 0, **WHY},
    },
    "constraints": [
        rule("no_guard_no_men", when={"guard": "none"}, then={"men": 0}),
        rule("a_guard_has_men", when={"not": {"guard": "none"}}, then={"men": ">0"}),
    ],
    "context": {"drought": {"says": "How dry it is", "start": 0, "drift": 0.25, "low": 0, "high": 1, **WHY}},
    "consent": [rule("both", needs=["lower", "upper"])],
    "actors": {
        # Upper earns what Lower pays: it gains at 20 and more; Lower gains at 20 and less.
        "upper": actor("upper", base=15, preferences=[price(10, 10), price(20, 20), price(30, 30)]),
        "lower": actor("lower", base=-25, preferences=[price(10, -10), price(20, -20), price(30, -30)]),
        "mayor": actor("mayor", role="contributor", capacities={"guards": {"amount": 6, **WHY}}),
    },
    "claims": {},
}


def scenario(proposal: dict[str, Any], protocol: dict[str, Any], **keys: Any) -> dict[str, Any]:
    """A scenario on a copy of the case, sponsored by Upper."""
    return {
        "id": "well",
        "title": "The well",
        "question": "x?",
        "case": copy.deepcopy(CASE),
        "sponsor": "upper",
        "proposal": proposal,
        "protocol": protocol,
        **keys,
    }


def guarded(proposal: dict[str, Any], protocol: dict[str, Any], cost: float = -4, **keys: Any) -> dict[str, Any]:
    """A scenario in which guards have to be sent by the Mayor: it gains 3 by a small guard, and sends at a cost."""
    source = scenario(proposal, protocol, **keys)
    mayor, consent = source["case"]["actors"]["mayor"], source["case"]["consent"]
    mayor["preferences"] = [rule("a_small_guard", when={"guard": "small"}, points=3)]
    mayor["capacities"]["guards"]["when_sent"] = [rule("own_men", when={"men": ">0"}, points=cost)]
    consent.append(rule("guarded", when={"men": ">0"}, pledges={"of": "guards", "from": ["mayor"], "cover": "men"}))
    return source
