"""How quick a class is served: a real server, and real clients in this process, over loopback.

``python benchmarks/classroom.py [--seats 200] [--tables 20]`` prints what was measured beside what is asked.
oTree's development server took 0.55 s for 30 and 6.2 s for 100 participants to open their first page on a machine of
two processors.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import psutil

ROOT = Path(__file__).parents[1]
ASKED = {30: 0.4, 200: 2.0}
"""Seconds within which so many seats join and open the brief."""
OTREE = {30: 0.55, 100: 6.2}
FAN_OUT, BURST, MEMORY = 0.020, 0.100, 220
"""Seconds within which 95% of the seats of a table have a vote or a statement; the same if all tables act at once; and
MB of memory. All are asked of an idle machine."""
ACTIONS, PAUSE = 200, 0.05
"""Actions that are timed, one after the other, and seconds between them: twenty a second."""
ACTORS = ("russia", "ukraine", "us", "baltics", "france", "poland", "uk")
HIDDEN = re.compile(r'<input type="hidden" name="([a-z]+)" value="([^"]*)">')


class Client:
    """A browser: its cookies, the forms of its last page, and the stream of its seat."""

    def __init__(self, base: str) -> None:
        limits = httpx.Limits(max_connections=4)
        self.http = httpx.AsyncClient(base_url=base, timeout=60, follow_redirects=True, limits=limits, trust_env=False)
        self.base, self.page, self.table = base, "", 0
        self.heard: list[float] = []

    async def get(self, path: str) -> str:
        self.page = (await self.http.get(path)).raise_for_status().text
        return self.page

    async def post(self, path: str, follow: bool = True, **fields: object) -> None:
        start = self.page.index(f'action="{path}"')
        hidden = dict(HIDDEN.findall(self.page[start : self.page.index("</form>", start)]))
        data = {**hidden, **{name: str(value) for name, value in fields.items()}}
        answer = await self.http.post(path, data=data, headers={"Origin": self.base}, follow_redirects=follow)
        assert answer.status_code in (200, 303), answer.text
        self.page = answer.text if follow else self.page

    async def join(self, code: str, name: str, table: int, actor: str) -> None:
        """Join, sit down, and open the brief, as a phone does it: page by page."""
        self.table = table
        await self.get(f"/j/{code}")
        await self.post("/join", code=code, name=name)
        await self.post("/seat/sit", table=table, actor=actor)
        await self.get("/seat/brief")

    async def listen(self, ready: asyncio.Event) -> None:
        """Note when the public part of the table arrives."""
        async with self.http.stream("GET", "/seat/events", timeout=None) as answer:
            async for line in answer.aiter_lines():
                if line.startswith("event: public"):
                    self.heard.append(time.perf_counter())
                    ready.set()


@contextlib.asynccontextmanager
async def server(folder: Path) -> AsyncIterator[tuple[str, str, psutil.Process]]:
    """A server of its own process: its address, the teacher's link, and the process."""
    command = [sys.executable, "run.py", "serve", "--port", "0", "--data", str(folder / "class.db")]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout is not None
    link = ""
    while not link:
        found = re.search(r"http\S+/t/\S+", (await process.stdout.readline()).decode())
        link = found.group() if found else ""
    try:
        yield link.partition("/t/")[0], link, psutil.Process(process.pid)
    finally:
        process.terminate()
        await process.wait()


def busy(process: psutil.Process) -> float:
    """Return the processor time of the server so far, in seconds; other work on the machine hardly changes it."""
    spent = process.cpu_times()
    return float(spent.user + spent.system)


async def joined(
    base: str, teacher: Client, seats: int, tables: int, process: psutil.Process
) -> tuple[list[Client], float, float]:
    """Make a class, and let everybody in at once: the clients, the seconds until the last has its brief, and those of
    the server's processor.
    """
    await teacher.get("/teacher/new")
    fields = {"scenario": "ukraine_2025/european_force", "tables": tables, "sheets": "yes", "whispers": "yes"}
    await teacher.post("/teacher/sessions", **fields)
    found = re.search(r'class="code[^"]*">(\w{6})<', teacher.page)
    assert found is not None
    clients = [Client(base) for _ in range(seats)]
    each = -(-seats // tables)
    begun, before = time.perf_counter(), busy(process)
    await asyncio.gather(
        *(
            one.join(found.group(1), f"S{at}", at // each + 1, ACTORS[at % each % len(ACTORS)])
            for at, one in enumerate(clients)
        )
    )
    return clients, time.perf_counter() - begun, busy(process) - before


async def act(clients: list[Client], at: int) -> list[float]:
    """Let one seat vote or speak; the seconds after which each seat of its table knows."""
    one = clients[at]
    others = [other for other in clients if other.table == one.table]
    await one.get("/seat")
    form = "/seat/vote" if "/seat/vote" in one.page and "Change my answer" not in one.page else "/seat/say"
    before = [len(other.heard) for other in others]
    begun = time.perf_counter()
    fields = {"verdict": "holding_out", "says": f"{at}"} if form == "/seat/vote" else {"text": f"{begun}"}
    await one.post(form, follow=False, **fields)
    while any(len(other.heard) <= count for other, count in zip(others, before, strict=True)):
        await asyncio.sleep(0.001)
        if time.perf_counter() - begun > 10:
            break  # a vote that changes nothing in public, such as a second one of the same chair
    return [other.heard[count] - begun for other, count in zip(others, before, strict=True) if len(other.heard) > count]


async def closed(teacher: Client, tables: int, process: psutil.Process) -> float:
    """Close the phase of all tables, whose seats listen: seconds of the server's processor for each table."""
    here = str(re.search(r'action="(/teacher/\w+/do)"', teacher.page).group(1))
    await teacher.get(here.removesuffix("/do"))
    before = busy(process)
    await teacher.post(here, follow=False, what="next")
    await asyncio.sleep(2)
    return (busy(process) - before) / tables


async def fan_out(
    clients: list[Client], teacher: Client, tables: int, process: psutil.Process
) -> tuple[list[float], list[float], float]:
    """Start the talks, and time actions, one after the other and one at every table at once; then close a phase."""
    streams, ready = [], [asyncio.Event() for _ in clients]
    for one, event in zip(clients, ready, strict=True):
        streams.append(asyncio.create_task(one.listen(event)))
    await asyncio.gather(*(event.wait() for event in ready))
    await teacher.get(str(re.search(r'action="(/teacher/\w+)/do"', teacher.page).group(1)))
    here = str(re.search(r'action="(/teacher/\w+/do)"', teacher.page).group(1))
    await teacher.post(here, what="start")
    await asyncio.sleep(2)
    single: list[float] = []
    for _ in range(ACTIONS):
        single += await act(clients, random.randrange(len(clients)))
        await asyncio.sleep(PAUSE)
    firsts = {one.table: at for at, one in reversed(list(enumerate(clients)))}
    burst = [each for times in await asyncio.gather(*(act(clients, at) for at in firsts.values())) for each in times]
    closing = await closed(teacher, tables, process)
    for task in streams:
        task.cancel()
    return single, burst, closing


def told(what: str, value: float, asked: float, unit: str) -> None:
    """Print a figure beside what is asked."""
    print(f"{what:<58} {value:8.3f} {unit:<3} asked {asked:g} {unit}: {value / asked:.2f} of it")


async def main(seats: int, tables: int) -> None:
    """Measure, and print."""
    random.seed(0)
    for count in sorted({30, 100, seats}):
        with tempfile.TemporaryDirectory() as folder:
            async with server(Path(folder)) as (base, link, process):
                teacher = Client(base)
                await teacher.get(link)
                clients, seconds, busy_for = await joined(
                    base, teacher, count, max(1, round(tables * count / seats)), process
                )
                print(f"{count} seats join: {1_000 * busy_for / count:.1f} ms of the server's processor for each")
                if count in ASKED:
                    told(f"{count} seats join and open the brief", seconds, ASKED[count], "s")
                if count in OTREE:
                    told(f"{count} seats, beside oTree's {OTREE[count]} s", seconds, OTREE[count], "s")
                if count == seats:
                    single, burst, closing = await fan_out(clients, teacher, tables, process)
                    print(f"fan-out, median: {statistics.median(single):.3f} s over {len(single)} arrivals")
                    told("fan-out, 95th percentile", statistics.quantiles(single, n=20)[-1], FAN_OUT, "s")
                    told(
                        f"  one action at each of {tables} tables at once",
                        statistics.quantiles(burst, n=20)[-1],
                        BURST,
                        "s",
                    )
                    told("memory of the server (resident)", process.memory_info().rss / 2**20, MEMORY, "MB")
                    print(f"closing a phase: {1_000 * closing:.1f} ms of the server's processor for each table")
                    print(f"processor time of the server: {busy(process):.1f} s")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seats", type=int, default=200)
    parser.add_argument("--tables", type=int, default=20)
    arguments = parser.parse_args()
    asyncio.run(main(arguments.seats, arguments.tables))
