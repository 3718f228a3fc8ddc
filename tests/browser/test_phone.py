"""The page of a seat on a phone: one thing at a time, told in time, and nothing lost without a connection."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import Visit
from tests.browser.looks import DESKTOP, accessible, fine, whole_words
from tests.browser.people import Student, Teacher
from tests.browser.served import Served

SMALL = {"width": 390, "height": 844}
SCHEMES = ("light", "dark")
LISTEN = """
window.heard = [];
window.AudioContext = class {
  constructor() { heard.push("made"); this.currentTime = 0; this.destination = {}; }
  resume() {}
  createGain() {
    return { gain: { setValueAtTime() {}, exponentialRampToValueAtTime() {} }, connect: (to) => to };
  }
  createOscillator() {
    return { frequency: {}, connect: (to) => to, start() { heard.push("tone"); }, stop() {} };
  }
};
navigator.vibrate = () => heard.push("vibration");
"""
"""Counts the sounds and vibrations of a page instead of making them."""


@pytest.fixture
def teacher(server: Served, visit: Visit) -> Teacher:
    return Teacher(server, visit())


def pair(server: Served, visit: Visit, teacher: Teacher, **settings: str) -> tuple[Student, Student]:
    """Russia and Ukraine, on phones, in a class that has just been made."""
    code = teacher.make(**settings)
    anna, ben = (Student(visit, server, code, name, SMALL) for name in ("Anna", "Ben"))
    anna.sit("Russia")
    ben.sit("Ukraine")
    return anna, ben


def on_first_screen(page: Page, *targets: Locator) -> None:
    """Fail unless each target is wholly in the window, above the bar, without scrolling."""
    bar = page.locator(".tabs").bounding_box()
    assert bar is not None
    assert page.evaluate("() => scrollY") == 0
    for target in targets:
        box = target.bounding_box()
        assert box is not None, target
        assert box["y"] >= 0, target
        assert box["y"] + box["height"] <= bar["y"], target


def schemes(page: Page) -> None:
    """Fail if axe finds anything, light or dark."""
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        accessible(page)


def test_the_first_screen_says_whose_turn_it_is_and_what_to_tap(server: Served, visit: Visit, teacher: Teacher) -> None:
    anna, ben = pair(server, visit, teacher)
    expect(anna.page).to_have_title("Russia · Parley")
    teacher.press("Start all tables")
    anna.turn("Your turn: answer the text")
    expect(anna.page).to_have_title("● Your turn \u2013 Russia · Parley")
    button = anna.page.get_by_role("link", name="Answer the text")
    on_first_screen(anna.page, anna.page.locator("#turn"), anna.page.locator(".strip .clock"), button)
    whole_words(anna.page, SMALL)
    schemes(anna.page)

    anna.vote("Reject: it crosses a red line", "No.")
    anna.turn("You have answered")
    expect(anna.page).to_have_title("Russia · Parley")
    awaited = anna.page.locator("[data-part=now] .seats")
    expect(awaited).to_have_text(re.compile(r"^\s*Ukraine\s*$"))
    on_first_screen(anna.page, anna.page.locator("#turn"), awaited)
    schemes(anna.page)
    fine(ben.page)


def test_the_brief_comes_first_and_only_once(server: Served, visit: Visit, teacher: Teacher) -> None:
    student = Student(visit, server, teacher.make(), "Tom", SMALL)
    page = student.page
    page.locator("#table-1").get_by_label("Russia").check()
    page.get_by_role("button", name="Take this seat").click()
    brief = page.locator("#brief")
    expect(brief).to_contain_text("You do well if the deal leaves you better off than no deal.")
    expect(brief).to_contain_text("Path to NATO: given up for good")
    expect(page.locator("#now")).to_be_hidden()
    on_first_screen(page, page.get_by_role("button", name="I have read it"))
    schemes(page)
    page.reload()
    expect(brief.get_by_role("heading")).to_be_visible()
    student.read()
    page.goto(f"{server.address}/seat")
    expect(page.locator("#turn")).to_have_text("Before the talks")
    expect(brief).to_be_hidden()


def test_tabs_switch_and_outlive_updates_and_reloads(server: Served, visit: Visit, teacher: Teacher) -> None:
    anna, ben = pair(server, visit, teacher)
    teacher.press("Start all tables")
    anna.turn("Your turn: answer the text")
    page = anna.page
    for tab, panel in (("Text", "text"), ("Talk", "talk"), ("Private", "private"), ("Me", "me"), ("Now", "now")):
        anna.open(tab)
        assert [one.get_attribute("id") for one in page.locator(".panel:visible").all()] == [panel]
        expect(page.locator(".tabs [aria-current]")).to_contain_text(tab)
        schemes(page)
    anna.open("Talk")
    page.locator("#say").fill("Half a sentence")
    ben.vote("Accept")  # the page is put in anew, part by part
    expect(page.locator("#who")).to_contain_text("done")
    expect(page.locator("#talk")).to_be_visible()
    expect(page.locator("#say")).to_have_value("Half a sentence")
    page.reload()
    expect(page.locator("#talk")).to_be_visible()
    expect(page.locator("#now")).to_be_hidden()
    page.go_back()
    expect(page.locator("#now")).to_be_visible()
    page.set_viewport_size({**DESKTOP})  # both stand side by side
    expect(page.locator("#text")).to_be_visible()
    fine(page)


def test_what_is_new_is_counted_where_it_is(server: Served, visit: Visit, teacher: Teacher) -> None:
    anna, ben = pair(server, visit, teacher)
    badge = anna.page.locator(".tabs .badge")
    expect(badge).to_have_count(0)
    ben.open("Talk")
    for text in ("One.", "Two."):
        ben.page.locator("#say").fill(text)
        ben.page.get_by_role("button", name="Say it").click()
        expect(ben.page.locator("[data-part=talk]")).to_contain_text(text)
    ben.open("Private")
    ben.page.get_by_label("To", exact=True).select_option(label="Russia")
    ben.page.locator("#whisper").fill("Psst.")
    ben.page.get_by_role("button", name="Send").click()
    bar = anna.page.locator(".tabs")
    expect(bar.get_by_role("link", name="Talk 2 new")).to_be_visible()
    expect(bar.get_by_role("link", name="Private 1 new")).to_be_visible()
    expect(anna.page).to_have_title("(3) Russia · Parley")
    expect(ben.page.locator(".tabs .badge")).to_have_count(0)  # one's own words are not news
    schemes(anna.page)
    anna.page.reload()
    expect(badge).to_have_count(2)
    anna.open("Talk")
    anna.open("Private")
    expect(badge).to_have_count(0)
    expect(anna.page).to_have_title("Russia · Parley")
    message = teacher.page.locator("section[aria-labelledby=message]")
    message.get_by_label("Message", exact=True).fill("Five minutes.")
    with teacher.page.expect_navigation():
        message.get_by_role("button", name="Send").click()
    expect(bar.get_by_role("link", name="Now 1 new")).to_be_visible()


def test_what_is_typed_while_a_form_is_on_its_way_stays(server: Served, visit: Visit, teacher: Teacher) -> None:
    student = Student(visit, server, teacher.make(), "Tom", SMALL)
    student.sit("Russia")
    page = student.page
    student.open("Talk")
    held: list[Route] = []
    page.route("**/seat/say", lambda route: held.append(route))
    page.locator("#say").fill("One.")
    page.get_by_role("button", name="Say it").click()
    expect(page.get_by_role("button", name="Say it")).to_be_disabled()
    page.locator("#say").fill("Two.")
    held[0].continue_()
    page.unroute("**/seat/say")
    expect(page.locator("[data-part=talk]")).to_contain_text("One.")
    expect(page.locator("#say")).to_have_value("Two.")
    page.get_by_role("button", name="Say it").click()
    expect(page.locator("[data-part=talk]")).to_contain_text("Two.")
    expect(page.locator("#say")).to_have_value("")


def test_a_sound_tells_of_ones_turn_unless_it_is_switched_off(server: Served, visit: Visit, teacher: Teacher) -> None:
    code = teacher.make()
    students = []
    for name, chair in (("Anna", "Russia"), ("Ben", "Ukraine")):
        student = Student(visit, server, code, name, SMALL)
        student.page.add_init_script(LISTEN)
        student.sit(chair)
        students.append(student)
    anna, ben = students
    ben.open("Me")
    ben.page.get_by_label("Sound and vibration when it is your turn").uncheck()
    for student in students:
        student.page.reload()
        assert student.page.evaluate("heard") == []  # nothing before the first touch or key
        student.page.keyboard.press("Tab")
    expect(ben.page.locator("#sound-on")).not_to_be_checked()
    teacher.press("Start all tables")
    for student in students:
        student.turn("Your turn: answer the text")
    anna.page.wait_for_function("heard.length > 0 && heard.at(-1) === 'vibration'")
    assert anna.page.evaluate("heard") == ["made", "tone", "tone", "vibration"]
    assert ben.page.evaluate("heard") == []


def test_an_answer_without_a_connection_waits_and_arrives_once(server: Served, visit: Visit, teacher: Teacher) -> None:
    anna, ben = pair(server, visit, teacher)
    teacher.press("Start all tables")
    anna.turn("Your turn: answer the text")
    anna.go("Answer the text", "#vote-says")
    anna.page.get_by_role("radio", name="Reject: worse than no deal").check()
    anna.page.locator("#vote-says").fill("Written in a tunnel.")
    anna.page.context.set_offline(True)
    anna.page.get_by_role("button", name="Answer", exact=True).click()
    lost = anna.page.locator("#lost")
    expect(lost).to_contain_text("Not sent yet: 1. It will be sent when the connection is back.")
    box = lost.bounding_box()
    assert box is not None
    assert 0 <= box["y"] < SMALL["height"] - 40
    schemes(anna.page)
    expect(anna.page.locator("#vote-says")).to_have_value("Written in a tunnel.")
    anna.page.get_by_role("button", name="Answer", exact=True).click()  # pressed again: still one answer
    expect(lost).to_contain_text("Not sent yet: 1.")
    anna.page.context.set_offline(False)
    anna.turn("You have answered")
    expect(lost).to_be_hidden()
    ben.vote("Accept")
    expect(ben.page.locator("[data-part=stand]")).to_contain_text("Written in a tunnel.")
    with teacher.page.expect_download() as taken:
        teacher.page.locator("a[href$='parley-log.json']").click()
    assert taken.value.path().read_text(encoding="utf-8").count("Written in a tunnel.") == 1


def test_what_comes_too_late_is_given_back_in_words(server: Served, visit: Visit, teacher: Teacher) -> None:
    anna, _ = pair(server, visit, teacher, Maximum_number_of_months="3")
    teacher.press("Start all tables")
    anna.turn("Your turn: answer the text")
    anna.go("Answer the text", "#vote-says")
    anna.page.get_by_role("radio", name="Accept").check()
    anna.page.locator("#vote-says").fill("Too late.")
    anna.page.context.set_offline(True)
    anna.page.get_by_role("button", name="Answer", exact=True).click()
    expect(anna.page.locator("#queued")).to_be_visible()
    for _ in range(2):
        teacher.press("Next phase now")
    anna.page.context.set_offline(False)
    expect(anna.page.locator("#refused")).to_contain_text("The talks have moved on")
    expect(anna.page.locator("#refused")).to_contain_text("Too late.")
    expect(anna.page.locator("#queued")).to_be_hidden()


def test_the_end_is_an_event_with_ones_own_gain(server: Served, visit: Visit, teacher: Teacher) -> None:
    code = teacher.make("Ana is cold", Maximum_number_of_months="1")
    names = ("Ana", "Ben", "Cleo")
    students = [Student(visit, server, code, name, SMALL) for name in names]
    for student in students:
        student.sit(student.name)
    teacher.press("Start all tables")
    students[0].open("Talk")
    for student in students:
        student.vote("Accept")
    for student in students:
        result = student.page.locator(".result")
        expect(result).to_contain_text("There is an agreement")
        expect(result).to_contain_text("points compared with no deal")
        told = re.search(r"([+\u2212][\d.]+|0) points compared", result.inner_text())
        assert told is not None
        worse = told[1].startswith("\u2212")
        expect(result).to_contain_text("You signed a deal that is worth less" if worse else "than no deal")
        assert len(re.findall(r"[\d.]+ points", result.inner_text())) == 1  # nobody else's number
        on_first_screen(student.page, student.page.locator(".outcome"))
        expect(student.page.get_by_role("link", name="Answer")).to_have_count(0)
        expect(student.page.locator("#decision")).to_have_count(0)  # the result is said once
        expect(student.page.locator(".tabs")).to_contain_text("Result")
        schemes(student.page)


def test_without_script_all_parts_stand_below_each_other(server: Served, visit: Visit, teacher: Teacher) -> None:
    code = teacher.make()
    page = visit(size=SMALL, javascript=False)
    page.goto(f"{server.address}/j/{code}")
    page.get_by_label("A name for this class").fill("Rosa")
    page.get_by_role("button", name="Join", exact=True).click()
    page.get_by_role("button", name="Give me a seat").click()
    expect(page.locator("#brief")).to_contain_text("You do well")
    page.get_by_role("button", name="I have read it").click()
    expect(page.locator("#brief section")).to_have_count(0)
    teacher.press("Start all tables")
    page.get_by_role("link", name="Refresh").click()
    expect(page).to_have_title("● Your turn \u2013 Russia · Parley")
    for panel in ("now", "act", "text", "talk", "private", "me"):
        expect(page.locator(f"#{panel}")).to_be_visible()
    page.get_by_role("link", name="Answer the text").click()
    expect(page.get_by_label("Reject: worse than no deal")).to_be_in_viewport()
    page.locator(".tabs").get_by_role("link", name="Talk").click()
    expect(page.locator("#say")).to_be_in_viewport()
