"""What people see of the moves of their own chair: one that waits, one that the rules made for them, one to repeat."""

from __future__ import annotations

from typing import Any, TypedDict

from sim.game.session.session_state import SessionState
from sim.game.session.table import GameTable
from sim.game.session.table_state import Pending


class MoveView(TypedDict):
    """A move that waits for its phase to close."""

    verdict: str | None
    pledge: dict[str, float]
    amend: dict[str, Any]
    says: str
    withdraw: bool


class LateAnswerView(TypedDict):
    """An answer that the rules gave in the name of this chair's people, who may still answer themselves."""

    month: int
    why: str
    version: int
    verdict: str
    open: bool
    """Whether it may still be replaced."""


class AskedAgainView(TypedDict):
    """Why the people on a chair have to move again (``event`` or ``undo``), and what they had answered."""

    why: str
    move: MoveView | None


def late_answer_view(session: SessionState, table: GameTable, actor: str) -> LateAnswerView | None:
    """What the rules answered last in the name of this chair's people, this month or last month."""
    given = next((given for given in reversed(table.stood_in) if given.actor == actor), None)
    if given is None or given.month < table.model.month - 1:
        return None
    answers = [month["answers"] for month in table.history() if month["month"] == given.month]
    if not answers or actor not in answers[0]:
        return None
    return {
        "month": given.month,
        "why": given.why,
        "version": given.version,
        "verdict": answers[0][actor]["verdict"],
        "open": session.is_late(table, actor, given.version),
    }


def move_view(pending: Pending | None) -> MoveView | None:
    """Return a move that waits for its phase to close; None if there is none."""
    if pending is None:
        return None
    move = pending.move
    return {
        "verdict": move.verdict,
        "pledge": dict(move.pledge),
        "amend": dict(move.amend),
        "says": move.says,
        "withdraw": pending.withdraw,
    }
