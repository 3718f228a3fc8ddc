"""Every byte that a class is sent, over a real socket: none of it holds a secret of another seat."""

from __future__ import annotations

import itertools
import re
import threading
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest

from sim.game.session.scoring import score
from tests.classroom.clients import HERE, PATIENCE, PLAIN, Browser, School, served
from tests.game.hall import source

SEATS = ("russia", "ukraine", "us", "france")
WORTH = ("surplus", "utility", "reservation", "aspiration")
PAGES = (
    "/seat",
    "/seat/parts",
    "/seat/brief",
    "/seat/draft?term.force_size=15000",
    "/seat/whispers",
    "/seat/debrief",
    "/seat/debrief/slides",
    "/seat/dispute",
)
WALL_PAGES = ("/wall", "/wall/slides", "/wall/slides?n=2")


def mark(actor: str) -> str:
    return f"SECRET-OF-{actor.upper()}-ALONE"


def marked() -> tuple[dict[str, Any], dict[str, set[float]]]:
    """The headline scenario with secrets that can be told from anything else on a page, words and numbers.

    Numbers have one decimal, as pages have them, and are so large and odd that no sum of others comes to one by chance.
    """
    plain = source("european_force", months=2)
    numbers: dict[str, set[float]] = {}
    odd = iter(Random(0).sample(range(100_001, 9_000_000), 500))
    for actor, data in plain["case"]["actors"].items():
        own = numbers[actor] = set()

        def secret(own: set[float] = own) -> float:
            own.add(value := next(odd) / 10)
            return value

        data["brief"] = f"{mark(actor)} {data['brief']}"
        data["reservation"] |= {"base": secret(), "assumption": mark(actor)}
        for one in [*data["reservation"].get("slopes", []), *data.get("preferences", [])]:
            one |= {"points": secret(), "says": mark(actor)}
        for one in data.get("weighs", []):
            one |= {"weight": secret(), "says": mark(actor)}
        if actor in SEATS:  # people play them all the time, so their agents never speak
            for rule in (*data["preferences"], *data.get("weighs", []), *data.get("red_lines", [])):
                rule["aloud"] = mark(actor)
        if "aspiration" in data:
            data["aspiration"] |= {"opening": secret()}
        for line in data.get("red_lines", []):
            line["price"] = secret()
            changed = plain["changes"].get(f"actors.{actor}.red_lines.{line['rule']}.declared")
            if not (changed or line.get("declared")):
                line["says"] = mark(actor)
    return plain, numbers


class Reader:
    """Who reads in a class, with all that was sent to it and not yet searched."""

    def __init__(self, school: School, name: str, browser: Browser, stream: str) -> None:
        self.name, self.browser, self.sent = name, browser, [browser.page]
        send = browser.client._with_cookies

        def kept(method: str, path: str, **options: Any) -> httpx.Response:
            answer = send(method, path, **options)
            self.sent += [f"{one.headers}\n{one.text}" for one in (*answer.history, answer)]
            return answer

        browser.client._with_cookies = kept
        self._open = threading.Event()
        self._thread = threading.Thread(target=self._listen, args=(school, stream), daemon=True)
        self._thread.start()
        assert self._open.wait(PATIENCE)

    def _listen(self, school: School, path: str) -> None:
        client = school._client
        with (
            suppress(httpx.HTTPError),
            httpx.stream("GET", f"{client.base_url}{path}", headers=client.headers, cookies=self.browser.client.cookies,
                         timeout=None, verify=PLAIN) as stream,
        ):  # fmt: skip
            assert stream.status_code == 200
            self._open.set()
            for piece in stream.iter_text():
                self.sent.append(piece)

    def get(self, path: str) -> int:
        return self.browser.client.get(path).status_code

    def ended(self) -> bool:
        """Whether the stream has ended, once the server has hung up."""
        self._thread.join(PATIENCE)
        return not self._thread.is_alive()


class Search:
    """Looks for the secrets of others in what readers were sent; each secret is found in its own seat's pages."""

    def __init__(self, school: School, numbers: dict[str, set[float]]) -> None:
        self._school, self._numbers = school, numbers
        self.whispers: list[tuple[str, str, str]] = []
        self.found: dict[str, int] = dict.fromkeys(SEATS, 0)
        self.searched = 0

    def secrets(self, actor: str) -> set[float]:
        """Every number of an actor: those of its file, and what they come to on the text of the table."""
        [room] = self._school.registry._live_sessions.values()
        told = score(room.session.table(1), actor)
        return self._numbers[actor] | {abs(round(told[key], 1)) for key in WORTH if told.get(key) is not None}

    def through(self, readers: list[Reader]) -> None:
        """Search what was sent since the last time, and forget it."""
        secrets = {actor: self.secrets(actor) for actor in self._numbers}
        for reader in readers:
            text, reader.sent[:] = "\n".join(reader.sent), []
            self.searched += len(text)
            shown = {abs(float(one.replace(",", ""))) for one in re.findall(r"\d[\d,]*\.\d", text)}
            mine = secrets.get(reader.name, set())
            self.found[reader.name] = self.found.get(reader.name, 0) + len(mine & shown)
            for actor in secrets:
                if actor != reader.name:
                    assert mark(actor) not in text, (reader.name, actor)
                    assert not (secrets[actor] - mine) & shown, (reader.name, actor, (secrets[actor] - mine) & shown)
            for by, to, said in self.whispers:
                assert reader.name in (by, to) or said not in text, (reader.name, said)


def look(readers: list[Reader], session: str) -> None:
    """Everybody opens all pages, its own and those that are none of its business."""
    for reader in readers:
        own = [reader.get(path) for path in (PAGES if reader.name != "wall" else WALL_PAGES)]
        assert own[0] == 200
        assert 200 not in own[1 if reader.name == "wall" else 5 :], "the debrief is not open yet"
        teachers = (
            "",
            "/whispers/1",
            "/parts",
            "/rehearsal",
            "/debrief",
            "/dispute",
            "/wall-link",
            "/export/debrief.json",
            "/wall",
            "/wall/slides",
            "/debrief/slides",
        )
        assert {reader.get(f"/teacher/{session}{path}") for path in teachers} <= {403, 404}
        assert reader.get("/teacher") == 403


def readers_of(school: School) -> list[Reader]:
    """Four students, one who watches, and the wall."""
    readers = [Reader(school, one, school.student(f"S-{one}", one), "/seat/events") for one in SEATS]
    watcher = Reader(school, "observer", school.student("Watcher", "observer"), "/seat/events")
    secret = school.registry.link("projector", school.session)
    wall = school.browser()
    wall.get(f"/t/{secret}")
    return [*readers, watcher, Reader(school, "wall", wall, "/wall/events")]


@pytest.mark.slow
def test_no_byte_of_a_whole_game_holds_a_secret_of_another_seat(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, numbers = marked()
    with served(tmp_path / "class.db") as school:
        monkeypatch.setattr(school.registry.catalogue, "source", lambda *_: plain)
        school.make()
        readers = readers_of(school)
        seat = {one.name: one.browser for one in readers}
        search = Search(school, numbers)
        school.do("start")
        [room] = school.registry._live_sessions.values()
        table = room.session.table(1)
        for turn in itertools.count():
            by, to = SEATS[turn % 4], SEATS[(turn + 1) % 4]
            said = f"WHISPER-{turn}-{by}"
            search.whispers.append((by, to, said))
            seat[by].get("/seat")
            seat[by].post("/seat/whisper", to=to, text=said)
            seat[to].get("/seat")
            seat[to].post("/seat/say", text=f"In public {turn}")
            seat[by].get("/seat")
            search.whispers.append((by, by, f"AGENT-{turn}-{by}"))
            seat[by].post("/seat/whisper", to="poland", text=f"AGENT-{turn}-{by}")
            if not table.over:
                seat[by].get("/seat")
                seat[by].post("/seat/draft", what="suggest", **{"term.sanctions": "phased"})
            seat[to].get("/seat")
            seat[to].client.post(
                "/seat/draft", data={"what": "sound"}, headers={"Origin": HERE}
            )  # refused: no form key
            if turn == 0:
                seat["us"].get("/seat")
                seat["us"].post("/seat/draft", what="sound", actor="russia", **{"term.force_size": "15000"})
                school.do("inject", event=next(iter(plain["case"]["injects"])))
                school.do("undo", table=1)
            for actor in list(table.waiting):
                seat[actor].get("/seat")
                if table.stage == "amendment":
                    seat[actor].post("/seat/draft", what="keep")
                else:
                    seat[actor].post(
                        "/seat/vote", verdict=("accept", "red_line", "holding_out")[turn % 3], says=said[:7]
                    )
                search.through(readers)
            look(readers, school.session)
            search.through(readers)
            if table.over or turn > 20:
                break
        assert table.over
        look(readers, school.session)
        school.registry.end_streams()
        assert all(one.ended() for one in readers)
        search.through(readers)
    assert min(search.found[one] for one in SEATS) > 0, "a search that finds nothing of one's own would find nothing"
    assert search.searched > 500_000
