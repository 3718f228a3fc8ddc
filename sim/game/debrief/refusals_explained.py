"""Why each refusal was made, and what would have turned it into an acceptance."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, TypedDict

from sim.engine.verdict_rules import Verdict

YES = Verdict.ACCEPT.word


class Refusal(TypedDict):
    """A refusal by one actor in consecutive months (`docs/reference/json.md`, `tables[].noes`)."""

    actor: str
    from_month: int
    to_month: int
    verdict: str
    understudy: str | None
    said: str
    blocks: bool
    withholds: list[str]
    own_mind: bool
    surplus: float
    aspiration: float
    short: float | str
    gap: float | None
    against: list[dict[str, Any]]
    ledger: list[dict[str, Any]]
    yes_if: Any
    last: bool


def refusals(story: Mapping[str, Any]) -> list[Refusal]:
    """List every refusal in the story of a table: who refused, in which months, why, and which terms would have changed
    it.

    An actor that accepts a text but withholds what it asks for, and so blocks it, has refused as well. A refusal that
    is repeated for the same reasons is listed once, with its months. Its reasons, and what would have changed it, are
    those of its last month.
    """
    listed: list[Refusal] = []
    for month in story["timeline"]:
        for actor, reaction in month["reactions"].items():
            blocks = actor in month["blocked_by"]
            if reaction["verdict"] == YES and not blocks:
                continue
            earlier = next((other for other in reversed(listed) if other["actor"] == actor), None)
            refusal = _refusal(actor, month["month"], reaction, blocks=blocks)
            if earlier is not None and earlier["to_month"] == month["month"] - 1 and _same(earlier, refusal):
                listed[listed.index(earlier)] = {**refusal, "from_month": earlier["from_month"]}
            else:
                listed.append(refusal)
    last = {refusal["actor"]: refusal["to_month"] for refusal in listed if refusal["blocks"]}
    for refusal in listed:
        refusal["last"] = refusal["blocks"] and refusal["to_month"] == last[refusal["actor"]]
    return sorted(listed, key=lambda refusal: (not refusal["blocks"], refusal["from_month"]))


def _refusal(actor: str, month: int, reaction: Mapping[str, Any], *, blocks: bool) -> Refusal:
    withheld = [resource for resource, sent in reaction["sends"].items() if sent["asked"] and not sent["sends"]]
    withholds = withheld if reaction["verdict"] == YES else []
    sending = [entry for resource in withholds for entry in reaction["sends"][resource]["ledger"]]
    ledger = sending or reaction["ledger"]
    against = (entry for entry in ledger if entry["points"] == "never" or entry["points"] < 0)
    return {
        "actor": actor,
        "from_month": month,
        "to_month": month,
        "verdict": reaction["verdict"],
        "understudy": reaction.get("understudy"),
        "said": reaction.get("said", ""),
        "blocks": blocks,
        "withholds": withholds,
        "own_mind": _own_mind(reaction, withholds),
        "surplus": reaction["surplus"],
        "aspiration": reaction["aspiration"],
        "short": reaction["short"],
        "gap": reaction["gap"],
        "against": sorted(against, key=_weight),
        "ledger": ledger,
        "yes_if": reaction["yes_if"],
        "last": False,
    }


def _own_mind(reaction: Mapping[str, Any], withholds: list[str]) -> bool:
    """Whether a person refused where the rules of the seat would have accepted."""
    if not withholds:
        return bool(reaction.get("understudy") == YES)
    return "understudy" in reaction and all(reaction["sends"][resource]["surplus"] >= 0 for resource in withholds)


def _weight(entry: Mapping[str, Any]) -> tuple[bool, float]:
    """Sort key: red lines first, starting with those that have no price; then the largest cost."""
    return entry["kind"] != "red_line", -math.inf if entry["points"] == "never" else entry["points"]


def _same(earlier: Refusal, later: Refusal) -> bool:
    """Whether two refusals of an actor have the same verdict and rules, and nothing new was said with the later one."""
    rules = [{entry["rule"] for entry in refusal["ledger"]} for refusal in (earlier, later)]

    def kind(refusal: Refusal) -> tuple[object, ...]:
        return refusal["verdict"], refusal["understudy"], refusal["blocks"], refusal["withholds"]

    return rules[0] == rules[1] and kind(earlier) == kind(later) and later["said"] in ("", earlier["said"])
