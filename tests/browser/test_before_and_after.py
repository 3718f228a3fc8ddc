"""Before the class a rehearsal; after the talks a better deal for all, and what can be taken home."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.looks import fine
from tests.browser.people import Student, Teacher, debriefed
from tests.browser.served import Served

FILES = ("parley-debrief.html", "parley-tables.csv", "parley-answers.csv", "parley-debrief.json")


def test_a_rehearsal_warns_of_talks_that_cannot_end_well(server: Served, visit: Visit) -> None:
    teacher = Teacher(server, visit())
    teacher.make()
    teacher.page.get_by_role("link", name="Rehearse").click()
    expect(teacher.page.get_by_role("columnheader", name="3")).to_be_visible(timeout=300_000)
    expect(teacher.page.get_by_role("alert")).to_contain_text("no")
    fine(teacher.page)


def test_a_file_that_is_still_being_computed_says_so_and_then_comes(server: Served, visit: Visit) -> None:
    teacher = Teacher(server, visit())
    page = teacher.page
    teacher.make("Ana is cold", Maximum_number_of_months="1")
    teacher.press("Start all tables")
    page.clock.install()  # the page asks again by itself; here not before it has been looked at
    page.goto(f"{teacher.console}/export/parley-answers.csv")
    expect(page.get_by_role("status").last).to_contain_text("computed")
    fine(page)
    with page.expect_download(timeout=120_000) as taken:
        page.clock.resume()
    assert taken.value.suggested_filename == "parley-answers.csv"


def test_a_better_deal_for_all_after_the_signing(server: Served, visit: Visit, tmp_path: Path) -> None:
    teacher = Teacher(server, visit())
    code = teacher.make("Pay somebody", Maximum_number_of_months="1")
    students = [Student(visit, server, code, name) for name in ("Ana", "Ben", "Cleo")]
    for student in students:
        student.sit(student.name)
    teacher.press("Start all tables")
    for student in students:
        student.vote("Accept")
    expect(students[0].page.locator("#turn")).to_have_text("The talks are over")
    teacher.page.goto(f"{teacher.console}/debrief")
    debriefed(teacher.page)
    # What a mediator could offer now is put before all chairs, and each says yes or no.
    teacher.page.get_by_text("Table 1: better for all").click()
    with teacher.page.expect_navigation():
        teacher.page.get_by_role("button", name="Put this to the table").first.click()
    for student in students:
        expect(student.page.locator("#settle")).to_be_visible()
        fine(student.page)
        with student.page.expect_navigation():
            student.page.get_by_role("button", name="I accept it").click()
    expect(students[0].page.locator("[data-part=settle]")).to_contain_text("Cleo")
    console = teacher.console
    teacher.page.goto(f"{console}/debrief")
    debriefed(teacher.page)
    _files(teacher.page, tmp_path)


def _files(page: Page, folder: Path) -> None:
    """Every file of the debrief is a download, and is what its name says."""
    for name in FILES:
        with page.expect_download() as taken:
            page.locator(f"a[href$='{name}']").click()
        taken.value.save_as(folder / name)
    told = json.loads((folder / "parley-debrief.json").read_text(encoding="utf-8"))
    assert told["tables"][0]["settlement"]["accepted"]
    rows = list(csv.reader((folder / "parley-answers.csv").read_text(encoding="utf-8").splitlines()))
    assert len(rows) == 1 + 3, "one answer of each of three"
    assert "not a forecast" in (folder / "parley-debrief.html").read_text(encoding="utf-8")
