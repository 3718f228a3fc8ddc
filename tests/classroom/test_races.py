"""Races, by requests that are truly at once: what is first in the log counts, and the log is what everybody is told.

There is one rule for all of them: actions count in the order of the log, one after the other. Each is checked against
the state that those before it made, and answered by what that check said; so no race has an outcome of its own.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from sim.classroom.access_tokens import new_id
from sim.game.session.log import LogEntry
from tests.classroom.clients import FIELD, HERE, PATIENCE, PLAIN, Browser, School, served
from tests.game.hall import state

pytestmark = pytest.mark.slow

TIMES = 3
"""That a race is run: it is not always the same one who is first."""
DONE, FORBIDDEN, MOVED_ON, CLOSED, BAD = 303, 403, 409, 423, 422


@pytest.fixture
def one(tmp_path: Path) -> Iterator[School]:
    """A server with real sockets, and a session of one table."""
    with served(tmp_path / "class.db") as made:
        made.make(months=3)
        yield made


Sent = tuple[Browser, str, dict[str, Any]]


def form(browser: Browser, path: str, page: str = "/seat", **fields: Any) -> Sent:
    """A form of a page, filled in and not yet sent."""
    browser.get(page)
    start = browser.page.index(f'action="{path}"')
    hidden = dict(FIELD.findall(browser.page[start : browser.page.index("</form>", start)]))
    return browser, path, {**hidden, "action": new_id(), **fields}


def at_once(school: School, *forms: Sent) -> list[int]:
    """Send forms at the same moment, each over a connection of its own that is open already; their statuses."""
    gate = threading.Barrier(len(forms))

    def send(one: Sent) -> int:
        browser, path, data = one
        headers = {**school._client.headers, "Origin": HERE}
        base, cookies = school._client.base_url, browser.client.cookies
        with httpx.Client(base_url=base, headers=headers, cookies=cookies, timeout=PATIENCE, verify=PLAIN) as client:
            client.get("/check")
            gate.wait()
            return client.post(path, data=data).status_code

    with ThreadPoolExecutor(len(forms)) as threads:
        return list(threads.map(send, forms))


def log(school: School) -> list[LogEntry]:
    """The log on the disk, which replays to the state in the server."""
    room = school.registry._live_sessions[school.session]
    again = school.registry.replay_log(school.session)
    assert state(again) == state(room.session)
    return again.entries


def deed(school: School, what: str, **fields: Any) -> Sent:
    here = f"/teacher/{school.session}"
    return form(school.teacher, f"{here}/do", here, **{"what": what, **fields})


def of_kind(entries: list[LogEntry], kind: str) -> list[LogEntry]:
    return [one for one in entries if one.kind == kind]


# -- two votes ---------------------------------------------------------------------------------------------------------


def test_of_two_votes_of_one_chair_the_later_in_the_log_counts(one: School) -> None:
    ann, bob = one.student("Ann", "russia"), one.student("Bob", "russia")
    one.student("Ulf", "ukraine")  # the phase waits for it
    one.do("start")
    for turn in range(TIMES):
        votes = [
            form(ann, "/seat/vote", verdict="red_line", says=f"Ann {turn}"),
            form(bob, "/seat/vote", verdict="holding_out", says=f"Bob {turn}"),
        ]
        assert at_once(one, *votes) == [DONE, DONE]
        last = of_kind(log(one), "vote")[-1]
        pending = one.registry._live_sessions[one.session].session.table(1).pending["russia"]
        assert (pending.n, pending.move.says) == (last.n, last.data["says"])


def test_of_two_votes_that_close_a_phase_the_second_has_come_too_late(one: School) -> None:
    ann, bob = one.student("Ann", "russia"), one.student("Bob", "russia")
    for turn in range(TIMES):
        one.do("start")
        votes = [form(who, "/seat/vote", verdict="holding_out") for who in (ann, bob)]
        assert sorted(at_once(one, *votes)) == [DONE, MOVED_ON]
        assert len(of_kind(log(one), "vote")) == turn + 1
        one.do("undo")
        one.do("undo")


def test_votes_of_many_chairs_at_once_all_count(one: School) -> None:
    chairs = {actor: one.student(actor, actor) for actor in ("russia", "ukraine")}
    one.do("start")
    votes = [form(who, "/seat/vote", verdict="holding_out", says=actor) for actor, who in chairs.items()]
    assert at_once(one, *votes) == [DONE, DONE]
    table = one.registry._live_sessions[one.session].session.table(1)
    assert {one.data["says"] for one in of_kind(log(one), "vote")} == set(chairs)
    said = {moved.actor: moved.move.says for moved in table.model.moves if moved.actor in chairs and moved.move.says}
    assert said == {actor: actor for actor in chairs}


# -- a vote and an amendment -------------------------------------------------------------------------------------------


def test_a_vote_for_a_text_does_not_count_for_the_one_that_takes_its_place(one: School) -> None:
    russia, france = one.student("Ann", "russia"), one.student("Fay", "france")
    for _ in range(TIMES):
        one.do("start")
        russia.get("/seat")
        russia.post("/seat/vote", verdict="holding_out")
        france.get("/seat")
        france.post("/seat/vote", verdict="accept")
        table = one.registry._live_sessions[one.session].session.table(1)
        assert (table.stage, table.waiting) == ("amendment", ("france",))
        version, before = table.version, len(log(one))
        amend = form(france, "/seat/draft", what="amend", **{"term.force_size": "15000"})
        data = {**form(russia, "/seat/say")[2], "version": version, "verdict": "accept", "text": ""}
        del data["text"]
        amended, voted = at_once(one, amend, (russia, "/seat/vote", data))
        # The vote is for the text of `version`, which nobody answers any more: refused before the amendment, since
        # the text is being drafted; refused after it, since there is another.
        assert amended == DONE
        assert voted in (CLOSED, MOVED_ON)
        assert [entry.kind for entry in log(one)[before:]] == ["amend"]
        assert "russia" not in table.pending
        while table.steps:
            one.do("undo")


def test_an_amendment_and_the_end_of_its_phase_are_one_after_the_other(one: School) -> None:
    france = one.student("Fay", "france")
    table = one.registry._live_sessions[one.session].session.table(1)
    for _ in range(TIMES):
        one.do("start")
        france.get("/seat")
        france.post("/seat/vote", verdict="holding_out")
        assert table.stage == "amendment"
        before = len(log(one))
        amend = form(france, "/seat/draft", what="amend", **{"term.force_size": "15000"})
        statuses = at_once(one, amend, deed(one, "next", table=1))
        kinds = [entry.kind for entry in log(one)[before:]]
        # If the teacher was first, the amendment is for a text that has moved on; if the amendment was, it closed the
        # phase by itself, and the teacher closed the one after it.
        assert (statuses, kinds) in [([MOVED_ON, DONE], ["next"]), ([DONE, DONE], ["amend", "next"])]
        while table.steps:
            one.do("undo")


# -- the door, and the chairs ------------------------------------------------------------------------------------------


def test_whoever_joins_as_the_room_is_locked_is_in_or_is_told_so(one: School) -> None:
    for turn in range(TIMES):
        before = len(log(one))
        joins = [form(one.browser(), "/join", "/", code=one.code, name=f"J{turn}-{at}") for at in range(6)]
        locking, *statuses = at_once(one, deed(one, "lock"), *joins)
        kinds = [entry.kind for entry in log(one)[before:]]
        assert locking == DONE
        assert kinds == ["join"] * statuses.count(DONE) + ["lock"], "nobody joins after the lock"
        assert set(statuses) <= {DONE, BAD}
        names = {entry.data["name"] for entry in of_kind(log(one)[before:], "join")}
        told = {sent[2]["name"] for sent, status in zip(joins, statuses, strict=True) if status == DONE}
        assert names == told
        one.do("unlock")


def test_a_chair_takes_two_of_those_who_come_at_once(one: School) -> None:
    people = [one.student(f"S{at}") for at in range(5)]
    statuses = at_once(one, *(form(who, "/seat/sit", table=1, actor="russia") for who in people))
    assert Counter(statuses) == {DONE: 2, CLOSED: 3}
    assert len(one.registry._live_sessions[one.session].session.table(1).chairs["russia"]) == 2
    log(one)


def test_those_who_ask_for_any_chair_at_once_are_given_different_ones(one: School) -> None:
    people = [one.student(f"S{at}") for at in range(7)]
    assert at_once(one, *(form(who, "/seat/sit", table=1, actor="any") for who in people)) == [DONE] * 7
    assert {len(persons) for persons in one.registry._live_sessions[one.session].session.table(1).chairs.values()} == {
        1
    }
    log(one)


def test_a_name_is_taken_by_one_of_those_who_want_it_at_once(one: School) -> None:
    joins = [form(one.browser(), "/join", "/", code=one.code, name=name) for name in ("Ann", "ann", "ANN")]
    assert Counter(at_once(one, *joins)) == {DONE: 1, BAD: 2}
    assert len(log(one)) == 2


# -- the same thing twice ----------------------------------------------------------------------------------------------


def test_a_form_that_is_sent_several_times_at_once_counts_once(one: School) -> None:
    ann = one.student("Ann", "russia")
    for turn in range(TIMES):
        before = len(log(one))
        said = form(ann, "/seat/say", text=f"Once {turn}")
        assert at_once(one, *[said] * 4) == [DONE] * 4
        assert [entry.data["text"] for entry in log(one)[before:]] == [f"Once {turn}"]


def test_a_join_that_is_sent_several_times_at_once_is_one_person(one: School) -> None:
    join = form(one.browser(), "/join", "/", code=one.code, name="Ann")
    assert at_once(one, *[join] * 4) == [DONE] * 4
    assert len(one.registry._live_sessions[one.session].session.people) == 1
    assert len(log(one)) == 2


def test_a_session_that_is_made_several_times_at_once_is_one(one: School) -> None:
    scenario = next(name for name in one.registry.catalogue.entries if name.endswith("house_rules"))
    making = form(one.teacher, "/teacher/sessions", "/teacher/new", scenario=scenario)
    assert at_once(one, *[making] * 3) == [DONE] * 3
    assert len(one.registry.sessions) == 2
