"""Two tables in parallel, and how they compare; the links that go to other machines."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.looks import DESKTOP, WALL, fine, whole_words
from tests.browser.people import Student, Teacher, debriefed
from tests.browser.served import Served


def test_two_tables_and_their_comparison(server: Served, visit: Visit) -> None:
    teacher = Teacher(server, visit())
    code = teacher.make("Ana is cold", tables=2, Maximum_number_of_months="1")
    console = teacher.console
    fine(teacher.page)
    ana = [Student(visit, server, code, name) for name in ("Sol", "Tia")]
    for number, student in enumerate(ana, 1):
        student.sit("Ana", table=number)
    fine(ana[1].page)
    wall = teacher.page.context.new_page()
    wall.goto(f"{console}/wall")
    teacher.press("Start all tables")
    ana[0].vote("Reject: it crosses a red line")
    ana[1].vote("Accept", "Table two agrees.")
    for number in (1, 2):
        expect(wall.locator(f"section[aria-labelledby=wall-{number}]")).to_be_visible()
    fine(wall)
    whole_words(wall, DESKTOP, WALL)
    expect(ana[0].page.get_by_text("Table two agrees.")).to_have_count(0)  # what one table says stays there
    teacher.page.goto(console)
    fine(teacher.page)
    whole_words(teacher.page, DESKTOP)
    teacher.press("Open the debrief for all")
    teacher.page.goto(f"{console}/debrief")
    debriefed(teacher.page)
    together = teacher.page.locator("section[aria-labelledby=together]")
    for number in (1, 2):
        expect(together.get_by_role("link", name=f"Table {number}")).to_be_visible()
    fine(teacher.page)


def test_eight_tables_stand_on_the_wall_without_scrolling(server: Served, visit: Visit) -> None:
    teacher = Teacher(server, visit())
    code = teacher.make(tables=8)
    student = Student(visit, server, code, "Uma")
    student.sit("United States", table=2)
    wall = teacher.page.context.new_page()
    wall.set_viewport_size({**WALL})
    wall.goto(f"{teacher.console}/wall")
    teacher.press("Start all tables")
    teacher.press("Next phase at all tables")
    expect(wall.locator("section[aria-labelledby=wall-2]")).to_contain_text("Month 2")
    whole_words(wall, WALL)
    whole_words(teacher.page, DESKTOP)
    last = wall.locator("section[aria-labelledby=wall-8]").bounding_box()
    assert last is not None
    assert last["y"] + last["height"] <= WALL["height"]
    fine(wall)
    teacher.press("End all talks")
    for number in (1, 2, 8):
        expect(teacher.table(number)).to_contain_text("Expired")


def test_the_page_for_the_wall_opens_on_another_machine(server: Served, visit: Visit) -> None:
    teacher = Teacher(server, visit())
    code = teacher.make()
    teacher.page.get_by_role("link", name="Link to the page for the wall").click()
    fine(teacher.page)
    link = teacher.page.locator("main .said").inner_text()
    beamer = visit()
    beamer.goto(link)
    expect(beamer).to_have_url(f"{server.address}/wall")
    expect(beamer.get_by_text(code, exact=True)).to_be_visible()
    beamer.goto(f"{server.address}/teacher")
    expect(beamer.get_by_role("alert")).to_contain_text("This page is for the teacher")
