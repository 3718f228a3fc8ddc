"""The page for the wall: it can be read from the back row, in light and dark, and shows the result as an event."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.looks import DESKTOP, WALL, accessible, fine, whole_words
from tests.browser.people import Student, Teacher
from tests.browser.served import Served

BACK_ROW = 28
"""Pixels of the smallest letters on a screen of 1920 pixels that the back row reads."""
SIZES = """
() => {
  const sizes = {}, walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    if (node.data.trim() && node.parentElement.getBoundingClientRect().width > 1)
      sizes[node.data.trim()] = parseFloat(getComputedStyle(node.parentElement).fontSize);
  return sizes;
}
"""


def readable(page: Page, smallest: float = BACK_ROW) -> None:
    """Fail if a page of 1920 pixels has smaller letters, or has to be scrolled."""
    sizes = page.evaluate(SIZES)
    assert {text: size for text, size in sizes.items() if size < smallest} == {}
    high = page.evaluate("() => document.documentElement.scrollHeight")
    assert high <= WALL["height"], f"the page is {high} high"
    whole_words(page, WALL, DESKTOP)


def in_the_dark(page: Page) -> None:
    """Fail if axe finds anything wrong with a page in dark mode."""
    page.emulate_media(color_scheme="dark")
    accessible(page)
    page.emulate_media(color_scheme="light")


@pytest.mark.slow
def test_the_back_row_reads_the_negotiation_and_its_result(server: Served, visit: Visit) -> None:
    teacher = Teacher(server, visit())
    code = teacher.make(Maximum_number_of_months="2")
    students = {}
    for chair, name in (("Russia", "Ann"), ("Ukraine", "Ulf"), ("France", "Fay")):
        students[chair] = Student(visit, server, code, name)
        students[chair].sit(chair)
    wall = teacher.page.context.new_page()
    wall.set_viewport_size({**WALL})
    wall.goto(f"{teacher.console}/wall")
    expect(wall.get_by_text("Ulf")).to_be_visible()
    readable(wall)
    in_the_dark(wall)

    teacher.press("Start all tables")
    wall.bring_to_front()
    expect(wall.get_by_role("heading", name="Month 1 of 2: first answers")).to_be_visible()
    students["Russia"].vote("Reject: it crosses a red line", "Never. " * 60)
    students["Ukraine"].vote("Accept", "We need a force that can fight.")
    students["France"].vote("Accept", "We would send some.")
    students["France"].draft(force_size="30,000 troops", nato_path="given up for good")
    text = wall.locator("section[aria-labelledby=wall-text]")
    expect(text.get_by_role("listitem").first).to_contain_text("50,000 troops → 30,000 troops")
    expect(wall.locator("section[aria-labelledby=wall-stands]")).to_contain_text("last month: a red line")
    expect(wall.locator("section[aria-labelledby=wall-lines]")).to_contain_text("Russia: No European troops")
    expect(wall.locator("section[aria-labelledby=wall-past]")).to_contain_text("Poland block")
    readable(wall)
    in_the_dark(wall)
    fine(wall)

    students["Russia"].vote("Reject: worse than no deal")
    students["Ukraine"].vote("Accept")
    students["France"].vote("Accept")
    expect(wall.get_by_role("heading", name="No agreement")).to_be_visible()
    expect(wall.locator("section[aria-labelledby=wall-stands]")).to_contain_text("Russia ✗ worse than no deal")
    readable(wall)
    in_the_dark(wall)
    fine(wall)
    motion = "() => getComputedStyle(document.querySelector('.result')).animationName"
    assert wall.evaluate(motion) == "none"
    wall.emulate_media(reduced_motion="no-preference")
    assert wall.evaluate(motion) == "rise"


def test_twenty_tables_stand_on_the_wall_without_scrolling(server: Served, visit: Visit) -> None:
    teacher = Teacher(server, visit())
    code = teacher.make(tables=20)
    Student(visit, server, code, "Uma").sit("United States", table=20)
    teacher.press("Start all tables")
    wall = teacher.page.context.new_page()
    wall.set_viewport_size({**WALL})
    wall.goto(f"{teacher.console}/wall")
    expect(wall.get_by_role("heading", name="Table 20: Month 1")).to_be_visible()
    readable(wall, smallest=20)
    in_the_dark(wall)
    teacher.press("End all talks")
    wall.bring_to_front()
    expect(wall.get_by_text("Tables with an agreement: 0 of 20.")).to_be_visible()
    readable(wall, smallest=20)
