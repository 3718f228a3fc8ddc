"""Whatever is sent to whatever address: no mistake of the server's, and nothing happens that the sender may not do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote, urlencode

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.schemas import APIOperation

from sim.classroom import access_tokens
from sim.classroom.class_app import create
from sim.classroom.routes import teacher_actions
from sim.classroom.session_registry import SessionRegistry
from sim.classroom.throttle import Throttle
from tests.classroom.clients import HERE, Browser, School, school

FORM = "application/x-www-form-urlencoded"
# The server tells nobody what it can do; its application knows.
DEFINITION = create(cast(SessionRegistry, None), ()).openapi()
OPERATIONS = [found.ok() for found in schemathesis.openapi.from_dict(DEFINITION).get_all_operations()]
READING = [one for one in OPERATIONS if one.method == "get"]
DOING = [one for one in OPERATIONS if one.method != "get"]
HOLDERS = ("nobody", "student", "teacher")
ENDLESS = {("/seat/events", "student")}
"""Streams that go on for whoever may have them; every other address answers and is done."""
ASKED, SENT, SPOILT = 3, 12, 30
"""Requests that read an address, forms that are sent to one, and what is neither, by each of the holders."""
SENSIBLE: dict[str, list[str]] = {
    "table": ["1", "1", "1", "2"],
    "says": ["", "\x00", "<script>"],
    "withdraw": ["", "yes"],
    "accept": ["yes"],
    "name": ["Eve", "Ann", " "],
    "person": ["", "nobody"],
    "indicator": ["us_aid", "none"],
    "event": ["", "none"],
    "minutes": ["1"],
    "verdict": ["accept", "red_line", "holding_out"],
    "actor": ["russia", "ukraine", "any", "observer"],
    "to": ["ukraine", "russia"],
    "text": ["Hello"],
    "what": ["amend", "keep", "suggest", "sound", "check", *teacher_actions.ACTION_DATA],
    "place": ["1 russia", "2 russia", ""],
    "value": ["0.5", "0.5", "0.5", "never", "1e400"],
    "term.force_size": ["15000", "15000.5", "lots"],
    "pledge.troops": ["1000", "-1", "1e999"],
    "path": ["actors.russia.reservation.base", "__class__"],
}
"""What gets further than most of what a generator thinks of; any field may get one of these."""


def bounded(examples: int) -> settings:
    """So many requests, the same in each run."""
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),  # whole requests are drawn, which is slow, and partly filtered
    )


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wrong codes are answered without the wait, which is tested elsewhere."""
    monkeypatch.setattr(Throttle, "wait_for", lambda *_: 0.0)


class Attacked:
    """A class in the middle of its talks, and somebody of whom it need not expect good will."""

    def __init__(self, of: School, who: str) -> None:
        self.school, self.who = of, who
        self.browser = {"nobody": of.browser(), "student": of.browser(), "teacher": of.teacher}[who]
        self.browser.get("/")
        if who == "student":
            [ann] = [one.id for one in self._session.people.values() if one.name == "Ann"]
            self.browser.post("/resume", code=of.registry.own_code(of.session, ann))
            self.may = ann
        else:
            self.may = who

    @property
    def _session(self) -> Any:
        return self.school.registry._live_sessions[self.school.session].session

    def _log(self) -> list[Any]:
        return [
            (one.id, entry["n"], entry["kind"], entry["by"])
            for one in self.school.registry.sessions
            for entry in self.school.registry.store.entries(one.id)
        ]

    def key(self) -> str:
        """The word for the forms of this browser's pages."""
        names = {"student": "parley_seat", "teacher": "parley_teacher"}
        cookie = self.browser.client.cookies.get(names.get(self.who, "parley_visitor"), "")
        return access_tokens.form_key(cookie or "")

    def fields(self, data: st.DataObject, given: dict[str, Any], known: list[str]) -> dict[str, Any]:
        """A form as it was thought of; or with what lets it in at the door; or with what is understood beyond, too."""
        depth = data.draw(st.sampled_from([0, 1, 2, 2, 2]))
        if depth == 0:
            return given
        fields = {name: value for name, value in given.items() if name in known or depth == 1}
        if "action" in known:
            fields |= {"key": self.key(), "action": access_tokens.new_id()}
        if depth == 2:
            fields |= {name: data.draw(st.sampled_from(SENSIBLE[name])) for name in known if name in SENSIBLE}
            more = [name for name in SENSIBLE if "." in name and "version" in known]
            fields |= {name: data.draw(st.sampled_from(SENSIBLE[name])) for name in more if data.draw(st.booleans())}
        if "version" in known and depth == 2:
            fields["version"] = str(self._session.table(1).version)
        return fields

    def send(self, method: str, path: str, query: Any = None, body: bytes | None = None, kind: str = FORM) -> int:
        """Send something, and see that nothing is amiss; the status."""
        before = self._log()
        address = quote(path, safe="/%") + (f"?{urlencode(query, doseq=True, errors='replace')}" if query else "")
        answer = self.browser.client._with_cookies(
            method, address, content=body, headers={"Origin": HERE, "Content-Type": kind}, follow_redirects=False
        )
        assert answer.status_code < 500, (method, address, body, answer.text)
        after = self._log()
        assert after[: len(before)] == before or self.who == "teacher"
        # The names of a teacher's list join before their students come.
        listed = "join" if path.endswith("/roster") and self.who == "teacher" else None
        by_whom = {by for _, _, kind, by in after[len(before) :] if kind != listed}
        assert by_whom <= {self.may}, "done in the name of somebody else"
        assert self.school.session in self.school.registry._session_rows
        return answer.status_code


def begun(made: School) -> School:
    made.make(months=3)
    made.student("Ann", "russia")
    made.student("Ulf", "ukraine")
    made.do("start")
    return made


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    """A class for those who only read."""
    with school(tmp_path_factory.mktemp("shared") / "class.db") as made:
        yield begun(made)


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[School]:
    """A class to be done harm to."""
    with school(tmp_path / "class.db") as made:
        yield begun(made)


def shape(body: dict[str, Any]) -> dict[str, Any]:
    """The shape of a form; one that several forms share is told elsewhere."""
    told = body["schema"]
    return dict(DEFINITION["components"]["schemas"][told["$ref"].rpartition("/")[2]] if "$ref" in told else told)


def attack(attacked: Attacked, operation: APIOperation) -> None:
    session = attacked.school.session
    cases = operation.as_strategy()
    known = [name for one in operation.body for name in shape(one.definition)["properties"]]

    @bounded(ASKED if operation.method == "get" else SENT)
    @given(st.data())
    def send(data: st.DataObject) -> None:
        case = data.draw(cases)
        path = case.formatted_path
        if "{session}" in operation.path and "events" not in path and data.draw(st.booleans()):
            rest = case.path_parameters.get("name", "")
            path = operation.path.replace("{session}", session).replace("{name}", quote(str(rest), safe=""))
        query = case.query or {}
        if operation.method == "get":
            attacked.send("GET", path, attacked.fields(data, query, list(query)))
            return
        body = case.body
        if isinstance(body, dict):
            body = urlencode(attacked.fields(data, body, known), doseq=True, errors="replace")
        attacked.send(operation.method.upper(), path, query, str(body).encode("utf-8", "replace"))

    send()


def named(operation: APIOperation) -> str:
    return f"{operation.method} {operation.path}"


@pytest.mark.slow
@pytest.mark.parametrize("who", HOLDERS)
@pytest.mark.parametrize("operation", READING, ids=named)
def test_no_address_breaks_by_what_is_asked(shared: School, who: str, operation: APIOperation) -> None:
    if (operation.path, who) not in ENDLESS:
        attack(Attacked(shared, who), operation)


@pytest.mark.slow
@pytest.mark.parametrize("operation", DOING, ids=named)
def test_no_form_breaks_anything_and_nobody_does_what_is_anothers(fresh: School, operation: APIOperation) -> None:
    for who in HOLDERS:  # who may do most comes last
        attack(Attacked(fresh, who), operation)


@pytest.mark.parametrize("who", HOLDERS)
def test_what_is_no_form_is_refused(fresh: School, who: str) -> None:
    attacked = Attacked(fresh, who)
    kinds = [
        FORM,
        "application/json",
        "multipart/form-data; boundary=x",
        "multipart/form-data",
        "text/plain",
        "",
        "x/y;;",
    ]

    @bounded(SPOILT)
    @given(
        st.sampled_from([one.path for one in DOING]),
        st.sampled_from(kinds),
        st.binary(max_size=200) | st.just(b"--x\r\nContent-Disposition: form-data; name=key\r\n\r\n\xff\r\n--x--"),
    )
    def send(path: str, kind: str, body: bytes) -> None:
        assert attacked.send("POST", path.replace("{session}", fresh.session), body=body, kind=kind) >= 400

    send()


@pytest.mark.parametrize("who", HOLDERS)
def test_an_address_that_is_none_is_said(shared: School, who: str) -> None:
    attacked = Attacked(shared, who)

    @bounded(SPOILT)
    @given(
        st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE"]),
        st.text(max_size=40) | st.sampled_from(["static/../app.py", "static/%2e%2e/app.py", "teacher//"]),
    )
    def send(method: str, path: str) -> None:
        attacked.send(method, f"/{path}")

    send()


def test_the_search_would_find_what_is_done_in_anothers_name(fresh: School) -> None:
    attacked = Attacked(fresh, "nobody")
    student = Attacked(fresh, "student")
    attacked.browser = student.browser
    body = urlencode({"key": student.key(), "action": access_tokens.new_id(), "table": 1, "text": "Hello"}).encode()
    with pytest.raises(AssertionError, match="somebody else"):
        attacked.send("POST", "/seat/say", body=body)


def everybody(of: School) -> list[Browser]:
    return [Attacked(of, who).browser for who in HOLDERS]


def test_nothing_tells_what_addresses_there_are(shared: School) -> None:
    for browser in everybody(shared):
        for path in ("/openapi.json", "/docs", "/redoc", "/.env", "/static/", "/static/../app.py"):
            assert browser.client.get(path).status_code == 404, path
