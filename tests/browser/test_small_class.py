"""Three students and four agents; phones that are lost; a browser that runs no script."""

from __future__ import annotations

from io import BytesIO

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.browser.conftest import Visit
from tests.browser.looks import DESKTOP, PHONE, fine
from tests.browser.people import Student, Teacher
from tests.browser.served import Served

THREE = {"Russia": "Ines", "Ukraine": "Jan", "France": "Kim"}
AGENTS = ("United States", "Baltic states", "Poland", "United Kingdom")


@pytest.fixture
def teacher(server: Served, visit: Visit) -> Teacher:
    return Teacher(server, visit())


def test_three_students_play_with_four_agents(server: Served, visit: Visit, teacher: Teacher) -> None:
    code = teacher.make(Maximum_number_of_months="2")
    students = {chair: Student(visit, server, code, name) for chair, name in THREE.items()}
    for chair, student in students.items():
        student.sit(chair)
    teacher.press("Start all tables")
    students["Russia"].vote("Reject: it crosses a red line", "No Western troops.")
    students["Ukraine"].vote("Accept")
    students["France"].vote("Accept", "We would send some.")
    students["France"].open("Now")
    answers = students["France"].page.locator("section[aria-labelledby=answers]")
    for agent in AGENTS:
        expect(answers.get_by_text(agent, exact=True)).to_be_visible()
    expect(answers).to_contain_text("The US threatens to withdraw crucial support")  # an agent's public reason
    students["France"].draft(force_size="15,000 troops")
    for student in students.values():
        expect(student.page.locator("#state")).to_contain_text("Month 2 of 2")
    students["Russia"].vote("Reject: worse than no deal")
    students["Ukraine"].vote("Accept")
    students["France"].vote("Accept")
    for student in students.values():
        expect(student.page.locator("#state")).to_have_text("Expired: no agreement in time")


def test_who_loses_the_phone_comes_back_with_the_own_code(server: Served, visit: Visit, teacher: Teacher) -> None:
    code = teacher.make(Maximum_number_of_months="2")
    lost = Student(visit, server, code, "Lea")
    lost.sit("Ukraine")
    other = Student(visit, server, code, "Max")
    other.sit("Russia")
    teacher.press("Start all tables")
    lost.vote("Accept", "Written on the phone.")
    own = lost.own_code
    lost.page.close()

    found = visit(size=DESKTOP)
    found.goto(server.address)
    found.get_by_label("Your own code").fill(own.lower())
    found.get_by_role("button", name="Come back").click()
    expect(found.get_by_role("heading", level=1)).to_have_text("Your role: Ukraine")
    expect(found.locator("[data-part=now]")).to_contain_text("Your answer: accepts.")
    found.get_by_role("link", name="Change my answer").click()
    expect(found.get_by_label("Your reason, in public")).to_have_value("Written on the phone.")
    fine(found)
    # What the other does shows here, too.
    other.vote("Accept", "All right.")
    expect(found.get_by_text("All right.").first).to_be_visible()


def test_two_share_a_chair_and_others_watch(server: Served, visit: Visit, teacher: Teacher) -> None:
    code = teacher.make(Maximum_number_of_months="2")
    first, second, third, watching = (Student(visit, server, code, name) for name in ("Nele", "Olaf", "Pia", "Quirin"))
    Student(visit, server, code, "Rita").sit("Russia")
    first.sit("Ukraine")
    expect(second.page.locator("#table-1")).to_contain_text("with Nele")
    second.sit("Ukraine")
    expect(third.page.locator("#table-1")).to_contain_text("taken by Nele, Olaf")
    expect(third.page.locator("#table-1").get_by_label("Ukraine")).to_be_disabled()
    watching.sit("Watch only")
    fine(watching.page)
    teacher.press("Start all tables")
    first.vote("Accept", "We can live with it.")
    expect(second.page.locator("[data-part=now]")).to_contain_text("Your answer: accepts.")
    expect(watching.page.get_by_role("button", name="Answer")).to_have_count(0)
    watching.page.goto(f"{server.address}/seat/brief")  # which a watcher has none of
    expect(watching.page.get_by_role("heading", level=1)).to_have_text("You are watching")


def test_a_brief_prints_with_the_claims_that_the_screen_folds_away(
    server: Served, visit: Visit, teacher: Teacher
) -> None:
    student = Student(visit, server, teacher.make(), "Tom")
    student.sit("Ukraine")
    student.page.goto(f"{server.address}/seat/brief")
    expect(student.page.get_by_text("NATO is the most robust deterrent")).to_be_hidden()
    paper = " ".join(one.extract_text() for one in PdfReader(BytesIO(student.page.pdf(format="A4"))).pages)
    assert "NATO is the most robust deterrent" in paper
    assert "not a forecast" in paper
    assert "Back to the table" not in paper


def test_a_browser_without_script_plays_all_the_same(server: Served, visit: Visit, teacher: Teacher) -> None:
    code = teacher.make(Maximum_number_of_months="2")
    page = visit(size=PHONE, javascript=False)
    page.goto(f"{server.address}/j/{code}")
    page.get_by_label("A name for this class").fill("Rosa")
    page.get_by_role("button", name="Join", exact=True).click()
    page.get_by_role("button", name="Give me a seat").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your role: Russia")
    teacher.press("Start all tables")
    page.get_by_role("link", name="Refresh").click()
    page.get_by_label("Reject: worse than no deal").check()
    page.get_by_role("button", name="Answer", exact=True).click()
    expect(page.locator("[data-part=stand]")).to_contain_text("worse than no deal")
