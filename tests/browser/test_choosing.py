"""A teacher chooses a scenario, makes a class and conducts it; students answer before and after."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.keyboard import Keyboard
from tests.browser.looks import PHONE, fine, whole_words
from tests.browser.people import Student, Teacher
from tests.browser.served import Served


@pytest.mark.parametrize("javascript", [True, False])
def test_a_scenario_is_chosen_by_its_card_and_rehearsed_first(server: Served, visit: Visit, javascript: bool) -> None:
    page = visit(javascript=javascript)
    page.goto(server.link)
    if javascript:
        fine(page)
    page.get_by_label("Case").select_option("Three flatmates")
    page.get_by_label("Only those in which an agreement is possible").check()
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("link", name=re.compile("^Choose: "))).to_have_count(2)
    page.get_by_role("link", name="Rehearse: Ana is cold").click()
    expect(page.get_by_role("heading", name="How the talks end when agents play alone")).to_be_visible(timeout=120_000)
    if javascript:
        fine(page)
    page.get_by_role("link", name="Choose").click()
    if javascript:
        fine(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("New class: Ana is cold")
    page.get_by_role("button", name="Make the class").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ana is cold")


def test_the_first_card_is_the_recommended_one_and_the_keyboard_reaches_it(server: Served, visit: Visit) -> None:
    page = visit()
    page.goto(server.link)
    first = page.locator(".scenario").first
    expect(first).to_contain_text("Recommended for a first class")
    keys = Keyboard(page)
    keys.send(first.get_by_role("link", name=re.compile("^Choose: ")))
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^New class: "))


def test_students_are_seated_listed_and_warned(server: Served, visit: Visit) -> None:
    teacher = Teacher(server, visit())
    code = teacher.make("Ana is cold", tables=2, Minutes_for_each_phase="1")
    students = [Student(visit, server, code, name) for name in ("Ada", "Bo", "Cy")]
    teacher.page.reload()
    expect(teacher.page.locator("[data-part=now]")).to_contain_text("Waiting for a seat: 3.")
    teacher.press("Seat them evenly")
    expect(students[0].page.get_by_role("heading", level=1)).to_have_text(re.compile("Your role"))
    teacher.page.get_by_role("link", name="List of students").click()
    fine(teacher.page)
    whole_words(teacher.page, PHONE)
    teacher.page.get_by_label("Names").fill("Dee; Cleo; 2\nEd; Nobody")
    teacher.page.get_by_role("button", name="Give these roles").click()
    expect(teacher.page.get_by_role("alert")).to_contain_text("Line 2: there is no seat 'Nobody'")
    fine(teacher.page)
    teacher.page.get_by_label("Names").fill("Dee; Cleo; 2")
    teacher.page.get_by_role("button", name="Give these roles").click()
    link = teacher.page.get_by_role("row", name="Dee").get_by_role("link").get_attribute("href")
    dee = visit()
    dee.goto(f"{server.address}{re.sub('^http://[^/]+', '', link or '')}")
    fine(dee)
    dee.locator("form[action='/resume'] button").click()
    expect(dee.get_by_role("heading", level=1)).to_have_text("Your role: Cleo")
    teacher.page.goto(teacher.console)
    teacher.press("Start all tables")
    # The phase lasts a minute, so the warning is there at once, on phones and on the wall.
    expect(dee.get_by_text(re.compile("Less than a minute left|15 seconds left")).first).to_be_visible()
    wall = visit()
    wall.context.add_cookies(teacher.page.context.cookies())
    wall.goto(f"{teacher.console}/wall")
    teacher.page.get_by_text("Breakout", exact=True).first.click()
    teacher.press("Start the breakout")
    for page in (wall, dee, teacher.page):
        expect(page.locator(".clock[data-over]").first).to_have_text(re.compile(r"^(5:00|4:5\d)$"))
    fine(wall)
    teacher.page.get_by_role("link", name="Live numbers of table 1").click()
    expect(teacher.page.locator("table.numbers tbody tr")).to_have_count(3)
    fine(teacher.page)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_student_answers_before_and_after(server: Served, visit: Visit, javascript: bool) -> None:
    teacher = Teacher(server, visit())
    teacher.choose("Ana is cold")
    page = teacher.page
    page.get_by_label("Maximum number of months").fill("1")
    for label in ("Short survey before and after", "Comprehension check", "Reflection after the talks"):
        page.get_by_label(label).check()
    page.get_by_role("button", name="Make the class").first.click()
    made = visit(javascript=javascript, size={"width": 390, "height": 844})
    made.goto(f"{server.address}/j/{teacher.code}")
    made.get_by_label("A name for this class").fill("Ida")
    made.get_by_role("button", name="Join", exact=True).click()
    made.get_by_label("Cleo").check()
    made.get_by_role("button", name="Take this seat").click()
    expect(made.locator('a[href="/seat/check"]')).to_be_attached()  # on a phone, it waits behind the brief
    made.goto(f"{server.address}/seat/check")
    if javascript:
        fine(made)
    made.get_by_label("She cannot pay a cleaner").check()
    made.get_by_role("button", name="Answer").first.click()
    expect(made.get_by_text("✓ Right.")).to_be_visible()
    made.goto(f"{server.address}/seat/survey")
    if javascript:
        fine(made)
        whole_words(made, PHONE)
    for statement in made.get_by_role("group").all():
        statement.get_by_label("agree", exact=True).check()
    made.get_by_role("button", name="Save").click()
    expect(made.get_by_role("status").last).to_contain_text("Saved.")
    teacher.press("Start all tables")
    teacher.press("End the talks")
    made.goto(f"{server.address}/seat")
    expect(made.locator('a[href="/seat/reflection"]')).to_be_attached()
    made.goto(f"{server.address}/seat/reflection")
    if javascript:
        fine(made)
    made.get_by_label("What did you want most").fill("Peace and quiet.")
    made.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Participation, surveys").click()
    expect(page.get_by_text("Peace and quiet.")).to_be_visible()
    fine(page)
    with page.expect_download() as taken:
        page.get_by_role("link", name="Participation per student: for Excel in Europe").click()
    assert taken.value.suggested_filename == "parley-participation-europe.csv"
