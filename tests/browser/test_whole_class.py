"""A whole class in the browser: seven students who cannot agree, and fourteen at two tables that end differently."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.looks import WALL, fine
from tests.browser.people import FIRST, SEVEN, Student, Teacher, debriefed, seated
from tests.browser.served import Served

OTHERS = dict(zip(SEVEN, ("Hana", "Ivan", "Jill", "Kris", "Lena", "Marc", "Nora"), strict=True))
"""The people of a second table."""
REJECTED = "Reject: it crosses a red line"
LAST = {
    "never": "The last text crossed a red line that you refuse at any price.",
    "better": "The last text would have left you better off than no deal.",
    "worse": "The last text was worth less to you than no deal.",
}
"""What a phone says at the end about the text that failed, by what it was worth to its seat."""


def live_numbers(teacher: Teacher) -> dict[str, list[str]]:
    """What the console alone shows: each seat's surplus, the worth of its text, and of no deal."""
    teacher.page.get_by_role("link", name="Live numbers").first.click()
    rows = teacher.page.locator("table.numbers tbody tr")
    expect(rows).to_have_count(len(SEVEN))
    return {row.locator("th").inner_text(): row.locator("td").all_inner_texts() for row in rows.all()}


def meant(surplus: str) -> str:
    """Which sentence fits a surplus of the console."""
    return "never" if "red line" in surplus else "better" if "+" in surplus else "worse"


def shows_no_numbers(wall: Page, numbers: dict[str, list[str]]) -> None:
    """Fail if the page for the wall shows a seat's number, or any points at all."""
    words = wall.locator("main").inner_text()
    assert "points" not in words
    shown = set(re.findall(r"[-+\u2212]?\d[\d.,]*", words))
    secret = {number for row in numbers.values() for cell in row for number in re.findall(r"\d+\.\d", cell)}
    assert secret, numbers
    assert not shown & secret


@pytest.mark.slow
def test_seven_students_cannot_agree_where_no_text_is_acceptable(server: Served, visit: Visit) -> None:
    teacher = Teacher(server, visit())
    code = teacher.make("The same force under NATO's banner")
    console = teacher.console
    students = seated(visit, server, code, SEVEN)
    wall = teacher.page.context.new_page()
    wall.set_viewport_size({**WALL})
    wall.goto(f"{console}/wall")
    teacher.press("Start all tables")
    numbers = live_numbers(teacher)
    for chair, student in students.items():
        student.vote(REJECTED if chair == "Russia" else "Accept", f"So says {chair}.")

    # Every screen says that the talks failed; each phone says what that means to its own seat, and no other's.
    for chair, student in students.items():
        result = student.page.locator("section.result")
        expect(result).to_contain_text("No agreement: no move was left")
        expect(result).to_contain_text("You leave with what no deal is worth to you.")
        expect(result).to_contain_text(LAST[meant(numbers[chair][0])])
    assert {meant(row[0]) for row in numbers.values()} >= {"never", "better"}
    fine(students["Russia"].page)
    wall.bring_to_front()
    expect(wall.get_by_role("heading", name="No agreement")).to_be_visible()
    expect(wall.locator("main")).to_contain_text("The talks reached an impasse in month 1: no move was left.")
    expect(wall.locator(".blockers")).to_contain_text("Russia")
    expect(wall.get_by_role("link", name="The debrief as slides")).to_have_count(0)
    shows_no_numbers(wall, numbers)
    expect(teacher.page.locator("[data-part=now]")).to_contain_text("The talks are over: Impasse: no move is left")
    expect(teacher.table()).to_contain_text("Blocked by: Russia")

    teacher.press("Open the debrief for all")
    teacher.page.goto(f"{console}/debrief")
    debriefed(teacher.page)
    outcome = teacher.page.locator("section[aria-labelledby=table-1] .result").first
    expect(outcome).to_contain_text("impasse")
    assert outcome.evaluate("(one) => getComputedStyle(one).textAlign") == "start", "it is not the card of a phone"
    expect(teacher.page.locator("section[aria-labelledby=questions]")).not_to_contain_text("last within reach")
    for chair, student in students.items():
        student.page.goto(f"{server.address}/seat/debrief")
        expect(student.page.locator("h2").first).to_have_text(f"Your seat: {chair}")
        story = student.page.locator("section.mine")
        expect(story).to_have_count(1)
        expect(story).to_contain_text("There was no agreement, so your seat kept what no deal is worth to it.")
    wall.bring_to_front()
    expect(wall.get_by_role("link", name="The debrief as slides")).to_be_visible()


def hears_nothing(student: Student, *words: str) -> None:
    """Fail if anything of another table is on a student's page, seen or folded away."""
    page = student.page.content()
    assert not [one for one in words if one in page], student.name


@pytest.mark.slow
def test_two_tables_hear_nothing_of_each_other_and_are_compared(server: Served, visit: Visit) -> None:
    teacher = Teacher(server, visit())
    code = teacher.make("An American guarantee", tables=2, Maximum_number_of_months="2")
    console = teacher.console
    one, two = seated(visit, server, code, SEVEN), seated(visit, server, code, OTHERS, table=2)
    expect(teacher.page.get_by_text("14 of 14 people")).to_be_visible()
    teacher.press("Start all tables")
    for number, table in enumerate((one, two), 1):
        table["Poland"].say(f"Spoken at table {number}.")
        table["Ukraine"].whisper("Russia", f"Whispered at table {number}.")
        for chair in FIRST:
            table[chair].vote(REJECTED if chair == "Russia" else "Accept", f"Answered at table {number}.")
    for table in (one, two):
        for chair in set(SEVEN) - set(FIRST):
            table[chair].vote("Accept")
        table["United Kingdom"].turn("Your turn: the next text")
    for chair in ("France", "United Kingdom"):
        one[chair].draft(sanctions="lifted")
        two[chair].draft(arms="armed to the hilt")
    for table in (one, two):
        for chair in FIRST:
            table[chair].vote(REJECTED if chair == "Russia" and table is two else "Accept")
        for chair in set(SEVEN) - set(FIRST):
            table[chair].vote("Accept")
    for student in one.values():
        expect(student.page.locator("section.result")).to_contain_text("There is an agreement")
    for student in two.values():
        expect(student.page.locator("section.result")).to_contain_text("No agreement: time ran out")
    expect(one["Russia"].page.locator("#private")).to_contain_text("Whispered at table 1.")
    for table, other in ((one, 2), (two, 1)):
        names = (OTHERS if other == 2 else SEVEN).values()
        for student in table.values():
            hears_nothing(
                student, *(f"{what} at table {other}." for what in ("Spoken", "Whispered", "Answered")), *names
            )
    expect(teacher.page.locator("[data-part=now]")).to_contain_text("Tables with an agreement: 1 of 2.")
    wall = teacher.page.context.new_page()
    wall.set_viewport_size({**WALL})
    wall.goto(f"{console}/wall")
    for number, text in ((1, "kept → lifted"), (2, "armed to the hilt")):
        expect(wall.locator(f"section[aria-labelledby=wall-{number}] .diff")).to_contain_text(text)
    assert wall.evaluate("() => document.documentElement.scrollHeight") <= WALL["height"]

    # The class's debrief compares the tables; a student's debrief begins with that student's own seat.
    teacher.press("Open the debrief for all")
    teacher.page.goto(f"{console}/debrief")
    debriefed(teacher.page)
    rows = teacher.page.locator("section[aria-labelledby=together] table").first.locator("tbody tr")
    expect(rows.nth(0)).to_contain_text(re.compile("Table 1.*agreed", re.DOTALL))
    expect(rows.nth(1)).to_contain_text(re.compile("Table 2.*expired", re.DOTALL))
    for table, gain in ((one, "You signed a text"), (two, "There was no agreement")):
        page = table["Ukraine"].page
        page.goto(f"{server.address}/seat/debrief")
        expect(page.locator("section.mine")).to_contain_text(gain)
