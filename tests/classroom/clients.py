"""A class in this process: a server's application, a teacher, and students, each with an own browser."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from httpx import Cookies, Response
from starlette.testclient import TestClient

from sim.classroom.class_app import create
from sim.classroom.session_registry import ServerAddress, SessionRegistry
from sim.classroom.store_repair import open_store
from sim.web import web_server
from sim.web.catalogue import Catalogue

HERE = "http://127.0.0.1:8000"
PATIENCE = 60
"""Seconds for an answer."""
PLAIN = False
"""Certificates are not read, which takes longer than a request, and pages without encryption need none."""
FIELD = re.compile(r'<input type="hidden" name="([a-z]+)" value="([^"]*)">')


@cache
def catalogue() -> Catalogue:
    """All titles, read once."""
    return Catalogue(first="european_force")


def get_registry(path: Path) -> SessionRegistry:
    store, said = open_store(path)
    assert said == []
    return SessionRegistry(store, catalogue(), ServerAddress(8000), "test")


class Client:
    """The shared client of a server's loop, with the cookies of one browser."""

    def __init__(self, base: TestClient) -> None:
        self._base, self.cookies = base, Cookies()

    def get(self, path: str, **options: Any) -> Response:
        return self._with_cookies("GET", path, **options)

    def post(self, path: str, **options: Any) -> Response:
        return self._with_cookies("POST", path, **options)

    def _with_cookies(self, method: str, path: str, **options: Any) -> Response:
        self._base.cookies = self.cookies
        answer = self._base.request(method, path, **options)
        self.cookies = self._base.cookies
        return answer


class Browser:
    """One browser: it keeps its cookies, and sends the forms that stand in its pages."""

    def __init__(self, base: TestClient) -> None:
        self.client, self.page = Client(base), ""

    def get(self, path: str, status: int = 200) -> str:
        answer = self.client.get(path)
        assert answer.status_code == status, answer.text
        self.page = answer.text
        return self.page

    def post(self, path: str, status: int = 200, **fields: Any) -> str:
        """Send a form of the page that is open, with some fields filled in."""
        start = self.page.index(f'action="{path}"')
        hidden = dict(FIELD.findall(self.page[start : self.page.index("</form>", start)]))
        answer = self.client.post(path, data={**hidden, **fields}, headers={"Origin": HERE})
        assert answer.status_code == status, answer.text
        self.page = answer.text
        return self.page

    @property
    def words(self) -> str:
        """The text of the page that is open."""
        return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", self.page)))


class School:
    """A server with a teacher."""

    def __init__(self, registry: SessionRegistry, client: TestClient) -> None:
        self.registry, self._client = registry, client
        self.teacher = self.browser()

    def browser(self) -> Browser:
        return Browser(self._client)

    def make(self, **settings: Any) -> str:
        """Make a session, and return its id; its code is `code`."""
        self.teacher.get(f"/t/{self.registry.first_link}")
        name = settings.pop("scenario", "european_force")
        scenario = next(one for one in self.registry.catalogue.entries if one.endswith(name))
        ticked = dict.fromkeys(("sheets", "whispers", "clock_closes"), "yes")
        given = {"scenario": scenario, "tables": 1, "level": "advanced", **ticked, **settings}
        self.teacher.get("/teacher/new")
        self.teacher.post("/teacher/sessions", **given)
        [filed] = self.registry.sessions[:1]
        self.session, self.code = filed.id, filed.code
        return filed.id

    def student(self, name: str, actor: str = "", table: int = 1) -> Browser:
        one = self.browser()
        one.get("/")
        one.post("/join", code=self.code, name=name)
        if actor:
            one.post("/seat/sit", table=table, actor=actor)
        return one

    def do(self, what: str, status: int = 200, sure: str = "yes", **fields: Any) -> str:
        here = f"/teacher/{self.session}"
        self.teacher.get(here)
        return self.teacher.post(f"{here}/do", status, what=what, sure=sure, **fields)


@contextmanager
def school(path: Path) -> Iterator[School]:
    registry = get_registry(path)
    # One client, and so one loop, as in a real server: its life begins and ends with the application's.
    with TestClient(create(registry, {"localhost"}), base_url=HERE) as client:
        yield School(registry, client)


@contextmanager
def served(path: Path) -> Iterator[School]:
    """A school behind a real socket, whose server runs in a thread of this process."""
    registry = get_registry(path)
    listening = web_server.listening_socket(0)
    server = uvicorn.Server(web_server.server_config(create(registry, {"localhost"})))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    base = f"http://127.0.0.1:{listening.getsockname()[1]}"
    # The pages of tests name one address; the server goes by it as by any other of this machine.
    host = {"Host": HERE.removeprefix("http://")}
    try:
        with httpx.Client(base_url=base, headers=host, follow_redirects=True, timeout=PATIENCE, verify=PLAIN) as client:
            yield School(registry, client)
    finally:
        registry.end_streams()
        server.should_exit = True
        thread.join()
        listening.close()
