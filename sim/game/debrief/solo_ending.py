"""How a game ended for somebody who played alone, compared with what the rules of the actor would have done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

from sim.engine.worlds import Streams
from sim.game.debrief.people_vs_rules import compared_answers
from sim.game.session.table import GameTable
from sim.negotiation.moves import Phase
from sim.negotiation.record.record_data import RunSummary
from sim.negotiation.record.summary import summarise
from sim.negotiation.run import play


class SoloEnding(TypedDict):
    """How the talks ended for one actor."""

    actor: str
    run: RunSummary
    """The summary of the talks (`docs/reference/json.md`)."""
    gain: float
    """The actor's surplus; 0 without an agreement, when it has its walk-away value."""
    answers: list[dict[str, Any]]
    """Its answers beside its understudy's, month by month, with what each sends."""
    drafts: list[int]
    """The months in which it put a text on the table."""
    alone: dict[str, Any]
    """The `outcome`, `months` and `gain` of the same talks by agents only."""


def ending(table: GameTable, actor: str) -> SoloEnding:
    """Return how the finished talks at a table ended for an actor, and what its understudy would have done."""
    run = summarise(table.run)
    uniforms = None if table.seed is None else Streams(table.seed, 1)
    by_rules = summarise(play(table.scenario, seed=table.seed or 0, uniforms=uniforms))
    return {
        "actor": actor,
        "run": run,
        "gain": _gain(run, actor),
        "answers": [
            {
                "month": answer["month"],
                "verdict": answer["did"],
                "understudy": answer["understudy"],
                "sends": answer["sends"],
            }
            for answer in compared_answers(table.run)
            if answer["actor"] == actor
        ],
        "drafts": [
            given.month for given in table.model.moves if given.actor == actor and given.phase is Phase.AMENDMENT
        ],
        "alone": {"outcome": by_rules["outcome"], "months": by_rules["months"], "gain": _gain(by_rules, actor)},
    }


def _gain(run: Mapping[str, Any], actor: str) -> float:
    return float(run["final"]["actors"][actor]["surplus"]) if run["outcome"] == "agreed" else 0.0
