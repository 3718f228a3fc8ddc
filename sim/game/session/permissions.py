"""What may be done now, and by whom: the only place that refuses actions. It reads a session and changes nothing."""

from __future__ import annotations

from typing import Any

from sim.errors import CaseError
from sim.game.session import actions, draft_editing, renegotiation
from sim.game.session.actions import CLOCK, OBSERVER, TEACHER, Action
from sim.game.session.learning.lesson_permissions import check_lesson
from sim.game.session.lesson.lesson_actions import LessonAction
from sim.game.session.rejections import RejectedActionError, Why
from sim.game.session.session_state import SessionState, seen_as
from sim.game.session.table import PEOPLE_PER_CHAIR, GameTable
from sim.game.session.table_state import Clock
from sim.negotiation.moves import Phase
from sim.negotiation.protocols import protocol_of

PEOPLE_MOST = 400
"""The most people in a room: forty tables of seven, and others who watch."""
WORDS_MOST = 300
"""The most statements of a chair, and likewise suggestions and messages: more than fits in a lesson."""


def check_action(session: SessionState, by: str, action: Action, time: float) -> Action:
    """Check an action, and return it as the log keeps it, with options as the case writes them. Raises
    `RejectedActionError` if the action is not possible now, or not for this person.
    """
    _check_author(session, by, action)
    match action:
        case actions.Lock() | actions.Unlock():
            return action
        case LessonAction():
            check_lesson(session, by, action)
        case actions.Debrief() | actions.CloseDebrief():
            closes = isinstance(action, actions.CloseDebrief)
            _require(session.debriefed == closes, "closed", "debrief_closed" if closes else "debrief_open")
        case actions.Pause() | actions.Resume():
            resumes = isinstance(action, actions.Resume)
            _require(session.paused == resumes, "closed", "not_paused" if resumes else "paused")
        case actions.Join():
            _check_join(session, by, action)
        case actions.Assign() | actions.Sit():
            _check_seat(session, by, action)
        case actions.Stand():
            _require(session.place(by) is not None, "bad", "no_chair")
            _require_unlocked(session)
        case actions.Clear():
            _require(bool(session.waiting_people), "bad", "nobody_waits")
        case actions.Remove():
            _require_present(session, action.person)
        case actions.Announce():
            _check_addressee(session, action)
        case actions.Agent() | actions.ByHand():
            _check_hand_over(session, action)
        case actions.Vote():
            return _check_vote(session, by, action)
        case actions.Amend() | actions.Suggest() | actions.Sound():
            return _check_changes(session, by, action)
        case actions.Say() | actions.Whisper():
            _check_statement(session, by, action)
        case actions.Settle():
            table = session.table(action.table)
            _require(table.started and table.over, "closed", "not_over")
            return action.model_copy(update={"package": draft_editing.read_package(table, action.package)})
        case actions.SettleVote():
            _check_settle_vote(session, by, action)
        case _:
            tables_concerned(session, action, time)
    return action


def _require(condition: bool, why: Why, name: str, /, **data: Any) -> None:
    if not condition:
        raise RejectedActionError(why, name, **data)


def _check_author(session: SessionState, by: str, action: Action) -> None:
    """Refuse a kind of action that is not for this person."""
    if action.who == TEACHER:
        _require(by == TEACHER, "forbidden", "not_yours")
    elif action.who == CLOCK:
        _require(by == CLOCK, "forbidden", "not_the_clock")
    else:
        _require(by not in (TEACHER, CLOCK), "forbidden", "not_you")
        if not isinstance(action, actions.Join):
            _require_present(session, by)


def _require_present(session: SessionState, person: str) -> None:
    _require(person in session.people, "forbidden", "stranger")


def _require_unlocked(session: SessionState) -> None:
    _require(not session.locked, "closed", "locked")


def _check_join(session: SessionState, by: str, action: actions.Join) -> None:
    _require(by == action.person, "forbidden", "not_you")
    _require(action.person not in (TEACHER, CLOCK), "bad", "reserved", person=action.person)
    _require_unlocked(session)
    names = {seen_as(person.name) for person in session.people.values()}
    taken = action.person in session.people or seen_as(action.name) in names
    _require(not taken, "bad", "taken", name=action.name)
    _require(len(session.people) < PEOPLE_MOST, "closed", "full", most=PEOPLE_MOST)


def _check_seat(session: SessionState, by: str, action: actions.Assign | actions.Sit) -> None:
    person = by
    if isinstance(action, actions.Assign):
        person = action.person
        _require_present(session, person)
        if action.table is None or action.actor is None:
            _require(session.place(person) is not None, "bad", "no_chair")
            return
    else:
        _require_unlocked(session)
    assert action.table is not None  # `Sit` always names a table
    table = session.table(action.table)
    if action.actor != OBSERVER:
        persons, role = _persons_on(table, str(action.actor)), session.roles.get(by, action.actor)
        begun = any(other.started for other in session.tables)
        _require(role == action.actor or not begun, "forbidden", "knows_a_brief", actor=_name(table, str(role)))
        others = [other for other in persons if other != person]
        _require(len(others) < PEOPLE_PER_CHAIR, "closed", "chair_full", actor=_name(table, str(action.actor)))


def _persons_on(table: GameTable, actor: str) -> list[str]:
    _require(actor in table.chairs, "bad", "no_actor", actor=actor, actors=", ".join(table.chairs))
    return table.chairs[actor]


def _name(table: GameTable, actor: str) -> str:
    return table.scenario.case.actors[actor].name


def _check_addressee(session: SessionState, action: actions.Announce) -> None:
    if isinstance(action.to, actions.Chair):
        _persons_on(session.table(action.to.table), action.to.actor)
    elif action.to is not None:
        _require_present(session, action.to)


def _check_hand_over(session: SessionState, action: actions.Agent | actions.ByHand) -> None:
    table = session.table(action.table)
    persons, name = _persons_on(table, action.actor), _name(table, action.actor)
    if isinstance(action, actions.Agent):
        _require(action.actor not in table.agents, "closed", "agent_plays", actor=name)
    else:
        _require(bool(persons) or action.actor in table.agents, "closed", "no_person", actor=name)
        _require(action.actor in table.agents, "bad", "by_hand", actor=name)


def _seat(session: SessionState, person: str, number: int) -> tuple[GameTable, str]:
    """The table, and the actor whose chair a person has there."""
    table = session.table(number)
    at_table, actor = session.chair(person)
    _require(at_table is table, "forbidden", "not_seated")
    return table, actor


def _require_running(session: SessionState, table: GameTable) -> None:
    _require(table.started, "closed", "not_started")
    _require(not table.over, "closed", "over")
    _require(not session.paused, "closed", "paused")


def _check_mover(session: SessionState, by: str, action: actions.Vote | actions.Amend) -> tuple[GameTable, str]:
    table, actor = _seat(session, by, action.table)
    _require(actor not in table.agents, "forbidden", "agent_plays", actor=_name(table, actor))
    if isinstance(action, actions.Vote) and session.is_late(table, actor, action.version):
        return table, actor
    _require_running(session, table)
    _require(action.version == table.version, "moved_on", "moved_on")
    return table, actor


def _check_vote(session: SessionState, by: str, action: actions.Vote) -> Action:
    table, actor = _check_mover(session, by, action)
    name = _name(table, actor)
    late = session.is_late(table, actor, action.version)
    if not late and (actor not in table.movers or table.model.phase is Phase.AMENDMENT):
        raise RejectedActionError(
            "closed", "not_answering", session.settings.language, actor=name, whose=_whose_turn(session, table)
        )
    if action.withdraw and actor not in table.sponsors:
        raise RejectedActionError("forbidden", "not_sponsor", sponsors=", ".join(table.sponsors))
    capacities = table.capacities(actor)
    for resource, amount in action.pledge.items():
        _require(resource in capacities, "bad", "no_resource", actor=name, resource=resource[: actions.NAME_MOST])
        most = float(capacities[resource].max())
        _require(
            amount <= most, "bad", "pledge_size", actor=name, most=f"{most:g}", resource=resource, asked=f"{amount:g}"
        )
    _require(not action.pledge or action.verdict == "accept", "bad", "pledge_for_no")
    return action


def _whose_turn(session: SessionState, table: GameTable) -> str:
    keys = {
        Phase.REACTIONS: "game.refused.first_the_others",
        Phase.PLEDGES: "game.refused.now_the_others",
        Phase.AMENDMENT: "game.refused.now_the_draft",
    }
    return session.strings(keys[table.model.phase])


def _check_changes(session: SessionState, by: str, action: actions.Amend | actions.Suggest | actions.Sound) -> Action:
    match action:
        case actions.Amend():
            table, actor = _check_mover(session, by, action)
            _require(table.model.phase is Phase.AMENDMENT, "closed", "no_draft_now")
            if actor not in table.movers:
                drafters = ", ".join(_name(table, mover) for mover in table.movers)
                raise RejectedActionError("forbidden", "not_drafting", actor=_name(table, actor), drafters=drafters)
        case actions.Suggest():
            table, actor = _seat(session, by, action.table)
            _require(action.version == table.version, "moved_on", "moved_on")
            _require_running(session, table)
            _limit_statements(table, "suggest", actor)
        case actions.Sound():
            table, actor = _seat(session, by, action.table)
            _require_running(session, table)
            _persons_on(table, action.actor)
            _require(action.actor != actor, "bad", "to_oneself")
            most = session.settings.soundings
            _require(len(table.statements_of("sound", actor)) < most, "closed", "no_soundings", most=most)
    draft_editing.amended_text(table, action.changes)
    return action.model_copy(update={"changes": draft_editing.read_options(table, action.changes)})


def _limit_statements(table: GameTable, kind: str, actor: str) -> None:
    _require(len(table.statements_of(kind, actor)) < WORDS_MOST, "closed", "said_enough", most=WORDS_MOST)


def _check_statement(session: SessionState, by: str, action: actions.Say | actions.Whisper) -> None:
    table, actor = _seat(session, by, action.table)
    _limit_statements(table, "whisper" if isinstance(action, actions.Whisper) else "say", actor)
    if isinstance(action, actions.Whisper):
        _require(session.settings.whispers, "forbidden", "whispers_off")
        _persons_on(table, action.to)
        _require(action.to != actor, "bad", "to_oneself")


def _check_settle_vote(session: SessionState, by: str, action: actions.SettleVote) -> None:
    table, actor = _seat(session, by, action.table)
    _require(actor not in table.agents, "forbidden", "agent_plays", actor=_name(table, actor))
    _require(table.settlement is not None, "closed", "no_settlement")
    assert table.settlement is not None
    _require(action.version == table.settlement.version and not table.settlement.closed, "moved_on", "moved_on")
    keeps = not action.accept or renegotiation.no_worse(table, actor, table.settlement.text)
    _require(keeps, "bad", "worse_off", actor=_name(table, actor))


def tables_concerned(session: SessionState, action: Any, time: float | None = None) -> list[GameTable]:
    """Return where the teacher's or the clock's action is possible: at the table that it names, or of all tables.

    Raises `RejectedActionError` if it is not possible at any of them.
    """
    possible, refusals = list[GameTable](), list[RejectedActionError]()
    for table in session.tables if action.table is None else [session.table(action.table)]:
        try:
            _check_at_table(session, table, action, time)
            possible.append(table)
        except RejectedActionError as refused:
            refusals.append(refused)
    if not possible:
        raise refusals[0]
    return possible


def _check_at_table(session: SessionState, table: GameTable, action: Action, time: float | None) -> None:
    match action:
        case actions.Start():
            _require(not table.started, "closed", "started")
        case actions.Undo():
            _require(table.steps > 0, "closed", "nothing_to_undo")
        case actions.Extend():
            _require(table.clock != Clock(), "closed", "no_clock")
        case actions.Timeout():
            closes = session.settings.clock_closes and (time is None or table.clock.over(time))
            _require(closes, "moved_on", "not_the_clock")
        case actions.Next() if table.settlement is not None and not table.settlement.closed:
            _require(not session.paused, "closed", "paused")
        case actions.Next() | actions.Finish() | actions.Inject():
            _require(not table.over, "closed", "over")
            _require(table.started or isinstance(action, actions.Inject), "closed", "not_started")
            _require(not session.paused or not isinstance(action, actions.Next), "closed", "paused")
            if isinstance(action, actions.Inject):
                _check_event(session, table, action)


def _check_event(session: SessionState, table: GameTable, action: actions.Inject) -> None:
    _require(table.event_month <= protocol_of(table.scenario).months, "closed", "too_late")
    event = session.injected_event(action)
    try:
        table.with_event(event.says, event.set)
    except CaseError as error:
        raise RejectedActionError("bad", "bad_event", what=error.problems[0].message) from None
