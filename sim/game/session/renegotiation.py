"""The vote after the talks: may the deal be improved for everybody? (Raiffa 1985, post-settlement settlements).

A text is put before all chairs. It replaces the outcome of the talks only if every chair prefers it or is as well off
with it; nobody can accept a text that is worth less to its chair than how the talks ended. The rules answer for chairs
that nobody plays.

Raiffa, H. (1985). Post-settlement settlements. *Negotiation Journal* 1, 9-12.
"""

from __future__ import annotations

from typing import Any, TypedDict

from sim.engine.outcome_space import Texts
from sim.game.session.scoring import score
from sim.game.session.table import GameTable
from sim.game.session.table_state import Improvement


class SettlementView(TypedDict):
    """What everybody may see of the vote: the text, who has not voted, and the answers once the vote is closed."""

    version: int
    text: dict[str, Any]
    waiting: list[str]
    closed: bool
    answers: dict[str, bool]
    accepted: bool | None


def waiting(table: GameTable, improvement: Improvement) -> tuple[str, ...]:
    """The actors played by people who have not voted."""
    if improvement.closed:
        return ()
    return tuple(name for name in table.chairs if name in table.human_actors - improvement.votes.keys())


def settlement_view(table: GameTable) -> SettlementView | None:
    """Return what everybody may see of the vote at a table; None if no text is put before the chairs."""
    improvement = table.settlement
    if improvement is None:
        return None
    answers = _answers(table, improvement) if improvement.closed else {}
    return {
        "version": improvement.version,
        "text": table.model.space.decode(improvement.text[0]),
        "waiting": list(waiting(table, improvement)),
        "closed": improvement.closed,
        "answers": answers,
        "accepted": all(answers.values()) if improvement.closed else None,
    }


def _answers(table: GameTable, improvement: Improvement) -> dict[str, bool]:
    """Everybody's answer: the vote, or else the answer of the rules."""
    return {name: improvement.votes.get(name, no_worse(table, name, improvement.text)) for name in table.chairs}


def accepted(table: GameTable) -> Texts | None:
    """Return the text, (1, issue) uint8, that has taken the place of the outcome of the talks; None without one."""
    improvement = table.settlement
    if improvement is None or not improvement.closed or not all(_answers(table, improvement).values()):
        return None
    return improvement.text


def no_worse(table: GameTable, actor: str, text: Texts) -> bool:
    """Whether an actor is at least as well off with a text as with the outcome of the talks."""
    offered, ended = score(table, actor, text), score(table, actor)
    agreed = table.outcome == "agreed"
    if offered["never"] and not (agreed and ended["never"]):
        return False
    return offered["surplus"] >= (ended["surplus"] if agreed else 0)
