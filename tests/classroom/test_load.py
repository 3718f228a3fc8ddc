"""A whole class joins at once: what readers see alike is rendered once for all of them, and holds nobody's secret."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from sim.classroom import class_pages
from sim.game.kept_results import Itself, KeptResults
from sim.game.session.brief import brief
from sim.game.session.scoring import score
from tests.browser.served import ROOT
from tests.classroom.clients import Browser, School, school

ACTORS = ("russia", "ukraine", "us", "baltics", "france", "poland", "uk")
TABLES, PEOPLE = 3, 30
ACTION = re.compile(r'name="action" value="[0-9a-f]{32}"')
VARIES = re.compile(r'data-now="[^"]*"|data-mark="[^"]*"|' + ACTION.pattern)
"""What differs from one rendering to the next: the time, hashes of parts, and the ids of actions."""
KEY = re.compile(r'name="key" value="([0-9a-f]{32})"')


@pytest.fixture
def room(tmp_path: Path) -> Iterator[School]:
    with school(tmp_path / "class.db") as one:
        one.make(months=2, tables=TABLES)
        yield one


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each template has been rendered, and ``brief`` and ``score``: how often those were computed."""
    counts: Counter[str] = Counter()
    render = class_pages._rendered

    def counted(template: str, language: str | None, data: Mapping[str, Any]) -> str:
        counts[template] += 1
        return render(template, language, data)

    def computed(name: str, compute: Callable[..., Any]) -> Callable[..., Any]:
        def one(*arguments: Any) -> Any:
            counts[name] += 1
            return compute(*arguments)

        return one

    monkeypatch.setattr(class_pages, "_rendered", counted)
    monkeypatch.setattr("sim.game.session.views.brief", computed("brief", brief))
    monkeypatch.setattr("sim.game.session.views.score", computed("score", score))
    return counts


def joined(room: School, name: str, place: int) -> Browser:
    """Join as a phone does it, page by page, and open the brief."""
    one = room.student(name)
    one.get("/seat")
    one.post("/seat/sit", table=place % TABLES + 1, actor=ACTORS[place // TABLES % len(ACTORS)])
    one.get("/seat/brief")
    return one


@pytest.mark.slow
def test_a_brief_is_made_once_for_all_who_play_the_role(room: School, rendered: Counter[str]) -> None:
    for place in range(PEOPLE):
        joined(room, f"S{place}", place)
    for once in ("brief.html", "worth.html", "brief", "score"):
        assert rendered[once] == len(ACTORS), once
    assert rendered["lobby_table.html"] <= PEOPLE + TABLES  # a table is rendered again when somebody sits down there
    assert rendered["public.html"] <= PEOPLE, "nobody's stream is open, so only pages render it"
    assert rendered["draft_fields.html"] == 1


def test_the_public_part_is_rendered_only_for_those_who_read_it(room: School, rendered: Counter[str]) -> None:
    ann, ben = joined(room, "Ann", 0), joined(room, "Ben", TABLES)
    room.do("start")
    ann.get("/seat")
    before = rendered["public.html"]
    for number in range(5):
        ann.post("/seat/say", table=1, text=f"Statement {number}")  # each answer leads to Ann's page
    assert rendered["public.html"] == before + 5
    before = rendered["public.html"]
    assert "Statement 4" in ben.get("/seat")
    assert rendered["public.html"] == before


def pages(room: School, students: list[Browser]) -> list[str]:
    """What everybody sees now, without what varies."""
    here = f"/teacher/{room.session}"
    seen = [one.client.get(path).text for one in students for path in ("/seat", "/seat/parts", "/seat/brief")]
    seen += [room.teacher.client.get(f"{here}{path}").text for path in ("", "/parts", "/wall")]
    return [VARIES.sub("", page) for page in seen]


@pytest.mark.slow
def test_what_is_kept_is_what_would_be_rendered_now(room: School, monkeypatch: pytest.MonkeyPatch) -> None:
    russia, us, ukraine, waiting = (room.student(name) for name in ("Ann", "Ben", "Cem", "Dee"))
    students = [russia, us, ukraine, waiting]

    def alike(what: str) -> None:
        kept = pages(room, students)
        with monkeypatch.context() as patch:
            patch.setattr(KeptResults, "get", lambda _self, _key, make: make())
            assert pages(room, students) == kept, what

    def sit(one: Browser, table: int, actor: str) -> None:
        one.get("/seat")
        one.post("/seat/sit", table=table, actor=actor)

    sit(russia, 1, "russia")
    alike("one has sat down")
    sit(us, 1, "us")
    sit(ukraine, 2, "russia")
    alike("the same role at another table")
    room.do("start")
    alike("the talks have begun")
    room.do("inject", text="The front breaks.", indicator="front_momentum", value=1, table=1)
    briefs = [one.get("/seat/brief") for one in (russia, ukraine)]
    assert briefs[0] != briefs[1], "what no deal is worth has changed at one of the tables"
    alike("an event at one of the tables")
    room.do("next", table=1)
    room.do("next", table=1)
    alike("another text")
    room.do("undo", table=1)
    alike("a step back")
    us.get("/seat")
    us.post("/seat/stand")
    alike("somebody has got up")


def test_no_reader_gets_the_key_of_another(room: School) -> None:
    people = [room.student(f"S{number}") for number in range(4)]
    keys = []
    for one in people:
        [key] = set(KEY.findall(one.get("/seat")))  # the chairs are rendered once for all of them
        keys.append(key)
        assert class_pages.FORM_KEY not in one.page
        assert class_pages.SLOT not in one.page
        assert len(set(ACTION.findall(one.page))) == one.page.count('name="action"')
    assert len(set(keys)) == len(people)
    people[0].post("/seat/sit", table=1, actor="us")
    assert set(KEY.findall(people[0].get("/seat"))) == {keys[0]}


def test_a_result_is_kept_with_the_object_that_it_belongs_to() -> None:
    kept, first, second = KeptResults[str](most=1), Itself([1]), Itself([1])
    assert first != second
    assert kept.get(first, lambda: "first") == "first"
    assert kept.get(Itself(first.thing), lambda: "again") == "first"
    assert kept.get(second, lambda: "second") == "second"
    assert kept.get(first, lambda: "again") == "again", "only one is kept"


@pytest.mark.slow
def test_a_server_loads_no_library_that_it_does_not_use() -> None:
    script = (
        "import sys; from sim.cli.commands.class_command import served\n"
        "with served('serve'): import sim.classroom.class_server\n"
        "print([name for name in ('pyarrow', 'scipy.optimize', 'matplotlib', 'numba', 'dask') if name in sys.modules])"
    )
    command = [sys.executable, "-W", "ignore", "-c", script]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout == "[]\n"
