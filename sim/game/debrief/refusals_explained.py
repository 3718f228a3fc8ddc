"""Why each no was said, and what would have turned it."""

from __future__ import annotations

import math
from typing import Any

from sim.engine.verdict_rules import Verdict

YES = Verdict.ACCEPT.word


def refusals(story: dict[str, Any]) -> list[dict[str, Any]]:
    """Every no of a table: who said it, from which month to which, why, and which terms would have turned it.

    Who accepts a text and withholds what it asks for, so that it blocks, has said no, too. A no that is repeated for
    the same reasons is told once, with its months. Its reasons, and what would have turned it, are those of its last
    month.

    Parameters
    ----------
    story : of the table (`Played.story`)
    """
    told: list[dict[str, Any]] = []
    for month in story["timeline"]:
        for actor, reaction in month["reactions"].items():
            blocks = actor in month["blocked_by"]
            if reaction["verdict"] == YES and not blocks:
                continue
            last = next((one for one in reversed(told) if one["actor"] == actor), None)
            one = _no(actor, month["month"], reaction, blocks=blocks)
            if last is not None and last["to_month"] == month["month"] - 1 and _same(last, one):
                told[told.index(last)] = {**one, "from_month": last["from_month"]}
            else:
                told.append(one)
    last = {one["actor"]: one["to_month"] for one in told if one["blocks"]}
    for one in told:
        one["last"] = one["blocks"] and one["to_month"] == last[one["actor"]]
    return sorted(told, key=lambda one: (not one["blocks"], one["from_month"]))


def _no(actor: str, month: int, reaction: dict[str, Any], *, blocks: bool) -> dict[str, Any]:
    withheld = [of for of, one in reaction["sends"].items() if one["asked"] and not one["sends"]]
    withholds = withheld if reaction["verdict"] == YES else []
    ledger = [entry for of in withholds for entry in reaction["sends"][of]["ledger"]] or reaction["ledger"]
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
        "against": sorted((one for one in ledger if one["points"] == "never" or one["points"] < 0), key=_weight),
        "ledger": ledger,
        "yes_if": reaction["yes_if"],
    }


def _own_mind(reaction: dict[str, Any], withholds: list[str]) -> bool:
    """Whether the rules of a seat would have said yes where a person said no."""
    if not withholds:
        return bool(reaction.get("understudy") == YES)
    return "understudy" in reaction and all(reaction["sends"][of]["surplus"] >= 0 for of in withholds)


def _weight(entry: dict[str, Any]) -> tuple[bool, float]:
    """Red lines first, those that are never sold before all; then the largest cost."""
    return entry["kind"] != "red_line", -math.inf if entry["points"] == "never" else entry["points"]


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two noes of an actor have the same verdict and the same rules behind it, and nothing new was said."""
    rules = [{entry["rule"] for entry in no["ledger"]} for no in (one, other)]
    keys = ("verdict", "understudy", "blocks", "withholds")
    return rules[0] == rules[1] and all(one[key] == other[key] for key in keys) and other["said"] in ("", one["said"])
