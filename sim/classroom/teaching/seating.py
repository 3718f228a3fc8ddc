"""Who sits where: waiting people spread evenly over tables and seats, and roles from a list of names."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from sim.errors import UsageError
from sim.game.session.actions import NAME_MOST, OBSERVER
from sim.game.session.session import Session
from sim.game.session.session_state import seen_as
from sim.game.session.table import PEOPLE_PER_CHAIR, GameTable

LIST_MOST = 400
"""The most lines of a list: as many as a room holds people."""
SEPARATORS = (";", "\t", ",")


@dataclass(frozen=True)
class Place:
    """A seat at a table."""

    table: int
    actor: str


@dataclass(frozen=True)
class ListedName:
    """A line of a list: a name, and a place if one is given; a table without a seat leaves the seat open."""

    name: str
    actor: str | None = None
    table: int | None = None


def seat_order(table: GameTable) -> list[str]:
    """Return the seats that people should take, the most needed first: those who answer first or draft."""
    actors, sponsors = table.scenario.case.actors, table.sponsors
    seats = [name for name in table.chairs if name not in table.agents]
    return sorted(seats, key=lambda name: not (actors[name].reacts_first or name in sponsors))


def spread(session: Session, people: Sequence[str], *, shuffled: bool = False, seed: int | None = None) -> list[Place]:
    """Return a place for each person, in order, so that tables, and the seats of a table, differ by at most one person.

    People who sit already count and stay. The list is shorter than `people` if all seats are full. With `shuffled`, the
    seats come in a random order.
    """
    chance = random.Random(seed)
    tables = [table for table in session.tables if not table.over]
    orders = {table.number: seat_order(table) for table in tables}
    if shuffled:
        for order in orders.values():
            chance.shuffle(order)
    taken = {Place(table.number, name): len(table.chairs[name]) for table in tables for name in orders[table.number]}
    places = list[Place]()
    for _ in people:
        free = {place for place, persons in taken.items() if persons < PEOPLE_PER_CHAIR}
        if not free:
            break
        crowds = {number: sum(taken[Place(number, name)] for name in order) for number, order in orders.items()}
        number = min({place.table for place in free}, key=lambda one: (crowds[one], one))
        seats = [Place(number, name) for name in orders[number] if Place(number, name) in free]
        place = min(seats, key=lambda one: taken[one])
        taken[place] += 1
        places.append(place)
    return places


def read_list(session: Session, text: str) -> list[ListedName]:
    """Read a list with one name per line, and perhaps a seat and a table: ``Anna; Russia; 2``.

    Raises `UsageError` with every line that cannot be understood, and why.
    """
    t = _words(session)
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) > LIST_MOST:
        raise UsageError(t("too_long", names=len(lines), most=LIST_MOST))
    found, problems, seen = list[ListedName](), list[str](), set[str]()
    for number, line in lines:
        try:
            listed = _read_line(session, line)
            if seen_as(listed.name) in seen:
                raise UsageError(t("twice", name=listed.name))
            seen.add(seen_as(listed.name))
            found.append(listed)
        except UsageError as error:
            problems.append(t("line", number=number, problem=error))
    if problems:
        raise UsageError("\n".join(problems))
    if not found:
        raise UsageError(t("empty"))
    return found


def _words(session: Session) -> Callable[..., str]:
    """Return the words for what is wrong with a list, in the session's language."""
    strings = session.strings
    return lambda what, /, **data: strings(f"class.roster.wrong.{what}", **data)


def _read_line(session: Session, line: str) -> ListedName:
    t = _words(session)
    separator = next((one for one in SEPARATORS if one in line), SEPARATORS[0])
    parts = [part.strip() for part in line.split(separator)]
    name, rest = parts[0], [part for part in parts[1:] if part]
    if not name or len(name) > NAME_MOST:
        raise UsageError(t("no_name", most=NAME_MOST))
    if len(rest) > 2:
        raise UsageError(t("too_much"))
    tables = [part for part in rest if part.isdecimal()]
    seats = [part for part in rest if not part.isdecimal()]
    if len(tables) > 1 or len(seats) > 1:
        raise UsageError(t("too_many"))
    return ListedName(name, _seat(session, seats[0]) if seats else None, _table(session, tables[0]) if tables else None)


def _seat(session: Session, text: str) -> str:
    actors = session.scenario.case.actors
    known = {actor.name.casefold(): name for name, actor in actors.items()} | {name: name for name in actors}
    known[OBSERVER] = OBSERVER
    if text.casefold() not in known:
        names = [actor.name for actor in actors.values()]
        near = get_close_matches(text, names, n=1)
        hint = session.strings("language.did_you_mean", name=near[0]) if near else ""
        raise UsageError(_words(session)("no_seat", text=text, names=", ".join(names), watch=OBSERVER, hint=hint))
    return known[text.casefold()]


def _table(session: Session, text: str) -> int:
    if not 1 <= int(text[:4]) <= len(session.tables):
        raise UsageError(_words(session)("no_table", table=text[:4], tables=len(session.tables)))
    return int(text[:4])


def known_people(session: Session, listed: Iterable[ListedName]) -> dict[str, str]:
    """Return the names of a list that are in the room already, with the ids of their people."""
    people = {person.looks: person.id for person in session.people.values()}
    return {one.name: people[seen_as(one.name)] for one in listed if seen_as(one.name) in people}


def fitting_place(session: Session, listed: ListedName) -> Place | None:
    """Return the place that a line asks for; at the least crowded table with that seat if it names none."""
    if listed.actor is None:
        return None
    if listed.table is not None:
        return Place(listed.table, listed.actor)
    if listed.actor == OBSERVER:
        return Place(min(session.tables, key=lambda table: len(table.observers)).number, OBSERVER)
    actor = listed.actor
    return Place(min(session.tables, key=lambda table: len(table.chairs[actor])).number, actor)
