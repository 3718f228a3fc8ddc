"""Replies of agents to private messages, from what everybody at the table knows."""

from __future__ import annotations

from sim.game.agents.replies import PublicState, reply
from sim.game.session.session_state import SessionState
from sim.game.session.table import GameTable


def agent_reply(session: SessionState, table: GameTable, actor: str, to: str) -> str:
    """Return the reply to a private message from one chair to another; empty if people sit on the other."""
    if to not in table.chairs or to in table.human_actors:
        return ""
    history = table.history()
    asked = [said for said in table.statements_of("whisper", actor) if said.entry.n > table.version]
    answers = [past["answers"][to] for past in history if to in past["answers"]]
    state = PublicState(
        table.stage,
        len([said for said in asked if said.entry.data["to"] == to]),
        [(answer["verdict"], answer["agent_says"]) for answer in answers],
        bool(history) and to in history[-1]["answers"],
    )
    return reply(session.strings, table.scenario.case.actors[to], state)
