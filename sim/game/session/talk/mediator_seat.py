"""What the people in the mediator's seat see beside the public state: their draft and their private messages.

A mediator has no interests, no score and no walk-away value, so the seat has no brief and no number.
"""

from __future__ import annotations

from typing import TypedDict

from sim.game.session.actions import MEDIATOR
from sim.game.session.session_state import SessionState
from sim.game.session.table import GameTable
from sim.game.session.talk import statement_views
from sim.game.session.talk.move_views import MoveView, move_view
from sim.game.session.talk.statement_views import StatementView


class MediatorSeatView(TypedDict):
    """What belongs to the mediator's seat alone."""

    drafts_for: str
    """The actor in whose place it drafts."""
    turn: bool
    """Whether it is its turn to draft."""
    move: MoveView | None
    adoptable: dict[int, str]
    """When it drafts: suggestion to why it cannot be the next draft, or an empty text if it can."""
    whispers: list[StatementView]


def mediator_seat(session: SessionState, table: GameTable) -> MediatorSeatView:
    """Return what the people in the mediator's seat of a table see."""
    actor = table.mediating_actor or ""
    turn = table.stage == "amendment" and actor in table.movers and not session.paused
    heard = [said for said in table.statements_of("whisper") if MEDIATOR in (said.actor, said.entry.data["to"])]
    return {
        "drafts_for": actor,
        "turn": turn,
        "move": move_view(table.pending.get(actor)) if table.stage == "amendment" else None,
        "adoptable": statement_views.adoptable(table) if turn else {},
        "whispers": [statement_views.statement(session, said) for said in heard],
    }
