"""How a view of a table is put for a page: options in the case's words, what was said in its order, months past."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sim.case.conditions import ACTOR_KEYS, DECLARED, condition_in_words
from sim.case.distributions import NEVER
from sim.case.models import Case
from sim.game.session.session import Session
from sim.game.session.table import PEOPLE_PER_CHAIR
from sim.report.story.public_story import public_sentences
from sim.strings import Strings

NUMBERS = (int, float)
VALUES = ("central", "low", "high")
RELATIONS = {"is": "is", "==": "is", "!=": "not", ">=": "least", ">": "more", "<=": "most", "<": "less"}
"""How an issue is compared in a condition, by the names of the words for it."""


class TermLabels:
    """The issues and options of a text, in words.

    Parameters
    ----------
    rows : the text of a public view, row by row
    """

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        self._rows = {row["issue"]: row for row in rows}
        self._labels = {
            name: {str(one["option"]): one["label"] for one in row["options"]} for name, row in self._rows.items()
        }

    @staticmethod
    def of(case: Case) -> TermLabels:
        """The terms of a case, whatever its text."""
        return TermLabels(
            {
                "issue": name,
                "says": issue.says,
                "unit": issue.unit,
                "options": [{"option": one, "label": issue.labels.get(str(one))} for one in issue.options],
            }
            for name, issue in case.issues.items()
        )

    def issue(self, name: str) -> str:
        """What an issue is about."""
        return str(self._rows[name]["says"]) if name in self._rows else name

    def option(self, name: str, option: object) -> str:
        """An option as people read it: its label, or its name, with its unit if it has one."""
        row = self._rows.get(name)
        label = self._labels.get(name, {}).get(str(option))
        if row is not None:  # a condition writes numbers as words
            option = next((one["option"] for one in row["options"] if str(one["option"]) == str(option)), option)
        if label or row is None:
            return label or str(option)
        shown = f"{option:,}" if isinstance(option, NUMBERS) else str(option).replace("_", " ")
        return f"{shown} {row['unit']}" if row["unit"] else shown


def conditions(case: Case, actor: str, t: Strings) -> dict[str, str]:
    """When the rules of an actor's brief hold, in the case's words, by the names of the rules."""
    terms, names = TermLabels.of(case), {name: one.name for name, one in case.actors.items()}

    def entry(issue: str, relation: str, options: Sequence[str]) -> str:
        if issue in ACTOR_KEYS:
            key = "declared" if issue == DECLARED else "accepted"
            return t(f"class.condition.{key}", actors=t("class.condition.or").join(names[one] for one in options))
        shown = t("class.condition.or").join(terms.option(issue, one) for one in options)
        return t(f"class.condition.{RELATIONS[relation]}", issue=terms.issue(issue), option=shown)

    who = case.actors[actor]
    sending = (one for capacity in who.capacities.values() for one in capacity.when_sent)
    return {
        one.rule: condition_in_words(one.when, entry)
        for one in (*who.preferences, *who.red_lines, *sending, *case.consent)
        if one.when
    }


def table(view: Mapping[str, Any], story: Mapping[str, Any]) -> dict[str, Any]:
    """What the public part of a page needs beside the view itself.

    Parameters
    ----------
    story : of the same table (`sim.game.session.table.TableStory`), of which only what is public is told
    """
    chairs = view["chairs"]
    return {
        "view": view,
        "told": public_sentences(story, story["issues"]),
        "terms": TermLabels(view["text"]),
        "waited": [one["name"] for one in chairs.values() if one["waited_for"]],
        "changed": sum(row["was"] is not None for row in view["text"]),
        "talk": talk(view),
        "past": _past(view),
    }


def own(view: Mapping[str, Any], whispers: bool) -> dict[str, Any]:
    """What the own parts of a page need beside the view itself."""
    actor = view["you"]["actor"]
    return {
        "terms": TermLabels(view["text"]),
        "role": view["chairs"][actor]["name"] if actor else "",
        "handed": bool(actor) and view["chairs"][actor]["agent"],
        "others": [name for name in view["chairs"] if name != actor],
        "whispers": whispers,
        "notes": sorted([*view["announcements"], *view["you"]["announcements"]], key=lambda one: -int(one["n"])),
    }


def lobby(session: Session) -> list[dict[str, Any]]:
    """The chairs of all tables, and by whose names they are taken."""
    actors = session.scenario.case.actors
    return [
        {
            "number": table.number,
            "stage": table.stage,
            "chairs": {
                name: {
                    "name": actors[name].name,
                    "role": actors[name].role,
                    "people": [session.people[one].name for one in persons],
                    "full": len(persons) >= PEOPLE_PER_CHAIR,
                }
                for name, persons in table.chairs.items()
            },
        }
        for table in session.tables
    ]


def free(session: Session) -> tuple[int, str] | None:
    """The next chair to be given: an empty one, table by table; then one that can be shared; None if all are full."""
    for people in range(PEOPLE_PER_CHAIR):
        for table in session.tables:
            for name, persons in table.chairs.items():
                if len(persons) == people and name not in table.agents and not table.over:
                    return table.number, name
    return None


def number(one: Mapping[str, Any], t: Strings) -> str:
    """A number of a case in words: what it is about, what of it, its central value and its range."""
    path = str(one["path"]).split(".")
    key = next((key for key in (".".join(path[-2:]), path[-1]) if f"class.dispute.of.{key}" in t), None)
    what = t(f"class.dispute.of.{key}") if key else path[-1].replace("_", " ")
    central, low, high = (t("class.score.never_word") if one[key] == NEVER else f"{one[key]:,g}" for key in VALUES)
    value = central if low == high else t("class.dispute.range", central=central, low=low, high=high)
    return t("class.dispute.label", says=one["says"], what=what, value=value)


def library(session: Session) -> dict[str, str]:
    """The events that a scenario keeps ready for a teacher, by their ids."""
    return {name: one.says for name, one in session.scenario.case.injects.items()}


def talk(view: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Statements, suggestions and events, the newest first."""
    said = [{"kind": "statement", **one} for one in view["statements"]]
    said += [{"kind": "suggestion", **one} for one in view["suggestions"]]
    events = [{"kind": "event", **one} for one in view["events"]]
    said.sort(key=lambda one: int(one["n"]), reverse=True)
    found: list[dict[str, Any]] = []
    for month in range(max((int(one["month"]) for one in [*said, *events]), default=0), -1, -1):
        found += [one for one in said if one["month"] == month]
        found += [one for one in events if one["month"] == month]
    return found


def _past(view: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The months before this one, the newest first, each with how its text differed from the one before."""
    found: list[dict[str, Any]] = []
    before: Mapping[str, Any] | None = None
    for one in view["history"]:
        text = one["text"]
        changed = {} if before is None else {key: [before[key], new] for key, new in text.items() if before[key] != new}
        found.append({**one, "changed": changed})
        before = text
    return found[-2::-1] if view["stage"] != "over" else found[::-1]
