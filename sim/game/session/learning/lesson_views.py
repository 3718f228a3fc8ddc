"""What a person may see of its own lesson, and what the teacher may see of everybody's."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from statistics import fmean
from typing import TypedDict

from sim.game.session.learning.comprehension import CheckQuestion, check_questions, question_count
from sim.game.session.learning.lesson_permissions import plays, survey_open
from sim.game.session.lesson.lesson_actions import SURVEY_ITEMS, When
from sim.game.session.session_state import SessionState


class OwnLessonView(TypedDict):
    """Which parts of the lesson are open to a person, and whether it has answered them."""

    check: bool
    checked: bool
    survey: When | None
    surveyed: bool
    reflection: bool
    reflected: bool


class CheckedQuestion(TypedDict):
    """A question of the check, with the choice that the person has made, if any."""

    question: CheckQuestion
    choice: str | None


class ItemMeans(TypedDict):
    """The mean agreement with an item, 1 to 5, of those who answered it before and after; None if nobody did."""

    before: float | None
    after: float | None
    people: int
    """How many answered it both before and after; the means are theirs where there are any."""


def own_lesson(session: SessionState, person: str) -> OwnLessonView:
    """Return what is open to a person now."""
    settings, lesson, when = session.settings, session.lesson, survey_open(session, person)
    actor = plays(session, person)
    answered = sum(who == person and answer.actor == actor for (who, _), answer in lesson.checked.items())
    return {
        "check": settings.check and actor is not None,
        "checked": answered >= question_count(session),
        "survey": when if settings.survey else None,
        "surveyed": (person, when) in lesson.surveyed,
        "reflection": settings.reflection and when == "after",
        "reflected": person in lesson.reflected,
    }


def own_check(session: SessionState, person: str) -> list[CheckedQuestion]:
    """Return the questions of a person's check; an answer about another seat's brief does not count."""
    actor = plays(session, person)
    if actor is None:
        return []
    given = session.lesson.checked
    return [
        {
            "question": question,
            "choice": answer.choice
            if (answer := given.get((person, question.name))) and answer.actor == actor
            else None,
        }
        for question in check_questions(session, actor)
    ]


def check_score(session: SessionState, person: str) -> tuple[int, int]:
    """Return how many questions a person has answered, and how many rightly, each by the brief that it had then."""
    given = {name: answer for (who, name), answer in session.lesson.checked.items() if who == person}
    right = 0
    for name, answer in given.items():
        right += any(
            question.name == name and question.right == answer.choice
            for question in check_questions(session, answer.actor)
        )
    return len(given), right


def survey_means(session: SessionState) -> dict[str, ItemMeans]:
    """Return the mean of each item before and after.

    If people answered an item both before and after, only they count, so that the two means compare the same people.
    """
    result = dict[str, ItemMeans]()
    for item in SURVEY_ITEMS:
        before, after = _values(session, item, "before"), _values(session, item, "after")
        both = before.keys() & after.keys()
        result[item] = {
            "before": _mean(before, both or before.keys()),
            "after": _mean(after, both or after.keys()),
            "people": len(both),
        }
    return result


def _values(session: SessionState, item: str, when: When) -> dict[str, int]:
    surveyed = session.lesson.surveyed.items()
    return {person: answers[item] for (person, then), answers in surveyed if then == when and item in answers}


def _mean(values: Mapping[str, int], people: Collection[str]) -> float | None:
    return fmean(values[person] for person in people) if people else None
