"""Why each no was said, and what would have turned it."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.deliberation.sitting import number
from sim.game.played import Played, judge
from sim.rules.space import Space
from sim.rules.verdicts import Verdict

TURNS = 3
"""So many changed terms are listed for a no."""
YES = Verdict.ACCEPT.word


def noes(played: Played, story: dict[str, Any]) -> list[dict[str, Any]]:
    """Every no of a table: who said it, from which month to which, why, and which single term would have turned it.

    A no that is repeated for the same reasons is told once, with its months. Its reasons, and what would have turned
    it, are those of its last month.

    Parameters
    ----------
    story : of the table (`Played.story`)
    """
    told: list[dict[str, Any]] = []
    for month in story["timeline"]:
        for actor, reaction in month["reactions"].items():
            if reaction["verdict"] == YES:
                continue
            blocks = actor in month["blocked_by"]
            last = next((one for one in reversed(told) if one["actor"] == actor), None)
            one = _no(actor, month["month"], reaction, blocks=blocks)
            if last is not None and last["to_month"] == month["month"] - 1 and _same(last, one):
                told[told.index(last)] = {**one, "from_month": last["from_month"]}
            else:
                told.append(one)
    turned = {month: _turns(played, month) for month in {one["to_month"] for one in told}}
    last = {one["actor"]: one["to_month"] for one in told if one["blocks"]}
    for one in told:
        one["last"] = one["blocks"] and one["to_month"] == last[one["actor"]]
        one["turns"] = turned[one["to_month"]].get(one["actor"], [])
    return sorted(told, key=lambda one: (not one["blocks"], one["from_month"]))


def _no(actor: str, month: int, reaction: dict[str, Any], *, blocks: bool) -> dict[str, Any]:
    against = [entry for entry in reaction["ledger"] if entry["points"] == "never" or entry["points"] < 0]
    return {
        "actor": actor,
        "from_month": month,
        "to_month": month,
        "verdict": reaction["verdict"],
        "understudy": reaction.get("understudy"),
        "said": reaction.get("said", ""),
        "blocks": blocks,
        "surplus": reaction["surplus"],
        "aspiration": reaction["aspiration"],
        "short": reaction["short"],
        "against": sorted(against, key=_weight),
        "ledger": reaction["ledger"],
    }


def _weight(entry: dict[str, Any]) -> tuple[bool, float]:
    """Red lines first, those that are never sold before all; then the largest cost."""
    return entry["kind"] != "red_line", -np.inf if entry["points"] == "never" else entry["points"]


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two noes of an actor have the same verdict and the same rules behind it, and nothing new was said."""
    rules = [{entry["rule"] for entry in no["ledger"]} for no in (one, other)]
    keys = ("verdict", "understudy", "blocks")
    return rules[0] == rules[1] and all(one[key] == other[key] for key in keys) and other["said"] in ("", one["said"])


def _turns(played: Played, month: int) -> dict[str, list[dict[str, Any]]]:
    """The single changed terms with which each actor's rules would have accepted the text of a month.

    Those come first that leave the fewest others against it.
    """
    case, space = played.case, Space(played.case)
    current = played.run.months[month - 1].sitting.reading.texts[0]
    texts = space.neighbours(current, tuple(case.issues), 1)
    if not len(texts):
        return {}
    sitting = judge(played.run, texts, month, holding_out=True)
    shape, had = (1, len(texts)), space.decode(current)
    blocking = sum(np.broadcast_to(one, shape)[0].astype(int) for one in sitting.hearing.consent.blockers.values())
    turns: dict[str, list[dict[str, Any]]] = {}
    for name in case.actors:
        answer = sitting.hearing.answers[name]
        surplus = np.broadcast_to(answer.surplus, shape)[0]
        accepts = np.flatnonzero(np.broadcast_to(answer.accepts, shape)[0])
        order = accepts[np.lexsort((-surplus[accepts], np.asarray(blocking)[accepts]))][:TURNS]
        turns[name] = [
            {
                "change": {
                    issue: [had[issue], option]
                    for issue, option in space.decode(texts[at]).items()
                    if option != had[issue]
                },
                "surplus": number(surplus[at]),
                "blockers": [
                    other
                    for other, blocks in sitting.hearing.consent.blockers.items()
                    if np.broadcast_to(blocks, shape)[0, at]
                ],
            }
            for at in order.tolist()
        ]
    return turns
