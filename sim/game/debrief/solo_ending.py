"""How a game ended for one chair, beside what the rules of its actor would have done: for somebody who played alone."""

from __future__ import annotations

from typing import Any

from sim.engine.verdict_rules import Verdict
from sim.engine.worlds import Streams
from sim.game.session.table import GameTable
from sim.negotiation.moves import Phase
from sim.negotiation.record.summary import summarise
from sim.negotiation.run import play

AGREED = "agreed"
YES = Verdict.ACCEPT.word


def ending(table: GameTable, actor: str) -> dict[str, Any]:
    """Tell how the talks ended for an actor, and what its understudy would have done.

    Parameters
    ----------
    table : at which the talks are over

    Returns
    -------
    plain data: `run`, the account of the talks (`docs/reference/json.md`); `gain`, the surplus of the actor (0 without
    an agreement: it has its walk-away value); `answers`, its own beside its understudy's, month by month, with what
    each sends; `drafts`, the months in which it put a text on the table; `alone`, the `outcome`, `months` and `gain` of
    the same talks with agents on all chairs
    """
    told = summarise(table.run)
    uniforms = None if table.seed is None else Streams(table.seed, 1)
    other = summarise(play(table.scenario, seed=table.seed or 0, uniforms=uniforms))
    return {
        "actor": actor,
        "run": told,
        "gain": _gain(told, actor),
        "answers": [
            {
                "month": month["month"],
                "verdict": said["verdict"],
                "understudy": said["understudy"],
                "sends": _sends(said),
            }
            for month in told["timeline"]
            if "understudy" in (said := month["reactions"][actor])
        ],
        "drafts": [one.month for one in table.model.moves if one.actor == actor and one.phase is Phase.AMENDMENT],
        "alone": {"outcome": other["outcome"], "months": other["months"], "gain": _gain(other, actor)},
    }


def _sends(said: dict[str, Any]) -> dict[str, list[float]]:
    """Resource to what it sent and what its rules would have sent, where the text asked for it."""
    accepts = said["understudy"] == YES
    return {
        of: [one["amount"], one["capacity"] if accepts and one["surplus"] >= 0 else 0.0]
        for of, one in said["sends"].items()
        if one["asked"]
    }


def _gain(told: dict[str, Any], actor: str) -> float:
    return float(told["final"]["actors"][actor]["surplus"]) if told["outcome"] == AGREED else 0.0
