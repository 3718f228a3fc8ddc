"""What everybody may see of a table. It holds nothing of any seat.

What is public of an actor is defined in `sim.game.session.public_record`.
"""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict

from sim.case.models import Issue
from sim.engine.outcome_space import Texts
from sim.game.session import public_record
from sim.game.session.public_record import CrossedLine, PublicAnswer, PublicDecision, PublicMonth
from sim.game.session.renegotiation import SettlementView, accepted, settlement_view
from sim.game.session.session_state import SessionState
from sim.game.session.table import GameTable
from sim.game.session.talk import statement_views
from sim.game.session.talk.statement_views import AnnouncementView, HeadlineView, StatementView, SuggestionView
from sim.negotiation.protocols import protocol_of
from sim.negotiation.record.move_data import protocol_json
from sim.negotiation.record.record_data import ProtocolData


class ChairView(TypedDict):
    """Who sits on a chair, and whether its move is still waited for."""

    name: str
    role: str
    people: list[str]
    agent: bool
    moved: bool
    waited_for: bool


class IssueView(TypedDict):
    """An issue in the words of the case; each of the `options` has its `option` and its `label`.

    `short` is its name for small screens.
    """

    group: NotRequired[str]
    """The heading under which pages show it, if the case gives one."""

    issue: str
    says: str
    short: str
    unit: str | None
    options: list[dict[str, Any]]


class TermView(IssueView):
    """One issue of the text on the table; `was` is last month's option, if it was another."""

    option: Any
    label: str | None
    was: Any
    negotiable: bool


class PublicView(TypedDict):
    """What everybody may see of a table (`docs/reference/game.md`)."""

    table: int
    title: str
    question: str
    protocol: ProtocolData
    sponsors: list[str]
    stage: str
    version: int
    month: int
    months: int
    outcome: str
    """How the talks ended, or ``agreed`` if all seats accepted another text afterwards."""
    improved: bool
    """Whether all seats accepted another text after the talks, which is the `text` then."""
    paused: bool
    clock: dict[str, float | None]
    """``ends_at`` and ``left``, in seconds."""
    breakout: float | None
    """When the breakout ends, in seconds since the epoch."""
    chairs: dict[str, ChairView]
    observers: list[str]
    mediators: list[str]
    """The people in the mediator's seat, who draft in place of the actor that mediates."""
    text: list[TermView]
    tabled_by: list[str]
    meant_for: list[str]
    lines: list[CrossedLine]
    answers: dict[str, PublicAnswer]
    decision: PublicDecision | None
    history: list[PublicMonth]
    events: list[dict[str, Any]]
    """Each event so far: `month` in which it was heard, the month that it `counts_from`, and what it `says`."""
    statements: list[StatementView]
    suggestions: list[SuggestionView]
    headlines: list[HeadlineView]
    announcements: list[AnnouncementView]
    settlement: SettlementView | None
    debriefed: bool


def public(session: SessionState, table: GameTable) -> PublicView:
    """What everybody may see of a table."""
    scenario, history = table.scenario, table.history()
    protocol = protocol_of(scenario)
    now, better = history[-1] if history else None, accepted(table)
    text = table.model.text[:1] if better is None else better
    lines = public_record.crossed_lines(table.model.compiled_rules, text)
    return {
        "table": table.number,
        "title": scenario.title,
        "question": scenario.question,
        "protocol": protocol_json(protocol),
        "sponsors": list(table.sponsors),
        "stage": table.stage,
        "version": table.version,
        "month": table.model.month,
        "months": protocol.months,
        "outcome": table.outcome if better is None else "agreed",
        "improved": better is not None,
        "paused": session.paused,
        "clock": {"ends_at": table.clock.ends_at, "left": table.clock.left},
        "breakout": session.lesson.breakout,
        "chairs": {name: _chair(session, table, name) for name in table.chairs},
        "observers": [session.people[person].name for person in table.observers if person not in table.mediators],
        "mediators": [session.people[person].name for person in table.mediators],
        "text": _text(table, text),
        "tabled_by": list(table.model.tabled_by),
        "meant_for": now["meant_for"] if now else [],
        "lines": lines,
        "answers": _answers(table, now, lines, improved=better is not None),
        "decision": _decision(now, improved=better is not None),
        "history": history,
        "events": _events(session, table),
        "statements": [statement_views.statement(session, said) for said in table.statements_of("say")],
        "suggestions": statement_views.suggestions(session, table),
        "headlines": statement_views.headlines(session, table),
        "announcements": [
            statement_views.announcement(entry) for entry in session.announcements if entry.data["to"] is None
        ],
        "settlement": settlement_view(table),
        "debriefed": session.debriefed,
    }


def _answers(
    table: GameTable, now: PublicMonth | None, lines: list[CrossedLine], *, improved: bool
) -> dict[str, PublicAnswer]:
    """The answers to the text: those of this month, or everybody's yes to the text that replaced the outcome."""
    if not improved:
        return now["answers"] if now else {}
    return {
        name: {
            "verdict": "accept",
            "declares": public_record.declared_lines_of(name, lines),
            "record": [],
            "pledge": {},
            "says": "",
            "agent_says": "",
            "by_agent": None,
        }
        for name in table.chairs
    }


def _decision(now: PublicMonth | None, *, improved: bool) -> PublicDecision | None:
    if improved:
        return {"agreed": True, "blocked_by": [], "unmet": []}
    return now["decision"] if now else None


def _events(session: SessionState, table: GameTable) -> list[dict[str, Any]]:
    """Events so far, and injected ones; what the scenario plans for later months stays secret."""
    planned = len(session.scenario.events)
    return [
        {"month": heard_in, "counts_from": month, "says": says}
        for index, (heard_in, month, says) in enumerate(table.events)
        if index >= planned or (table.started and month <= table.model.month)
    ]


def _chair(session: SessionState, table: GameTable, name: str) -> ChairView:
    actor = table.scenario.case.actors[name]
    return {
        "name": actor.name,
        "role": actor.role,
        "people": [session.people[person].name for person in table.chairs[name]],
        "agent": name not in table.human_actors,
        "moved": name in table.pending,
        "waited_for": name in table.waiting,
    }


def _text(table: GameTable, text: Texts) -> list[TermView]:
    """A text, (1, issue) uint8, issue by issue, in the words of the case, with the options of the text before it."""
    case, now, months = table.scenario.case, table.model.space.decode(text[0]), table.model.months
    improved = now != table.text
    past = [month for month in months if improved or month.month < table.model.month]
    before = table.model.space.decode(past[-1].evaluation.matrix.texts[0]) if past else now
    protocol = protocol_of(table.scenario)
    return [
        {
            **issue_view(name, issue),
            "option": now[name],
            "label": issue.labels.get(str(now[name])),
            "was": before[name] if before[name] != now[name] else None,
            "negotiable": name in protocol.negotiable,
        }
        for name, issue in case.issues_by_group.items()
    ]


def issue_view(name: str, issue: Issue) -> IssueView:
    """Return an issue and its options in the words of the case."""
    options = [{"option": option, "label": issue.labels.get(str(option))} for option in issue.options]
    view: IssueView = {
        "issue": name,
        "says": issue.says,
        "short": issue.short or issue.says,
        "unit": issue.unit,
        "options": options,
    }
    return view if issue.group is None else {**view, "group": issue.group}
