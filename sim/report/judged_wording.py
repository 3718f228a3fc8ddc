"""What a verdict judges, in a sentence: which text, when, after which events, and with which changes."""

from __future__ import annotations

from collections.abc import Mapping

from sim.report.wording import Plain, series

JUDGED_TEXTS = {
    "tabled": "the text as tabled",
    "proposed": "the proposed text",
    "default": "the default package",
    "month": "the text on the table",
    "every": "every possible package",
    "talks": "the talks, from the text as tabled to their end",
}


def judged(about: Plain) -> str:
    """Say what a verdict judges: which text, when, after which events, and with which changes to the case.

    >>> about = {"text": "tabled", "text_month": None, "moment": "opening", "month": None, "changes": []}
    >>> about |= {"holding_out": False}
    >>> stops = {"month": 3, "says": "Russia's advance stops"}
    >>> judged(about | {"events_passed": [], "events_to_come": [stops]})
    "This judges the text as tabled, as talks open, take it or leave it (in month 3: Russia's advance stops)."
    >>> about |= {"text": "month", "text_month": 4, "moment": "month", "month": 4, "holding_out": True}
    >>> judged(about | {"events_passed": [], "events_to_come": []})
    'This judges the text on the table in month 4, when actors may hold out for more.'
    """
    text, month, text_month = JUDGED_TEXTS[about["text"]], about["month"], about["text_month"]
    if about["text"] == "talks":
        when = ""
    elif month is None:
        when = ", as talks open, take it or leave it"
    elif text_month is not None and text_month != month:
        when = f" when the talks ended (month {text_month}), in the circumstances of month {month}"
    elif about["moment"] == "end":
        when = f" in the last month of the talks, month {month}"
    else:
        when = f" in month {month}"
    if month is not None and about["holding_out"]:
        when += ", when actors may hold out for more"
    events = "; ".join(_events(about))
    changed = _changed(about)
    return f"This judges {text}{when}{f' ({events})' if events else ''}.{f' {changed}.' if changed else ''}"


def circumstances(about: Plain) -> str:
    """Return what is special about the world of a verdict: events and changes of the case; nothing if there are none.

    >>> stops = {"month": 3, "says": "Russia's advance stops"}
    >>> circumstances({"events_passed": [], "events_to_come": [stops], "changes": [{"path": "a.b", "value": 0.5}]})
    "in month 3: Russia's advance stops. Changed from the case: a.b = 0.5"
    """
    return ". ".join(part for part in ("; ".join(_events(about)), _changed(about)) if part)


def _events(about: Plain) -> list[str]:
    passed = [f"since month {event['month']}: {event['says']}" for event in about["events_passed"]]
    return passed + [f"in month {event['month']}: {event['says']}" for event in about["events_to_come"]]


def _changed(about: Plain) -> str:
    changed = series(f"{one['path']} = {_as_written(one['value'])}" for one in about["changes"])
    return f"Changed from the case: {changed}" if changed else ""


def _as_written(value: object) -> str:
    """Return a number as a file writes it: ``0.8``, ``strong``, or a range, ``{low: 1, high: 2}``."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_as_written(part)}" for key, part in value.items()) + "}"
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)
