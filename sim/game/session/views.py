"""Who may see what: the only place that decides. Each view is built from what it may hold, never by removing secrets.

`seat` adds to the public view of a table (`sim.game.session.public_view`) what belongs to the person's own chair.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias, TypedDict

from sim.game.kept_results import Itself
from sim.game.session import draft_editing, public_record
from sim.game.session.actions import OBSERVER
from sim.game.session.brief import Brief, brief
from sim.game.session.learning.lesson_views import own_lesson
from sim.game.session.public_record import CrossedLine, Sounding
from sim.game.session.public_view import PublicView, public
from sim.game.session.rejections import RejectedActionError
from sim.game.session.renegotiation import accepted
from sim.game.session.scoring import Score, score
from sim.game.session.session_state import SessionState
from sim.game.session.table import GameTable
from sim.game.session.table_state import Statement
from sim.game.session.talk import statement_views
from sim.game.session.talk.mediator_seat import mediator_seat
from sim.game.session.talk.move_views import AskedAgainView, LateAnswerView, MoveView, late_answer_view, move_view
from sim.game.session.talk.statement_views import AnnouncementView, StatementView
from sim.negotiation.protocols import protocol_of

__all__ = ["draft", "position", "projector", "public", "role", "seat", "teacher"]

Position: TypeAlias = tuple[Itself, int, tuple[float, ...]]
"""A scenario with the events so far, a month, and the level of each indicator."""


class SoundingView(Sounding):
    """A sounding with the number and the month of its entry."""

    n: int
    month: int


class OverseenSounding(SoundingView):
    """A sounding with the actor who asked, for the teacher."""

    by: str


class RoleView(TypedDict):
    """What belongs to a role, whoever plays it."""

    brief: Brief
    capacities: dict[str, float]


class OwnChairView(TypedDict):
    """What belongs to one chair alone (`docs/reference/game.md`)."""

    actor: str
    brief: Brief
    score: Score | None
    gain: str | None
    """Whether the agreement is ``better`` than no deal for the chair, the ``same`` or ``worse``; None without one."""
    turn: str | None
    sponsor: bool
    briefing: str | None
    settlement: Score | None
    move: MoveView | None
    late: LateAnswerView | None
    asked_again: AskedAgainView | None
    capacities: dict[str, float]
    whispers: list[StatementView]
    adoptable: dict[int, str]
    """When it drafts: suggestion to why it cannot be the next draft, or an empty text if it can."""
    soundings: dict[str, Any]
    """How many are `left`, and those `asked`, each a `SoundingView`."""


class SeatView(PublicView):
    """What a person may see; `you` has `person`, `name`, `actor`, `announcements`, `lesson`, and if seated also what
    `OwnChairView` has.
    """

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
    undoes: list[str]
    """The actors whose people's answers the next undo takes back."""
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
    breakout: float | None
    people: list[dict[str, Any]]
    """`person`, `name`, `table` and `actor`; the last two are None without a place."""
    tables: list[OverseenTable]
    announcements: list[AnnouncementView]


class WallView(TypedDict):
    """What a projector may show."""

    locked: bool
    tables: list[PublicView]


def seat(session: SessionState, person: str) -> SeatView:
    """What a person may see: the public state of its table, and what belongs to its own chair. Raises
    `RejectedActionError` if the person has no place.
    """
    place = session.place(person)
    if place is None:
        raise RejectedActionError("bad", "no_chair", session.settings.language)
    table, actor = place
    own: Mapping[str, Any] = {"actor": None} if actor == OBSERVER else _own_chair(session, table, actor)
    if person in table.mediators:
        own = {"actor": None, "mediator": mediator_seat(session, table)}
    addressees = (person, {"table": table.number, "actor": actor})
    announcements = [
        statement_views.announcement(entry) for entry in session.announcements if entry.data["to"] in addressees
    ]
    you = {"person": person, "name": session.people[person].name, **own, "announcements": announcements}
    you["lesson"] = own_lesson(session, person)
    return {**public(session, table), "you": you}


def position(table: GameTable) -> Position:
    """Where the talks of a table are: tables of a session in equal positions give a role the same brief."""
    model = table.model
    return Itself(model.script), model.month, tuple(float(level[0]) for level in model.context.values())


def role(session: SessionState, table: GameTable, actor: str) -> RoleView:
    """What belongs to a role at a table; only for the people on its chair."""
    model = table.model if session.settings.sheets else None
    told = session.briefs.get(
        (actor, *position(table)), lambda: brief(table.scenario.case, actor, session.settings.level, model)
    )
    return {
        "brief": told,
        "capacities": {name: float(amount.max()) for name, amount in table.capacities(actor).items()},
    }


def _own_chair(session: SessionState, table: GameTable, actor: str) -> OwnChairView:
    settings = session.settings
    mediated = bool(table.mediators) and actor == table.mediating_actor and table.stage == "amendment"
    may_move = actor in table.movers and actor in table.human_actors and not session.paused and not mediated
    asked, offered = table.statements_of("sound", actor), table.settlement
    again = table.asked_again.get(actor)
    whispers = [said for said in table.statements_of("whisper") if actor in (said.actor, said.entry.data["to"])]
    own = role(session, table, actor)
    return {
        "actor": actor,
        "brief": own["brief"],
        "score": _score_now(session, table, actor) if settings.sheets else None,
        "gain": _gain(table, actor),
        "turn": table.stage if may_move else None,
        "sponsor": actor in table.sponsors,
        "briefing": protocol_of(table.scenario).briefing(actor),
        "settlement": None if offered is None or not settings.sheets else score(table, actor, offered.text),
        "move": move_view(table.pending.get(actor)),
        "late": late_answer_view(session, table, actor),
        "asked_again": None if again is None else {"why": again.why, "move": move_view(again.move)},
        "capacities": own["capacities"],
        "whispers": [statement_views.statement(session, said) for said in whispers],
        "adoptable": statement_views.adoptable(table) if may_move and table.stage == "amendment" else {},
        "soundings": {"left": settings.soundings - len(asked), "asked": [_sounding(said) for said in asked]},
    }


def _score_now(session: SessionState, table: GameTable, actor: str) -> Score:
    """What the text on the table, or the one that replaced the outcome, is worth to a chair."""
    text, model = accepted(table), table.model
    heard = tuple(bool(answer.accepts[0, 0]) for answer in model.answers.values())
    on_table = (model.text[:1] if text is None else text).tobytes()
    key = (actor, *position(table), on_table, text is None, tuple(model.answers), heard)
    return session.scores.get(key, lambda: score(table, actor, text))


def _gain(table: GameTable, actor: str) -> str | None:
    """Whether the agreement leaves a chair better off than no deal, in a word; even if it has no score sheet."""
    if table.outcome != "agreed" and accepted(table) is None:
        return None
    told = score(table, actor, accepted(table))
    if told["never"] or told["surplus"] < 0:
        return "worse"
    return "better" if told["surplus"] > 0 else "same"


def _sounding(statement: Statement) -> SoundingView:
    assert statement.answer is not None  # every sounding is answered when it is logged
    return {"n": statement.entry.n, "month": statement.month, **statement.answer}


def draft(session: SessionState, person: str, changes: Mapping[str, object]) -> DraftView:
    """A draft amendment or suggestion, with what it would be worth to the person's own chair. Raises
    `RejectedActionError` if the person has no chair.
    """
    table, actor = session.chair(person)
    text = package = why = refused = None
    try:
        text = draft_editing.amended_text(table, changes)
        package = table.model.space.decode(text[0])
    except RejectedActionError as error:
        why, refused = str(error.in_language(session.settings.language)), error.name
    return {
        "possible": text is not None,
        "why": why,
        "refused": refused,
        "text": package,
        "changed": {} if package is None else draft_editing.changed_terms(table.text, package),
        "lines": [] if text is None else public_record.crossed_lines(table.model.compiled_rules, text),
        "score": None if text is None or not session.settings.sheets else score(table, actor, text),
    }


def teacher(session: SessionState) -> TeacherView:
    """What the teacher may see: everything, including private messages and soundings."""
    return {
        "settings": session.settings.model_dump(mode="json", exclude={"scenario"}),
        "locked": session.locked,
        "paused": session.paused,
        "debriefed": session.debriefed,
        "breakout": session.lesson.breakout,
        "people": [_person(session, person) for person in session.people],
        "tables": [_overseen(session, table) for table in session.tables],
        "announcements": [
            {**statement_views.announcement(entry), "to": entry.data["to"]} for entry in session.announcements
        ],
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
        "undoes": [name for name in table.chairs if name in table.undone()],
        "waiting": list(table.waiting),
        "pending": {actor: move_view(pending) for actor, pending in table.pending.items()},
        "whispers": [statement_views.statement(session, said) for said in table.statements_of("whisper")],
        "soundings": [{**_sounding(said), "by": said.actor} for said in table.statements_of("sound")],
    }


def projector(session: SessionState) -> WallView:
    """What a projector may show: the public state of all tables."""
    return {"locked": session.locked, "tables": [public(session, table) for table in session.tables]}
