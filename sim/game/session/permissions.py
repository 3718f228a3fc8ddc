"""What may be done now, and by whom: the only place that refuses actions. It reads a session and changes nothing."""

from __future__ import annotations

from typing import Any

from sim.errors import CaseError
from sim.game.phase_clock import Clock
from sim.game.session import actions, draft_editing, renegotiation
from sim.game.session.actions import CLOCK, MEDIATOR, OBSERVER, TEACHER, Action
from sim.game.session.learning.lesson_permissions import check_lesson
from sim.game.session.lesson.lesson_actions import LessonAction
from sim.game.session.rejections import RejectedActionError
from sim.game.session.session_state import PEOPLE_MOST, SessionState, seen_as
from sim.game.session.table import PEOPLE_PER_CHAIR, GameTable
from sim.game.session.talk import talk_permissions
from sim.game.session.talk.checks import (
    actor_name,
    check_amounts,
    check_mover,
    persons_on,
    require,
    seat_of,
)
from sim.negotiation.moves import Phase
from sim.negotiation.protocols import protocol_of


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
        case actions.Debrief():
            require(not session.debriefed, "closed", "debrief_open")
        case actions.CloseDebrief():
            require(session.debriefed, "closed", "debrief_closed")
        case actions.Pause():
            require(not session.paused, "closed", "paused")
        case actions.Resume():
            require(session.paused, "closed", "not_paused")
        case actions.Join():
            _check_join(session, by, action)
        case actions.Assign() | actions.Sit():
            _check_seat(session, by, action)
        case actions.Stand():
            require(session.place(by) is not None, "bad", "no_chair")
            _require_unlocked(session)
        case actions.Clear():
            require(bool(session.waiting_people), "bad", "nobody_waits")
        case actions.Remove():
            _require_present(session, action.person)
        case actions.Announce():
            _check_addressee(session, action)
        case actions.Agent() | actions.ByHand():
            _check_hand_over(session, action)
        case actions.Vote():
            return _check_vote(session, by, action)
        case actions.Amend() | actions.Suggest() | actions.Sound():
            return talk_permissions.check_changes(session, by, action)
        case actions.Say() | actions.Whisper():
            talk_permissions.check_statement(session, by, action)
        case actions.Support():
            talk_permissions.check_support(session, by, action)
        case actions.Headline():
            talk_permissions.check_headline(session, by, action, time)
        case actions.RemoveHeadline():
            talk_permissions.check_removal(session, action)
        case actions.Settle():
            table = session.table(action.table)
            require(table.started and table.over, "closed", "not_over")
            return action.model_copy(update={"package": draft_editing.read_package(table, action.package)})
        case actions.SettleVote():
            _check_settle_vote(session, by, action)
        case _:
            tables_concerned(session, action, time)
    return action


def _check_author(session: SessionState, by: str, action: Action) -> None:
    """Refuse a kind of action that is not for this person."""
    if action.who == TEACHER:
        require(by == TEACHER, "forbidden", "not_yours")
    elif action.who == CLOCK:
        require(by == CLOCK, "forbidden", "not_the_clock")
    else:
        require(by not in (TEACHER, CLOCK), "forbidden", "not_you")
        if not isinstance(action, actions.Join):
            _require_present(session, by)


def _require_present(session: SessionState, person: str) -> None:
    require(person in session.people, "forbidden", "stranger")


def _require_unlocked(session: SessionState) -> None:
    require(not session.locked, "closed", "locked")


def _check_join(session: SessionState, by: str, action: actions.Join) -> None:
    require(by == action.person, "forbidden", "not_you")
    require(action.person not in (TEACHER, CLOCK), "bad", "reserved", person=action.person)
    _require_unlocked(session)
    names = {person.looks for person in session.people.values()}
    taken = action.person in session.people or seen_as(action.name) in names
    require(not taken, "bad", "taken", name=action.name)
    require(len(session.people) < PEOPLE_MOST, "closed", "full", most=PEOPLE_MOST)


def _check_seat(session: SessionState, by: str, action: actions.Assign | actions.Sit) -> None:
    person = by
    if isinstance(action, actions.Assign):
        person = action.person
        _require_present(session, person)
        if action.table is None or action.actor is None:
            require(session.place(person) is not None, "bad", "no_chair")
            return
    else:
        _require_unlocked(session)
    assert action.table is not None  # `Sit` always names a table
    table = session.table(action.table)
    if action.actor == MEDIATOR:
        _check_mediator(session, table, by, person)
    elif action.actor != OBSERVER:
        persons, role = persons_on(table, str(action.actor)), session.roles.get(by, action.actor)
        begun = any(other.started for other in session.tables)
        require(role == action.actor or not begun, "forbidden", "knows_a_brief", actor=actor_name(table, str(role)))
        others = [other for other in persons if other != person]
        require(len(others) < PEOPLE_PER_CHAIR, "closed", "chair_full", actor=actor_name(table, str(action.actor)))


def _check_mediator(session: SessionState, table: GameTable, by: str, person: str) -> None:
    """Refuse the mediator's seat where there is none, to a third person, and to somebody who knows a brief."""
    require(table.mediating_actor is not None, "bad", "no_mediator")
    role, begun = session.roles.get(by), any(other.started for other in session.tables)
    if role is not None and begun:
        raise RejectedActionError("forbidden", "knows_a_brief", actor=actor_name(table, role))
    others = [other for other in table.mediators if other != person]
    require(len(others) < PEOPLE_PER_CHAIR, "closed", "chair_full", actor=session.strings("class.mediator.name"))


def _check_addressee(session: SessionState, action: actions.Announce) -> None:
    if isinstance(action.to, actions.Chair):
        persons_on(session.table(action.to.table), action.to.actor)
    elif action.to is not None:
        _require_present(session, action.to)


def _check_hand_over(session: SessionState, action: actions.Agent | actions.ByHand) -> None:
    table = session.table(action.table)
    persons, name = persons_on(table, action.actor), actor_name(table, action.actor)
    if isinstance(action, actions.Agent):
        require(action.actor not in table.agents, "closed", "agent_plays", actor=name)
    else:
        require(bool(persons) or action.actor in table.agents, "closed", "no_person", actor=name)
        require(action.actor in table.agents, "bad", "by_hand", actor=name)


def _check_vote(session: SessionState, by: str, action: actions.Vote) -> Action:
    table, actor = check_mover(session, by, action)
    name = actor_name(table, actor)
    late = session.is_late(table, actor, action.version)
    if not late and (actor not in table.movers or table.model.phase is Phase.AMENDMENT):
        raise RejectedActionError(
            "closed", "not_answering", session.settings.language, actor=name, whose=_whose_turn(session, table)
        )
    if action.withdraw and actor not in table.sponsors:
        raise RejectedActionError("forbidden", "not_sponsor", sponsors=", ".join(table.sponsors))
    check_amounts(table, actor, action.pledge)
    require(not action.pledge or action.verdict == "accept", "bad", "pledge_for_no")
    return action


def _whose_turn(session: SessionState, table: GameTable) -> str:
    keys = {
        Phase.REACTIONS: "game.refused.first_the_others",
        Phase.PLEDGES: "game.refused.now_the_others",
        Phase.AMENDMENT: "game.refused.now_the_draft",
    }
    return session.strings(keys[table.model.phase])


def _check_settle_vote(session: SessionState, by: str, action: actions.SettleVote) -> None:
    table, actor = seat_of(session, by, action.table)
    require(actor not in table.agents, "forbidden", "agent_plays", actor=actor_name(table, actor))
    require(table.settlement is not None, "closed", "no_settlement")
    assert table.settlement is not None
    require(action.version == table.settlement.version and not table.settlement.closed, "moved_on", "moved_on")
    keeps = not action.accept or renegotiation.no_worse(table, actor, table.settlement.text)
    require(keeps, "bad", "worse_off", actor=actor_name(table, actor))


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
            require(not table.started, "closed", "started")
        case actions.Undo():
            require(table.steps > 0, "closed", "nothing_to_undo")
        case actions.Extend():
            require(table.clock != Clock(), "closed", "no_clock")
        case actions.Timeout():
            closes = session.settings.clock_closes and (time is None or table.clock.over(time))
            require(closes, "moved_on", "not_the_clock")
        case actions.Next() if table.settlement is not None and not table.settlement.closed:
            require(not session.paused, "closed", "paused")
        case actions.Next() | actions.Finish() | actions.Inject():
            require(not table.over, "closed", "over")
            require(table.started or isinstance(action, actions.Inject), "closed", "not_started")
            require(not session.paused or not isinstance(action, actions.Next), "closed", "paused")
            if isinstance(action, actions.Inject):
                _check_event(session, table, action)


def _check_event(session: SessionState, table: GameTable, action: actions.Inject) -> None:
    require(table.event_month <= protocol_of(table.scenario).months, "closed", "too_late")
    event = session.injected_event(action)
    try:
        table.with_event(event.says, event.set)
    except CaseError as error:
        raise RejectedActionError("bad", "bad_event", what=error.problems[0].message) from None
