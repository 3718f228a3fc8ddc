"""The comprehension check: two or three questions whose answers are in a seat's own brief, with the reasons.

A question uses nothing but the seat's own brief, its own score of the opening text, and the public rules of consent.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sim.game.session.brief import Brief, brief
from sim.game.session.scoring import Score, score
from sim.game.session.session_state import SessionState
from sim.game.session.table import GameTable

OTHER_OPTIONS = 2
"""How many priced red lines and wishes are offered as answers beside the right one."""
NOTHING = "none"
"""The option that says that none of the others is right."""


@dataclass(frozen=True)
class CheckQuestion:
    """A question of the check.

    Parameters
    ----------
    name : ``red_line``, ``better_off`` or ``consent``; with the part of its key in the strings in `asks`
    options : id of each option to its words; empty words are in the strings
    right : the id of the right option
    because : the last part of the key of the explanation in the strings
    numbers : the points that the explanation names
    """

    name: str
    asks: str
    options: dict[str, str]
    right: str
    because: str
    numbers: dict[str, float] = field(default_factory=dict)


def check_questions(session: SessionState, actor: str) -> list[CheckQuestion]:
    """Return the questions for a seat, from its brief when the talks begin."""
    sheets = session.settings.sheets
    start = GameTable(0, session.scenario, session.settings.seed)
    own = brief(session.scenario.case, actor, session.settings.level, start.model if sheets else None)
    questions = [_red_line(own, sheets)]
    if sheets:
        questions.append(_better_off(score(start, actor)))
    questions.append(_consent(session, actor))
    return questions


def question_count(session: SessionState) -> int:
    """Return how many questions there are for every seat: one needs the numbers of a score sheet."""
    return 3 if session.settings.sheets else 2


def _red_line(own: Brief, sheets: bool) -> CheckQuestion:
    """Ask which line is not for sale; without a score sheet no price is known, and any red line is right."""
    firm = [line["says"] for line in own["red_lines"] if line["price"] == "never" or not sheets]
    priced = [line["says"] for line in own["red_lines"] if line["says"] not in firm]
    wishes = [wish["says"] for wish in sorted(own["interests"], key=lambda wish: wish["gain"])]  # losses come first
    others = {f"other_{number}": says for number, says in enumerate([*priced[:1], *wishes][:OTHER_OPTIONS], 1)}
    shown = others | ({"line": firm[0]} if firm else {})
    shown = dict(sorted(shown.items(), key=lambda item: item[1]))  # the right one is not always in the same place
    asks = "red_line" if sheets else "any_red_line"
    because = f"{asks}_because" if firm else "red_line_priced" if priced else f"{asks}_none"
    return CheckQuestion("red_line", asks, {**shown, NOTHING: ""}, "line" if firm else NOTHING, because)


def _better_off(own: Score) -> CheckQuestion:
    """Ask whether the opening text is better than no deal."""
    better = not own["never"] and own["surplus"] >= 0
    because = "never" if own["never"] else "with" if better else "without"
    numbers = {"worth": own["utility"] - own["price"], "walk": own["reservation"]}
    right = "with" if better else "without"
    return CheckQuestion(
        "better_off", "better_off", {"with": "", "without": ""}, right, f"better_off_{because}", numbers
    )


def _consent(session: SessionState, actor: str) -> CheckQuestion:
    """Ask whether the others can agree without this seat, by the public rules of consent."""
    asked = [rule for rule in session.scenario.case.consent if actor in rule.members]
    always = any(not rule.when and actor in (*rule.needs, *rule.veto) for rule in asked)
    right = "needed" if always else "depends" if asked else "without"
    options = {"needed": "", "depends": "", "without": ""}
    return CheckQuestion("consent", "consent", options, right, f"consent_{right}")
