"""Every action without a mouse or a finger."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.keyboard import Keyboard
from tests.browser.looks import PHONE
from tests.browser.people import Student, Teacher
from tests.browser.served import Served


def test_a_student_plays_by_keyboard(server: Served, visit: Visit) -> None:
    teacher = Teacher(server, visit())
    code = teacher.make(Maximum_number_of_months="2")
    page = visit(size=PHONE)
    keys = Keyboard(page)
    page.goto(server.address)
    keys.write(page.get_by_label("Room code"), code)
    keys.write(page.get_by_label("A name for this class"), "Uma")
    keys.send(page.get_by_role("button", name="Join", exact=True))
    keys.mark(page.get_by_label("France"))
    keys.send(page.get_by_role("button", name="Take this seat"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Your role: France")
    keys.send(page.get_by_role("link", name="Read the whole brief"))
    keys.send(page.get_by_role("link", name="Back to the table"))
    keys.send(page.get_by_role("button", name="I have read it"))
    keys.send(page.get_by_role("link", name="Talk"))
    keys.write(page.get_by_label("What you want to say to the table"), "Bonjour.")
    keys.send(page.get_by_role("button", name="Say it"))
    expect(page.locator("[data-part=talk]")).to_contain_text("Bonjour.")

    teacher.press("Start all tables")
    page.reload()
    keys.send(page.get_by_role("link", name="Private"))
    keys.choose(page.get_by_label("To", exact=True), "United Kingdom (agent)")
    keys.write(page.get_by_label("Message", exact=True), "Shall we?")
    keys.send(page.get_by_role("button", name="Send"), "Space")
    expect(page.locator("[data-part=whispers]")).to_contain_text("Shall we?")
    expect(page.locator("[data-part=now] #turn")).to_have_text("Your turn: answer the text")
    keys.send(page.get_by_role("link", name="Now"))
    keys.send(page.get_by_role("link", name="Answer the text"))
    keys.mark(page.get_by_role("radio", name="Accept"))
    keys.write(page.get_by_label("Your reason, in public"), "It is ours.")
    keys.send(page.get_by_role("button", name="Answer", exact=True), "Space")

    expect(page.locator("#turn")).to_have_text("Your turn: the next text")
    keys.send(page.get_by_role("link", name="Draft the next text"))
    keys.choose(page.locator("#term-sanctions"), "lifted step by step while the truce holds")
    expect(page.locator("#draft")).to_contain_text("It would change")
    keys.press(page.locator("#sound summary"))
    keys.choose(page.get_by_label("Who", exact=True), "Russia")
    keys.send(page.get_by_role("button", name="Ask"))
    expect(page.get_by_role("heading", name="Your soundings")).to_be_visible()
    expect(page.locator("#term-sanctions")).not_to_have_value("")  # the draft is still there
    keys.send(page.get_by_role("button", name="Suggest it in public"))
    expect(page.locator("[data-part=talk]")).to_contain_text("suggests:")
    keys.choose(page.locator("#term-sanctions"), "lifted step by step while the truce holds")
    keys.send(page.get_by_role("button", name="Put this text on the table"))
    expect(page.locator("#state")).to_contain_text("Month 2")
    expect(page.locator("[data-part=now] .changed")).to_contain_text("was kept")
    keys.send(page.get_by_role("link", name="Me", exact=True))
    keys.send(page.get_by_role("button", name="Leave this seat"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Take a seat")


def test_a_teacher_conducts_by_keyboard(server: Served, visit: Visit) -> None:
    page = visit()
    keys = Keyboard(page)
    page.goto(server.link)
    keys.send(page.get_by_role("link", name="Choose: A European deterrent force outside NATO", exact=True))
    keys.write(page.get_by_label("Minutes for each phase"), "5")
    keys.mark(page.get_by_label("Basic"))
    keys.send(page.get_by_role("button", name="Make the class").last)
    student = Student(visit, server, page.locator("[data-part=room] .code").first.inner_text(), "Vic")
    student.sit("Ukraine")
    page.reload()
    for name in ("Lock the room", "Unlock the room", "Start all tables", "Pause", "Resume", "2 minutes more"):
        keys.send(page.get_by_role("button", name=name, exact=True).first)
    expect(student.page.locator("#turn")).to_have_text("Your turn: answer the text")
    keys.choose(page.get_by_label("From the case"), "The US halts its aid to Ukraine")
    keys.send(page.get_by_role("button", name="Make it happen").first, "Space")
    keys.write(page.locator("#message-text"), "Hurry.")
    keys.send(page.get_by_role("button", name="Send", exact=True))
    expect(student.page.get_by_text("Hurry.")).to_be_visible()
    asked_first = ("Undo the last step …", "Undo the last step", "End the talks …", "End the talks")
    for name in ("Give to its agent", "Hand back", "Next phase now", *asked_first):
        keys.send(page.get_by_role("button", name=name, exact=True).first)
    keys.send(page.get_by_role("button", name="Open the debrief for all …"))
    keys.send(page.get_by_role("button", name="Open the debrief for all"))
    keys.send(page.get_by_role("link", name="Debrief", exact=True).first)
    expect(page).to_have_title("Debrief: A European deterrent force outside NATO")
