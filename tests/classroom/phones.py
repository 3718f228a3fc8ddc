"""A class over HTTP that goes on acting while its server is killed and started again."""

from __future__ import annotations

import asyncio
import re
import secrets
from dataclasses import dataclass, field
from random import Random

import httpx

from tests.classroom.clients import FIELD, PATIENCE, PLAIN

PAUSE = 0.05
"""Seconds between two tries to reach a server that is away."""
REFUSALS = {403, 409, 422, 423}
"""By which a server says that an action did not happen."""
VERDICTS = ("accept", "holding_out", "worse_than_no_deal", "red_line")


@dataclass
class Book:
    """What a class was told of its actions, by their ids; one is open whose sender never heard, and gave up."""

    acknowledged: dict[str, str] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    unheard: set[str] = field(default_factory=set)


class Phone:
    """One browser: it tries again when it does not reach the server, as a person would."""

    def __init__(self, address: str, book: Book, random: Random) -> None:
        self.http = httpx.AsyncClient(base_url=address, timeout=PATIENCE, trust_env=False, verify=PLAIN)
        self.book, self.random, self.page = book, random, ""

    async def get(self, path: str) -> str:
        while True:
            try:
                answer = await self.http.get(path, follow_redirects=True)
                break
            except httpx.TransportError:
                await asyncio.sleep(PAUSE)
        assert answer.status_code == 200, (path, answer.status_code, answer.text)
        self.page = answer.text
        return self.page

    async def post(self, path: str, *, stubborn: bool | None = None, **fields: object) -> bool:
        """Send a form of the open page; whether it was acknowledged.

        A stubborn sender who hears nothing sends the same form until it does; another gives up.
        """
        start = self.page.index(f'action="{path}"')
        hidden = dict(FIELD.findall(self.page[start : self.page.index("</form>", start)]))
        data = {**hidden, **{name: str(value) for name, value in fields.items()}, "action": secrets.token_hex(16)}
        stubborn = self.random.random() < 0.7 if stubborn is None else stubborn
        while True:
            try:
                answer = await self.http.post(path, data=data)
                break
            except httpx.TransportError:
                if not stubborn:
                    self.book.unheard.add(data["action"])
                    return False
                await asyncio.sleep(PAUSE)
        if answer.status_code == 303:
            self.book.acknowledged[data["action"]] = path
            return True
        assert answer.status_code in REFUSALS, (path, data, answer.status_code, answer.text)
        self.book.refused.add(data["action"])
        return False

    async def join(self, code: str, name: str) -> None:
        await self.get("/")
        assert await self.post("/join", stubborn=True, code=code, name=name)
        await self.get("/seat")

    async def play(self, others: list[str]) -> None:
        """Do one of the things that a seat can do now."""
        await self.get("/seat")
        able = [path for path in ("/seat/vote", "/seat/draft", "/seat/say", "/seat/whisper") if path in self.page]
        text = f"{self.random.random()}"
        match self.random.choice(able):
            case "/seat/vote":
                no = VERDICTS[1:] if "Your role: Russia" in self.page else VERDICTS  # so that the talks go on
                await self.post("/seat/vote", verdict=self.random.choice(no), says=text)
            case "/seat/draft":
                terms = re.findall(r'<select id="term-\w+" name="([\w.]+)"[^>]*>(.*?)</select>', self.page, re.DOTALL)
                name, options = self.random.choice(terms)
                option = self.random.choice(re.findall(r'value="([^"]+)"', options))
                what = "amend" if 'value="amend"' in self.page else "suggest"
                await self.post("/seat/draft", what=what, says=text, **{name: option})
            case "/seat/say":
                await self.post("/seat/say", text=text)
            case _:
                await self.post("/seat/whisper", to=self.random.choice(others), text=text)


class Teacher(Phone):
    """The teacher's browser."""

    async def enter(self, link: str, **settings: object) -> tuple[str, str]:
        """Come in by the link, and make a session: its address and its code."""
        await self.get(link)
        await self.get("/teacher/new?scenario=ukraine_2025%2Feuropean_force")
        [scenario] = re.findall(r'value="([^"]*european_force)"', self.page)
        assert await self.post(
            "/teacher/sessions", scenario=scenario, sheets="yes", whispers="yes", clock_closes="yes", **settings
        )
        await self.get("/teacher")
        [(here, code)] = re.findall(
            r'href="(/teacher/[0-9a-f]{32})".*?(?:class="code">|>)([A-Z0-9]{6})<', self.page, re.S
        )
        self.here = here
        return here, code

    async def do(self, what: str, **fields: object) -> bool:
        await self.get(self.here)
        return await self.post(f"{self.here}/do", what=what, sure="yes", **fields)
