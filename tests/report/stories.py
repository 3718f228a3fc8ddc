"""Small hand-made months and runs with the moves of the talks, for tests of the sentences that tell them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.report import samples

OPENING = {"force": "european", "force_size": 50000, "sanctions": "kept"}
NAMES = {
    "russia": "Russia",
    "us": "United States",
    "poland": "Poland",
    "baltics": "Baltic states",
    "france": "France",
    "uk": "United Kingdom",
}
TROOPS = "No Western troops in Ukraine, whatever their banner"


def line(says: str = TROOPS, points: float | str = -40.0, rule: str = "western_troops") -> dict[str, Any]:
    """A red line in a ledger."""
    return samples.entry(rule, points, "red_line", says=says)


def reaction(verdict: str, surplus: float = 0.0, **more: Any) -> dict[str, Any]:
    """What one actor answers; short by what its surplus is below 0, if it refuses."""
    short = 0.0 if verdict == "accept" else max(0.0, -surplus)
    return {
        "verdict": verdict,
        "surplus": surplus,
        "aspiration": 0.0,
        "reservation": 0.0,
        "needed": True,
        "why_needed": "consent",
        "pledge": {},
        "declares": [],
        "declared_lines": [],
        "ledger": [],
        "short": short,
        "blocks": verdict != "accept",
        "gap": short,
        "sends": {},
        "yes_if": None,
        **more,
    }


def declaring(says: str = TROOPS, points: float | str = -40.0, **more: Any) -> dict[str, Any]:
    """An actor whose declared red line the text crosses."""
    told = [{"line": "western_troops", "says": says}]
    more = {"gap": None if points == "never" else 20.0} | more
    return reaction(
        "red_line", -20.0, declares=["western_troops"], declared_lines=told, ledger=[line(says, points)], **more
    )


def keeping(surplus: float, **more: Any) -> dict[str, Any]:
    """An actor that supports a text and sends no troops."""
    held: dict[str, Any] = {"asked": True, "sends": False, "amount": 0.0, "capacity": 4000.0, "surplus": surplus}
    held["ledger"] = [samples.entry("own_soldiers", surplus - 1.1, "sending", says="Its own soldiers are at risk")]
    return reaction("accept", 1.1, pledge={"troops": 0.0}, sends={"troops": held}, gap=-surplus, **more)


def giving(amount: float) -> dict[str, Any]:
    """An actor that supports a text and sends troops."""
    held = {"asked": True, "sends": True, "amount": amount, "capacity": amount, "surplus": 4.0, "ledger": []}
    return reaction("accept", 9.0, pledge={"troops": amount}, sends={"troops": held})


def month(
    number: int,
    text: Mapping[str, Any] = OPENING,
    answers: Mapping[str, Mapping[str, Any]] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """One month; who is not named accepts, and blocks if it does not."""
    reactions = {name: reaction("accept", 5.0) for name in NAMES} | dict(answers or {})
    return {
        "month": number,
        "events": [],
        "open": 1.0,
        "agreed_share": 0.0,
        "text": text,
        "changed": {},
        "tabled_by": ["france", "uk"],
        "move": None,
        "learnt": [],
        "context": {},
        "measures": {},
        "reactions": reactions,
        "agreed": False,
        "blocked_by": [name for name, one in reactions.items() if one["verdict"] != "accept"],
        "unmet": [],
        "decision": "amended",
        **more,
    }


def move(kind: str, changed: Sequence[str] = (), **more: Any) -> dict[str, Any]:
    """A move by France and the United Kingdom."""
    return {
        "kind": kind,
        "by": ["france", "uk"],
        "changed": list(changed),
        "gaps": {},
        "surplus": {},
        "crosses": [],
        "learnt": [],
        **more,
    }


def after(first: Mapping[str, Any], made: Mapping[str, Any], text: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """The month after another one, with the move that led to its text."""
    past = first["text"]
    changed = {issue: [past[issue], value] for issue, value in text.items() if value != past[issue]}
    return month(first["month"] + 1, text, move=made, changed=changed, **{"tabled_by": made["by"], **more})


def run(timeline: Sequence[Mapping[str, Any]], **more: Any) -> dict[str, Any]:
    """A run of these months; its end is its last month."""
    last = timeline[-1]
    final = samples.evaluation(
        month=last["month"],
        package=last["text"],
        blocked_by=last["blocked_by"],
        unmet=last["unmet"],
        agreed=last["agreed"],
        durability=0.94,
        horizon=5,
        actors={
            name: {
                "name": NAMES[name],
                "role": "party",
                "utility": 0.0,
                "price": 0.0,
                "never": False,
                "shares": {one["verdict"]: 1.0},
                **one,
            }
            for name, one in last["reactions"].items()
        },
    )
    protocol = {"name": "single_text", "months": 12, "amend_terms": 2, "negotiable": None, "amends": True}
    return samples.run(
        months=last["month"],
        sponsors=["france", "uk"],
        protocol={**protocol, "step": 2.0, "patience": 3},
        outcome="agreed" if last["agreed"] else "impasse",
        final_package=last["text"],
        blocked_by=last["blocked_by"],
        verdicts={name: one["verdict"] for name, one in last["reactions"].items()},
        shares={"agreed": 1.0} if last["agreed"] else {"impasse": 1.0},
        durability=0.94,
        final=final,
        timeline=list(timeline),
        adjusted=[],
    ) | {"timeline": list(timeline), "final": final, **more}
