"""What has happened in a lesson beside the talks: its breakout, and what people answered before and after."""

from __future__ import annotations

from dataclasses import dataclass, field

from sim.game.session.lesson import lesson_actions
from sim.game.session.lesson.lesson_actions import REFLECTION_ITEMS, SURVEY_ITEMS, LessonAction, When
from sim.game.session.log import LogEntry
from sim.game.session.rejections import RejectedActionError


@dataclass(frozen=True)
class GivenAnswer:
    """An answer of the comprehension check, with the actor whose brief it is about."""

    actor: str
    choice: str


@dataclass
class LessonState:
    """What a lesson adds to a session.

    Attributes
    ----------
    breakout : when the breakout ends, in seconds since the epoch; None if there is none
    checked : person and question to the first answer
    surveyed : person and time to the answers of the survey, by item
    reflected : person to the answers of the reflection, by item
    """

    breakout: float | None = None
    checked: dict[tuple[str, str], GivenAnswer] = field(default_factory=dict)
    surveyed: dict[tuple[str, When], dict[str, int]] = field(default_factory=dict)
    reflected: dict[str, dict[str, str]] = field(default_factory=dict)

    def apply(self, action: LessonAction, entry: LogEntry, actor: str | None) -> None:
        """Carry out an action; `actor` is the one whom its author plays, if any."""
        match action:
            case lesson_actions.Breakout():
                self.breakout = None if action.seconds is None else entry.at + action.seconds
            case lesson_actions.CheckAnswer():
                self.checked[entry.by, action.question] = GivenAnswer(actor or "", action.choice)
            case lesson_actions.SurveyAnswer():
                self.surveyed[entry.by, action.when] = dict(action.answers)
            case lesson_actions.Reflect():
                self.reflected[entry.by] = dict(action.answers)


def check_items(action: LessonAction) -> None:
    """Raise `RejectedActionError` if an action answers a question that does not exist."""
    match action:
        case lesson_actions.SurveyAnswer():
            unknown = set(action.answers) - {*SURVEY_ITEMS}
        case lesson_actions.Reflect():
            unknown = set(action.answers) - {*REFLECTION_ITEMS}
        case _:
            return
    if unknown:
        raise RejectedActionError("bad", "no_question", question=min(unknown)[:40])
