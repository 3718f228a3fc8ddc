"""What a real server says and keeps when its disk is full, its folder read-only, or the end of its log damaged."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import pytest

from sim.strings import Strings
from tests.browser.served import ROOT, Served
from tests.classroom.clients import HERE, PATIENCE, PLAIN, Browser
from tests.classroom.warm import forked

TEXTS = 40
DISK_FULL = 507


class Table:
    """A server, its teacher, and Russia's chair."""

    def __init__(self, server: Served, client: httpx.Client) -> None:
        self.server = server
        self.teacher, self.russia, self.here = Browser(client), Browser(client), ""

    def begin(self) -> None:
        self.teacher.get(f"/t/{self.server.link.rpartition('/')[2]}")
        page = self.teacher.get("/teacher/new?scenario=ukraine_2025%2Feuropean_force")
        [scenario] = re.findall(r'value="([^"]*european_force)"', page)
        page = self.teacher.post("/teacher/sessions", scenario=scenario, sheets="yes", whispers="yes")
        [self.here] = set(re.findall(r'action="(/teacher/[0-9a-f]{32})/do"', page))
        [code] = set(re.findall(r'<strong class="code[^"]*">(\w{6})<', page))
        self.russia.get("/")
        self.russia.post("/join", code=code, name="Ann")
        self.russia.post("/seat/sit", table=1, actor="russia")

    def say(self, text: str) -> int:
        """Say something; how the server answered."""
        page = self.russia.get("/seat")
        hidden = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page[page.index('action="/seat/say"') :][:400]))
        answer = self.russia.client.post("/seat/say", data={**hidden, "text": text})
        self.russia.page = answer.text
        return answer.status_code

    def said(self) -> list[str]:
        log = self.teacher.client.get(f"{self.here}/export/parley-log.json").json()
        assert [one["n"] for one in log] == list(range(1, len(log) + 1))
        return [one["data"]["text"] for one in log if one["kind"] == "say"]


@contextmanager
def table(file: Path, before: Table | None = None) -> Iterator[Table]:
    """A server on a file, with the browsers that knew the one before it."""
    with (
        forked("serve", "--port", "0", "--data", str(file), folder=file.parent) as server,
        httpx.Client(
            base_url=server.address,
            headers={"Host": HERE.removeprefix("http://")},
            follow_redirects=True,
            timeout=PATIENCE,
            verify=PLAIN,
        ) as client,
    ):
        found = Table(server, client)
        if before is None:
            found.begin()
        else:
            found.here = before.here
            for one, was in ((found.teacher, before.teacher), (found.russia, before.russia)):
                one.client.cookies = was.client.cookies
        yield found


def killed(one: Table) -> None:
    one.server.process.kill()
    one.server.process.communicate()


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux lets one limit another process's files")
def test_a_full_disk_refuses_in_words_and_keeps_what_it_acknowledged(tmp_path: Path) -> None:
    import resource  # of Unix alone

    file = tmp_path / "class.db"
    with table(file) as one:
        pid = one.server.process.pid
        _, most = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        assert one.say("Before") == 200
        size = (tmp_path / "class.db-wal").stat().st_size
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size + 50_000, most))
        statuses = [one.say(f"{at} " + "long " * 300) for at in range(TEXTS)]
        assert set(statuses) == {200, DISK_FULL}
        assert statuses[-1] == DISK_FULL
        assert Strings.load()("class.error.disk") in one.russia.words
        kept = ["Before", *(f"{at} " + "long " * 299 + "long" for at in range(TEXTS) if statuses[at] == 200)]
        assert one.said() == kept
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, most))
        assert one.say("After") == 200
        killed(one)
    with table(file, one) as again:
        assert again.said() == [*kept, "After"]
        assert "Your role: Russia" in again.russia.get("/seat")


@pytest.mark.slow
def test_a_folder_that_may_only_be_read_is_said(tmp_path: Path, closed: Path) -> None:
    command = [sys.executable, str(ROOT / "run.py"), "serve", "--port", "0", "--data", str(closed / "class.db")]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert ended.returncode == 2
    told = " ".join(ended.stderr.split())
    assert "cannot be written" in told
    assert "another folder" in told
    assert "Traceback" not in told


@pytest.mark.slow
@pytest.mark.parametrize("damage", ["torn", "flipped", "filled"])
def test_a_log_whose_end_is_damaged_is_said_kept_and_used_up_to_there(tmp_path: Path, damage: str) -> None:
    file = tmp_path / "class.db"
    with table(file) as one:
        texts = [f"Said {at}" for at in range(5)]
        assert [one.say(text) for text in texts] == [200] * 5
        killed(one)
    wal = tmp_path / "class.db-wal"
    data = bytearray(wal.read_bytes())
    if damage == "torn":  # in the middle of its last page
        del data[-1000:]
    elif damage == "flipped":
        data[-100] ^= 255
    else:  # a disk that gives zeros for what it never wrote
        data[-8000:] = bytes(8000)
    wal.write_bytes(data)
    with table(file, one) as again:
        said = again.said()
        assert said == texts[: len(said)], "what comes before the damage is there, in its order"
        assert len(said) >= 3
        assert "Your role: Russia" in again.russia.get("/seat")
        assert again.say("And on it goes") == 200
        kept = sorted(path.name for path in tmp_path.iterdir() if ".damaged-" in path.name)
        assert len(kept) == 2, "both files, as they were found"
        assert (tmp_path / kept[1]).read_bytes() == data
        told = " ".join(again.server.said.split())
        assert "complete action" in told
        assert f"kept: {tmp_path / kept[0]}" in told
        killed(again)
    with table(file, one) as third:
        assert third.said() == [*said, "And on it goes"]


WARM_UP, WORDS = 30, 150
"""Statements before memory is measured, and in all."""
GROWTH = 12.0
"""MB by which the server may grow meanwhile. Without the usual collection of garbage, each statement took 0.1 MB."""


@pytest.mark.slow
def test_talk_does_not_fill_the_memory_or_the_page(tmp_path: Path) -> None:
    with table(tmp_path / "class.db") as one:
        process = psutil.Process(one.server.process.pid)
        assert {one.say(f"Statement {at} of a long day of talks") for at in range(WARM_UP)} == {200}
        memory, page = process.memory_info().rss, len(one.russia.page)
        assert {one.say(f"Statement {at} of a long day of talks") for at in range(WARM_UP, WORDS)} == {200}
        assert (process.memory_info().rss - memory) / 2**20 < GROWTH
        assert len(one.russia.page) < page + 1_000
