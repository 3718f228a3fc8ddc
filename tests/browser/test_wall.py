"""The page for the wall: it can be read from the back row, in light and dark, and shows the result as an event."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from sim.report.document.slides import SLIDES_MOST
from tests.browser.conftest import Visit
from tests.browser.keyboard import Keyboard
from tests.browser.looks import DESKTOP, PHONE, WALL, accessible, fine, whole_words
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
    expect(wall.locator("section[aria-labelledby=wall-stands]")).to_contain_text("last month: crosses a red line")
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
    motion = "() => getComputedStyle(document.querySelector('.announced')).animationName"
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


def test_the_wall_is_light_or_dark_by_choice(server: Served, visit: Visit) -> None:
    teacher = Teacher(server, visit())
    teacher.make()
    wall = teacher.page.context.new_page()
    wall.set_viewport_size({**WALL})
    wall.goto(f"{teacher.console}/wall")
    ground = "() => getComputedStyle(document.documentElement).backgroundColor"
    light = wall.evaluate(ground)
    Keyboard(wall).to(wall.get_by_role("button", name="Dark mode"))
    wall.keyboard.press("Enter")
    dark = wall.evaluate(ground)
    assert dark != light
    fine(wall)
    readable(wall)
    wall.reload()
    assert wall.evaluate(ground) == dark, "this device remembers the choice"
    wall.get_by_role("button", name="Light mode").click()
    assert wall.evaluate(ground) == light
    wall.emulate_media(color_scheme="dark")
    assert wall.evaluate(ground) == dark, "the choice was the system's again, so the page follows it"
    wall.get_by_role("button", name="Light mode").click()
    assert wall.evaluate(ground) == light
    fine(wall)

    teacher.page.goto(f"{teacher.console}/wall-link")
    plain = visit(javascript=False)
    plain.goto(teacher.page.locator("main .said").inner_text())
    assert plain.evaluate(ground) == light
    plain.emulate_media(color_scheme="dark")
    assert plain.evaluate(ground) == dark
    expect(plain.locator("header button")).to_be_hidden()


@pytest.mark.slow
def test_the_debrief_is_turned_with_the_arrow_keys_and_without_script(server: Served, visit: Visit) -> None:
    teacher = Teacher(server, visit())
    code = teacher.make(Maximum_number_of_months="1")
    student = Student(visit, server, code, "Ann")
    student.sit("Russia")
    teacher.press("Start all tables")
    student.vote("Reject: it crosses a red line")
    expect(teacher.table()).to_contain_text("Expired")
    teacher.press("Open the debrief for all")
    wall = teacher.page.context.new_page()
    wall.set_viewport_size({**WALL})
    wall.goto(f"{teacher.console}/wall")
    wall.get_by_role("link", name="The debrief as slides").click()
    heading = wall.locator("#slide")
    expect(heading).to_have_text("What happened")
    seen = []
    for _ in range(SLIDES_MOST):
        seen.append(heading.inner_text())
        smallest = min(wall.evaluate(SIZES).values())
        assert smallest >= BACK_ROW or wall.locator("svg").count(), seen
        assert wall.evaluate("() => document.documentElement.scrollHeight") <= WALL["height"], seen
        fine(wall)
        in_the_dark(wall)
        if not wall.locator("a[rel=next]").count():
            break
        wall.keyboard.press("ArrowRight")
        expect(wall.locator(".of")).to_contain_text(f"Slide {len(seen) + 1} of")
    assert seen[-1] == "Questions for the discussion"
    assert "Why Russia said no" in seen
    wall.keyboard.press("ArrowLeft")
    expect(heading).to_have_text(seen[-2])
    wall.go_back()
    expect(heading).to_have_text(seen[-1])

    plain = visit(size=PHONE, javascript=False)
    plain.goto(f"{server.address}")
    plain.get_by_label("Your own code").fill(student.own_code)
    plain.get_by_role("button", name="Come back").click()
    plain.goto(f"{server.address}/seat/debrief/slides")
    expect(plain.locator("#slide")).to_have_text("What happened")
    plain.get_by_role("link", name="Next").click()
    expect(plain.locator("#slide")).to_have_text(seen[1])
    expect(plain.get_by_role("button", name="Full screen")).to_be_hidden()

    # A phone's debrief begins with its owner's seat, also in the dark.
    page = student.page
    page.goto(f"{server.address}/seat/debrief")
    expect(page.locator("h2").first).to_have_text("Your seat: Russia")
    fine(page)
    in_the_dark(page)
    page.goto(f"{server.address}/seat/dispute")
    page.get_by_label("Whose number").select_option(label="Russia")
    page.get_by_label("Words in it").fill("troops price")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Russia: No European troops").click()
    expect(page.get_by_role("heading", name="The number now")).to_be_visible()
    page.get_by_label("New value").fill("0")
    page.get_by_role("button", name="See what changes").click()
    expect(page.get_by_role("heading", name="It makes")).to_be_visible()
    fine(page)
    in_the_dark(page)
