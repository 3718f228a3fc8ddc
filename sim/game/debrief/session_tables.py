"""The tables of a session, as the debrief takes them. Private messages are left out."""

from __future__ import annotations

from typing import Any

from sim.game.debrief.table_results import TableResult
from sim.game.session.renegotiation import settlement_view
from sim.game.session.session import Session
from sim.game.session.table import GameTable


def tables_of(session: Session) -> list[TableResult]:
    """Return every table of a session where a month was decided, with who sat there and what was said in public."""
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
    """Actor to the names of those who have moved for it, and of those who sit in its chair now."""
    return {
        actor: list(dict.fromkeys([*table.players[actor], *(session.people[person].name for person in persons)]))
        for actor, persons in table.chairs.items()
    }


def _notes(session: Session, table: GameTable) -> list[dict[str, Any]]:
    """Public statements and suggestions, in the order of the log."""
    statements = [*table.statements_of("say"), *table.statements_of("suggest")]
    notes = []
    for statement in sorted(statements, key=lambda statement: statement.entry.n):
        entry, data = statement.entry, statement.entry.data
        person = session.people.get(entry.by)
        notes.append(
            {
                "month": statement.month,
                "by": person.name if person else table.scenario.case.actors[statement.actor].name,
                "kind": entry.kind,
                "text": data["text"] if entry.kind == "say" else data["says"],
                "terms": dict(data.get("changes", {})),
            }
        )
    return notes
