"""A session for tests, moved by short calls; every entry goes through JSON, as in a file."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from sim.case_paths import bundled, find
from sim.game.session.log import LogEntry
from sim.game.session.renegotiation import settlement_view
from sim.game.session.session import Session
from sim.game.session.settings import SessionSettings
from sim.game.session.table import GameTable
from sim.negotiation.scenario_loader import load_scenario

HEADLINE = "european_force"
TEACHER = "teacher"


@cache
def _written(name: str) -> str:
    return json.dumps(load_scenario(find(name)).source)


def source(name: str, /, **protocol: Any) -> dict[str, Any]:
    """The plain data of a bundled scenario, with another protocol."""
    whole = json.loads(_written(name))
    if protocol:
        whole["protocol"] = {**whole.get("protocol", {}), **protocol}
    return dict(whole)


class Hall:
    """A session in which time passes by a second an action."""

    def __init__(self, scenario: str | dict[str, Any] = HEADLINE, **settings: Any) -> None:
        plain = source(scenario) if isinstance(scenario, str) else scenario
        self.session, _ = Session.begin(SessionSettings(scenario=plain, **settings), at=0.0)
        self.now = 0.0

    def do(self, by: str, kind: str, **data: Any) -> LogEntry:
        self.now += 1
        entry = self.session.entry(by, kind, data, self.now)
        entry = LogEntry.from_json(json.loads(json.dumps(entry.to_json())))
        self.session.apply(entry)
        return entry

    def teach(self, kind: str, **data: Any) -> LogEntry:
        return self.do(TEACHER, kind, **data)

    def seat(self, *actors: str, table: int = 1) -> None:
        """One person a chair, who goes by the actor's id (and the table's number, at other tables)."""
        for actor in actors:
            person = actor if table == 1 else f"{actor}{table}"
            self.do(person, "join", person=person, name=person)
            self.do(person, "sit", table=table, actor=actor)

    def table(self, number: int = 1) -> GameTable:
        return self.session.table(number)

    def vote(self, actor: str, verdict: str = "accept", **more: Any) -> LogEntry:
        return self.do(actor, "vote", **{"table": 1, "version": self.table().version, "verdict": verdict, **more})

    def amend(self, actor: str, says: str = "", **changes: Any) -> LogEntry:
        return self.do(actor, "amend", table=1, version=self.table().version, changes=changes, says=says)

    def pass_on(self, verdict: str = "holding_out") -> None:
        """Everybody who is waited for answers alike, or leaves the text as it is."""
        for actor in self.table().waiting:
            if self.table().stage == "amendment":
                self.amend(actor)
            else:
                self.vote(actor, verdict)


def state(session: Session) -> dict[str, Any]:
    """All that a session is, as plain data: two sessions with equal states are the same."""
    return {
        "people": dict(session.people),
        "flags": (session.locked, session.paused, session.debriefed),
        "announcements": list(session.announcements),
        "entries": list(session.entries),
        "tables": [
            {
                "version": table.version,
                "chairs": {actor: list(persons) for actor, persons in table.chairs.items()},
                "observers": list(table.observers),
                "agents": set(table.agents),
                "pending": dict(table.pending),
                "words": (list(table.statements), set(table.removed_headlines)),
                "settlement": table.settlement and (settlement_view(table), dict(table.settlement.votes)),
                "clock": table.clock,
                "steps": [(one.month, one.phase, one.moves, one.started) for one in table._steps],
                **talks(table),
            }
            for table in session.tables
        ],
    }


def talks(table: GameTable) -> dict[str, Any]:
    """The talks of a table alone, without who sits there."""
    return {
        "started": table.started,
        "stage": table.stage,
        "outcome": table.outcome,
        "month": (table.model.month, table.model.phase),
        "text": dict(table.text),
        "context": {name: level.tolist() for name, level in table.model.context.items()},
        "moves": list(table.model.moves),
        "history": table.history(),
        "events": table.scenario.events,
        "withdrawing": table._withdrawing,
    }


__all__ = ["HEADLINE", "TEACHER", "Hall", "bundled", "source", "state", "talks"]
