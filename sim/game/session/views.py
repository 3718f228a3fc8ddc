"""Who may see what: the one place. Each view is put together from what it may hold, never by taking secrets out.

`public` holds nothing of any seat; `seat` adds what belongs to the person's own chair. What is public of an actor is
said in `sim.game.session.public_record`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.game.session import draft_editing, public_record
from sim.game.session.actions import OBSERVER, Addressee
from sim.game.session.brief import brief
from sim.game.session.rejections import RejectedActionError
from sim.game.session.scoring import score
from sim.game.session.session import Session
from sim.game.session.table import GameTable, Pending, Statement
from sim.negotiation.protocols import protocol_of
from sim.negotiation.record.move_data import protocol_json

Plain = dict[str, Any]


def public(session: Session, table: GameTable) -> Plain:
    """What everybody may see of a table (`docs/reference/game.md`)."""
    scenario, history = table.scenario, table.history()
    protocol = protocol_of(scenario)
    now = history[-1] if history else None
    return {
        "table": table.number,
        "title": scenario.title,
        "question": scenario.question,
        "protocol": protocol_json(protocol),
        "sponsors": list(table.sponsors),
        "stage": table.stage,
        "version": table.version,
        "month": table.model.month,
        "months": protocol.months,
        "outcome": table.outcome,
        "paused": session.paused,
        "clock": {"ends_at": table.clock.ends_at, "left": table.clock.left},
        "chairs": {name: _chair(session, table, name) for name in table.chairs},
        "observers": [session.people[one].name for one in table.observers],
        "text": _text(table),
        "tabled_by": list(table.model.tabled_by),
        "meant_for": now["meant_for"] if now else [],
        "lines": public_record.declared(table.model.compiled_rules, table.model.text[:1]),
        "answers": now["answers"] if now else {},
        "decision": now["decision"] if now else None,
        "history": history,
        "events": _events(session, table),
        "statements": [_said(session, word) for word in table.said("say")],
        "suggestions": [_said(session, word) for word in table.said("suggest")],
        "announcements": [_announced(one) for one in session.announcements if one.data["to"] is None],
        "settlement": None if table.settlement is None else table.settlement.told(table),
        "debriefed": session.debriefed,
    }


def _events(session: Session, table: GameTable) -> list[Plain]:
    """What has happened, and what was let happen; what a scenario keeps for a later month is not told."""
    written = len(session.scenario.events)
    return [
        {"month": one.month, "says": one.says}
        for at, one in enumerate(table.scenario.events)
        if at >= written or (table.started and one.month <= table.model.month)
    ]


def _chair(session: Session, table: GameTable, actor: str) -> Plain:
    one = table.scenario.case.actors[actor]
    return {
        "name": one.name,
        "role": one.role,
        "people": [session.people[person].name for person in table.chairs[actor]],
        "agent": actor not in table.held,
        "moved": actor in table.pending,
        "waited_for": actor in table.waiting,
    }


def _text(table: GameTable) -> list[Plain]:
    """The text on the table, issue by issue, in the words of the case, with what it was the month before."""
    case, now, months = table.scenario.case, table.text, table.model.months
    past = [one for one in months if one.month < table.model.month]
    before = table.model.space.decode(past[-1].evaluation.matrix.texts[0]) if past else now
    protocol = protocol_of(table.scenario)
    return [
        {
            "issue": name,
            "says": issue.says,
            "option": now[name],
            "label": issue.labels.get(str(now[name])),
            "unit": issue.unit,
            "was": before[name] if before[name] != now[name] else None,
            "options": [{"option": option, "label": issue.labels.get(str(option))} for option in issue.options],
            "negotiable": name in protocol.negotiable,
        }
        for name, issue in case.issues.items()
    ]


def _said(session: Session, word: Statement) -> Plain:
    data = word.entry.data
    person = session.people.get(word.entry.by)
    told = {
        "n": word.entry.n,
        "at": word.entry.at,
        "month": word.month,
        "actor": word.actor,
        "person": person.name if person else None,
    }
    keys = {"say": ("text",), "suggest": ("changes", "says", "version"), "whisper": ("to", "text")}
    return {**told, **{key: data[key] for key in keys[word.entry.kind]}}


def _announced(entry: Any) -> Plain:
    return {"n": entry.n, "at": entry.at, "text": entry.data["text"]}


def seat(session: Session, person: str) -> Plain:
    """What a person may see: the public state of its table, and what belongs to its own chair.

    Raises
    ------
    RefusedError
        if it has no place
    """
    place = session.place(person)
    if place is None:
        raise RejectedActionError("bad", "no_chair", session.settings.language)
    table, actor = place
    own: Plain = {"person": person, "name": session.people[person].name, "actor": None}
    if actor != OBSERVER:
        own |= _own(session, table, actor)
    told = [_announced(one) for one in session.announcements if _is_for(one.data["to"], person, table, actor)]
    return {**public(session, table), "you": {**own, "announcements": told}}


def _own(session: Session, table: GameTable, actor: str) -> Plain:
    settings = session.settings
    may = actor in table.movers and actor in table.held and not session.paused
    asked, offered = table.said("sound", actor), table.settlement
    return {
        "actor": actor,
        "brief": brief(table.scenario.case, actor, settings.level, table.model if settings.sheets else None),
        "score": score(table, actor) if settings.sheets else None,
        "turn": table.stage if may else None,
        "sponsor": actor in table.sponsors,
        "briefing": protocol_of(table.scenario).briefing(actor),
        "settlement": None if offered is None or not settings.sheets else score(table, actor, offered.text),
        "move": _move(table.pending.get(actor)),
        "capacities": {
            of: float(amount.max()) for of, amount in table.model.negotiators[actor].parameters.capacities.items()
        },
        "whispers": [
            _said(session, word) for word in table.said("whisper") if actor in (word.actor, word.entry.data["to"])
        ],
        "soundings": {"left": settings.soundings - len(asked), "asked": [_asked(word) for word in asked]},
    }


def _asked(word: Statement) -> Plain:
    return {"n": word.entry.n, "month": word.month, **(word.answer or {})}


def _move(pending: Pending | None) -> Plain | None:
    if pending is None:
        return None
    move = pending.move
    return {
        "verdict": move.verdict,
        "pledge": dict(move.pledge),
        "amend": dict(move.amend),
        "says": move.says,
        "withdraw": pending.withdraw,
    }


def _is_for(to: Any, person: str, table: GameTable, actor: str) -> bool:
    if isinstance(to, Mapping):
        return Addressee.model_validate(dict(to)) == Addressee(table=table.number, actor=actor)
    return bool(to == person)


def draft(session: Session, person: str, changes: Mapping[str, object]) -> Plain:
    """An amendment or a suggestion as it is edited, with what it would be worth to the person's own chair.

    Returns
    -------
    plain data: `possible`, and if it is not, `why`, and the name of the refusal as
    `refused`; the `text` after mending, how it is `changed`, the declared red
    `lines` that it crosses, and `score` (None without score sheets)

    Raises
    ------
    RefusedError
        if the person has no chair
    """
    place = session.place(person)
    if place is None or place[1] == OBSERVER:
        raise RejectedActionError("forbidden", "not_seated", session.settings.language)
    table, actor = place
    try:
        text = draft_editing.mended(table, changes)
    except RejectedActionError as refused:
        told = refused.told(session.settings.language)
        nothing: Plain = {"text": None, "changed": {}, "lines": [], "score": None}
        return {"possible": False, "why": str(told), "refused": refused.name, **nothing}
    package = table.model.space.decode(text[0])
    return {
        "possible": True,
        "why": None,
        "refused": None,
        "text": package,
        "changed": draft_editing.changed(table, package),
        "lines": public_record.declared(table.model.compiled_rules, text),
        "score": score(table, actor, text) if session.settings.sheets else None,
    }


def teacher(session: Session) -> Plain:
    """What the teacher may see: everything that goes on, private messages and soundings among it."""
    places = {person: session.place(person) for person in session.people}
    return {
        "settings": {key: one for key, one in session.settings.model_dump(mode="json").items() if key != "scenario"},
        "locked": session.locked,
        "paused": session.paused,
        "debriefed": session.debriefed,
        "people": [
            {
                "person": one.id,
                "name": one.name,
                "table": place[0].number if place else None,
                "actor": place[1] if place else None,
            }
            for one, place in ((session.people[person], place) for person, place in places.items())
        ],
        "tables": [_overseen(session, table) for table in session.tables],
        "announcements": [{**_announced(one), "to": one.data["to"]} for one in session.announcements],
    }


def _overseen(session: Session, table: GameTable) -> Plain:
    return {
        **public(session, table),
        "agents": sorted(table.agents),
        "steps": table.steps,
        "waiting": list(table.waiting),
        "pending": {actor: _move(one) for actor, one in table.pending.items()},
        "whispers": [_said(session, word) for word in table.said("whisper")],
        "soundings": [{"by": word.actor, **_asked(word)} for word in table.said("sound")],
    }


def projector(session: Session) -> Plain:
    """What a wall may show: the public state of all tables."""
    return {"locked": session.locked, "tables": [public(session, table) for table in session.tables]}
