"""The brief of a role, as pages show it. It is the same for everybody who plays the role, so it is made only once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict

from sim.case.conditions import ACTOR_KEYS, DECLARED, JOINTS, condition_in_words
from sim.case.models import Case
from sim.classroom import class_pages
from sim.classroom.view_data import TermLabels
from sim.game.kept_results import KeptResults
from sim.game.session import views
from sim.game.session.session import Session
from sim.game.session.table import GameTable
from sim.strings import Strings

AIMS, AIM_LENGTH = 3, 90
"""How many terms a short brief tells a role to look for, and to keep out, and the longest, in characters."""
RELATIONS = {"is": "is", "==": "is", "!=": "not", ">=": "least", ">": "more", "<=": "most", "<": "less"}
"""Comparison in a condition to the last part of the strings key for it."""
PAGES = 64
"""Pages of briefs that are kept: those of all roles in a few months; each has some 20 kB."""


class Aims(TypedDict):
    """The terms that a role gains most (`seek`) and loses most (`avoid`) from, in words."""

    seek: list[str]
    avoid: list[str]


class RoleBriefs:
    """The briefs of one session's roles, in the language of the session."""

    def __init__(self) -> None:
        self._pages = KeptResults[str](PAGES)
        self._aims: dict[str, Aims] = {}

    def aims(self, session: Session, actor: str) -> Aims:
        """Return what a role should look for, and keep out."""
        if actor not in self._aims:
            self._aims[actor] = aims(session.scenario.case, actor, session.strings)
        return self._aims[actor]

    def page(self, session: Session, table: GameTable, actor: str) -> str:
        """Return the page with the whole brief of a role at a table; it knows nothing of who reads it."""
        return self._pages.get((actor, *views.position(table)), lambda: self._rendered(session, table, actor))

    def _rendered(self, session: Session, table: GameTable, actor: str) -> str:
        role = views.role(session, table, actor)
        return class_pages.render(
            "brief.html",
            session.settings.language,
            title=table.scenario.title,
            names={name: other.name for name, other in table.scenario.case.actors.items()},
            scored=session.settings.sheets,
            role=role["brief"]["name"],
            brief=role["brief"],
            capacities=role["capacities"],
            when=conditions(session.scenario.case, actor, session.strings),
            aims=self.aims(session, actor),
        )


def conditions(case: Case, actor: str, t: Strings, *, short: bool = False) -> Mapping[str, str]:
    """Return the conditions of the rules in an actor's brief in words, by the ids of the rules.

    `short` uses the issues' names for small screens.
    """
    terms, names = TermLabels.of(case), {id_: other.name for id_, other in case.actors.items()}

    def entry(issue: str, relation: str, options: Sequence[str]) -> str:
        if issue in ACTOR_KEYS:
            key = "declared" if issue == DECLARED else "accepted"
            return t(f"class.condition.{key}", actors=t("class.condition.or").join(names[option] for option in options))
        shown = t("class.condition.or").join(terms.option(issue, option) for option in options)
        return t(
            f"class.condition.{RELATIONS[relation]}", issue=(terms.short if short else terms.issue)(issue), option=shown
        )

    role, joints = case.actors[actor], {name: t(f"class.condition.{name}") for name in JOINTS}
    sending = (rule for rules in case.sending_rules[actor].values() for rule in rules)
    return {
        rule.rule: condition_in_words(rule.when, entry, terms.issue, joints)
        for rule in (*case.preferences[actor], *role.red_lines, *sending, *case.consent)
        if rule.when
    }


def aims(case: Case, actor: str, t: Strings) -> Aims:
    """Return the terms that a role gains most (`seek`) and loses most (`avoid`) from, in the words of the issues."""
    when, ranked = conditions(case, actor, t, short=True), []
    for rule in case.actors[actor].preferences:
        if rule.rule in when and len(when[rule.rule]) <= AIM_LENGTH:
            ranked.append((float(case.resolve(rule.points).central), when[rule.rule]))
    ranked.sort(key=lambda pair: -abs(pair[0]))
    return {
        "seek": [words for points, words in ranked if points > 0][:AIMS],
        "avoid": [words for points, words in ranked if points < 0][:AIMS],
    }
