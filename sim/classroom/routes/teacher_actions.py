"""What the teacher's console can do: the form of its buttons, and the action that each of them becomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from sim.classroom.access import PostedForm
from sim.errors import UsageError
from sim.game.session.settings import MINUTES_MOST, TABLES_MOST
from sim.strings import spoken

MAX_WORD_LENGTH, MAX_TEXT_LENGTH = 64, 2_000
SECONDS = 60
"""Seconds per minute."""
Word = Annotated[str, Field(max_length=MAX_WORD_LENGTH)]
Text = Annotated[str, Field(max_length=MAX_TEXT_LENGTH)]


class TeacherActionForm(PostedForm):
    """An action of the teacher; which fields are used depends on `what`."""

    what: Word
    table: Annotated[int, Field(ge=0, le=TABLES_MOST)] | Literal[""] = ""
    actor: Word = ""
    person: Word = ""
    minutes: Annotated[float, Field(gt=0, le=MINUTES_MOST, allow_inf_nan=False)] = 1.0
    text: Text = ""
    indicator: Word = ""
    value: Annotated[float, Field(allow_inf_nan=False)] | Literal[""] = ""
    event: Word = ""
    headline: Annotated[int, Field(ge=0, le=1_000_000_000)] = 0
    place: Annotated[str, Field(max_length=2 * MAX_WORD_LENGTH)] = ""
    sure: Literal["", "yes"] = ""
    """Whether the teacher has seen what an action of `ASKED_FIRST` does."""


def _table(form: TeacherActionForm) -> dict[str, Any]:
    return {"table": form.table or None}


def _seat(form: TeacherActionForm) -> dict[str, Any]:
    return {"table": form.table or 0, "actor": form.actor}


def _assign(form: TeacherActionForm) -> dict[str, Any]:
    """Assign a person to a place such as ``2 russia``; an empty place unassigns the person."""
    table, _, actor = form.place.partition(" ")
    place = {"table": int(table), "actor": actor} if table.isdecimal() and len(table) < MAX_WORD_LENGTH // 4 else {}
    return {"person": form.person, "table": None, "actor": None, **place}


def _announce(form: TeacherActionForm) -> dict[str, Any]:
    """Announce to a person's id or to a seat such as ``2 russia``; an empty place means everybody."""
    table, chair, actor = form.place.partition(" ")
    if chair and table.isdecimal() and len(table) < MAX_WORD_LENGTH // 4:
        return {"to": {"table": int(table), "actor": actor}, "text": form.text}
    return {"to": form.place or None, "text": form.text}


def _inject(form: TeacherActionForm) -> dict[str, Any]:
    """Inject a prepared event by its id, or one in the teacher's own words that sets one indicator."""
    if form.event:
        return {**_table(form), "id": form.event}
    if form.value == "":
        raise UsageError(spoken()("class.error.own_event"))
    return {**_table(form), "event": {"says": form.text, "set": {form.indicator: form.value}}}


def _nothing(_: TeacherActionForm) -> dict[str, Any]:
    return {}


ACTION_DATA: Mapping[str, Callable[[TeacherActionForm], dict[str, Any]]] = {
    **dict.fromkeys(("lock", "unlock", "pause", "resume", "debrief", "close_debrief", "clear"), _nothing),
    **dict.fromkeys(("start", "next", "undo", "finish"), _table),
    **dict.fromkeys(("agent", "person"), _seat),
    "breakout": lambda form: {"seconds": form.minutes * SECONDS},
    "breakout_stop": lambda form: {"seconds": None},
    "extend": lambda form: {**_table(form), "seconds": form.minutes * SECONDS},
    "remove": lambda form: {"person": form.person},
    "remove_headline": lambda form: {"table": form.table or 0, "headline": form.headline},
    "assign": _assign,
    "announce": _announce,
    "inject": _inject,
}
"""Each action of the console, with the function that takes its data from the form."""
KIND_OF = {"breakout_stop": "breakout"}
"""The kind of action of a button, where it is not the button's own name."""
ASKED_FIRST = ("debrief", "finish", "undo", "clear")
"""The actions that a page of its own explains and asks about first: they reveal or delete what nobody can restore."""
