"""The checks that several actions share: who sits where, and whether the talks are running."""

from __future__ import annotations

from typing import Any

from sim.game.session import actions
from sim.game.session.actions import MEDIATOR
from sim.game.session.rejections import RejectedActionError, Why
from sim.game.session.session_state import SessionState
from sim.game.session.table import GameTable


def require(condition: bool, why: Why, name: str, /, **data: Any) -> None:
    """Raise `RejectedActionError` unless a condition holds."""
    if not condition:
        raise RejectedActionError(why, name, **data)


def persons_on(table: GameTable, actor: str) -> list[str]:
    """The people on a chair. Raises `RejectedActionError` if the table has no such chair."""
    require(actor in table.chairs, "bad", "no_actor", actor=actor, actors=", ".join(table.chairs))
    return table.chairs[actor]


def actor_name(table: GameTable, actor: str) -> str:
    """The name of an actor."""
    return table.scenario.case.actors[actor].name


def seat_of(session: SessionState, person: str, number: int) -> tuple[GameTable, str]:
    """The table, and the actor whose chair a person has there."""
    table = session.table(number)
    at_table, actor = session.chair(person)
    require(at_table is table, "forbidden", "not_seated")
    return table, actor


def voice_of(session: SessionState, person: str, number: int) -> tuple[GameTable, str]:
    """The table, and the actor for whom a person speaks there, or `MEDIATOR`."""
    table = session.table(number)
    at_table, actor = session.voice(person)
    require(at_table is table, "forbidden", "not_seated")
    return table, actor


def require_running(session: SessionState, table: GameTable) -> None:
    """Raise `RejectedActionError` unless the talks at a table are running."""
    require(table.started, "closed", "not_started")
    require(not table.over, "closed", "over")
    require(not session.paused, "closed", "paused")


def check_mover(session: SessionState, by: str, action: actions.Vote | actions.Amend) -> tuple[GameTable, str]:
    """Return the table and the actor for whom a person moves, if the move is about the present text and phase."""
    table, actor = voice_of(session, by, action.table)
    if actor == MEDIATOR:
        require(isinstance(action, actions.Amend), "forbidden", "mediator_answers")
        actor = table.mediating_actor or ""
    else:
        mediated = isinstance(action, actions.Amend) and actor == table.mediating_actor and bool(table.mediators)
        require(not mediated, "forbidden", "mediator_drafts")
        require(actor not in table.agents, "forbidden", "agent_plays", actor=actor_name(table, actor))
    if isinstance(action, actions.Vote) and session.is_late(table, actor, action.version):
        return table, actor
    require_running(session, table)
    require(action.version == table.version, "moved_on", "moved_on")
    return table, actor


def check_amounts(table: GameTable, actor: str, amounts: actions.Amounts) -> None:
    """Refuse amounts of a resource that an actor does not have."""
    if actor == MEDIATOR:
        require(not amounts, "bad", "mediator_sends")
        return
    name, capacities = actor_name(table, actor), table.capacities(actor)
    for resource, amount in amounts.items():
        require(resource in capacities, "bad", "no_resource", actor=name, resource=resource[: actions.NAME_MOST])
        most = float(capacities[resource].max())
        require(
            amount <= most, "bad", "pledge_size", actor=name, most=f"{most:g}", resource=resource, asked=f"{amount:g}"
        )
