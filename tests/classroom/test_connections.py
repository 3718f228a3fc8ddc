"""Whoever opens many connections, or sends a request slowly, locks nobody out and does not fill the terminal."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from sim.classroom import access_tokens, throttle
from sim.web import connections, guard
from tests.browser.served import ROOT, Served, running
from tests.classroom.clients import HERE, PLAIN, School, served

FILES, HALF_OPEN = 256, 300
"""The limit of open files of a usual macOS, and connections of which each sends half of its headers."""
QUICK = 5.0
"""Seconds in which a new visitor has the first page."""
QUIET = 20
"""Lines that the terminal may show."""
LIMITED = "import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_NOFILE, ({soft}, {hard}))"
HEAD = b"GET / HTTP/1.1\r\nHost: localhost\r\n"


@contextmanager
def limited(folder: Path, soft: int, hard: int) -> Iterator[Served]:
    """A server that may have so many files open; `hard` is how many it may ask for."""
    start = (
        f"{LIMITED.format(soft=soft, hard=hard)}; sys.argv[:1] = []; runpy.run_path(sys.argv[0], run_name='__main__')"
    )
    command = [sys.executable, "-c", start, str(ROOT / "run.py"), "serve", "--port", "0", "--data", "class.db"]
    with (
        subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process,
        running(process, "serve") as server,
    ):
        yield server


def opened(stack: ExitStack, address: str, sent: bytes) -> socket.socket:
    host, port = address.removeprefix("http://").split(":")
    one = stack.enter_context(socket.create_connection((host, int(port)), timeout=QUICK))
    one.sendall(sent)
    return one


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has no such limit")
@pytest.mark.parametrize("hard", [FILES, 4_096])
def test_half_open_connections_lock_nobody_out(tmp_path: Path, hard: int) -> None:
    with limited(tmp_path, FILES, hard) as server, ExitStack() as stack:
        for _ in range(HALF_OPEN):
            opened(stack, server.address, HEAD)
        for _ in range(3):
            begun = time.monotonic()
            assert httpx.get(server.address, timeout=QUICK).status_code == 200
            assert time.monotonic() - begun < QUICK
        for _ in range(HALF_OPEN):  # the body of a form, which never comes
            opened(stack, server.address, b"POST /join HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n")
        assert httpx.get(server.address, timeout=QUICK).status_code == 200
        server.process.terminate()
        said, _ = server.process.communicate(timeout=60)
    assert len(said.splitlines()) < QUIET, said[:2_000]


def closed_after(one: socket.socket, dripped: bytes, pause: float, most: float) -> float:
    """Send a byte at a time until the other side closes; the seconds."""
    begun = time.monotonic()
    one.settimeout(pause)
    while time.monotonic() - begun < most:
        try:
            one.sendall(dripped)
            if one.recv(1_000) == b"":
                break
        except TimeoutError:
            continue
        except ConnectionError:
            break
    return time.monotonic() - begun


def test_headers_have_one_deadline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "REQUEST_SECONDS", 0.5)
    with served(tmp_path / "class.db") as school, ExitStack() as stack:
        address = address_of(school)
        assert closed_after(opened(stack, address, HEAD), b"X", 0.1, 5) < 2
        kept = opened(stack, address, HEAD + b"\r\n")  # a second request on the same connection
        assert b"200 OK" in kept.recv(100_000)
        assert closed_after(kept, b"G", 0.1, 5) < 2


def test_a_form_has_one_deadline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "MAX_BODY_SECONDS", 0.5)
    with served(tmp_path / "class.db") as school, ExitStack() as stack:
        form = b"POST /join HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n"
        form += b"Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n\r\n"
        assert closed_after(opened(stack, address_of(school), form), b"x", 0.1, 5) < 2


def test_the_connection_that_waited_longest_makes_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MAX_CONNECTIONS", 10)
    with served(tmp_path / "class.db") as school, ExitStack() as stack:
        room = school.make() and school.student("Ann", "russia")
        cookie = "; ".join(f"{name}={value}" for name, value in room.client.cookies.items()).encode()
        stream = b"GET /seat/events HTTP/1.1\r\nHost: localhost\r\nCookie: " + cookie + b"\r\n\r\n"
        open_page = opened(stack, address_of(school), stream)
        assert b"200 OK" in open_page.recv(100)
        waiting = [opened(stack, address_of(school), HEAD) for _ in range(30)]
        assert httpx.get(address_of(school)).status_code == 200
        assert closed_after(waiting[0], b"X", 0.1, 5) < 2
        room.get("/seat")
        room.post("/seat/say", text="Still here")
        heard = b""
        while b"Still here" not in heard:
            heard += open_page.recv(100_000)


def test_the_limit_of_files_is_raised_as_far_as_allowed() -> None:
    code = LIMITED.format(soft=FILES, hard=1_000) + "; from sim.web.connections import connection_limit"
    code += "; print(connection_limit(), *resource.getrlimit(resource.RLIMIT_NOFILE))"
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert said.split() == [str(1_000 - connections.OTHER_FILES), "1000", "1000"]


def address_of(school: School) -> str:
    base = school.teacher.client._base
    assert base.headers["Host"] == HERE.removeprefix("http://")
    return str(base.base_url).rstrip("/")


@pytest.mark.slow
def test_guesses_all_wait_and_a_right_code_does_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many guess at once, each learns late that its code is wrong; who knows the code comes in at once."""
    monkeypatch.setattr(throttle, "LONGEST_DELAY", 2.0)
    guesses = 3 * throttle.MANY_WAITING

    async def guess(base: str, code: str, waits: list[float]) -> None:
        async with httpx.AsyncClient(base_url=base, verify=PLAIN, timeout=60) as client:
            cookie = access_tokens.token()
            client.cookies.set("parley_visitor", cookie)
            fields = {"key": access_tokens.form_key(cookie), "action": access_tokens.new_id()}
            begun = time.monotonic()
            answer = await client.post("/join", data={**fields, "code": code, "name": "Eve"}, headers={"Origin": base})
            waits.append(time.monotonic() - begun)
            assert answer.status_code == 403
            assert "No room has this code" in answer.text

    async def attack(school: School) -> tuple[list[float], float]:
        waits: list[float] = []
        base = address_of(school)
        async with asyncio.TaskGroup() as group:
            for number in range(guesses):
                group.create_task(guess(base, f"WRONG{number}", waits))
            while school.registry.throttle.waiting < throttle.MANY_WAITING:
                await asyncio.sleep(0.01)
            begun = time.monotonic()
            await asyncio.to_thread(school.student, "Ann")
            return waits, time.monotonic() - begun

    with served(tmp_path / "class.db") as school:
        school.make()
        waits, right = asyncio.run(attack(school))
        assert school.registry.throttle.waiting == 0
    assert len(waits) == guesses
    assert min(waits) >= throttle.FIRST_DELAY
    assert sum(wait >= 2.0 for wait in waits) >= guesses - throttle.MANY_WAITING - throttle.FREE_TRIES
    assert right < 2.0


def test_a_guess_whose_sender_has_left_waits_no_longer(tmp_path: Path) -> None:
    with served(tmp_path / "class.db") as school:
        counted = school.registry.throttle

        def within_seconds(number: int) -> bool:
            deadline = time.monotonic() + QUICK
            while counted.waiting != number and time.monotonic() < deadline:
                time.sleep(0.01)
            return counted.waiting == number

        with ExitStack() as stack:
            for _ in range(20):
                opened(stack, address_of(school), b"GET /t/wrong HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert within_seconds(20)
        assert within_seconds(0)
