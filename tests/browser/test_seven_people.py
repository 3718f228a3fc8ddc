"""Seven people at one table: an agreement where there is a zone, and none where there is no zone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.people import SEVEN, Student, Teacher
from tests.browser.served import Served

FIRST = ("Russia", "Ukraine", "United States")
"""Those who answer first; the others are contributors, and answer when they know these answers."""
DRAFTERS = ("France", "United Kingdom")


def seated(server: Served, visit: Visit, teacher: Teacher, scenario: str, months: str) -> dict[str, Student]:
    """Seven students at the only table of a class that has begun."""
    code = teacher.make(scenario, Maximum_number_of_months=months)
    students = {chair: Student(visit, server, code, name) for chair, name in SEVEN.items()}
    for chair, student in students.items():
        student.sit(chair)
    teacher.press("Start all tables")
    return students


def answered(students: dict[str, Student], **refusals: str) -> None:
    """Everybody answers the text, in the two phases of a month: yes, or with the answer that is given for a seat."""
    for chair in (*FIRST, *(chair for chair in SEVEN if chair not in FIRST)):
        students[chair].vote(refusals.get(chair, "Accept"))


@pytest.mark.slow
def test_seven_people_agree_where_there_is_a_zone(server: Served, visit: Visit) -> None:
    teacher = Teacher(server, visit())
    students = seated(server, visit, teacher, "An American guarantee", "2")
    answered(students, Russia="Reject: worse than no deal")
    for chair in DRAFTERS:
        students[chair].draft(territory="Russia's hold on this land is recognised", sanctions="lifted")
    answered(students)
    for student in students.values():
        result = student.page.locator(".result")
        expect(result).to_contain_text("There is an agreement")
        expect(result).to_contain_text("points compared with no deal")
        expect(result).not_to_contain_text("worth less to you than no deal")
        expect(student.page.locator("#state")).to_have_text("Agreed")
    expect(teacher.table()).to_contain_text("Agreed")


@pytest.mark.slow
def test_seven_people_end_without_an_agreement_where_there_is_no_zone(server: Served, visit: Visit) -> None:
    teacher = Teacher(server, visit())
    students = seated(server, visit, teacher, "A European deterrent force outside NATO", "1")
    answered(students, Russia="Reject: it crosses a red line")
    for student in students.values():
        expect(student.page.locator(".result")).to_contain_text("No agreement")
    expect(teacher.table()).to_contain_text("Blocked by: Russia.")
