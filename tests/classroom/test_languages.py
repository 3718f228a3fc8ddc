"""The language of pages: before a class it is the browser's or the one chosen there, in a class it is the class's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.game.session.log import LogEntry
from tests.classroom.clients import School, school


@pytest.fixture
def german(tmp_path: Path) -> Iterator[School]:
    with school(tmp_path / "class.db") as made:
        made.make(scenario="flatmates/warm_flat", language="de")
        yield made


def html_of(made: School, path: str, **options: object) -> str:
    return str(made.browser().client.get(path, **options).text)


def test_pages_before_a_class_speak_the_browsers_language(one: School) -> None:
    assert '<html lang="en">' in html_of(one, "/")
    assert '<html lang="de">' in html_of(one, "/", headers={"Accept-Language": "fr-FR, de-AT;q=0.8, en;q=0.5"})
    assert '<html lang="en">' in html_of(one, "/", headers={"Accept-Language": "fr, x;q=oops,,;q=, en-GB;q=0.2"})


def test_a_link_changes_the_language_for_good(one: School) -> None:
    browser = one.browser()
    assert 'href="/?lang=de" lang="de"' in browser.get("/")
    assert '<html lang="de">' in browser.get("/?lang=de")
    for path in ("/", "/check", "/privacy"):
        assert '<html lang="de">' in browser.get(path)
    assert '<html lang="de">' in browser.get("/nowhere", 404)
    assert '<html lang="de">' in browser.get("/?lang=xx")
    assert '<html lang="en">' in browser.get("/?lang=en")


def test_a_class_has_the_language_chosen_when_it_is_made(german: School) -> None:
    ana = german.student("Mia", "ana")
    page = ana.get("/seat")
    assert '<html lang="de">' in page
    assert "Heizung" in ana.words
    assert "22 Grad" in ana.words
    assert '<html lang="de">' in german.teacher.get(f"/teacher/{german.session}")
    assert '<html lang="de">' in ana.get("/seat/debrief", 423)  # what goes wrong in a class is said in its language
    assert '<html lang="en">' in ana.get("/")


def test_the_log_keeps_language_and_words(german: School) -> None:
    settings = LogEntry.from_json(german.registry.store.entries(german.session)[0]).data["settings"]
    assert settings["language"] == "de"
    assert settings["scenario"]["title"] == "Ana friert"
    assert german.registry.replay_log(german.session).scenario.title == "Ana friert"
    assert german.registry.sessions[0].title == "Ana friert"


def test_an_unknown_language_is_refused(one: School) -> None:
    one.teacher.get("/teacher/new")
    form = {"scenario": "flatmates/warm_flat", "language": "xx"}
    assert "language" in one.teacher.post("/teacher/sessions", 422, **form)


@pytest.mark.slow
def test_the_choice_of_a_scenario_is_in_the_teachers_language(one: School) -> None:
    page = one.teacher.get("/teacher?lang=de")
    assert "Ana friert" in page
    assert "Was muss Ana für zwei Grad mehr geben?" in page
    assert 'value="de" lang="de" selected' in one.teacher.get("/teacher/new?scenario=flatmates/warm_flat")
    assert "Ana friert" in one.teacher.page
    one.teacher.post("/teacher/sessions", scenario="flatmates/warm_flat", tables="1")
    assert one.registry.sessions[0].title == "Ana friert"
