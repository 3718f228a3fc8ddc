"""The actions of a lesson beside the talks; they change nothing in the talks."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import Field, StrictInt

from sim.game.session.actions import SECONDS_MOST, Action, Actor, Real, Said, Who

When: TypeAlias = Literal["before", "after"]
"""When a survey is answered: before the talks, or after."""
WHENS: tuple[When, ...] = ("before", "after")
LIKERT = 5
"""The points of the survey's scale, from strong disagreement (1) to strong agreement."""
SURVEY_ITEMS = ("talks", "others", "refusal", "fixed_pie", "prepared")
"""The statements of the survey, by the last part of their keys in the strings."""
REFLECTION_ITEMS = ("wanted", "moment", "other_side", "model")
"""The questions of the reflection, by the last part of their keys in the strings."""
Agreement = Annotated[StrictInt, Field(ge=1, le=LIKERT)]


class LessonAction(Action):
    """Base of the actions of a lesson."""


class LearnerAction(LessonAction):
    """An action of a person for itself, whether seated or not."""

    who: ClassVar[Who] = "person"


class Breakout(LessonAction, kind="breakout"):
    """Begin a breakout of some seconds, which all pages count down; None ends it."""

    seconds: Annotated[Real, Field(gt=0, le=SECONDS_MOST)] | None = None


class CheckAnswer(LearnerAction, kind="check_answer"):
    """Answer a question of the comprehension check; only the first answer counts."""

    question: Actor
    choice: Actor


class SurveyAnswer(LearnerAction, kind="survey"):
    """Say how far one agrees with the statements of the survey; a later answer replaces an earlier one."""

    when: When
    answers: Annotated[dict[Actor, Agreement], Field(max_length=len(SURVEY_ITEMS))]


class Reflect(LearnerAction, kind="reflect"):
    """Answer the questions of the reflection; a later answer replaces an earlier one."""

    answers: Annotated[dict[Actor, Said], Field(max_length=len(REFLECTION_ITEMS))]
