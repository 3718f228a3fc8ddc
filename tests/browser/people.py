"""A class in front of its browsers: a teacher and students, who do what stands on their pages."""

from __future__ import annotations

import re
from collections.abc import Mapping

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit
from tests.browser.looks import PHONE
from tests.browser.served import Served

SEVEN = {
    "Russia": "Anna",
    "Ukraine": "Ben",
    "United States": "Cleo",
    "Baltic states": "Dana",
    "France": "Emil",
    "Poland": "Fay",
    "United Kingdom": "Gus",
}
"""The chairs of the headline scenario, and who takes them."""
FIRST = ("Russia", "Ukraine", "United States")
"""Those of them who fight, and the party: they answer before the contributors do."""


ASKED_FIRST = {
    "Open the debrief for all": "Open the debrief for all",
    "Undo the last step": "Undo the last step",
    "End the talks": "End the talks",
    "End all talks": "End the talks",
}
"""The buttons that lead to a page that asks whether the teacher is sure."""


class Teacher:
    """The teacher, at a laptop."""

    def __init__(self, server: Served, page: Page) -> None:
        self.page, self.server = page, server
        page.goto(server.link)

    def make(self, scenario: str = "A European deterrent force outside NATO", tables: int = 1, **fields: str) -> str:
        """Make a class, and return its code."""
        page = self.page
        self.choose(scenario)
        page.get_by_label("Tables", exact=True).fill(str(tables))
        for label, value in fields.items():
            page.get_by_label(label.replace("_", " "), exact=True).fill(value)
        page.get_by_role("button", name="Make the class").first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text(scenario)
        return self.code

    def choose(self, scenario: str) -> None:
        """Choose a scenario by its card, which leads to the settings."""
        self.page.goto(f"{self.server.address}/teacher")
        for folded in self.page.locator("details summary").all():
            folded.click()  # scenarios with one round
        self.page.get_by_role("link", name=f"Choose: {scenario}", exact=True).click()

    @property
    def code(self) -> str:
        """The code of the room that the console shows."""
        return self.page.locator("[data-part=room] .code").first.inner_text()

    @property
    def console(self) -> str:
        """The address of the console, from any page of it."""
        return "/".join(self.page.url.split("#")[0].split("/")[:5])

    def press(self, name: str) -> None:
        """Press a button of the console, and wait for the answer."""
        self.page.bring_to_front()  # a tab behind the wall's is painted once a second
        for button in [f"{name} …", ASKED_FIRST[name]] if name in ASKED_FIRST else [name]:
            with self.page.expect_navigation():
                self.page.get_by_role("button", name=button, exact=True).first.click()
        alerts = self.page.get_by_role("alert").all_inner_texts()
        assert not alerts, f"after '{name}': {alerts}"

    def table(self, number: int = 1) -> Locator:
        """The part of the console that is about a table."""
        return self.page.locator(f"section[aria-labelledby=table-{number}]")


class Student:
    """A student, with a phone."""

    def __init__(self, visit: Visit, server: Served, code: str, name: str, size: dict[str, int] = PHONE) -> None:
        self.page, self.name = visit(size=size), name
        self.page.goto(f"{server.address}/j/{code}")
        self.page.get_by_label("A name for this class").fill(name)
        self.page.get_by_role("button", name="Join", exact=True).click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Take a seat")

    def sit(self, chair: str, table: int = 1) -> None:
        """Take a seat."""
        place = self.page.locator(f"#table-{table}")
        if place.get_attribute("open") is None:
            place.locator("summary").click()
        place.get_by_label(chair).check()
        place.get_by_role("button", name="Take this seat").click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(re.compile("Your role|You are watching"))
        if chair != "Watch only":
            self.read()

    def read(self) -> None:
        """Say that the brief has been read, which comes first."""
        self.page.get_by_role("button", name="I have read it").click()
        expect(self.page.locator("#turn")).to_be_visible()

    def open(self, tab: str) -> None:
        """Open a part of the page by the bar."""
        self.page.locator(".tabs").get_by_role("link", name=re.compile(f"^{tab}")).click()

    def say(self, text: str) -> None:
        """Say something in public."""
        self.open("Talk")
        self.page.locator("#say").fill(text)
        with self.page.expect_response(lambda answer: answer.request.method == "POST"):
            self.page.get_by_role("button", name="Say it").click()

    def whisper(self, to: str, text: str) -> None:
        """Send a private message to another seat."""
        self.open("Private")
        self.page.get_by_label("To", exact=True).select_option(label=to)
        self.page.locator("#whisper").fill(text)
        with self.page.expect_response(lambda answer: answer.request.method == "POST"):
            self.page.locator("#private").get_by_role("button", name="Send").click()

    @property
    def own_code(self) -> str:
        """The code by which this student comes back."""
        return self.page.locator("[data-part=self] .code").text_content() or ""

    @property
    def version(self) -> Locator:
        """The text and phase that an answer would be to; a page shows the public part a moment before its own."""
        return self.page.locator("form[action='/seat/vote'] input[name=version]")

    def turn(self, heading: str) -> None:
        """Wait until the page says whose turn it is."""
        expect(self.page.locator("#turn")).to_have_text(heading)

    def go(self, name: str, to: str) -> None:
        """Press the button of the first screen, which leads to a form."""
        self.open("Now")
        self.page.get_by_role("link", name=name).click()
        expect(self.page.locator(to)).to_be_visible()

    def vote(self, answer: str, says: str = "") -> None:
        """Answer the text on the table."""
        self.turn("Your turn: answer the text")
        self.go("Answer the text", "#vote-says")
        self.page.get_by_role("radio", name=answer).check()
        self.page.locator("#vote-says").fill(says)
        with self.page.expect_navigation():
            self.page.get_by_role("button", name="Answer", exact=True).click()

    def draft(self, **options: str) -> None:
        """Put the next text on the table; the options are the labels of what is chosen for an issue."""
        self.turn("Your turn: the next text")
        self.go("Draft the next text", "#draft-says")
        for issue, label in options.items():
            self.page.locator(f"#term-{issue}").select_option(label=label)
        with self.page.expect_navigation():
            self.page.get_by_role("button", name="Put this text on the table").click()


def seated(visit: Visit, server: Served, code: str, names: Mapping[str, str], table: int = 1) -> dict[str, Student]:
    """A table of students, by their seats, who have read their briefs."""
    students = {chair: Student(visit, server, code, name) for chair, name in names.items()}
    for chair, student in students.items():
        student.sit(chair, table)
    return students


def debriefed(page: Page) -> None:
    """Wait until a debrief is there with all its parts, the last of which is the slowest to compute."""
    expect(page.get_by_role("heading", name="Among 10,000 worlds")).to_be_visible(timeout=300_000)
