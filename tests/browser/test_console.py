"""What a teacher does while a class plays, and what the class sees of it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.looks import fine
from tests.browser.people import Student, Teacher
from tests.browser.served import Served


@pytest.fixture
def teacher(server: Served, visit: Visit) -> Teacher:
    return Teacher(server, visit())


@pytest.fixture
def anna(server: Served, visit: Visit, teacher: Teacher) -> Student:
    """Russia, in a class that has just been made."""
    made = Student(visit, server, teacher.make(Maximum_number_of_months="3"), "Anna")
    made.sit("Russia")
    return made


@pytest.fixture
def ben(server: Served, visit: Visit, teacher: Teacher, anna: Student) -> Student:
    """Ukraine, in the same class."""
    made = Student(visit, server, teacher.code, "Ben")
    made.sit("Ukraine")
    return made


def test_pause_and_extend(teacher: Teacher, anna: Student) -> None:
    teacher.press("Start all tables")
    clock = anna.page.locator("[data-part=public] .clock")
    expect(clock).to_have_text(re.compile(r"^(4:00|3:5\d)$"))
    teacher.press("2 minutes more")
    expect(clock).to_have_text(re.compile(r"^(6:00|5:[45]\d)$"))
    teacher.press("Pause")
    expect(anna.page.locator("#turn")).to_have_text("Paused by the teacher")
    expect(anna.page.locator("[data-part=public]")).to_contain_text("Paused")
    fine(teacher.page)
    teacher.press("Resume")
    anna.turn("Your turn: answer the text")


def test_next_phase_and_undo(teacher: Teacher, anna: Student, ben: Student) -> None:
    teacher.press("Start all tables")
    anna.vote("Reject: you want more", "Not yet.")
    first = anna.version.input_value()
    teacher.press("Next phase now")  # Ukraine's agent answers for Ben, and all others sit for themselves
    expect(ben.page.get_by_text("Not yet.")).to_be_visible()
    expect(ben.page.locator("#state")).to_contain_text("Month 2")
    for student in (anna, ben):
        expect(student.version).not_to_have_value(first)
    second = ben.version.input_value()
    teacher.press("Undo the last step")
    expect(ben.page.locator("#state")).to_have_text("Month 1 of 3: first answers")
    for student in (anna, ben):
        expect(student.version).not_to_have_value(second)
    # The step is taken back with its answers, so both answer again.
    ben.vote("Accept")
    anna.vote("Accept", "Well, yes.")
    expect(ben.page.locator("[data-part=stand]")).to_contain_text("Well, yes.")
    expect(ben.page.get_by_text("Not yet.")).to_have_count(0)


def test_an_event_of_the_case_and_one_of_ones_own(teacher: Teacher, anna: Student) -> None:
    teacher.press("Start all tables")
    events = teacher.page.locator("section[aria-labelledby=inject]")
    events.get_by_label("From the case").select_option(label="The US halts its aid to Ukraine")
    with teacher.page.expect_navigation():
        events.get_by_role("button", name="Make it happen").first.click()
    expect(anna.page.locator("[data-part=talk]")).to_contain_text("The US halts its aid to Ukraine")
    events.get_by_text("An event of your own").click()
    events.get_by_label("What happens, in words").fill("A cold winter.")
    events.get_by_label("New value").fill("0.5")
    with teacher.page.expect_navigation():
        events.get_by_role("button", name="Make it happen").last.click()
    expect(anna.page.locator("[data-part=talk]")).to_contain_text("A cold winter.")


def test_a_chair_goes_to_its_agent_and_back(teacher: Teacher, anna: Student, ben: Student) -> None:
    teacher.press("Start all tables")
    ukraine = teacher.table().get_by_role("row", name="Ukraine")
    with teacher.page.expect_navigation():
        ukraine.get_by_role("button", name="Give to its agent").click()
    expect(ben.page.locator("[data-part=now]")).to_contain_text("Your teacher has given this seat to its agent")
    fine(ben.page)
    with teacher.page.expect_navigation():
        ukraine.get_by_role("button", name="Hand back").click()
    expect(ben.page.get_by_text("Your teacher has given this seat")).to_have_count(0)
    ben.vote("Accept", "I am back.")
    anna.vote("Reject: you want more")
    expect(anna.page.get_by_text("I am back.")).to_be_visible()


def test_messages_to_all_and_to_one(teacher: Teacher, anna: Student, ben: Student) -> None:
    message = teacher.page.locator("section[aria-labelledby=message]")
    for to, text in (("everybody", "Five minutes to read."), ("Ben", "Speak up.")):
        message.get_by_label("To", exact=True).select_option(label=to)
        message.get_by_label("Message", exact=True).fill(text)
        with teacher.page.expect_navigation():
            message.get_by_role("button", name="Send").click()
    expect(ben.page.get_by_text("Speak up.")).to_be_visible()
    expect(anna.page.get_by_text("Five minutes to read.")).to_be_visible()
    expect(anna.page.get_by_text("Speak up.")).to_have_count(0)


def test_lock_move_send_out_and_delete(
    server: Served, visit: Visit, teacher: Teacher, anna: Student, ben: Student
) -> None:
    teacher.press("Lock the room")
    late = visit()
    late.goto(f"{server.address}/j/{teacher.code}")
    late.get_by_label("A name for this class").fill("Zoe")
    late.get_by_role("button", name="Join", exact=True).click()
    expect(late.get_by_role("alert")).to_contain_text("locked")
    fine(late)
    teacher.press("Unlock the room")

    ben_here = teacher.page.locator(".people li", has_text="Ben")
    ben_here.locator("summary").click()
    expect(ben_here).to_contain_text(ben.own_code)
    ben_here.get_by_label("Place").select_option(label="Poland")
    with teacher.page.expect_navigation():
        ben_here.get_by_role("button", name="Move", exact=True).click()
    expect(ben.page.get_by_role("heading", level=1)).to_have_text("Your role: Poland")
    ben_here.locator("summary").click()
    fine(teacher.page)
    with teacher.page.expect_navigation():
        teacher.page.get_by_role("button", name="Remove Ben").click()
    expect(ben.page.get_by_role("alert")).to_contain_text("no place in a class")

    code = teacher.code
    teacher.page.get_by_text("Delete this class").click()
    teacher.page.get_by_label(f"Type the code {code}").fill(code)
    teacher.press("Delete for good")
    expect(teacher.page.get_by_text(code, exact=True)).to_have_count(0)
    expect(anna.page.get_by_role("alert")).to_contain_text("no place in a class")  # without a reload


def test_sheets_and_messages_that_are_off(server: Served, visit: Visit, teacher: Teacher) -> None:
    teacher.choose("A European deterrent force outside NATO")
    teacher.page.get_by_label("Score sheets").uncheck()
    teacher.page.get_by_label("Private messages between seats").uncheck()
    teacher.page.get_by_label("Basic").check()
    teacher.page.get_by_role("button", name="Make the class").first.click()
    student = Student(visit, server, teacher.code, "Ida")
    student.sit("Ukraine")
    teacher.press("Start all tables")
    student.turn("Your turn: answer the text")
    expect(student.page.locator("[data-part=now]")).to_contain_text("switched off score sheets")
    for part in ("now", "turn", "worth"):
        expect(student.page.locator(f"[data-part={part}]")).not_to_contain_text("points")
    expect(student.page.get_by_text("Private")).to_have_count(0)
    student.page.get_by_role("link", name="Your brief").first.click()
    expect(student.page.get_by_role("heading", name="What you want")).to_be_visible()
    expect(student.page.get_by_text("Walk away from a text that is worth less to you than no deal.")).to_be_visible()
    expect(student.page.get_by_text("NATO is the most robust deterrent")).to_be_hidden()  # claims are folded away
    student.page.get_by_text("What this is based on").click()
    expect(student.page.get_by_text("NATO is the most robust deterrent")).to_be_visible()
    fine(student.page)


def test_what_was_not_sent_in_time_is_offered_again(teacher: Teacher, anna: Student) -> None:
    teacher.press("Start all tables")
    anna.turn("Your turn: answer the text")
    anna.go("Answer the text", "#vote-says")
    anna.page.get_by_role("radio", name="Reject: it crosses a red line").check()
    anna.page.locator("#vote-says").fill("Never!")
    anna.page.wait_for_timeout(1_000)
    teacher.press("Next phase now")
    notes = anna.page.locator("[data-part=notes]")
    expect(notes).to_contain_text(re.compile(r"Your agent answered for you in month 1\. Its answer: [a-z ]+\."))
    anna.go("Give your own answer", "#answer-title")
    anna.page.locator("#late summary").click()
    expect(anna.page.locator("#vote-sayslate")).to_have_value("Never!")
    with anna.page.expect_navigation():
        anna.page.get_by_role("button", name="Answer in place of the agent").click()
    expect(anna.page.locator("[data-part=stand]")).to_contain_text("Never!")
    expect(notes).not_to_contain_text("Your agent answered for you")
