"""Prepares the views of tables for the wall: what changed in the text, where everybody stands, and how talks ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypedDict

from sim.classroom import view_data
from sim.classroom.view_data import TermLabels
from sim.report.wording import short_names

TERMS_MOST, QUOTES_MOST = 5, 3
"""The most terms and statements that fit on the wall."""
ACCEPTS = "accept"
NOW, EARLIER, UNCHANGED = "now", "earlier", "same"
"""When a term was changed: with the text on the table, before that, or never."""


class ShownTerm(NamedTuple):
    """A term of the text: what it was (None if it never changed) and what it is, in words; `when` it changed last."""

    says: str
    before: str | None
    after: str
    when: str


class SeatAnswer(NamedTuple):
    """Where a seat stands: its answer to the text, or else to the last one (`earlier`); `verdict` is None before.

    `short` is a short form of its name.
    """

    name: str
    short: str
    verdict: str | None
    earlier: bool
    answer: Mapping[str, Any] | None


class Quote(NamedTuple):
    """Something that was said in public: by whom, and words, suggested changes, or amounts that somebody would send."""

    who: str
    says: str
    changes: Mapping[str, Any]
    intends: Mapping[str, float]


class WallTable(TypedDict):
    """What the wall shows of a table."""

    view: Mapping[str, Any]
    terms: TermLabels
    waited: list[str]
    shown: list[ShownTerm]
    left_out: int
    """How many terms of the text are not shown."""
    stands: dict[str, SeatAnswer]
    past: str
    """How the last decided month ended."""
    past_month: int
    quotes: list[Quote]


def wall_table(view: Mapping[str, Any], story: Mapping[str, Any]) -> WallTable:
    """Return what the wall shows of a table, from its public view and its story (only what is public of it)."""
    data = view_data.table(view, story)
    terms: TermLabels = data["terms"]
    shown = sorted(_terms(view, terms), key=lambda term: (NOW, EARLIER, UNCHANGED).index(term.when))
    month = view["month"] if view["decision"] else view["month"] - 1
    return {
        "view": view,
        "terms": terms,
        "waited": data["waited"],
        "shown": shown[:TERMS_MOST],
        "left_out": len(view["text"]) - min(len(shown), TERMS_MOST),
        "stands": _stands(view),
        "past": " ".join(data["sentences"].get(month, [])),
        "past_month": month,
        "quotes": _quotes(view, data["talk"])[:QUOTES_MOST],
    }


def _terms(view: Mapping[str, Any], terms: TermLabels) -> Iterator[ShownTerm]:
    """The terms that could be negotiated, and any other that changed."""
    opening = view["history"][0]["text"] if view["history"] else {}
    for row in view["text"]:
        issue, now = row["issue"], row["option"]
        first = opening.get(issue, now)
        when = NOW if row["was"] is not None else EARLIER if first != now else UNCHANGED
        if when == UNCHANGED and not row["negotiable"]:
            continue
        before = {NOW: row["was"], EARLIER: first, UNCHANGED: None}[when]
        words = None if before is None else terms.option(issue, before)
        yield ShownTerm(row["short"], words, terms.option(issue, now), when)


def _stands(view: Mapping[str, Any]) -> dict[str, SeatAnswer]:
    decided = [month for month in view["history"] if month["decision"]]
    last = decided[-1]["answers"] if decided else {}
    short = short_names({name: chair["name"] for name, chair in view["chairs"].items()})
    stands = {}
    for name, chair in view["chairs"].items():
        answer = view["answers"].get(name)
        earlier = answer is None and name in last
        heard = last[name] if earlier else answer
        stands[name] = SeatAnswer(chair["name"], short[name], heard["verdict"] if heard else None, earlier, answer)
    return stands


def _quotes(view: Mapping[str, Any], talk: Sequence[Mapping[str, Any]]) -> list[Quote]:
    """What was said, newest first: words with answers, sentences of agents that refuse, statements and suggestions."""
    chairs = view["chairs"]
    heard = [(chairs[name]["name"], answer) for name, answer in view["answers"].items()]
    said = [Quote(name, answer["says"], {}, {}) for name, answer in heard]
    said += [Quote(name, answer["agent_says"], {}, {}) for name, answer in heard if answer["verdict"] != ACCEPTS]
    last = [month["answers"] for month in view["history"] if month["decision"] and month["month"] == view["month"] - 1]
    before = [Quote(chairs[name]["name"], answer["says"], {}, {}) for one in last for name, answer in one.items()]
    for item in talk:
        if item["kind"] == "event":
            continue
        if item["month"] < view["month"]:
            said, before = said + before, []
        who = chairs[item["actor"]]["name"] if item["actor"] in chairs else item["person"]
        says = item["text"] if item["kind"] == "statement" else item["says"]
        said.append(Quote(who, says, item.get("changes", {}), item.get("intends", {})))
    said += before
    return [quote for quote in said if quote.says or quote.changes or quote.intends]
