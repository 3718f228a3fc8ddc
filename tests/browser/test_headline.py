"""A teacher and seven students play the headline scenario to its end."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.looks import DESKTOP, fine
from tests.browser.people import FIRST, SEVEN, Student, Teacher, debriefed
from tests.browser.served import Served

WALL = {"width": 1280, "height": 720}


@pytest.mark.slow
def test_seven_students_reach_an_agreement_and_look_back(server: Served, visit: Visit) -> None:
    teacher = Teacher(server, visit())
    fine(teacher.page)
    code = teacher.make(Maximum_number_of_months="3")
    console = teacher.console
    fine(teacher.page)
    wall = teacher.page.context.new_page()
    wall.set_viewport_size({**WALL})
    wall.goto(f"{console}/wall")
    expect(wall.get_by_text(code, exact=True)).to_be_visible()
    fine(wall)

    students = {chair: Student(visit, server, code, name) for chair, name in SEVEN.items()}
    fine(students["Russia"].page)
    for chair, student in students.items():
        student.sit(chair)
    ukraine = students["Ukraine"]
    fine(ukraine.page)
    ukraine.page.get_by_role("link", name="Your brief").first.click()
    expect(ukraine.page.get_by_role("heading", name="Your red lines")).to_be_visible()
    fine(ukraine.page)
    ukraine.page.get_by_role("link", name="Back to the table").click()

    expect(teacher.page.get_by_text("7 of 7 people")).to_be_visible()
    teacher.press("Start all tables")
    fine(teacher.page)
    ukraine.turn("Your turn: answer the text")
    fine(ukraine.page)
    for chair in FIRST:
        students[chair].vote("Accept" if chair == "Ukraine" else "Reject: it crosses a red line", f"So says {chair}.")
    for chair in set(SEVEN) - set(FIRST):
        expect(students[chair].page.get_by_text("So says Russia.")).to_be_visible()
        students[chair].vote("Accept", f"So says {chair}.")

    # Month 2: the sponsors' next text shows what has changed, and is accepted by all.
    for chair in ("France", "United Kingdom"):
        students[chair].turn("Your turn: the next text")
    fine(students["France"].page)
    students["France"].draft(force_size="5,000 troops", sanctions="lifted")
    students["United Kingdom"].draft(force_size="5,000 troops", sanctions="lifted")
    for chair in FIRST:
        changed = students[chair].page.locator("[data-part=now] .changed", has_text="Troops")
        expect(changed).to_contain_text("50,000 troops → now 5,000 troops")
        students[chair].vote("Accept")
    for chair in set(SEVEN) - set(FIRST):
        students[chair].vote("Accept")
    for student in students.values():
        expect(student.page.locator("#state")).to_have_text("Agreed")
    expect(wall.get_by_role("heading", name="Agreement")).to_be_visible()
    fine(wall)
    fine(ukraine.page)

    # The debrief opens for all; nobody sees it before.
    ukraine.page.goto(f"{server.address}/seat/debrief")
    expect(ukraine.page.get_by_role("alert")).to_contain_text("not open yet")
    teacher.press("Open the debrief for all")
    fine(teacher.page)
    teacher.page.goto(f"{console}/debrief")
    debriefed(teacher.page)
    for student in students.values():
        student.page.goto(f"{server.address}/seat")
        student.page.get_by_role("link", name="Debrief").first.click()
        debriefed(student.page)
    fine(ukraine.page)
    ukraine.page.get_by_role("link", name="Dispute the model").first.click()
    fine(ukraine.page)
    ukraine.page.get_by_label("Words in it").fill("momentum at the front")
    ukraine.page.get_by_role("button", name="Search").click()
    ukraine.page.locator(".found a").first.click()
    fine(ukraine.page)
    ukraine.page.get_by_label("New value").fill("0.9")
    ukraine.page.get_by_role("button", name="See what changes").click()
    expect(ukraine.page.get_by_role("heading", name="The talks, played by agents alone")).to_be_visible(timeout=300_000)
    fine(ukraine.page)
    expect(teacher.page).to_have_title("Debrief: A European deterrent force outside NATO")
    teacher.page.set_viewport_size({**DESKTOP})
