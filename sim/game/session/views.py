"""Who may see what: the only place that decides. Each view is built from what it may hold, never by removing secrets.

`public` holds nothing of any seat; `seat` adds what belongs to the person's own chair. What is public of an actor is
defined in `sim.game.session.public_record`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NotRequired, TypedDict

from sim.game.session import draft_editing, public_record
from sim.game.session.actions import OBSERVER, Addressee
from sim.game.session.brief import Brief, brief
from sim.game.session.log import LogEntry
from sim.game.session.public_record import CrossedLine, PublicAnswer, PublicDecision, PublicMonth, Sounding
from sim.game.session.rejections import RejectedActionError
from sim.game.session.renegotiation import SettlementView, settlement_view
from sim.game.session.scoring import Score, score
from sim.game.session.session_state import SessionState
from sim.game.session.table import GameTable
from sim.game.session.table_state import Pending, Statement
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


class TermView(TypedDict):
    """One issue of the text on the table; `was` is last month's option, if it was another."""

    issue: str
    says: str
    option: Any
    label: str | None
    unit: str | None
    was: Any
    options: list[dict[str, Any]]
    """Each `option` and its `label`."""
    negotiable: bool


class StatementView(TypedDict):
    """Something that was said (`text`), suggested (`changes`, `says`, `version`) or whispered (`to`, `text`)."""

    n: int
    at: float
    month: int
    actor: str
    person: str | None
    text: NotRequired[str]
    changes: NotRequired[dict[str, Any]]
    says: NotRequired[str]
    version: NotRequired[int]
    to: NotRequired[str]


class AnnouncementView(TypedDict):
    """A message of the teacher; `to` is shown only to the teacher."""

    n: int
    at: float
    text: str
    to: NotRequired[Any]


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
    paused: bool
    clock: dict[str, float | None]
    """``ends_at`` and ``left``, in seconds."""
    chairs: dict[str, ChairView]
    observers: list[str]
    text: list[TermView]
    tabled_by: list[str]
    meant_for: list[str]
    lines: list[CrossedLine]
    answers: dict[str, PublicAnswer]
    decision: PublicDecision | None
    history: list[PublicMonth]
    events: list[dict[str, Any]]
    """`month` and `says` of each event so far."""
    statements: list[StatementView]
    suggestions: list[StatementView]
    announcements: list[AnnouncementView]
    settlement: SettlementView | None
    debriefed: bool


class MoveView(TypedDict):
    """A move that waits for its phase to close."""

    verdict: str | None
    pledge: dict[str, float]
    amend: dict[str, Any]
    says: str
    withdraw: bool


class SoundingView(Sounding):
    """A sounding with the number and the month of its entry."""

    n: int
    month: int


class OverseenSounding(SoundingView):
    """A sounding with the actor who asked, for the teacher."""

    by: str


class OwnChairView(TypedDict):
    """What belongs to one chair alone (`docs/reference/game.md`)."""

    actor: str
    brief: Brief
    score: Score | None
    turn: str | None
    sponsor: bool
    briefing: str | None
    settlement: Score | None
    move: MoveView | None
    capacities: dict[str, float]
    whispers: list[StatementView]
    soundings: dict[str, Any]
    """How many are `left`, and those `asked`, each a `SoundingView`."""


class SeatView(PublicView):
    """What a person may see; `you` is `person`, `name`, `actor`, `announcements`, and if seated an `OwnChairView`."""

    you: dict[str, Any]


class DraftView(TypedDict):
    """A text that a person edits, and what it would be worth to the person's own chair."""

    possible: bool
    why: str | None
    """Why the text is not possible."""
    refused: str | None
    """The name of that refusal in `sim.strings`."""
    text: dict[str, Any] | None
    """The whole text, with repairs."""
    changed: dict[str, list[Any]]
    lines: list[CrossedLine]
    """The declared red lines that it crosses."""
    score: Score | None
    """None without score sheets."""


class OverseenTable(PublicView):
    """What the teacher may see of a table."""

    agents: list[str]
    steps: int
    waiting: list[str]
    pending: dict[str, MoveView | None]
    whispers: list[StatementView]
    soundings: list[OverseenSounding]


class TeacherView(TypedDict):
    """What the teacher may see."""

    settings: dict[str, Any]
    locked: bool
    paused: bool
    debriefed: bool
    people: list[dict[str, Any]]
    """`person`, `name`, `table` and `actor`; the last two are None without a place."""
    tables: list[OverseenTable]
    announcements: list[AnnouncementView]


class WallView(TypedDict):
    """What a projector may show."""

    locked: bool
    tables: list[PublicView]


def public(session: SessionState, table: GameTable) -> PublicView:
    """What everybody may see of a table."""
    scenario, history = table.scenario, table.history()
    protocol = protocol_of(scenario)
    now = history[-1] if history else None
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
        "outcome": table.outcome,
        "paused": session.paused,
        "clock": {"ends_at": table.clock.ends_at, "left": table.clock.left},
        "chairs": {name: _chair(session, table, name) for name in table.chairs},
        "observers": [session.people[person].name for person in table.observers],
        "text": _text(table),
        "tabled_by": list(table.model.tabled_by),
        "meant_for": now["meant_for"] if now else [],
        "lines": public_record.crossed_lines(table.model.compiled_rules, table.model.text[:1]),
        "answers": now["answers"] if now else {},
        "decision": now["decision"] if now else None,
        "history": history,
        "events": _events(session, table),
        "statements": _statements(session, table.statements_of("say")),
        "suggestions": _statements(session, table.statements_of("suggest")),
        "announcements": [_announcement(entry) for entry in session.announcements if entry.data["to"] is None],
        "settlement": settlement_view(table),
        "debriefed": session.debriefed,
    }


def _events(session: SessionState, table: GameTable) -> list[dict[str, Any]]:
    """Events so far, and injected ones; what the scenario plans for later months stays secret."""
    planned = len(session.scenario.events)
    return [
        {"month": event.month, "says": event.says}
        for index, event in enumerate(table.scenario.events)
        if index >= planned or (table.started and event.month <= table.model.month)
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


def _text(table: GameTable) -> list[TermView]:
    """The text on the table, issue by issue, in the words of the case, with last month's options."""
    case, now, months = table.scenario.case, table.text, table.model.months
    past = [month for month in months if month.month < table.model.month]
    before = table.model.space.decode(past[-1].evaluation.matrix.texts[0]) if past else now
    protocol = protocol_of(table.scenario)
    return [
        {
            "issue": name,
            "says": issue.says,
            "option": now[name],
            "label": issue.labels.get(str(now[name])),
            "unit": issue.unit,
            "was": before[name] if before[name] != now[name] else None,
            "options": [{"option": option, "label": issue.labels.get(str(option))} for option in issue.options],
            "negotiable": name in protocol.negotiable,
        }
        for name, issue in case.issues.items()
    ]


def _statements(session: SessionState, statements: Iterable[Statement]) -> list[StatementView]:
    return [_statement(session, statement) for statement in statements]


def _statement(session: SessionState, statement: Statement) -> StatementView:
    entry, data = statement.entry, statement.entry.data
    person = session.people.get(entry.by)
    view: StatementView = {
        "n": entry.n,
        "at": entry.at,
        "month": statement.month,
        "actor": statement.actor,
        "person": person.name if person else None,
    }
    if entry.kind == "suggest":
        return {**view, "changes": data["changes"], "says": data["says"], "version": data["version"]}
    if entry.kind == "whisper":
        view["to"] = data["to"]
    return {**view, "text": data["text"]}


def _announcement(entry: LogEntry) -> AnnouncementView:
    return {"n": entry.n, "at": entry.at, "text": entry.data["text"]}


def seat(session: SessionState, person: str) -> SeatView:
    """What a person may see: the public state of its table, and what belongs to its own chair.

    Raises
    ------
    RejectedActionError
        if the person has no place
    """
    place = session.place(person)
    if place is None:
        raise RejectedActionError("bad", "no_chair", session.settings.language)
    table, actor = place
    own = {"actor": None} if actor == OBSERVER else _own_chair(session, table, actor)
    announcements = [
        _announcement(entry) for entry in session.announcements if _is_for(entry.data["to"], person, table, actor)
    ]
    you = {"person": person, "name": session.people[person].name, **own, "announcements": announcements}
    return {**public(session, table), "you": you}


def _own_chair(session: SessionState, table: GameTable, actor: str) -> OwnChairView:
    settings = session.settings
    may_move = actor in table.movers and actor in table.human_actors and not session.paused
    asked, offered = table.statements_of("sound", actor), table.settlement
    whispers = [said for said in table.statements_of("whisper") if actor in (said.actor, said.entry.data["to"])]
    return {
        "actor": actor,
        "brief": brief(table.scenario.case, actor, settings.level, table.model if settings.sheets else None),
        "score": score(table, actor) if settings.sheets else None,
        "turn": table.stage if may_move else None,
        "sponsor": actor in table.sponsors,
        "briefing": protocol_of(table.scenario).briefing(actor),
        "settlement": None if offered is None or not settings.sheets else score(table, actor, offered.text),
        "move": _move(table.pending.get(actor)),
        "capacities": {
            resource: float(amount.max())
            for resource, amount in table.model.negotiators[actor].parameters.capacities.items()
        },
        "whispers": _statements(session, whispers),
        "soundings": {"left": settings.soundings - len(asked), "asked": [_sounding(said) for said in asked]},
    }


def _sounding(statement: Statement) -> SoundingView:
    assert statement.answer is not None  # every sounding is answered when it is logged
    return {"n": statement.entry.n, "month": statement.month, **statement.answer}


def _move(pending: Pending | None) -> MoveView | None:
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


def _is_for(to: Any, person: str, table: GameTable, actor: str) -> bool:
    if isinstance(to, Mapping):
        return Addressee.model_validate(dict(to)) == Addressee(table=table.number, actor=actor)
    return bool(to == person)


def draft(session: SessionState, person: str, changes: Mapping[str, object]) -> DraftView:
    """A draft amendment or suggestion, with what it would be worth to the person's own chair.

    Raises
    ------
    RejectedActionError
        if the person has no chair
    """
    place = session.place(person)
    if place is None or place[1] == OBSERVER:
        raise RejectedActionError("forbidden", "not_seated", session.settings.language)
    table, actor = place
    try:
        text = draft_editing.amended_text(table, changes)
    except RejectedActionError as refused:
        return {
            "possible": False,
            "why": str(refused.in_language(session.settings.language)),
            "refused": refused.name,
            "text": None,
            "changed": {},
            "lines": [],
            "score": None,
        }
    package = table.model.space.decode(text[0])
    return {
        "possible": True,
        "why": None,
        "refused": None,
        "text": package,
        "changed": draft_editing.changed_terms(table.text, package),
        "lines": public_record.crossed_lines(table.model.compiled_rules, text),
        "score": score(table, actor, text) if session.settings.sheets else None,
    }


def teacher(session: SessionState) -> TeacherView:
    """What the teacher may see: everything, including private messages and soundings."""
    return {
        "settings": session.settings.model_dump(mode="json", exclude={"scenario"}),
        "locked": session.locked,
        "paused": session.paused,
        "debriefed": session.debriefed,
        "people": [_person(session, person) for person in session.people],
        "tables": [_overseen(session, table) for table in session.tables],
        "announcements": [{**_announcement(entry), "to": entry.data["to"]} for entry in session.announcements],
    }


def _person(session: SessionState, person: str) -> dict[str, Any]:
    place = session.place(person)
    return {
        "person": person,
        "name": session.people[person].name,
        "table": place[0].number if place else None,
        "actor": place[1] if place else None,
    }


def _overseen(session: SessionState, table: GameTable) -> OverseenTable:
    return {
        **public(session, table),
        "agents": sorted(table.agents),
        "steps": table.steps,
        "waiting": list(table.waiting),
        "pending": {actor: _move(pending) for actor, pending in table.pending.items()},
        "whispers": _statements(session, table.statements_of("whisper")),
        "soundings": [{"by": said.actor, **_sounding(said)} for said in table.statements_of("sound")],
    }


def projector(session: SessionState) -> WallView:
    """What a projector may show: the public state of all tables."""
    return {"locked": session.locked, "tables": [public(session, table) for table in session.tables]}
