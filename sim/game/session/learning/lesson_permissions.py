"""What of a lesson may be done now, and by whom. It reads a session and changes nothing."""

from __future__ import annotations

from sim.game.session.actions import OBSERVER
from sim.game.session.learning.comprehension import check_questions
from sim.game.session.lesson import lesson_actions
from sim.game.session.lesson.lesson_actions import LessonAction, When
from sim.game.session.lesson.lesson_state import check_items
from sim.game.session.rejections import RejectedActionError
from sim.game.session.session_state import SessionState
from sim.game.session.talk.checks import require


def check_lesson(session: SessionState, by: str, action: LessonAction) -> None:
    """Raise `RejectedActionError` if an action of a lesson is not possible now."""
    settings = session.settings
    check_items(action)
    match action:
        case lesson_actions.CheckAnswer():
            require(settings.check, "closed", "check_off")
            _, actor = session.chair(by)
            questions = {question.name: question for question in check_questions(session, actor)}
            known = questions.get(action.question)
            if known is None or action.choice not in known.options:
                raise RejectedActionError("bad", "no_question", question=action.question[:40])
            require((by, action.question) not in session.lesson.checked, "closed", "answered")
        case lesson_actions.SurveyAnswer():
            require(settings.survey, "closed", "survey_off")
            require(survey_open(session, by) == action.when, "closed", "survey_closed")
        case lesson_actions.Reflect():
            require(settings.reflection, "closed", "reflection_off")


def survey_open(session: SessionState, person: str) -> When:
    """Return which survey a person may answer now: the one after, once the talks of its table are over."""
    place = session.place(person)
    over = all(table.over for table in session.tables) if place is None else place[0].over
    return "after" if over else "before"


def plays(session: SessionState, person: str) -> str | None:
    """Return the actor whom a person plays; None without a chair."""
    place = session.place(person)
    return None if place is None or place[1] == OBSERVER else place[1]
