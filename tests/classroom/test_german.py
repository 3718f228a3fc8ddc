"""A class in German from beginning to end: no page says anything in English."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from sim.case.translation import translatable
from sim.strings import HERE, own_texts
from tests.classroom.clients import Browser, School, school

LONG = 3
"""Words from which on an English text is looked for; shorter ones may be the same in both languages."""
GERMAN = {"Accept-Language": "de"}
WORDS = {
    "the",
    "and",
    "with",
    "would",
    "you",
    "your",
    "they",
    "which",
    "from",
    "this",
    "that",
    "have",
    "of",
    "by",
    "are",
    "if",
    "without",
    "points",
}
"""English words that are no German ones: with them, sentences that are put together elsewhere are found too."""
SAME = {"post-settlement settlement"}
"""What stays English in German, as the field says it."""


def spoken_text(page: str) -> str:
    """Everything on a page that people read or hear: its text, labels and titles."""
    page = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    said = re.findall(r'(?:aria-label|title|placeholder|alt|content|data-(?!part|events)[a-z]+)="([^"]*)"', page)
    text = unescape(" ".join([re.sub(r"<[^>]*>", " ", page), *said]))
    return re.sub(r"\s+", " ", text)


def pieces(texts: Iterator[str] | list[str]) -> set[str]:
    """The stretches between what is filled in, of at least `LONG` words."""
    found = {piece.strip(" .,:;()'\"") for text in texts for piece in re.split(r"\{[^}]*\}", text)}
    return {re.sub(r"\s+", " ", piece) for piece in found if len(re.findall(r"[A-Za-z]{2,}", piece)) >= LONG}


ENGLISH = pieces(list(own_texts(HERE / "en.toml").values()))


class GermanSchool:
    """A server of which every page is read for English."""

    def __init__(self, made: School) -> None:
        self.made = made
        texts = [text for source in self._sources() for _, text in translatable(source).values()]
        self._english = ENGLISH | pieces(texts)

    def _sources(self) -> Iterator[dict[str, object]]:
        for name in ("ukraine_2025/european_force", "flatmates/house_rules"):
            yield dict(self.made.registry.catalogue.source(name, {}))

    def read(self, browser: Browser, path: str, status: int = 200) -> str:
        page = browser.get(path, status)
        self.check(page, path)
        return page

    def check(self, page: str, where: str) -> None:
        assert set(re.findall('<html lang="([a-z]+)"', page)) <= {"de"}, where
        text = spoken_text(page)
        found = sorted(piece for piece in self._english if piece in text and piece not in SAME)
        assert found == [], where
        words = re.findall(r"[A-Za-z]+", re.sub(r"https?://\S+", "", text))  # a link is random letters
        assert sorted({word.lower() for word in words} & WORDS) == [], where
        assert "”" not in text, f"{where}: quotes of English"

    def browser(self) -> Browser:
        browser = self.made.browser()
        browser.get("/?lang=de")
        return browser

    def student(self, name: str, actor: str = "") -> Browser:
        one = self.browser()
        one.post("/join", code=self.made.code, name=name)
        self.check(one.page, f"{name}'s lobby")
        if actor:
            one.post("/seat/sit", table=1, actor=actor)
            self.check(one.page, f"{name}'s seat")
        return one

    def post(self, browser: Browser, path: str, status: int = 200, **fields: object) -> str:
        page = browser.post(path, status, **fields)
        self.check(page, path)
        return page

    def look(self, *students: Browser) -> None:
        """Read every page of some students, and of the teacher."""
        here = f"/teacher/{self.made.session}"
        for student in students:
            for path in ("/seat", "/seat/parts"):
                self.read(student, path)
        for path in ("", "/parts", "/wall", "/wall-link"):
            self.read(self.made.teacher, here + path)

    def do(self, what: str, **fields: object) -> None:
        self.check(self.made.do(what, **fields), what)


@pytest.fixture
def german(tmp_path: Path) -> Iterator[GermanSchool]:
    with school(tmp_path / "class.db") as made:
        made.teacher.get("/?lang=de")
        yield GermanSchool(made)


def until_computed(german: GermanSchool, browser: Browser, path: str) -> str:
    """Read a page again and again until what it shows is computed."""
    for _ in range(600):
        answer = browser.client.get(path)
        if answer.status_code != 202:
            german.check(answer.text, path)
            return str(answer.text)
        german.check(answer.text, path)
        time.sleep(0.2)
    raise AssertionError(path)


@pytest.mark.slow
def test_before_a_class(german: GermanSchool) -> None:
    nobody, teacher = german.browser(), german.made.teacher
    for path, status in (("/", 200), ("/check", 200), ("/privacy", 200), ("/nowhere", 404), ("/seat", 403)):
        german.read(nobody, path, status)
    for path in ("/teacher", "/wall"):
        german.read(nobody, path, 403)
    nobody.get("/")
    german.post(nobody, "/join", 403, code="WRONGX", name="Eva")
    german.read(nobody, "/t/wrong", 403)
    teacher.get(f"/t/{german.made.registry.first_link}")
    for scenario in ("ukraine_2025/american_guarantee", "flatmates/cleaner"):
        german.read(teacher, f"/teacher/new?scenario={scenario}")
    for path in ("/teacher", "/teacher/device", "/teacher/leave"):
        german.read(teacher, path, 404 if path.endswith("leave") else 200)
    until_computed(german, teacher, "/teacher/rehearsal?scenario=flatmates/warm_flat&months=3")


@pytest.mark.slow
def test_a_class_about_ukraine(german: GermanSchool) -> None:
    made = german.made
    made.make(language="de", months=2, minutes=5)
    russia, ukraine, france = (german.student(name, name.lower()) for name in ("Russia", "Ukraine", "France"))
    watcher, late = german.student("Presse", "observer"), german.student("Spät")
    german.look(russia, ukraine, france, watcher, late)
    german.read(russia, "/seat/brief")
    german.read(france, "/seat/brief")
    german.do("start")
    german.look(russia, ukraine, france, watcher, late)
    german.post(watcher, "/seat/headline", text="Alles offen")
    russia.get("/seat")
    german.post(russia, "/seat/say", text="Nein.")
    german.post(russia, "/seat/whisper", to="ukraine", text="Reden wir?")
    german.read(russia, "/seat/draft?term.sanctions=lifted")
    russia.get("/seat")
    german.post(russia, "/seat/draft", what="suggest", **{"term.sanctions": "lifted"})
    russia.get("/seat")
    german.post(russia, "/seat/draft", what="sound", actor="ukraine", **{"term.sanctions": "lifted"})
    france.get("/seat")
    german.post(france, "/seat/intend", text="", **{"pledge.troops": "5000"})
    german.look(russia, ukraine, france, watcher)
    russia.get("/seat")
    german.post(russia, "/seat/vote", verdict="red_line", says="Nie.")
    german.do("inject", event="us_halts_aid", table=1)
    german.look(russia, ukraine, france, watcher)
    for what in ("undo", "finish", "debrief"):
        german.check(made.do(what, sure="", table=1), f"sure: {what}")
    german.do("pause")
    german.look(russia, ukraine)
    german.do("resume")
    german.do("agent", table=1, actor="ukraine")
    german.look(ukraine)
    german.do("person", table=1, actor="ukraine")
    for _ in range(2):
        german.do("next", table=1)
        german.look(russia, ukraine, france, watcher)
    france.get("/seat")
    german.post(france, "/seat/draft", what="amend", **{"term.sanctions": "phased", "term.force_size": "30000"})
    german.do("next", table=1)
    german.look(russia, ukraine, france, watcher)
    german.do("undo", table=1)
    german.look(russia, ukraine, france)
    german.do("finish", table=1)
    german.look(russia, ukraine, france, watcher)
    german.read(russia, "/seat/debrief", 423)
    german.read(made.teacher, f"/teacher/{made.session}/talk/1")
    german.check(made.do("start", 423, table=1), "started already")
    german.read(made.teacher, "/teacher")


@pytest.mark.slow
def test_lessons_rosters_and_templates(german: GermanSchool) -> None:
    made, on = german.made, {"check": "yes", "survey": "yes", "reflection": "yes", "conditions": "yes"}
    made.make(scenario="flatmates/house_rules", language="de", months=2, level="basic", **on)
    teacher, here = made.teacher, f"/teacher/{made.session}"
    german.read(teacher, f"{here}/roster")
    wrong = "Anna; Bena\nBen; Ben; 7\nCleo\ncleo\nDora; Ben; Ana\n" + "x" * 41
    assert "Meinten Sie „Ben“?" in unescape(german.post(teacher, f"{here}/roster", 422, names=wrong))
    german.read(teacher, f"{here}/roster")
    [link] = re.findall(r'href="http://[^"]+(/o/[0-9A-Z-]+)"', german.post(teacher, f"{here}/roster", names="Ana; Ana"))
    ana = german.browser()
    german.read(ana, link)
    german.post(ana, "/resume", code=link.rpartition("/")[2])
    german.look(ana)
    for question, choice in (("consent", "needed"), ("better_off", "with")):
        german.read(ana, "/seat/check")
        german.post(ana, "/seat/check", question=question, choice=choice)
    german.read(ana, "/seat/survey")
    german.post(ana, "/seat/survey", **{"item.talks": "2"})
    german.read(ana, "/seat/brief")
    german.do("start")
    german.read(ana, "/seat")
    german.post(ana, "/seat/whisper", to="ben", text="Und?")
    german.post(ana, "/seat/vote", verdict="worse_than_no_deal", says="")
    german.look(ana)
    german.do("finish", table=1)
    german.look(ana)
    german.read(ana, "/seat/whispers")
    for part, item in (("survey", "talks"), ("reflection", "wanted")):
        german.read(ana, f"/seat/{part}")
        german.post(ana, f"/seat/{part}", **{f"item.{item}": "4"})
    german.student("Presse", "observer")
    for path in ("/lesson", "/roster", "/whispers/1", "/talk/1"):
        german.read(teacher, here + path)
    assert "<td>Nur zuschauen</td>" in german.read(teacher, f"{here}/lesson")
    german.read(teacher, here)
    german.post(teacher, f"{here}/template", name="Gruppe B")
    [link] = re.findall(r'href="(/teacher/new\?template=[^"]+)"', german.read(teacher, "/teacher"))
    german.read(teacher, link)
    german.read(teacher, here)
    german.post(teacher, f"{here}/delete", 422, code="falsch")


@pytest.mark.slow
def test_a_debrief(german: GermanSchool) -> None:
    made = german.made
    made.make(scenario="house_rules", language="de", months=3)
    ana, ben, cleo = (german.student(name, name.lower()) for name in ("Ana", "Ben", "Cleo"))
    german.do("start")
    for month in range(3):
        for student in (ana, ben, cleo):
            student.get("/seat")
            verdict = "red_line" if student is cleo else "worse_than_no_deal"
            german.post(student, "/seat/vote", verdict=verdict, says="Nein")
        if month < 2:
            ben.get("/seat")
            german.post(ben, "/seat/draft", what="amend", **{"term.guests": ("weekends", "free")[month]})
        german.look(ana, ben, cleo)
    here = f"/teacher/{made.session}"
    german.do("debrief")
    for browser, path in ((made.teacher, f"{here}/debrief"), (ana, "/seat/debrief"), (ana, "/seat/dispute")):
        until_computed(german, browser, path)
    for number in range(1, 11):
        until_computed(german, made.teacher, f"{here}/debrief/slides?number={number}")
    until_computed(german, ana, "/seat/dispute?words=ben")
    until_computed(german, ana, "/seat/dispute?path=actors.ben.reservation.base&value=some")
    german.read(ana, "/seat/dispute?path=actors.ben.reservation.base&value=1.2.3", 422)
    until_computed(german, made.teacher, f"{here}/rehearsal")
    exported = until_computed(german, made.teacher, f"{here}/export/parley-debrief.html")
    assert "Reservationswert" in exported
    german.look(ana, ben, cleo)
