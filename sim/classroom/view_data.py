"""Prepares views of a table for pages: options in words, statements in order, the months so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sim.case.distributions import NEVER
from sim.case.models import Case
from sim.game.session.draft_editing import changed_terms
from sim.game.session.public_view import issue_view
from sim.game.session.session import Session
from sim.game.session.table import PEOPLE_PER_CHAIR
from sim.report.story.case_wording import public_sentences
from sim.strings import Strings, spoken

TALK_SHOWN, TALK_FOLDED, TALK_PAGE = 6, 14, 50
"""How much of what was said a page shows and folds away, newest first, and how much each page of older talk holds."""
NUMBERS = (int, float)
Plain = dict[str, Any]
VALUES = ("central", "low", "high")


class TermLabels:
    """The issues and options of a text in words, from the rows of the text in a public view."""

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        self._rows = {row["issue"]: row for row in rows}
        self._labels = {
            name: {str(option["option"]): option["label"] for option in row["options"]}
            for name, row in self._rows.items()
        }

    @staticmethod
    def of(case: Case) -> TermLabels:
        """Return the labels of all terms of a case."""
        return TermLabels(issue_view(name, issue) for name, issue in case.issues.items())

    def issue(self, name: str) -> str:
        """Return what an issue is about."""
        return str(self._rows[name]["says"]) if name in self._rows else name

    def short(self, name: str) -> str:
        """Return the name of an issue for a small screen."""
        return str(self._rows[name]["short"]) if name in self._rows else name

    def option(self, name: str, option: object) -> str:
        """Return an option in words: its label, or else its name with the unit if there is one."""
        row = self._rows.get(name)
        label = self._labels.get(name, {}).get(str(option))
        if row is not None:  # conditions hold numbers as text
            text = str(option)
            option = next((known["option"] for known in row["options"] if str(known["option"]) == text), option)
        if label or row is None:
            return label or str(option)
        shown = spoken().number(f"{option:,}") if isinstance(option, NUMBERS) else str(option).replace("_", " ")
        return f"{shown} {row['unit']}" if row["unit"] else shown


def table(view: Mapping[str, Any], story: Mapping[str, Any]) -> dict[str, Any]:
    """Return the template data of the public part of a page.

    Of the table's story (`sim.game.session.table.TableStory`), only the public part is used.
    """
    chairs = view["chairs"]
    return {
        "view": view,
        "sentences": public_sentences(story, story["issues"]),
        "terms": TermLabels(view["text"]),
        "waited": [chair["name"] for chair in chairs.values() if chair["waited_for"]],
        "changed": sum(row["was"] is not None for row in view["text"]),
        **recent_talk(view),
        "past": _past(view),
    }


def own(view: Mapping[str, Any], whispers: bool) -> dict[str, Any]:
    """Return the template data of the private parts of a page, besides the view itself.

    `mine` is empty unless this seat has to act; it differs from one occasion to the next.
    """
    actor = view["you"]["actor"]
    return {
        "mine": _occasion(view),
        "terms": TermLabels(view["text"]),
        "role": view["chairs"][actor]["name"] if actor else "",
        "mediates": "mediator" in view["you"],
        "handed": bool(actor) and view["chairs"][actor]["agent"],
        "others": [name for name in view["chairs"] if name != actor],
        "whispers": whispers,
        "notes": sorted([*view["announcements"], *view["you"]["announcements"]], key=lambda note: -int(note["n"])),
    }


def _occasion(view: Mapping[str, Any]) -> str:
    """Return what a seat has to act on: a phase of a text, or an offer after the talks; empty if nothing."""
    you, offer = view["you"], view["settlement"]
    if you["actor"] is None:
        drafter = you.get("mediator")
        return f"amendment {view['version']}" if drafter and drafter["turn"] and not drafter["move"] else ""
    if offer is not None and you["actor"] in offer["waiting"]:
        return f"settle {offer['version']}"
    return f"{you['turn']} {view['version']}" if you["turn"] and not you["move"] else ""


def next_free_chair(session: Session) -> tuple[int, str] | None:
    """Return table and actor of the next free chair: first empty ones, then shared ones; None if all are full."""
    for taken in range(PEOPLE_PER_CHAIR):
        for table in session.tables:
            for name, persons in table.chairs.items():
                if len(persons) == taken and name not in table.agents and not table.over:
                    return table.number, name
    return None


def number_label(entry: Mapping[str, Any], t: Strings) -> str:
    """Return a number of a case in words: what it belongs to, what it is, its central value and its range."""
    path = str(entry["path"]).split(".")
    key = next((key for key in (".".join(path[-2:]), path[-1]) if f"class.dispute.of.{key}" in t), None)
    what = t(f"class.dispute.of.{key}") if key else t.id_in_words(path[-1])
    central, low, high = (
        t("class.score.never_word") if entry[key] == NEVER else t.number(f"{entry[key]:,g}") for key in VALUES
    )
    value = central if low == high else t("class.dispute.range", central=central, low=low, high=high)
    return t("class.dispute.label", says=entry["says"], what=what, value=value)


def talk(view: Mapping[str, Any]) -> list[Plain]:
    """Return statements, suggestions and events, newest first."""
    said = [{"kind": "statement", **statement} for statement in view["statements"]]
    said += [{"kind": "suggestion", **suggestion} for suggestion in view["suggestions"]]
    said.sort(key=lambda item: int(item["n"]), reverse=True)
    items = [*said, *({"kind": "event", **event} for event in view["events"])]
    return sorted(items, key=lambda item: -int(item["month"]))  # stable: events come last in their month


def recent_talk(view: Mapping[str, Any]) -> dict[str, Any]:
    """Return the newest of what was said in public, as `folded`."""
    return folded(talk(view))


def folded(items: Sequence[Plain]) -> dict[str, Any]:
    """Return the first items, the next ones (shown folded), and how many are left out."""
    return {
        "talk": items[:TALK_SHOWN],
        "older": items[TALK_SHOWN : TALK_SHOWN + TALK_FOLDED],
        "left_out": max(0, len(items) - TALK_SHOWN - TALK_FOLDED),
    }


def one_page(items: Sequence[Plain], page: int) -> dict[str, Any]:
    """Return one page of items, its number and the number of pages. Pages count from 1."""
    pages = max(1, -(-len(items) // TALK_PAGE))
    number = min(max(page, 1), pages)
    return {"talk": items[(number - 1) * TALK_PAGE : number * TALK_PAGE], "page": number, "pages": pages}


def _past(view: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the months before this one, newest first, each with the terms that changed since the month before."""
    history = view["history"]
    texts = [month["text"] for month in history]
    pairs = zip([*texts[:1], *texts], history, strict=False)
    months = [{**month, "changed": changed_terms(before, month["text"])} for before, month in pairs]
    return months[-2::-1] if view["stage"] != "over" else months[::-1]
