"""Files for grading: a transcript, the participation of each student, and the answers before and after, as CSV.

Each comes in two kinds: a plain one (commas, points, no byte order mark), and one that a spreadsheet in much of Europe
opens with a double click (semicolons, decimal commas, a byte order mark).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import astuple, dataclass, fields
from functools import partial

from sim.csv_writer import Cell, CsvLocale, csv_text
from sim.game.session.actions import MEDIATOR, OBSERVER
from sim.game.session.learning.lesson_views import check_score
from sim.game.session.lesson.lesson_actions import REFLECTION_ITEMS, SURVEY_ITEMS, WHENS
from sim.game.session.log import LogEntry
from sim.game.session.session import Session

SPOKEN = ("say", "suggest", "whisper", "vote", "amend", "headline")
"""Kinds of entries that a transcript contains, besides the teacher's messages and events."""
TEACHERS = ("announce", "inject")


@dataclass(frozen=True)
class Participation:
    """How much one student took part.

    `answers` and what follows count actions, also those that were changed later; `by_agent` counts the answers that the
    rules gave for the student's present seat; `words` counts everything that the student wrote to others.
    """

    person: str
    name: str
    table: int | None
    seat: str
    answers: int
    by_agent: int
    drafts: int
    suggestions: int
    statements: int
    private_messages: int
    soundings: int
    words: int
    check_answered: int
    check_right: int
    survey_before: bool
    survey_after: bool
    reflected: bool


def participation(session: Session) -> list[Participation]:
    """Return how much each student took part, by table and name."""
    kinds: dict[str, dict[str, int]] = {}
    words: dict[str, int] = {}
    for entry in session.entries:
        counts = kinds.setdefault(entry.by, {})
        counts[entry.kind] = counts.get(entry.kind, 0) + 1
        words[entry.by] = words.get(entry.by, 0) + len(_said(entry).split())
    rows = [_row(session, person, kinds.get(person, {}), words.get(person, 0)) for person in session.people]
    return sorted(rows, key=lambda row: (row.table or 0, row.name.casefold()))


def _row(session: Session, person: str, kinds: Mapping[str, int], words: int) -> Participation:
    place, lesson = session.place(person), session.lesson
    answered, right = check_score(session, person)
    stood_in = 0
    if place is not None:
        stood_in = sum(given.actor == place[1] for given in place[0].stood_in)
    return Participation(
        person=person,
        name=session.people[person].name,
        table=place[0].number if place else None,
        seat=_seat(session, person),
        answers=kinds.get("vote", 0),
        by_agent=stood_in,
        drafts=kinds.get("amend", 0),
        suggestions=kinds.get("suggest", 0),
        statements=kinds.get("say", 0),
        private_messages=kinds.get("whisper", 0),
        soundings=kinds.get("sound", 0),
        words=words,
        check_answered=answered,
        check_right=right,
        survey_before=(person, "before") in lesson.surveyed,
        survey_after=(person, "after") in lesson.surveyed,
        reflected=any(lesson.reflected.get(person, {}).values()),
    )


def _seat(session: Session, person: str) -> str:
    """Return the name of the seat that a person has now."""
    place = session.place(person)
    if place is None:
        return ""
    if place[1] == OBSERVER:
        return MEDIATOR if person in place[0].mediators else OBSERVER
    return session.scenario.case.actors[place[1]].name


def _said(entry: LogEntry) -> str:
    return str(entry.data.get("text") or entry.data.get("says") or "")


def _transcript(session: Session, locale: CsvLocale) -> str:
    header = ("entry", "time", "table", "name", "seat", "what", "to", "answer_or_changes", "words")
    return csv_text(header, _spoken(session), locale=locale)


def _spoken(session: Session) -> Iterator[list[Cell]]:
    """Yield what was said and answered, with the seat that each person had then."""
    actors, seats = session.scenario.case.actors, dict[str, str]()
    names = {entry.data["person"]: str(entry.data["name"]) for entry in session.entries if entry.kind == "join"}
    for entry in session.entries:
        if entry.kind in ("sit", "assign"):
            seats[str(entry.data.get("person", entry.by))] = str(entry.data.get("actor") or "")
        if entry.kind not in (*SPOKEN, *TEACHERS):
            continue
        seat = seats.get(entry.by, "")
        to = entry.data.get("to")
        yield [
            entry.n,
            time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(entry.at)),
            entry.data.get("table"),
            names.get(entry.by, entry.by),
            actors[seat].name if seat in actors else seat,
            entry.kind,
            actors[to].name
            if isinstance(to, str) and to in actors
            else ""
            if to is None
            else names.get(str(to), str(to)),
            _answer(entry),
            _said(entry) or _event(session, entry),
        ]


def _answer(entry: LogEntry) -> str:
    if entry.kind == "vote":
        return str(entry.data["verdict"])
    changes = entry.data.get("changes") or {}
    return "; ".join(f"{issue}={option}" for issue, option in changes.items())


def _event(session: Session, entry: LogEntry) -> str:
    if entry.kind != "inject":
        return ""
    event = entry.data.get("event")
    known = session.scenario.case.injects.get(str(entry.data.get("id")))
    return str(event["says"]) if event else known.says if known else ""


def _participation(session: Session, locale: CsvLocale) -> str:
    header = [field.name for field in fields(Participation)][1:]  # a person's id says nothing to a reader
    rows = [astuple(row)[1:] for row in participation(session)]
    return csv_text(header, rows, locale=locale)


def _answers(session: Session, locale: CsvLocale) -> str:
    header = ["name", "table", "seat"]
    header += [f"{when}_{item}" for when in WHENS for item in SURVEY_ITEMS]
    header += [f"reflection_{item}" for item in REFLECTION_ITEMS]
    rows: list[list[Cell]] = []
    for row in participation(session):
        cells: list[Cell] = [row.name, row.table, row.seat]
        for when in WHENS:
            surveyed = session.lesson.surveyed.get((row.person, when), {})
            cells += [surveyed.get(item) for item in SURVEY_ITEMS]
        reflected = session.lesson.reflected.get(row.person, {})
        rows.append([*cells, *(reflected.get(item, "") for item in REFLECTION_ITEMS)])
    return csv_text(header, rows, locale=locale)


LOCALES: Mapping[str, CsvLocale] = {"": "standard", "-europe": "eu"}
"""The ending of a file's name to the spreadsheets that read it."""
WRITERS: Mapping[str, Callable[[Session, CsvLocale], str]] = {
    "transcript": _transcript,
    "participation": _participation,
    "answers": _answers,
}
FILES: Mapping[str, Callable[[Session], str]] = {
    f"parley-{what}{ending}.csv": partial(
        lambda session, write, locale: write(session, locale), write=write, locale=locale
    )
    for what, write in WRITERS.items()
    for ending, locale in LOCALES.items()
}
"""Function for each file, by file name."""
