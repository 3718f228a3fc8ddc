"""From a session to its tables, as the debrief takes them; what is private is not taken along."""

from __future__ import annotations

from typing import Any

from sim.game.debrief.table_results import TableResult
from sim.game.session.renegotiation import settlement_view
from sim.game.session.session import Session
from sim.game.session.table import GameTable


def tables_of(session: Session) -> list[TableResult]:
    """Every table of a session at which a month has been decided, with who sat there and what was said in public."""
    return [
        TableResult(
            name=session.strings("debrief.table_name", number=table.number),
            run=table.run,
            people=_people(session, table),
            notes=_notes(session, table),
            opening=session.scenario.proposal,
            settlement=settlement_view(table) if table.settlement and table.settlement.closed else None,
        )
        for table in session.tables
        if table.run.months
    ]


def _people(session: Session, table: GameTable) -> dict[str, list[str]]:
    """Who has moved for an actor, and who sits in its chair now."""
    return {
        actor: list(dict.fromkeys([*table.players[actor], *(session.people[one].name for one in evaluation)]))
        for actor, evaluation in table.chairs.items()
    }


def _notes(session: Session, table: GameTable) -> list[dict[str, Any]]:
    """Public statements and suggestions, in the order of the log; private messages stay private."""
    words = [word for kind in ("say", "suggest") for word in table.statements_of(kind)]
    told = []
    for word in sorted(words, key=lambda one: one.entry.n):
        data, person = word.entry.data, session.people.get(word.entry.by)
        told.append(
            {
                "month": word.month,
                "by": person.name if person else table.scenario.case.actors[word.actor].name,
                "kind": word.entry.kind,
                "text": data["text"] if word.entry.kind == "say" else data["says"],
                "terms": dict(data.get("changes", {})),
            }
        )
    return told
